"""The house rules, checked from the code's own imports and text: floors, rooms, heavy libraries, sizes, names."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from floor_plan import ALLOWED, FLOOR_2, HEAVY, VALUES

SOURCE = Path(__file__).resolve().parents[1] / "src" / "visavox"
FILES = {str(path.relative_to(SOURCE)): path for path in sorted(SOURCE.rglob("*.py"))}

FORBIDDEN_IMPORTS = {"pickle", "dill", "joblib", "marshal", "shelve", "diffusers"}
BANNED_WORDS = set(  # docs/glossary.md has the field's own words: encode, rule-based animator, phone probabilities, distilled from ...
    "hear hears heard hearing ear ears listen listens teacher teachers taught told said spoken intake".split()
)
FORBIDDEN_NAMES = {"utils", "util", "common", "helpers", "helper", "base", "misc"}
LOOSE = {("strict", False), ("allow_pickle", True), ("weights_only", False)}
MOST_WORDS = 35  # of a sentence in a docstring; of a list whose entries semicolons part, of an entry
MOST_FILE_LINES, MOST_FUNCTION_LINES, MOST_NESTING = 400, 60, 3
NESTING = (ast.If, ast.For, ast.While, ast.With, ast.Try)


def tree(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text(encoding="utf-8"), name)


def imports(name: str) -> list[tuple[str, int]]:
    """Every module imported anywhere in a file, also inside functions, as (dotted name, line)."""
    found = []
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno} imports relatively; name the whole path"
            found += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
    return found


def room(name: str) -> str:
    """The room of a file: its folder, or for a file at the top its own name."""
    return name.split("/")[0].removesuffix(".py")


def rooms_imported(name: str) -> set[tuple[str, int]]:
    parts = [(module.split("."), line) for module, line in imports(name)]
    return {(path[1], line) for path, line in parts if path[0] == "visavox" and len(path) > 1}


def functions(name: str):
    return [node for node in ast.walk(tree(name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("name", FILES)
def test_imports_only_go_down(name):
    here = room(name)
    for other, line in rooms_imported(name):
        assert other != "cli" or here in ("cli", "__main__"), f"{name}:{line} imports the command line"
        assert other != "serve" or here in ("serve", "cli"), f"{name}:{line} imports the server"
        if here in ("cli", "__init__", "__main__"):
            continue
        assert here in ALLOWED, f"{name} is a new room: give it a line in ALLOWED and in the floor plan"
        assert other == here or other in ALLOWED[here], f"{name}:{line} imports {other}"


def test_the_floor_plan_itself_goes_down():
    order = {}
    while len(order) < len(ALLOWED):
        free = [here for here in ALLOWED if here not in order and ALLOWED[here] - {here} - VALUES <= set(order)]
        assert free, f"a circle among {sorted(set(ALLOWED) - set(order))}"
        order |= dict.fromkeys(free, len(order))
    assert all(not ALLOWED[here] & FLOOR_2 for here in FLOOR_2), "a door between two rooms of floor 2"


@pytest.mark.parametrize("name", FILES)
def test_heavy_libraries_stay_in_their_files(name):
    for module, line in imports(name):
        library = module.split(".")[0]
        assert library not in FORBIDDEN_IMPORTS, f"{name}:{line} imports {library}"
        if library in HEAVY:
            assert name.startswith(HEAVY[library]), f"{name}:{line} imports {library}, which lives in {HEAVY[library]}"


@pytest.mark.parametrize("name", FILES)
def test_sizes_and_names(name):
    lines = FILES[name].read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_FILE_LINES, f"{name} has {lines} lines; split it by concept"
    parts = set(Path(name).with_suffix("").parts)
    assert not parts & FORBIDDEN_NAMES, f"{name} is named after nothing in particular"
    for function in functions(name):
        length = function.end_lineno - function.lineno + 1
        assert length <= MOST_FUNCTION_LINES, f"{name}:{function.lineno} {function.name} has {length} lines"
        depth = nesting(function)
        assert depth <= MOST_NESTING, f"{name}:{function.lineno} {function.name} nests {depth} deep"


def nesting(node: ast.AST, inside: int = 0) -> int:
    """How deep blocks stand in one another below `node`; an `elif` is no deeper than its `if`."""
    deepest = inside
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            continue
        chained = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        deepest = max(deepest, nesting(child, inside + (isinstance(child, NESTING) and not chained)))
    return deepest


def names_given(name: str):
    """(name, line) of every class, function, argument, variable and attribute that a file gives a name to."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield getattr(node, "id", None) or node.attr, node.lineno


@pytest.mark.parametrize("name", FILES)
def test_names_are_the_fields_own_words(name):
    for given, line in [(Path(name).stem, 0), *names_given(name)]:
        words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", given)}
        assert not words & BANNED_WORDS, f"{name}:{line} calls something {given!r}; the glossary has a word for it"


def sentences(text: str):
    """The sentences of a docstring, and the entries of what is a list of three or more."""
    for sentence in re.split(r"(?<=[.!?])[\"')]*\s+(?=[A-Z`(\"])|\n\s*\n|\n *- ", text):
        entries = sentence.split(";")
        yield from entries if len(entries) > 2 else [sentence]


@pytest.mark.parametrize("name", FILES)
def test_sentences_are_short(name):
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for sentence in sentences(ast.get_docstring(node) or ""):
                words = sentence.split()
                where = f"{name}, {getattr(node, 'name', 'its head')}"
                assert len(words) <= MOST_WORDS, f"{where}: a sentence of {len(words)} words, {' '.join(words[:8])} ...; divide it"


@pytest.mark.parametrize("name", FILES)
def test_signatures(name):
    for function in functions(name):
        arguments = function.args
        where = f"{name}:{function.lineno} {function.name}"
        assert arguments.kwarg is None, f"{where} takes an options bag"
        given = [argument.arg for argument in arguments.posonlyargs + arguments.args + arguments.kwonlyargs]
        given = [argument for argument in given if argument not in ("self", "cls")]
        assert len(given) <= 6 or function.name.startswith("__"), f"{where} takes {len(given)} parameters"


@pytest.mark.parametrize("name", FILES)
def test_no_way_round_an_error(name):
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{name}:{node.lineno} catches everything without saying so"
        if isinstance(node, ast.Global):
            raise AssertionError(f"{name}:{node.lineno} keeps global state")
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") != "zip":
            for keyword in node.keywords:
                said = (keyword.arg, getattr(keyword.value, "value", None))
                assert said not in LOOSE, f"{name}:{node.lineno} says {said[0]}={said[1]}"


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_what_it_is(name):
    text = FILES[name].read_text(encoding="utf-8")
    assert ast.get_docstring(tree(name)), f"{name} has no docstring"
    unfinished = re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text)
    assert not unfinished, f"{name} says {unfinished and unfinished.group()}"
    if room(name) != "cli":
        assert "os.environ" not in text and "getenv" not in text, f"{name} reads the environment; only cli/ may"


def test_every_folder_of_code_is_a_package():
    """A folder without it works from a checkout and is missing from an installed wheel."""
    folders = {path.parent for path in FILES.values()}
    assert not [folder for folder in folders if not (folder / "__init__.py").exists()]


def test_the_linter_is_content():
    """Unused names, long lines, unsorted imports: `ruff check` over everything that is written in Python."""
    ruff = pytest.importorskip("ruff")
    root = SOURCE.parents[1]
    folders = ["src", "tests", "tools", "benchmarks", "examples"]
    done = subprocess.run([ruff.find_ruff_bin(), "check", "--quiet", "--no-cache", *folders], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    done = subprocess.run([ruff.find_ruff_bin(), "format", "--check", "--no-cache", *folders], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, f"run ruff format: {done.stdout}"


def test_the_plan_and_the_folders_agree():
    rooms = {room(name) for name in FILES} - {"__init__", "__main__", "cli"}
    assert rooms <= set(ALLOWED), f"rooms without a place in the plan: {sorted(rooms - set(ALLOWED))}"


OF_OTHERS = ("torch", "pickle", "parser", "face")  # what tests read of other people's libraries, which has no public name


def test_tests_call_no_privates():
    """What a test needs has a public name; a name of one underscore is for the file that it stands in."""
    tests, found = SOURCE.parents[1] / "tests", []
    for path in sorted(tests.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Attribute) and ast.unparse(node.value).split(".")[0] not in ("self", "cls", *OF_OTHERS):
                names = [node.attr]
            private = [name for name in names if re.match("_[a-zA-Z]", name) and name not in ("_replace", "_fields", "_asdict")]
            found += [f"{path.relative_to(tests)}:{node.lineno} {name}" for name in private]
    assert not found


def test_tests_import_no_tests():
    """What several tests need is a module of its own beside them."""
    tests = SOURCE.parents[1] / "tests"
    imported = re.compile(r"^\s*(?:from|import) (?:\w+\.)*test_", re.M)
    found = [str(path.relative_to(tests)) for path in tests.rglob("*.py") if imported.search(path.read_text(encoding="utf-8"))]
    assert not found

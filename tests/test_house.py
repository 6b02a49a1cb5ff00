"""The house rules, checked from the code's own imports and text: floors, rooms, heavy libraries, sizes, names."""

import ast
import re
import subprocess
from collections import Counter
from functools import cache
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


@cache
def text(name: str) -> str:
    return FILES[name].read_text(encoding="utf-8")


@cache
def nodes(name: str) -> list[ast.AST]:
    """Everything that stands in a file, its module first; read once, for a rule asks every file."""
    return list(ast.walk(ast.parse(text(name), name)))


@pytest.fixture(scope="module", autouse=True)
def files_are_read_once():
    """Lets go of what was read at the end: later tests of this process would have it walked through by the collector of garbage."""
    yield
    for kept in (text, nodes, imports):
        kept.cache_clear()


def hold(rule):
    """Fails with all that `rule` finds in all files: one test a rule, for a test of its own for each file cost more than the rules."""
    faults = [f"{name}{fault}" for name in FILES for fault in rule(name)]
    assert not faults, "\n".join(faults)


@cache
def imports(name: str) -> list[tuple[str, int]]:
    """Every module imported anywhere in a file, also inside functions, as (dotted name, line)."""
    found = []
    for node in nodes(name):
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
    return [node for node in nodes(name) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def upward(name: str):
    here = room(name)
    for other, line in rooms_imported(name):
        if other == "cli" and here not in ("cli", "__main__"):
            yield f":{line} imports the command line"
        if other == "serve" and here not in ("serve", "cli"):
            yield f":{line} imports the server"
        if here in ("cli", "__init__", "__main__"):
            continue
        if here not in ALLOWED:
            yield " is a new room: give it a line in ALLOWED and in the floor plan"
        elif other != here and other not in ALLOWED[here]:
            yield f":{line} imports {other}"


def test_imports_only_go_down():
    hold(upward)


def test_the_floor_plan_itself_goes_down():
    order = {}
    while len(order) < len(ALLOWED):
        free = [here for here in ALLOWED if here not in order and ALLOWED[here] - {here} - VALUES <= set(order)]
        assert free, f"a circle among {sorted(set(ALLOWED) - set(order))}"
        order |= dict.fromkeys(free, len(order))
    assert all(not ALLOWED[here] & FLOOR_2 for here in FLOOR_2), "a door between two rooms of floor 2"


def libraries_elsewhere(name: str):
    for module, line in imports(name):
        library = module.split(".")[0]
        if library in FORBIDDEN_IMPORTS:
            yield f":{line} imports {library}"
        if library in HEAVY and not name.startswith(HEAVY[library]):
            yield f":{line} imports {library}, which lives in {HEAVY[library]}"


def test_heavy_libraries_stay_in_their_files():
    hold(libraries_elsewhere)


def too_large(name: str):
    lines = text(name).count("\n")
    if lines > MOST_FILE_LINES:
        yield f" has {lines} lines; split it by concept"
    if set(Path(name).with_suffix("").parts) & FORBIDDEN_NAMES:
        yield " is named after nothing in particular"
    for function in functions(name):
        length, depth = function.end_lineno - function.lineno + 1, nesting(function)
        if length > MOST_FUNCTION_LINES:
            yield f":{function.lineno} {function.name} has {length} lines"
        if depth > MOST_NESTING:
            yield f":{function.lineno} {function.name} nests {depth} deep"


def test_sizes_and_names():
    hold(too_large)


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
    for node in nodes(name):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield getattr(node, "id", None) or node.attr, node.lineno


def words_of_no_field(name: str):
    for given, line in [(Path(name).stem, 0), *names_given(name)]:
        words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", given)}
        if words & BANNED_WORDS:
            yield f":{line} calls something {given!r}; the glossary has a word for it"


def test_names_are_the_fields_own_words():
    hold(words_of_no_field)


def sentences(docstring: str):
    """The sentences of a docstring, and the entries of what is a list of three or more."""
    for sentence in re.split(r"(?<=[.!?])[\"')]*\s+(?=[A-Z`(\"])|\n\s*\n|\n *- ", docstring):
        entries = sentence.split(";")
        yield from entries if len(entries) > 2 else [sentence]


def long_sentences(name: str):
    for node in nodes(name):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for sentence in sentences(ast.get_docstring(node) or ""):
                words = sentence.split()
                if len(words) > MOST_WORDS:
                    yield f", {getattr(node, 'name', 'its head')}: a sentence of {len(words)} words, {' '.join(words[:8])} ...; divide it"


def test_sentences_are_short():
    hold(long_sentences)


def wide_signatures(name: str):
    for function in functions(name):
        arguments, where = function.args, f":{function.lineno} {function.name}"
        if arguments.kwarg is not None and not any("wraps(" in ast.unparse(each) for each in function.decorator_list):
            yield f"{where} takes an options bag"
        given = [argument.arg for argument in arguments.posonlyargs + arguments.args + arguments.kwonlyargs]
        given = [argument for argument in given if argument not in ("self", "cls")]
        if len(given) > 6 and not function.name.startswith("__"):
            yield f"{where} takes {len(given)} parameters"


def test_signatures():
    hold(wide_signatures)


def ways_round_an_error(name: str):
    for node in nodes(name):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield f":{node.lineno} catches everything without saying so"
        if isinstance(node, ast.Global):
            yield f":{node.lineno} keeps global state"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") != "zip":
            given = [(keyword.arg, getattr(keyword.value, "value", None)) for keyword in node.keywords]
            yield from (f":{node.lineno} says {option}={value}" for option, value in given if (option, value) in LOOSE)


def test_no_way_round_an_error():
    hold(ways_round_an_error)


def unsaid_or_unfinished(name: str):
    if not ast.get_docstring(nodes(name)[0]):
        yield " has no docstring"
    unfinished = re.search(r"\b(TODO|FIXME|XXX|HACK)\b", text(name))
    if unfinished:
        yield f" says {unfinished.group()}"
    if room(name) != "cli" and ("os.environ" in text(name) or "getenv" in text(name)):
        yield " reads the environment; only cli/ may"


def test_every_file_says_what_it_is():
    hold(unsaid_or_unfinished)


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
            if not isinstance(node, ast.ImportFrom | ast.Attribute):
                continue
            names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else [node.attr]
            private = [name for name in names if re.match("_[a-zA-Z]", name) and name not in ("_replace", "_fields", "_asdict")]
            if private and isinstance(node, ast.Attribute) and ast.unparse(node.value).split(".")[0] in ("self", "cls", *OF_OTHERS):
                continue
            found += [f"{path.relative_to(tests)}:{node.lineno} {name}" for name in private]
    assert not found


def test_tests_import_no_tests():
    """What several tests need is a module of its own beside them."""
    tests = SOURCE.parents[1] / "tests"
    imported = re.compile(r"^\s*(?:from|import) (?:\w+\.)*test_", re.M)
    found = [str(path.relative_to(tests)) for path in tests.rglob("*.py") if imported.search(path.read_text(encoding="utf-8"))]
    assert not found


def test_no_two_files_of_tests_have_one_name():
    """Neither is imported then, and not a test is run, as soon as both are collected together."""
    names = Counter(path.name for path in (SOURCE.parents[1] / "tests").rglob("*.py"))
    assert [name for name, count in names.items() if count > 1 and name not in ("__init__.py", "conftest.py")] == []

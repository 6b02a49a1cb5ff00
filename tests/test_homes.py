"""One home for each fact: formulas, rates and lists of shapes that two places would otherwise keep, counted in the code itself."""

import ast
import io
import re
import tokenize
from collections import defaultdict
from pathlib import Path

import pytest

from visavox.rigs.arkit import SHAPES

SOURCE = Path(__file__).resolve().parents[1] / "src" / "visavox"
FILES = {str(path.relative_to(SOURCE)): path.read_text(encoding="utf-8") for path in sorted(SOURCE.rglob("*.py"))}
HOMES = {  # what is looked for in code without comments, strings and spaces -> the files that may have it
    "decibels": (r"np\.log10\(", {"levels.py", "models/log_mel.py"}),  # the latter's is the mel scale
    "what is quiet": (r"percentile\(\w*\.?level,(9[05]|percentile)\)-", {"levels.py"}),
    "the raised cosine": (r"cos\((np|math)\.pi\*", {"easing.py", "train/loop.py"}),  # the latter imports no NumPy for one number
    "the smooth step": (r"\(3-2\*", {"easing.py"}),
    "the gamma of pictures": (r"\*\*\(?(1/)?2\.2\b|GAMMA=", {"gamma.py"}),
    "noise added to motion": (r"signal\*\w+\+", {"diffusion/schedule.py"}),
    "the opening of the mouth": (r"\.6\*\w+\+0?\.35\*", {"rigs/arkit.py"}),
    "16,000 Hz": (r"\b16_?000\b(?!,12000)", {"windows.py", "cli/stream.py"}),  # the latter is read for its help, without NumPy
    "25 frames a second": (r"\bFPS\b[^=\n]*=[^=\n]*\b25(\.0)?\b", {"windows.py", "cli/stream.py"}),
}


def code(text: str) -> str:
    """`text` line by line without its comments, its strings and its spaces."""
    lines = defaultdict(list)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.NAME, tokenize.NUMBER, tokenize.OP):
            lines[token.start[0]].append(token.string)
    return "\n".join("".join(words) for words in lines.values())


@pytest.fixture(scope="module")
def codes():
    return {name: code(text) for name, text in FILES.items()}


@pytest.mark.parametrize("fact", HOMES)
def test_a_fact_has_one_home(fact, codes):
    pattern, homes = HOMES[fact]
    found = {name for name, text in codes.items() if re.search(pattern, text)}
    assert found == homes, f"{fact}: also in {sorted(found - homes)}, no longer in {sorted(homes - found)}"


def test_a_list_of_shapes_is_written_once():
    places = defaultdict(list)
    shape = re.compile(f"[\"']({'|'.join(SHAPES)})[\"']")
    for name, text in FILES.items():
        for node in ast.walk(ast.parse(text)) if len(shape.findall(text)) > 2 else ():
            if isinstance(node, ast.Tuple | ast.List | ast.Set):
                names = [each.value for each in node.elts if isinstance(each, ast.Constant) and each.value in SHAPES]
                if len(names) > 2 and len(names) == len(node.elts):
                    places[frozenset(names)].append(f"{name}:{node.lineno}")
    assert len(places) > 3
    for names, where in places.items():
        assert len(where) == 1, f"{', '.join(sorted(names))} stand in {' and '.join(where)}; give them a name in rigs/arkit.py"

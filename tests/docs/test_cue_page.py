"""docs/cues.md: its performance is understood, and what it shows as instructions is."""

import re
from pathlib import Path

from visavox.cues import parse_cues
from visavox.cues.grammar import KINDS, read_instruction
from visavox.cues.moves import MOVES

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "cues.md").read_text(encoding="utf-8")


def test_its_performance_is_understood():
    (shown,) = re.findall(r"```\n(WEBVTT.*?)```", TEXT, re.DOTALL)
    cues = parse_cues(shown)
    assert len(cues) == 8 and "a moment takes its own time" in [cue.note for cue in cues]


def test_its_table_has_every_kind_and_examples_that_are_read():
    table = TEXT.split("## Instructions")[1].split("\n\n")[1]
    for row in table.splitlines()[2:]:
        examples = re.findall(r"`([^`]+)`", row.split("|")[2])
        assert examples and all(read_instruction(example) for example in examples)
    assert all(name in table for kind in KINDS for name in kind.name.split())
    assert sum(move.split()[0] in TEXT for move in MOVES) > 5

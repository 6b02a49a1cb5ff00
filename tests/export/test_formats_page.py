"""docs/formats.md: every format has a row, and every example line in it runs."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest

import recordings
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main
from visavox.export import FORMATS
from visavox.export.format import table
from visavox.io.motion import write_motion
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if re.match(r"\| `\.", line)]
EXAMPLES = {row[0]: re.fullmatch("`visavox (.*)`", row[-1]) for row in ROWS}


def suffixes(cell: str) -> list[str]:
    return re.findall(r"`(\.[^`]*)`", cell)


def test_the_table_is_that_of_the_formats():
    """After a change: python -c 'from visavox.export import FORMATS; from visavox.export.format import table; print(table(FORMATS))'"""
    assert table(FORMATS) in PAGE


def test_every_format_has_a_row_with_what_it_keeps_and_loses():
    assert {suffix for row in ROWS for suffix in suffixes(row[0])} == {each.suffix for each in FORMATS}
    assert all(len(row) == 5 and all(row) for row in ROWS) and all(EXAMPLES.values())


@pytest.mark.parametrize("cell", EXAMPLES)
def test_the_example_runs(cell, tmp_path, monkeypatch):
    for library, needed in (("pyarrow", ".parquet"), ("pxr", ".usda")):
        if needed in cell:
            pytest.importorskip(library)
    arguments = shlex.split(EXAMPLES[cell][1])
    monkeypatch.chdir(tmp_path)
    write_motion(Motion(np.random.default_rng(3).random((8, len(ARKIT))) * 0.3, 25, ARKIT), tmp_path / "face.npz", {})
    recordings.write_with_libsndfile(tmp_path / "voice.wav", 1.0, 16000)
    output = arguments[arguments.index("-o") + 1]
    assert any(output.endswith(suffix) for suffix in suffixes(cell)), "the example is of its own row"
    if arguments[0] == "animate":
        (tmp_path / "face.npz").unlink()
        arguments += ["--checkpoint", str(write_tiny_checkpoint(tmp_path / "tiny.safetensors")), "--steps", "2"]
    assert main(arguments) == 0
    assert (tmp_path / output).stat().st_size > 10

"""What every exporter promises, checked for each one that `EXPORTERS` lists."""

import os

import numpy as np
import pytest

import visavox.io.atomic
from visavox.errors import FileError, OptionError
from visavox.export import EXPORTERS, Setting, export
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

MOTION = Motion(np.random.default_rng(1).random((5, len(ARKIT))), 25, ARKIT)


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_an_export_is_one_whole_file_and_always_the_same(tmp_path, suffix):
    for name in "ab":
        (tmp_path / name).mkdir()
        export(MOTION, tmp_path / name / f"face{suffix}", Setting(provenance={"seed": 1}))
    first, second = (tmp_path / name / f"face{suffix}" for name in "ab")
    assert first.read_bytes() == second.read_bytes() and first.stat().st_size > 20


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_an_export_that_cannot_be_finished_leaves_nothing(tmp_path, suffix, monkeypatch):
    def full(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(visavox.io.atomic.os, "replace", full)
    with pytest.raises(FileError, match="No space left"):
        export(MOTION, tmp_path / f"a{suffix}")
    assert os.listdir(tmp_path) == []


def test_an_unknown_suffix_lists_the_known_ones(tmp_path):
    with pytest.raises(OptionError) as caught:
        export(MOTION, tmp_path / "a.xyz")
    assert all(suffix in str(caught.value) for suffix in EXPORTERS)

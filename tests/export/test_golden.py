"""The curve formats byte by byte against golden files, which `make_golden.py` states by hand."""

from pathlib import Path

import numpy as np
import pytest
from make_golden import FRAMES, OPEN, PRESSED

from visavox.export import Setting, export
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

FOLDER = Path(__file__).with_name("golden")


def motion_of(frames: list[dict], fps: float) -> Motion:
    motion = Motion(np.zeros((len(frames), len(ARKIT))), fps, ARKIT)
    for frame, weights in enumerate(frames):
        motion.values[frame, ARKIT.indices(weights)] = list(weights.values())
    return motion


@pytest.mark.parametrize("suffix", [".a2f.json", ".arkit.json", ".azure.json", ".bvh"])
def test_curves_are_the_golden_file(tmp_path, suffix):
    export(motion_of(FRAMES, 60), tmp_path / f"golden{suffix}", Setting(provenance={"seed": 1}))
    assert (tmp_path / f"golden{suffix}").read_text() == (FOLDER / f"golden{suffix}").read_text()


@pytest.mark.parametrize("suffix", [".tsv", ".xml", ".json"])
def test_mouth_cues_are_the_golden_file(tmp_path, suffix):
    mouth = motion_of([{}] * 4 + [OPEN] * 3 + [PRESSED] * 3, 10)
    export(mouth, tmp_path / f"golden{suffix}")
    assert (tmp_path / f"golden{suffix}").read_text() == (FOLDER / f"golden{suffix}").read_text()

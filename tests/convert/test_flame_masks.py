"""FLAME's masks: read from pickles of every kind and from .npz, running nothing; what does not fit is refused in one line."""

import os
import pickle

import numpy as np
import pytest

from visavox.convert.flame_masks import read_flame_masks
from visavox.errors import FileError, OptionError

MASKS = {"lips": np.array([7, 3, 3]), "forehead": np.array([0, 1]), "eye_region": np.array([2, 1]), "scalp": np.array([9])}


def check(found):
    assert {name: values.tolist() for name, values in found.items()} == {"lips": [3, 7], "forehead": [0, 1], "eye_region": [1, 2]}


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_pickle(tmp_path, protocol):
    (tmp_path / "FLAME_masks.pkl").write_bytes(pickle.dumps(MASKS, protocol))
    check(read_flame_masks(tmp_path / "FLAME_masks.pkl", 10))


def test_an_npz(tmp_path):
    np.savez(tmp_path / "masks.npz", **MASKS)
    check(read_flame_masks(tmp_path / "masks.npz", 10))


class Runs:
    def __init__(self, *command):
        self.command = command

    def __reduce__(self):
        return os.mkdir, self.command


def test_a_hostile_pickle_runs_nothing(tmp_path):
    (tmp_path / "masks.pkl").write_bytes(pickle.dumps({**MASKS, "lips": Runs(str(tmp_path / "proof"))}))
    with pytest.raises(FileError, match="nothing was run"):
        read_flame_masks(tmp_path / "masks.pkl", 10)
    assert not (tmp_path / "proof").exists()


@pytest.mark.parametrize(("change", "words"), [
    ({"lips": np.array([10])}, "the head has 10"),
    ({"lips": np.array([-1])}, "vertices -1"),
    ({"lips": np.array([0.5])}, "not a row of vertex numbers"),
    ({"lips": np.zeros((2, 2), int)}, "not a row of vertex numbers"),
    ({"lips": np.zeros(0, int)}, "not a row of vertex numbers"),
    ({"lips": "all"}, "not a row of vertex numbers"),
])  # fmt: skip
def test_regions_that_do_not_fit(tmp_path, change, words):
    (tmp_path / "masks.pkl").write_bytes(pickle.dumps({**MASKS, **change}))
    with pytest.raises(FileError, match=words):
        read_flame_masks(tmp_path / "masks.pkl", 10)


def test_files_that_hold_no_masks(tmp_path):
    (tmp_path / "list.pkl").write_bytes(pickle.dumps([1]))
    (tmp_path / "half.pkl").write_bytes(pickle.dumps(MASKS)[:40])
    (tmp_path / "text.npz").write_text("no archive")
    np.savez(tmp_path / "less.npz", lips=MASKS["lips"])
    for name, words in {"list.pkl": "holds a list", "half.pkl": "half.pkl", "text.npz": "text.npz", "less.npz": "lacks the region forehead",
                        "none.pkl": "does not exist"}.items():  # fmt: skip
        with pytest.raises(FileError, match=words):
            read_flame_masks(tmp_path / name, 10)
    with pytest.raises(OptionError, match="none of .pkl, .npz"):
        read_flame_masks(tmp_path / "masks.txt", 10)

"""The container of checkpoints: headers of any length are told apart from pickles."""

import pickle

import numpy as np
import pytest

from visavox.errors import FileError
from visavox.io.tensors import read_tensors, write_tensors


def test_no_length_of_a_header_is_taken_for_a_pickle(tmp_path):
    """A header of 1152 bytes makes the file begin with the two bytes of a pickle of protocol 4."""
    path, starts = tmp_path / "a.safetensors", set()
    for length in range(300, 1500, 8):
        write_tensors({"a": np.ones(2)}, {"kind": "test", "version": 1, "text": "x" * length}, path)
        arrays, header = read_tensors(path)
        starts.add(path.read_bytes()[:2])
        assert len(header["text"]) == length and arrays["a"].tolist() == [1, 1]
    assert b"\x80\x04" in starts


@pytest.mark.parametrize("protocol", range(2, 6))
def test_pickles_are_still_refused(tmp_path, protocol):
    path = tmp_path / "a.safetensors"
    for value in ({}, [1.5] * 300, "text", {"model": np.zeros(3)}):
        path.write_bytes(pickle.dumps(value, protocol))
        with pytest.raises(FileError, match="is a pickle"):
            read_tensors(path)


@pytest.mark.parametrize("kind", ["x" * 5000, "check\x1b[31mpoint", 7])
def test_a_kind_that_is_none_of_ours_is_one_short_line(tmp_path, kind):
    path = tmp_path / "a.safetensors"
    write_tensors({"a": np.ones(2)}, {"kind": kind, "version": 1}, path)
    with pytest.raises(FileError, match="for kind") as error:
        read_tensors(path)
    assert len(str(error.value)) < 300 and str(error.value).isprintable()

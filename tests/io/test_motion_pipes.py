"""Motion through a pipe: an archive is read from its end, so it is refused with what to do."""

import os

import pytest

from visavox.errors import FileError
from visavox.io.motion import read_motion


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("name", ["a.npz", "a.parquet"])
def test_a_pipe_is_named_as_one_and_not_waited_for(tmp_path, name):
    os.mkfifo(tmp_path / name)
    with pytest.raises(FileError, match=f"{name} is a pipe.*save what comes through to a file"):
        read_motion(tmp_path / name)


def test_standard_input_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileError, match="- is a pipe.*save what comes through"):
        read_motion("-")

"""Writing is whole or absent: checked by interrupting it."""

import os

import pytest

from visavox.errors import FileError
from visavox.io.atomic import check_writable, replacing, write_bytes


def test_a_file_appears_whole_and_alone(tmp_path):
    write_bytes(b"new", tmp_path / "a.bin")
    assert (tmp_path / "a.bin").read_bytes() == b"new" and os.listdir(tmp_path) == ["a.bin"]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_write_leaves_what_was_there(tmp_path, interruption):
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    with pytest.raises(interruption), replacing(target) as temporary:
        temporary.write_bytes(b"half")
        raise interruption
    assert target.read_bytes() == b"old" and os.listdir(tmp_path) == ["a.bin"]


def test_the_temporary_file_keeps_the_suffix_and_the_folder(tmp_path):
    with replacing(tmp_path / "a.mp4") as temporary:
        assert temporary.suffix == ".mp4" and temporary.parent == tmp_path
        temporary.write_bytes(b"x")


def test_a_link_is_written_through(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_bytes(b"x", tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").read_bytes() == b"x"


def test_what_cannot_be_written_is_known_before(tmp_path):
    with pytest.raises(FileError, match="is a folder"):
        check_writable(tmp_path)
    with pytest.raises(FileError, match="does not exist"):
        check_writable(tmp_path / "no" / "a.npz")
    with pytest.raises(FileError, match="not a plain file"):
        check_writable("/dev/null")
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="does not exist"):
        check_writable(tmp_path / "file" / "a.npz")


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a file system that refuses files")
def test_a_folder_that_refuses_files_is_known_before():
    with pytest.raises(FileError, match="choose a folder"):
        check_writable("/proc/self/a.npz")

"""Writing is whole or absent: checked by interrupting it."""

import os
import shutil
import subprocess
import sys

import pytest

from visavox.errors import FileError, OptionError
from visavox.io import atomic
from visavox.io.atomic import check_folder, check_suffix, check_writable, remove_unfinished, replacing, write_bytes


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


def test_the_temporary_file_keeps_the_name_and_lies_beside_its_place(tmp_path):
    with replacing(tmp_path / "a.mp4") as temporary:
        assert temporary.name == "a.mp4" and temporary.parent.parent == tmp_path
        temporary.write_bytes(b"x")


KILLED = """
import sys, time, visavox.io.atomic as atomic
with atomic.replacing(sys.argv[1]) as path:
    path.write_bytes(b"half")
    print(flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="locks")
def test_what_a_killed_run_left_is_cleared_and_what_a_running_one_writes_is_not(tmp_path):
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path / "a.bin")], stdout=subprocess.PIPE) as running:
        running.stdout.readline()
        (left,) = tmp_path.iterdir()
        assert check_writable(tmp_path / "b.bin") and left.is_dir()
        running.kill()
    assert left.is_dir()
    mine, other = tmp_path / ".visavox-mine", tmp_path / ".other-abc"
    mine.mkdir()
    other.mkdir()
    (mine / "letter").touch()
    check_writable(tmp_path / "b.bin")
    assert not left.exists() and (mine / "letter").exists() and other.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="locks")
def test_a_run_that_was_killed_before_its_lock_had_a_byte_is_cleared(tmp_path):
    begun, other = tmp_path / ".visavox-begun", tmp_path / ".visavox-other"
    for folder in (begun, other):
        folder.mkdir()
        (folder / ".lock").touch()
    (other / "letter").touch()
    check_writable(tmp_path / "b.bin")
    assert not begun.exists() and (other / "letter").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="locks")
@pytest.mark.parametrize("taken", [True, False])
def test_a_folder_that_another_run_clears_before_it_is_locked_is_made_again(tmp_path, monkeypatch, taken):
    """The other run either holds the lock of the new folder at this moment, or has removed it already."""
    fcntl = pytest.importorskip("fcntl")
    real, calls = fcntl.flock, []

    def cleared(file, how):
        calls.append(how)
        if len(calls) == 1:
            for hidden in tmp_path.glob(".visavox-*"):
                shutil.rmtree(hidden)
            if taken:
                raise BlockingIOError
        real(file, how)

    monkeypatch.setattr(fcntl, "flock", cleared)
    write_bytes(b"new", tmp_path / "a.bin")
    assert len(calls) == 2 and (tmp_path / "a.bin").read_bytes() == b"new" and os.listdir(tmp_path) == ["a.bin"]


def test_an_interruption_at_any_line_leaves_nothing_once_it_is_cleared(tmp_path):
    """Between the making of a hidden folder and the `try` that removes it lie lines, too; so do they inside what removes it."""
    left_by_itself, line, ended = 0, 0, False
    while not ended:
        line += 1
        ended = _written_until(line, tmp_path / "face.mp4")
        left_by_itself += any(name.startswith(atomic.HIDDEN) for name in os.listdir(tmp_path))
        remove_unfinished()
        assert os.listdir(tmp_path) == (["face.mp4"] if (tmp_path / "face.mp4").exists() else [])
    assert line > 30 and left_by_itself > 0  # or the test would not see the fault that it is there for


def _written_until(line: int, path) -> bool:
    """Whether a file was written to its end; an interruption comes at the `line`-th line of the module that writes it."""
    seen = 0

    def trace(frame, event, argument):
        nonlocal seen
        if frame.f_code.co_filename != atomic.__file__:
            return None
        seen += event == "line"
        if seen == line and event == "line":
            raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        write_bytes(b"whole", path)
    except KeyboardInterrupt:
        return False
    finally:
        sys.settrace(before)
    return True


def test_cleaning_up_hides_no_fault(tmp_path):
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "a.bin") as temporary:
        shutil.rmtree(temporary.parent)
        raise ZeroDivisionError
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["a" * 300 + ".npz", "a\0b.npz", "loop/a.npz"])
def test_a_name_that_no_file_can_have_is_one_line(tmp_path, name):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(FileError, match="cannot write"):
        write_bytes(b"x", tmp_path / name)


@pytest.mark.parametrize("name", ["A.NPZ", "a.Npz", "a.b.npz"])
def test_the_case_of_a_suffix_does_not_matter(name):
    assert check_suffix(name, (".npz",)) == ".npz"


@pytest.mark.parametrize("name", ["a", ".npz", "a.npy", "anpz"])
def test_another_suffix_is_refused_by_name(name):
    with pytest.raises(OptionError, match="end it in one of .npz, .glb"):
        check_suffix(name, (".npz", ".glb"))


def test_a_folder_is_checked_without_being_made(tmp_path):
    check_folder(tmp_path / "a" / "b")
    assert os.listdir(tmp_path) == []
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "a"):
        with pytest.raises(FileError, match="is not a folder"):
            check_folder(folder)


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


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_standard_output_is_no_place_for_a_file_and_another_way_is_named(name):
    with pytest.raises(OptionError, match="is a pipe, and files appear whole .* visavox play SPEECH --to jsonl"):
        check_suffix(name, (".csv",))

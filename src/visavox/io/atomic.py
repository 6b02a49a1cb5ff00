"""Writing that leaves either the whole file or nothing, and every refusal of a name or a place before long work begins.

A file is written in a hidden folder beside its place and moved there last. The folder holds a locked file: a folder whose lock is
free belongs to a run that was killed, and the next run in the same place clears it.
"""

import errno
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from visavox.errors import FileError, OptionError

try:
    import fcntl
except ImportError:  # Windows: nothing is locked, and nothing that a killed run left is cleared
    fcntl = None

HIDDEN = ".visavox-"
STANDARD_OUTPUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
LOCK, OURS = ".lock", b"visavox\n"
ABANDONED = 60  # seconds after which a hidden folder without a lock was never going to get one
_UNFINISHED: set[Path] = set()  # the hidden folders that this process made or is about to make


def check_suffix(path: str | Path, suffixes: tuple[str, ...], what: str = "the output") -> str:
    """The suffix of `suffixes` that the name of `path` ends with, the longest of several, whatever its case.

    An OptionError that lists them when it ends with none, and for standard output, which is no place for a file.
    """
    if str(path) in STANDARD_OUTPUT:
        frames = "visavox play SPEECH --to jsonl"
        raise OptionError(
            f"{what} {path} is a pipe, and files appear whole or not at all; name one, or have frames as lines of JSON: {frames}"
        )
    name = Path(path).name.lower()
    fitting = [suffix for suffix in suffixes if name.endswith(suffix) and name != suffix]
    if not fitting:
        found = Path(path).suffix or "no suffix"
        raise OptionError(f"{what} {path} ends in {found}; end it in one of {', '.join(suffixes)}")
    return max(fitting, key=len)  # .a2f.json rather than .json


def check_writable(path: str | Path) -> Path:
    """The real path behind `path`, once a folder was created and removed beside it: call it before long work starts.

    Raises a FileError when the folder is missing or cannot be written, or `path` is something other than a plain file.
    Clears what killed runs left beside `path`.
    """
    target = _target(path)
    clear_abandoned(target.parent)
    with _hidden_folder(path, target.parent):
        return target


def check_folder(path: str | Path) -> Path:
    """The folder `path`, which need not be there yet, once it was found that it can be made and takes files.

    Raises a FileError when it cannot, or is no folder. Clears what killed runs left in it.
    """
    try:
        folder = nearest = Path(os.path.realpath(path))
        os.stat(folder)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, ValueError) as error:  # a name too long, a loop of links, a zero byte
        raise FileError(f"cannot write to {str(path)!r}: {_reason(error)}; name another folder") from None
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        raise FileError(f"cannot write to {path}: {nearest} is not a folder; name another one")
    clear_abandoned(nearest)
    with _hidden_folder(path, nearest):
        return folder


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A temporary path of the same name for the body to write; it becomes `path` when the body ends.

    The temporary file is removed when the body fails or is interrupted, and a file already at `path` is then untouched.
    Raises a FileError when the system refuses the writing.
    """
    target = _target(path)
    with _hidden_folder(path, target.parent) as folder:
        temporary = folder / target.name
        try:
            yield temporary
            os.replace(temporary, target)
        except OSError as error:
            raise FileError(f"cannot write {path}: {_reason(error)}; free some space or choose another folder") from error


def write_bytes(data: bytes, path: str | Path) -> None:
    """Writes exactly `data` to `path`, whole or not at all. Raises a FileError as `replacing` does."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def clear_abandoned(folder: Path) -> None:
    """Removes the hidden folders in `folder` that killed runs of this user left there; those of running ones stay."""
    if fcntl is None:
        return
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in [entry for entry in entries if entry.name.startswith(HIDDEN) and entry.is_dir(follow_symlinks=False)]:
            with suppress(OSError):
                _clear(Path(entry.path), entry.stat(follow_symlinks=False))


def _clear(hidden: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        return
    lock = hidden / LOCK
    if not lock.exists():
        if time.time() - found.st_mtime > ABANDONED:
            hidden.rmdir()  # refuses a folder that holds anything
        return
    if not stat.S_ISREG(os.lstat(lock).st_mode) or not (lock.read_bytes() == OURS or _just_begun(hidden)):
        return
    with lock.open("rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # an OSError: the run that made it still writes
        shutil.rmtree(hidden, ignore_errors=True)


def _just_begun(hidden: Path) -> bool:
    """Whether the folder holds an empty lock and nothing else: a run was killed between the making of the lock and its first byte."""
    return os.listdir(hidden) == [LOCK] and (hidden / LOCK).stat().st_size == 0


@contextmanager
def _hidden_folder(path: str | Path, parent: Path) -> Iterator[Path]:
    """A locked folder in `parent`, removed with all that is in it."""
    try:
        folder, lock = _new_folder(parent)
    except (OSError, ValueError) as error:
        raise FileError(f"cannot write {path}: {_reason(error)}; choose a folder that you may write to") from None
    try:
        yield folder
    finally:
        if lock:
            with suppress(OSError):
                lock.close()
        _remove(folder)


def remove_unfinished() -> None:
    """Removes every hidden folder of this process: an interruption can fall between the making of one and the `try` that removes it.

    For a command that has stopped working and is about to end; anybody else's folders go with their `with`.
    """
    for folder in list(_UNFINISHED):
        _remove(folder)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    _UNFINISHED.discard(folder)


def _new_folder(parent: Path) -> tuple[Path, BinaryIO | None]:
    """A new hidden folder in `parent` and its lock."""
    while True:
        folder = parent / f"{HIDDEN}{secrets.token_hex(6)}"
        _UNFINISHED.add(folder)  # before it is there, so that no moment is left in which nobody knows of it
        try:
            os.mkdir(folder, 0o700)
        except OSError:
            _UNFINISHED.discard(folder)
            raise
        with suppress(BlockingIOError):  # another run takes it for one that was left, since it was not locked yet
            lock = _locked(folder / LOCK)
            if folder.exists():
                return folder, lock


def _locked(path: Path) -> BinaryIO | None:
    """The new file `path`, open and locked, with what says that it is ours; None where that cannot be.

    Raises a BlockingIOError when another run holds the lock.
    """
    lock = None
    try:
        lock = path.open("wb+")
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        lock.write(OURS)
        lock.flush()
    except BlockingIOError:
        lock.close()
        raise
    except OSError:  # a file system that knows no locks, or is full: the writing itself will say so
        pass
    return lock


def _target(path: str | Path) -> Path:
    try:
        target = Path(os.path.realpath(path))
        if target.is_dir():
            raise FileError(f"cannot write {path}: it is a folder; name a file inside it")
        if target.exists() and not target.is_file():
            raise FileError(f"cannot write {path}: it is not a plain file; name another output")
        if not target.parent.is_dir():
            raise FileError(f"cannot write {path}: the folder {target.parent} does not exist; create it first")
    except (OSError, ValueError) as error:  # a name too long, a loop of links, a zero byte
        raise FileError(f"cannot write {str(path)!r}: {_reason(error)}; choose another name") from None
    return target


def _reason(error: Exception) -> str:
    """What the system said, without the words that a library put around it."""
    code = getattr(error, "errno", None)
    if code in errno.errorcode:
        return os.strerror(code)
    return getattr(error, "strerror", None) or str(error) or type(error).__name__

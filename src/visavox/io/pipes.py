"""Inputs that can be read only once (pipes, standard input) made readable again and again."""

import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from visavox.errors import FileError

STANDARD_INPUT = "-"
IN_MEMORY = 64 << 20  # bytes kept without a file
MOST_BYTES = 4 << 30  # 6 h of 16-bit stereo at 48 kHz
BLOCK = 1 << 20


def name_of(path: str | Path) -> str:
    """What an input is called in messages and in provenance: "standard input" for -, else its path."""
    return "standard input" if str(path) in (STANDARD_INPUT, "/dev/stdin", "/dev/fd/0") else str(path)


def source_name(path: str | Path) -> str:
    """What an input is called in a file made from it: its name without its folders; a pipe has none.

    Bytes of a name that are not UTF-8, as old archives unpack them, are question marks: a text cannot hold them.
    """
    if name_of(path) != str(path):
        return name_of(path)
    return "a pipe" if str(path).startswith(("/dev/fd/", "/proc/")) else Path(path).name.encode("utf-8", "replace").decode()


@contextmanager
def readable(path: str | Path) -> Iterator[BinaryIO]:
    """A seekable file object, closed afterwards: the plain file itself; for - and for pipes a copy of everything that came through.

    Raises a FileError that names the file when it is missing, a folder, a device, empty, or refused by the system.
    """
    with ExitStack() as stack:
        try:
            source, plain = _opened(path, stack)
            kept = source if plain else stack.enter_context(_kept(source, name_of(path)))
        except FileNotFoundError:
            raise FileError(f"{path} does not exist; check the name of the recording") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise FileError(f"{name_of(path)} cannot be read ({reason}); check its name and permissions") from None
        yield kept


def _opened(path: str | Path, stack: ExitStack) -> tuple[BinaryIO, bool]:
    """The open input, closed with the stack, and whether it is a plain file, which was found to hold something."""
    if str(path) == STANDARD_INPUT:
        if sys.stdin is None:
            raise FileError("standard input is closed; give a file, or pipe a recording into it")
        return sys.stdin.buffer, False
    mode = os.stat(path).st_mode
    _check_kind(mode, path)
    source = stack.enter_context(open(path, "rb"))
    if not stat.S_ISREG(mode):
        return source, False
    if not source.read(1):
        raise FileError(f"{path} is empty (0 bytes); give a recording with sound in it")
    return source, True


def _check_kind(mode: int, path: str | Path) -> None:
    if stat.S_ISDIR(mode):
        raise FileError(f"{path} is a folder; name a recording inside it")
    if stat.S_ISCHR(mode) and not os.path.samefile(path, os.devnull) and not _is_terminal(path):
        raise FileError(f"{path} is a device, not a recording; give a file or a pipe")
    if stat.S_ISBLK(mode) or stat.S_ISSOCK(mode):
        raise FileError(f"{path} is a {'disk' if stat.S_ISBLK(mode) else 'socket'}, not a recording; give a file or a pipe")


def _is_terminal(path: str | Path) -> bool:
    with open(path, "rb", buffering=0) as file:
        return file.isatty()


@contextmanager
def _kept(source: BinaryIO, name: str) -> Iterator[BinaryIO]:
    """Everything that `source` gives, in a temporary file that no name leads to."""
    if source.isatty():
        raise FileError(f"{name} is a terminal; give a file, or pipe a recording into it")
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
        size = 0
        while block := source.read(BLOCK):
            size += copy.write(block)
            if size > MOST_BYTES:
                raise FileError(f"{name} gives more than {MOST_BYTES >> 30} GB; save it to a file and cut it")
        if not size:
            raise FileError(f"{name} is empty (0 bytes); give a recording with sound in it")
        yield copy

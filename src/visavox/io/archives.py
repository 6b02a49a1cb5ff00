"""Zip archives of strangers, opened with limits on the directory, the number of members and what they unpack to.

A zip's directory says how large each member is. It is believed as an upper bound only. A member is unpacked piece by piece up to that
size, and its checksum must agree at the end, so that neither a lie nor a bomb takes more memory than was asked for.
"""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from visavox.errors import FileError

MOST_MEMBERS = 10_000
MOST_DIRECTORY = 4 << 20  # bytes of the directory, which is read whole
PIECE = 1 << 20
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # how NumPy and PyTorch write
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, ValueError, RuntimeError, OverflowError, MemoryError)


class _Careful(io.FileIO):
    """A file that refuses to be read in pieces larger than a directory may be: what `zipfile` reads at once is the directory."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > MOST_DIRECTORY:
            raise zipfile.BadZipFile("its directory is too large")
        return super().read(MOST_DIRECTORY if size is None or size < 0 else size)


@contextmanager
def opened_archive(path: str | Path, advice: str, most_bytes: int) -> Iterator[zipfile.ZipFile]:
    """The zip file at `path`, checked; a FileError that names it when it is missing or damaged, there or in the body of the `with`.

    Its members have different names, are stored or deflated, not encrypted, and unpack to at most `most_bytes` altogether.
    """
    refuse_pipe(path, advice)
    try:
        with _Careful(path) as file, zipfile.ZipFile(file) as archive:
            _check(archive, path, advice, most_bytes)
            yield archive
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; check its name") from None
    except UNREADABLE as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise FileError(f"{path} is damaged or of another kind ({reason}); {advice}") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror or error}); check its name and permissions") from None


def refuse_pipe(path: str | Path, advice: str) -> None:
    """A FileError for standard input and for pipes: an archive is read from its end, which a pipe does not have yet."""
    try:
        pipe = str(path) == "-" or stat.S_ISFIFO(os.stat(path).st_mode)
    except (OSError, ValueError):  # what is wrong with the name is said where it is opened
        return
    if pipe:
        raise FileError(f"{path} is a pipe, and this kind of file is read from its end: save what comes through to a file; {advice}")


def unpacked(archive: zipfile.ZipFile, name: str, into: memoryview) -> int:
    """How many bytes of the member `name` were put `into` a buffer; all of them when it fits, and its checksum is then checked."""
    done = 0
    with archive.open(name) as member:
        while done < len(into):
            piece = member.read(min(PIECE, len(into) - done))
            if not piece:
                break
            into[done : done + len(piece)] = piece
            done += len(piece)
        if done == len(into):
            member.read(1)  # at the end the checksum is compared
    return done


def member_bytes(archive: zipfile.ZipFile, name: str, most: int) -> bytearray:
    """The whole content of a member of at most `most` bytes; a ValueError when its directory says more, a KeyError when it has none."""
    size = archive.getinfo(name).file_size  # a KeyError where there is no such member
    if size > most:
        raise ValueError(f"{name} has {size} bytes, {most} are read at most")
    content = bytearray(size)
    if unpacked(archive, name, memoryview(content)) < size:
        raise EOFError(f"{name} ends early")
    return content


def _check(archive: zipfile.ZipFile, path: str | Path, advice: str, most_bytes: int) -> None:
    entries = archive.infolist()
    if len(entries) > MOST_MEMBERS:
        raise FileError(f"{path} has {len(entries)} members, {MOST_MEMBERS} are read at most; {advice}")
    size = sum(entry.file_size for entry in entries)
    if size > most_bytes:
        raise FileError(f"{path} unpacks to {size >> 20} MB; {most_bytes >> 20} are read at most; {advice}")
    names = set()
    for entry in entries:
        if entry.filename in names:
            raise FileError(f"{path} holds {entry.filename[:80]!r} twice; {advice}")
        if entry.compress_type not in PLAIN or entry.flag_bits & 1:
            raise FileError(f"{path} holds {entry.filename[:80]!r}, which is encrypted or compressed in a way that is not read; {advice}")
        names.add(entry.filename)

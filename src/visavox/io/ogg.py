"""Ogg and FLAC recordings joined end to end, as radio programs and `cat` make them, taken apart: decoders stop or stumble at the joints.

A page of Ogg (RFC 3533) begins with a header of 27 bytes and says how long it is; one bit marks the first page of a stream. Such pages
stand together at the beginning of a recording, so that one after any other page begins the next recording. A FLAC file (RFC 9639) begins
with its name and a block of 34 bytes that says how its samples lie.
"""

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

from visavox.errors import FileError

MAGIC, HEADER = b"OggS", 27
FIRST = 2  # the bit of a stream's first page
FLAC, FLAC_STARTS = b"fLaC", (b"fLaC\x00\x00\x00\x22", b"fLaC\x80\x00\x00\x22")  # the bit in between: no other block follows
MOST_PARTS = 1000
BLOCK = 1 << 16  # bytes searched at a time


class Part(io.RawIOBase):
    """The bytes of a seekable file from `start` to `end` as a file of their own."""

    def __init__(self, source: BinaryIO, start: int, end: int):
        self._source, self._start, self._size, self._at = source, start, end - start, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """The new place in the part."""
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence])
        return self._at

    def readinto(self, buffer) -> int:
        """How many bytes were read."""
        self._source.seek(self._start + self._at)
        data = self._source.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def joined_parts(source: BinaryIO, name: str) -> list[BinaryIO]:
    """The recordings that an Ogg or FLAC file is joined from, in order, each as a file; the file itself when it is one, or another kind.

    Raises a FileError when there are more than MOST_PARTS.
    """
    source.seek(0)
    magic = source.read(4)
    if magic not in (MAGIC, FLAC):
        return [source]
    starts = [0]
    for start in _ogg_joints(source) if magic == MAGIC else _flac_joints(source):
        starts.append(start)
        if len(starts) > MOST_PARTS:
            raise FileError(f"{name} is joined from more than {MOST_PARTS} recordings; give them one by one, or convert it")
    if len(starts) == 1:
        return [source]
    end = source.seek(0, io.SEEK_END)
    return [Part(source, start, stop) for start, stop in zip(starts, [*starts[1:], end], strict=True)]


def _ogg_joints(source: BinaryIO) -> Iterator[int]:
    at, inside = 0, False
    while (page := _page(source, at)) is not None:
        at, flags, size = page
        if flags & FIRST and inside:
            yield at
        inside, at = not flags & FIRST, at + size


def _flac_joints(source: BinaryIO) -> Iterator[int]:
    source.seek(0)
    at, block = 0, source.read(1 << 20)
    while block:
        found = block.find(FLAC, 1)
        while found >= 0:
            if block[found : found + 8] in FLAC_STARTS:
                yield at + found
            found = block.find(FLAC, found + 1)
        at += max(len(block) - 8, 1)
        source.seek(at)
        block = source.read(1 << 20)
        if len(block) <= 8:
            return


def _page(source: BinaryIO, at: int) -> tuple[int, int, int] | None:
    """(place, flags, size in bytes) of the first page at or after byte `at`; None at the end."""
    while True:
        source.seek(at)
        head = source.read(HEADER + 255)
        if len(head) < HEADER:
            return None
        if head.startswith(MAGIC) and head[4] == 0:
            flags, segments = struct.unpack_from("<B20xB", head, 5)
            return at, flags, HEADER + segments + sum(head[HEADER : HEADER + segments])
        source.seek(at + 1)
        block = source.read(BLOCK)
        found = block.find(MAGIC)
        at += 1 + (found if found >= 0 else max(len(block) - 3, 1))

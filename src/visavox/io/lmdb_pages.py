"""The entries of an LMDB database (`data.mdb`), read from its pages, for files that come from strangers.

LMDB's own library believes the file that it maps, so a damaged one can end the process. Here every number is held against the size of the
file before it is followed, and no page is visited twice. Nothing is ever written. Source: the layout of pages in LMDB's `mdb.c`, version 1
of the format, 64 bits, little-endian: two meta pages, then a tree of branch and leaf pages, large values on pages of their own.
"""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from visavox.errors import FileError

MAGIC, VERSION = 0xBEEFC0DE, 1
HEAD = 16  # bytes of a page before its content
BRANCH, LEAF, OVERFLOW = 0x01, 0x02, 0x04
BIG, SUBDATABASE, DUPLICATES = 0x01, 0x02, 0x04  # flags of an entry
LEAST_PAGE, MOST_PAGE = 512, 65536
MOST_DEPTH = 32
NO_ROOT = (1 << 64) - 1
DAMAGED = "is damaged or no LMDB database"
ADVICE = "copy or download it again, whole"


@contextmanager
def opened_lmdb(path: Path) -> Iterator["Pages"]:
    """The database in the file `path` while it is open; a FileError when it is missing, or no database."""
    try:
        with open(path, "rb") as file:
            yield Pages(file, path)
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; check its name") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror}); check its name and permissions") from None


class Pages:
    """An open database: `entries` walks through it, `count` says how many entries it claims to have."""

    def __init__(self, file: BinaryIO, path: Path):
        self._file, self._path = file, path
        self._size = os.fstat(file.fileno()).st_size
        self._given = 0  # bytes of values: more than the file has when entries share one, which LMDB never writes
        self._page = self._number("I", HEAD + 24)
        if not LEAST_PAGE <= self._page <= MOST_PAGE:
            raise self._damaged(f"pages of {self._page} bytes")
        newest = max((self._meta(place) for place in (0, self._page)), key=lambda meta: meta[2])
        self._root, self.count, _ = newest

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """(key, value) of each entry in the order of keys."""
        if self._root != NO_ROOT:
            yield from self._entries(self._root, set(), 0)

    def _meta(self, start: int) -> tuple[int, int, int]:
        """Root page, number of entries and transaction of the meta page at `start`."""
        if self._number("I", start + HEAD) != MAGIC or self._number("I", start + HEAD + 4) != VERSION:
            raise self._damaged("its first pages are none of version 1")
        main = start + HEAD + 24 + 48  # magic, version, address and size; then the free pages' tree; then ours
        return self._number("Q", main + 40), self._number("Q", main + 32), self._number("Q", main + 48 + 8)

    def _entries(self, page: int, seen: set[int], depth: int) -> Iterator[tuple[bytes, bytes]]:
        if page in seen or depth > MOST_DEPTH:
            raise self._damaged(f"page {page} belongs to itself")
        seen.add(page)
        start = self._start(page)
        flags = self._number("H", start + 10)
        for node in self._nodes(start):
            low, high, kind, size = struct.unpack("<HHHH", self._bytes(node, 8))
            if flags & BRANCH:
                yield from self._entries(low | high << 16 | kind << 32, seen, depth + 1)
            elif flags & LEAF:
                yield self._bytes(node + 8, size), self._value(node + 8 + size, low | high << 16, kind)
            else:
                raise self._damaged(f"page {page} is neither branch nor leaf")

    def _nodes(self, start: int) -> list[int]:
        lower = self._number("H", start + 12)
        if not HEAD <= lower <= self._page or lower % 2:
            raise self._damaged("a page says something untrue about itself")
        offsets = struct.unpack(f"<{(lower - HEAD) // 2}H", self._bytes(start + HEAD, lower - HEAD))
        if any(not lower <= offset <= self._page - 8 for offset in offsets):
            raise self._damaged("an entry lies outside its page")
        return [start + offset for offset in offsets]

    def _value(self, place: int, size: int, kind: int) -> bytes:
        if kind & (SUBDATABASE | DUPLICATES):
            raise FileError(f"{self._path} has databases within the database, which are not read; give one of plain entries")
        self._given += size
        if self._given > self._size:
            raise self._damaged("its entries hold more than it does")
        if not kind & BIG:
            return self._bytes(place, size)
        start = self._start(self._number("Q", place))
        if not self._number("H", start + 10) & OVERFLOW:
            raise self._damaged("a large value is not where it should be")
        return self._bytes(start + HEAD, size)

    def _start(self, page: int) -> int:
        if not 2 <= page < self._size // self._page:
            raise self._damaged(f"page {page} is beyond its end")
        return page * self._page

    def _number(self, kind: str, place: int) -> int:
        return struct.unpack(f"<{kind}", self._bytes(place, struct.calcsize(kind)))[0]

    def _bytes(self, place: int, size: int) -> bytes:
        if place + size > self._size:
            raise self._damaged("it ends early")
        self._file.seek(place)
        found = self._file.read(size)
        if len(found) < size:
            raise self._damaged("it ends early")
        return found

    def _damaged(self, why: str) -> FileError:
        return FileError(f"{self._path} {DAMAGED} ({why}); {ADVICE}")

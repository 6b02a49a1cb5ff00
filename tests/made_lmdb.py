"""A small LMDB database, written as LMDB writes it: two meta pages, one leaf, large values on pages of their own."""

import struct
from pathlib import Path

PAGE = 4096
NO_PAGE = (1 << 64) - 1


def write_lmdb(entries: dict[bytes, bytes], path: Path, looped: bool = False) -> Path:
    """Writes `entries`, whose keys must fit on one page, to `path`; `looped` puts a branch above that is its own child."""
    pages: list[bytes] = []
    nodes, ends, place = b"", [], PAGE
    for key, value in sorted(entries.items()):
        big = len(value) > 1000
        kept = struct.pack("<Q", 3 + sum(len(page) // PAGE for page in pages)) if big else value
        if big:
            count = -(-(16 + len(value)) // PAGE)
            head = struct.pack("<QHHI", 3, 0, 0x04, count)
            pages.append((head + value).ljust(count * PAGE, b"\0"))
        node = struct.pack("<HHHH", len(value) & 0xFFFF, len(value) >> 16, 0x01 if big else 0, len(key)) + key + kept
        node += b"\0" * (len(node) % 2)
        place -= len(node)
        ends.append(place)
        nodes = node + nodes
    lower = 16 + 2 * len(ends)
    leaf = struct.pack("<QHHHH", 2, 0, 0x02, lower, place) + struct.pack(f"<{len(ends)}H", *ends)
    leaf = leaf.ljust(place, b"\0") + nodes
    if looped:
        node = struct.pack("<HHHH", 2, 0, 0, 0)
        leaf = (struct.pack("<QHHHHH", 2, 0, 0x01, 18, PAGE - 8, PAGE - 8)).ljust(PAGE - 8, b"\0") + node
    metas = b"".join(_meta(number, len(entries), 2 + sum(len(page) // PAGE for page in pages)) for number in (0, 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(metas + leaf + b"".join(pages))
    return path


def _meta(number: int, count: int, last: int) -> bytes:
    free = struct.pack("<IHHQQQQQ", PAGE, 0x08, 0, 0, 0, 0, 0, NO_PAGE)
    main = struct.pack("<IHHQQQQQ", 0, 0, 1, 0, 1, 0, count, 2 if count else NO_PAGE)
    meta = struct.pack("<IIQQ", 0xBEEFC0DE, 1, 0, 1 << 24) + free + main + struct.pack("<QQ", last, number)
    return (struct.pack("<QHHHH", number, 0, 0x08, 0, 0) + meta).ljust(PAGE, b"\0")

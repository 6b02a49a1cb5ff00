"""A database that LMDB itself made is read entry by entry; whatever is wrong with a file is one line, never a fall."""

import gzip
import random
import struct
from pathlib import Path

import pytest

from made_lmdb import write_lmdb
from visavox.errors import FileError
from visavox.io.lmdb_pages import opened_lmdb

# 60 entries of up to 5 kB put by py-lmdb 3.0 (LMDB 0.9.36), every fifth deleted again: branch pages, pages of large values, free pages.
REAL = gzip.decompress((Path(__file__).parent / "made_by_lmdb.mdb.gz").read_bytes())


def read(path: Path) -> dict[bytes, bytes]:
    with opened_lmdb(path) as database:
        return dict(database.entries())


def test_what_lmdb_made_is_read_in_order(tmp_path):
    path = tmp_path / "data.mdb"
    path.write_bytes(REAL)
    found = read(path)
    assert found == {f"person{i % 7}/{i:03d}".encode(): bytes([i]) * (i * 397 % 5000) for i in range(60) if i % 5}
    assert list(found) == sorted(found)
    with opened_lmdb(path) as database:
        assert database.count == len(found)


def test_what_the_tests_write_is_such_a_database(tmp_path):
    made = {b"metadata": b"x", b"a/001/000": bytes(range(256)) * 40, b"a/001/metadata": b""}
    assert read(write_lmdb(made, tmp_path / "data.mdb")) == made
    assert read(write_lmdb({}, tmp_path / "none.mdb")) == {}


@pytest.mark.parametrize(("wrong", "says"), [
    (b"", "ends early"), (b"\0" * 9000, "pages of 0 bytes"), (REAL[:5000], "beyond its end"), (REAL[: len(REAL) // 2], "damaged"),
    (REAL[:4096] + b"\1" + REAL[4097:], None), (REAL.replace(struct.pack("<I", 0xBEEFC0DE), b"RIFF"), "version 1"),
])  # fmt: skip
def test_damaged_databases_are_refused_in_one_line(tmp_path, wrong, says):
    path = tmp_path / "data.mdb"
    path.write_bytes(wrong)
    if says is None:
        assert read(path)
        return
    with pytest.raises(FileError, match=says):
        read(path)
    with pytest.raises(FileError, match="does not exist"):
        read(tmp_path / "nowhere.mdb")


def test_no_changed_byte_is_worse_than_a_refusal(tmp_path):
    chance, path = random.Random(5), tmp_path / "data.mdb"
    for _ in range(150):
        wrong = bytearray(REAL)
        for _ in range(chance.randint(1, 6)):
            page = chance.randrange(len(wrong) // 4096) * 4096
            wrong[page + chance.choice((chance.randrange(64), chance.randrange(4096)))] = chance.choice(
                (0, 1, 2, 127, 255, chance.randrange(256))
            )
        path.write_bytes(wrong)
        try:
            read(path)
        except FileError as error:
            assert str(path) in str(error)


def test_a_page_that_is_its_own_child_is_found_out(tmp_path):
    with pytest.raises(FileError, match="belongs to itself"):
        read(write_lmdb({b"a": b"b"}, tmp_path / "data.mdb", looped=True))


def test_entries_that_share_one_large_value_are_found_out(tmp_path):
    path = write_lmdb({b"%03d" % number: b"x" * 30_000 for number in range(2)} | {b"a": b""}, tmp_path / "data.mdb")
    wrong = path.read_bytes()
    assert len(wrong) > 60_000 and len(read(path)) == 3
    second = struct.pack("<Q", 3 + 8)
    assert wrong.count(second) == 1
    path.write_bytes(wrong[: 3 * 4096 + 8 * 4096].replace(second, struct.pack("<Q", 3)))  # the first stands for it too
    with pytest.raises(FileError, match="hold more than it does"):
        read(path)

"""Shards: what is written is what is read, any Parquet tool reads it, and a failed write leaves what was there."""

import io
import json

import numpy as np
import pytest
import soundfile

from visavox.data.store.shards import COLUMNS, Row, read_shard, write_shard
from visavox.errors import FileError

parquet = pytest.importorskip("pyarrow.parquet")
RATE = 16000


def tone(seconds: float) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * 200 * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


FULL = Row(
    id="a", samples=tone(0.4), sample_rate=RATE, speaker="anna", source="film", licence="CC0-1.0", language="cs", text="příliš",
    phones=[(0.0, 0.1, "SIL"), (0.1, 0.4, "P")], motion=np.linspace(-1, 1, 30, dtype=np.float32).reshape(10, 3), fps=30.0, rig="toy",
    style="calm", consent="given", quality=0.5, identity=np.array([0.1, -2.0], np.float32),
)  # fmt: skip
BARE = Row(id="b", samples=tone(0.2), sample_rate=RATE, speaker="ben", source="radio", licence="none")


def test_every_field_comes_back(tmp_path):
    write_shard([FULL, BARE], tmp_path / "s.parquet")
    full, bare = read_shard(tmp_path / "s.parquet")
    exact = ("id", "sample_rate", "speaker", "source", "licence", "language", "text", "phones", "fps", "rig", "style", "consent", "quality")
    for name in exact:
        assert getattr(full, name) == getattr(FULL, name), name
    assert np.abs(full.samples - FULL.samples).max() <= 1 / 32768  # sixteen bits
    assert full.motion.shape == (10, 3) and np.abs(full.motion - FULL.motion).max() < 1e-3  # half precision
    np.testing.assert_array_equal(full.identity, FULL.identity)
    assert bare.motion is None and bare.identity is None and bare.phones == [] and bare.fps == 25


def test_rows_stream_in_their_order(tmp_path):
    rows = [Row(id=str(number), samples=tone(0.01), sample_rate=RATE, speaker="s", source="s", licence="l") for number in range(70)]
    write_shard(rows, tmp_path / "s.parquet")
    reading = read_shard(tmp_path / "s.parquet")
    assert next(reading).id == "0"  # before the rest is read
    assert [row.id for row in reading] == [str(number) for number in range(1, 70)]


def test_any_parquet_tool_reads_it(tmp_path):
    write_shard([FULL], tmp_path / "s.parquet")
    (record,) = parquet.read_table(tmp_path / "s.parquet").to_pylist()
    assert list(record) == list(COLUMNS)
    samples, rate = soundfile.read(io.BytesIO(record["audio"]))
    assert rate == RATE and samples.size == FULL.samples.size and record["audio"][:4] == b"fLaC"
    assert np.frombuffer(record["motion"], np.float16).size == 30 and record["frames"] == 10
    assert json.loads(record["phones"])[1] == [0.1, 0.4, "P"]


def test_the_same_rows_make_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_shard([FULL, BARE], tmp_path / f"{name}.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_a_failed_write_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "s.parquet"
    write_shard([BARE], path)
    before = path.read_bytes()

    def fails(table, part, **options):
        part.write_bytes(b"half a file")
        raise OSError("disk full")

    monkeypatch.setattr("pyarrow.parquet.write_table", fails)
    with pytest.raises(FileError, match="cannot write .*disk full"):
        write_shard([FULL], path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"not parquet at all", b"PAR1 cut short"])
def test_a_damaged_shard_is_named(tmp_path, content):
    path = tmp_path / "bad.parquet"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"bad\.parquet.*make it again"):
        next(read_shard(path))
    with pytest.raises(FileError, match="absent"):
        next(read_shard(tmp_path / "absent.parquet"))


HOSTILE_CELLS = {
    "id": ["", None], "sample_rate": [0, -1, None, 2**31 - 1], "frames": [-1, 7, 2**31 - 1],
    "fps": [0.0, float("nan"), float("inf"), -25.0],
    "quality": [float("nan"), 5.0], "phones": ["{", "[" * 9999, "[[0, 1]]", '[[NaN, 1, "x"]]', '"x"', "[[1]]"],
    "identity": [b"abc"], "measures": [b"abcd"], "motion": [b"", b"abc"], "audio": [None, b"", b"RIFF", b"fLaC"],
}  # fmt: skip


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in HOSTILE_CELLS.items() for value in values])
def test_a_hostile_cell_is_named(tmp_path, name, value):
    """Any tool can write a shard, checksums and all."""
    import pyarrow
    from pyarrow import parquet

    write_shard([FULL], tmp_path / "s.parquet")
    table = parquet.read_table(tmp_path / "s.parquet")
    column = table.schema.get_field_index(name)
    changed = table.set_column(column, table.schema.field(column), pyarrow.array([value], table.schema.field(column).type))
    parquet.write_table(changed, tmp_path / "s.parquet")
    with pytest.raises(FileError) as caught:
        list(read_shard(tmp_path / "s.parquet"))
    assert str(caught.value).isprintable() and ("s.parquet" in str(caught.value) or "clip 'a'" in str(caught.value))


@pytest.mark.parametrize("name", ["id", "audio", "sample_rate", "fps", "phones"])
@pytest.mark.parametrize("wrong", [[[1.0]], [True], [b"x"], ["x"], [1.5], [{"a": 1}]])
def test_a_column_of_another_kind_is_named(tmp_path, name, wrong):
    import pyarrow
    from pyarrow import parquet

    write_shard([FULL], tmp_path / "s.parquet")
    table = parquet.read_table(tmp_path / "s.parquet")
    changed = table.set_column(table.schema.get_field_index(name), name, pyarrow.array(wrong))
    parquet.write_table(changed, tmp_path / "s.parquet")
    try:
        list(read_shard(tmp_path / "s.parquet"))
    except FileError as error:
        assert str(error).isprintable()
    else:
        assert (name, wrong) in (("id", ["x"]), ("fps", [1.5])), "only a value of the column's own kind is read"


def test_a_group_of_too_many_rows_is_not_read(tmp_path, monkeypatch):
    from visavox.data.store import shards

    write_shard([FULL], tmp_path / "s.parquet")
    monkeypatch.setattr(shards, "MOST_ROWS_A_GROUP", 0)
    with pytest.raises(FileError, match="1 rows of 0 MB in one group"):
        list(read_shard(tmp_path / "s.parquet"))

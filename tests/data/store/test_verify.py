"""What a check of a store finds: damaged bytes, changed rows, lengths that disagree, and files that are loose; each with what to do."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("pyarrow")
import pyarrow.parquet  # noqa: E402
import soundfile  # noqa: E402
from made_clips import made_clip  # noqa: E402

from visavox.data.store.reading import open_store  # noqa: E402
from visavox.data.store.rows import to_row  # noqa: E402
from visavox.data.store.shards import read_groups, write_shard  # noqa: E402
from visavox.data.store.verify import verify_store  # noqa: E402
from visavox.data.store.writing import append_clips, index_store, reindex_store, start_store  # noqa: E402
from visavox.errors import FileError  # noqa: E402


@pytest.fixture
def folder(tmp_path):
    append_clips(start_store(tmp_path), [made_clip(f"c{number}", frames=50) for number in range(6)])
    assert verify_store(tmp_path) == []
    return tmp_path


def shard_of(folder):
    (path,) = folder.glob("*.parquet")
    return path


def changed(folder, column, values):
    """The shard written again with `values` {row: value} in one column, as another Parquet tool would."""
    path = shard_of(folder)
    table = pyarrow.parquet.read_table(path)
    cells = table[column].to_pylist()
    for row, value in values.items():
        cells[row] = value
    table = table.set_column(table.column_names.index(column), column, pyarrow.array(cells, table.schema.field(column).type))
    pyarrow.parquet.write_table(table, path, compression="zstd", row_group_size=4)


def flac(samples):
    buffer = io.BytesIO()
    soundfile.write(buffer, np.zeros(samples), 16000, format="FLAC")
    return buffer.getvalue()


def test_a_flipped_byte_is_found_wherever_it_lies(folder):
    path = shard_of(folder)
    held = path.read_bytes()
    for place in np.linspace(0, len(held) - 1, 40).astype(int):
        data = bytearray(held)
        data[place] ^= 0xFF
        path.write_bytes(data)
        problems = verify_store(folder)
        benign = not problems and list(map(vars_of, open_store(folder).rows())) == ROWS  # padding and statistics of the footer
        assert problems or benign, f"byte {place} of {len(held)}"
        assert all(str(path) in problem and ("restore" in problem or "make it again" in problem) for problem in problems)
    path.write_bytes(held)
    assert verify_store(folder) == []


def vars_of(row):
    return row.id, row.samples.tobytes(), row.motion.tobytes(), row.speaker, row.licence


ROWS = [vars_of(to_row(made_clip(f"c{number}", frames=50))) for number in range(6)]


def test_damage_is_placed(folder):
    path = shard_of(folder)
    start = pyarrow.parquet.ParquetFile(path).metadata.row_group(1).column(1).data_page_offset
    data = bytearray(path.read_bytes())
    data[start + 60] ^= 0xFF
    path.write_bytes(data)
    (problem,) = verify_store(folder)
    assert "is damaged in rows 4 to 5" in problem and "restore the file from a copy" in problem
    with pytest.raises(FileError, match="is damaged in rows 4 to 5"):
        list(open_store(folder).rows())


@pytest.mark.parametrize(("column", "value", "row"), [
    ("speaker", "eve", 2), ("licence", "mine", 5), ("motion", b"\0" * 5500, 0), ("phones", '[[0, 1, "AA"]]', 1), ("quality", 0.5, 3),
])  # fmt: skip
def test_a_changed_row_is_named(folder, column, value, row):
    changed(folder, column, {row: value})
    (problem,) = verify_store(folder)
    assert f"{shard_of(folder)}: clip 'c{row}' is not what was indexed" in problem and "restore the file" in problem
    reindex_store(folder)
    assert verify_store(folder) == [], "accepted as it is"


def test_a_renamed_row_is_named(folder):
    changed(folder, "id", {2: "other"})
    (problem,) = verify_store(folder)
    assert "clip 'c2' is not what was indexed and is now called 'other'" in problem


@pytest.mark.parametrize(("column", "value", "message"), [
    ("audio", flac(50 * 640 + 700), "motion lasts 2.000 s, audio 2.044 s"),
    ("audio", flac(50 * 640 + 600), None),
    ("audio", b"no flac at all", "no readable FLAC"),
    ("licence", "", "states no licence"),
    ("consent", None, "states no consent"),
    ("phones", '[[1.5, 1.0, "AA"]]', "out of order"),
    ("motion", b"\xff" * 5500, "not a number"),
    ("motion", b"\0" * 5600, "does not fit rig"),
    ("measures", b"\0" * 12 * 80, "measures lasts 3.200 s"),
])  # fmt: skip
def test_rows_that_are_wrong_in_themselves(folder, column, value, message):
    """The index was made from them as they are; the check still finds what no training could use."""
    changed(folder, column, {3: value})
    if column == "motion" and len(value) > 5500:
        with pytest.raises(FileError, match="has 56 channels, rig 'arkit' 55"):
            reindex_store(folder)
        return
    if value == b"no flac at all":
        with pytest.raises(FileError, match="clip 'c3' holds no readable FLAC"):
            reindex_store(folder)
        return
    reindex_store(folder)
    problems = verify_store(folder)
    assert len(problems) == (message is not None)
    assert all(message in problem and "clip 'c3'" in problem and str(shard_of(folder)) in problem for problem in problems)


@pytest.mark.parametrize(
    ("told", "lie"), [('"frames": [50', '"frames": [51'), ('"speakers": ["ann"', '"speakers": ["bob"'), ("[32000", "[32001")]
)
def test_an_index_that_lies_is_found(folder, told, lie):
    index = folder / "index.json"
    assert told in index.read_text()
    index.write_text(index.read_text().replace(told, lie))
    (problem,) = verify_store(folder)
    assert "clip 'c0' has other lengths or words than the index says; make the index again" in problem


def test_loose_files_are_named(folder):
    write_shard([to_row(made_clip("extra"))], folder / "shard-extra.parquet")
    (folder / "shard-half.part").write_bytes(b"PAR1")
    loose, left = verify_store(folder)
    assert "shard-extra.parquet is not in the index; take it in with: visavox store index" in loose
    assert "shard-half.part was left by a writer that was killed; delete it" in left
    (folder / "shard-half.part").unlink()
    reindex_store(folder)
    assert verify_store(folder) == []
    (folder / "shard-extra.parquet").unlink()
    (gone,) = verify_store(folder)
    assert "shard-extra.parquet is gone; restore it" in gone


def test_shards_that_do_not_go_together_are_not_indexed(folder):
    clip = made_clip("slow")
    row = to_row(replace(clip, audio=clip.audio.resample(8000)))
    write_shard([row], folder / "shard-slow.parquet")
    with pytest.raises(FileError, match=r"mixes .* sample rates \[8000, 16000\]"):
        reindex_store(folder)
    write_shard([row, to_row(clip)], folder / "shard-slow.parquet")
    with pytest.raises(FileError, match="a store has one of each"):
        reindex_store(folder)
    write_shard([to_row(made_clip("c1", frames=20))], folder / "shard-slow.parquet")
    with pytest.raises(FileError, match="1 ids twice, such as 'c1'"):
        index_store(folder)


@pytest.mark.parametrize("column", ["id", "sample_rate"])
def test_a_shard_without_a_column_that_all_need_is_one_line(folder, column):
    path = shard_of(folder)
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(path).drop_columns([column]), path)
    for read in (lambda: list(read_groups(path)), lambda: reindex_store(folder)):
        with pytest.raises(FileError, match=f"lacks the column '{column}'"):
            read()


@pytest.mark.parametrize("column", ["motion", "frames"])
def test_a_shard_that_lost_its_motion_after_it_was_indexed_is_one_line(folder, column):
    path = shard_of(folder)
    table = pyarrow.parquet.read_table(path)
    place, kind = table.column_names.index(column), table.schema.field(column).type
    pyarrow.parquet.write_table(table.set_column(place, column, pyarrow.nulls(table.num_rows, kind)), path)
    index = json.loads((folder / "index.json").read_text())
    index["shards"][0] |= {"bytes": path.stat().st_size, "groups": [table.num_rows]}
    (folder / "index.json").write_text(json.dumps(index))
    with pytest.raises(FileError, match="no motion of clip|other motion of clip"):
        open_store(folder).draw(4, 5, np.random.default_rng(0))

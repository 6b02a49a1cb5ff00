"""The store as its readers see it: rows and clips come back, windows are where they claim to be, and any Parquet tool can read along."""

import io
import json
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("pyarrow")
import pyarrow.parquet  # noqa: E402
import soundfile  # noqa: E402
from made_clips import FPS, PER_FRAME, SAMPLE_RATE, full_clip, made_clip  # noqa: E402

from visavox.data.store.motion_clips import read_motion_clips  # noqa: E402
from visavox.data.store.reading import open_store  # noqa: E402
from visavox.data.store.shards import COLUMNS  # noqa: E402
from visavox.data.store.writing import append_clips, reindex_store, start_store  # noqa: E402
from visavox.errors import DependencyError, FileError  # noqa: E402
from visavox.rigs.arkit import ARKIT  # noqa: E402

JAW = ARKIT.index("jawOpen")


@pytest.fixture
def store(tmp_path):
    """Eleven clips of three speakers: nine of 60 frames, one of 100, one of 40 with everything."""
    clips = [made_clip(f"c{number}", "ann bob cyd".split()[number % 3], style=f"s{number % 2}") for number in range(9)]
    return append_clips(start_store(tmp_path / "store"), [*clips, made_clip("long", "bob", 100), full_clip()])


def test_a_clip_comes_back_with_everything(store):
    given, found = full_clip(), {clip.name: clip for clip in open_store(store.folder).clips()}["full"]
    for name in ("speaker", "source", "licence", "phones", "transcript", "style", "language", "consent", "quality"):
        assert getattr(found, name) == getattr(given, name), name
    assert (found.audio.samples == given.audio.samples).all() and found.audio.sample_rate == SAMPLE_RATE
    assert (found.motion.values == given.motion.values).all() and found.motion.rig == ARKIT and found.motion.fps == FPS
    assert (found.identity == given.identity).all()
    assert np.allclose(found.measures.lip_gap, given.measures.lip_gap) and (found.measures.ok == given.measures.ok).all()


def test_a_clip_of_sound_alone_comes_back_without_the_rest(tmp_path):
    clip = full_clip()
    bare = type(clip)("bare", clip.audio, "ann", "made", "CC0", consent="synthetic voice")
    (found,) = append_clips(start_store(tmp_path), [bare]).clips()
    assert found.motion is found.measures is found.phones is found.transcript is found.identity is None
    with pytest.raises(FileError, match="no clip with 10 frames of motion"):
        open_store(tmp_path).draw(1, 10, np.random.default_rng(0))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_motion_that_is_not_a_number_is_named_with_its_clip(store, bad):
    (path,) = store.shards
    table = pyarrow.parquet.read_table(path)
    rows = table.to_pylist()
    for row in rows:
        row["motion"] = np.full(len(row["motion"]) // 2, bad, "<f2").tobytes()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows, schema=table.schema), path, row_group_size=4)
    broken = reindex_store(store.folder)
    for read in (lambda: list(broken.clips()), lambda: broken.draw(2, 10, np.random.default_rng(0))):
        with pytest.raises(FileError, match=r"store has clip '\w+', of which the motion .*not a number.*: visavox store verify"):
            read()


def test_windows_hold_sound_and_motion_of_the_same_moment(store):
    windows = open_store(store.folder).draw(200, 30, np.random.default_rng(1))
    assert windows.samples.shape == (200, 30 * PER_FRAME) and windows.motion.shape == (200, 30, len(ARKIT))
    heard = windows.samples.reshape(200, 30, PER_FRAME) * 32768
    seen = windows.motion[:, :, JAW] * 256
    assert (heard == seen[:, :, None]).all(), "every sample says its frame, and so does the jaw"
    assert (np.diff(seen) == 1).all() and seen.min() == 0 and seen.max() > 90


def test_every_window_is_as_likely(store):
    windows = open_store(store.folder).draw(1500, 60, np.random.default_rng(2))
    speakers = Counter(windows.speakers)  # 9 clips have one such window, the long clip of bob has 41, the full one is too short
    assert speakers["bob"] / 1500 == pytest.approx(44 / 50, abs=0.02) and speakers["ann"] / 1500 == pytest.approx(3 / 50, abs=0.02)
    starts = windows.motion[np.array(windows.speakers) == "bob", 0, JAW] * 256
    assert set(starts.astype(int)) == set(range(41))


def test_the_same_seed_draws_the_same_windows(store):
    first, second = (open_store(store.folder).draw(8, 25, np.random.default_rng(7)) for _ in range(2))
    assert (first.samples == second.samples).all() and (first.motion == second.motion).all()
    assert first.speakers == second.speakers and first.styles == second.styles


def test_some_speakers_alone(store):
    part = store.of_speakers(["cyd"])
    assert part.speakers == ["cyd"] and {clip.speaker for clip in part.clips()} == {"cyd"} and len(list(part.clips())) == 3
    assert set(part.draw(20, 60, np.random.default_rng(0)).speakers) == {"cyd"}
    with pytest.raises(FileError, match="the longest has 60; draw shorter windows"):
        part.draw(1, 61, np.random.default_rng(0))


def test_a_draw_reads_no_more_than_it_needs(store, monkeypatch):
    from visavox.data.store import reading as module

    read = []
    original = module.read_groups
    monkeypatch.setattr(module, "read_groups", lambda path, groups, columns: read.extend(groups) or original(path, groups, columns))
    store.draw(1, 30, np.random.default_rng(0))
    assert len(read) == 1, "one window is in one group of four rows"


def test_any_parquet_tool_reads_a_shard(store):
    """Nothing of Visavox from here on: columns by name, FLAC bytes, half-precision motion, JSON phones."""
    (path,) = store.folder.glob("*.parquet")
    table = pyarrow.parquet.read_table(path)
    assert table.column_names == list(COLUMNS)
    row = {name: values[0] for name, values in table.filter(pyarrow.compute.equal(table["id"], "full")).to_pydict().items()}
    samples, rate = soundfile.read(io.BytesIO(row["audio"]), dtype="int16")
    assert rate == row["sample_rate"] == 16000 and samples[-1] == 39
    index = json.loads((store.folder / "index.json").read_text())
    names = [channel["name"] for channel in index["rig"]["channels"]]
    motion = np.frombuffer(row["motion"], "<f2").reshape(row["frames"], -1)
    assert motion.shape == (40, len(names)) and motion[39, names.index("jawOpen")] == 39 / 256
    assert json.loads(row["phones"])[1] == [0.5, 1.25, "AA"] and row["text"] == "ähem" and row["fps"] == 25
    assert np.frombuffer(row["measures"], "<f4").reshape(-1, 3)[0].tolist() == [0, 0.75, 0]


def test_the_page_about_the_store_is_true(store):
    """Its example runs with nothing of ours imported, and its tables name every column and every key."""
    page = (Path(__file__).resolve().parents[3] / "docs" / "store.md").read_text(encoding="utf-8")
    found = {}
    exec(re.search(r"```python\n(.*?)```", page, re.S)[1].replace("my_store", str(store.folder)), found)
    assert found["motion"].shape == (60, 55) and found["names"] == list(ARKIT.names) and found["samples"].shape == (60 * PER_FRAME,)
    index = json.loads((store.folder / "index.json").read_text())
    named = set(re.findall(r"`(\w+)`", page))
    assert set(COLUMNS) | set(index) | set(index["shards"][0]) | set(index["splits"]) <= named


def test_the_index_says_what_the_rows_hold(store):
    index = json.loads((store.folder / "index.json").read_text())
    assert (index["format"], index["version"], index["rows"]) == ("visavox-store", 1, 11)
    assert index["seconds"] == pytest.approx((9 * 60 + 100 + 40) / 25) and index["fps"] == 25 and index["sample_rate"] == 16000
    assert index["splits"] == {"train": ["ann", "bob", "cyd"], "validation": [], "test": []}
    jaw = np.concatenate([np.arange(60)] * 9 + [np.arange(100), np.arange(40)]) / 256
    assert index["statistics"]["frames"] == jaw.size
    assert index["statistics"]["mean"][JAW] == pytest.approx(jaw.mean(), abs=1e-6)
    assert index["statistics"]["std"][JAW] == pytest.approx(jaw.std(), abs=1e-6)
    (shard,) = index["shards"]
    assert shard["groups"] == [4, 4, 3] and shard["frames"][9] == 100 and shard["samples"][9] == 64000 and shard["ids"][9] == "long"


def test_training_on_motion_reads_the_same_folder(tmp_path):
    identity = np.ones(5, np.float32)
    clips = [made_clip(f"c{number}", f"p{number}", identity=identity) for number in range(3)]
    store = append_clips(start_store(tmp_path), clips)
    found = read_motion_clips(store.folder, ARKIT, 5, shortest=50)
    assert found.speakers == store.speakers and [clip.frames for clip in found.clips] == [60] * 3
    assert (found.clips[0].motion[:, JAW] * 256 == np.arange(60)).all()


def test_without_pyarrow_the_extra_is_named(store, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DependencyError, match=r"needs pyarrow; install it with: pip install 'visavox\[train\]'"):
        list(store.rows())
    assert open_store(store.folder).speakers == ["ann", "bob", "cyd"], "the index needs no library"


def test_what_is_no_store_says_so(tmp_path, store):
    with pytest.raises(FileError, match=r"has no index\.json.*visavox store index"):
        open_store(tmp_path)
    (shard,) = store.folder.glob("*.parquet")
    with shard.open("ab") as file:
        file.write(b"x")
    with pytest.raises(FileError, match="when it was indexed; restore it from a copy"):
        open_store(store.folder)
    shard.unlink()
    with pytest.raises(FileError, match="is gone; restore it"):
        open_store(store.folder)
    index = store.folder / "index.json"
    index.write_text(index.read_text().replace('"version": 1', '"version": 9'))
    with pytest.raises(FileError, match="version 9, this program reads 1; update"):
        open_store(store.folder)
    index.write_text(index.read_text()[:300])
    with pytest.raises(FileError, match="is not JSON"):
        open_store(store.folder)
    index.write_text('{"format": "visavox-store", "version": 1}')
    with pytest.raises(FileError, match="lacks split_rule"):
        open_store(store.folder)


@pytest.mark.parametrize("value", [None, True, "x", -1, 0.5, 2**70, [], {}, [[]], "../../etc/x.parquet", "A" * 99999])
def test_every_entry_of_an_index_is_held_against_its_kind(tmp_path, value):
    from made_clips import made_clip

    from visavox.data.store.writing import append_clips, start_store

    append_clips(start_store(tmp_path), [made_clip("a"), made_clip("b", "bob")])
    good, refused = json.loads((tmp_path / "index.json").read_text()), 0
    places = [(name,) for name in good] + [("shards", 0, name) for name in good["shards"][0]]
    places += [("split_rule", name) for name in good["split_rule"]]
    for place in places:
        changed = json.loads(json.dumps(good))
        entry = changed
        for key in place[:-1]:
            entry = entry[key]
        entry[place[-1]] = value
        (tmp_path / "index.json").write_text(json.dumps(changed))
        try:
            open_store(tmp_path)
        except FileError as error:
            refused += 1
            assert str(tmp_path) in str(error) and str(error).isprintable()
    assert refused > 12
    for text in ("[" * 99999, "nan", "", "\udcff"):
        (tmp_path / "index.json").write_bytes(text.encode("utf-8", "surrogateescape"))
        with pytest.raises(FileError, match="index.json"):
            open_store(tmp_path)

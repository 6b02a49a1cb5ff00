"""From shards to recordings: one file for each shard, kept when it is there, silent faces on silence, real lips followed."""

import numpy as np
import pytest

from in_process import InProcess
from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.data.material import synthetic_recordings as module
from visavox.data.material.recordings import RecordingSet
from visavox.data.material.synthetic_recordings import MANNERS, manners, prepare, prepare_tracked
from visavox.data.measures import Measures
from visavox.data.store.shards import Row, write_shard
from visavox.errors import FileError
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap

pytest.importorskip("pyarrow")
RATE = 16000
PHONES = [(0.0, 0.2, "SIL"), (0.2, 0.6, "AA"), (0.6, 0.7, "M"), (0.7, 1.1, "IY"), (1.1, 1.3, "SIL")]


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.from_asset(read_head_asset())


def spoken() -> np.ndarray:
    time = np.arange(round(1.3 * RATE)) / RATE
    return (0.4 * np.sin(2 * np.pi * 150 * time) * ((time > 0.2) & (time < 1.1))).astype(np.float32)


def shard(folder, name: str):
    path = folder / f"shard-{name}.parquet"
    write_shard([Row(str(number), spoken(), RATE, "s", "s", "l", phones=PHONES) for number in range(8)], path)
    return path


def clip(name: str, gap: float = 0.06) -> Clip:
    mouth = np.zeros(32, np.float32)
    mouth[5:15] = mouth[18:27] = gap
    measures = Measures(mouth, np.full(32, 0.5), np.ones(32, bool), 25.0)
    return Clip(name, Audio(spoken(), RATE), "s", "film", "CC0-1.0", phones=tuple(PHONES), measures=measures)


def test_a_file_for_each_shard_and_for_each_lot_of_silence(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "NEGATIVES_A_FILE", 2)
    monkeypatch.setattr(module, "ProcessPoolExecutor", InProcess)
    shards, said = [shard(tmp_path, "a"), shard(tmp_path, "b")], []
    paths = prepare(shards, tmp_path / "made", 1, 1, report=lambda done, total, name: said.append((done, total, name)))
    assert [path.name for path in paths] == ["shard-a.npz", "shard-b.npz", "negatives-0.npz"] and said[-1] == (3, 3, "negatives-0.npz")
    data = RecordingSet(paths[:2])
    assert data.style.max() < MANNERS and len(set(data.style.tolist())) > 1
    assert data.motion[:, ARKIT.index("jawOpen")].max() > 0.2
    silent = RecordingSet(paths[2:])
    assert silent.motion[:, ARKIT.index("jawOpen")].max() < 0.05 and len(silent.length) == 2

    times = [path.stat().st_mtime_ns for path in paths]
    paths[0].unlink()
    before = (tmp_path / "made" / "shard-b.npz").read_bytes()
    again = prepare(shards, tmp_path / "made", 1, 1)
    assert [path.stat().st_mtime_ns for path in again[1:]] == times[1:] and again[1].read_bytes() == before
    np.testing.assert_array_equal(RecordingSet(again[:1]).motion, data.motion[: RecordingSet(again[:1]).motion.shape[0]])


def test_recordings_of_another_shard_are_named_not_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "ProcessPoolExecutor", InProcess)
    path = shard(tmp_path, "a")
    prepare([path], tmp_path / "made", 0, 1)
    write_shard([Row("0", spoken() / 2, RATE, "s", "s", "l", phones=PHONES)] * 8, path)
    with pytest.raises(FileError, match=r"shard-a.npz was made with shard \w+ \(now \w+\)"):
        prepare([path], tmp_path / "made", 0, 1)


def test_tracked_recordings_follow_their_clips_and_are_made_once(tmp_path, head):
    clips, path = [clip(str(number)) for number in range(3)], tmp_path / "tracked.npz"
    before = prepare_tracked(clips, head, path).stat().st_mtime_ns
    assert prepare_tracked(clips, head, path).stat().st_mtime_ns == before
    with pytest.raises(FileError, match="was made with clips"):
        prepare_tracked([*clips[:2], clip("2", gap=0.05)], head, path)


def test_manners_are_the_same_every_time():
    assert len(set(manners())) == MANNERS and manners()[3] == manners.__wrapped__()[3] != manners.__wrapped__(78)[3]


def test_tracked_clips_open_as_far_as_they_were_measured(tmp_path, head):
    clips = [clip(str(number)) for number in range(3)]
    data = RecordingSet([prepare_tracked(clips, head, tmp_path / "tracked.npz", copies=2, together=3)])
    assert data.length.tolist() == [96, 96]
    for start, style in zip(data.start, data.style, strict=True):
        made = lip_gap(head, Motion(data.motion[start : start + 32].astype(np.float32), 25, ARKIT))
        assert made[8:12].mean() > 0.03 and made[:3].max() < 0.015, style


def test_clips_that_are_joined_speak_in_one_manner(tmp_path, head):
    clips = [clip(str(number)) for number in range(4)]
    data = RecordingSet([prepare_tracked(clips, head, tmp_path / "tracked.npz", copies=3, together=2)])
    brows = data.motion[:, ARKIT.index("eyeSquintLeft")].astype(np.float32)
    for start, length, style in zip(data.start, data.length, data.style, strict=True):
        wanted = manners()[style].squint + 0.25 * manners()[style].smile
        assert np.abs(np.median(brows[start : start + length]) - wanted) < 0.08

"""Recordings into a store: terms stated, rates made alike, and an interrupted import that goes on."""

import json

import numpy as np
import pytest

pytest.importorskip("pyarrow")

from made_clips import made_clip  # noqa: E402

from shared_data import shared_data  # noqa: E402
from visavox.data.store.importing import Terms, import_folder  # noqa: E402
from visavox.data.store.reading import open_store  # noqa: E402
from visavox.data.store.verify import verify_store  # noqa: E402
from visavox.data.store.writing import append_clips, start_store  # noqa: E402
from visavox.errors import FileError, OptionError  # noqa: E402

TERMS = Terms(consent="signed release", licence="own recording")


def made_faces(folder, names, frames=90, fps=30.0):
    """A folder of tracked faces at another frame rate, with sound at another sample rate."""
    import soundfile

    (folder / "motion").mkdir(parents=True, exist_ok=True)
    for name in names:
        ok = np.arange(frames) >= frames // 10
        np.savez(
            folder / "motion" / f"{name}.npz", names=np.array(["jawOpen"]), weights=np.linspace(0, 1, frames)[:, None], ok=ok, fps=fps,
            matrix=np.tile(np.eye(4), (frames, 1, 1)), lip_gap=np.linspace(0, 0.3, frames), mouth_width=np.full(frames, 0.5),
        )  # fmt: skip
        soundfile.write(folder / f"{name}.wav", 0.1 * np.sin(np.arange(round(frames / fps * 44100)) * 0.05), 44100)
    return folder


def test_tracked_faces_come_in_at_the_rates_of_the_store(tmp_path):
    folder = made_faces(tmp_path / "faces", ["x", "y"])
    done = import_folder(folder, tmp_path / "store", Terms("signed release", "own recording", speaker="me", style="calm", language="en"))
    assert done.added == ["me/x", "me/y"] and done.present == 0 and verify_store(tmp_path / "store") == []
    clip = next(open_store(tmp_path / "store").clips())
    assert (clip.name, clip.speaker, clip.style, clip.language, clip.source) == ("me/x", "me", "calm", "en", "faces")
    assert (clip.licence, clip.consent) == ("own recording", "signed release")
    assert clip.audio.sample_rate == 16000 and clip.motion.fps == 25 and clip.motion.frames == 75 == clip.measures.frames
    assert clip.quality == pytest.approx(0.9) and clip.measures.ok.sum() == pytest.approx(67.5, abs=1)
    assert clip.motion.channel("jawOpen")[40] == pytest.approx(40.5 * 1.2 / 90, abs=0.01)
    assert clip.measures.lip_gap[40] == pytest.approx(0.3 * 40.5 * 1.2 / 90, abs=0.01)


def test_what_is_not_stated_stays_out(tmp_path):
    folder = made_faces(tmp_path / "faces", ["x"])
    with pytest.raises(OptionError, match="no consent is stated"):
        import_folder(folder, tmp_path / "store", Terms(" ", "own recording"))
    with pytest.raises(OptionError, match="nothing states the licence of clip 'x'; give it with --licence"):
        import_folder(folder, tmp_path / "store", Terms("signed release"))
    assert not (tmp_path / "store").exists() or open_store(tmp_path / "store").ids == set()


def test_an_import_goes_on_where_it_stopped(tmp_path):
    folder = made_faces(tmp_path / "faces", ["x", "y"])
    (folder / "z.wav").write_bytes(b"")
    np.savez(folder / "motion" / "z.npz", **np.load(folder / "motion" / "x.npz"))
    with pytest.raises(FileError, match="z.wav is empty"):
        import_folder(folder, tmp_path / "store", TERMS)
    assert not (tmp_path / "store").exists(), "an import that refuses leaves nothing"
    made_faces(folder, ["z"])
    first = import_folder(folder, tmp_path / "store", TERMS, limit=2)
    second = import_folder(folder, tmp_path / "store", TERMS)
    assert first.added == ["x/x", "y/y"] and second.added == ["z/z"] and second.present == 2
    third = import_folder(folder, tmp_path / "store", TERMS)
    assert third.added == [] and third.present == 3 and third.store.index.fingerprint == second.store.index.fingerprint


def test_phones_beside_the_recordings_come_in(tmp_path):
    folder = made_faces(tmp_path / "faces", ["x"])
    (folder / "phones.jsonl").write_text(json.dumps({"clip": "x", "phones": [[0.1, 0.5, "AA"]]}))
    (clip,) = import_folder(folder, tmp_path / "store", TERMS).store.clips()
    assert clip.phones == ((0.1, 0.5, "AA"),)


def test_an_empty_folder_says_so(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileError, match="no recording that can be read"):
        import_folder(tmp_path / "empty", tmp_path / "store", TERMS)


@pytest.mark.parametrize(
    ("name", "licence", "stated"), [("grid_s1", "CC BY 4.0", ""), ("facegood", "MIT", ""), ("us_gov", "public", "public")]
)
def test_real_folders(tmp_path, name, licence, stated):
    folder = shared_data(name)
    done = import_folder(folder, tmp_path / "store", Terms("published", stated), limit=2)
    clips = list(done.store.clips())
    assert len(clips) == 2 and {clip.licence for clip in clips} == {licence} and verify_store(tmp_path / "store") == []
    assert all(clip.motion.fps == 25 and clip.audio.sample_rate == 16000 for clip in clips)
    assert done.store.draw(4, 50, np.random.default_rng(0)).motion.std(1).max() > 0.01


@pytest.mark.parametrize("broken", ["a.wav", "a.txt"])
def test_an_import_that_refuses_leaves_nothing(tmp_path, broken):
    import soundfile

    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a.wav", "b.wav"):
        soundfile.write(folder / name, 0.1 * np.sin(np.arange(16000) / 9), 16000)
    (folder / broken).write_bytes(b"\xff\xfe no sound and no text")
    terms = Terms("my own", "CC0")
    with pytest.raises(FileError, match=broken):
        import_folder(folder, tmp_path / "new" / "deep" / "store", terms)
    assert not (tmp_path / "new").exists()
    store = append_clips(start_store(tmp_path / "old"), [made_clip("x")])
    before = {path.name: path.read_bytes() for path in store.folder.iterdir()}
    with pytest.raises(FileError, match=broken):
        import_folder(folder, store.folder, terms)
    assert {path.name: path.read_bytes() for path in store.folder.iterdir()} == before

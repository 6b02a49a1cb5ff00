"""`visavox track`: a film of our own head becomes motion, for every format; and one sentence for what cannot be followed."""

import numpy as np
import pytest

from drawn_faces import drawn, landmarker
from shared_data import shared_model
from visavox.audio import Audio
from visavox.cli import main
from visavox.cli.track import readings_of
from visavox.io import long_audio
from visavox.io.assets import demo_recording
from visavox.io.motion import read_motion
from visavox.io.video import write_video
from visavox.rigs.arkit import HEAD
from visavox.track.motion_of import TRACKED


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    landmarker()
    folder = tmp_path_factory.mktemp("track")
    at = np.arange(20) / 25
    frames = drawn({"jawOpen": 0.4 * (1 - np.cos(2 * np.pi * 2 * at)), "headYaw": 0.2 * np.sin(5 * at)})
    sound = Audio((0.1 * np.sin(2 * np.pi * 200 * np.arange(12800) / 16000)).astype(np.float32), 16000)
    write_video(iter(frames), sound, folder / "face.mp4", 25)
    two = [_beside(frame) for frame in frames[:6]]
    write_video(iter(two), None, folder / "two.mp4", 25)
    write_video(iter([np.full((64, 64, 3), 90, np.uint8)] * 5), None, folder / "nobody.mp4", 25)
    write_video(iter([*[np.full((256, 256, 3), 90, np.uint8)] * 15, *frames[:10]]), None, folder / "late.mp4", 25)
    write_video(iter(frames[:1]), None, folder / "one.mp4", 25)
    return folder


def _beside(frame: np.ndarray) -> np.ndarray:
    """A frame with a smaller copy of it beside it."""
    small = np.pad(frame[::2, ::2], ((64, 64), (0, 0), (0, 0)), mode="edge")
    return np.concatenate([frame, small], axis=1)


@pytest.fixture
def track(folder, monkeypatch):
    monkeypatch.setenv("VISAVOX_LANDMARKER", str(shared_model("face_landmarker.task")))
    return lambda *arguments: main(["track", *map(str, arguments)])


def test_a_film_becomes_motion_with_place_and_confidence(folder, track, capsys):
    assert track(folder / "face.mp4", "-o", folder / "face.npz", "--consent", "me, for this test") == 0
    said = capsys.readouterr()
    assert "seen in 100 % of 20 frames" in said.out and "MediaPipe Face Landmarker" in said.err and "Apache-2.0" in said.err
    assert "INFO" not in said.err
    motion = read_motion(folder / "face.npz")
    assert motion.rig == TRACKED and motion.fps == 25 and motion.frames == 20
    assert motion.provenance["source"] == "face.mp4" and "consent" in motion.provenance
    assert np.ptp(motion.channel("jawOpen")) > 0.4 and np.ptp(motion.channel("headYaw")) > 0.15


def test_a_film_that_does_not_stand_is_turned_and_said_to_be(folder, track, capsys):
    frames = drawn({"headRoll": np.full(4, 0.2), "headYaw": np.full(4, 0.1)})
    turns = []
    for quarters in range(4):
        write_video(iter([np.ascontiguousarray(np.rot90(frame, quarters)) for frame in frames]), None, folder / "turned.mp4", 25)
        assert track(folder / "turned.mp4", "-o", folder / "turned.npz") == 0
        said = capsys.readouterr().out
        assert ("lie on a side" in said, "stand on their head" in said) == (quarters % 2 == 1, quarters == 2)
        turns.append(np.median(read_motion(folder / "turned.npz").select(HEAD), axis=0))
    np.testing.assert_allclose(turns, turns[:1] * 4, atol=np.radians(2))


@pytest.mark.parametrize("suffix", [".csv", ".glb", ".arkit.json", ".bvh", ".mp4"])
def test_every_kind_of_file_is_written(folder, track, suffix):
    assert track(folder / "face.mp4", "-o", folder / f"out{suffix}", "--fps", "30") == 0
    assert (folder / f"out{suffix}").stat().st_size > 500


def test_faces_are_numbered_by_size_and_all_are_written(folder, track, capsys):
    assert track(folder / "two.mp4", "-o", folder / "two.npz", "--all") == 0
    assert (folder / "two-1.npz").exists() and (folder / "two-2.npz").exists()
    assert track(folder / "two.mp4", "-o", folder / "second.npz", "--face", "2") == 0
    np.testing.assert_array_equal(read_motion(folder / "second.npz").values, read_motion(folder / "two-2.npz").values)
    capsys.readouterr()
    assert track(folder / "two.mp4", "-o", folder / "third.npz", "--face", "3") == 2
    assert "shows 2 faces" in capsys.readouterr().err and not (folder / "third.npz").exists()


def test_a_face_at_the_end_and_a_single_frame_are_right_results(folder, track):
    assert track(folder / "late.mp4", "-o", folder / "late.npz") == 0
    confidence = read_motion(folder / "late.npz").channel("confidence")
    assert len(confidence) == 25 and (confidence[:14] == 0).all() and confidence[20:].min() > 0.5
    assert track(folder / "one.mp4", "-o", folder / "one.npz") == 0
    assert read_motion(folder / "one.npz").frames == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody.mp4", "-o", "x.npz"], "shows no face in any of its 5 frames"),
        (["none.mp4", "-o", "x.npz"], "does not exist"),
        (["face.mp4", "-o", "x.txt"], "ends in .txt"),
        (["face.mp4", "-o", "x.npz", "--model", "face.mp4"], "damaged or of another kind"),
        (["face.mp4", "-o", "x.npz", "--face", "0"], "whole number"),
        (["face.mp4", "-o", "x.npz", "--face", "1", "--all"], "not allowed"),
        (["face.mp4", "-o", "x.npz", "--identity", "male"], "whose skin a preview has; give it with --preview"),
        (["face.mp4"], "needs a film and an output"),
    ],
)
def test_what_cannot_be_tracked_is_one_sentence(folder, track, capsys, monkeypatch, arguments, said):
    monkeypatch.chdir(folder)
    assert track(*arguments) == 2
    error = [line for line in capsys.readouterr().err.splitlines() if "landmarks by" not in line]
    assert len(error) == 1 and said in error[0]
    assert not (folder / "x.npz").exists()


def test_without_a_model_the_way_to_one_is_said(folder, tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("VISAVOX_LANDMARKER", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main(["track", str(folder / "face.mp4"), "-o", str(tmp_path / "x.npz")]) == 2
    assert "visavox track --download" in capsys.readouterr().err


def test_a_late_sound_is_said_and_put_right(folder, track, capsys):
    """A face that speaks the demo recording, with the sound 160 ms late."""
    from visavox.io.assets import asset_path
    from visavox.io.audio import read_audio

    demo = read_audio(asset_path("demo.flac"))
    demo = demo.between(0, min(demo.seconds, 5.0))
    assert main(["animate", str(asset_path("demo.flac")), "-o", str(folder / "demo.npz")]) == 0
    motion = read_motion(folder / "demo.npz").between(0, demo.seconds)
    frames = drawn({name: motion.channel(name) for name in motion.rig.names}, size=192)
    late = Audio(np.concatenate([np.zeros(round(0.16 * demo.sample_rate), np.float32), demo.samples]), demo.sample_rate)
    write_video(iter(frames), late, folder / "demo.mp4", motion.fps)
    capsys.readouterr()
    assert track(folder / "demo.mp4", "-o", folder / "right.npz", "--fix-sync") == 0
    (said,) = [line for line in capsys.readouterr().out.splitlines() if "the sound is" in line]
    assert said.endswith("put right") and abs(int(said.split(" ms late")[0].split()[-1]) - 160) <= 40
    right = read_motion(folder / "right.npz")
    assert (right.channel("confidence")[:3] == 0).all() and right.channel("confidence")[6] > 0.5
    best = max(
        range(8), key=lambda n: np.corrcoef(right.channel("jawOpen")[8:], motion.channel("jawOpen")[8 - n : motion.frames - n])[0, 1]
    )
    assert best == round(0.16 * motion.fps)


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_film_is_read_or_refused_in_a_sentence(folder, tmp_path, track, capsys, seed):
    chance, content = (
        np.random.default_rng(seed),
        bytearray((folder / "one.mp4").read_bytes() if seed % 2 else (folder / "two.mp4").read_bytes()),
    )
    for _ in range(int(chance.choice([1, 8, 60]))):
        content[chance.integers(len(content))] = chance.integers(256)
    if seed % 3 == 0:
        content = content[: chance.integers(1, len(content))]
    (tmp_path / "damaged.mp4").write_bytes(content)
    code = track(tmp_path / "damaged.mp4", "-o", tmp_path / "x.npz")
    said = [line for line in capsys.readouterr().err.splitlines() if "landmarks by" not in line]
    assert (code == 0 and (tmp_path / "x.npz").exists()) or (code == 2 and len(said) == 1 and not (tmp_path / "x.npz").exists())


def test_the_preview_is_a_film_of_both(folder, track, capsys):
    assert track(folder / "face.mp4", "-o", folder / "p.npz", "--preview", folder / "beside.mp4") == 0
    assert "the film beside the preset" in capsys.readouterr().out
    from visavox.io.video_frames import film_of, read_frames

    assert film_of(folder / "beside.mp4").sound
    assert next(read_frames(folder / "beside.mp4")[1])[1].shape == (384, 768, 3)


def test_silent_films_are_not_put_right(folder, track, capsys):
    assert track(folder / "two.mp4", "-o", folder / "silent.npz", "--fix-sync") == 0
    assert "no sound to go by" in capsys.readouterr().err


def test_the_sound_of_a_long_film_is_read_in_sections(monkeypatch):
    whole = readings_of(str(demo_recording()), "film.mp4")
    for name, value in {"LONG": 3, "LEAST_BYTES": 0, "SECTION": 2, "LEAST_SECTION": 1, "OVERLAP": 1}.items():
        monkeypatch.setattr(long_audio, name, value)
    parts = readings_of(str(demo_recording()), "film.mp4")
    for name in ("gap", "width"):
        one, other = getattr(whole, name), getattr(parts, name)
        assert len(one) == len(other) and np.corrcoef(one, other)[0, 1] > 0.97, name

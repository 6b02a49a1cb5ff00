"""Styles of films and of other systems' motion, mixes of styles, and what each says when it cannot be one."""

from dataclasses import replace

import numpy as np
import pytest

from drawn_faces import drawn, landmarker
from shared_data import shared_model
from visavox.cli import main
from visavox.cli.options import moving
from visavox.cli.options.sampling import named_style
from visavox.cli.options.styles import parse_mix
from visavox.errors import FileError, OptionError, VisavoxError
from visavox.export import export
from visavox.gestures.lip_reading import gap_of, width_of
from visavox.io.assets import asset_path, built_in_style
from visavox.io.audio import read_audio
from visavox.io.motion import read_motion, write_motion
from visavox.io.style import read_style, write_style
from visavox.io.video import write_video
from visavox.loading import load as load_animator
from visavox.motion import Motion
from visavox.redrawing import mixed_styles
from visavox.rigs.arkit import ARKIT, MOUTH
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap
from visavox.style import FaceStyle
from visavox.style_extraction import matched
from visavox.track.landmarks import SCORES
from visavox.track.motion_of import TRACKED


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A lively talker's motion, of our own and as others write it: with a loss in the middle, as scores, as Live Link."""
    folder = tmp_path_factory.mktemp("styles")
    speech = ["animate", str(asset_path("demo.flac")), "--style", "lively", "-o", str(folder / "talk.npz")]
    assert main(speech) == 0
    talk = read_motion(folder / "talk.npz")
    talk = Motion(np.concatenate([talk.values] * 3)[:250], talk.fps, talk.rig)
    write_motion(talk, folder / "talk.npz")
    export(talk, folder / "talk.csv")
    tracked = np.zeros((250, len(TRACKED)))
    tracked[:, TRACKED.indices(ARKIT.names)], tracked[:, TRACKED.index("confidence")] = talk.values, 1
    tracked[120:160, TRACKED.index("confidence")] = 0
    write_motion(Motion(tracked, talk.fps, TRACKED), folder / "lost.npz")
    tracked[::60, TRACKED.index("confidence")] = 0
    write_motion(Motion(tracked, talk.fps, TRACKED), folder / "broken.npz")
    scores = np.stack([talk.channel(name) if name in ARKIT else np.zeros(250, np.float32) for name in SCORES], axis=1)
    rest = {"fps": 25.0, "ok": np.ones(250, bool), "matrix": np.tile(np.eye(4), (250, 1, 1))}
    gaps = {"lip_gap": lip_gap(Head.default(), talk), "mouth_width": np.full(250, 0.5)}
    np.savez(folder / "scores.npz", names=np.array(SCORES), weights=scores, **rest, **gaps)
    return folder


@pytest.mark.parametrize("name", ["talk.npz", "talk.csv", "lost.npz", "scores.npz"])
def test_every_kind_of_motion_gives_a_style(folder, tmp_path, capsys, name):
    assert main(["style", str(folder / name), "-o", str(tmp_path / "a.safetensors")]) == 0
    style, said = read_style(tmp_path / "a.safetensors"), capsys.readouterr().out
    assert style.name == name.split(".")[0] and "how sure:" in said and ("4.8 s" if name == "lost.npz" else "10.0 s") in said
    lively, calm = (built_in_style(other).vector for other in ("lively", "calm"))
    assert np.linalg.norm(style.vector - lively) < np.linalg.norm(style.vector - calm)


def test_a_still_face_is_said_and_does_not_narrow_every_mouth(folder, tmp_path, capsys):
    talk = read_motion(folder / "talk.npz")
    write_motion(Motion(np.tile(talk.values[:1], (250, 1)), talk.fps, talk.rig), tmp_path / "photo.npz")
    assert main(["style", str(tmp_path / "photo.npz"), "-o", str(tmp_path / "a.safetensors")]) == 0
    assert "the lips of photo hardly move in 10.0 s" in capsys.readouterr().err
    face = read_style(tmp_path / "a.safetensors").face
    assert face.opening == 1 and face.known == 0


def test_too_little_without_a_break_and_other_faces_are_said(folder, tmp_path, capsys, monkeypatch):
    broken = replace(moving.read_moving(str(folder / "broken.npz")), faces=3)
    monkeypatch.setattr(moving, "read_moving", lambda *names: broken)
    assert main(["style", str(folder / "broken.npz"), "-o", str(tmp_path / "a.safetensors")]) == 2
    said = capsys.readouterr().err
    assert "without a break; 4 s are needed" in said and "shows 3 faces, of which the largest is taken" in said


def test_what_is_missing_is_said_before_a_style_is_promised(folder, tmp_path, capsys, monkeypatch):
    (folder / "any.mp4").write_bytes(b"no film is opened")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for named, missing in ((None, "there is no landmark model"), (str(tmp_path / "gone.task"), "gone.task does not exist")):
        monkeypatch.setenv("VISAVOX_LANDMARKER", named) if named else monkeypatch.delenv("VISAVOX_LANDMARKER", raising=False)
        with pytest.raises(FileError, match=missing):
            named_style(str(folder / "any.mp4"))
        assert capsys.readouterr().err == ""
    with pytest.raises(FileError, match="here.task does not exist; check --model"):
        named_style(str(folder / "any.mp4"), None, "here.task")


@pytest.mark.parametrize("verb", [["animate", "talk.wav", "-o", "x.npz", "--style", "calm"], ["render", "talk.npz", "-o", "x.mp4"]])
def test_a_landmark_model_where_no_face_is_looked_at_is_refused(folder, capsys, verb):
    """It would be the likeliest way to write `--checkpoint` wrong, and the usual model would speak."""
    assert main([*verb, "--model", "mine.safetensors"]) == 2
    assert "--model mine.safetensors names what finds a face" in capsys.readouterr().err


def test_a_film_gives_a_style_once_and_is_spoken_in(folder, tmp_path, capsys, monkeypatch):
    landmarker()
    monkeypatch.setenv("VISAVOX_LANDMARKER", str(shared_model("face_landmarker.task")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    talk = read_motion(folder / "talk.npz")
    write_video(iter(drawn({name: talk.channel(name)[:104] for name in ARKIT.names}, size=160)), None, folder / "film.mp4", 25)
    first = named_style(str(folder / "film.mp4"))
    said = capsys.readouterr().err
    assert "this once" in said and "MediaPipe" in said
    again = named_style(f"{folder / 'film.mp4'}:0.5,calm:0.5")
    assert capsys.readouterr().err == ""
    np.testing.assert_allclose(again.vector, (first.vector + built_in_style("calm").vector) / 2, atol=1e-6)
    assert len(list((tmp_path / "visavox" / "styles").glob("*.safetensors"))) == 1


def test_a_face_style_is_kept_in_the_file_and_moves_the_face(tmp_path):
    style = built_in_style("neutral")
    smiling = type(style)(style.vector, style.encoder, "smiling", style.head, FaceStyle(opening=1.5, brows=0.5, smile=0.4))
    write_style(smiling, tmp_path / "smiling.safetensors")
    assert read_style(tmp_path / "smiling.safetensors").face == smiling.face
    speech = ["animate", str(asset_path("demo.flac")), "--steps", "4"]
    assert main([*speech, "--style", "neutral", "-o", str(tmp_path / "a.npz")]) == 0
    assert main([*speech, "--style", str(tmp_path / "smiling.safetensors"), "-o", str(tmp_path / "b.npz")]) == 0
    usual, moved = read_motion(tmp_path / "a.npz"), read_motion(tmp_path / "b.npz")
    more = moved.channel("mouthSmileLeft") - usual.channel("mouthSmileLeft")
    assert 0.25 < more.mean() < 0.45
    assert np.percentile(moved.channel("jawOpen"), 95) > 1.2 * np.percentile(usual.channel("jawOpen"), 95)
    shut = usual.channel("jawOpen") - usual.channel("mouthClose") < 0.005
    assert np.abs((moved.channel("jawOpen") - moved.channel("mouthClose"))[shut]).max() < 0.02


def test_how_far_lips_part_is_mixed_as_far_as_it_is_known():
    style = built_in_style("neutral")
    ann, bob, calm = (replace(style, face=FaceStyle(known=known, gap=gap)) for known, gap in ((0.8, 0.2), (0.4, 0.05), (0.0, 0.5)))
    mixed = mixed_styles([ann, bob, calm], [2, 1, 1]).face
    assert mixed.known == pytest.approx(0.5) and mixed.gap == pytest.approx((2 * 0.8 * 0.2 + 0.4 * 0.05) / 2)
    assert mixed_styles([calm, calm], [1, 1]).face.known == 0


def test_a_style_carries_how_far_the_lips_part_and_spread(tmp_path):
    animator, sound = load_animator(), read_audio(asset_path("demo.flac")).between(0, 8)
    usual = animator.animate(sound, seed=0)
    smaller = usual.with_channels({name: 0.5 * usual.channel(name) for name in (*MOUTH, "jawOpen")})

    def ranges(motion):
        return np.array([np.ptp(np.percentile(of(motion), [5, 95])) for of in (gap_of, width_of)])

    style = matched(animator.extract_style(smaller, "small"), smaller, sound, lambda tried, seed: animator.animate(sound, tried, seed=seed))
    made = animator.animate(sound, style, seed=1)
    assert 0.7 < style.face.known < 1
    off, was_off = (np.abs(np.log(ranges(motion) / ranges(smaller))) for motion in (made, usual))
    assert (off < 0.5 * was_off).all(), (off, was_off)
    write_style(style, tmp_path / "small.safetensors")
    assert read_style(tmp_path / "small.safetensors").face == style.face


@pytest.mark.parametrize(("text", "parts"), [
    ("calm", [("calm", 1.0)]), ("calm:0.3", [("calm", 0.3)]), ("a.safetensors:0.7,calm:0.3", [("a.safetensors", 0.7), ("calm", 0.3)]),
    ("calm : 0.3 , lively", [("calm", 0.3), ("lively", 1.0)]),
    ("calm, lively:2", [("calm", 1.0), ("lively", 2.0)]), ("C:\\a.safetensors", [("C:\\a.safetensors", 1.0)]),
])  # fmt: skip
def test_mixes_are_read(text, parts):
    assert parse_mix(text) == parts


@pytest.mark.parametrize(
    "text", ["calm:0,lively:1", "calm:-1,lively", "calm,,lively", "calm:nan,lively", ",".join(["calm"] * 17), "calm:1,lively:2," * 400]
)
def test_what_is_no_mix_is_said(text):
    with pytest.raises(VisavoxError):
        named_style(text)


def test_a_film_that_is_not_there_is_said():
    with pytest.raises(OptionError, match="does not exist"):
        named_style("nowhere.mp4")

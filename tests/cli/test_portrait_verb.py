"""`visavox portrait`, and `--portrait` of the verbs that draw: a photo speaks, says that it is generated, and needs consent."""

import numpy as np
import pytest
from sitter import SIZE, landmarks, motion_of, picture

from visavox.cli import main
from visavox.io.motion import write_motion
from visavox.io.png import png_bytes
from visavox.io.video import read_video_provenance
from visavox.portrait.files import read_portrait
from visavox.portrait.points import points_toml

pytest.importorskip("PIL")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a photo, points on its face and a motion, made the current one; no landmark model is at hand."""
    (tmp_path / "me.png").write_bytes(png_bytes(picture()))
    (tmp_path / "points.toml").write_text(points_toml("me.png", landmarks(), True))
    write_motion(motion_of({}, {"jawOpen": 0.4}), tmp_path / "face.npz")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.delenv("VISAVOX_LANDMARKER", raising=False)
    return tmp_path


HAND = ("--landmarks", "points.toml")
AGREED = ("--consent", "a head of our own")
RENDER = ("render", "face.npz", "-o", "me.mp4", "--size", "128")


def fails(capsys, *arguments: str) -> str:
    assert main(list(arguments)) == 2
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.startswith(("INFO", "visavox: landmarks by"))]
    assert len(lines) == 1
    return lines[0]


def test_a_photo_is_fitted_once_and_speaks(folder, capsys):
    assert main(["portrait", "fit", "me.png", *HAND, *AGREED, "-o", "me.portrait"]) == 0
    assert read_portrait("me.portrait").consent == AGREED[1]
    assert main([*RENDER, "--portrait", "me.portrait"]) == 0
    said = read_video_provenance("me.mp4")
    assert said["portrait"] == "me.png" and said["consent"] == AGREED[1] and len(said["portrait_sha256"]) == 64
    assert said["digital_source_type"].endswith("trainedAlgorithmicMedia")


def test_the_whole_photo_keeps_its_size(folder):
    import av

    assert main([*RENDER, "--portrait", "me.png", *HAND, *AGREED, "--portrait-frame", "whole"]) == 0
    with av.open("me.mp4") as video:
        assert (video.streams.video[0].width, video.streams.video[0].height) == (SIZE, SIZE)


def test_a_sheet_shows_sixteen_pictures(folder):
    assert main(["portrait", "sheet", "me.png", *HAND, *AGREED, "-o", "sheet.png"]) == 0
    from PIL import Image

    sheet = np.array(Image.open("sheet.png"))
    assert sheet.shape == (1280, 1280, 3)
    tiles = [sheet[row : row + 320, column : column + 320] for row in range(0, 1280, 320) for column in range(0, 1280, 320)]
    assert all(not np.array_equal(one[40:], tiles[1][40:]) for one in tiles[2:])


def test_consent_is_asked_for(folder, capsys):
    error = fails(capsys, *RENDER, "--portrait", "me.png", *HAND)
    assert "me.png is somebody's face" in error and "--consent" in error
    assert not (folder / "me.mp4").exists()
    assert "shorten it" in fails(capsys, *RENDER, "--portrait", "me.png", *HAND, "--consent", "x" * 2000)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--face", "2"), "--face is for a photo"),
        (("--portrait-frame", "whole"), "--portrait-frame is for a photo"),
        (("--portrait", "nowhere.jpg", *AGREED), "nowhere.jpg does not exist"),
        (("--portrait", "points.toml", *AGREED), "not a photo"),
        (("--portrait", "me.png", *AGREED, *HAND, "--identity", "child"), "--identity and --portrait"),
        (("--portrait", "me.png", *AGREED, *HAND, "--size", "2048"), "2048"),
        (("--portrait", "me.png", *AGREED, "--landmarks", "face.npz"), "face.npz"),
        (("--portrait", "me.png", *AGREED), "no landmark model"),
    ],
)
def test_what_does_not_go_together_is_one_line(folder, capsys, arguments, said):
    assert said in fails(capsys, *RENDER, *arguments)
    assert not (folder / "me.mp4").exists()


def test_a_portrait_is_for_a_video(folder, capsys):
    (folder / "speech.wav").write_bytes(b"")
    assert "--portrait is for a video" in fails(capsys, "animate", "speech.wav", "-o", "a.npz", "--portrait", "me.png", *HAND, *AGREED)


def test_points_are_proposed_where_no_model_is_at_hand(folder, capsys):
    assert main(["portrait", "landmarks", "me.png", "-o", "p.toml"]) == 0
    assert "guessed from proportions" in capsys.readouterr().out
    assert main(["portrait", "fit", "me.png", "--landmarks", "p.toml", *AGREED, "-o", "me.portrait"]) == 0


def test_points_cannot_be_given_again(folder, capsys):
    assert main(["portrait", "fit", "me.png", *HAND, *AGREED, "-o", "me.portrait"]) == 0
    assert "was settled when me.portrait was made" in fails(capsys, *RENDER, "--portrait", "me.portrait", *HAND)


def test_a_picture_behind_needs_to_know_the_person_and_the_identity_error_is_said(folder, capsys):
    (folder / "wall.png").write_bytes(png_bytes(np.full((80, 80, 3), (200, 30, 30), np.uint8)))
    assert "alpha channel" in fails(capsys, "portrait", "fit", "me.png", *HAND, *AGREED, "--background", "wall.png", "-o", "me.portrait")
    assert main(["portrait", "fit", "me.png", *HAND, *AGREED, "--look", "cool light", "-o", "me.portrait"]) == 0
    assert "identity error of the look: without a landmark model it is not measured" in capsys.readouterr().err
    assert "--background is for a photo that speaks" in fails(capsys, *RENDER, "--background", "wall.png")


@pytest.mark.parametrize("unused", [("--look", "warm evening light"), AGREED, ("--background", "sea.jpg"), ("--segmenter", "s.tflite")])
def test_points_alone_take_nothing_that_is_drawn(folder, unused, capsys):
    assert main(["portrait", "landmarks", "me.png", "-o", "found.toml", *unused]) == 2
    assert f"{unused[0]} is for a portrait that is drawn" in capsys.readouterr().err and not (folder / "found.toml").exists()

"""`visavox inspect` tells motions, styles and checkpoints apart and says what is in them."""

import numpy as np
import pytest

import recordings
from made_character import MadeCharacter
from visavox.cli import main
from visavox.export import export
from visavox.io.motion import write_motion
from visavox.io.png import png_bytes
from visavox.io.style import write_style
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT
from visavox.style import Style


def inspected(capsys, path) -> str:
    assert main(["inspect", str(path)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_a_motion(tmp_path, capsys):
    motion = Motion(np.zeros((50, len(ARKIT))), 25, ARKIT).with_channels({"jawOpen": np.linspace(0, 0.75, 50)})
    write_motion(motion, tmp_path / "a.npz", {"seed": 7, "source": "voice.wav"})
    said = inspected(capsys, tmp_path / "a.npz")
    assert "50 frames at 25 fps, 2.00 s" in said and "arkit, 55 channels" in said and "voice.wav" in said
    assert said.index("jawOpen") < said.index("eyeBlinkLeft")  # what moves most comes first
    assert "0.750" in said and "and 45 channels" in said


def test_a_motion_of_an_unknown_rig(tmp_path, capsys):
    rig = Rig("strange", (Channel("ear", "neck", "coefficient", -9, 9),))
    write_motion(Motion(np.ones((1, 1)), 30, rig), tmp_path / "a.npz")
    said = inspected(capsys, tmp_path / "a.npz")
    assert "strange, 1 channels" in said and "ear" in said and "coefficient" in said


def test_a_style(tmp_path, capsys):
    write_style(Style(np.zeros(8), "abc123", "calm"), tmp_path / "a.safetensors")
    said = inspected(capsys, tmp_path / "a.safetensors")
    assert said.startswith("style\n") and "calm" in said and "abc123" in said


@pytest.mark.parametrize("name", ["missing.npz", "missing.safetensors", "text.npz", "text.safetensors", "text.txt", "a.pt"])
def test_anything_else_is_one_line(tmp_path, capsys, name):
    if not name.startswith("missing"):
        (tmp_path / name).write_text("plain text, neither motion nor model")
    assert main(["inspect", str(tmp_path / name)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("visavox: ") and err.count("\n") == 1 and name in err


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("a.wav", "sound    16000 Hz, 2 channels, pcm_s16le, 1.00 s"),
        ("a.mp3", "sound    16000 Hz, 2 channels, mp3"),
        ("a.mp4", "film     64 x 64 pixels, mpeg4, 25 fps, 1.00 s"),
        ("a.png", "picture  3 x 2 pixels, png"),
    ],
)
def test_sound_films_and_pictures(tmp_path, capsys, name, says):
    if name == "a.mp4":
        recordings.write_silent_film(tmp_path / name)
    elif name == "a.png":
        (tmp_path / name).write_bytes(png_bytes(np.zeros((2, 3, 3), np.uint8)))
    else:
        recordings.write_with_libsndfile(tmp_path / name, 1.0, 16000)
    assert inspected(capsys, tmp_path / name).startswith(says)


def test_a_take_of_live_link_and_a_table_that_is_none(tmp_path, capsys):
    motion = Motion(np.zeros((50, len(ARKIT))), 25, ARKIT).with_channels({"jawOpen": np.linspace(0, 0.75, 50)})
    export(motion, tmp_path / "a.csv")
    said = inspected(capsys, tmp_path / "a.csv")
    assert "50 frames at 25 fps, 2.00 s" in said and said.index("jawOpen") < said.index("eyeBlinkLeft") and "in 100 % of the frames" in said
    (tmp_path / "list.csv").write_text("path,seed\na.wav,1\n")
    assert main(["inspect", str(tmp_path / "list.csv")]) == 2
    assert "is a table, not a take of Live Link" in capsys.readouterr().err


def test_a_character(tmp_path, capsys):
    MadeCharacter(["jawOpen", "mouthSmileLeft", "wings"], ["Head"]).save(tmp_path / "a.glb")
    assert "moves 2 of 3 shapes; head: Head" in inspected(capsys, tmp_path / "a.glb")
    MadeCharacter(["wings"]).save(tmp_path / "b.glb")
    assert "1 meshes" in inspected(capsys, tmp_path / "b.glb")


def test_a_folder_is_no_recording(tmp_path, capsys):
    assert main(["inspect", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "is a folder; name a file in it, or see what a store holds: visavox store info" in error and error.count("\n") == 1

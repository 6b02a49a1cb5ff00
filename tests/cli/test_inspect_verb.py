"""`visavox inspect` tells motions, styles and checkpoints apart and says what is in them."""

import numpy as np
import pytest

from visavox.cli import main
from visavox.io.motion import write_motion
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

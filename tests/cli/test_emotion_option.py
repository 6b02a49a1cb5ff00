"""`visavox animate --emotion`: words, what the voice tells, a picture of a face, and words that name nothing."""

import json

import numpy as np
import pytest
from PIL import Image

import recordings
from shared_data import shared_model
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main
from visavox.gestures.emotions.table import EmotionTable
from visavox.io.motion import read_motion
from visavox.motion import Motion
from visavox.render import Camera, render
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny_checkpoint(tmp_path_factory.mktemp("model") / "tiny.safetensors")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    recordings.write_with_libsndfile(tmp_path / "speech.wav", 2.0, 16000)
    monkeypatch.chdir(tmp_path)


def animate(model, *arguments: str) -> int:
    return main(["animate", "speech.wav", "--checkpoint", str(model), "--steps", "2", *arguments])


def test_words_are_laid_over_and_said(model):
    assert animate(model, "-o", "plain.npz") == 0
    assert animate(model, "-o", "brows.npz", "--emotion", "angry 0.8 @ brows") == 0
    plain, brows = read_motion("plain.npz"), read_motion("brows.npz")
    moved = {name for name in plain.rig.names if not np.array_equal(plain.channel(name), brows.channel(name))}
    assert {"browDownLeft", "browDownRight"} <= moved and all(name.startswith("brow") for name in moved)
    assert brows.provenance["emotion"] == "angry 0.8 @ brows" and "emotion" not in plain.provenance
    assert animate(model, "-o", "calm.npz", "--emotion", "neutral") == 0
    assert np.array_equal(read_motion("calm.npz").values, plain.values)


def test_what_the_voice_tells(model):
    assert animate(model, "-o", "auto.npz", "--emotion", "auto") == 0
    assert read_motion("auto.npz").frames == 50


def test_what_the_words_tell_beside_the_voice(model, capsys, tmp_path):
    words = [
        {"word": word, "start": 0.2 * place, "end": 0.2 * place + 0.2} for place, word in enumerate("I am so happy what a joy".split())
    ]
    (tmp_path / "w.json").write_text(json.dumps({"words": words}))
    (tmp_path / "w.txt").write_text("I am so happy! What a joy!")
    (tmp_path / "w.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nI am so happy! What a joy!\n")
    (tmp_path / "de.txt").write_text("Ich bin so froh, dass wir das Spiel gewonnen haben.")
    for transcript, says in (("w.json", "happy"), ("w.txt", "happy, joy"), ("w.vtt", "together: happy"), ("de.txt", "not English")):
        assert animate(model, "-o", "felt.npz", "--emotion", "auto", "--transcript", transcript, "--takes", "1") == 0
        (line,) = (line for line in capsys.readouterr().err.splitlines() if "voice:" in line)
        assert says in line and ("together" in line) == (transcript != "de.txt")
        smile = read_motion("felt.npz").channel("mouthSmileLeft").mean()
        if transcript != "de.txt":
            happier = smile
    assert happier > smile + 0.05
    assert animate(model, "-o", "none.npz", "--emotion", "auto", "--transcript", "w.doc") == 2
    assert "w.doc" in capsys.readouterr().err and not (tmp_path / "none.npz").exists()


@pytest.mark.parametrize(
    "words, says", [("hapy", "did you mean happy"), ("happy 2", "outside"), ("nobody.gif", "no picture"), ("", "is empty")]
)
def test_words_that_name_nothing(model, words, says, capsys, tmp_path):
    assert animate(model, "-o", "face.npz", "--emotion", words) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "--emotion" in error and says in error
    assert sorted(path.name for path in tmp_path.iterdir()) == ["speech.wav"]


def smiling() -> np.ndarray:
    """A picture (H, W, 3) of the default head that smiles broadly."""
    values = np.zeros((1, len(ARKIT)), np.float32)
    values[0, : len(SHAPES)] = EmotionTable.default().weights["happy"][0]
    head, who = Head.default(), Identity("female")
    (picture,) = render(Motion(values, 25.0, ARKIT), head, Camera.portrait(head, who, 320), who)
    return picture


def test_a_picture_of_a_face_is_felt(model, monkeypatch, capsys):
    monkeypatch.setenv("VISAVOX_LANDMARKER", str(shared_model("face_landmarker.task")))
    Image.fromarray(smiling()).save("face.png")
    assert animate(model, "-o", "plain.npz") == 0
    assert animate(model, "-o", "felt.npz", "--emotion", "face.png") == 0
    assert "face.png shows happy" in capsys.readouterr().err
    plain, felt = read_motion("plain.npz"), read_motion("felt.npz")
    assert felt.provenance["emotion"] == "face.png"
    assert felt.channel("mouthSmileLeft").mean() > plain.channel("mouthSmileLeft").mean() + 0.2


def test_a_picture_without_a_model_or_a_face(model, monkeypatch, capsys, tmp_path):
    Image.new("RGB", (64, 64)).save("grey.png")
    monkeypatch.delenv("VISAVOX_LANDMARKER", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    assert animate(model, "-o", "face.npz", "--emotion", "grey.png") == 2
    error = capsys.readouterr().err
    assert "--download" in error and error.count("\n") == 1
    monkeypatch.setenv("VISAVOX_LANDMARKER", str(shared_model("face_landmarker.task")))
    assert animate(model, "-o", "face.npz", "--emotion", "grey.png") == 2
    assert "no face" in capsys.readouterr().err
    assert animate(model, "-o", "face.npz", "--emotion", "none.png") == 2
    assert "none.png" in capsys.readouterr().err and not (tmp_path / "face.npz").exists()

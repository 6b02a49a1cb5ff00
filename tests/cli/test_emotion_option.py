"""`visavox animate --emotion`: words, what the voice tells, and words that name nothing."""

import numpy as np
import pytest

import recordings
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main
from visavox.io.motion import read_motion


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


@pytest.mark.parametrize("words, says", [("hapy", "'happy'"), ("happy 2", "outside"), ("nobody.png", "no file"), ("", "happy 0.6")])
def test_words_that_name_nothing(model, words, says, capsys, tmp_path):
    assert animate(model, "-o", "face.npz", "--emotion", words) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "--emotion" in error and says in error
    assert sorted(path.name for path in tmp_path.iterdir()) == ["speech.wav"]

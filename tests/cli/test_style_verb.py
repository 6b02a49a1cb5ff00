"""`visavox style`: the style of a motion file, and what cannot be one."""

from dataclasses import replace

import numpy as np
import pytest

import recordings
from tiny_checkpoint import write_tiny_checkpoint
from visavox.cli import main
from visavox.io.motion import read_motion, write_motion
from visavox.io.style import read_style
from visavox.loading import load
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.flame import FLAME, FLAME_GENERATED


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder: a model that moves FLAME, motions of 130 and of 99 frames (a window has 100), one of another rig, a recording."""
    monkeypatch.chdir(tmp_path)
    write_tiny_checkpoint(tmp_path / "flame.safetensors", FLAME_GENERATED, 100)
    random = np.random.default_rng(0)
    for name, rig, frames in (("long", FLAME, 130), ("short", FLAME, 99), ("arkit", ARKIT, 130)):
        write_motion(Motion(random.uniform(0, 0.2, (frames, len(rig))), 25, rig), f"{name}.npz")
    recordings.write_with_libsndfile(tmp_path / "speech.wav", 0.2, 16000)
    return tmp_path


def style(*arguments: str) -> int:
    return main(["style", *arguments, "--checkpoint", "flame.safetensors"])


def test_it_is_the_animator_s_and_the_model_speaks_so(folder, capsys):
    assert style("long.npz", "-o", "someone.safetensors") == 0
    assert capsys.readouterr().out.endswith("wrote someone.safetensors: style long, 4 numbers from 5.2 s of a motion\n")
    written, wanted = read_style("someone.safetensors"), load("flame.safetensors").extract_style(read_motion("long.npz"))
    assert np.array_equal(written.vector, wanted.vector) and written.encoder == wanted.encoder
    command = ["animate", "speech.wav", "--checkpoint", "flame.safetensors", "--steps", "2"]
    assert main([*command, "-o", "without.npz"]) == 0 and main([*command, "--style", "someone.safetensors", "-o", "with.npz"]) == 0
    assert not np.array_equal(read_motion("without.npz").values, read_motion("with.npz").values)


@pytest.mark.parametrize(("arguments", "says"), [
    (["short.npz"], "99 frames, shorter than the 100 that the style encoder reads; give at least 4 s"),
    (["arkit.npz"], "rig 'arkit', this model moves 'flame-generated'; retarget it first"),
    (["gone.npz"], "gone.npz does not exist"),
    (["speech.wav"], "speech.wav"),
    (["long.npz", "-o", "no.npz"], "the output no.npz ends in .npz"),
])  # fmt: skip
def test_what_has_no_style_is_said_in_one_line(folder, capsys, arguments, says):
    before = sorted(folder.iterdir())
    assert style("-o", "no.safetensors", *arguments) == 2
    out, said = capsys.readouterr()
    assert out == "" and says in said and said.count("\n") == 1 and sorted(folder.iterdir()) == before


@pytest.mark.parametrize(("file", "says"), [("TH217.npy", "visavox convert diffposetalk"), ("long.npz", "visavox style MOTION.npz")])
def test_a_file_that_is_not_yet_a_style_is_told_how_to_become_one(folder, capsys, file, says):
    command = ["animate", "speech.wav", "--checkpoint", "flame.safetensors", "--style", file, "-o", "no.npz"]
    assert main(command) == 2
    said = capsys.readouterr().err
    assert says in said and said.count("\n") == 1


def test_what_is_felt_is_no_style(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_tiny_checkpoint(tmp_path / "arkit.safetensors", ARKIT, 100)
    plain = Motion(np.random.default_rng(0).uniform(0, 0.2, (130, len(ARKIT))), 25, ARKIT)
    write_motion(replace(plain, provenance={"emotion": "happy 0.8"}), "felt.npz")
    command = ["style", "felt.npz", "--checkpoint", "arkit.safetensors"]
    assert main([*command, "-o", "as_it_is.safetensors"]) == 0 and "made to feel 'happy 0.8'" in capsys.readouterr().err
    assert main([*command, "-o", "calm.safetensors", "--felt", "happy 0.8"]) == 0 and capsys.readouterr().err == ""
    assert not np.array_equal(read_style("as_it_is.safetensors").vector, read_style("calm.safetensors").vector)
    assert main([*command, "-o", "no.safetensors", "--felt", "hapy"]) == 2 and "hapy" in capsys.readouterr().err

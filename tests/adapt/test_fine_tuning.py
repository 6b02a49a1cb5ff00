"""`visavox train denoiser STORE --from ...`: from takes of one person to a checkpoint that speaks as that person, killed or not."""

import json
import os
import shutil
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import soundfile

from tiny_checkpoint import tiny_checkpoint, write_tiny_checkpoint
from visavox.adapt import denoising, manner
from visavox.audio import Audio
from visavox.checkpoint import load, save
from visavox.cli import main
from visavox.gestures import head_fit
from visavox.io.motion import write_motion
from visavox.loading import load as load_animator
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.rigs.arkit import ARKIT, HEAD
from visavox.train import state
from visavox.train.log import read_log

pytest.importorskip("pyarrow")
SHORT = 75  # frames of a take, as of GRID: less than a window of the model


def write_takes(folder, takes: int, frames: int = SHORT, rig: Rig = ARKIT):
    """Takes of somebody whose jaw follows the sound, who smiles by .4 and nods slowly by 3 degrees."""
    folder.mkdir(parents=True)
    for number in range(takes):
        random = np.random.default_rng([number, takes])
        loud = np.repeat(random.uniform(0, 1, frames // 5), 5)
        values = np.zeros((frames, len(rig)), np.float32)
        values[:, rig.index("jawOpen")] = 0.4 * loud
        values[:, rig.indices(["mouthSmileLeft", "mouthSmileRight"])] = 0.4
        if "headPitch" in rig:
            values[:, rig.index("headPitch")] = np.radians(3) * np.sin(np.arange(frames) / 8)
        soundfile.write(folder / f"{number}.wav", 0.2 * np.repeat(loud, 640) * random.normal(size=640 * frames), 16000)
        write_motion(Motion(values, 25, rig), folder / f"{number}.npz")
    return folder


def store_of(folder, takes, speaker="ann", consent="ann agreed | in writing"):
    words = ["--consent", consent, "--licence", "CC0-1.0", "--speaker", speaker, "--source", f"takes of {speaker}"]
    assert main(["store", "import", str(takes), "-o", str(folder), *words]) == 0
    return folder


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch):
    """Few rounds of everything, and few steps between saves."""
    for module, name in ((manner, "ROUNDS"), (head_fit, "ROUNDS"), (head_fit, "TAKES")):
        monkeypatch.setattr(module, name, 1)
    often = {"save_every": 2, "validate_every": 2, "validation_rounds": 1, "log_every": 2}
    quick = partial(denoising.DenoisingPart, loop=replace(denoising.DenoisingPart().loop, **often))
    monkeypatch.setattr(denoising, "DenoisingPart", quick)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    return write_tiny_checkpoint(tmp_path_factory.mktemp("start") / "start.safetensors")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    return store_of(folder / "store", write_takes(folder / "takes", 5))


def tune(store, start, output, *more):
    return main(["train", "denoiser", str(store), "--from", str(start), "-o", str(output), "--batch", "4", *map(str, more)])


def test_a_person_s_takes_become_a_checkpoint_and_its_card(store, start, tmp_path, capsys):
    made_at = tmp_path / "ann.safetensors"
    assert tune(store, start, made_at, "--steps", 3, "--weights-licence", "CC0-1.0", "--card", tmp_path / "card.md") == 0
    said = capsys.readouterr().out
    assert "ann: 15 s in 5 pieces, 1 of them held out" in said and "consent ann agreed | in writing" in said and str(made_at) in said
    before, made = load(start), load(made_at)
    assert made.usual_style.name == "ann" and made.licence == "CC0-1.0" and made.history[:-1] == before.history
    last = made.history[-1]
    assert last.recipe["name"] == "fine-tuning" and last.recipe["parts"] == ["denoiser", "lips", "style"]
    assert {"denoiser", "lips", "style"} <= set(last.recipe["fitted"]) and last.sources[0].consent == "ann agreed | in writing"
    assert made.style_encoder == before.style_encoder
    kept = [name for name in before.weights if not name.startswith("denoiser.")]
    assert all(np.array_equal(before.weights[name], made.weights[name]) for name in kept)
    card = (tmp_path / "card.md").read_text()
    assert "| takes of ann | 5 | 0.00 | CC0-1.0 | ann agreed / in writing |" in card
    assert "Before and after" in card and "| posture (weight) |" in card and "Licence of the weights: CC0-1.0." in card
    motion = load_animator(made_at).animate(Audio(np.full(32000, 0.1, np.float32), 16000))
    assert motion.select(["mouthSmileLeft"]).mean() == pytest.approx(0.4, abs=0.1)  # ann smiles


def test_each_part_can_be_left_out(store, start, tmp_path):
    assert tune(store, start, tmp_path / "a.safetensors", "--fit", "style") == 0
    before, made = load(start), load(tmp_path / "a.safetensors")
    assert all(np.array_equal(before.weights[name], made.weights[name]) for name in before.weights)
    assert made.calibration != before.calibration and "denoiser" not in made.history[-1].recipe["fitted"]
    assert tune(store, start, tmp_path / "b.safetensors", "--fit", "denoiser", "--rank", 0, "--steps", 2) == 0
    made = load(tmp_path / "b.safetensors")
    assert made.calibration == before.calibration and made.usual_style.name == "ann"


class Killed(BaseException):
    """What no code catches, as no code catches a signal 9."""


def test_killed_again_and_again_it_goes_on_to_the_same_file(store, start, tmp_path, monkeypatch):
    few = ("--steps", "12", "--batch", "2", "--fit", "denoiser")
    assert tune(store, start, tmp_path / "whole.safetensors", *few) == 0
    really = os.replace
    for writes in (1, 4, 5):  # of the run's own files: before the first, and before and after the best weights of a later step
        left = [writes]

        def replace_or_die(part, path, left=left):
            left[0] -= 1
            if not left[0]:
                raise Killed
            really(part, path)

        monkeypatch.setattr(os, "replace", replace_or_die)
        with pytest.raises(Killed):
            tune(store, start, tmp_path / "again.safetensors", *few)
        monkeypatch.setattr(os, "replace", really)
        assert not (tmp_path / "again.safetensors").exists()
    assert tune(store, start, tmp_path / "again.safetensors", *few) == 0
    whole, again = (load(tmp_path / f"{name}.safetensors") for name in ("whole", "again"))
    last = [line for line in read_log(tmp_path / "again.run" / "denoiser") if line.get("kind") == "validation"][-1]
    assert whole.history[-1].recipe["fitted"]["denoiser"]["held_out_loss_after"] == pytest.approx(
        last["score"], abs=1e-4
    )  # the best was late
    assert again.weights.keys() == whole.weights.keys() and again.header() == whole.header()
    assert all(np.array_equal(again.weights[name], whole.weights[name]) for name in whole.weights)
    first, second = (state.best_weights(tmp_path / f"{name}.run" / "denoiser") for name in ("whole", "again"))
    assert all(np.array_equal(first[name], second[name]) for name in first)  # to the last bit, which a checkpoint rounds away


def test_what_cannot_be_fitted_says_why_in_one_line(store, start, tmp_path, capsys):
    two = tmp_path / "two"
    shutil.copytree(store, two)
    store_of(two, write_takes(tmp_path / "ben", 4), "ben")
    brief = store_of(tmp_path / "brief", write_takes(tmp_path / "one", 1))
    flat = store_of(tmp_path / "flat", write_takes(tmp_path / "less", 5, rig=Rig("no head", ARKIT.channels[:52])))
    other = tmp_path / "other.safetensors"
    save(tiny_checkpoint(Rig("less", ARKIT.channels[:40])), other)
    out = tmp_path / "x.safetensors"
    capsys.readouterr()
    for where, begin, more, says in (
        (brief, start, (), "has 3.0 s of ann; 10 s or more are wanted"),
        (two, start, (), "has 2 speakers (ann, ben); name one with --speaker"),
        (two, start, ("--speaker", "cy"), "has no speaker 'cy'; it has ann, ben"),
        (flat, start, (), "motion of rig 'no head'; a person is learned from motion of ARKit's channels"),
        (store, other, (), "moves rig 'less'"),
        (store, start, ("--held-out", "1"), "--held-out is for training by a --recipe"),
        (store, tmp_path / "nowhere.safetensors", (), "nowhere.safetensors"),
        (tmp_path, start, (), "is not a store"),
    ):
        assert tune(where, begin, out, *more) == 2
        error = capsys.readouterr().err
        assert says in error and error.count("\n") == 1, error
        assert not out.exists() and not out.with_suffix(".md").exists()
    assert tune(store, start, start) == 2 and "is also an input and would be replaced" in capsys.readouterr().err
    assert tune(store, start, out, "--card", out) == 2 and "end it in one of .md" in capsys.readouterr().err
    assert main(["train", "style", str(store), "--from", str(start)]) == 2
    assert main(["train", "denoiser", str(store)]) == 2
    assert main(["train", "denoiser", str(store), "-o", str(tmp_path / "run"), "--recipe", "default", "--rank", "4"]) == 2
    said = capsys.readouterr().err
    assert "visavox train denoiser STORE --from" in said and "with -o" in said and "--rank is for adapting" in said


def test_the_held_out_loss_is_told_and_nothing_worse_is_kept(store, start, tmp_path):
    assert tune(store, start, tmp_path / "wild.safetensors", "--steps", 2, "--learning-rate", "1.0", "--fit", "denoiser") == 0
    made = load(tmp_path / "wild.safetensors")
    said = made.history[-1].recipe["fitted"]["denoiser"]
    assert said["held_out_loss_after"] <= said["held_out_loss_before"]
    assert json.loads(json.dumps(said)) == said and set(HEAD) <= set(made.rig.names)

"""`visavox animate`: the sampler, the threshold, and who a model of FLAME is told speaks."""

import os

import numpy as np
import pytest

import recordings
import visavox.animate
import visavox.loading
import visavox.sampling
from tiny_checkpoint import write_tiny_checkpoint, write_tiny_style
from visavox.cli import main
from visavox.diffusion.guidance import Threshold, independent
from visavox.io.motion import read_motion
from visavox.rigs.flame import FLAME_GENERATED


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    flame = write_tiny_checkpoint(folder / "flame.safetensors", FLAME_GENERATED, 100)
    return {"arkit": write_tiny_checkpoint(folder / "arkit.safetensors"), "flame": flame}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty current folder but for a recording and two faces of FLAME."""
    recordings.write_with_libsndfile(tmp_path / "speech.wav", 0.5, 16000)
    np.save(tmp_path / "someone.npy", np.full(100, 0.5, np.float32))
    np.save(tmp_path / "frames.npy", np.full((7, 100), 0.5, np.float32))
    np.save(tmp_path / "short.npy", np.zeros(40, np.float32))
    np.savez(tmp_path / "face.npz", shape=np.zeros(100, np.float32))
    (tmp_path / "text.npy").write_text("no array")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def values(model, name: str, *arguments: str) -> np.ndarray:
    assert main(["animate", "speech.wav", "--checkpoint", str(model), "--steps", "3", "-o", f"{name}.npz", *arguments]) == 0
    return read_motion(f"{name}.npz").values


def test_each_sampler_draws_its_own_way(models, folder):
    made = {name: values(models["arkit"], name, "--sampler", name) for name in ("ddpm", "ddim", "dpm-solver")}
    assert np.array_equal(made["dpm-solver"], values(models["arkit"], "usual"))
    assert not np.array_equal(made["ddpm"], made["ddim"]) and not np.array_equal(made["ddim"], made["dpm-solver"])


def test_the_threshold_reaches_every_prediction(models, folder, monkeypatch):
    # the largest value is the limit, so nothing is cut
    assert np.array_equal(values(models["flame"], "whole", "--threshold", "1"), values(models["flame"], "usual"))
    seen = []
    clamp = visavox.sampling.Threshold.clamp
    monkeypatch.setattr(visavox.sampling.Threshold, "clamp", lambda self, x0: seen.append(self) or clamp(self, x0))
    values(models["flame"], "half", "--threshold", "0.5")
    assert len(seen) == 3 and (seen[0].quantile, seen[0].low, seen[0].high, seen[0].per_branch) == (0.5, 1.0, 4.0, True)


def test_what_is_published_can_be_asked_for(models, folder, monkeypatch):
    """Sheet 3: ancestral sampling over all steps, independent or incremental guidance, thresholds, no fade between windows."""
    seen, animate = [], visavox.animate.Animator.animate
    monkeypatch.setattr(visavox.animate.Animator, "animate", lambda *a, **named: seen.append(named["sampling"]) or animate(*a, **named))
    published = ["--sampler", "ddpm", "--audio-guidance", "1.15", "--style-guidance", "3", "--threshold", "0.99", "--blend", "0"]
    published += ["--lockstep", "1"]
    values(models["flame"], "published", *published)
    values(models["flame"], "other", "--guide", "independent", "--threshold", "0.9", "--threshold-guided")
    values(models["flame"], "usual")
    first, second, usual = seen
    assert (first.sampler, first.audio_guidance, first.style_guidance, first.blend) == ("ddpm", 1.15, 3.0, 0.0) and first.lockstep == 1
    assert first.threshold == Threshold(0.99, 1.0, 4.0, per_branch=True) and first.guide is None  # as it was trained
    assert second.guide is independent and second.threshold == Threshold(0.9, per_branch=False)
    assert usual == visavox.sampling.Sampling(steps=3)


def test_guidance_blend_and_place_of_the_threshold_change_the_motion(models, folder):
    write_tiny_style(folder / "style.safetensors", models["flame"])
    style = ["--style", "style.safetensors", "--style-guidance", "4", "--audio-guidance", "3"]
    made = {name: values(models["flame"], name, *style, *arguments) for name, arguments in (
        ("usual", []), ("independent", ["--guide", "independent"]), ("each", ["--threshold", "0.5"]),
        ("guided", ["--threshold", "0.5", "--threshold-guided"]),
    )}  # fmt: skip
    assert not np.array_equal(made["usual"], made["independent"]) and not np.array_equal(made["each"], made["guided"])
    recordings.write_with_libsndfile(folder / "speech.wav", 4.4, 16000)  # two windows
    faded, cut = values(models["flame"], "faded", *style), values(models["flame"], "cut", *style, "--blend", "0")
    changed = np.flatnonzero((faded != cut).any(1))
    assert changed.min() >= 90 and changed.max() == 99  # the last 10 frames of the first window


def test_a_model_of_flame_is_told_who_speaks(models, folder):
    nobody, someone = values(models["flame"], "nobody"), values(models["flame"], "someone", "--identity", "someone.npy")
    assert read_motion("someone.npz").rig == FLAME_GENERATED and not np.array_equal(nobody, someone)
    assert np.array_equal(someone, values(models["flame"], "again", "--identity", "frames.npy"))


@pytest.mark.parametrize(("model", "arguments", "says"), [
    ("arkit", ["--sampler", "dmp-solver"], "no sampler 'dmp-solver', did you mean dpm-solver?; choose one of ddpm, ddim, dpm-solver"),
    ("arkit", ["--guide", "indepedent"], "no guide 'indepedent', did you mean independent?"),
    ("arkit", ["--threshold-guided"], "add --threshold"),
    ("arkit", ["--blend", "2"], "'2' is not a number from 0 to 1"),
    ("arkit", ["--threshold", "0.2"], "'0.2' is not a number from 0.5 to 1"),
    ("arkit", ["--threshold", "high"], "'high' is not a number"),
    ("arkit", ["--identity", "someone.npy"], "is a shape of FLAME, this model moves 'arkit'"),
    ("flame", ["--identity", "someone"], "a preset of the default head; a FLAME head takes a shape file"),
    ("flame", ["--identity", "gone.npy"], "gone.npy does not exist"),
    ("flame", ["--identity", "short.npy"], "(40,), a face of FLAME has (100,) numbers"),
    ("flame", ["--identity", "text.npy"], "text.npy is damaged or of another kind"),
    ("flame", ["--identity", "./face.npz"], "also an input"),
    ("flame", ["-o", "face.mp4"], "needs your FLAME head"),
    ("flame", ["-o", "face.mp4", "--head", "gone.safetensors"], "gone.safetensors does not exist"),
    ("flame", ["-o", "face.mp4", "--head", "speech.wav"], "speech.wav is not a .safetensors file"),
    ("flame", ["-o", "face.mp4", "--head", "gone.safetensors", "--identity", "short.npy"], "(40,), a face of FLAME has (100,) numbers"),
    ("arkit", ["-o", "face.mp4", "--head", "gone.safetensors"], "--head is for .glb"),
])  # fmt: skip
def test_what_does_not_fit_is_said_before_anything_is_loaded(models, folder, capsys, monkeypatch, model, arguments, says):
    def loaded(*_):
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(visavox.loading, "load", loaded)
    before = sorted(os.listdir(folder))
    assert main(["animate", "speech.wav", "--checkpoint", str(models[model]), "-o", "face.npz", *arguments]) == 2
    out, said = capsys.readouterr()
    assert out == "" and says in said and said.count("\n") == 1
    assert sorted(os.listdir(folder)) == before


def test_a_motion_without_a_style_names_the_models_usual_one(models, folder):
    values(models["arkit"], "usual")
    assert read_motion("usual.npz").provenance["style"] == "average"

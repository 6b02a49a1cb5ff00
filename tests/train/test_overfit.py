"""DiffPoseTalk's recipe at reduced width and window learns a dozen clips by heart, and follows the style that it is told."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent))
from paper_small import HEAD, Folding, small_recipe, write_store  # noqa: E402

from visavox.animate import Animator, Sampling  # noqa: E402
from visavox.audio import Audio  # noqa: E402
from visavox.models.hubert import standardise  # noqa: E402
from visavox.recipes.diffposetalk import prepare, train_denoiser, train_style  # noqa: E402
from visavox.style import Identity, Style  # noqa: E402
from visavox.train.log import read_log  # noqa: E402

WINDOW = 40


def quiet(text, flush=True):
    """Takes the lines of a run."""


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """The stage after training, and the folder of the runs."""
    folder = tmp_path_factory.mktemp("runs")
    recipe = small_recipe(clips=12, window=WINDOW)
    fast = {"warm_up": 50, "final_share": 0.02, "validate_every": 0, "save_every": 10_000, "log_every": 50}
    recipe = replace(
        recipe, held_out=0, style=replace(recipe.style, persons=6, frames=WINDOW),
        style_loop=replace(recipe.style_loop, **fast, steps=150, learning_rate=1e-3),
        pairs_loop=replace(recipe.pairs_loop, **fast, steps=700, learning_rate=4e-3, ema=0.98),
    )  # fmt: skip
    stage = prepare(recipe, write_store(folder / "store"), Folding())
    train_style(stage, folder, quiet)
    train_denoiser(stage, HEAD, folder, quiet)
    return stage, folder


def hear(engine, audio, frames, padded):
    samples = torch.zeros(padded * 640)
    samples[: audio.samples.size] = standardise(torch.tensor(audio.samples))
    return engine.encode_audio(samples.numpy())


def spoken(stage, sound: str, style: str) -> tuple[np.ndarray, np.ndarray]:
    """Three takes (3, 80, 54) and the true motion (80, 54) of the first clip of speaker `sound`, in the style of speaker `style`."""
    model, clips = stage.model, {clip.name: clip for clip in stage.clips.clips}
    samples, motion = clips[f"{sound}/0"].cut(0, 2 * WINDOW)
    windows = np.stack([clips[f"{style}/{number}"].motion[:WINDOW] for number in (0, 1)])
    vector = model.encode_style(model.normalizer.normalise(windows)).mean(0)
    animator = Animator(model, "this", (), hear)
    face = Identity("everybody", clips[f"{sound}/0"].identity)
    sampling = Sampling(10, 1.0, 1.0)
    made = animator.takes(Audio(samples, 16_000), Style(vector, "this"), seeds=(0, 1, 2), identity=face, sampling=sampling)
    return np.stack([take.values for take in made]), motion


def test_losses_fall_to_a_fraction(learned):
    stage, folder = learned
    style, denoiser = read_log(folder / "style"), read_log(folder / "denoiser")
    assert style[-1]["contrast"] < 0.3 < np.log(11)  # log 11 is what chance gives
    for name in ("simple", "vertex", "vertex_velocity", "head_angle"):
        assert denoiser[-1][name] < 0.15 * denoiser[0][name], name


def test_the_clips_come_back(learned):
    """Sampled in their own style, the clips differ from the truth by a few hundredths of the clips' variance; a take that starts
    out towards another speaker, as so small a network sometimes does, is allowed for."""
    stage, _ = learned
    normal = stage.model.normalizer.normalise
    variance = normal(np.concatenate([clip.motion for clip in stage.clips.clips])).var(0).mean()
    takes = [spoken(stage, speaker, speaker) for speaker in stage.clips.speakers]
    errors = np.concatenate([np.square(normal(made) - normal(true)).mean((1, 2)) for made, true in takes])
    assert np.median(errors) < 0.08 * variance and errors.mean() < 0.12 * variance


def test_a_swapped_style_changes_the_motion_in_its_direction(learned):
    """The six styles open the mouth more and more: the same sound follows the style that is told, not the speaker's own."""
    stage, _ = learned
    jaw = stage.model.rig.index("jawX")
    for sound in ("p0", "p5"):
        opened = [np.median(spoken(stage, sound, style)[0][..., jaw].std(1)) for style in ("p0", "p3", "p5")]
        assert opened[0] < 0.8 * opened[1] and opened[1] < opened[2]
    small, large = (spoken(stage, "p0", style)[0] for style in ("p0", "p5"))
    truth = spoken(stage, "p5", "p5")[1]
    assert np.abs(np.median(large, 0) - truth.mean(0)).mean() < np.abs(np.median(small, 0) - truth.mean(0)).mean()

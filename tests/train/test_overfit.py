"""DiffPoseTalk's recipe at reduced width and window learns a dozen clips by heart, and follows the style that it is told."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from paper_small import Folding, restyled, small_recipe, write_store  # noqa: E402

from flame_like import egg, flame_like, head_arrays  # noqa: E402
from visavox.animate import Animator  # noqa: E402
from visavox.audio import Audio  # noqa: E402
from visavox.diffusion.schedule import cosine_schedule  # noqa: E402
from visavox.encoding import Encoded, RecordingEncoder  # noqa: E402
from visavox.models.conditions import Conditions  # noqa: E402
from visavox.models.hubert import standardise  # noqa: E402
from visavox.models.torch_engine import TorchEngine  # noqa: E402
from visavox.recipes.diffposetalk import prepare, train_denoiser, train_style  # noqa: E402
from visavox.rigs.heads.flame_head import FlameHead  # noqa: E402
from visavox.sampling import Sampling  # noqa: E402
from visavox.style import FlameIdentity, Style  # noqa: E402
from visavox.train.log import read_log  # noqa: E402

WINDOW = 30
HEAD = FlameHead.from_arrays(head_arrays(flame_like(*egg(6, 8))))


def quiet(text, flush=True):
    """Takes the lines of a run."""


@pytest.fixture(scope="module")
def learned(tmp_path_factory):
    """The stage after training, and the folder of the runs."""
    folder = tmp_path_factory.mktemp("runs")
    recipe = small_recipe(clips=12, window=WINDOW)
    # Of 200,000 steps only 500 are taken: a higher rate that falls, and averages of gradients and weights that are as much shorter.
    fast = {"warm_up": 50, "final_share": 0.02, "betas": (0.9, 0.99), "validate_every": 0, "save_every": 10_000, "log_every": 50}
    recipe = replace(
        recipe, held_out=0, rounds=20, style=replace(recipe.style, persons=6, frames=WINDOW),
        style_loop=replace(recipe.style_loop, **fast, steps=150, learning_rate=1e-3),
        pairs_loop=replace(recipe.pairs_loop, **fast, steps=500, learning_rate=3e-3, ema=0.95),
    )  # fmt: skip
    stage = prepare(recipe, write_store(folder / "store"), Folding())
    train_style(stage, folder, quiet)
    train_denoiser(stage, HEAD, folder, quiet)
    return stage, folder


def hear(engine, audio, frames, padded, at_once):
    samples = torch.zeros(padded * 640)
    samples[: audio.samples.size] = standardise(torch.tensor(audio.samples))
    return Encoded(*engine.encode(samples.numpy()))


def spoken(stage, sound: str, style: str) -> tuple[np.ndarray, np.ndarray]:
    """Three takes (3, 60, 54) and the true motion (60, 54) of the first clip of speaker `sound`, in the style of speaker `style`."""
    model, clips = stage.model, {clip.name: clip for clip in stage.clips.clips}
    samples, motion = clips[f"{sound}/0"].cut(0, 2 * WINDOW)
    windows = np.stack([clips[f"{style}/{number}"].motion[:WINDOW] for number in (0, 1)])
    engine = TorchEngine(model)
    vector = engine.encode_style(model.normalizer.normalise(windows)).mean(0)
    animator = Animator(engine, "this", (), RecordingEncoder(engine, hear))
    face = FlameIdentity(clips[f"{sound}/0"].identity)
    sampling = Sampling(10, 1.0, 1.0)
    made = animator.takes(Audio(samples, 16_000), Style(vector, "this"), seeds=(0, 1, 2), identity=face, sampling=sampling)
    return np.stack([take.values for take in made]), motion


def variance_of(stage) -> float:
    """The variance of all clips' normalised motion, the measure of every error below."""
    return float(stage.model.normalizer.normalise(np.concatenate([clip.motion for clip in stage.clips.clips])).var(0).mean())


def test_losses_fall_to_a_fraction(learned):
    stage, folder = learned
    style, denoiser = read_log(folder / "style"), read_log(folder / "denoiser")
    assert style[-1]["contrast"] < 0.3 < np.log(11)  # log 11 is what chance gives
    for name in ("simple", "vertex", "head_angle"):
        assert denoiser[-1][name] < 0.06 * denoiser[0][name], name
    assert denoiser[-1]["vertex_velocity"] < 0.15 * denoiser[0]["vertex_velocity"]


def test_half_of_the_noise_is_taken_away_almost_exactly(learned):
    """At step 250 of 500 less than a hundredth of the clips' variance is missed, in the first window."""
    stage, _ = learned
    model, schedule, missed = stage.model, cosine_schedule(500), []
    for number, clip in enumerate(stage.clips.clips):
        samples, motion = clip.cut(0, 2 * WINDOW)
        true, other = torch.tensor(model.normalizer.normalise(motion))[None].split(WINDOW, 1)
        noise = torch.randn(true.shape, generator=torch.Generator().manual_seed(number))
        with torch.no_grad():
            heard = model.features(standardise(torch.tensor(samples).float()[None])[:, : WINDOW * 640])
            face = model.identity_normalizer.normalise(torch.tensor(clip.identity)[None])
            told = Conditions(heard, torch.ones(1, WINDOW), None, None, model.style_encoder(other), face)
            noisy = float(schedule.signal[250]) * true + float(schedule.noise[250]) * noise
            made = model(noisy, torch.tensor([250]), told)[:, -WINDOW:]
        missed.append(float((made - true).square().mean()))
    assert np.mean(missed) < 0.01 * variance_of(stage)


def test_the_clips_come_back(learned):
    """Sampled from pure noise in their own style, the clips differ from the truth by 1.7 % of their variance in the middle and 2.7 % in the
    mean (6 % allowed: with other first weights of the encoder the mean was 1.6 to 3.0 %). What is missed is decided
    at the noisiest steps, where the style alone tells who speaks."""
    stage, _ = learned
    normal = stage.model.normalizer.normalise
    takes = [spoken(stage, speaker, speaker) for speaker in stage.clips.speakers]
    errors = np.concatenate([np.square(normal(made) - normal(true)).mean((1, 2)) for made, true in takes])
    assert np.median(errors) < 0.06 * variance_of(stage) and errors.mean() < 0.06 * variance_of(stage)


def test_a_swapped_style_gives_the_motion_of_that_manner(learned):
    """The six manners open the mouth more and more, in known proportion: the same sound follows the style that is told, not its own.
    The motion of that sound in that manner is known, and missed by up to 2.1 % of the variance; the own manner is 85 to 560 % away."""
    stage, _ = learned
    rig, normal = stage.model.rig, stage.model.normalizer.normalise
    jaw = rig.index("jawX")
    for sound, told in ((0, 3), (0, 5), (5, 0), (5, 3)):
        made, own = spoken(stage, f"p{sound}", f"p{told}")
        wanted = restyled(own, rig, sound, told)
        missed, stayed = (np.median(np.square(normal(made) - normal(true)).mean((1, 2))) for true in (wanted, own))
        assert missed < 0.06 * variance_of(stage) < 0.5 * variance_of(stage) < stayed
        assert np.median(made[..., jaw].std(1)) == pytest.approx(wanted[:, jaw].std(), rel=0.15)

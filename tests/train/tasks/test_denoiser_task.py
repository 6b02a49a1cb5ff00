"""The third task: nothing is lost on a perfect prediction, lips are measured in millimetres, and only the denoiser learns."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from small_corpus import encoded_recordings, small_face, small_recordings

from visavox.diffusion.schedule import cosine_schedule
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap, mouth_width
from visavox.train.face_losses import LipGeometry
from visavox.train.tasks.denoiser import DenoisingConfig, DenoisingTask
from visavox.train.terms import weighted

CONFIG = DenoisingConfig(clips=4)
SCHEDULE = cosine_schedule(50)


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.from_asset(read_head_asset())


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("denoising")
    return encoded_recordings(folder, small_recordings(folder))


@pytest.fixture
def task(recordings, head) -> DenoisingTask:
    torch.manual_seed(0)
    return DenoisingTask(small_face(recordings), recordings, SCHEDULE, LipGeometry(head), CONFIG)


def losses_of(task: DenoisingTask, prediction, target, exists) -> dict:
    return weighted(task.config.terms, task.result(prediction, target, exists))


def everything(batch: int = 4, frames: int = 110):
    return torch.full((batch, frames), 1.0)


def test_lips_are_measured_in_millimetres(head):
    lips = LipGeometry(head)
    rest = head.neutral()
    near = np.linalg.norm(rest - rest[head.lip_points[:2]].mean(0), axis=1) < 0.035
    weights = np.zeros((1, len(ARKIT)), np.float32)
    weights[0, ARKIT.indices(("jawOpen", "mouthPucker"))] = 0.6, 0.3
    shapes = dict(zip(head.shape_names, head.shapes, strict=True))
    moved = 1000 * (0.6 * shapes["jawOpen"] + 0.3 * shapes["mouthPucker"])[near]
    wanted = (moved**2).sum(1).mean()
    assert (torch.from_numpy(weights) @ lips.vertices).square().sum().item() == pytest.approx(wanted, rel=1e-3)
    eyes = 1000 * np.linalg.norm(rest[head.lip_points[4]] - rest[head.lip_points[5]])
    gap = lip_gap(head, Motion(weights, 25, ARKIT))[0] * eyes
    assert (torch.from_numpy(weights) @ lips.gap).item() == pytest.approx(gap, rel=0.02)
    still = Motion(np.zeros((1, len(ARKIT))), 25, ARKIT)
    wider = (mouth_width(head, Motion(weights, 25, ARKIT)) - mouth_width(head, still))[0] * eyes
    assert (torch.from_numpy(weights) @ lips.width).item() == pytest.approx(wider, rel=0.02)


def test_a_perfect_prediction_loses_nothing_but_its_own_unrest(task):
    target = torch.randn(4, 110, len(ARKIT))
    losses = losses_of(task, target, target, everything())
    smooth = losses.pop("head_smooth")
    assert all(value == 0 for value in losses.values()) and smooth > 0
    still = torch.zeros(4, 110, len(ARKIT))
    assert all(value == 0 for value in losses_of(task, still, still, everything()).values())


def test_losses_against_their_formulas(task):
    target = torch.zeros(4, 110, len(ARKIT))
    wrong = target.clone()
    head = ARKIT.indices(("headPitch",))[0]
    wrong[..., head] = 0.5
    losses = losses_of(task, wrong, target, everything())
    assert losses["simple"].item() == pytest.approx(0.25 / len(ARKIT), rel=1e-5)
    assert losses["head"].item() == pytest.approx(0.4 * 0.25 / 3, rel=1e-5)
    for name in ("mouth", "vertex", "gap", "width", "head_speed", "vertex_speed", "head_smooth"):
        assert losses[name].item() == pytest.approx(0, abs=1e-9), name

    jaw = target.clone()
    jaw[..., ARKIT.index("jawOpen")] = 0.5
    losses = losses_of(task, jaw, target, everything())
    moved = torch.zeros(len(ARKIT))
    moved[ARKIT.index("jawOpen")] = 0.5 * task.model.normalizer.std[ARKIT.index("jawOpen")]
    assert losses["vertex"].item() == pytest.approx(0.4 * (moved @ task.lips.vertices).square().sum().item(), rel=1e-4)
    assert losses["gap"] > 0 and losses["mouth"] > 0 and losses["head"] == 0


def test_a_gap_counts_more_where_the_lips_are_nearly_shut(task):
    """The same error costs up to three times as much around closed lips."""
    jaw = ARKIT.index("jawOpen")
    normalizer = task.model.normalizer
    costs = []
    for opening in (0.0, 0.9):
        truth = torch.zeros(4, 110, len(ARKIT))
        truth[..., jaw] = opening
        target = normalizer.normalise(truth)
        wrong = target.clone()
        wrong[..., jaw] += 0.2
        costs.append(losses_of(task, wrong, target, everything())["gap"].item())
    assert costs[0] / costs[1] == pytest.approx(3, rel=0.05)


def test_frames_that_do_not_exist_do_not_count(task):
    target, wrong = torch.zeros(4, 110, len(ARKIT)), torch.zeros(4, 110, len(ARKIT))
    wrong[:, 60:] = 5.0
    valid = everything()
    valid[:, 60:] = 0
    losses = losses_of(task, wrong, target, valid)
    assert all(value == 0 for value in losses.values()), losses


def test_the_head_s_unrest_is_the_mean_over_the_frames_that_exist(task):
    """Of 110 frames 60 exist in one clip and 30 in the others: 58 + 3 x 28 second differences, of which the one at a step of 1 is 1, -1."""
    wrong, head = torch.zeros(4, 110, len(ARKIT)), ARKIT.index("headPitch")
    wrong[0, 20:, head] = 1.0
    wrong[1, 40:, head] = 100.0  # after its end
    valid = (torch.arange(110) < torch.tensor([60, 30, 30, 30])[:, None]).float()
    expected = CONFIG.head_smooth * (1 + 1) / 3 / (58 + 3 * 28)
    assert losses_of(task, wrong, wrong, valid)["head_smooth"].item() == pytest.approx(expected, rel=1e-5)


def test_noise_is_mixed_as_the_schedule_says(task):
    clean = torch.full((4000, 1, 1), 2.0)
    step, noisy = task.diffuse(clean, np.random.default_rng(0))
    assert step.min() >= 1 and step.max() <= 50
    late = noisy[step > 45].flatten()
    early = noisy[step < 3].flatten()
    assert early.mean().item() == pytest.approx(2, abs=0.1) and late.mean().item() < 0.6
    kept = torch.from_numpy(SCHEDULE.kept.astype(np.float32))[step]
    noise = (noisy.flatten() - kept.sqrt() * 2) / (1 - kept).sqrt()
    assert noise.std().item() == pytest.approx(1, rel=0.05) and noise.mean().item() == pytest.approx(0, abs=0.05)


def test_shares_of_what_is_left_out(recordings, head):
    task = DenoisingTask(small_face(recordings), recordings, SCHEDULE, LipGeometry(head), replace(CONFIG, clips=20000))
    nulls = task.left_out(20000, np.random.default_rng(0))
    style, audio, first = (np.asarray(mask).mean() for mask in (nulls.style, nulls.audio, nulls.context))
    assert audio == pytest.approx(CONFIG.nothing, abs=0.01) and style == pytest.approx(CONFIG.nothing + CONFIG.no_style, abs=0.01)
    assert first == pytest.approx(CONFIG.first_window, abs=0.02)
    assert not (np.asarray(nulls.audio) & ~np.asarray(nulls.style)).any()  # never style without sound
    cut = (task.existing_frames(np.random.default_rng(0)).sum(1) < 100).float().mean().item()
    assert cut == pytest.approx(CONFIG.truncated, abs=0.02)


def test_a_batch_lines_up_motion_sound_and_another_recordings_style(task, recordings):
    start, chosen = recordings.draw(4, 110, np.random.default_rng(3))
    motion, features, style = task.batch(np.random.default_rng(3))
    assert motion.shape == (4, 110, len(ARKIT)) and features.shape == (4, 110, 16) and style.shape == (4, 100, len(ARKIT))
    for clip, first in enumerate(start):
        np.testing.assert_allclose(motion[clip], recordings.motion[first : first + 110], atol=1e-6)
        copies = recordings.features[first : first + 110].astype(np.float32)
        assert sum(np.array_equal(features[clip], copies[:, copy]) for copy in range(copies.shape[1])) == 1
    assert len(chosen) == 4


def test_gradients_reach_the_denoiser_and_not_the_frozen_encoders(task):
    task.model.train()
    task.config = replace(CONFIG, first_window=0.5, clips=8)  # so that some windows are first and some are not
    sum(task.losses(np.random.default_rng(0)).values()).backward()
    reached = {name for name, parameter in task.model.named_parameters() if parameter.grad is not None and parameter.grad.abs().sum() > 0}
    assert not [name for name in reached if name.startswith(("audio_encoder.", "style_encoder."))]
    denoiser = {name for name, _ in task.model.named_parameters() if name.startswith("denoiser.")}
    # each frame listens to one moment of sound only, so there is nothing for the queries to choose from
    assert all(".attend_audio" in name for name in denoiser - reached)
    assert {"audio_map.weight", "audio_map.bias", "start_motion", "null_style"} <= reached
    assert not task.model.audio_encoder.training and not task.model.style_encoder.training


def test_it_learns(task):
    weights = [parameter for parameter in task.model.parameters() if parameter.requires_grad]
    adam, totals = torch.optim.Adam(weights, 3e-3), []
    task.model.train()
    for step in range(40):
        total = sum(task.losses(np.random.default_rng(step)).values())
        adam.zero_grad()
        total.backward()
        adam.step()
        totals.append(total.item())
    assert np.mean(totals[-8:]) < 0.7 * np.mean(totals[:4])

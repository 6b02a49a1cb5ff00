"""The first task: its losses against formulas, batches that line up sound, phones and lips, and that it learns."""

import math

import numpy as np
import pytest
import torch
from small_corpus import small_recordings
from torch import nn

from visavox.data.synth.articulation import ARTICULATIONS
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.sizes import AudioEncoderConfig
from visavox.train.tasks.audio_encoder import AudioEncoderTask, EncoderWithArticulations, aperture


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    return small_recordings(tmp_path_factory.mktemp("hearing"))


def small_hearing() -> EncoderWithArticulations:
    torch.manual_seed(0)
    return EncoderWithArticulations(AudioEncoder(AudioEncoderConfig(width=16, fast_dilations=(1, 2), slow_dilations=(1,), dropout=0.0)))


class Told(nn.Module):
    """A model that was told the answers: the articulations plus `error`, and logits that are sure of the phones."""

    def __init__(self, task_of, error: float = 0.0):
        super().__init__()
        self.task_of, self.error = task_of, error

    def forward(self, features):
        _, phones, wanted = self.task_of(features)
        return wanted + self.error, 50.0 * nn.functional.one_hot(phones, 42).float()


def told_task(recordings, error: float) -> AudioEncoderTask:
    task = AudioEncoderTask(None, recordings, clips=4, frames=50)
    batch = task.batch(np.random.default_rng(0))
    task.model = Told(lambda features: batch, error)
    return task


def test_aperture_by_construction():
    values = torch.zeros(3, len(ARTICULATIONS))
    values[0, :3] = 1.0
    values[1, :4] = 1.0
    values[2, :4] = torch.tensor([0.5, 0.2, 0.0, 0.5])
    np.testing.assert_allclose(aperture(values), [1.2, 0.0, (0.3 + 0.07) * 0.5], atol=1e-6)


def test_a_perfect_hearer_has_no_loss_but_the_smoothing(recordings):
    losses = told_task(recordings, 0.0).losses(np.random.default_rng(0))
    assert losses["articulation"] == losses["speed"] == losses["aperture"] == 0
    # label smoothing 0.05 over 42 phones with logits 50 and 0
    assert losses["phones"].item() == pytest.approx(0.15 * 0.05 * 41 / 42 * 50, rel=0.01)


def test_a_constant_error_costs_what_the_formula_says(recordings):
    task = told_task(recordings, 0.1)
    losses = task.losses(np.random.default_rng(0))
    assert losses["articulation"].item() == pytest.approx(0.01 * task.weights.mean().item(), rel=1e-4)
    assert losses["speed"].item() == pytest.approx(0, abs=1e-9)
    assert losses["aperture"] > 0


def test_a_batch_lines_up_sound_phones_and_lips(recordings):
    task = AudioEncoderTask(None, recordings, clips=3, frames=50)
    start, _ = recordings.draw(3, 50, np.random.default_rng(5))
    features, phones, wanted = task.batch(np.random.default_rng(5))
    assert features.shape == (3, 200, 80) and phones.shape == (3, 100) and wanted.shape == (3, 50, 10)
    for clip, first in enumerate(start):
        np.testing.assert_array_equal(phones[clip], recordings.phones[2 * first : 2 * (first + 50)])
        np.testing.assert_allclose(wanted[clip], recordings.articulation[first : first + 50], atol=1e-6)
    assert features.dtype == torch.float32 and phones.dtype == torch.int64


def test_it_learns_and_every_weight_takes_part(recordings):
    task = AudioEncoderTask(small_hearing(), recordings, clips=4, frames=50)
    adam, totals = torch.optim.Adam(task.model.parameters(), 3e-3), []
    for step in range(60):
        total = sum(task.losses(np.random.default_rng(step)).values())
        adam.zero_grad()
        total.backward()
        adam.step()
        totals.append(total.item())
    assert all(parameter.grad is not None for parameter in task.model.parameters())
    assert np.mean(totals[-10:]) < 0.75 * np.mean(totals[:5]) and math.isfinite(totals[-1])


def test_the_reading_is_one_linear_layer_on_the_features():
    model = small_hearing().eval()
    features = torch.randn(2, 40, 80)
    read, logits = model(features)
    frames = model.encoder(features)
    torch.testing.assert_close(read, model.read(frames))
    assert read.shape == (2, 10, 10) and logits.shape == (2, 20, 42)

"""The task of distillation: labelled windows cost as for the audio encoder, others what recogniser and lips say."""

import numpy as np
import pytest
import torch
from small_corpus import small_recordings

from visavox.data.material.recogniser_features import RecogniserFeatures, SoundGroups, prepare_recogniser_features
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.sizes import AudioEncoderConfig
from visavox.train.log import read_log
from visavox.train.loop import LoopConfig, train
from visavox.train.tasks.audio_encoder import EncoderWithArticulations
from visavox.train.tasks.distillation import LIPS_WEIGHT, WEIGHT, DistillationTask, EncoderWithReadings


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    """Recordings, and sounds that the recogniser encoded whose recogniser gives how loud each half of a frame is."""
    folder = tmp_path_factory.mktemp("distilling")
    random = np.random.default_rng(0)
    sounds = [random.normal(0, 0.2, 640 * 120) * np.repeat(random.uniform(0.01, 1, 60), 1280) for _ in range(4)]
    groups = SoundGroups({}, lambda: iter(sounds))

    def loudness(sound):
        return np.log(np.square(sound).reshape(-1, 2, 320).mean(2) + 1e-6)

    path = prepare_recogniser_features(groups, loudness, folder / "features.npz")
    return small_recordings(folder), RecogniserFeatures([path])


def small(components: int) -> EncoderWithReadings:
    torch.manual_seed(0)
    encoder = AudioEncoder(AudioEncoderConfig(width=16, fast_dilations=(1, 2), slow_dilations=(1,), dropout=0.0))
    return EncoderWithReadings(EncoderWithArticulations(encoder), components)


def test_half_of_a_batch_is_labelled_and_half_is_taught(material):
    recordings, taught = material
    task = DistillationTask(small(2), recordings, taught, clips=5, frames=50)
    losses = task.losses(np.random.default_rng(3))
    assert set(losses) == {"phones", "articulation", "speed", "aperture", "recogniser"}
    random = np.random.default_rng(3)
    features, phones, wanted = task.labelled.batch(random)
    assert len(features) == 3
    read, logits, *_ = task.model(features)
    alone = task.labelled.losses_of(read.float(), logits.float(), phones, wanted)
    for name, value in alone.items():
        assert losses[name].item() == pytest.approx(value.item(), rel=1e-4)


def test_who_says_nothing_of_the_recogniser_pays_its_whole_mean_square(material):
    recordings, taught = material
    model = small(2)
    torch.nn.init.zeros_(model.features_of.weight)
    torch.nn.init.zeros_(model.features_of.bias)
    task = DistillationTask(model, recordings, taught, clips=64, frames=100)
    assert task.losses(np.random.default_rng(0))["recogniser"].item() == pytest.approx(WEIGHT, rel=0.3)


def test_who_says_nothing_of_the_lips_pays_their_whole_variance(material):
    recordings, taught = material
    model = small(2)
    torch.nn.init.zeros_(model.lips.weight)
    torch.nn.init.zeros_(model.lips.bias)
    gaps = 0.05 + 0.02 * np.random.default_rng(1).normal(size=len(taught.features))
    losses = DistillationTask(model, recordings, taught, gaps, clips=64).losses(np.random.default_rng(0))
    assert losses["lips"].item() == pytest.approx(LIPS_WEIGHT, rel=0.1)


def test_it_learns_the_lips_of_the_frames_that_it_hears(material, tmp_path):
    recordings, taught = material
    gaps = 0.3 * taught.mel.astype(np.float32).reshape(-1, 4, 80).mean((1, 2))  # lips that follow the loudness of their own frame
    config = LoopConfig(steps=60, learning_rate=5e-3, warm_up=5, log_every=10, save_every=60)
    train(DistillationTask(small(2), recordings, taught, gaps, clips=8, frames=50), config, tmp_path, report=lambda *_, **__: None)
    assert read_log(tmp_path)[-1]["lips"] < 0.5 * LIPS_WEIGHT


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_it_learns_what_the_recogniser_gives(material, tmp_path, precision):
    recordings, taught = material
    config = LoopConfig(steps=60, learning_rate=5e-3, warm_up=5, log_every=10, save_every=60, precision=precision)
    train(DistillationTask(small(2), recordings, taught, clips=8, frames=50), config, tmp_path, report=lambda *_, **__: None)
    log = read_log(tmp_path)
    assert log[-1]["recogniser"] < 0.75 * log[0]["recogniser"]

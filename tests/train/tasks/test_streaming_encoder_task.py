"""Encoders that stream: judged frames lie at the end of a window, imitation loses nothing on the truth, and a little training helps."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from visavox.data.material.streaming_lessons import COPIES, StreamingLessons, prepare_streaming_lessons
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.lip_reader import LipReader
from visavox.models.sizes import AudioEncoderConfig, LipReaderConfig
from visavox.train.tasks.streaming_encoder import StreamedResult, StreamingConfig, StreamingEncoder, StreamingEncoderTask
from visavox.train.terms import weighted

CONFIG = StreamingConfig(windows=4, before=12, judged=3)


@pytest.fixture(scope="module")
def networks() -> StreamingEncoder:
    torch.manual_seed(2)
    encoder = AudioEncoder(AudioEncoderConfig(width=16, fast_dilations=(1, 2), slow_dilations=(1,)))
    reader = LipReader(LipReaderConfig(encoder=16, width=8, dilations=(1, 2)))
    torch.nn.init.normal_(reader.read.weight)  # an untrained reader reads nothing yet
    return StreamingEncoder(encoder, reader).eval()


@pytest.fixture(scope="module")
def lessons(networks, tmp_path_factory) -> StreamingLessons:
    random = np.random.default_rng(0)
    sounds = [random.normal(size=640 * frames).astype(np.float32) * np.linspace(0, 0.3, 640 * frames) for frames in (40, 30)]

    @torch.inference_mode()
    def encode(mel):
        features, logits, readings = networks(torch.from_numpy(mel)[None])
        return features[0].numpy(), logits.softmax(-1)[0].numpy(), readings[0].numpy()

    path = tmp_path_factory.mktemp("streaming") / "sounds.npz"
    return StreamingLessons([prepare_streaming_lessons(sounds, encode, {"of": "noise"}, path)])


def test_each_sound_is_a_lesson_as_it_is_and_augmented(lessons):
    assert lessons.length.tolist() == [40] * COPIES + [30] * COPIES
    assert lessons.mel.shape == (70 * COPIES, 320) and lessons.phones.shape == (70 * COPIES, 84) and lessons.readings.shape[1] == 2
    assert not np.array_equal(lessons.mel[:40], lessons.mel[40:80])


def test_judged_frames_end_the_window(networks, lessons):
    task = StreamingEncoderTask(networks, lessons, replace(CONFIG, drift=0.0))
    mel, features, phones, readings = task.batch(np.random.default_rng(1))
    start, _ = lessons.draw(4, 15, np.random.default_rng(1))
    assert mel.shape == (4, 60, 80) and phones.shape == (4, 6, 42) and readings.shape == (4, 3, 2)
    for window, first in enumerate(start):
        np.testing.assert_array_equal(mel[window, -4:].reshape(-1), lessons.mel[first + 14].astype(np.float32))
        np.testing.assert_array_equal(features[window, -1], lessons.features[first + 14].astype(np.float32))


def test_the_truth_loses_nothing_but_the_entropy_of_the_phones():
    wanted = torch.randn(2, 3, 5), torch.full((2, 6, 4), 0.25), torch.randn(2, 3, 2)
    result = StreamedResult(wanted[0], torch.zeros(2, 6, 4), wanted[2], wanted, torch.ones(5), torch.ones(4))
    losses = weighted(CONFIG.terms, result)
    assert losses["features"] == 0 and losses["readings"] == 0
    assert losses["phones"].item() == pytest.approx(CONFIG.phones * np.log(4), rel=1e-5)


def test_closing_phones_count_more():
    probabilities = torch.zeros(1, 2, 42)
    probabilities[..., 16] = 1.0  # B
    shapes = torch.zeros(1, 1, 5), torch.zeros(1, 2, 42), torch.zeros(1, 1, 2)
    wanted = (shapes[0], probabilities, shapes[2])
    importance = torch.ones(42)
    plain = weighted(CONFIG.terms, StreamedResult(*shapes, wanted, torch.ones(5), importance))["phones"]
    importance[16] = 2.0
    assert weighted(CONFIG.terms, StreamedResult(*shapes, wanted, torch.ones(5), importance))["phones"] == pytest.approx(2 * plain)


def test_it_learns_to_do_with_the_future_that_is_there(networks, lessons):
    weights = {name: value.clone() for name, value in networks.state_dict().items()}
    task = StreamingEncoderTask(networks, lessons, CONFIG)

    def missed() -> float:
        with torch.no_grad():
            return float(np.mean([float(task.losses(np.random.default_rng(100 + n))["features"]) for n in range(6)]))

    before, adam = missed(), torch.optim.Adam(networks.parameters(), 2e-3)
    assert before > 0.01  # the end of the sound is missed
    for step in range(60):
        adam.zero_grad()
        sum(task.losses(np.random.default_rng(step)).values()).backward()
        adam.step()
    assert missed() < 0.8 * before
    networks.load_state_dict(weights)

"""An encoder that streams: judged frames lie at the end of a window, imitation loses nothing on the truth, a little training helps, and
what was learned is the changes that a checkpoint takes."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.data.material.streaming_lessons import StreamingLessons, Whole, prepare_streaming_lessons
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.changes import with_changes
from visavox.models.lip_reader import LipReader
from visavox.models.sizes import AudioEncoderConfig, LipReaderConfig
from visavox.train.tasks.streaming_encoder import StreamedResult, StreamingConfig, StreamingEncoder, StreamingEncoderTask
from visavox.train.terms import weighted

CONFIG = StreamingConfig(windows=4, before=4, encoded=14, new=6, counts=(1.0, 1.0, 1.0), rank=4)
COPIES, DRIFT = 3, 0.25


def networks() -> tuple[AudioEncoder, LipReader]:
    torch.manual_seed(2)
    encoder = AudioEncoder(AudioEncoderConfig(width=16, fast_dilations=(1, 2), slow_dilations=(1,)))
    reader = LipReader(LipReaderConfig(encoder=16, width=8, dilations=(1, 2)))
    torch.nn.init.normal_(reader.read.weight)  # an untrained reader reads nothing yet
    return encoder.eval(), reader.eval()


@torch.inference_mode()
def encode(mel: np.ndarray) -> tuple[np.ndarray, ...]:
    encoder, reader = networks()
    sound = torch.from_numpy(mel)[None]
    features, logits = encoder.encode(sound)
    return features[0].numpy(), logits.softmax(-1)[0].numpy(), reader(sound, features, logits.softmax(-1))[0].numpy()


@pytest.fixture(scope="module")
def student() -> StreamingEncoder:
    return StreamingEncoder(*networks()).learns("encoder", CONFIG.rank).eval()


@pytest.fixture(scope="module")
def lessons(tmp_path_factory) -> StreamingLessons:
    random, clips = np.random.default_rng(0), []
    for frames in (40, 30):
        sound = random.normal(size=640 * frames).astype(np.float32) * np.linspace(0, 0.3, 640 * frames, dtype=np.float32)
        clips.append(Clip(f"noise {frames}", Audio(sound, 16000), "nobody", "noise", "CC0-1.0"))
    whole = Whole(encode, lambda mel: mel.mean(0) - DRIFT + np.zeros((len(mel) // 4, 80)))
    path = tmp_path_factory.mktemp("streaming") / "sounds.npz"
    return StreamingLessons([prepare_streaming_lessons(clips, 1.0, COPIES, whole, {"of": "noise"}, path)])


def test_each_sound_is_a_lesson_as_it_is_and_augmented(lessons):
    assert lessons.length.tolist() == [40] * COPIES + [30] * COPIES
    assert lessons.mel.shape == (70 * COPIES, 320) and lessons.phones.shape == (70 * COPIES, 84) and lessons.readings.shape[1] == 2
    assert not np.array_equal(lessons.mel[:40], lessons.mel[40:80])
    assert lessons.drift.shape == (70 * COPIES, 80) and lessons.drift[:40].std(0).max() < 1e-3 < np.abs(lessons.drift).max()


def test_judged_frames_end_the_window_whose_means_are_those_of_a_stream(student, lessons):
    task = StreamingEncoderTask(student, lessons, CONFIG)
    (mel, known, _), (features, phones, readings) = task.batch(np.random.default_rng(1))
    start, _ = lessons.draw(4, 18, np.random.default_rng(1))
    assert mel.shape == (4, 72, 80) and phones.shape == (4, 6, 42) and readings.shape == (4, 3, 2) and known.shape == (4, 18, 16)
    for window, first in enumerate(start):
        added = mel[window, -4:] - torch.from_numpy(lessons.mel[first + 17].astype(np.float32)).reshape(4, 80)
        drift = torch.from_numpy(lessons.drift[first + 17].astype(np.float32))
        share = float(added[0] @ drift / (drift @ drift))
        assert 0 <= share <= 1.3
        torch.testing.assert_close(added, (share * drift).expand(4, 80), atol=1e-3, rtol=0)
        np.testing.assert_array_equal(features[window, -1], lessons.features[first + 17].astype(np.float32))


def test_the_truth_loses_nothing_but_the_entropy_of_the_phones():
    wanted = torch.randn(2, 3, 5), torch.full((2, 6, 4), 0.25), torch.randn(2, 3, 2)
    result = StreamedResult(wanted[0], torch.zeros(2, 6, 4), wanted[2], wanted, torch.ones(5), torch.ones(4), torch.ones(3, 1))
    losses = weighted(CONFIG.terms, result)
    assert losses["features"] == 0 and losses["readings"] == 0
    assert losses["phones"].item() == pytest.approx(CONFIG.phones * np.log(4), rel=1e-5)


def test_closing_phones_and_the_frames_that_are_shown_count_more():
    probabilities = torch.zeros(1, 4, 42)
    probabilities[:, :2, 16] = 1.0  # B, in the first frame
    shapes = torch.zeros(1, 2, 5), torch.zeros(1, 4, 42), torch.zeros(1, 2, 2)
    wanted = (shapes[0], probabilities, shapes[2])

    def loss(importance: float, counts: tuple[float, float]) -> float:
        weights = torch.ones(42)
        weights[16] = importance
        result = StreamedResult(*shapes, wanted, torch.ones(5), weights, torch.tensor(counts)[:, None])
        return float(weighted(CONFIG.terms, result)["phones"])

    assert loss(2.0, (1.0, 1.0)) == pytest.approx(2 * loss(1.0, (1.0, 1.0)))
    assert loss(1.0, (1.5, 0.5)) == pytest.approx(1.5 * loss(1.0, (1.0, 1.0)))


def test_it_learns_to_do_with_the_future_that_is_there_and_gives_changes(lessons):
    student = StreamingEncoder(*networks()).learns("encoder", CONFIG.rank).eval()
    task = StreamingEncoderTask(student, lessons, replace(CONFIG, readings=1.0))
    reader = {name: value.clone() for name, value in student.reader.state_dict().items()}

    def missed() -> float:
        with torch.no_grad():
            return float(np.mean([float(task.losses(np.random.default_rng(100 + n))["features"]) for n in range(6)]))

    before, adam = missed(), torch.optim.Adam([each for each in student.parameters() if each.requires_grad], 5e-3)
    assert before > 0.003  # the end of the sound is missed
    for step in range(60):
        adam.zero_grad()
        sum(task.losses(np.random.default_rng(step)).values()).backward()
        adam.step()
    assert missed() < 0.8 * before
    assert all(torch.equal(value, reader[name]) for name, value in student.reader.state_dict().items())
    old = {name: value.numpy() for name, value in networks()[0].state_dict().items()}
    changes = student.changes("encoder")
    assert changes["stem.weight.up"].shape == (16, 4) and changes["slow.0.mix.weight"].shape == (16, 1, 7)
    plain, mel = networks()[0], torch.randn(1, 40, 80)
    plain.load_state_dict({name: torch.from_numpy(value) for name, value in with_changes(old, changes).items()})
    with torch.no_grad():
        torch.testing.assert_close(plain(mel), student.encoder(mel), atol=1e-4, rtol=1e-4)
    student.settle("encoder")
    assert not any(each.requires_grad for each in student.parameters())
    student.learns("reader", 2)
    assert {name.partition(".")[0] for name, each in student.named_parameters() if each.requires_grad} == {"reader"}

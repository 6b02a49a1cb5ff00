"""Many people's lips: a reading that is known by construction, whatever the size of each person's mouth."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.data.lips.lip_lessons import COPIES, LipLessons, prepare_people_lessons, prepare_sound_lessons
from visavox.data.lips.people import (
    People,
    beside,
    both_features,
    fit_layers,
    fit_people,
    mean_reading,
    own_features,
    prepare_people,
    read_people,
)
from visavox.data.measures import Measures
from visavox.errors import FileError
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.sizes import AudioEncoderConfig

RANDOM = np.random.default_rng(3)
WEIGHTS = RANDOM.normal(size=(3 * 4, 2))
SIZES = AudioEncoderConfig(width=8, fast_dilations=(1,), slow_dilations=(1,), phones=3)


def some_people(noise: float = 0.0, lengths=(400, 30, 200), names=("long", "short", "other")) -> tuple[People, list[np.ndarray]]:
    features = [RANDOM.normal(size=(length, 4)) for length in lengths]
    lips = np.concatenate([beside(each) @ WEIGHTS for each in features]) + noise * RANDOM.normal(size=(sum(lengths), 2))
    none = np.zeros((sum(lengths), 0))
    return People(none, none, lips, np.ones(len(lips), bool), np.array(lengths), np.array(names)), features


def test_a_linear_reading_is_found():
    people, features = some_people()
    reading = fit_people(people, features, lambda speaker: 1.0, ridge=1e-6)
    assert reading.weights == pytest.approx(WEIGHTS, abs=1e-3) and reading.offset == pytest.approx(0, abs=1e-3)


def test_a_speaker_of_no_weight_teaches_nothing_and_a_long_one_no_more_than_a_short_one():
    people, features = some_people()
    people.lips[people.clips[2]] = 7.0  # the other's lips follow nothing
    reading = fit_people(people, features, lambda speaker: float(speaker != "other"), ridge=1e-6)
    assert reading.weights == pytest.approx(WEIGHTS, abs=1e-2)
    with_other = fit_people(people, features, lambda speaker: 1.0, ridge=1e-6)
    assert with_other.offset == pytest.approx(7 / 3, abs=0.4)  # one of three people, not 200 of 630 frames


def test_layers_of_any_size_count_alike_and_are_read_as_they_are():
    people, features = some_people()
    columns = [np.concatenate([each, 1000 * each[:, :2] + 5], 1) for each in features]
    reading = fit_layers(people, columns, [4, 2], lambda speaker: 1.0, ridge=1e-6)
    assert np.concatenate([reading.lips(each) for each in columns]) == pytest.approx(people.lips, abs=1e-2)
    small = [np.concatenate([each[:, :4], (each[:, 4:] - 5) / 1000], 1) for each in columns]
    again = fit_layers(people, small, [4, 2], lambda speaker: 1.0, ridge=3.0)
    large = fit_layers(people, columns, [4, 2], lambda speaker: 1.0, ridge=3.0)
    assert again.lips(small[0]) == pytest.approx(large.lips(columns[0]), abs=1e-3)


def test_a_mean_of_readings_reads_the_mean_and_other_columns_change_nothing():
    people, features = some_people()
    first = fit_people(people, [each[:, :3] for each in features], lambda speaker: 1.0)
    second = fit_people(people, features, lambda speaker: 1.0, ridge=2.0)
    both = mean_reading(first.of_columns(np.arange(3), 4), second)
    wanted = (first.lips(features[0][:, :3]) + second.lips(features[0])) / 2
    np.testing.assert_allclose(both.lips(features[0]), wanted, atol=1e-9)


def small_encoder(seed: int) -> AudioEncoder:
    torch.manual_seed(seed)
    return AudioEncoder(AudioEncoderConfig(width=8, fast_dilations=(1,), slow_dilations=(1,), dropout=0.0)).eval()


def filmed(name: str, speaker: str, size: float, seconds: float = 2.0) -> Clip:
    frames = round(25 * seconds)
    sound = Audio(0.1 * RANDOM.normal(size=round(16000 * seconds)).astype(np.float32), 16000)
    curve = size * (1 + np.sin(np.arange(frames) / 5))
    ok = np.ones(frames, bool)
    ok[:3] = False
    return Clip(name, sound, speaker, "made", "CC0-1.0", measures=Measures(curve, 0.5 + curve, ok, 25.0))


def recognise(sound: np.ndarray) -> np.ndarray:
    return np.stack([sound[: sound.size // 640 * 640].reshape(-1, 640).std(1)] * 5, 1)


def test_people_are_measured_about_their_own_usual_and_read_again(tmp_path):
    path = prepare_people([filmed("a1", "a", 0.01), filmed("a2", "a", 0.01), filmed("b1", "b", 0.2)], recognise, tmp_path / "people.npz")
    people = read_people(path)
    assert people.recognised.shape == (150, 5) and len(people.mel) == 600
    for frames in (slice(0, 100), slice(100, 150)):
        seen = people.lips[frames][people.seen[frames]]
        assert seen.mean(0) == pytest.approx(0, abs=1e-5) and seen.std(0) == pytest.approx(1, abs=1e-5)
    assert not people.lips[~people.seen].any()
    with pytest.raises(FileError, match="no filmed clip"):
        prepare_people(
            [replace(filmed("c", "c", 0.1), measures=Measures(np.zeros(50), np.zeros(50), np.zeros(50, bool), 25.0))],
            recognise,
            tmp_path / "c.npz",
        )


def test_lessons_join_a_persons_clips_and_hear_them_in_copies(tmp_path):
    path = prepare_people([filmed("a1", "a", 0.01), filmed("a2", "a", 0.01), filmed("b1", "b", 0.2)], recognise, tmp_path / "people.npz")
    people, encoder = read_people(path), AudioEncoder(SIZES).eval()
    both = both_features(own_features(people, encoder), people.recognised, people.clips)
    reading = fit_people(people, both, lambda speaker: 1.0)
    files = prepare_people_lessons(people, reading, encoder, tmp_path / "lessons")
    lessons = LipLessons(list(files.values()))
    assert list(files) == ["a", "b"] and lessons.length.tolist() == [100, 50]
    assert (
        lessons.features.shape == (150, COPIES, 8) and lessons.mel.shape == (150, COPIES, 320) and lessons.phones.shape == (150, COPIES, 6)
    )
    seen = people.seen[:100]
    half = (people.lips[:100] + np.concatenate([reading.lips(each) for each in both[:2]])) / 2
    np.testing.assert_allclose(lessons.lips[:100][seen], half[seen], atol=1e-4)
    np.savez(tmp_path / "hum.npz", mel=people.mel, features=people.recognised, length=[150])
    unseen = LipLessons([prepare_sound_lessons(tmp_path / "hum.npz", reading, encoder, tmp_path / "lessons")])
    assert unseen.lips.shape == (150, 2) and unseen.length.tolist() == [150]


def test_people_and_lessons_of_other_clips_or_encoders_are_named_not_taken(tmp_path):
    clips = [filmed("a1", "a", 0.01), filmed("b1", "b", 0.2)]
    path = prepare_people(clips, recognise, tmp_path / "people.npz")
    before = path.stat().st_mtime_ns
    assert prepare_people(clips, recognise, path).stat().st_mtime_ns == before
    with pytest.raises(FileError, match=r"people.npz was made with clips \w+ \(now \w+\)"):
        prepare_people([*clips, filmed("c1", "c", 0.1)], recognise, path)
    people, encoder = read_people(path), small_encoder(0)
    features = both_features(own_features(people, encoder), people.recognised, people.clips)
    reading = fit_people(people, features, lambda speaker: 1.0)
    prepare_people_lessons(people, reading, encoder, tmp_path / "lessons")
    with pytest.raises(FileError, match=r"person-a.npz was made with encoder"):
        prepare_people_lessons(people, reading, small_encoder(1), tmp_path / "lessons")

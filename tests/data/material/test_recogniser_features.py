"""Taught sounds: how they are grouped and played, what of the recogniser is kept, and that files are made once."""

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.data.material.recogniser_features import (
    KEPT,
    MOST,
    SPEEDS,
    RecogniserFeatures,
    SoundGroups,
    filmed_measures,
    grouped,
    played,
    prepare_recogniser_features,
    real_sounds,
)
from visavox.data.measures import Measures
from visavox.errors import FileError
from visavox.models.log_mel import mel_power
from visavox.windows import SAMPLES_PER_FRAME


def ramp(frames: int, start: int = 0) -> np.ndarray:
    return np.repeat(np.arange(start, start + frames, dtype=np.float32), SAMPLES_PER_FRAME)


def test_groups_hold_whole_frames_in_order_and_no_more_than_fits():
    sounds = [ramp(3), np.append(ramp(4, 3), [9.0] * (SAMPLES_PER_FRAME - 1)), ramp(5, 7), ramp(23, 12)]
    groups = [group[::SAMPLES_PER_FRAME].tolist() for group in grouped(iter(sounds), 10 * SAMPLES_PER_FRAME)]
    assert groups == [list(range(7)), list(range(7, 12)), list(range(12, 22)), list(range(22, 32)), list(range(32, 35))]
    assert list(grouped(iter([np.zeros(SAMPLES_PER_FRAME - 1)]), MOST)) == []


@pytest.mark.parametrize("speed", SPEEDS)
def test_speed_moves_pitch_and_length_alike(speed):
    tone = np.sin(2 * np.pi * 400 * np.arange(32000) / 16000).astype(np.float32)
    faster = played(tone, speed)
    assert len(faster) == pytest.approx(32000 / speed, rel=0.01)
    spectrum = np.abs(np.fft.rfft(faster * np.hanning(len(faster))))
    assert np.fft.rfftfreq(len(faster), 1 / 16000)[spectrum.argmax()] == pytest.approx(400 * speed, rel=0.01)


def test_real_clips_are_played_at_every_speed_at_one_level():
    clips = [Clip(name, Audio(np.full(32000, level), 16000), "s", "test", "CC0-1.0") for name, level in (("loud", 0.9), ("faint", 0.001))]
    groups = list(real_sounds(clips, (1.0, 0.5)))
    assert [len(group) for group in groups] == [64000, 128000]
    np.testing.assert_allclose(groups[0], 0.7, atol=1e-6)


def loudness_of(sound: np.ndarray) -> np.ndarray:
    """Hears three things in each frame: its level ten times over, noise of a hundredth, and a constant."""
    level = sound.reshape(-1, SAMPLES_PER_FRAME).mean(1)
    noise = np.random.default_rng(len(level)).normal(0, 0.1, len(level))
    return np.stack([10 * level, noise, np.full(len(level), 5.0)], 1).astype(np.float32)


def test_a_file_holds_sounds_beside_what_was_heard_and_is_made_once(tmp_path):
    random = np.random.default_rng(1)
    sounds = [random.normal(0, 0.1, frames * SAMPLES_PER_FRAME).astype(np.float32) for frames in (30, 50)]
    path = prepare_recogniser_features(SoundGroups({"sounds": "two"}, lambda: iter(sounds)), loudness_of, tmp_path / "taught.npz")
    with np.load(path) as arrays:
        assert arrays["length"].tolist() == [30, 50] and arrays["mel"].shape == (320, 80) and arrays["features"].shape == (80, 3)
        np.testing.assert_allclose(arrays["mel"][120:], mel_power(sounds[1], 200), rtol=2e-3)
    nobody = SoundGroups({"sounds": "two"}, lambda: pytest.fail("the sounds are made again"))
    assert prepare_recogniser_features(nobody, loudness_of, path) == path
    with pytest.raises(FileError, match="was made with sounds two \\(now three\\)"):
        prepare_recogniser_features(SoundGroups({"sounds": "three"}, nobody.make), loudness_of, path)
    with pytest.raises(FileError, match="was made with recogniser loudness_of \\(now ramp\\)"):
        prepare_recogniser_features(nobody, ramp, path)


def test_what_is_kept_is_uncorrelated_of_unit_mean_square_and_favours_what_varies(tmp_path):
    random = np.random.default_rng(2)
    values = random.normal(size=(20000, 3)) * [16.0, 1.0, 0.0] + [3.0, -2.0, 7.0]
    turned = values @ np.linalg.qr(random.normal(size=(3, 3)))[0]
    np.savez(tmp_path / "a.npz", mel=np.zeros((80000, 80), np.float16), features=turned.astype(np.float32), length=np.array([20000]))
    kept = RecogniserFeatures([tmp_path / "a.npz"]).features
    assert kept.shape == (20000, min(3, KEPT)) and kept.dtype == np.float32
    deviation = kept.std(0)
    assert deviation[0] / deviation[1] == pytest.approx(4, rel=0.05)  # the root of 16
    assert np.mean(deviation**2) == pytest.approx(1, rel=0.06) and abs(kept.mean(0)).max() < 0.1
    assert abs(np.corrcoef(kept[:, 0], kept[:, 1])[0, 1]) < 0.05


def test_measures_of_filmed_clips_stay_beside_their_sounds(tmp_path):
    """The gap of each frame is its level: so it is found again in what the recogniser heard of it."""
    random, clips = np.random.default_rng(3), []
    for number, frames in enumerate((20, 33, 27)):
        level = random.uniform(0.1, 0.7, frames)
        level[5] = 0.7  # the loudest, so that levels stay as they are
        measures = Measures(level[: frames - number % 2], level[: frames - number % 2] / 2, np.ones(frames - number % 2, bool), 25.0)
        clips.append(Clip(str(number), Audio(np.repeat(level, SAMPLES_PER_FRAME), 16000), "s", "film", "CC0-1.0", measures=measures))
    sounds, measures = filmed_measures(clips)
    path = prepare_recogniser_features(sounds, loudness_of, tmp_path / "filmed.npz", measures)
    with np.load(path) as arrays:
        assert arrays["frames"].tolist() == [20, 32, 27] and arrays["length"].tolist() == [79]
        np.testing.assert_allclose(arrays["features"][:, 0], 10 * arrays["gap"], rtol=2e-3)
        np.testing.assert_allclose(arrays["width"], arrays["gap"] / 2)

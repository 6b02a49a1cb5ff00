"""Peaks that were cut off come back as a wave had them; what was not cut stays the very same array, and odd sounds stay sounds."""

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.models.clipped_sound import unclipped
from visavox.models.log_mel import log_mel

RATE = 16000
TIME = np.arange(2 * RATE) / RATE


def voice() -> np.ndarray:
    """Two seconds of a buzz of a few harmonics that swells and falls, up to 1."""
    buzz = sum(np.sin(2 * np.pi * 130 * (k + 1) * TIME + k * k) / (k + 1) ** 2 for k in range(8))
    sound = buzz * (0.3 + 0.7 * np.sin(2 * np.pi * 1.5 * TIME) ** 2)
    return (sound / np.abs(sound).max()).astype(np.float32)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """The error of `one` as a share of `other`, whatever their levels."""
    level = one @ other / (one @ one)
    return float(np.linalg.norm(level * one - other) / np.linalg.norm(other))


@pytest.mark.parametrize("sign", (1, -1))
@pytest.mark.parametrize("decibels", (6, 12, 20))
def test_a_wave_that_was_cut_off_comes_back(decibels, sign):
    clean = sign * voice()
    cut = np.clip(clean * 10 ** (decibels / 20), -1, 1)
    restored = unclipped(cut, RATE)
    assert restored.dtype == np.float32 and np.abs(restored).max() <= 1
    assert difference(restored, clean) < 0.8 * difference(cut, clean)


def test_one_side_alone_comes_back_too():
    clean = voice()
    cut = np.minimum(clean, 0.3)
    assert difference(unclipped(cut, RATE), clean) < 0.4 * difference(cut, clean)


def test_what_the_encoder_hears_is_nearer_to_the_sound_that_was_not_cut():
    clean = voice()
    heard, cut = (log_mel(Audio(sound, RATE), 200) for sound in (clean, np.clip(4 * clean, -1, 1)))
    torn = log_mel(Audio(np.clip(4 * clean, -1, 1) * 0.999 + 1e-2 * np.sin(7000 * TIME), RATE), 200)  # whose tops are not flat
    level = np.median(cut - heard)
    assert np.abs(cut - level - heard).mean() < 0.7 * np.abs(torn - np.median(torn - heard) - heard).mean()


@pytest.mark.parametrize(
    "sound",
    (
        voice(), 0.4 * voice(), np.random.default_rng(0).normal(0, 0.1, RATE), np.zeros(RATE), np.ones(RATE), np.full(3, 0.5),
        np.sign(np.random.default_rng(1).normal(size=RATE)) / 32768, np.eye(1, RATE)[0], np.float32([0.5]),
    ),
    ids=("voice", "quieter", "noise", "silence", "constant", "three samples", "steps of one bit", "click", "one sample"),
)  # fmt: skip
def test_what_was_not_cut_is_the_very_same_array(sound):
    assert unclipped(sound, RATE) is sound


def test_a_square_wave_and_a_tone_stay_what_they_are():
    square = np.sign(np.sin(2 * np.pi * 200 * TIME + 0.1)).astype(np.float32)
    tone = np.sin(2 * np.pi * 60 * TIME).astype(np.float32)
    for sound in (square, tone):
        assert np.abs(unclipped(sound, RATE) - sound).max() < 0.02

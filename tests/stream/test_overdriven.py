"""An overdriven voice that comes live gets its peaks back soon after it began, and any other sound passes at once as it is."""

import numpy as np
import pytest

from visavox.models.clipped_sound import unclipped
from visavox.stream.overdriven import OverdrivenMemory, restored

RATE = 16000


def voice(rate: int = RATE) -> np.ndarray:
    """Two seconds of a buzz of a few harmonics that swells and falls, up to 1."""
    time = np.arange(2 * rate) / rate
    buzz = sum(np.sin(2 * np.pi * 130 * (k + 1) * time + k * k) / (k + 1) ** 2 for k in range(8))
    sound = buzz * (0.3 + 0.7 * np.sin(2 * np.pi * 1.5 * time) ** 2)
    return (sound / np.abs(sound).max()).astype(np.float32)


def passed(sound: np.ndarray, rate: int, sizes) -> np.ndarray:
    """`sound` that comes in pieces of `sizes`, over and over."""
    memory, parts, start = OverdrivenMemory(), [], 0
    while start < sound.size:
        size = sizes[len(parts) % len(sizes)]
        parts.append(restored(memory, sound[start : start + size], rate))
        start += size
    return np.concatenate([*parts, restored(memory, sound[:0], rate, last=True)])


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """The error of `one` as a share of `other`, whatever their levels."""
    level = one @ other / (one @ one)
    return float(np.linalg.norm(level * one - other) / np.linalg.norm(other))


@pytest.mark.parametrize(("decibels", "rate", "sign"), [(6, RATE, 1), (12, RATE, -1), (12, 44100, 1)])
def test_a_wave_that_is_cut_off_comes_back_nearly_as_in_a_recording_in_any_pieces(decibels, rate, sign):
    clean = sign * voice(rate)
    cut = np.clip(clean * 10 ** (decibels / 20), -1, 1)
    live = passed(cut, rate, [320])
    for sizes in ([1, 999, 64, 160], [cut.size]):
        np.testing.assert_array_equal(passed(cut, rate, sizes), live)
    half = slice(rate // 2, None)  # it has learned by then
    whole = difference(unclipped(cut, rate)[half], clean[half])
    assert difference(live[half], clean[half]) < min(1.2 * whole + 0.01, 0.9 * difference(cut[half], clean[half]))


def test_what_is_held_back_is_shorter_than_a_wave():
    cut, memory, waiting = np.clip(4 * voice(), -1, 1), OverdrivenMemory(), []
    for start in range(0, cut.size, 40):
        restored(memory, cut[start : start + 40], RATE)
        waiting.append(memory.held.size - memory.given)
    assert 0 < max(waiting) <= 0.01 * RATE


@pytest.mark.parametrize(
    "sound",
    (voice(), 0.4 * voice(), np.random.default_rng(0).normal(0, 0.1, RATE), np.zeros(RATE), np.ones(RATE), np.eye(1, RATE)[0]),
    ids=("voice", "quieter", "noise", "silence", "constant", "click"),
)
def test_what_is_not_cut_passes_at_once_and_unchanged(sound):
    memory = OverdrivenMemory()
    for start in range(0, sound.size, 200):
        piece = sound[start : start + 200]
        np.testing.assert_array_equal(restored(memory, piece, RATE), piece)


def test_a_square_wave_and_a_tone_stay_what_they_are():
    time = np.arange(2 * RATE) / RATE
    square = np.sign(np.sin(2 * np.pi * 200 * time + 0.1)).astype(np.float32)
    for sound in (square, np.sin(2 * np.pi * 60 * time).astype(np.float32)):
        assert np.abs(passed(sound, RATE, [320]) - sound).max() < 0.02


def test_a_microphone_that_is_turned_down_is_learned_anew():
    cut = np.clip(4 * voice(), -1, 1)
    sound = np.concatenate([cut, np.tile(0.3 * cut, 7)])
    last = slice(-RATE, None)
    assert difference(passed(sound, RATE, [2000])[last], voice()[last]) < 0.8 * difference(sound[last], voice()[last])

"""Peaks that were cut off come back as a wave had them; what was not cut stays the very same array, and odd sounds stay sounds."""

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.io.assets import demo_recording
from visavox.io.audio import read_audio
from visavox.models.clipped_sound import unclipped
from visavox.models.log_mel import log_mel, mel_power, normalise

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
    assert difference(unclipped(cut, RATE), clean) < 0.6 * difference(cut, clean)


@pytest.mark.parametrize("decibels, share", ((6, 0.3), (12, 0.6)))
def test_of_speech_the_encoder_hears_what_was_not_cut(decibels, share):
    spoken = read_audio(demo_recording()).between(0, 3)
    clean = spoken.samples / np.abs(spoken.samples).max()
    cut = np.clip(clean * 10 ** (decibels / 20), -1, 1)
    heard, restored = (normalise(log_mel(Audio(sound, spoken.sample_rate), 300)) for sound in (clean, cut))
    torn = normalise(mel_power(Audio(cut, spoken.sample_rate).resample(RATE).samples, 300))  # nothing drawn in
    assert np.abs(restored - heard).mean() < share * np.abs(torn - heard).mean()


@pytest.mark.parametrize("decibels, share", ((12, 0.8), (20, 0.95)))
def test_tops_that_a_narrow_band_rippled_are_known_for_what_they_are(decibels, share):
    spoken = read_audio(demo_recording()).between(0, 5)
    clean = spoken.samples / np.abs(spoken.samples).max()
    cut = np.clip(clean * 10 ** (decibels / 20), -1, 1)
    narrow, torn = (Audio(sound, spoken.sample_rate).resample(11025).resample(RATE).samples for sound in (clean, 0.7 * cut))
    assert np.count_nonzero(torn > 0.999 * torn.max()) < 10  # no top is flat
    heard, restored, as_it_is = (normalise(mel_power(sound, 500))[:, :40] for sound in (narrow, unclipped(torn, RATE), torn))
    assert np.abs(restored - heard).mean() < share * np.abs(as_it_is - heard).mean()


def test_pieces_of_a_long_sound_meet_without_a_seam():
    spoken = read_audio(demo_recording()).between(0, 5).samples
    cut = np.clip(np.tile(spoken, 2) * (3 / np.abs(spoken).max()), -1, 1)  # of which the middle lies in two pieces
    moved = unclipped(np.roll(cut, RATE), RATE)
    place = slice(7 * RATE, 9 * RATE)
    expected = unclipped(cut, RATE)[place]
    assert np.abs(np.roll(moved, -RATE)[place] - expected).mean() < 0.1 * np.abs(expected - cut[place]).mean()


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


@pytest.mark.parametrize("rate", (20, 40))  # so few samples a second that a spectrum of .025 s would have one or none
def test_rippled_tops_of_a_few_samples_a_second_are_drawn_too(rate):
    chance = np.random.default_rng(0)
    quiet, tops = chance.laplace(0, 0.35, 10_000), 0.9 + 0.02 * chance.normal(size=10_000)
    quiet = np.where(np.abs(quiet) > 0.9, 0, quiet)
    sound = np.clip(np.where(chance.random(10_000) < 0.15, np.sign(quiet) * tops, quiet), -0.96, 0.96).astype(np.float32)
    restored = unclipped(sound, rate)
    assert restored is not sound and restored.shape == sound.shape and np.isfinite(restored).all() and np.abs(restored).max() <= 1

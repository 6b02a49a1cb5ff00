"""Log-mel features: levels of known sounds, silence that stays silence, and pieces that equal the whole."""

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.models.log_mel import BANDS, FLOOR, QUIET, SCALE, band_means, log_mel, mel_power, normalise
from visavox.windows import SAMPLE_RATE


def sine(frequency: float, seconds: float = 0.5, level: float = 1.0) -> np.ndarray:
    return (level * np.sin(2 * np.pi * frequency * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)).astype(np.float32)


def centres() -> np.ndarray:
    mel = np.linspace(2595 * np.log10(1 + 40 / 700), 2595 * np.log10(1 + 7600 / 700), BANDS + 2)[1:-1]
    return 700 * (10 ** (mel / 2595) - 1)


@pytest.mark.parametrize("frequency", [300, 1000, 3000, 6000])
def test_a_sine_lights_its_band(frequency):
    middle = mel_power(sine(frequency), 50)[25]
    assert middle.argmax() == np.abs(centres() - frequency).argmin()
    far = np.abs(centres() - frequency) > 0.3 * frequency
    assert middle.max() - middle[far].max() > 5  # 20 dB


def test_a_full_sine_has_power_near_one():
    """At most 1 at the peak of its band; a band as wide as the window's main lobe collects a little more."""
    level = mel_power(sine(1000), 50)[25].max()
    assert -0.7 < level < 0.7


def test_ten_decibels_are_ten_decibels():
    loud, quiet = mel_power(sine(1000), 50), mel_power(sine(1000, level=10**-0.5), 50)
    assert (loud - quiet)[25].max() == pytest.approx(np.log(10), abs=1e-3)


def test_digital_silence_is_the_floor():
    made = mel_power(np.zeros(8000, np.float32), 50)
    np.testing.assert_allclose(made, np.log(FLOOR), atol=1e-5)


def test_frames_are_centred_on_their_middle():
    click = np.zeros(16000, np.float32)
    click[160 * 30 + 80] = 1.0
    assert mel_power(click, 100).sum(1).argmax() == 30


def test_sound_that_ends_early_is_followed_by_silence():
    made = mel_power(sine(1000, 0.2), 40)
    assert made.shape == (40, BANDS) and made[22:].max() < np.log(1e-9)


def test_pieces_equal_the_whole():
    sound = np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32)
    whole = mel_power(sound, 100)
    piece = mel_power(sound[160 * 40 - 800 : 160 * 60 + 800], 30)[5:25]
    np.testing.assert_allclose(piece, whole[40:60], atol=1e-4)
    long = np.tile(sound, 50)
    np.testing.assert_allclose(mel_power(long, 5000)[4150:4180], mel_power(long[160 * 4100 :], 100)[50:80], atol=1e-4)


def test_other_sample_rates_are_heard_alike():
    wave = {rate: 0.5 * np.sin(2 * np.pi * 800 * np.arange(rate) / rate) for rate in (16000, 44100)}
    low, high = (log_mel(Audio(samples.astype(np.float32), rate), 100) for rate, samples in wave.items())
    audible = low[50] > low[50].max() - 8
    assert audible.sum() >= 3 and np.abs(low - high)[10:90, audible].max() < 0.05


def test_warping_moves_the_bands():
    plain, long, short = (mel_power(sine(1000), 50, warp)[25].argmax() for warp in (1.0, 0.86, 1.18))
    assert short < plain < long


def test_normalising_forgets_the_level_and_the_colour_of_the_channel():
    random = np.random.default_rng(1)
    speech = random.normal(-6, 2, (300, BANDS)).astype(np.float32)
    colour = np.linspace(-2, 2, BANDS).astype(np.float32)
    np.testing.assert_allclose(normalise(speech + colour - 1.0), normalise(speech), atol=1e-3)
    assert normalise(speech).std() == pytest.approx(2 / SCALE, rel=0.05) and abs(normalise(speech).mean()) < 0.1


def test_pauses_do_not_enter_the_means():
    speech = np.random.default_rng(2).normal(-6, 1, (200, BANDS)).astype(np.float32)
    pause = np.full((400, BANDS), np.log(FLOOR), np.float32)
    np.testing.assert_allclose(band_means(np.concatenate([speech, pause])), band_means(speech), atol=1e-4)


def test_silence_and_hiss_are_not_lifted_to_speech():
    silence = np.full((100, BANDS), np.log(FLOOR), np.float32)
    assert normalise(silence).max() == pytest.approx((np.log(FLOOR) - QUIET) / SCALE, abs=1e-4) and normalise(silence).max() < -2
    hiss = np.full((100, BANDS), np.log(1e-9), np.float32)
    assert normalise(hiss).max() < -1.5


def test_given_means_are_used():
    features = np.zeros((10, BANDS), np.float32)
    np.testing.assert_allclose(normalise(features, np.full(BANDS, -SCALE, np.float32)), 1.0)

"""Resampling of sound is SciPy's, which is not loaded for it."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.signal import firwin, kaiserord, resample_poly

from visavox.audio import Audio
from visavox.resampling import kaiser_lowpass, kaiser_taps, resampled


@pytest.mark.parametrize("rates", [(48000, 16000), (44100, 16000), (8000, 16000), (11025, 16000), (2000, 16000), (768000, 16000),
                                   (16000, 44100), (16001, 16000), (44099, 16000), (12345, 7)])  # fmt: skip
@pytest.mark.parametrize("samples", [1, 2, 50, 4801])
def test_it_is_scipys(rates, samples):
    sound = np.random.default_rng(0).normal(0, 0.2, samples).astype(np.float32)
    ratio = Fraction(rates[1], rates[0])
    found = resampled(sound, ratio.numerator, ratio.denominator)
    wanted = resample_poly(sound, ratio.numerator, ratio.denominator)
    assert found.shape == wanted.shape and found.dtype == np.float32
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_it_is_scipys_in_many_pieces():
    sound = np.random.default_rng(1).normal(0, 0.2, 3 * 32 * 4096 + 5001).astype(np.float32)
    np.testing.assert_allclose(resampled(sound, 1, 3), resample_poly(sound, 1, 3), atol=1e-6)


@pytest.mark.parametrize("rate", [44100, 48000, 8000])
def test_sharp_resampling_is_scipys_too(rate):
    sound = Audio(np.random.default_rng(0).normal(0, 0.2, 5000).astype(np.float32), rate)
    ratio, half = Fraction(16000, rate), min(16000, rate) / 2
    both = float(rate * ratio.numerator)
    taps, beta = kaiserord(120, 0.087 * half / (both / 2))
    window = firwin(taps | 1, (1 + 0.913) / 2 * half, window=("kaiser", beta), fs=both)
    wanted = resample_poly(sound.samples, ratio.numerator, ratio.denominator, window=window)
    np.testing.assert_allclose(sound.resample_sharply(16000).samples, wanted, atol=1e-6)


def test_filters_are_scipys():
    for taps, cutoff, beta in ((61, 1 / 3, 5.0), (8821, 1 / 441, 5.0), (101, 0.7, 12.0), (10, 0.3, 2.0)):
        np.testing.assert_allclose(kaiser_lowpass(taps, cutoff, beta), firwin(taps, cutoff, window=("kaiser", beta)), atol=1e-12)
    for stopped, width in ((120.0, 0.01), (60.0, 0.1), (51.0, 0.5)):
        assert kaiser_taps(stopped, width) == kaiserord(stopped, width)

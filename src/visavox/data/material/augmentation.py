"""What rooms, microphones, noise and other throats do to speech, applied to batches of log-mel power, where it is cheap.

Every function takes log power (B, L, 80) and a generator and returns the same shape. Adding power stands for adding sounds whose
phases are unrelated; an exponential tail in power stands for a room.
"""

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import lfilter

BANDS = 80
_NEPER = np.log(10) / 10  # dB to natural logarithm of power


def augment(mel: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """`mel` as it would sound elsewhere: another throat, room, channel, noise, a second voice, lost bands and moments."""
    mel = mel.astype(np.float32)
    mel = through_a_throat(mel, random)
    mel = _blur(mel, random)
    mel = in_a_room(mel, random)
    mel = noisy(mel, random)
    mel = with_babble(mel, random)
    mel = _channel(mel, random)
    return _holes(mel, random)


def through_a_throat(mel: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Shifts and stretches the mel axis by up to 3 bands: formants of a longer or shorter vocal tract."""
    bands = np.arange(BANDS)
    for clip in np.flatnonzero(random.random(len(mel)) < 0.6):
        source = np.clip(bands * random.uniform(0.93, 1.07) + random.uniform(-2, 2), 0, BANDS - 1)
        low = np.minimum(source.astype(int), BANDS - 2)
        share = (source - low).astype(np.float32)
        mel[clip] = mel[clip][:, low] * (1 - share) + mel[clip][:, low + 1] * share
    return mel


def _blur(mel: np.ndarray, random: np.random.Generator) -> np.ndarray:
    for clip in np.flatnonzero(random.random(len(mel)) < 0.3):
        mel[clip] = gaussian_filter1d(mel[clip], random.uniform(0.4, 1.5), axis=1)
    for clip in np.flatnonzero(random.random(len(mel)) < 0.15):
        mel[clip] = gaussian_filter1d(mel[clip], random.uniform(0.4, 1.2), axis=0)
    return mel


def in_a_room(mel: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A tail that decays 60 dB in 0.2 to 0.9 s, 3 to 18 dB below the direct sound."""
    for clip in np.flatnonzero(random.random(len(mel)) < 0.35):
        decay = 10 ** (-6 * 0.01 / random.uniform(0.2, 0.9))
        gain = (1 - decay) * 10 ** (-random.uniform(-2, 12) / 10)
        power = np.exp(mel[clip])
        mel[clip] = np.log(power + lfilter([0, gain], [1, -decay], power, axis=0)).astype(np.float32)
    return mel


def noisy(mel: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Noise of a random colour and slow swell, 0 to 40 dB below the loud parts."""
    length = mel.shape[1]
    for clip in np.flatnonzero(random.random(len(mel)) < 0.6):
        level = np.percentile(mel[clip].mean(1), 90)
        colour = _curve(random, 8.0) + random.uniform(-0.10, 0.03) * np.arange(BANDS)
        swell = np.interp(np.arange(length), np.linspace(0, length, 6), random.normal(0, 0.5, 6))
        grain = np.log(random.gamma(2.5, 1 / 2.5, mel[clip].shape) + 1e-3)
        ratio = random.uniform(2, 40) * _NEPER
        mel[clip] = np.logaddexp(mel[clip], (level - ratio + colour - colour.mean() + swell[:, None] + grain).astype(np.float32))
    return mel


def with_babble(mel: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Another clip of the batch 10 to 30 dB below."""
    for clip in np.flatnonzero(random.random(len(mel)) < 0.12):
        other = mel[random.integers(len(mel))][::-1] if random.random() < 0.5 else mel[random.integers(len(mel))]
        mel[clip] = np.logaddexp(mel[clip], other - np.float32(random.uniform(10, 30) * _NEPER))
    return mel


def _channel(mel: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A smooth filter, a level, now and then a telephone band or a compressor."""
    for clip in range(len(mel)):
        mel[clip] += _curve(random, 6.0) + np.float32(random.uniform(-30, 8) * _NEPER)
        if random.random() < 0.15:
            low, high = random.integers(0, 12), random.integers(48, 80)  # bands: to about 300 Hz, from about 2.5 kHz
            mel[clip, :, :low] -= np.float32(random.uniform(1, 6))
            mel[clip, :, high:] -= np.float32(random.uniform(1, 6))
        if random.random() < 0.3:
            mean = mel[clip].mean()
            mel[clip] = mean + (mel[clip] - mean) * np.float32(random.uniform(0.75, 1.15))
    return np.logaddexp(mel, np.float32(np.log(1e-10)))


def _holes(mel: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Bands and moments replaced by the clip's mean (SpecAugment, Park et al. 2019)."""
    for clip in range(len(mel)):
        mean = mel[clip].mean()
        for _ in range(random.integers(0, 3)):
            band, time = random.integers(0, BANDS - 8), random.integers(0, mel.shape[1] - 8)
            mel[clip, :, band : band + random.integers(0, 8)] = mean
            mel[clip, time : time + random.integers(0, 7)] = mean
    return mel


def _curve(random: np.random.Generator, decibels: float) -> np.ndarray:
    """A smooth curve (80,) over the bands with a deviation of about `decibels`."""
    knots = random.normal(0, decibels * random.random(), 6)
    return (np.interp(np.arange(BANDS), np.linspace(0, BANDS - 1, 6), knots) * _NEPER).astype(np.float32)

"""Where a voice stands out: syllables higher and louder than what surrounds them, where brows rise and heads move."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from visavox.audio import Audio
from visavox.gestures.smoothing import smoothed
from visavox.levels import level_of, quiet_below
from visavox.windows import SAMPLE_RATE

RATE, HOP, FRAME = SAMPLE_RATE, SAMPLE_RATE // 100, SAMPLE_RATE // 25  # Hz, as the model's; samples of 10 ms and 40 ms
LOWEST, HIGHEST = 70.0, 400.0  # Hz, of voices
SHORTEST, LONGEST = int(RATE / HIGHEST), int(RATE / LOWEST)  # samples of their periods
VOICED = 0.5  # autocorrelation at the period, relative to that at 0, from which a frame counts as voiced
OCTAVE_COST = 0.04  # of the likeness for each octave below the highest pitch: a period counts before its multiples
AUDIBLE = 25.0  # dB under the loud parts, below which nothing is voiced
SYLLABLE, PHRASE = 6, 100  # hops, the standard deviations over which a syllable and what surrounds it are averaged
SEMITONES, DECIBELS = 3.0, 6.0  # that stand out as much as one another
LEAST = 0.9  # by how much a syllable stands out in all to be an accent
APART = 0.6  # seconds between accents at least
TRANSFORM = 900  # points of the spectrum: what is longer than FRAME and the longest period together does not run into itself
BLOCK = 64  # frames whose autocorrelation is taken at once: what they need stays in the cache of the processor


@dataclass(frozen=True)
class Hops:
    """A sound every HOP samples at RATE: the `pitch` (N,) in Hz, how much a frame is like itself a period later, `likeness` (N,), and
    the `level` (N,) in dB of full scale. Hop i is centred on `time(i)`."""

    pitch: np.ndarray
    likeness: np.ndarray
    level: np.ndarray

    @staticmethod
    def time(hop):
        """The centre in seconds of a hop, a number or an array."""
        return (hop * HOP + FRAME / 2) / RATE


def hops_of(sound: Audio | Hops) -> Hops:
    """The hops of a recording, which may be known already, at least one: a shorter sound than a frame is followed by silence.

    Pitch is that of the highest normalised autocorrelation (Boersma 1993, without its path search).
    """
    if isinstance(sound, Hops):
        return sound
    samples = sound.resample(RATE).pad(FRAME).samples.astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP]
    blocks = [hop_pitch(frames[first : first + BLOCK]) for first in range(0, len(frames), BLOCK)]
    return Hops(*(np.concatenate(parts) for parts in zip(*blocks, strict=True)))


def voice_accents(sound: Audio | Hops) -> tuple[np.ndarray, np.ndarray]:
    """The times (N,) in seconds of the accents of a voice and how far each stands out (N,), LEAST to about 3.

    An accent is a voiced syllable whose pitch and loudness together rise above the second or two around it: 1 is three semitones or
    six decibels. Sounds without a pitch have none.
    """
    hops = hops_of(sound)
    voiced = (hops.likeness > VOICED) & (hops.level > quiet_below(hops.level, AUDIBLE, -60))
    if not voiced.any():
        return np.zeros(0), np.zeros(0)
    tone = np.median(_around(12 * np.log2(hops.pitch), 2), axis=1)
    above = _above(tone, voiced) / SEMITONES + _above(hops.level, voiced) / DECIBELS
    share = smoothed(voiced, SYLLABLE)
    standing_out = above * np.minimum(2 * share, 1)
    highest = _around(standing_out, round(APART * RATE / HOP)).max(axis=1)
    peaks = np.flatnonzero((standing_out == highest) & (standing_out >= LEAST))
    return Hops.time(peaks), standing_out[peaks]


def _around(values: np.ndarray, reach: int) -> np.ndarray:
    """Each of `values` (N,) with `reach` of its neighbours on either side (N, 2 reach + 1)."""
    return np.lib.stride_tricks.sliding_window_view(np.pad(values, reach, mode="edge"), 2 * reach + 1)


def hop_pitch(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pitch (N,) in Hz of frames (N, FRAME), the normalised autocorrelation (N,) at its period, and the level (N,) in dB."""
    window, own_window, cost = _pitch_tables()
    own = _correlation((frames - frames.mean(1, keepdims=True)) * window)
    ratio = own / np.maximum(own[:, :1], 1e-9) / own_window
    best = (ratio[:, SHORTEST:] - cost).argmax(1) + SHORTEST
    level = level_of(frames)
    return RATE / best, ratio[np.arange(len(best)), best], level


def _correlation(signal: np.ndarray) -> np.ndarray:
    """The autocorrelation (..., LONGEST + 1) of `signal` (..., FRAME)."""
    spectrum = np.fft.rfft(signal, TRANSFORM)
    return np.fft.irfft(spectrum.real**2 + spectrum.imag**2, TRANSFORM)[..., : LONGEST + 1]


@cache
def _pitch_tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The window of a frame, its normalised autocorrelation, and what longer periods cost."""
    window = np.hanning(FRAME).astype(np.float32)
    own = _correlation(window)
    return window, own / own[0], OCTAVE_COST * np.log2(np.arange(SHORTEST, LONGEST + 1) / SHORTEST)


def _above(values: np.ndarray, voiced: np.ndarray) -> np.ndarray:
    """How far a syllable's mean of `values` (N,) lies above that of its surroundings (N,), voiced frames alone."""
    weight, values = voiced.astype(float), np.where(voiced, values, 0.0)

    def mean(width: float) -> np.ndarray:
        return smoothed(values, width, edge=False) / np.maximum(smoothed(weight, width, edge=False), 1e-3)

    return mean(SYLLABLE) - mean(PHRASE)

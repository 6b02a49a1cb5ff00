"""Log-mel features of sound: what the audio encoder takes. NumPy only, so that running a voice needs no training framework."""

from dataclasses import replace
from functools import cache

import numpy as np

from visavox.audio import Audio
from visavox.levels import quiet_below
from visavox.models.clipped_sound import unclipped
from visavox.windows import SAMPLE_RATE

HOP = 160  # samples: 100 feature frames a second
WINDOW = 400  # samples: 25 ms
BANDS = 80
FLOOR = 1e-10  # power, -100 dB of full scale: what digital silence becomes
QUIET = np.log(1e-7)  # a band's mean counts as at least -70 dB, so that normalising never lifts silence or hiss to the level of speech
ACTIVE = np.log(1e3)  # frames within 30 dB of the loudest ones are speech
SCALE = 2.5  # nats: about the deviation of log-mel speech, so that features come out near unit variance
BLOCK = 256  # frames whose spectrum is taken at once: what they need stays in the cache of the processor
ROWS = 12  # frames whose bands are summed at once: more of them wake the threads of NumPy's BLAS, which then spin for tens of milliseconds
FEATURES_PER_SECOND = SAMPLE_RATE // HOP


def log_mel(audio: Audio, frames: int) -> np.ndarray:
    """Natural logarithms of mel power (frames, 80) at 100 Hz; frame i is centred on (i + 0.5) * 10 ms of the sound at 16 kHz.

    80 triangular bands from 40 to 7600 Hz; power of a Hann window of 25 ms, 1 is a sine at full scale; silence pads either end. An
    overdriven recording is given back its peaks first.
    """
    samples = unclipped(audio.samples, audio.sample_rate)
    restored = audio if samples is audio.samples else replace(audio, samples=samples)
    return mel_power(restored.resample(SAMPLE_RATE).samples, frames)


def mel_power(samples: np.ndarray, frames: int, warp: float = 1.0) -> np.ndarray:
    """`log_mel` (..., frames, 80) of one sound or of several (..., S) that are at 16 kHz already; `warp` stretches the frequency axis, as a
    longer vocal tract would (< 1)."""
    half = (WINDOW - HOP) // 2
    missing = max(frames * HOP + WINDOW - half - samples.shape[-1], 0)
    padded = np.pad(samples.astype(np.float32), [(0, 0)] * (samples.ndim - 1) + [(half, missing)])
    pieces = np.lib.stride_tricks.sliding_window_view(padded, WINDOW, axis=-1)[..., ::HOP, :][..., :frames, :]
    result = np.empty((*pieces.shape[:-1], BANDS), np.float32)
    for first in range(0, frames, BLOCK):
        spectrum = np.fft.rfft(pieces[..., first : first + BLOCK, :] * _window(), 512)
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
        bands = [power[..., row : row + ROWS, :] @ _filters(round(warp, 3)) for row in range(0, power.shape[-2], ROWS)]
        result[..., first : first + BLOCK, :] = np.log(np.concatenate(bands, axis=-2) + FLOOR)
    return result


def normalise(features: np.ndarray, means: np.ndarray | None = None) -> np.ndarray:
    """`features` (L, 80) less each band's mean over the active frames, over SCALE: level and colour of the channel go, silence stays low.

    `means` (80,) are those of `features` unless given, such as the ones of a recording without its padding.

    Source: cepstral mean normalisation restricted to speech, with an absolute floor (QUIET) on the means.
    """
    means = band_means(features) if means is None else means
    return ((features - means) / SCALE).astype(np.float32)


def band_means(features: np.ndarray) -> np.ndarray:
    """The mean of each band (80,) over the active frames of `features` (L, 80), never below QUIET."""
    level = features.mean(axis=1)
    active = features[level >= quiet_below(level, ACTIVE)]
    return np.maximum(active.mean(axis=0), QUIET).astype(np.float32)


@cache
def _window() -> np.ndarray:
    window = np.hanning(WINDOW + 1)[:WINDOW]
    return (window / (window.sum() / 2)).astype(np.float32)  # a sine of amplitude 1 has power 1


@cache
def _filters(warp: float) -> np.ndarray:
    """Triangular filters (257, 80), equally spaced on the mel scale 2595 log10(1 + f / 700), each of height 1."""
    mel = np.linspace(2595 * np.log10(1 + 40 / 700), 2595 * np.log10(1 + 7600 / 700), BANDS + 2)
    edges = _warped(700 * (10 ** (mel / 2595) - 1), warp)
    bins = np.arange(257)[:, None] * SAMPLE_RATE / 512
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    return np.maximum(0, np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre))).astype(np.float32)


def _warped(frequencies: np.ndarray, warp: float) -> np.ndarray:
    """Piecewise linear vocal-tract warping: slope `warp` up to a knee, then straight to the Nyquist frequency."""
    knee = 4800 * min(1.0, 1 / warp)
    top = SAMPLE_RATE / 2
    above = knee * warp + (top - knee * warp) * (frequencies - knee) / (top - knee)
    return np.where(frequencies < knee, frequencies * warp, above)

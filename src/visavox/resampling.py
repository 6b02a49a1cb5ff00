"""Filters and resampling in NumPy, equal to SciPy's `firwin`, `kaiserord` and `resample_poly`, which take a third of a second to import.

Shapes: S samples in, N samples out. Source: Oppenheim and Schafer, Discrete-Time Signal Processing: windowed sinc, Kaiser's design rules.
"""

from math import ceil, pi

import numpy as np

TOGETHER = 32  # samples out that are made by one product of matrices
ROWS = 4096  # of them at a time, so that memory stays flat
SIDE, BETA = 10, 5.0  # of the usual filter: samples of the lower rate to either side, and the shape of its window


def kaiser_lowpass(taps: int, cutoff: float, beta: float) -> np.ndarray:
    """A filter (taps,) that passes frequencies below `cutoff`, of which 1 is half the sample rate; its gain there is 1."""
    place = np.arange(taps) - (taps - 1) / 2
    found = np.sinc(cutoff * place) * np.kaiser(taps, beta)
    return found / found.sum()


def kaiser_taps(stopped: float, width: float) -> tuple[int, float]:
    """How many taps a Kaiser window needs to stop by `stopped` dB, over 50, across `width`, of which 1 is half the rate; and its beta."""
    beta = 0.1102 * (stopped - 8.7)
    return ceil((stopped - 7.95) / 2.285 / (pi * width) + 1), beta


def resampled(samples: np.ndarray, up: int, down: int, window: np.ndarray | None = None) -> np.ndarray:
    """`samples` (S,) at `up` / `down` times their rate, which have no common factor: (ceil(S up / down),) float32, without delay.

    `window` is a filter of an odd number of taps at `up` times the rate, of gain 1; None is the usual one. Beyond its ends sound is silent.
    """
    if window is None:
        window = kaiser_lowpass(2 * SIDE * max(up, down) + 1, 1 / max(up, down), BETA)
    count, half = ceil(samples.size * up / down), len(window) // 2
    outs, ins = up * ceil(TOGETHER / up), down * ceil(TOGETHER / up)  # after so many all repeats
    periods = ceil(count / outs)
    before, after = half // up + 1, half // up + ins + 2
    padded = np.pad(np.asarray(samples, np.float32), (before, max(periods * ins - samples.size, 0) + after))
    result = np.empty((periods, outs), np.float32)
    for first in range(0, outs, TOGETHER):
        last = min(first + TOGETHER, outs)
        low, high = -((half - first * down) // up), (half + (last - 1) * down) // up  # the samples in that the filter reaches
        place = half + np.arange(first, last) * down - np.arange(low, high + 1)[:, None] * up
        reached = (place >= 0) & (place < len(window))
        matrix = np.where(reached, window[place * reached] * up, 0).astype(np.float32)
        pieces = np.lib.stride_tricks.sliding_window_view(padded[low + before :], high + 1 - low)[::ins][:periods]
        for row in range(0, periods, ROWS):
            result[row : row + ROWS, first:last] = np.ascontiguousarray(pieces[row : row + ROWS]) @ matrix
    return result.reshape(-1)[:count]

"""Blinks: where they are, how many a minute, and how they are spaced. Pure functions."""

import numpy as np
from scipy.signal import find_peaks

PROMINENCE = 0.25  # of the eyelid weight: a blink rises at least this far above what surrounds it
LONGEST = 0.7  # seconds between half closed and half open; longer is a look down or a doze
APART = 0.12  # seconds between two blinks at least


def blink_times(lids: np.ndarray, fps: float) -> np.ndarray:
    """The times in seconds of the blinks in an eyelid curve `lids` (T,), 0 open to 1 shut (mean of both eyeBlink
    channels).
    """
    padded = np.pad(np.asarray(lids, float), 1, constant_values=float(np.min(lids)))
    peaks, _ = find_peaks(padded, prominence=PROMINENCE, width=(None, LONGEST * fps), distance=max(APART * fps, 1))
    return (peaks - 1 + 0.5) / fps


def blink_rate(times: np.ndarray, seconds: float) -> float:
    """Blinks a minute. Resting and talking people blink about 8 to 30 times a minute (Bentivoglio et al. 1997: 17 and
    26).
    """
    return 60 * len(times) / seconds


def blink_intervals(times: np.ndarray) -> np.ndarray:
    """The seconds between successive blinks of one recording."""
    return np.diff(np.asarray(times, float))


def interval_variation(intervals: np.ndarray) -> float:
    """The coefficient of variation of blink intervals: 0 a metronome, 1 a Poisson process; people lie between about
    0.5 and 1.2.

    nan with fewer than three intervals.
    """
    return float(np.std(intervals) / np.mean(intervals)) if len(intervals) >= 3 else float("nan")

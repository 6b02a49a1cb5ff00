"""Whether the sound of a film is late: the mouth that was seen beside the mouth that is read from the sound.

The lip reader of a checkpoint says from sound alone how far a mouth opens and spreads. Its readings are moved against the landmarks'
measures until they agree best.
"""

from typing import NamedTuple

import numpy as np
from scipy.signal import butter, sosfiltfilt

GRID = 100.0  # Hz, at which both are compared
BAND = (0.5, 7.0)  # Hz that lips and sound share
MOST = 0.45  # seconds by which a sound may be late or early
WIDTH_WEIGHT = 0.7  # of the mouth's width beside its opening
SURE, CLEAR = 0.4, 1.15  # mean correlation, and how much higher it must be than anywhere further than APART, for an offset to be believed
APART = 0.15  # seconds
SHORTEST = 4.0  # seconds that can tell


class Offset(NamedTuple):
    """By how many seconds the sound is late (early where negative), the correlation there, and whether that is to be believed."""

    late: float
    correlation: float
    sure: bool

    def less(self, seconds: float) -> "Offset":
        """The offset that a reading which is itself `seconds` behind would have given without that."""
        return self._replace(late=self.late - seconds)


def offset_of(
    seen: tuple[np.ndarray, np.ndarray], read: tuple[np.ndarray, np.ndarray], confidence: np.ndarray, fps: tuple[float, float]
) -> Offset:
    """The offset between lip gap and mouth width as `seen` (T,) and as `read` from the sound (N,), at the two rates `fps`.

    Frames whose `confidence` (T,) is 0 do not count. Not sure where there is too little to compare.
    """
    seconds = min(len(seen[0]) / fps[0], len(read[0]) / fps[1])
    count = int(seconds * GRID)
    known = _at_grid((confidence > 0).astype(float), fps[0], count) > 0.99
    if known.sum() < SHORTEST * GRID:
        return Offset(0.0, 0.0, False)
    score = np.zeros(2 * round(MOST * GRID) + 1)
    for mine, theirs, weight in zip(seen, read, (1.0, WIDTH_WEIGHT), strict=True):
        mouth, sound = _moving(_at_grid(mine, fps[0], count)), _moving(_at_grid(theirs, fps[1], count))
        score += weight / (1 + WIDTH_WEIGHT) * _correlations(mouth, sound, known)
    best = int(score.argmax())
    lags = (np.arange(score.size) - round(MOST * GRID)) / GRID
    elsewhere = score[np.abs(lags - lags[best]) > APART].max()
    sure = bool(score[best] >= SURE and score[best] >= CLEAR * elsewhere and 0 < best < score.size - 1)
    return Offset(float(lags[best]) + _between(score, best) / GRID, float(score[best]), sure)


def _at_grid(values: np.ndarray, fps: float, count: int) -> np.ndarray:
    return np.interp((np.arange(count) + 0.5) / GRID, (np.arange(len(values)) + 0.5) / fps, values)


def _moving(values: np.ndarray) -> np.ndarray:
    """The part of `values` that lips and sound share; 0 where nothing moves."""
    moving = sosfiltfilt(butter(2, BAND, "band", fs=GRID, output="sos"), values)
    return moving / max(float(moving.std()), 1e-9)


def _correlations(mouth: np.ndarray, sound: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The correlation at each lag from -MOST to MOST: the sound of a later time beside the mouth where the sound is late."""
    most, found = round(MOST * GRID), []
    for lag in range(-most, most + 1):
        here = slice(max(-lag, 0), len(mouth) - max(lag, 0))
        there = slice(max(lag, 0), len(mouth) + min(lag, 0))
        counted = known[here]
        pair = np.stack([mouth[here][counted], sound[there][counted]])
        moving = counted.sum() > GRID and pair.std(axis=1).min() > 1e-6
        found.append(float(np.corrcoef(pair)[0, 1]) if moving else 0.0)
    return np.array(found)


def _between(score: np.ndarray, best: int) -> float:
    """Where between its neighbours the top of a parabola through the best lag lies, in steps."""
    if not 0 < best < score.size - 1:
        return 0.0
    left, middle, right = score[best - 1 : best + 2]
    return float(np.clip(0.5 * (left - right) / min(left - 2 * middle + right, -1e-9), -0.5, 0.5))

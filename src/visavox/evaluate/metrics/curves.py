"""A generated curve against the tracked one: correlation, lag, range, and leaks in silence. Pure functions on arrays.

Curves are (T,) on the same frames; `ok` (T,) marks frames where the tracker saw a face.
"""

import numpy as np

from visavox.windows import frame_times

LEAST_FRAMES = 10  # fewer common frames make no correlation
FLAT = 1e-6  # standard deviation under which a curve does not move


def at_times(values: np.ndarray, fps: float, times: np.ndarray) -> np.ndarray:
    """`values` (T,) of a curve at `fps`, read at other `times` in seconds, linear between frame centres."""
    return np.interp(times, frame_times(len(values), fps), values)


def correlation(generated: np.ndarray, true: np.ndarray, ok: np.ndarray | None = None) -> float:
    """Pearson's correlation, -1 to 1, over the frames that are ok; 0 for a curve that does not move; nan under 10
    frames.
    """
    generated, true = np.asarray(generated, float), np.asarray(true, float)
    kept = np.ones(true.size, bool) if ok is None else np.asarray(ok, bool)
    if kept.sum() < LEAST_FRAMES:
        return float("nan")
    a, b = generated[kept] - generated[kept].mean(), true[kept] - true[kept].mean()
    if a.std() < FLAT or b.std() < FLAT:
        return 0.0
    return float((a * b).mean() / (a.std() * b.std()))


def lagged_correlations(generated: np.ndarray, true: np.ndarray, ok: np.ndarray, most: int = 5) -> np.ndarray:
    """The correlations (2 most + 1,) at lags -most..most frames; at lag k, frame i + k of `generated` meets frame i
    of `true`.
    """
    found = []
    for lag in range(-most, most + 1):
        first, last = max(0, -lag), min(true.size, true.size - lag)
        kept = slice(first, last)
        found.append(correlation(generated[first + lag : last + lag], true[kept], ok[kept]))
    return np.array(found)


def best_lag(generated: np.ndarray, true: np.ndarray, ok: np.ndarray, most: int = 5) -> int:
    """The lag in frames, -most..most, at which the correlation is largest; positive: the generated curve comes late."""
    found = lagged_correlations(generated, true, ok, most)
    return int(np.nanargmax(found)) - most if np.isfinite(found).any() else 0


def spread(values: np.ndarray, ok: np.ndarray | None = None) -> float:
    """The range of a curve between its 5th and 95th percentile, in the curve's unit."""
    kept = np.asarray(values, float) if ok is None else np.asarray(values, float)[ok]
    low, high = np.percentile(kept, [5, 95])
    return float(high - low)


def articulation_ratio(generated: np.ndarray, true: np.ndarray, ok: np.ndarray) -> float:
    """The generated range over the true range (95th - 5th percentile): 1 is as lively as the face; nan for a still
    face.
    """
    width = spread(true, ok)
    return spread(generated, ok) / width if width > FLAT else float("nan")


def silence_leak(values: np.ndarray, silent: np.ndarray) -> float:
    """The mean of a curve, in its unit, over the frames that are `silent` (T,); nan when there are none."""
    return float(np.asarray(values, float)[silent].mean()) if silent.any() else float("nan")

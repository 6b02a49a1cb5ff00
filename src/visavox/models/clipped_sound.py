"""Overdriven recordings: what a microphone or a converter cut off is drawn in again before the sound is listened to.

A cut wave has flat tops, whose edges add overtones that sound like other phones. The edges still say how steeply the wave was rising, so
that a cubic through them gives back most of its height. Shapes: S samples, N flat tops.
"""

import numpy as np

FLAT = 2e-3  # of the limit: samples so near to it belong to a flat top
LEAST_LIMIT = 0.02  # of full scale: below it steps of the samples themselves are flat
SHORTEST, LONGEST = 3, 0.01  # samples; seconds: half a wave of 50 Hz
LEAST_SHARE = 1e-4  # of the samples that are in flat tops: a recording that touches its limit here and there is not overdriven
HIGHEST = 12.0  # times the limit: no more is given back
PIECE = 1 << 20  # samples that are looked at together


def unclipped(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """`samples` (S,) with their flat tops drawn in as the wave was, turned down to fit between -1 and 1 again; the very same array where
    there are none.

    Source: cubic Hermite interpolation over each flat top, with the slopes of the samples beside it, never below what was recorded.
    """
    restored = None
    for sign, limit in ((1, float(samples.max())), (-1, -float(samples.min()))):
        if limit < LEAST_LIMIT:
            continue
        starts, ends = _flat_tops(samples, sign * limit, round(LONGEST * sample_rate))
        if (ends - starts).sum() > LEAST_SHARE * samples.size:
            restored = samples.astype(np.float32) if restored is None else restored
            at, heights = _drawn_in(samples, sign, starts, ends)
            restored[at] = sign * np.minimum(heights, HIGHEST * limit)
    if restored is None:
        return samples
    restored /= max(float(restored.max()), -float(restored.min()), 1.0)
    return restored


def _flat_tops(samples: np.ndarray, limit: float, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """The first sample (N,) of each flat top at `limit`, or below where that is negative, and the one after its last (N,)."""
    least, found = limit * (1 - FLAT), []
    for first in range(0, samples.size, PIECE):  # hours are not copied
        piece = samples[first : first + PIECE]
        found.append(first + np.flatnonzero(piece >= least if limit > 0 else piece <= least))
    near = np.concatenate(found)
    breaks = np.flatnonzero(np.diff(near) > 1)
    starts, ends = near[np.r_[0, breaks + 1]], near[np.r_[breaks, -1]] + 1
    length = ends - starts
    kept = (length >= SHORTEST) & (length <= longest) & (starts >= 2) & (ends <= samples.size - 2)
    return starts[kept], ends[kept]


def _drawn_in(samples: np.ndarray, sign: int, starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The samples of all flat tops, by their place, and how high the wave may have been there: at least as high as it is recorded."""
    length = ends - starts
    top = np.repeat(np.arange(len(starts)), length)
    place = np.arange(len(top)) - np.repeat(np.cumsum(length) - length, length) + 1
    left, before, right, after = (sign * samples[at].astype(np.float64) for at in (starts - 1, starts - 2, ends, ends + 1))
    span = (length + 1)[top]
    share = place / span
    height = (
        (2 * share**3 - 3 * share**2 + 1) * left[top]
        + (share**3 - 2 * share**2 + share) * span * (left - before)[top]
        + (3 * share**2 - 2 * share**3) * right[top]
        + (share**3 - share**2) * span * (after - right)[top]
    )
    at = starts[top] + place - 1
    return at, np.maximum(height, sign * samples[at])

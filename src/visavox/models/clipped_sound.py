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


def unclipped(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """`samples` (S,) with their flat tops drawn in as the wave was, turned down to fit between -1 and 1 again; the very same array where
    there are none.

    Source: cubic Hermite interpolation over each flat top, with the slopes of the samples beside it, never below what was recorded.
    """
    sound = np.asarray(samples, np.float64)
    restored = None
    for sign in (1, -1):
        starts, ends = _flat_tops(sign * sound, round(LONGEST * sample_rate))
        if (ends - starts).sum() > LEAST_SHARE * sound.size:
            restored = sound.copy() if restored is None else restored
            _draw_in(restored, sign * sound, starts, ends, sign)
    if restored is None:
        return samples
    return (restored / max(np.abs(restored).max(), 1.0)).astype(np.float32)


def _flat_tops(sound: np.ndarray, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """The first sample (N,) of each flat top of `sound`, and the one after its last (N,)."""
    limit = sound.max()
    if limit < LEAST_LIMIT:
        return np.empty(0, int), np.empty(0, int)
    edges = np.flatnonzero(np.diff(sound >= limit * (1 - FLAT), prepend=False, append=False))
    starts, ends = edges[::2], edges[1::2]
    length = ends - starts
    kept = (length >= SHORTEST) & (length <= longest) & (starts >= 2) & (ends <= sound.size - 2)
    return starts[kept], ends[kept]


def _draw_in(restored: np.ndarray, sound: np.ndarray, starts: np.ndarray, ends: np.ndarray, sign: int) -> None:
    """Writes into `restored` what `sound`, which points upwards, may have been in its flat tops."""
    length = ends - starts
    top = np.repeat(np.arange(len(starts)), length)
    place = np.arange(len(top)) - np.repeat(np.cumsum(length) - length, length) + 1
    span = (length + 1)[top]
    share = place / span
    rising, falling = sound[starts - 1] - sound[starts - 2], sound[ends + 1] - sound[ends]
    height = (
        (2 * share**3 - 3 * share**2 + 1) * sound[starts - 1][top]
        + (share**3 - 2 * share**2 + share) * span * rising[top]
        + (3 * share**2 - 2 * share**3) * sound[ends][top]
        + (share**3 - share**2) * span * falling[top]
    )
    at, limit = starts[top] + place - 1, sound.max()
    restored[at] = sign * np.clip(height, sound[at], HIGHEST * limit)

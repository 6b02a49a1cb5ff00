"""In-betweening: curves through keys, over a motion that goes on between them as far as it agrees with the keys.

Shapes: K keys, T frames, C channels. A motion that the sound asked for (the base) knows when the mouth opens and shuts, not how far a
person did. So what it does between two keys counts by how well it told the keys around them from their own neighbours.

A key may say how fast it is passed (its slope): a pose on the way to another, such as at the border of two phones, tells little without.
"""

import numpy as np

AROUND = 20  # keys to either side from which it is judged how well the base agrees with them
TRUSTED = 2.0  # keys for which a base counts that few keys can judge: who sets some keys wants the motion to go on between them
STILL = 3e-3  # of a channel (standard deviation) within which a base does not move


def through(times: np.ndarray, values: np.ndarray, at: np.ndarray, slopes: np.ndarray | None = None) -> np.ndarray:
    """Curves (T, C) through `values` (K, C) at their `times` (K,) without overshoot; level before and after.

    `slopes` (K, C), in values a unit of time, are those of the curves at the keys; where they are NaN the curve finds its own."""
    if len(times) < 2:
        return np.repeat(values[:1], len(at), axis=0)
    from scipy.interpolate import CubicHermiteSpline, PchipInterpolator

    curve = PchipInterpolator(times, values, axis=0)
    if slopes is not None and not np.isnan(slopes).all():
        curve = CubicHermiteSpline(times, values, np.where(np.isnan(slopes), curve.derivative()(times), slopes), axis=0)
    return curve(np.clip(at, times[0], times[-1]))


def guided(
    keys: tuple[np.ndarray, np.ndarray],
    base: tuple[np.ndarray, np.ndarray],
    at: np.ndarray,
    slopes: tuple[np.ndarray, np.ndarray] | None = None,
) -> np.ndarray:
    """Values (T, C) at the times `at` (T,) that pass through `keys`, their times (K,) and values (K, C). Between them they move as the
    `base` does, its values at the keys' times (K, C) and at all times (T, C), as far as it agrees with the keys. `slopes` are those of
    the keys, NaN where they have none, and of the base at their times (K, C)."""
    times, values = keys
    known, going = base
    share = agreement(times, values, known)
    rest = None
    if slopes is not None and len(times) > 1 and not np.isnan(slopes[0]).all():
        from scipy.interpolate import PchipInterpolator

        sharing = PchipInterpolator(times, share, axis=0).derivative()(times)
        rest = slopes[0] - share * slopes[1] - sharing * known
    return through(times, share, at) * going + through(times, values - share * known, at, rest)


def agreement(times: np.ndarray, values: np.ndarray, base: np.ndarray) -> np.ndarray:
    """How far (K, C), 0 to 1, the `base` (K, C) is to be followed around each key.

    That is as far as it explains how the `values` (K, C) of the keys around differ from their neighbours, beyond what chance
    explains."""
    asked, known_there = _beside_neighbours(times, values), _beside_neighbours(times, base)
    together, of_base, of_keys = _around(asked * known_there), _around(known_there * known_there), _around(asked * asked)
    sure = np.clip(together / np.sqrt(of_base * of_keys + 1e-12), 0, 1) ** 2
    judges = _around(np.pad(np.ones((max(len(times) - 2, 0), 1)), ((1, 1), (0, 0)))[: len(times)])
    found = sure * np.clip(together / (of_base + judges * STILL**2 + 1e-12), 0, 1)
    return (judges * found + TRUSTED) / (judges + TRUSTED)


def _beside_neighbours(times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """What each key (K, C) is beside the straight line between its neighbours; 0 of the first and the last."""
    beside = np.zeros_like(values)
    if len(times) > 2:
        share = ((times[1:-1] - times[:-2]) / (times[2:] - times[:-2]))[:, None]
        beside[1:-1] = values[1:-1] - values[:-2] - share * (values[2:] - values[:-2])
    return beside


def _around(values: np.ndarray) -> np.ndarray:
    """The sums (K, C) over the keys up to AROUND away."""
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    places = np.arange(len(values))
    return sums[np.minimum(places + AROUND + 1, len(values))] - sums[np.maximum(places - AROUND, 0)]

"""The cheapest keys: from which frames cubic pieces come nearest to a curve, found for all frames at once (dynamic programming).

Shapes: T frames, C channels. Keys put in one by one where the error is largest chase single frames; of as many keys chosen together the
error is about half.
"""

import numpy as np

from visavox.easing import smooth_step

HALVINGS = 24  # of the price of a key, until there are as many as are wanted


def cheapest(values: np.ndarray, longest: int, cost: np.ndarray, count: int | None = None, within: float | None = None) -> np.ndarray:
    """Frames (K,), the first and the last among them, no two further than `longest` apart, from which cubic pieces come nearest to the
    `values` (T, C) that have their values and slopes. A key at a frame costs `cost` (T,) of others.

    With a `count` there are no more than that, unless `longest` asks for more: then the first and the last frame alone. `within` is how far
    a piece may be from any value; then there are as few keys as that allows.
    """
    squares, farthest = _errors(values, min(longest, max(len(values) - 1, 1)))
    if within is not None:
        return _path(np.where(farthest <= within, 1e-3 * squares, np.inf), cost)
    ends = np.unique([0, len(values) - 1])
    low, high = 1e-7, 1e7
    found = _path(squares, high * cost)
    if found.size > count:
        return ends
    for _ in range(HALVINGS):
        price = np.sqrt(low * high)
        keys = _path(squares, price * cost)
        if keys.size > count:
            low = price
        else:
            high, found = price, keys
        if found.size == count or high / low < 1.01:
            break
    return found


def _errors(values: np.ndarray, longest: int) -> tuple[np.ndarray, np.ndarray]:
    """Of the piece from frame t to t + l + 1, at (t, l) of (T, longest): the sum of squares by which it errs and the most of any value.
    They are infinite where it would end after the last frame."""
    slopes = slopes_of(values)
    squares, farthest = (np.full((len(values), longest), np.inf) for _ in range(2))
    for length in range(1, longest + 1):
        count = len(values) - length
        if count <= 0:
            break
        squares[:count, length - 1] = farthest[:count, length - 1] = 0
        for step in range(1, length):
            share = step / length
            ease = smooth_step(share)
            leaving, coming = (share * (1 - share) ** 2 * length, share * share * (share - 1) * length)
            piece = values[:count] + (values[length:] - values[:count]) * ease + leaving * slopes[:count] + coming * slopes[length:]
            apart = values[step : step + count] - piece
            squares[:count, length - 1] += np.square(apart).sum(1)
            np.maximum(farthest[:count, length - 1], np.abs(apart).max(1), out=farthest[:count, length - 1])
    return squares, farthest


def slopes_of(values: np.ndarray) -> np.ndarray:
    """The slopes (T, C) of `values` (T, C), a frame."""
    return np.gradient(values, axis=0) if len(values) > 1 else np.zeros_like(values)


def _path(errors: np.ndarray, prices: np.ndarray) -> np.ndarray:
    """The keys (K,) from the first frame to the last whose `errors` (T, L) and `prices` (T,) together are least."""
    frames, longest = errors.shape
    total, before = np.full(frames, np.inf), np.zeros(frames, int)
    total[0] = 0
    for frame in range(1, frames):
        reach = np.arange(1, min(longest, frame) + 1)
        sums = total[frame - reach] + errors[frame - reach, reach - 1]
        best = int(sums.argmin())
        total[frame], before[frame] = sums[best] + prices[frame], frame - reach[best]
    keys = [frames - 1]
    while keys[-1] > 0:
        keys.append(int(before[keys[-1]]))
    return np.array(keys[::-1])

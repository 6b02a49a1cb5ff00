"""Sound that arrives in pieces, at another rate: a polyphase filter with a memory, equal to `Audio.resample` of the whole.

Shapes: S samples.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from math import gcd

import numpy as np

REACH, BETA = 10, 5.0  # zero crossings of the filter on either side, and its Kaiser window: those of SciPy's resample_poly
BLOCK, WAITING = 640, 1000  # samples made at a time, of so many that arrive at most: the same bytes come out however the sound arrives


@dataclass
class ResamplerMemory:
    """Samples that arrived and are still needed, the number of the first of them, and how many were made; `rate` is theirs in Hz."""

    rate: int
    waiting: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    first: int = 0
    made: int = 0


def resampled(memory: ResamplerMemory, samples: np.ndarray, to_rate: int, last: bool = False) -> np.ndarray:
    """The samples (S,) float32 at `to_rate` Hz that `samples` at `memory.rate` make ready; with `last` all that are left, as if silence
    followed."""
    memory.waiting = np.concatenate([memory.waiting, samples])
    if memory.rate == to_rate:
        made, memory.waiting = memory.waiting, np.zeros(0, np.float32)
        memory.first += made.size
        return made
    up, down, table = _filters(memory.rate, to_rate)
    reach, known, together = table.shape[1] // 2, memory.first + memory.waiting.size, min(BLOCK, max(WAITING * up // down, 1))
    parts, end = [], -(-known * up // down)  # the samples whose time is before the end of what is known
    while memory.made < end:
        until = memory.made + together
        if not last and (until * down) // up + reach >= known:
            break
        parts.append(_block(memory, (up, down, table), min(until, end)))
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _block(memory: ResamplerMemory, polyphase: tuple[int, int, np.ndarray], until: int) -> np.ndarray:
    """Makes the samples up to number `until`, and forgets those that are not needed any more."""
    up, down, table = polyphase
    reach, numbers = table.shape[1] // 2, np.arange(memory.made, until, dtype=np.int64) * down
    centres = numbers // up
    start = int(centres[0]) - reach - memory.first
    missing = max(int(centres[-1]) + reach + 1 - memory.first - memory.waiting.size, 0)
    known = np.pad(memory.waiting, (max(-start, 0), missing))
    windows = np.lib.stride_tricks.sliding_window_view(known, table.shape[1])[centres - centres[0] + max(start, 0)]
    made = np.einsum("nt,nt->n", windows, table[numbers % up])
    memory.made = until
    unneeded = min(max(until * down // up - reach - memory.first, 0), memory.waiting.size)
    memory.waiting, memory.first = memory.waiting[unneeded:], memory.first + unneeded
    return made


@lru_cache(maxsize=4)
def _filters(rate: int, to_rate: int) -> tuple[int, int, np.ndarray]:
    """The ratio to_rate / rate in lowest terms, and for each of its phases the weights of the samples around (up, 2 reach + 1)."""
    common = gcd(rate, to_rate)
    up, down = to_rate // common, rate // common
    widest = max(up, down)
    half = REACH * widest
    taps = np.sinc(np.arange(-half, half + 1) / widest) * np.kaiser(2 * half + 1, BETA)
    taps *= up / taps.sum()
    reach = -(-half // up) + 1
    # the weight of sample centre + j for phase r lies r - j * up from the filter's middle
    places = half + np.arange(up)[:, None] - np.arange(-reach, reach + 1) * up
    inside = (places >= 0) & (places < taps.size)
    return up, down, np.where(inside, taps[np.clip(places, 0, taps.size - 1)], 0).astype(np.float32)

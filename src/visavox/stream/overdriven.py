"""Sound that arrives in pieces, overdriven or not: `models.clipped_sound.unclipped` of a voice whose end is not known.

Whether a wave is cut off, and how high, is learned in pieces of a fixed length. From then on its flat tops are drawn in as soon as each
is over. Until then, and of any other sound, nothing waits and every sample stays what it is. Shapes: S samples.
"""

from dataclasses import dataclass, field

import numpy as np

from visavox.models.clipped_sound import FLAT, LEAST_LIMIT, LONGEST, drawn_in, flat_tops, was_cut

SIGNS = 1, -1  # of the upper and the lower side of a wave
PIECE = 0.01  # seconds that are learned from together
ENOUGH, MOST = 10.0, 40.0  # flat tops of one height after which a wave is taken to be cut off there; more than these are not counted
HALF_LIFE = 500  # pieces of sound that does not come so high, after which half of the flat tops count
LOUD = 0.25  # of the limit: what does not come so high says nothing of it
SINKS = 0.99  # share of the limit that is left after each piece below it, while it is not known to be one
BESIDE = 2  # samples on either side of a flat top that tell how the wave rose


def _nothing() -> np.ndarray:
    return np.zeros(0, np.float32)


@dataclass
class Side:
    """Of one side of the wave the height (above 0) at which it may be cut off, and how many flat tops there were."""

    limit: float = 0.0
    tops: float = 0.0


@dataclass
class OverdrivenMemory:
    """The `piece` that is being filled; the last samples that were `given`, then those that are `held` back, as one array and the number of
    the former; the upper and the lower side of the wave."""

    piece: np.ndarray = field(default_factory=_nothing)
    held: np.ndarray = field(default_factory=_nothing)
    given: int = 0
    sides: list[Side] = field(default_factory=lambda: [Side(), Side()])


def restored(memory: OverdrivenMemory, samples: np.ndarray, sample_rate: int, last: bool = False) -> np.ndarray:
    """The samples (S,) that `samples` at `sample_rate` Hz make ready, flat tops drawn in; with `last` all that are left."""
    size, parts, start = max(round(PIECE * sample_rate), 1), [], 0
    while start < samples.size:
        part = samples[start : start + size - memory.piece.size]
        start += part.size
        parts.append(_passed(memory, part, sample_rate))
        memory.piece = np.concatenate([memory.piece, part])
        if memory.piece.size == size:
            _learn(memory, sample_rate)
            memory.piece = _nothing()
    if last:
        parts.append(memory.held[memory.given :])
        memory.held, memory.given, memory.piece = _nothing(), 0, _nothing()
    return np.concatenate(parts) if parts else _nothing()


def _learn(memory: OverdrivenMemory, sample_rate: int) -> None:
    """Takes in where the full piece touches its limits."""
    tops = float(memory.piece.max()), -float(memory.piece.min())
    for side, sign, top in zip(memory.sides, SIGNS, tops, strict=True):
        if top < LOUD * side.limit:
            continue
        if top < side.limit * (1 - FLAT):
            side.tops *= 0.5 ** (1 / HALF_LIFE)
            side.limit *= 1.0 if side.tops >= ENOUGH else SINKS
        elif top > side.limit * (1 + FLAT):
            side.limit, side.tops = top, 0.0
        if top >= max(side.limit * (1 - FLAT), LEAST_LIMIT):
            starts, ends = flat_tops(memory.piece, sign * side.limit, round(LONGEST * sample_rate))
            cut = np.count_nonzero(was_cut(memory.piece, sign * side.limit, starts, ends))
            side.tops = min(side.tops + cut, MOST)


def _passed(memory: OverdrivenMemory, part: np.ndarray, sample_rate: int) -> np.ndarray:
    """What `part` makes ready, of the sound that is held back and of itself."""
    known, given, longest = np.concatenate([memory.held, part]), memory.given, round(LONGEST * sample_rate)
    made, ready = known, known.size
    for sign, side in zip(SIGNS, memory.sides, strict=True):
        if side.tops < ENOUGH or side.limit < LEAST_LIMIT:
            continue
        starts, ends = flat_tops(known, sign * side.limit, longest)
        at, heights = drawn_in(known, sign * side.limit, starts, ends)
        made = known.copy() if made is known else made
        made[at] = sign * heights
        ready = min(ready, _unfinished(sign * known, given, side.limit * (1 - FLAT), longest))
    kept = max(min(ready, known.size) - BESIDE, 0)
    memory.held, memory.given = known[kept:], ready - kept
    return made[given:ready]


def _unfinished(sound: np.ndarray, given: int, least: float, longest: int) -> int:
    """Where the flat top begins in `sound` that may go on beyond its end, or that too little follows. Its size where there is none, or one
    that began in what was `given` already, or that lasts too long."""
    near = np.flatnonzero(sound >= least)
    if not near.size or near[-1] < sound.size - BESIDE:
        return sound.size
    breaks = np.flatnonzero(np.diff(near) > 1)
    start = int(near[breaks[-1] + 1] if breaks.size else near[0])
    return start if start >= given and near[-1] + 1 - start <= longest else sound.size

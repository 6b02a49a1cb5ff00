"""Lips that touch in the picture touch on the head: weights are moved as little as it takes to give the head the gap that was seen."""

import numpy as np

from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import EYE_LEFT, EYE_RIGHT, LOWER, UPPER, lip_maps

LEAST = 2.0  # percentile of a clip's gaps that stands for touching lips ...
MOST_BIAS = 0.03  # ... where it is not larger than this: somebody who never shuts the lips is believed
GAINS = (0.4, 2.2)  # what landmarks make of a face's lip gap is at least and at most so wrong
BELIEVED = 0.7  # the part of that gain, as a power, that is believed: on our heads all of it were best, on people half
STEADY = 0.0004  # variance of a clip's gaps under which little is believed of a gain: that of 2 mm
TOUCH = 0.01  # the gap of landmarks under which lips come together, whatever the rest of the face tells: 1 mm
ROUNDS = 16
LAST = 0.01  # how freely the other shapes of mouth and jaw give way: hardly, unless all of these have come to their end
# How freely each shape gives way.
FREE = {
    "jawOpen": 0.5, "mouthClose": 0.8, "mouthLowerDownLeft": 0.6, "mouthLowerDownRight": 0.6, "mouthUpperUpLeft": 0.6,
    "mouthUpperUpRight": 0.6, "mouthFunnel": 0.2, "mouthShrugLower": 0.15, "mouthShrugUpper": 0.15,
}  # fmt: skip


def true_gap(seen: np.ndarray, table: np.ndarray) -> np.ndarray:
    """The gap (T,) of a head on which the landmarks would show the gap `seen` (T,), by the `table` (2, N) that was learned on renders."""
    return np.interp(seen, table[0], table[1])


def without_bias(seen: np.ndarray) -> np.ndarray:
    """The gaps (T,) of a clip less what the landmarks show of this person's shut lips."""
    least = float(np.percentile(seen, LEAST))
    return (seen - least).clip(0) if least <= MOST_BIAS else seen


def gap_of_face(seen: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """The lip gap (T,) of a clip, from what the landmarks of the lips show, `seen` (T,), and what the whole face tells, `predicted` (T,).

    The landmarks follow lips well, but with a gain of each face's own. What the face tells decides about a part of that gain, and adds half
    of what no gain explains. Lips that touch in the picture touch.
    """
    away = seen - seen.mean()
    gain = (float(away @ predicted) / len(seen) + STEADY) / (float(away @ away) / len(seen) + STEADY)
    gain = float(np.clip(gain, *GAINS))
    gap = gain**BELIEVED * (seen + 0.5 * ((predicted - predicted.mean()) / gain - away))
    if float(np.percentile(seen, LEAST)) <= TOUCH:
        gap = gap - float(np.percentile(gap, LEAST))
    return gap.clip(0) * (seen / TOUCH).clip(0, 1)


def touching(weights: np.ndarray, gap: np.ndarray, head: Head) -> np.ndarray:
    """The weights (T, 52), in the order of SHAPES, 0 to 1, changed so that the head's lip gap becomes `gap` (T,), as far as they can.

    The gap is that of `lip_measures.lip_gap`; mouthClose counts no further than jawOpen.
    """
    row, free = gap_row(head), np.array([FREE.get(name, LAST if name.startswith(("mouth", "jaw")) else 0.0) for name in SHAPES])
    jaw, close = SHAPES.index("jawOpen"), SHAPES.index("mouthClose")
    weights = weights.clip(0, 1)
    for _ in range(ROUNDS):
        weights[:, close] = np.minimum(weights[:, close], weights[:, jaw])
        missing = gap - weights @ row
        can = np.where(missing[:, None] * row > 0, weights < 1, weights > 0)  # what still gives way in the right direction
        can[:, close] &= (missing > 0) | (weights[:, close] < weights[:, jaw])
        move = free * row * can
        weights = (weights + missing[:, None] * move / np.maximum(move @ row, 1e-6)[:, None]).clip(0, 1)
    weights[:, close] = np.minimum(weights[:, close], weights[:, jaw])
    return weights


def gap_row(head: Head) -> np.ndarray:
    """What each shape (52,) of SHAPES adds to the lip gap a unit of weight, over the distance of the outer eye corners."""
    rest, maps = lip_maps(head)
    order = [head.shape_names.index(name) for name in SHAPES]
    opened = maps[order, UPPER, 1] - maps[order, LOWER, 1]
    return opened / np.linalg.norm(rest[EYE_LEFT] - rest[EYE_RIGHT])

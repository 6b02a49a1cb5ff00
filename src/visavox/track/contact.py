"""Lips that touch in the picture touch on the head, and a mouth that spreads there spreads here.

Weights are moved as little as it takes to give the head the gap, and the changes of the width, that were seen."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import EYE_LEFT, EYE_RIGHT, LOWER, MOUTH_LEFT, MOUTH_RIGHT, UPPER, lip_maps

LEAST = 2.0  # percentile of a clip's gaps that stands for touching lips ...
MOST_BIAS = 0.03  # ... where it is not larger than this: somebody who never shuts the lips is believed
GAINS = (0.4, 2.2)  # what landmarks make of a face's lip gap is at least and at most so wrong
# r of the gap that the picture shows with the landmarks' between which the picture is believed more and more: its gain, as a power from
# the one of BELIEVED to the other; and what it shows from frame to frame, up to FOLLOWED.
ALIKE, AGREED = (0.5, 0.8), (0.8, 0.96)
BELIEVED, FOLLOWED = (0.3, 1.0), 0.8
OPEN, STEADY = 60.0, 0.003  # percentile of a clip's gaps from which the gain is read; a gap under which little of it is told: .3 mm
WIDE = 0.03  # the gap from which the picture is believed as much as that: of lips that nearly touch landmarks know more
TOUCH = 0.01  # the gap of landmarks under which lips come together, whatever the rest of the face tells: 1 mm
ROUNDS = 16
AT_ONCE = 4096  # frames that are moved at once
LAST = 0.01  # how freely the other shapes of mouth and jaw give way: hardly, unless all of these have come to their end
# How freely each shape gives way.
FREE = {
    "jawOpen": 0.5, "mouthClose": 0.8, "mouthLowerDownLeft": 0.6, "mouthLowerDownRight": 0.6, "mouthUpperUpLeft": 0.6,
    "mouthUpperUpRight": 0.6, "mouthFunnel": 0.2, "mouthShrugLower": 0.15, "mouthShrugUpper": 0.15,
}  # fmt: skip


class Belief(NamedTuple):
    """How far the width of a mouth is believed, of what changes about the middle of a clip: that of the weights as they were read, and
    that of the landmarks of the corners. What a network learned to say in the mean moves too little: it needs more than 1 alone."""

    weights: float
    corners: float


# Fitted to 36 films of drawn heads whose true width is known (tools.bake_tracker.measure): of the network's weights, and of scores.
OF_NETWORK, OF_SCORES = Belief(0.83, 0.34), Belief(0.3, 0.75)
MOST_WIDER = 0.06  # of the eyes' distance, by which a mouth is widened or narrowed at most: some 6 mm
SPREADING = {"mouthPucker": 2.0, "mouthSmile": 0.3, "mouthStretch": 0.3}  # how freely these give way to a width


def true_gap(seen: np.ndarray, table: np.ndarray) -> np.ndarray:
    """The gap (T,) of a head on which the landmarks would show the gap `seen` (T,), by the `table` (2, N) that was learned on renders."""
    return np.interp(seen, table[0], table[1])


def without_bias(seen: np.ndarray) -> np.ndarray:
    """The gaps (T,) of a clip less what the landmarks show of this person's shut lips."""
    least = float(np.percentile(seen, LEAST))
    return (seen - least).clip(0) if least <= MOST_BIAS else seen


def gap_of_face(seen: np.ndarray, pictured: np.ndarray) -> np.ndarray:
    """The lip gap (T,) of a clip, from what the landmarks of the lips show, `seen` (T,), and what the picture of the mouth does,
    `pictured` (T,).

    Landmarks know when lips touch, and follow them with a gain of each face's own, which the open mouth in the picture tells. How far it
    is believed depends on how well the two agree on the course, for it learned on drawn faces.
    """
    alike, trust = (float(np.clip((_r(seen, pictured) - low) / (high - low), 0, 1)) for low, high in (ALIKE, AGREED))
    here = seen >= np.percentile(seen, OPEN)
    gain = float(np.clip((pictured[here].mean() + STEADY) / (seen[here].mean() + STEADY), *GAINS))
    level = gain ** (BELIEVED[0] + alike * (BELIEVED[1] - BELIEVED[0])) * seen
    gap = level + FOLLOWED * trust * (pictured - level) * (seen / WIDE).clip(0, 1)
    return gap.clip(0) * (seen / TOUCH).clip(0, 1)


def _r(one: np.ndarray, other: np.ndarray) -> float:
    """The correlation of two series (T,); 0 where one hardly changes."""
    spread = float(one.std() * other.std())
    return float(((one - one.mean()) * (other - other.mean())).mean()) / spread if spread > 1e-6 else 0.0


def touching(weights: np.ndarray, gap: np.ndarray, head: Head) -> np.ndarray:
    """The weights (T, 52), in the order of SHAPES, 0 to 1, changed so that the head's lip gap becomes `gap` (T,), as far as they can.

    The gap is that of `lip_measures.lip_gap`; mouthClose counts no further than jawOpen.
    """
    row, _ = lip_rows(head)
    return in_parts(_touching, weights, gap, row)


def in_parts(change: Callable[..., np.ndarray], weights: np.ndarray, wanted: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The weights (T, 52), 0 to 1, changed for what is `wanted` (T,) by the `rows`, AT_ONCE frames after another: what is made of all at
    once would fill the memory for a long film."""
    made = np.empty_like(weights)
    for start in range(0, len(weights), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        made[part] = change(weights[part].astype(float).clip(0, 1), wanted[part], rows)
    return made


def _touching(weights: np.ndarray, gap: np.ndarray, row: np.ndarray) -> np.ndarray:
    free = np.array([FREE.get(name, LAST if name.startswith(("mouth", "jaw")) else 0.0) for name in SHAPES])
    jaw, close = SHAPES.index("jawOpen"), SHAPES.index("mouthClose")
    for _ in range(ROUNDS):
        weights[:, close] = np.minimum(weights[:, close], weights[:, jaw])
        missing = gap - weights @ row
        can = np.where(missing[:, None] * row > 0, weights < 1, weights > 0)  # what still gives way in the right direction
        can[:, close] &= (missing > 0) | (weights[:, close] < weights[:, jaw])
        move = free * row * can
        weights = (weights + missing[:, None] * move / np.maximum(move @ row, 1e-6)[:, None]).clip(0, 1)
    weights[:, close] = np.minimum(weights[:, close], weights[:, jaw])
    return weights


def spread_as_seen(weights: np.ndarray, seen: np.ndarray, belief: Belief, head: Head) -> np.ndarray:
    """The weights (T, 52), in the order of SHAPES, 0 to 1, changed so that the head's mouth widens and narrows as it was seen to.

    That is as far as is believed of the weights themselves and of the landmarks' mouth width `seen` (T,), over the distance of the outer
    eye corners. Their middle stays: how wide a mouth is at rest is its build.
    """
    _, row = lip_rows(head)
    made = weights.clip(0, 1) @ row
    changed = (belief.weights - 1) * (made - np.median(made)) + belief.corners * (seen - np.median(seen))
    wanted = made + changed.clip(-MOST_WIDER, MOST_WIDER)
    return in_parts(_spread, weights, wanted, row)


def _spread(weights: np.ndarray, wanted: np.ndarray, row: np.ndarray) -> np.ndarray:
    free = np.array([next((way for start, way in SPREADING.items() if name.startswith(start)), 0.0) for name in SHAPES])
    for _ in range(ROUNDS):
        missing = (wanted - weights @ row)[:, None]
        move = free * row * np.where(missing * row > 0, weights < 1, weights > 0)
        weights = (weights + missing * move / np.maximum(move @ row, 1e-6)[:, None]).clip(0, 1)
    return weights


def lip_rows(head: Head) -> tuple[np.ndarray, np.ndarray]:
    """What each shape (52,) of SHAPES adds to the lip gap, and to the mouth's width, a unit of weight, over the distance of the outer eye
    corners."""
    rest, maps = lip_maps(head)
    order = [head.shape_names.index(name) for name in SHAPES]
    opened = maps[order, UPPER, 1] - maps[order, LOWER, 1]
    widened = maps[order, MOUTH_LEFT, 0] - maps[order, MOUTH_RIGHT, 0]
    eyes = np.linalg.norm(rest[EYE_LEFT] - rest[EYE_RIGHT])
    return opened / eyes, widened / eyes

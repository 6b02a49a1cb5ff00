"""An opening shared as muscles share it: the jaw opens a wide mouth and the lips a narrow one, and small neighbours move with the large.

The model parts the lips by lowering the lower one, with the jaw half as far as people's and the muscles around almost still. What is
seen of the lips stays: the gap at the midline and the width of the mouth of every frame, on the default head, are kept.
"""

from functools import cache

import numpy as np

from visavox.easing import smooth_step
from visavox.motion import Motion
from visavox.rigs.arkit import PARTING, SHAPES

# What a shape does to the gap and to the width of the mouth at weight 1, both sides together, as a share of the distance of the outer
# eye corners. A test holds them to the default head; mouthClose undoes the jaw and acts as far as the jaw is open.
GAP = {"jawOpen": 0.362, "mouthFunnel": 0.129, "mouthUpperUp": 0.052, "mouthLowerDown": 0.042}
WIDTH = {
    "jawOpen": -0.038, "mouthFunnel": -0.049, "mouthPucker": -0.093, "mouthFrown": 0.026, "mouthDimple": 0.044,
    "mouthStretch": 0.113, "mouthPress": 0.014, "mouthUpperUp": -0.009, "mouthSmile": 0.156,
}  # fmt: skip
GIVES_WAY = 0.5  # share of a smile that is taken back before the lips pucker
STILL_JAW, WIDE_JAW = 0.03, 0.2  # of the jaw that is not undone: below, lips part by themselves; above, the jaw does it
KEPT = {"mouthLowerDown": (0.95, 0.6), "mouthUpperUp": (0.75, 0.6)}  # share that stays with the lip at a still and at a wide jaw
PARTED = 0.03  # of the eyes' distance: a gap from which lips round as a funnel
SHUT = 0.06  # of a jaw held shut by the lips, from which they press
# How far a neighbour goes along: of the lips' closure, of a pucker, of raised and lowered lips, of a smile, of the open jaw. Set so that
# their deviations come towards those of ARKit weights fitted to scans of people who speak (benchmarks/muscles.py).
CLOSING = {"mouthPress": 0.18, "mouthShrugLower": 0.2, "mouthRollUpper": 0.03, "mouthDimple": 0.02, "mouthFrown": 0.06}
PUCKERED = {"mouthFunnel": 0.14, "jawForward": 0.26, "mouthShrugLower": 0.1}
RAISED, LOWERED = {"noseSneer": 0.3, "cheekSquint": 0.06}, {"mouthStretch": 0.05, "jawForward": 0.1}
SMILING, OPENED = {"cheekSquint": 0.3, "mouthDimple": 0.06}, {"mouthFrown": 0.16}
CONTRIBUTIONS = (CLOSING, PUCKERED, RAISED, LOWERED, SMILING, OPENED)


def share_opening(motion: Motion, along: float = 1.0) -> Motion:
    """`motion` whose openings are shared among jaw, lips and their neighbours, which go `along` so far beside the usual; gap and width of
    the mouth stay, frame by frame."""
    jaw = motion.channel("jawOpen")
    close = np.minimum(motion.channel("mouthClose"), jaw)
    added = {name: along * more for name, more in _neighbours(motion, jaw, close).items()}
    share = np.clip((jaw - close - STILL_JAW) / (WIDE_JAW - STILL_JAW), 0, 1)
    free = 1 - close / np.maximum(jaw, 1e-6)  # a jaw that the lips hold shut opens nothing for them
    kept = {name: 1 - free * (1 - still - (wide - still) * share) for name, (still, wide) in KEPT.items()}
    given = sum(GAP[name] * both_sides(motion, name) * (1 - kept[name]) for name in KEPT)
    opened = np.maximum(jaw + (given - GAP["mouthFunnel"] * added["mouthFunnel"]) / GAP["jawOpen"], close)
    added["mouthFunnel"] = (given - GAP["jawOpen"] * (opened - jaw)) / GAP["mouthFunnel"]  # as far as there is a jaw to close
    changed = {name: motion.channel(name) * kept[name.removesuffix("Left").removesuffix("Right")] for name in PARTING}
    for name, more in added.items():
        for side in _sides(name):
            changed[side] = motion.channel(side) + more
    changed["jawOpen"] = opened
    wider = sum(factor * (_both_of(changed, motion, name) - both_sides(motion, name)) for name, factor in WIDTH.items())
    return motion.with_channels(changed | drawn_in(motion, wider)).clamped()


def drawn_in(motion: Motion, wider: np.ndarray) -> dict[str, np.ndarray]:
    """The channels that take back by how much (T,) the mouth has become `wider`: less of a smile first, as far as there is one, then the
    pucker. A pucker alone would round the lips of spread vowels."""
    smiles = both_sides(motion, "mouthSmile")
    less = np.clip(wider / WIDTH["mouthSmile"], 0, GIVES_WAY * smiles)
    pucker = motion.channel("mouthPucker") - (wider - WIDTH["mouthSmile"] * less) / WIDTH["mouthPucker"]
    share = 1 - less / np.maximum(smiles, 1e-6)
    return {side: motion.channel(side) * share for side in _sides("mouthSmile")} | {"mouthPucker": np.clip(pucker, 0, 1)}


def _neighbours(motion: Motion, jaw: np.ndarray, close: np.ndarray) -> dict[str, np.ndarray]:
    """What is added (T,) to each channel, or to both of its sides, beside the large movements."""
    gap = GAP["jawOpen"] * (jaw - close) + sum(GAP[name] * both_sides(motion, name) for name in KEPT)
    parted, held = smooth_step(gap / PARTED), smooth_step(close / SHUT) * close / np.maximum(jaw, 1e-6)
    pucker, lower, smile = (both_sides(motion, name) for name in ("mouthPucker", "mouthLowerDown", "mouthSmile"))
    causes = (held, pucker * parted, both_sides(motion, "mouthUpperUp"), lower * (1 - np.clip(2 * pucker, 0, 1)), smile, jaw - close)
    added = {}
    for cause, shares in zip(causes, CONTRIBUTIONS, strict=True):
        for name, share in shares.items():
            added[name] = added.get(name, 0) + share * cause
    return added


@cache
def _sides(name: str) -> tuple[str, ...]:
    """The channels of a movement: itself, or its left and right."""
    return (name,) if name in SHAPES else (f"{name}Left", f"{name}Right")


def both_sides(motion: Motion, name: str) -> np.ndarray:
    """A movement (T,): its channel, or the mean of its left and right."""
    return _both_of({}, motion, name)


def _both_of(changed: dict, motion: Motion, name: str) -> np.ndarray:
    values = [changed[side] if side in changed else motion.channel(side) for side in _sides(name)]
    return values[0] if len(values) == 1 else (values[0] + values[1]) / 2


MOVED = tuple(side for name in (*GAP, *WIDTH, *(name for shares in CONTRIBUTIONS for name in shares)) for side in _sides(name))

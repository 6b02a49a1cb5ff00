"""Lips that part in a pause, to breathe in before speech goes on."""

import numpy as np

from visavox.audio import Audio
from visavox.gestures.smoothing import smoothed
from visavox.motion import Motion

REST = 0.05  # weight of the jaw and of parted lips below which the mouth is at rest
SHUT_FIRST = 0.5  # seconds for which a mouth that has stopped speaking stays shut
LONGEST = 1.3  # seconds before speech at which a breath begins, at most
SHORTEST = 0.1  # seconds
ONSET = 0.06  # seconds before speech at which the breath is over
RAMP = 0.09  # seconds (standard deviation)
DEPTH = {"jawOpen": 0.1, "mouthLowerDownLeft": 0.06, "mouthLowerDownRight": 0.06, "mouthUpperUpLeft": 0.03, "mouthUpperUpRight": 0.03}
OPENERS = ("jawOpen", "mouthClose", *(name for name in DEPTH if name != "jawOpen"))


def breathe(motion: Motion, audio: Audio, random: np.random.Generator) -> Motion:
    """`motion` whose lips part, by a weight about as in DEPTH, in pauses after which speech goes on.

    A pause is where the model holds the mouth at rest, so noise is none and a bilabial, which presses a part-open jaw shut, is none. The
    lips of speakers on film shut as they stop, open again after about half a second, and stay open until they speak.
    """
    del audio  # the model has encoded it: the signature is that of every gesture
    parted = np.zeros(motion.frames)
    for start, end in _pauses(motion):
        first = max(start + SHUT_FIRST, end - LONGEST)
        depth = random.uniform(0.75, 1.25)
        if end - ONSET - first >= SHORTEST:
            parted[round(first * motion.fps) : round((end - ONSET) * motion.fps)] = depth
    parted = smoothed(parted, RAMP * motion.fps)
    changed = {name: np.maximum(motion.channel(name), depth * parted) for name, depth in DEPTH.items()}
    return motion.with_channels(changed).clamped()


def _pauses(motion: Motion) -> list[tuple[float, float]]:
    """The stretches (start, end) in seconds in which the mouth is at rest and after which it moves again."""
    rest = motion.select(OPENERS).max(1) < REST
    edges = np.flatnonzero(np.diff(np.concatenate([[False], rest, [False]]).astype(int)))
    return [(start / motion.fps, end / motion.fps) for start, end in zip(edges[::2], edges[1::2], strict=True) if end < motion.frames]

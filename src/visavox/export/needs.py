"""What a format needs of a rig, said by name."""

import numpy as np

from visavox.errors import RigError
from visavox.motion import Motion
from visavox.rigs.arkit import SHAPES
from visavox.rigs.pose import channel_or_zero


def arkit_weights(motion: Motion, what: str) -> np.ndarray:
    """The 52 ARKit weights (T, 52) float64 in Apple's order, zero where the rig lacks a shape.

    A RigError, saying that `what` needs them and naming some, when the rig has none at all.
    """
    if not any(name in motion.rig for name in SHAPES):
        few = ", ".join(SHAPES[:4])
        raise RigError(f"{what} holds ARKit shapes, and rig {motion.rig.name!r} has none of them ({few} ...); retarget it first")
    return np.stack([channel_or_zero(motion, name) for name in SHAPES], axis=1)

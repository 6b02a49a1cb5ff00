"""What a format needs of a rig, said by name."""

import numpy as np

from visavox.errors import RigError
from visavox.motion import Motion
from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.rotations import channel_or_zero


def missing_shapes(motion: Motion) -> list[str]:
    """Those of ARKit's 52 shapes that the motion's rig lacks, in Apple's order."""
    return [name for name in SHAPES if name not in motion.rig]


def need_shapes(motion: Motion, what: str, advice: str = "retarget it first") -> None:
    """Raises a RigError, saying that `what` needs ARKit's shapes, when the rig has none at all."""
    if len(missing_shapes(motion)) == len(SHAPES):
        named = f"{', '.join(SHAPES[:4])} ... {SHAPES[-1]}"
        raise RigError(f"{what} holds ARKit shapes, and rig {motion.rig.name!r} has none of the {len(SHAPES)} ({named}); {advice}")


def arkit_weights(motion: Motion, what: str) -> np.ndarray:
    """The 52 ARKit weights (T, 52) float64 in Apple's order, zero where the rig lacks a shape.

    A RigError, saying that `what` needs them and naming some, when the rig has none at all.
    """
    need_shapes(motion, what)
    return np.stack([channel_or_zero(motion, name) for name in SHAPES], axis=1)

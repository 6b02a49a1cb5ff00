"""Azure blend shapes (.azure.json): 55 values a frame at 60 fps, as the speech service sends them with its viseme events.

The 52 ARKit weights in Apple's order, then headRoll, leftEyeRoll and rightEyeRoll in radians (eyes do not roll: 0). `FrameIndex` counts
the frames before the list, here 0. Pitch and yaw of the head have no place in it.
"""

from pathlib import Path

import numpy as np

from visavox.export.accompaniment import Accompaniment
from visavox.export.json.text import write_json
from visavox.export.required_shapes import arkit_weights
from visavox.motion import Motion
from visavox.rigs.heads.rotations import channel_or_zero

FPS = 60


def write_azure_json(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes the motion resampled to 60 fps. A RigError when the rig has no ARKit shape at all."""
    motion = motion.at_fps(FPS)
    still = np.zeros((motion.frames, 2))
    roll = channel_or_zero(motion, "headRoll")[:, None]
    write_json({"FrameIndex": 0}, path, {"BlendShapes": np.concatenate([arkit_weights(motion, "an Azure file"), roll, still], axis=1)})

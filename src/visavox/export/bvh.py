"""Biovision hierarchy (.bvh): the rotations of the head and of both eyes as joints; the format has no place for the face's shapes.

Centimetres, Y up, +Z forward; degrees in the order Y, X, Z, as the head turns (yaw, then pitch, then roll, in its own axes).
"""

from pathlib import Path

import numpy as np

from visavox.errors import RigError
from visavox.export.accompaniment import Accompaniment
from visavox.io.atomic import replacing
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD
from visavox.rigs.heads.rotations import SIDES, eye_angles, head_angles, turns_eyes, turns_head

SKELETON = """HIERARCHY
ROOT Neck
{
  OFFSET 0.0 0.0 0.0
  CHANNELS 6 Xposition Yposition Zposition Yrotation Xrotation Zrotation
  JOINT Head
  {
    OFFSET 0.0 0.0 0.0
    CHANNELS 3 Yrotation Xrotation Zrotation
    JOINT LeftEye
    {
      OFFSET 3.1 12.0 8.0
      CHANNELS 3 Yrotation Xrotation Zrotation
      End Site
      {
        OFFSET 0.0 0.0 1.2
      }
    }
    JOINT RightEye
    {
      OFFSET -3.1 12.0 8.0
      CHANNELS 3 Yrotation Xrotation Zrotation
      End Site
      {
        OFFSET 0.0 0.0 1.2
      }
    }
  }
}
"""


def write_bvh(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes one line of 15 numbers a frame at the motion's fps. A RigError when the rig turns neither head nor eyes."""
    if not (turns_head(motion) or turns_eyes(motion)):
        raise RigError(f"a .bvh holds turns of head and eyes, and rig {motion.rig.name!r} has none of {', '.join(HEAD)} or eyeLook...")
    still = np.zeros((motion.frames, 1))
    eyes = [np.concatenate([eye_angles(motion, side), still], axis=1) for side in SIDES]
    turns = np.degrees(np.concatenate([head_angles(motion), *eyes], axis=1)) + 0.0
    rest = " ".join(["0.0"] * 6)
    with replacing(path) as temporary, temporary.open("w", encoding="ascii", newline="\n") as file:
        file.write(f"{SKELETON}MOTION\nFrames: {motion.frames}\nFrame Time: {1 / motion.fps:.10f}\n")
        for row in turns:
            file.write(f"{rest} {' '.join(f'{angle:.6f}' for angle in row)}\n")

"""How the head and the eyes of a motion are turned, as rotations that any format can write.

Metres, Y up, +Z forward, +X the face's own left, as in `visavox.rigs.heads.default_head`, whose `vertices` turn the same way.
Quaternions are (x, y, z, w) and continue one another, so that what blends between frames takes the short way.
"""

import numpy as np

from visavox.motion import Motion
from visavox.rigs.arkit import GAZE, GAZE_ANGLES, HEAD

SIDES = ("Left", "Right")
JAW_OPEN, JAW_ACROSS = 0.5, 0.08  # radians at weight 1: what the lower teeth of the default head do (0.50; 6.6 mm at 85 mm of the hinge)


def head_angles(motion: Motion) -> np.ndarray:
    """The yaw, pitch and roll (T, 3) of the head in radians about +Y, +X and +Z; zero for what the rig lacks."""
    pitch, yaw, roll = (channel_or_zero(motion, name) for name in HEAD)
    return np.stack([yaw, pitch, -roll], axis=1)


def eye_angles(motion: Motion, side: str) -> np.ndarray:
    """The yaw and pitch (T, 2) of the `side` ("Left" or "Right") eye in radians about +Y and +X, from its four eyeLook channels."""
    turned = {way: GAZE_ANGLES[way] * channel_or_zero(motion, f"eyeLook{way}{side}") for way in GAZE_ANGLES}
    outwards = 1 if side == "Left" else -1
    return np.stack([outwards * (turned["Out"] - turned["In"]), turned["Down"] - turned["Up"]], axis=1)


def head_quaternions(motion: Motion) -> np.ndarray:
    """The rotation (T, 4) of the head: yaw, then pitch, then roll in the head's own axes."""
    return _quaternions("YXZ", head_angles(motion))


def eye_quaternions(motion: Motion, side: str) -> np.ndarray:
    """The rotation (T, 4) of one eye within the head."""
    return _quaternions("YX", eye_angles(motion, side))


def jaw_quaternions(motion: Motion, closes: bool) -> np.ndarray:
    """The rotation (T, 4) of a jaw bone that opens the mouth, for a face without shapes for it.

    Unless the face `closes` its lips by a shape, the jaw opens no further than lips that stay together allow.
    """
    opened, closed = channel_or_zero(motion, "jawOpen"), channel_or_zero(motion, "mouthClose")
    opened = opened if closes else np.maximum(opened - closed, 0)
    across = channel_or_zero(motion, "jawLeft") - channel_or_zero(motion, "jawRight")
    return _quaternions("YX", np.stack([JAW_ACROSS * across, JAW_OPEN * opened], axis=1))


def turning(axes: str, angles: np.ndarray) -> np.ndarray:
    """The matrices (T, 3, 3) float32 that turn columns by `angles` (T, A) in radians about `axes`, such as "YXZ".

    Each axis is one that the rotations before have turned: SciPy's `Rotation.from_euler`. Loading SciPy takes a quarter of a second.
    """
    turned = np.broadcast_to(np.eye(3), (len(angles), 3, 3))
    for axis, angle in zip(axes, np.asarray(angles, np.float64).T, strict=True):
        first, second = (("XYZ".index(axis) + step) % 3 for step in (1, 2))
        one = np.tile(np.eye(3), (len(angles), 1, 1))
        one[:, first, first] = one[:, second, second] = np.cos(angle)
        one[:, second, first] = np.sin(angle)
        one[:, first, second] = -one[:, second, first]
        turned = turned @ one
    return turned.astype(np.float32)


def turns_head(motion: Motion) -> bool:
    """Whether the rig has any rotation of the head."""
    return any(name in motion.rig for name in HEAD)


def turns_eyes(motion: Motion) -> bool:
    """Whether the rig has any rotation of the eyes."""
    return any(name in motion.rig for name in GAZE)


def channel_or_zero(motion: Motion, name: str) -> np.ndarray:
    """One channel (T,) as float64; zero when the rig lacks it."""
    return motion.channel(name).astype(np.float64) if name in motion.rig else np.zeros(motion.frames)


def _quaternions(axes: str, angles: np.ndarray) -> np.ndarray:
    """The rotations (T, 4) by `angles` (T, A) about `axes` in turn, each with the sign that is nearer to the one before."""
    from scipy.spatial.transform import Rotation  # here: SciPy is slow to import

    quaternions = Rotation.from_euler(axes, angles).as_quat()
    flips = np.cumprod(np.where((quaternions[1:] * quaternions[:-1]).sum(1) < 0, -1.0, 1.0))
    quaternions[1:] *= flips[:, None]
    return quaternions

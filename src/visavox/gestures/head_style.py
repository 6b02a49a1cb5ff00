"""How somebody's head moves, read off a motion of it."""

import numpy as np

from visavox.gestures.smoothing import smoothed
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD
from visavox.style import HeadStyle

# what the usual head of `gestures.head` does: the deviation in degrees of pitch, yaw and roll in movements of about a second, and its rad/s
USUAL_DEVIATIONS = np.array([0.77, 0.99, 0.59])
USUAL_RATE = 7.9
DOUBT = 6.0  # seconds of the usual head that a motion is weighed against
REST_KEPT = 0.25  # of a mean turn, which may be the camera's
STILL = 0.02  # degrees, under which a head was not filmed but left alone


def head_style_of(motion: Motion) -> HeadStyle:
    """The way in which the head of `motion` moves: how far, each axis, how fast, how roll goes with yaw, and its resting pose.

    What a few seconds cannot tell stays as usual: the shorter the motion, the nearer the answer is to the usual head. A head that does
    not move at all tells nothing.
    """
    if not all(name in motion.rig for name in HEAD):
        return HeadStyle()
    pose = np.degrees(np.stack([motion.channel(name) for name in HEAD], 1)).astype(float)
    fast, slow = (np.stack([smoothed(angle, seconds * motion.fps) for angle in pose.T], 1) for seconds in (0.04, 0.3))
    fast = fast - slow
    deviations = fast.std(0)
    if deviations.max() < STILL:
        return HeadStyle()
    known = motion.seconds / (motion.seconds + DOUBT)
    louder = known * np.log(np.maximum(deviations, STILL) / USUAL_DEVIATIONS)
    amplitude = np.exp(louder.mean())
    rate = np.sqrt(np.square(np.gradient(fast, axis=0)).sum() / np.square(fast).sum()) * motion.fps
    tilt = np.corrcoef(slow[:, 1], slow[:, 2])[0, 1] if slow[:, 1:].std(0).min() > STILL else 0.0
    return HeadStyle(
        amplitude=float(np.clip(amplitude, 0.1, 3.0)),
        axes=tuple(np.clip(np.exp(louder) / amplitude, 0.4, 2.5).tolist()),
        speed=float(np.clip((rate / USUAL_RATE) ** known, 0.6, 1.6)),
        tilt=float(np.clip(known * tilt, -0.9, 0.9)),
        rest=tuple(np.clip(REST_KEPT * pose.mean(0), -8, 8).tolist()),
    )

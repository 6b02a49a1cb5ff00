"""A synthetic motion made to follow a real face: its lips opened and spread by what was measured on tracked landmarks.

Tracked blend-shape scores are biased and miss closures; the lip gap and the mouth width, measured on landmarks, are truer. So the
teacher gives the shapes, and the real face gives how far and when.
"""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from visavox.motion import Motion
from visavox.rigs.head import Head

OPENERS = ("jawOpen", "mouthClose", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight")
SPREADERS = ("mouthStretchLeft", "mouthStretchRight", "mouthSmileLeft", "mouthSmileRight")
LEAST, MOST = 0.3, 2.2  # how far the teacher's opening is believed to be wrong
NARROW = "mouthPucker"


def follow_lips(motion: Motion, gap: np.ndarray, width: np.ndarray, head: Head, scale: float = 1.0) -> Motion:
    """`motion` whose openers are scaled per frame so that the default head's lip gap is `scale` times `gap` (T,), and whose
    spreaders or pucker are shifted so that its width moves with `width` (T,); both as shares of the distance of the outer eye corners.

    Frames in which the teacher holds the lips shut stay shut: the landmarks blur short closures.
    """
    points = head.shapes[:, head.lip_points]
    base = head.neutral()[head.lip_points]
    eyes = np.linalg.norm(base[4] - base[5])
    column = {name: position for position, name in enumerate(head.shape_names)}
    opens = {name: (points[column[name], 0, 1] - points[column[name], 1, 1]) / eyes for name in head.shape_names}
    widens = {name: (points[column[name], 2, 0] - points[column[name], 3, 0]) / eyes for name in head.shape_names}

    moved = sum(opens[name] * motion.channel(name) for name in OPENERS)
    rest = sum(opens[name] * motion.channel(name) for name in head.shape_names if name not in OPENERS)
    ratio = np.clip((scale * gap - rest) / np.maximum(moved, 1e-4), LEAST, MOST)
    shut = moved + rest < 0.012
    ratio = gaussian_filter1d(np.where(shut, 1.0, ratio), 0.5)
    followed = motion.with_channels({name: motion.channel(name) * ratio for name in OPENERS})

    now = sum(widens[name] * followed.channel(name) for name in head.shape_names)
    missing = gaussian_filter1d(scale * (width - np.median(width)) - (now - np.median(now)), 0.7)
    spread = np.clip(missing / sum(widens[name] for name in SPREADERS), 0, 0.35)
    narrow = np.clip(missing / widens[NARROW], 0, 0.35)
    changed = {name: followed.channel(name) + spread for name in SPREADERS}
    return followed.with_channels(changed | {NARROW: followed.channel(NARROW) + narrow}).clamped()

"""How much light comes into the mouth: through the gap of the lips as they are in this frame, less the deeper a point lies."""

import numpy as np

NARROW = 0.75  # share of the gap that is lost at the corners of the mouth
DEEPER = 0.6  # how fast depth behind the lips counts against their gap
THROUGH = 0.002  # metres of gap worth of light that lips let through where they are thin
FADE = 0.014  # metres over which flesh swallows light
FRONT = 0.008  # metres behind the lips that see the light whole: the front teeth
DARKEST = 0.025
TINT = (0.0, 0.14, 0.20)  # what is deep is lit by light that flesh has reddened: the share of red, green and blue it swallows


def mouth_light(points: np.ndarray, lips: np.ndarray) -> np.ndarray:
    """The share (n,) in [DARKEST, 1] of the light outside that reaches `points` (n, 3) in the mouth; 1 before the lips.

    `lips` (4, 3): the middles of the upper and of the lower lip and the mouth's two corners, all in metres along the head's
    left, up and front. The lip line is a parabola through the corners and the middle; behind it the share is that of a slit
    as high as the lips are apart, and fades with depth.
    """
    middle, corner = lips[:2].mean(0), lips[2:].mean(0)
    half = max(abs(lips[2, 0] - lips[3, 0]) / 2, THROUGH)
    aside = np.clip((points[:, 0] - middle[0]) / half, -1, 1) ** 2
    line = middle[2] + (corner[2] - middle[2]) * aside
    gap = (max(lips[0, 1] - lips[1, 1], 0) + THROUGH) * (1 - NARROW * aside)
    deep = np.maximum(line - points[:, 2], 0)
    share = gap / np.hypot(gap, DEEPER * deep)
    return np.maximum(share * share * np.exp(-np.maximum(deep - FRONT, 0) / FADE), DARKEST).astype(np.float32)


def reddened(colour: np.ndarray, light: np.ndarray) -> np.ndarray:
    """The colours (n, 3) of what lies in the mouth under `light` (n,) as `mouth_light` returns it."""
    return colour * (1 - (1 - light[:, None]) * np.array(TINT, np.float32))

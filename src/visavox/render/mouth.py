"""How much light comes into the mouth: through the gap of the lips as they are in this frame, less the deeper a point lies."""

import numpy as np

from visavox.easing import smooth_step
from visavox.render.nearest import nearest

NARROW = 0.75  # share of the gap that is lost at the corners of the mouth
DEEPER = 0.6  # how fast depth behind the lips counts against their gap
THROUGH = 0.002  # metres of gap worth of light that lips let through where they are thin
FADE = 0.014  # metres over which flesh swallows light
FRONT = 0.008  # metres behind the lips that see the light whole: the front teeth
DARKEST = 0.04
CORNER, FOLDED = 0.004, 0.55  # metres around a corner of the mouth that lie in its fold, and how dark the fold is
LIP, INNER_LIP = 0.006, 0.006  # metres before their edge in which lips shade one another, and behind it that they stay red
FRONT_ROW, SIDE_ROW, CHEEK = 0.009, 0.020, 0.5  # metres aside of front and side teeth; the light that cheeks leave to the latter
PARTED = 0.005  # metres of gap from which lips no longer shade one another
EDGE = 0.35  # share of the tongue's half width from which its sides turn away from the light
SIDES = 1.5  # how much more often what little light there is must find its way to the tongue's very edge
TINT = (0.0, 0.14, 0.20)  # what is deep is lit by light that flesh has reddened: the share of red, green and blue it swallows


def mouth_light(points: np.ndarray, lips: np.ndarray) -> np.ndarray:
    """The share (n,) in [DARKEST, 1] of the light outside that reaches `points` (n, 3) in the mouth; 1 before the lips.

    `lips` (4, 3): the middles of the upper and of the lower lip and the mouth's two corners, all in metres along the head's
    left, up and front. The lip line is a parabola through the corners and the middle; behind it the share is that of a slit
    as high as the lips are apart, and fades with depth.
    """
    middle, corner = lips[:2].mean(0), lips[2:].mean(0)
    aside = _aside(points, lips)
    line = middle[2] + (corner[2] - middle[2]) * aside
    gap = (max(lips[0, 1] - lips[1, 1], 0) + THROUGH) * (1 - NARROW * aside)
    deep = np.maximum(line - points[:, 2], 0)
    share = gap / np.hypot(gap, DEEPER * deep)
    return np.maximum(share * share * np.exp(-np.maximum(deep - FRONT, 0) / FADE), DARKEST).astype(np.float32)


def lips_parted(points: np.ndarray, lips: np.ndarray) -> np.ndarray:
    """How far (n,) from 0 to 1 the lips, given as for `mouth_light`, stand clear of one another at `points` (n, 3) on them."""
    gap = max(lips[0, 1] - lips[1, 1], 0) * (1 - _aside(points, lips))
    return smooth_step(gap / PARTED).astype(np.float32)


def beside_front(points: np.ndarray) -> np.ndarray:
    """The share (n,) of the light that reaches teeth at `points` (n, 3): all of it the front ones, less those behind the cheeks."""
    aside = smooth_step((np.abs(points[:, 0]) - FRONT_ROW) / (SIDE_ROW - FRONT_ROW))
    return (1 - (1 - CHEEK) * aside).astype(np.float32)


def tongue_sides(points: np.ndarray) -> np.ndarray:
    """The power (n,), 1 and more, to which the mouth's light is raised on a resting tongue at `points` (n, 3).

    Its sides lie beside the lower teeth, where light comes in from the front alone: they fade into the dark instead of ending before it.
    Outside the mouth, where the light is 1, nothing fades.
    """
    half = max(np.abs(points[:, 0]).max(initial=0), THROUGH)
    return (1 + SIDES * smooth_step((np.abs(points[:, 0]) / half - EDGE) / (1 - EDGE))).astype(np.float32)


def inner_lips(points: np.ndarray, edge: np.ndarray) -> np.ndarray:
    """How much (n,) from 0 to 1 the `points` (n, 3) of a resting mouth belong to the lips, whose inner `edge` is (m, 3)."""
    return np.exp(-np.square(nearest(edge, points)[0] / INNER_LIP)).astype(np.float32)


def lip_share(points: np.ndarray, edge: np.ndarray) -> np.ndarray:
    """How much (n,) from 0 to 1 the resting lips shade one another at `points` (n, 3) of the skin; their inner `edge` is (m, 3)."""
    return np.clip(1 - (nearest(edge, points)[0] / LIP) ** 2, 0, 1).astype(np.float32)


def mouth_corners(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """The share (n,) of the light that `points` (n, 3) of a face at rest keep beside the `corners` (2, 3) of its mouth. Lips that
    part stretch this fold, but light does not come into it."""
    away = np.linalg.norm(points[:, None] - corners, axis=-1).min(1)
    return np.float32(1 - FOLDED * np.exp(-np.square(away / CORNER)))


def _aside(points: np.ndarray, lips: np.ndarray) -> np.ndarray:
    """The squared distance (n,) from the middle of the mouth, 1 at its corners."""
    half = max(abs(lips[2, 0] - lips[3, 0]) / 2, THROUGH)
    return np.clip((points[:, 0] - lips[:2, 0].mean()) / half, -1, 1) ** 2


def reddened(colour: np.ndarray, light: np.ndarray) -> np.ndarray:
    """The colours (n, 3) of what lies in the mouth under `light` (n,) as `mouth_light` returns it."""
    return colour * (1 - (1 - light[:, None]) * np.array(TINT, np.float32))

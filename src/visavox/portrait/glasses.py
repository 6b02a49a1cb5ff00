"""Glasses: whether a photo shows some, and what stays where it is because of them.

A frame is a line that crosses the bridge of the nose and goes on below both eyes. No skin has such a line there, nor has a brow or a fold.
A frame is stiff: where it may lie, nothing moves with brows, cheeks or jaw. Behind it the lids do.
"""

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates, maximum_filter1d

from visavox.easing import smooth_step
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import EYE_CORNERS, EYES, NOSE_BRIDGE, PLAIN_SKIN
from visavox.portrait.planar import depth_inside
from visavox.rigs.heads.default_head import Head

# All lengths are shares of the distance of the eyes.
SOFT = 0.006  # the picture is smoothed by that before lines are looked for
BRIDGE, BRIDGE_DOWN, BRIDGE_WIDE, BRIDGE_LINE = 0.10, 0.28, 0.05, 0.06  # up and down from the bridge, aside, and how far a line's sides are
RIM, RIM_DOWN, RIM_WIDE, RIM_LINE = 0.07, 0.42, 0.10, 0.045  # below the lower lid: from, to, aside, and how far a line's sides are
ROWS, COLUMNS, SLANT = 60, 11, 7  # samples of a strip, and the rows by which a line may go up or down from a column to the next
UNEVEN = 0.7  # of the difference of its two sides that a line must exceed: shadows and edges have no two sides that are alike
MOST_RIM, WORN = 0.2, 0.05  # of the light of skin: what one rim counts at most, and the sum from which glasses are worn
ASIDE, ABOVE, BELOW, PAST = 0.28, 0.26, 0.32, 0.16  # how far a frame may lie from the outline of an eye, and over which stiffness fades
LID, FRAME = 0.05, 0.15  # how far from the eye's outline a lid moves as ever, and where only the frame is


def wears_glasses(picture: np.ndarray, landmarks: Landmarks) -> bool:
    """Whether the face in `picture` (H, W, 3) uint8 wears glasses with a frame."""
    return frame_seen(picture, landmarks) > WORN


def frame_seen(picture: np.ndarray, landmarks: Landmarks) -> float:
    """How much a frame stands out from the skin: over the bridge of the nose, and below either eye, by the light of skin."""
    eyes = landmarks.eyes
    smooth = gaussian_filter(picture.astype(np.float32), (SOFT * eyes, SOFT * eyes, 0))
    skin = max(float(np.median(_sampled(smooth, landmarks.points[list(PLAIN_SKIN)]), 0).max()), 1.0)
    left, right = (landmarks.points[corner] for corner in EYE_CORNERS)
    across = (left - right) / eyes
    axes = np.stack([across, np.array([-across[1], across[0]])]) * eyes
    bridge = _strip(landmarks.points[NOSE_BRIDGE], axes, (-BRIDGE, BRIDGE_DOWN), BRIDGE_WIDE)
    seen = _line(smooth, bridge, BRIDGE_LINE * ROWS / (BRIDGE + BRIDGE_DOWN), 1)
    for eye in range(len(EYES)):
        lower = landmarks.lids(eye)[1]
        rim = _strip(lower[len(lower) // 2], axes, (RIM, RIM_DOWN), RIM_WIDE)
        seen += min(_line(smooth, rim, RIM_LINE * ROWS / (RIM_DOWN - RIM), SLANT), MOST_RIM * skin)
    return seen / skin


def _strip(middle: np.ndarray, axes: np.ndarray, rows: tuple[float, float], wide: float) -> np.ndarray:
    """The places (ROWS, COLUMNS, 2) of a strip of the picture about `middle`, from row to row along the second of the `axes` (2, 2)."""
    down, aside = np.linspace(*rows, ROWS), np.linspace(-wide, wide, COLUMNS)
    return middle + aside[None, :, None] * axes[0] + down[:, None, None] * axes[1]


def _line(picture: np.ndarray, places: np.ndarray, away: float, slant: int) -> float:
    """How much a line through all columns of a strip stands out, where it does so least, from what is `away` rows above and below it."""
    colours, step = _sampled(picture, places), max(int(away), 1)
    before, at, after = colours[: -2 * step], colours[step:-step], colours[2 * step :]
    stands_out = np.abs(at - (before + after) / 2).max(2) - UNEVEN * np.abs(before - after).max(2)
    best = stands_out[:, 0]
    for column in range(1, COLUMNS):
        best = np.minimum(maximum_filter1d(best, slant), stands_out[:, column])
    return max(float(best.max()), 0.0)


def _sampled(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The colours (..., 3) of `picture` at `places` (..., 2), between its pixels."""
    at = [places[..., 1] - 0.5, places[..., 0] - 0.5]
    return np.stack([map_coordinates(picture[..., k], at, order=1, mode="nearest") for k in range(3)], -1)


def steadied(head: Head, shapes: np.ndarray, landmarks: Landmarks, places: np.ndarray) -> np.ndarray:
    """The `shapes` (52, V, 3) of a face that wears glasses, whose positions lie at `places` (V, 2) of the photo."""
    free, lids = np.ones(len(places)), np.zeros(len(places))
    for eye in range(len(EYES)):
        outline = landmarks.eye(eye)
        free = np.minimum(free, _beyond(outline, places, landmarks.eyes))
        lids = np.maximum(lids, smooth_step((FRAME + depth_inside(outline, places) / landmarks.eyes) / (FRAME - LID)))
    of_lids = np.array([name.startswith("eye") for name in head.shape_names])
    share = np.where(of_lids[:, None], np.maximum(free, lids), free)
    return shapes * share[..., None]


def _beyond(outline: np.ndarray, places: np.ndarray, eyes: float) -> np.ndarray:
    """How far (V,) places lie beyond where the frame before an eye may be: 0 within it, 1 where all moves freely."""
    low, high = outline.min(0) - np.array([ASIDE, ABOVE]) * eyes, outline.max(0) + np.array([ASIDE, BELOW]) * eyes
    away = np.maximum(np.maximum(low - places, places - high), 0)
    return smooth_step(np.hypot(*away.T) / (PAST * eyes))

"""Whether something lies before the mouth of a photo, such as a mask: where there should be lips, there is no skin."""

import numpy as np

from visavox.gamma import GAMMA
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import ABOVE_BROWS, LOWER_LIP, OUTER_LIPS, PLAIN_SKIN, UPPER_LIP
from visavox.portrait.planar import depth_inside

SKIN_RED = 0.40  # of the light of a face that is red at least where its colours tell anything
LESS_RED = 0.08  # by so much less lips are red than skin: 45 photos and films had lips from .06 less to .19 more
OFF_INSIDE = 0.005  # of the distance of the eyes that lips are looked at off what lies between them


def lips_covered(picture: np.ndarray, landmarks: Landmarks) -> bool:
    """Whether what lies where the lips of a `picture` (H, W, 3) uint8 should be is far less red than skin.

    That is all plain skin, or that of the forehead where it is redder: a mask covers cheeks, too.

    Lips are redder than skin, or nearly as red; cloth, paper, metal and plastic mostly are not. False where the colours of the photo tell
    nothing, and for what is as red as skin, such as a hand.
    """
    height, width = picture.shape[:2]
    lips = lip_pixels(picture, landmarks)
    places = np.clip(landmarks.points.astype(int), 0, (width - 1, height - 1))
    skin = max(_red(picture[places[list(part), 1], places[list(part), 0]]) for part in (PLAIN_SKIN, ABOVE_BROWS))
    return bool(len(lips) and skin > SKIN_RED and skin - _red(lips) > LESS_RED)


def lip_pixels(picture: np.ndarray, landmarks: Landmarks) -> np.ndarray:
    """The pixels (n, 3) uint8 of the lips in a `picture` (H, W, 3), without what lies between them; none where they are too small."""
    height, width = picture.shape[:2]
    outer, inner = landmarks.points[list(OUTER_LIPS)], landmarks.points[[*UPPER_LIP, *LOWER_LIP[::-1]]]
    low = np.clip(np.floor(outer.min(0)).astype(int), 0, (width - 1, height - 1))
    high = np.clip(np.ceil(outer.max(0)).astype(int), low + 1, (width, height))
    x, y = (side.ravel() for side in np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1])))
    points = np.stack([x, y], 1) + 0.5
    lips = (depth_inside(outer, points) > 0) & (depth_inside(inner, points) < -OFF_INSIDE * landmarks.eyes)
    return picture[y[lips], x[lips]]


def _red(pixels: np.ndarray) -> float:
    """How much of the light of the median of `pixels` (n, 3) is red."""
    colour = np.median((pixels / 255.0) ** GAMMA, 0)
    return float(colour[0] / max(colour.sum(), 1e-6))

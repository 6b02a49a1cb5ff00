"""Lips that a photo shows parted and a face shuts: they grow taller than the photo has pixels for, and lines across them become streaks.

So they show a second picture the more, the taller they grow, in which the lips are even along the mouth, as far as their colour goes.
"""

import numpy as np
from scipy.ndimage import gaussian_filter1d, map_coordinates

from visavox.easing import smooth_step
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import LOWER_LIP, OUTER_LOWER, OUTER_UPPER, UPPER_LIP
from visavox.portrait.planar import height_along

LAYERS = 24  # rows of a lip from its inner edge to its outer one
EVEN = 0.05  # of the mouth's width over which a lip is averaged along itself
EDGE = 0.25  # of a lip's thickness over which it passes into the photo at its outer edge
LEAST, OVER = 1.2, 0.8  # times as large as in the photo from which a lip is evened, and over which it is more so
MOST = 0.85  # of the evened picture that is shown at most


def evened_lips(painted: np.ndarray, picture: np.ndarray, landmarks: Landmarks, rim: float) -> np.ndarray:
    """The `painted` picture (H, W, 3) uint8 with the lips of `picture` even along the mouth.

    What is nearer than `rim` pixels to the inner edge of a lip shows that lip as it is there, and no tooth.
    """
    made = painted.astype(np.float32)
    height, width = picture.shape[:2]
    for inner, outer in ((UPPER_LIP, OUTER_UPPER), (LOWER_LIP, OUTER_LOWER)):
        near, far = landmarks.points[list(inner)], landmarks.points[list(outer)]
        first, last = max(int(near[:, 0].min()), 0), min(int(np.ceil(near[:, 0].max())), width - 1)
        top, bottom = max(int(min(near[:, 1].min(), far[:, 1].min())), 0), min(int(max(near[:, 1].max(), far[:, 1].max())) + 2, height)
        if first > last or top >= bottom:
            continue  # a mouth outside the picture
        x = np.arange(first, last + 1)
        edge, thick = height_along(near, x + 0.5), height_along(far, x + 0.5) - height_along(near, x + 0.5)
        least = np.clip(rim / np.maximum(np.abs(thick), 1), 0, 0.7)
        layers = least + (1 - least) * np.linspace(0, 1, LAYERS)[:, None]
        at = [edge + layers * thick - 0.5, np.broadcast_to(x, layers.shape)]
        strip = np.stack([map_coordinates(picture[..., k].astype(np.float32), at, order=1, mode="nearest") for k in range(3)], -1)
        strip = gaussian_filter1d(strip, EVEN * len(x), axis=1, mode="nearest")
        y = np.arange(top, bottom)
        part = (y[:, None] + 0.5 - edge) / np.where(np.abs(thick) < 1, np.copysign(1, thick), thick)
        row = np.clip((part - least) / (1 - least), 0, 1) * (LAYERS - 1)
        column = np.broadcast_to(np.arange(len(x)), row.shape)
        lip = np.stack([map_coordinates(strip[..., k], [row, column], order=1) for k in range(3)], -1)
        share = (smooth_step((1 - part) / EDGE) * (part > -least))[..., None]
        window = made[y[0] : y[-1] + 1, first : last + 1]
        window += share * (lip - window)
    return np.uint8(np.clip(np.rint(made), 0, 255))


def grown(places: np.ndarray, uv: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """How much of the evened picture each of n vertices shows, which lie at `places` (n, 2) at rest and show `uv` (n, 2) of the photo."""
    at_rest, shown = (np.abs(_areas(each, triangles)) for each in (places, uv))
    total = [np.bincount(triangles.ravel(), np.repeat(area, 3), len(uv)) for area in (at_rest, shown)]
    larger = total[0] / np.maximum(total[1], 1e-3 * np.maximum(total[0], 1e-9))
    return MOST * smooth_step((larger - LEAST) / OVER)


def _areas(places: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    a, b, c = (places[triangles[:, corner]] for corner in range(3))
    return (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])

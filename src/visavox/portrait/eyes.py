"""Eyes: a patch of the photo behind each opening, which slides under the lids as the eye glances."""

import numpy as np

from visavox.easing import smooth_step
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.planar import grid_triangles, height_along
from visavox.portrait.rest import Rest
from visavox.render.photo_camera import DISTANCE, PhotoCamera
from visavox.rigs.heads.default_head import Head

COLUMNS, ROWS = 25, 17
ASIDE, ABOVE, ABOVE_MORE = 0.06, 0.6, 2.0  # of the eye's width and height, and pixels at 512, that the patch reaches under the lids
MIRRORED = 0.6  # of the way beyond a lid's edge, at which the patch mirrors the eye
RIM, CORNER = 1.2, 1.5  # pixels at 512 of lids and corners that the patch leaves out
SUNK = 0.003  # metres that the patch lies behind the lids
IRIS, WHITE = 0.9, 2.2  # radii of the iris up to which all of the eye glances, and from which none of it does
FLATTER = np.array([1.0, 0.8])


def eye_patch(head: Head, landmarks: Landmarks, rest: Rest, camera: PhotoCamera, eye: int, unit: float):
    """The patch of an eye: positions (n, 3), the photo's pixel uv (n, 2) of each, triangles over these n, how much each follows a glance
    (n,), and the radius of the eyeball in pixels.
    """
    outline = landmarks.eye(eye)
    low, high = outline.min(0), outline.max(0)
    air = np.array([ASIDE * (high[0] - low[0]), ABOVE * (high[1] - low[1]) + ABOVE_MORE * unit])
    x, y = np.meshgrid(np.linspace(low[0] - air[0], high[0] + air[0], COLUMNS), np.linspace(low[1] - air[1], high[1] + air[1], ROWS))
    points = np.stack([x.ravel(), y.ravel()], 1)
    uv = _within(points, landmarks.lids(eye), (low[0] + CORNER * unit, high[0] - CORNER * unit), RIM * unit)
    depth = camera.seen(rest.shown[head.lid_points[eye]])[:, 2].mean() - SUNK
    middle, radius = landmarks.iris(eye)
    away = np.linalg.norm((points - middle) * FLATTER, axis=1) / max(radius, 1e-3)
    follows = smooth_step(1 - (away - IRIS) / (WHITE - IRIS))
    positions = camera.place(points, np.full(len(points), depth))
    ball = float(head.eye_radius[0, eye]) * rest.size * camera.focal / DISTANCE
    return positions, uv, grid_triangles(COLUMNS, ROWS).astype(np.int32), follows, ball


def _within(points: np.ndarray, edges: tuple[np.ndarray, np.ndarray], ends: tuple[float, float], rim: float) -> np.ndarray:
    """The places (n, 2) inside the opening between the lids' `edges` that `points` show: what is beyond an edge mirrors the eye."""
    above, below = (height_along(edge, points[:, 0]) for edge in edges)
    middle = (above + below) / 2
    top, bottom = np.minimum(above + rim, middle), np.maximum(below - rim, middle)
    y = points[:, 1]
    y = np.where(y < top, np.minimum(top + (top - y) * MIRRORED, middle), y)
    y = np.where(y > bottom, np.maximum(bottom - (y - bottom) * MIRRORED, middle), y)
    return np.stack([np.clip(points[:, 0], *ends), y], 1)

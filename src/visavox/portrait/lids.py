"""Eyelids: how far a blink goes on this face, and which skin of the photo a lid shows when it is shut.

A photo shows no shut lid. Its skin is made from what surrounds it: harmonic over the shut lid between the skin below the brow and the
lash line, and where that is too dark or too light drawn towards the skin under the eye.
"""

import numpy as np
from scipy.ndimage import gaussian_filter
from scipy.sparse.linalg import splu

from visavox.portrait.correspondence import Correspondence
from visavox.portrait.face import FaceMesh
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import BROWS_BELOW, EYES, UNDER_EYES, lids
from visavox.portrait.planar import cotangent_laplacian, height_along, spread
from visavox.portrait.rest import Rest
from visavox.render.photo_camera import PhotoCamera
from visavox.render.photo_parts import Lid
from visavox.rigs.heads.default_head import SIDES, Head
from visavox.rigs.heads.lids import SHUT

NARROWEST, WIDEST = 0.3, 4.0  # bounds of the blink's scale
LEAST, MOST = 0.4, 1.4  # bounds of its scale along the lid
SLACK = 0.25  # of the eye's height by which travel and gap are softened in their ratio
RIM = 0.3  # pixels at 512 that the upper edge goes past the lower one
NOTICEABLE = 0.06  # of the lid's fall: what falls less is not the lid
LASHES, LASHES_OVER = 0.30, 1.5  # of the eye's height, and pixels at 512: skin that the lash line shows from above itself
ROOM = 0.38  # of the way to the brow that this may take at most
BARE, BARE_WIDE = 0.85, 0.42  # of the way to the brow, and of the eye's width: the skin that is stretched over the lid
# The more the stretched skin differs from that under the eye, the more of the latter.
SIMILAR, TINTED, LEAST_TINT, MOST_TINT = 0.10, 3.5, 0.12, 0.72


def fitted_blinks(head: Head, correspondence: Correspondence, rest: Rest, camera: PhotoCamera, unit: float) -> np.ndarray:
    """The shapes (52, V, 3) at the size of this face, their blinks such that 1 shuts each eye along its whole length."""
    shapes = head.shapes.astype(float) * rest.size
    for eye, side in enumerate(SIDES):
        blink = shapes[head.shape_names.index(f"eyeBlink{side}")]
        upper, lower = head.lid_points[eye]
        closing = blink[lower, 1] - blink[upper, 1]
        blink *= np.clip((rest.positions[upper, 1] - rest.positions[lower, 1] - SHUT) / closing, NARROWEST, WIDEST)
        above, below = lids(eye)
        edge = camera.project(correspondence.at(rest.positions, above))[:, :2]
        shut = camera.project(correspondence.at(rest.positions + blink, above))[:, :2]
        shut_low = camera.project(correspondence.at(rest.positions + blink, below))[:, :2]
        goal = height_along(shut_low, shut[1:-1, 0])
        gap, fall = goal - edge[1:-1, 1], shut[1:-1, 1] - edge[1:-1, 1]
        slack = SLACK * max(gap.max(), unit)
        along = np.clip((np.maximum(gap + RIM * unit, 0) + slack) / (np.maximum(fall, 0) + slack), LEAST, MOST)
        places = camera.project(rest.positions)[:, :2]
        mine = np.flatnonzero((blink[:, 1] < 0) & (np.linalg.norm(places - edge.mean(0), axis=1) < np.ptp(edge[:, 0])))
        blink[mine] *= height_along(np.c_[edge[1:-1, 0], along], places[mine, 0])[:, None]
    return shapes


def lids_of(head: Head, face: FaceMesh, landmarks: Landmarks, rest: Rest, shapes: np.ndarray, view) -> tuple[Lid, Lid]:
    """The two upper lids; `view` is the photo (H, W, 3) uint8, its PhotoCamera, the unit of its pixels, and the weights (2,) at which the
    blinks shut the eyes.
    """
    picture, camera, unit, full = view
    at_rest = face.uv.copy()
    for inside, out in face.eyes:
        at_rest[inside] += out
    made = (_Lid(eye, head, face, landmarks, at_rest) for eye in range(len(EYES)))
    at = face.vertices
    return tuple(lid.shut(rest.positions[at], full[lid.eye] * shapes[lid.blink][at], camera, (picture, unit)) for lid in made)


class _Lid:
    """One upper lid while its shut look is made."""

    def __init__(self, eye: int, head: Head, face: FaceMesh, landmarks: Landmarks, at_rest: np.ndarray):
        self.eye, self.face, self.at_rest, self.landmarks = eye, face, at_rest, landmarks
        self.blink = head.shape_names.index(f"eyeBlink{SIDES[eye]}")
        outline = landmarks.eye(eye)
        self.left, self.width, self.height = outline[:, 0].min(), np.ptp(outline[:, 0]), np.ptp(outline[:, 1])
        self.right = outline[:, 0].max()
        above, _ = landmarks.lids(eye)
        brow = landmarks.points[list(BROWS_BELOW[eye])]
        x = at_rest[:, 0]
        self.over = height_along(above, x) - at_rest[:, 1]
        self.room = np.maximum(height_along(above, x) - height_along(brow, x), 0.12 * self.width)
        self.along = (x - self.left) / self.width

    def shut(self, opened: np.ndarray, fall: np.ndarray, camera: PhotoCamera, view: tuple[np.ndarray, float]) -> Lid:
        """The lid, with the skin that it shows when it has fallen by `fall` (n, 3) from where it is `opened` (n, 3)."""
        picture, unit = view
        shut = opened + fall
        edge, free = self._parts(camera.project(opened)[:, :2], camera.project(shut)[:, :2], unit)
        triangles = self.face.triangles[free[self.face.triangles].any(1)]
        surface = cotangent_laplacian(shut, triangles)
        joined = surface.diagonal() > 0
        free &= joined
        goal = self.at_rest.copy()
        goal[edge, 1] -= np.minimum((LASHES_OVER * unit + LASHES * self.height), ROOM * self.room[edge])
        shown = spread(surface, ~free, goal)
        at = np.flatnonzero(free)
        colour, tint = self._tint(surface, free, shown[at], picture, unit)
        hidden, out = self.face.eyes[self.eye]
        return Lid(at, (shown - self.face.uv)[at], tint, colour, hidden, out)

    def _parts(self, opened: np.ndarray, shut: np.ndarray, unit: float) -> tuple[np.ndarray, np.ndarray]:
        """The vertices on the falling edge of the lid, as numbers, and which vertices (n,) show new skin when it is shut."""
        fall = shut[:, 1] - opened[:, 1]
        falling = np.flatnonzero(fall > NOTICEABLE * fall.max())
        columns = np.linspace(self.left - 0.1 * self.height, self.right + 0.1 * self.height, 24)
        lowest = np.full(len(columns), np.nan)
        for number, x in enumerate(columns):
            near = falling[np.abs(shut[falling, 0] - x) < self.width / 20]
            lowest[number] = shut[near, 1].max() if len(near) else np.nan
        known = ~np.isnan(lowest)
        hem = np.interp(shut[falling, 0], columns[known], lowest[known])
        edge = falling[shut[falling, 1] > hem - 0.10 * self.height - 0.5 * unit]
        free = np.zeros(len(opened), bool)
        aside = np.abs(self.along - 0.5)
        arch = BARE_WIDE * self.width * np.sqrt(np.clip(1 - (aside / 0.72) ** 2, 0, 1))
        free |= (self.over > 0) & (self.over < BARE * self.room) & (self.over < arch) & (aside < 0.72)
        free[falling] = True
        free[edge] = False
        return edge, free

    def _tint(self, surface, free: np.ndarray, shown: np.ndarray, picture: np.ndarray, unit: float) -> tuple[np.ndarray, np.ndarray]:
        """The colour (3,) of the skin of a shut lid, and how much of it (n,) its vertices take."""
        flat = np.full(surface.shape[0], 0.0)
        inner = surface[free][:, free]
        load = np.abs(inner).sum(1).mean() * 1e-2
        flat[free] = _poisson(inner, load)
        middle = np.clip(flat[free] / max(np.percentile(flat[free], 92), 1e-9), 0, 1)
        soft = np.stack([gaussian_filter(picture[..., k].astype(float), 2 * unit) for k in range(3)], -1)
        under = np.median(_picked(soft, self.landmarks.points[list(UNDER_EYES[self.eye])]), 0)
        skin = (_picked(soft, shown) * middle[:, None]).sum(0) / max(middle.sum(), 1e-9)
        colour = under * np.clip(0.45 * skin.mean() / max(under.mean(), 1) + 0.57, 0.84, 1)
        differs = np.linalg.norm(skin - colour) / max(np.linalg.norm(colour), 1)
        tint = np.clip((differs - SIMILAR) * TINTED, LEAST_TINT, MOST_TINT)
        return colour, tint * middle


def _poisson(matrix, load: float) -> np.ndarray:
    return splu(matrix.tocsc()).solve(np.full(matrix.shape[0], load))


def _picked(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The colours (n, 3) of `picture` (H, W, 3) at `places` (n, 2)."""
    height, width = picture.shape[:2]
    return picture[np.clip(places[:, 1].astype(int), 0, height - 1), np.clip(places[:, 0].astype(int), 0, width - 1)]

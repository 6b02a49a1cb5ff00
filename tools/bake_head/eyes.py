"""Eyeballs: the sphere fitted to each, and the uv of their painting (centre of the pupil at (0.5, 0.5))."""

import numpy as np
from tools.bake_head.pieces import Piece

# Base mesh positions of the left eye: where the lids meet on the outside, and the middles of the upper and of the
# lower lid's edge.
OUTER_CORNER = 6806
LIDS = (6786, 6824)

PUPIL_SHARE = 0.43
MOST_AIM = 0.12  # radians
# Some of the source's presets stand open-eyed, as startled people do. How far eyes at ease are open, as a share of the distance
# of the outer corners:
EASY, EASY_CHILD = 0.1335, 0.148
EASIER = {"female_af": 0.122}  # of a dark face, whose whites stand out

# Degrees that an eye turns at weight 1 of eyeLook Down, In, Out, Up. The source's shapes carry the pupil by 15, 21,
# 20 and 10 degrees (with the eyeball sheared); the iris of a tracked face at weight 1 has gone further, and the lids
# of the shapes still fit these.
GAZE_DEGREES = (22.0, 28.0, 28.0, 18.0)


def fit_sphere(points: np.ndarray) -> tuple[np.ndarray, float]:
    """The centre (3,) and radius of the least-squares sphere through `points` (n, 3)."""
    system = np.hstack([2 * points, np.ones((len(points), 1))])
    solution = np.linalg.lstsq(system, (points**2).sum(1), rcond=None)[0]
    centre = solution[:3]
    return centre, float(np.sqrt(solution[3] + centre @ centre))


def fit_eyes(left: Piece, right: Piece) -> tuple[np.ndarray, np.ndarray]:
    """The centres (P, 2, 3) and radii (P, 2) of both eyeballs under every preset, left first."""
    fits = [[fit_sphere(piece.preset_positions[p]) for piece in (left, right)] for p in range(len(left.preset_positions))]
    return np.array([[c for c, _ in pair] for pair in fits]), np.array([[r for _, r in pair] for pair in fits])


def paint_coordinates(eye: Piece, preset: int) -> np.ndarray:
    """The uv (F, 3, 2) of an eyeball: distance from (0.5, 0.5) is the angle off the gaze axis, 0.5 being 90 degrees."""
    points = eye.preset_positions[preset]
    centre, _ = fit_sphere(points)
    direction = (points - centre) / np.linalg.norm(points - centre, axis=1, keepdims=True)
    angle = np.arccos(np.clip(direction[:, 2], -1, 1)) / np.pi
    across = np.maximum(np.hypot(direction[:, 0], direction[:, 1]), 1e-9)
    uv = 0.5 + direction[:, :2] / across[:, None] * angle[:, None]
    return uv[eye.faces]


def hold_still(eye: Piece) -> None:
    """Removes every shape from the eyeball: the head rotates it exactly instead."""
    eye.shapes[:] = 0


def aim(eye: Piece, centres: np.ndarray, lids: np.ndarray) -> None:
    """Turns the eyeball of every preset to look level out of its own lids, in place.

    `centres` (P, 3) are its centres, `lids` (P, 2, 3) the middles of the upper and lower lid's edge. A pupil looks
    level at PUPIL_SHARE of the way down from the upper lid, where the upper lid covers a little of the iris; the
    source's eyes sit a few degrees higher.
    """
    for positions, centre, (upper, lower) in zip(eye.preset_positions, centres, lids, strict=False):
        wanted = upper[1] + PUPIL_SHARE * (lower[1] - upper[1]) - centre[1]
        reach = np.linalg.norm(positions - centre, axis=1).max()
        pitch = np.clip(np.arcsin(-wanted / reach), -MOST_AIM, MOST_AIM)
        cosine, sine = np.cos(pitch), np.sin(pitch)
        y, z = (positions[:, axis] - centre[axis] for axis in (1, 2))
        positions[:, 1], positions[:, 2] = centre[1] + cosine * y - sine * z, centre[2] + sine * y + cosine * z


def ease(skin: Piece, lids: np.ndarray, corners: np.ndarray, blinks: np.ndarray, names: list[str]) -> np.ndarray:
    """The weights (P, 2) of the blinks that bring both eyes of every preset to rest, left first.

    `lids` (2, 2) are positions of the upper and lower lid's middle for each eye, `corners` (2,) those of the outer corners,
    `blinks` (2, n, 3) the offsets of both eyeBlinks, `names` the presets. A child is told by how large its eyes are.
    """
    places = skin.preset_positions[:, lids]
    open_ = places[:, :, 0, 1] - places[:, :, 1, 1]
    wide = np.linalg.norm(skin.preset_positions[:, corners[0]] - skin.preset_positions[:, corners[1]], axis=1)[:, None]
    own = np.array([[EASIER.get(name, EASY)] for name in names])
    easy = np.where(open_ / wide > 0.145, EASY_CHILD, own) * wide
    closing = np.stack([blink[low, 1] - blink[high, 1] for blink, (high, low) in zip(blinks, lids, strict=True)])
    return np.clip((open_ - easy) / closing, 0, 0.25)


def lower_lids(piece: Piece, weights: np.ndarray, blinks: np.ndarray) -> None:
    """Adds the blinks (2, n, 3) of a piece to its presets by `weights` (P, 2), in place."""
    piece.preset_positions += np.einsum("pe,enk->pnk", weights, blinks)

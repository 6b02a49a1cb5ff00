"""Corners of the mouth that fall in the picture fall on the head.

What the solver learned on drawn faces takes the wide open mouth of many a speaker for a smile. How high the corners are is what landmarks
see best, so the network is believed as far as it agrees with them in a clip."""

import numpy as np

from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import EYE_LEFT, EYE_RIGHT, MOUTH_LEFT, MOUTH_RIGHT, lip_maps
from visavox.track.contact import in_parts, lip_rows
from visavox.track.solver import Readings, Solver

CORNERS = (61, 291)  # the outer corners of the lips
AGREED = (0.5, 0.85)  # r of the network's height of the corners with the landmarks' between which it is believed more and more
MOST_RAISED = 0.04  # of the eyes' distance, by which corners are raised or lowered at most: some 4 mm
# How freely each shape gives way: smile and frown to the height, the others to what these do to the width.
RAISING = {"mouthSmile": 1.0, "mouthFrown": 0.2, "mouthStretch": 0.3, "mouthPucker": 0.5}
ROUNDS = 12


def corner_heights(readings: Readings, solver: Solver) -> np.ndarray:
    """How high (T,) the corners of the lips stand on the straightened face, over the distance of the outer eye corners."""
    places = [3 * point + 1 for point in CORNERS]
    moved = np.concatenate([(part.components * solver.spread) @ solver.basis[:, places] for part in readings.parts()])
    return moved.mean(1) + float(solver.canonical[list(CORNERS), 1].mean())


def heights_as_seen(weights: np.ndarray, seen: np.ndarray, calm: np.ndarray, head: Head) -> np.ndarray:
    """The height (T,) that corners shall have, over the distance of the outer eye corners, 0 without any shape.

    It is that of the `weights` (T, 52) as they were read where these agree with the heights `seen` (T,) by landmarks, else what those
    change from the `calm` frames (T,).
    """
    made = weights @ corner_row(head)
    calm = calm if calm.any() else np.ones(len(calm), bool)
    base, change = float(np.median(made[calm])), seen - np.median(seen[calm])
    spread = float(made.std() * change.std())
    r = float(((made - made.mean()) * (change - change.mean())).mean()) / spread if spread > 1e-6 else 1.0
    believed = float(np.clip((r - AGREED[0]) / (AGREED[1] - AGREED[0]), 0, 1))
    return made + (1 - believed) * (base + change - made).clip(-MOST_RAISED, MOST_RAISED)


def raised(weights: np.ndarray, heights: np.ndarray, head: Head) -> np.ndarray:
    """The weights (T, 52), in the order of SHAPES, 0 to 1, changed so that the corners of the mouth stand as high as `heights` (T,) say.

    That is as far as smile and frown can do it. The corners stay as far apart as before."""
    rows = np.stack([corner_row(head), lip_rows(head)[1]])
    return in_parts(_raised, weights, heights, rows)


def _raised(weights: np.ndarray, heights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    free = np.array([next((way for start, way in RAISING.items() if name.startswith(start)), 0.0) for name in SHAPES])
    wanted, can = np.stack([heights, weights @ rows[1]], axis=1), np.ones_like(weights)
    for _ in range(ROUNDS):
        give = free * can
        firm = np.einsum("ik,tk,jk->tij", rows, give, rows) + 1e-7 * np.eye(2)
        move = give * (np.linalg.solve(firm, (wanted - weights @ rows.T)[..., None])[..., 0] @ rows)
        can = 1.0 - ((weights + move < 0) & (weights <= 0) | (weights + move > 1) & (weights >= 1))
        weights = (weights + move).clip(0, 1)
    return weights


def corner_row(head: Head) -> np.ndarray:
    """How far each shape (52,) of SHAPES raises the corners of the mouth, a unit of weight, over the distance of the outer eye corners."""
    rest, maps = lip_maps(head)
    order = [head.shape_names.index(name) for name in SHAPES]
    up = maps[order, MOUTH_LEFT, 1] + maps[order, MOUTH_RIGHT, 1]
    return up / 2 / np.linalg.norm(rest[EYE_LEFT] - rest[EYE_RIGHT])

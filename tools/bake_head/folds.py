"""Folds of the skin that come with a movement: lines of the forehead, between the brows, beside the nose, at the eyes and at the mouth.

They are part of the shapes, so they deepen with the weights, in every renderer and format. Millimetres as in `repairs`, across the face
positive; a fold is a groove with a swelling on either side.
"""

import numpy as np
from tools.bake_head.pieces import Piece
from tools.bake_head.repairs import MILLIMETRE, SIDES, between, bump

GROOVE = 1.35  # millimetres, the deviation of a groove; the swellings beside it are twice as wide


def fold(piece: Piece, shape_names: list[str]) -> None:
    """Adds its folds to the shapes of a piece of the face in place."""
    rest = piece.preset_positions[0] / MILLIMETRE
    normals = _normals(rest, piece.faces)
    for name, depth in {"browOuterUp": outer_forehead, "browDown": between_brows, "noseSneer": beside_nose, "mouthSmile": beside_mouth,
                        "cheekSquint": beside_eye}.items():  # fmt: skip
        for side, sign in SIDES.items():
            offsets = piece.shapes[shape_names.index(f"{name}{side}")]
            offsets -= depth(rest * (sign, 1, 1))[:, None] * normals * MILLIMETRE
    piece.shapes[shape_names.index("browInnerUp")] -= forehead(rest)[:, None] * normals * MILLIMETRE


def groove(away: np.ndarray, width: float = GROOVE) -> np.ndarray:
    """How deep (n,) a groove of depth 1 is at a distance (n,) from its line; below 0 where the skin swells beside it."""
    return np.exp(-np.square(away / width) / 2) - 0.5 * np.exp(-np.square(away / (2 * width)) / 2)


def forehead(rest: np.ndarray) -> np.ndarray:
    """Three lines across the forehead, higher in the middle, where brows that rise push the skin together."""
    x, y = np.abs(rest[:, 0]), rest[:, 1]
    lines = sum(strength * groove(y - level + 0.0025 * x**2, 1.9) for level, strength in ((33.5, 0.8), (43.0, 1.0), (52.5, 0.7)))
    return 3.4 * lines * between(x, (16, 34), (1, 0)) * _front(rest)


def outer_forehead(rest: np.ndarray) -> np.ndarray:
    """The same lines over the outer half of one brow."""
    x, y = rest[:, 0], rest[:, 1]
    lines = sum(strength * groove(y - level + 0.0025 * x**2, 1.9) for level, strength in ((33.5, 0.7), (43.0, 0.9), (52.5, 0.6)))
    return 2.6 * lines * between(x, (4, 18), (0, 1)) * between(x, (38, 54), (1, 0)) * _front(rest)


def between_brows(rest: np.ndarray) -> np.ndarray:
    """The upright line at the inner end of the brow."""
    x, y = rest[:, 0], rest[:, 1]
    return 4.6 * groove(x - 6.0 - 0.06 * (y - 16), 1.7) * between(y, (4, 12), (0, 1)) * between(y, (26, 36), (1, 0)) * _front(rest)


def beside_nose(rest: np.ndarray) -> np.ndarray:
    """Lines that run down the flank of the nose, one across its root, and the beginning of the fold round its wing."""
    x, y = rest[:, 0], rest[:, 1]
    flank = sum(groove(y - level + 0.5 * (x - 8), 1.1) for level in (-3.0, -8.0, -13.0)) * bump(rest, (10, -8), (6, 12))
    root = groove(y - 4.0, 1.5) * between(np.abs(x), (6, 13), (1, 0)) * 0.5
    wing = groove(np.hypot(x - 12, y + 44) - 13.0, 1.3) * bump(rest, (23, -38), (7, 10))
    return (1.5 * flank + 1.4 * root + 2.6 * wing) * _front(rest)


def beside_mouth(rest: np.ndarray) -> np.ndarray:
    """The fold from the wing of the nose past the corner of the mouth."""
    x, y = rest[:, 0], rest[:, 1]
    line = 21.0 + 0.42 * (-42.0 - y) - 0.002 * np.square(-42.0 - y)
    return 4.6 * groove(x - line, 1.8) * between(y, (-78, -68), (0, 1)) * between(y, (-44, -38), (1, 0)) * _front(rest)


def beside_eye(rest: np.ndarray) -> np.ndarray:
    """Crow's feet, which spread from the outer corner of the eye, and the line under the lower lid."""
    x, y = rest[:, 0] - 46.0, rest[:, 1] - 1.0
    far, angle = np.hypot(x, y), np.degrees(np.arctan2(y, x))
    feet = sum(groove(far * np.radians(angle - way), 0.9) for way in (-32.0, -8.0, 16.0))
    return 0.9 * feet * between(far, (4, 7), (0, 1)) * between(far, (12, 18), (1, 0)) * between(rest[:, 2], (-50, -25), (0, 1))


def _front(rest: np.ndarray) -> np.ndarray:
    return between(rest[:, 2], (-40, -15), (0, 1))


def _normals(rest: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """The unit normals (n, 3) of positions (n, 3), means of those of their faces."""
    corners = rest[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    summed = np.zeros_like(rest)
    for corner in range(3):
        np.add.at(summed, faces[:, corner], across)
    return summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-12)

"""Repairs of the source's shapes that say something else than their names: a frown that lowers the wrong end of the brow, pressed lips
that smile, cheeks that rise without a bulge; and corners of the mouth that hang at rest.

Everything is in millimetres at the neutral face at rest: x from the middle of the face, y up and z forward from between the eyes. Only
the lips' corners and what lies off the lips' line of contact change, so that gaps of the lips keep their sizes.
"""

import numpy as np
from tools.bake_head.pieces import Piece

SIDES = {"Left": 1, "Right": -1}
MILLIMETRE = 1e-3
LIP_LINE = -73.5  # y of the line where the lips touch
CORNER = (25.0, -73.5)  # |x| and y of a corner of the mouth
AT_EASE = 1.7  # how much higher a corner of the mouth stands than in the source, whose corners hang below those of most people


def repair(piece: Piece, shape_names: list[str]) -> None:
    """Repairs the shapes of a piece of the face (skin or lashes) in place."""
    rest = piece.preset_positions[0] / MILLIMETRE
    for name, change in {"browDown": brow_down, "browOuterUp": brow_up, "noseSneer": nose_sneer, "cheekSquint": cheek_squint,
                         "mouthSmile": smile, "mouthDimple": dimple, "mouthPress": press}.items():  # fmt: skip
        for side, sign in SIDES.items():
            offsets = piece.shapes[shape_names.index(f"{name}{side}")]
            across = rest * (sign, 1, 1)
            moved = change(across, offsets / MILLIMETRE * (sign, 1, 1))
            offsets[:] = moved * (sign, 1, 1) * MILLIMETRE
    inner = piece.shapes[shape_names.index("browInnerUp")]
    inner *= between(np.abs(rest[:, 0]), (18, 42), (1.8, 0.5))[:, None]


def at_ease(skin: Piece) -> None:
    """Raises the corners of the mouth of every preset of the skin, in place; the middle of the lips stays."""
    rest = skin.preset_positions[0] / MILLIMETRE
    across = np.abs(rest[:, 0])
    raised = between(across, (3, 24), (0, 1)) * np.exp(-np.square(np.maximum(across - 24, 0) / 9))
    raised *= np.exp(-np.square((rest[:, 1] - LIP_LINE) / 12)) * between(rest[:, 2], (-50, -25), (0, 1))
    skin.preset_positions[..., 1] += AT_EASE * MILLIMETRE * raised


def between(value: np.ndarray, ends: tuple[float, float], levels: tuple[float, float]) -> np.ndarray:
    """A smooth passage from `levels[0]` at `ends[0]` to `levels[1]` at `ends[1]`."""
    share = np.clip((value - ends[0]) / (ends[1] - ends[0]), 0, 1)
    return levels[0] + (levels[1] - levels[0]) * share * share * (3 - 2 * share)


def bump(rest: np.ndarray, centre: tuple[float, float], spread: tuple[float, float]) -> np.ndarray:
    """A soft spot (n,) on the front of the face about (x, y)."""
    far = ((rest[:, 0] - centre[0]) / spread[0]) ** 2 + ((rest[:, 1] - centre[1]) / spread[1]) ** 2
    return np.exp(-far) * between(rest[:, 2], (-50, -25), (0, 1))


def brow_down(rest: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The inner end of the brow falls furthest, comes towards the middle, and bulges between the brows."""
    moved = offsets * between(np.abs(rest[:, 0]), (14, 46), (1.6, 0.3))[:, None]
    moved[:, 2] += 0.35 * -np.minimum(moved[:, 1], 0) * between(np.abs(rest[:, 0]), (8, 24), (1, 0))
    moved[:, 0] -= 2.2 * bump(rest, (17, 22), (11, 10)) * between(rest[:, 0], (0, 8), (0, 1))
    return moved


def brow_up(rest: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The brow rises as far as people's do along its outer two thirds; the source lifts its end alone, to a point."""
    across = np.abs(rest[:, 0])
    return offsets * (between(across, (14, 26), (1, 2.5)) * between(across, (36, 50), (1, 0.32)))[:, None]


def nose_sneer(rest: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The wing of the nose, the flank above it and the skin of the upper lip rise; the brow hardly falls."""
    moved = offsets * np.where(rest[:, 1] > 8, 0.3, between(rest[:, 1], (-12, 4), (1.8, 0.6)))[:, None]
    flank = bump(rest, (15, -34), (9, 12))
    moved[:, 1] += 2.0 * flank
    moved[:, 2] += 1.0 * bump(rest, (13, -14), (6, 9))
    moved[:, 1] += 2.6 * bump(rest, (15, -58), (9, 7)) * between(rest[:, 1], (LIP_LINE + 3, LIP_LINE + 12), (0, 1))
    return moved


def cheek_squint(rest: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The cheek comes forward as it rises, and less of it is pushed into the lid."""
    moved = offsets * between(rest[:, 1], (-22, -8), (1, 0.72))[:, None]
    moved[:, 2] += 0.45 * np.maximum(moved[:, 1], 0) * between(rest[:, 1], (-14, -24), (0, 1))
    return moved


def smile(rest: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The cheek gathers into an apple over a furrow from the nose to the corner of the mouth."""
    moved = offsets.copy()
    apple = bump(rest, (37, -37), (15, 13))
    moved[:, 1] += 2.0 * apple
    moved[:, 2] += 4.2 * apple
    moved[:, 2] -= 1.2 * bump(rest, (27, -56), (5, 10))
    return moved


def dimple(rest: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The corner is drawn in and a little out; it does not rise."""
    moved = offsets * (0.4, 0.12, 0.7)
    moved[:, 2] -= 2.4 * bump(rest, CORNER, (5, 6))
    moved[:, 2] += 1.0 * bump(rest, (36, -72), (6, 9))
    return moved


def press(rest: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The red of the lips is pressed flat against the line of contact; the corners stay."""
    moved = offsets * (0.1, 0.08, 0.3)
    above = rest[:, 1] - LIP_LINE
    lips = between(np.abs(rest[:, 0]), (18, 28), (1, 0)) * between(rest[:, 0], (-6, 6), (0, 1)) * between(rest[:, 2], (5, 18), (0, 1))
    red = lips * np.exp(-np.square(above / 8.0))
    moved[:, 1] -= 0.42 * above * red
    moved[:, 2] -= 1.4 * red
    moved[:, 2] += 1.0 * lips * np.exp(-np.square((np.abs(above) - 13) / 5.0))
    return moved

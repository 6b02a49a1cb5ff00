"""The tongue: lower at rest than the source's, and four movements along its own curve.

A place on the tongue is a share t of its length (0 root, 1 tip) and an offset from the curve through its middle. A
movement bends and thins that curve, in millimetres about the mouth's anchor. `tongueOut` passes through them in turn:
at TIP_UP the tip stands behind the upper front teeth (L), at TIP_BETWEEN between the teeth (TH), at 1 the tongue hangs
over the lower lip. What tongueOut times a straight line cannot do is kept in the correctives, whose weights
`visavox.rigs.heads.tongue` computes.
"""

import numpy as np
from scipy.interpolate import PchipInterpolator
from tools.bake_head.mouth import MILLIMETRE, Mouth
from tools.bake_head.pieces import Piece

from visavox.rigs.heads.tongue import TIP_BETWEEN, TIP_UP

STATIONS = (0.0, 0.2, 0.4, 0.55, 0.7, 0.82, 0.92, 1.0)
# Each pose: how far the middle moves up and forward from the source's place, and the factors of width and of
# thickness, by station.
POSES = {
    "rest": {
        "up": (0, -2, -3, -3.4, -3.7, -3.6, -3.2, -2.8), "forward": (0, 0, 0, 0, 0, 0, 0, 0),
        "width": (0.9, 0.8, 0.74, 0.74, 0.78, 0.84, 0.9, 0.7), "thick": (1, 1, 1, 0.95, 0.9, 0.8, 0.7, 0.6),
    },
    "up": {
        "up": (0, -2, -4.5, -6, -6, -3.6, 1.6, 7.0), "forward": (0, 0, 0.5, 1, 1.6, 2.4, 3, 2.6),
        "width": (0.9, 0.75, 0.62, 0.60, 0.62, 0.66, 0.68, 0.5), "thick": (1, 1, 1, 1, 0.95, 0.9, 0.72, 0.6),
    },
    "between": {
        "up": (0, -2, -4, -4.8, -3.6, -1.4, 0.7, 2.4), "forward": (2, 3, 5, 7.5, 10.5, 13, 15.4, 17.0),
        "width": (0.9, 0.75, 0.62, 0.62, 0.66, 0.76, 0.86, 0.6), "thick": (1, 1, 1, 0.9, 0.75, 0.55, 0.46, 0.5),
    },
    "out": {
        "up": (0, -2, -4.5, -5.2, -3.6, 0.6, -0.9, -8.0), "forward": (8, 9, 11, 14, 19.5, 25.5, 30.0, 31.0),
        "width": (0.9, 0.75, 0.64, 0.68, 0.78, 0.9, 1.0, 0.62), "thick": (1, 1, 0.95, 0.82, 0.7, 0.66, 0.7, 0.85),
    },
}  # fmt: skip
GROOVE = 0.9  # millimetres: the depth of the furrow along the middle of the tongue's back
# How far a tongue that is up, or between the teeth, stays when the jaw falls, by station: the tip then leans on the
# upper teeth.
STAYS = {"up": (0, 0, 0.1, 0.3, 0.6, 0.85, 0.97, 1.0), "between": (0, 0, 0.05, 0.15, 0.35, 0.5, 0.6, 0.62)}
KNOTS = {"up": TIP_UP, "between": TIP_BETWEEN}


def shares(points: np.ndarray) -> np.ndarray:
    """The share t (n,) of the tongue's length at each of its `points` (n, 3)."""
    return (points[:, 2] - points[:, 2].min()) / np.ptp(points[:, 2])


def middle_height(points: np.ndarray, t: np.ndarray) -> np.ndarray:
    """The height (n,) of the curve through the middle of the tongue's section at each t."""
    edges = np.linspace(0, 1, 13)
    at, height = [], []
    for low, high in zip(edges, edges[1:], strict=False):
        inside = (t >= low - 0.03) & (t <= high + 0.03)
        at.append((low + high) / 2)
        height.append((points[inside, 1].min() + points[inside, 1].max()) / 2)
    return PchipInterpolator(at, height, extrapolate=False)(np.clip(t, at[0], at[-1]))


def pose(points: np.ndarray, name: str) -> np.ndarray:
    """The tongue's `points` (n, 3), millimetres about the anchor as the source has them, bent into the pose `name`."""
    t = shares(points)
    middle = middle_height(points, t)
    field = {key: PchipInterpolator(STATIONS, values)(t) for key, values in POSES[name].items()}
    fine = np.linspace(0, 1, 400)
    length = np.ptp(points[:, 2])
    centre = np.stack([np.interp(fine, np.sort(t), middle[np.argsort(t)]), points[:, 2].min() + fine * length], 1)
    moves = np.stack([PchipInterpolator(STATIONS, POSES[name][key])(fine) for key in ("up", "forward")], 1)
    slope = np.gradient(smooth(centre + moves), axis=0)
    was = np.gradient(smooth(centre), axis=0)
    bend = np.interp(t, fine, np.unwrap(np.arctan2(slope[:, 0], slope[:, 1])) - np.arctan2(was[:, 0], was[:, 1]))
    above = (points[:, 1] - middle) * field["thick"]
    above -= GROOVE * np.exp(-((points[:, 0] / 3) ** 2)) * (points[:, 1] > middle) * np.sin(np.pi * np.clip(t, 0, 1))
    return np.stack(
        [
            points[:, 0] * field["width"],
            middle + field["up"] + above * np.cos(bend),
            points[:, 2] + field["forward"] - above * np.sin(bend),
        ],
        1,
    )


def smooth(curve: np.ndarray, reach: int = 25) -> np.ndarray:
    """The curve (n, 2) averaged over `reach` samples to each side, its ends held."""
    padded = np.pad(curve, ((reach, reach), (0, 0)), mode="reflect", reflect_type="odd")
    kernel = np.ones(2 * reach + 1) / (2 * reach + 1)
    return np.stack([np.convolve(padded[:, axis], kernel, "valid") for axis in range(2)], 1)


def model(tongue: Piece, mouth: Mouth, shape_names: list[str]) -> tuple[Piece, np.ndarray]:
    """The tongue at rest with its `tongueOut`, and the offsets (4, n, 3) of its correctives, in metres."""
    source = (tongue.preset_positions[0] - mouth.anchor[0]) / MILLIMETRE
    poses = {name: pose(source, name) for name in POSES}
    move = {name: (points - poses["rest"]) * MILLIMETRE for name, points in poses.items()}
    shapes = tongue.shapes.copy()
    shapes[shape_names.index("tongueOut")] = move["out"]
    jaw = shapes[shape_names.index("jawOpen")]
    t = shares(source)
    correctives = [move[name] - knot * move["out"] for name, knot in KNOTS.items()]
    correctives += [-PchipInterpolator(STATIONS, STAYS[name])(t)[:, None] * jaw for name in KNOTS]
    placed = mouth.place(poses["rest"])
    return Piece(placed, shapes, tongue.identity_shapes, tongue.head_weight, tongue.faces, tongue.uv, tongue.groups), np.stack(correctives)

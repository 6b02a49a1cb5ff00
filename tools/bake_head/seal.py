"""Closes the lips: at rest under every preset and identity, and in every shape made with a closed mouth.

The lips are cut by vertical planes x = constant. In such a plane the upper and the lower lip are two curves over z,
and their clearance is the smallest vertical distance between them. Closing means moving both lips smoothly until the
clearance is -OVERLAP: the lower lip then sits a hair inside the upper one, so that no ray finds a slit between them.
"""

import numpy as np
from tools.bake_head import lips
from tools.bake_head.loops import Loops

OVERLAP = 0.0004  # metres
COLUMNS = 33  # planes on each side of the face, denser towards the corner
DEPTH = 0.0002  # metres of z that still count as the same place on both lips

# Shapes in which sealed lips stay together at weight 1, and how much of the mending the upper lip takes.
CLOSED = {
    **{name: 0.5 for name in ("mouthPucker", "mouthShrugLower", "mouthShrugUpper", "cheekPuff")},
    **{f"{name}{side}": 0.5 for side in ("Left", "Right") for name in (
        "mouth", "mouthSmile", "mouthFrown", "mouthDimple", "mouthStretch", "mouthPress",
        "cheekSquint", "noseSneer", "eyeSquint")},
    "mouthRollLower": 0.7,
    "mouthRollUpper": 0.6,
    "jawForward": 0.3,
    "jawLeft": 0.5,
    "jawRight": 0.5,
}  # fmt: skip
ROLLS = ("mouthRollLower", "mouthRollUpper")
DEEPEST = 0.0025  # metres that the line of contact may go back when a lip rolls in: further on are the teeth
JAW_SEALED = 0.35  # the widest jaw that mouthClose is to seal: beyond, a closed mouth is a grimace


class Lips:
    """The lips as a grid: `rings` (K, 76) positions, outermost first.

    `share` (K,) is how far each ring takes part in closing; `seam` (K,) how far it moves as one with the other lip.
    """

    def __init__(self, loops: Loops, positions: np.ndarray):
        starts = midline_path(loops, positions)
        self.rings = np.array([lips.ring(loops, positions, start) for start in starts])
        contact = starts.index(lips.CONTACT)
        steps = np.arange(len(starts)) - contact
        reach = np.where(steps < 0, contact + 0.0, len(starts) - 1.0 - contact)
        self.share = ramp((np.abs(steps) - 2) / np.maximum(reach - 2, 1))
        self.near = np.flatnonzero(np.abs(steps) <= 5)  # the rings that can touch the other lip
        self.contact = contact
        self.seam = ramp((np.abs(steps) - 3) / 6)

    def halves(self, side: int) -> tuple[np.ndarray, np.ndarray]:
        """The upper and lower grids (K, m) of one side (1 left, -1 right), from the midline to the corner."""
        folded = np.array([lips.half(ring, side) for ring in self.rings])
        return folded[:, : lips.CORNER], folded[:, : lips.CORNER : -1]


def ramp(amount: np.ndarray) -> np.ndarray:
    """A smooth fall from 1 where `amount` is 0 or less to 0 where it is 1 or more."""
    amount = np.clip(amount, 0, 1)
    return 1 - amount * amount * (3 - 2 * amount)


def midline_path(loops: Loops, positions: np.ndarray) -> list[int]:
    """The midline positions of all subdivided rings from the outermost to the innermost of `lips.UPPER_MIDLINE`."""
    path = []
    for a, b in zip(lips.UPPER_MIDLINE, lips.UPPER_MIDLINE[1:], strict=False):
        between = loops.neighbours[a] & loops.neighbours[b]
        path += [a, min(between, key=lambda n: abs(positions[n, 0]))]
    return path + [lips.UPPER_MIDLINE[-1]]


def clearance(grid: Lips, positions: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """The planes |x| (COLUMNS,) and the clearance (COLUMNS,) of the lips in each, in metres, for one side of
    `positions` (n, 3).

    Where one lip lies wholly behind the other, the clearance is that seen from the front.
    """
    upper, lower = (half[grid.near] for half in grid.halves(side))
    reach = min(np.abs(positions[half, 0]).max(1).min() for half in (upper, lower))
    planes = reach * np.sin(np.linspace(0, np.pi / 2, COLUMNS))
    top, bottom = (cut(positions[half], side, planes) for half in (upper, lower))
    apart = top[:, :, None, 1] - bottom[:, None, :, 1]
    apart[np.abs(top[:, :, None, 2] - bottom[:, None, :, 2]) > DEPTH] = np.inf
    seen = top[:, :, 1].min(1) - bottom[:, :, 1].max(1)
    apart = apart.min((1, 2))
    return planes, np.where(np.isfinite(apart), apart, seen)


def cut(half: np.ndarray, side: int, planes: np.ndarray) -> np.ndarray:
    """The curve (planes, samples, 3) in which each plane cuts one lip, whose grid of points is `half` (k, m, 3)."""
    at = np.empty((len(half), len(planes), 3))
    for ring, points in enumerate(half):
        order = np.argsort(side * points[:, 0])
        for axis in range(3):
            at[ring, :, axis] = np.interp(planes, side * points[order, 0], points[order, axis])
    fine = np.linspace(0, len(half) - 1, 12 * (len(half) - 1) + 1)
    low = np.minimum(fine.astype(int), len(half) - 2)
    blend = (fine - low)[:, None, None]
    return (at[low] * (1 - blend) + at[low + 1] * blend).transpose(1, 0, 2)


def closing(grid: Lips, positions: np.ndarray, upper_share: float = 0.5, rounds: int = 6) -> np.ndarray:
    """The offsets (n, 3) that bring the clearance of the lips in `positions` (n, 3) to -OVERLAP everywhere.

    The upper lip takes `upper_share` of the way, the lower lip the rest.
    """
    moved = positions.copy()
    for _ in range(rounds):
        for side in (1, -1):
            planes, apart = clearance(grid, moved, side)
            for way, half in zip((-upper_share, 1 - upper_share), grid.halves(side), strict=False):
                amount = np.interp(np.abs(positions[half, 0]), planes, apart + OVERLAP)
                weight = np.where(half == half[:, :1], 0.5, 1.0)  # the midline belongs to both sides
                moved[half, 1] += way * amount * grid.share[:, None] * weight
    return moved - positions


def bind(grid: Lips, rest: np.ndarray, offsets: np.ndarray, upper_share: float, deepest: float) -> None:
    """Makes the two lips move as one along their seam under `offsets` (n, 3), in place: sealed lips then stay sealed
    in any mixture.

    In each plane the common movement is a mean of both lips' own at the line of contact, the upper lip's weighing
    `upper_share`; it goes back by at most `deepest` metres.
    """
    own = offsets.copy()
    for side in (1, -1):
        halves = grid.halves(side)
        upper, lower = (half[grid.contact] for half in halves)
        for half in halves:
            across = np.abs(rest[half, 0])
            common = upper_share * along(across, rest[upper], own[upper])
            common += (1 - upper_share) * along(across, rest[lower], own[lower])
            common[..., 2] = np.maximum(common[..., 2], -deepest)
            weight = np.where(half == half[:, :1], 0.5, 1.0) * grid.seam[:, None]
            offsets[half] += weight[..., None] * (common - own[half])


def along(across: np.ndarray, points: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The `offsets` (m, 3) of a lip's `points` (m, 3), interpolated at distances `across` (k, m) from the middle."""
    order = np.argsort(np.abs(points[:, 0]))
    distance = np.abs(points[order, 0])
    return np.stack([np.interp(across, distance, offsets[order, axis]) for axis in range(3)], -1)


def seal(grid: Lips, skin, shape_names: list[str]) -> None:
    """Closes the lips of `skin` (a Piece) in place: every preset, every identity shape, every shape in CLOSED, and
    mouthClose.
    """
    for positions in skin.preset_positions:
        positions += closing(grid, positions)
    rest = skin.preset_positions[0]
    for offsets in skin.identity_shapes:
        if np.abs(offsets[grid.rings]).max() > 1e-5:
            offsets += closing(grid, rest + offsets)
    for name, upper_share in CLOSED.items():
        offsets = skin.shapes[shape_names.index(name)]
        bind(grid, rest, offsets, upper_share, DEEPEST if name in ROLLS else np.inf)
        offsets += closing(grid, rest + offsets, upper_share)
    jaw, close = (skin.shapes[shape_names.index(name)] for name in ("jawOpen", "mouthClose"))
    close += closing(grid, rest + JAW_SEALED * (jaw + close)) / JAW_SEALED

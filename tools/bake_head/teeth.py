"""Two arches of fourteen teeth each, and their gums, in millimetres about the mouth's anchor (see mouth.py)."""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline

# From the midline outwards: width along the arch and height of the crown. Source: mean crown sizes as dental anatomy
# books give them.
UPPER_WIDTHS = (8.6, 6.6, 7.6, 7.1, 6.6, 10.2, 9.6)
UPPER_HEIGHTS = (10.2, 8.8, 9.8, 8.4, 8.2, 7.4, 7.0)
LOWER_WIDTHS = (5.4, 5.9, 6.9, 7.0, 7.1, 11.0, 10.4)
LOWER_HEIGHTS = (8.8, 9.0, 10.4, 8.4, 8.0, 7.4, 7.0)
# The line along the front faces of the upper teeth, (x, z) from the midline outwards.
ARCH = (
    (0, 0), (4.3, -0.35), (8.5, -1.5), (12.2, -3.8), (15.3, -7.0), (18.0, -11.4), (20.6, -17.0), (23.0, -23.2),
    (25.2, -30.4), (27.0, -38.4), (28.2, -47.0),
)  # fmt: skip
# Thickness from front to back at the neck and at the edge, and how far the edge falls off to its sides.
KINDS = {"incisor": (6.2, 1.3, 0.25), "canine": (7.4, 1.8, 1.5), "premolar": (8.2, 6.0, 0.9), "molar": (9.6, 7.6, 0.5)}
ORDER = ("incisor", "incisor", "canine", "premolar", "premolar", "molar", "molar")
ROOT = 1.6  # millimetres that a crown reaches under the gum
PAPILLA = 0.42  # share of the crown's height that the gum fills between two teeth


@dataclass(frozen=True)
class Arch:
    """One arch: `up` is +1 when gums lie above the teeth; `edge` (y, z) of the midline edge; `narrow` scales the arch
    line.
    """

    up: int
    edge: tuple[float, float]
    narrow: float
    widths: tuple[float, ...]
    heights: tuple[float, ...]


# At rest the upper edge stands 1.8 mm below the line of the lips and 2.4 mm behind them. The lower edge hangs under it, as
# in a jaw at rest, whose teeth do not touch: people who speak show the upper row in part and the lower one seldom.
UPPER = Arch(1, (-1.8, -2.4), 1.0, UPPER_WIDTHS, UPPER_HEIGHTS)
LOWER = Arch(-1, (-3.0, -5.2), 0.93, LOWER_WIDTHS, LOWER_HEIGHTS)
# The shape jawOpen lets the lower lip fall further than the source's teeth, which would bare them more the wider the mouth
# is: the lower row falls as far as the lip.
JAW_FOLLOW = 1.3
# Teeth are never quite even: by which slope each one, from the right molar to the left one, turns out of the arch, and by how
# many millimetres it is longer than its table says.
UNEVEN_TURN = (0.0, 0.1, -0.2, 0.1, -0.1, 0.12, -0.03, 0.04, -0.14, 0.15, -0.1, 0.1, 0.0, 0.1)
UNEVEN_RISE = (0.0, 0.1, -0.1, 0.0, 0.2, -0.15, 0.05, -0.05, -0.2, 0.1, 0.0, -0.1, 0.1, 0.0)


def arch_line(arch: Arch):
    """A function from the arc length (n,), negative on the right, to points (n, 2) and outward normals (n, 2) in the
    (x, z) plane.
    """
    half = np.array(ARCH) * (arch.narrow, 1.0)
    whole = np.concatenate([half[:0:-1] * (-1, 1), half])
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(whole, axis=0), axis=1))])
    curve = CubicSpline(length - length[len(half) - 1], whole)

    def at(s):
        along = curve(s, 1)
        along /= np.linalg.norm(along, axis=-1, keepdims=True)
        return curve(s), np.stack([-along[..., 1], along[..., 0]], -1)

    return at


def to_space(arch: Arch, s: np.ndarray, outward: np.ndarray, height: np.ndarray) -> np.ndarray:
    """The points (n, 3) at arc length `s`, `outward` of the arch line and `height` above the edge towards the gum."""
    at, normal = arch_line(arch)(s)
    flat = at + normal * outward[..., None]
    return np.stack([flat[..., 0], arch.edge[0] + arch.up * height, arch.edge[1] + flat[..., 1]], -1)


def tooth(
    arch: Arch, kind: str, centre: float, size: tuple[float, float], uneven: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One tooth of `size` (width, height): positions (n, 3), triangles (f, 3) and uv (n, 2); u runs across the tooth, v from
    0 under the gum to 1 at the edge. `uneven` is its slope out of the arch and how much longer it is.
    """
    (width, height), (slope, longer) = size, uneven
    neck, tip, fall = KINDS[kind]
    around = 12 if kind in ("incisor", "canine") else 10
    angle = np.linspace(0, 2 * np.pi, around, endpoint=False) + np.pi / around
    level = np.array([-ROOT / height, 0.12, 0.4, 0.68, 0.84, 0.93, 0.98, 1.0])
    blunt = np.array((0.985, 0.965, 0.9, 0.82)) if kind != "canine" else np.array((0.9, 0.78, 0.62, 0.45))
    across = np.interp(level, (-0.2, 0.1, 0.65, 0.84, 0.93, 0.98, 1.0), (0.68, 0.82, 1.0, *blunt))
    front = np.interp(level, (-0.2, 0.2, 0.5, 0.9, 1.0), (-0.5, 0.0, 0.0, -0.35, -0.9 if tip < 3 else -1.3))
    deep = np.interp(level, (-0.2, 0.25, 0.6, 1.0), (neck, neck * 0.95, (neck + tip) / 2, tip))
    square = (
        np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.62,
        np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.62,
    )
    s = centre + width / 2 * across[:, None] * square[0]
    outward = front[:, None] - deep[:, None] / 2 * (1 - square[1]) + slope * (s - centre)
    rise = (height + longer) * (1 - level)[:, None] - longer + np.zeros(around)
    rise += np.clip((level - 0.6) / 0.4, 0, 1)[:, None] ** 2 * fall * np.abs(across[:, None] * square[0]) ** 2
    points = to_space(arch, s.ravel(), outward.ravel(), rise.ravel())
    lowest = (0.15 if tip < 3 else 0.9) - longer
    top = to_space(arch, np.array([centre]), np.array([front[-1] - deep[-1] / 2]), np.array([lowest]))
    last = len(level) - 1
    quads = [[(i, j), (i, (j + 1) % around), (i + 1, (j + 1) % around), (i + 1, j)] for i in range(last) for j in range(around)]
    corner = np.array([[i * around + j for i, j in quad] for quad in quads])
    faces = np.concatenate([corner[:, [0, 1, 2]], corner[:, [0, 2, 3]]])
    cap = [[last * around + j, last * around + (j + 1) % around, len(level) * around] for j in range(around)]
    faces = np.concatenate([faces, cap])
    uv = np.stack([0.5 + (s - centre) / width, np.clip(level, 0, 1)[:, None] + np.zeros(around)], -1).reshape(-1, 2)
    points, uv = np.concatenate([points, top]), np.concatenate([uv, [[0.5, 1.0]]])
    return points, faces if arch.up == 1 else faces[:, ::-1], uv


def centres(arch: Arch) -> np.ndarray:
    """The arc lengths (7,) of the middles of the teeth on the left side, from the midline outwards."""
    ends = np.cumsum(arch.widths)
    return ends - np.array(arch.widths) / 2


def teeth(arch: Arch) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All fourteen teeth of an arch: positions (n, 3), triangles (f, 3), uv per corner (f, 3, 2)."""
    points, faces, uv, count = [], [], [], 0
    uneven, half = list(zip(UNEVEN_TURN, UNEVEN_RISE, strict=True)), len(ORDER)
    for number, (kind, centre, *size) in enumerate(zip(ORDER, centres(arch), arch.widths, arch.heights, strict=True)):
        for side in (1, -1):
            own, triangles, paint = tooth(arch, kind, side * centre, size, uneven[half + number if side == 1 else half - 1 - number])
            points.append(own)
            faces.append(triangles + count)
            uv.append(paint[triangles])
            count += len(own)
    return np.concatenate(points), np.concatenate(faces), np.concatenate(uv)


def gum(arch: Arch) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gum of an arch: positions (n, 3), triangles (f, 3), uv per corner (f, 3, 2).

    u runs along the arch, v from 0 outside to 1 inside. Its edge arches over every tooth and fills the space between two teeth.
    """
    ends = np.concatenate([[0], np.cumsum(arch.widths)])
    shares = np.array([0, 0.2, 0.5, 0.8])
    right = np.concatenate([start + width * shares for start, width in zip(ends, arch.widths, strict=False)] + [ends[-1:]])
    crown = np.interp(right, centres(arch), arch.heights)
    between = np.concatenate([np.tile([1, 0.3, 0, 0.3], 7), [1]])  # 1 between two teeth, 0 over a tooth's middle
    thick = np.interp(right, centres(arch), [KINDS[kind][0] for kind in ORDER])
    crown, between, thick = (np.concatenate([half[:0:-1], half]) for half in (crown, between, thick))
    s = np.concatenate([-right[:0:-1], right])
    edge = crown * (1 - PAPILLA * between)
    rows = (
        # outside, from under the lip to the teeth
        (-0.8, crown + 8.5),
        (0.5, crown + 5.0),
        (1.0, crown + 2.0),
        (0.75 - 0.6 * between, edge + 0.8),
        (-0.5 - 1.2 * between, edge),
        # inside, from the teeth towards the palate or the tongue
        (-thick + 0.9, edge + 0.6),
        (-thick - 0.6, crown + 1.6),
        (-thick - 2.0, crown + 5.0),
        (-thick - 4.5, crown + 8.5),
    )
    points = np.stack([to_space(arch, s, out + 0 * s, height + 0 * s) for out, height in rows])
    many, long = points.shape[:2]
    index = np.arange(many * long).reshape(many, long)
    quads = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], -1).reshape(-1, 4)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    v, u = np.meshgrid(np.linspace(0, 1, many), np.linspace(0, 1, long), indexing="ij")
    uv = np.stack([u, v], -1).reshape(-1, 2)
    faces = faces[:, ::-1] if arch.up == 1 else faces
    return points.reshape(-1, 3), faces, uv[faces]

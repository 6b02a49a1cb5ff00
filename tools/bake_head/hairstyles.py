"""Hair grown on the resting neutral head: roots on the scalp, a combing direction everywhere, strands that follow the skull.

Metres, Y up, +Z forward, +X the face's left, origin between the eyes.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

CENTRE = np.array([0, 0.015, -0.085])
CROWN = np.array([0.005, 0.088, -0.150])
AXIS = -0.075
# The hairline: angle around the head (degrees from the nose) and height (metres) under which no hair grows.
LINE_ANGLE = (0, 18, 30, 42, 55, 66, 74, 80, 88, 97, 108, 118, 135, 180)
LINE = (0.073, 0.072, 0.066, 0.052, 0.045, 0.026, 0.000, -0.002, 0.022, 0.030, 0.010, -0.045, -0.070, -0.080)
RECEDED = (0.082, 0.088, 0.094, 0.082, 0.060, 0.030, 0.000, -0.002, 0.022, 0.030, 0.010, -0.045, -0.070, -0.080)

EAR = 0.0065  # metres from an ear at which a strand is cut
BESIDE = 0.010  # metres: the height of the ears' upper ends
FINEST = 0.3  # share of its width that a strand has at the hairline, where each is seen before skin
LONE = 0.25  # density of growth under which a strand would lie alone on the skin
# How densely hair grows on the back of the head, which is seldom seen, as a share of in front:
BEHIND = {"parted": 0.5, "swept": 0.5, "hanging": 0.35, "fringe": 0.4, "coiled": 1}
DULL = 0.5  # how deep coils lie in one another's shade: they shine as a mass, not one by one
SHORTEST = 0.3  # share of its length under which a strand is left out
LEVEL, RAGGED = -0.122, 0.004  # metres: where hanging hair is cut, and the deviation from there
FRINGE, BROWS = 0.038, -0.035  # metres: where a fringe is cut above the brows, which lie before this z


@dataclass(frozen=True)
class Style:
    """A way to wear hair: how many strands, how long on top and at the sides (metres), how far it stands off there, strand
    width, how wild it is, the share of strands on the crown, the hairline, and how it is combed."""

    strands: int
    top: float
    side: float
    lift_top: float
    lift_side: float
    width: float
    wild: float
    comb: str
    line: tuple[float, ...] = LINE
    crown: float = 1.0
    points: int = 6  # of a strand


STYLES = {
    "short": Style(1220, 0.056, 0.022, 0.011, 0.004, 1.10e-3, 0.20, "parted"),
    "bob": Style(510, 0.270, 0.215, 0.005, 0.004, 1.9e-3, 0.05, "hanging", points=12),
    "afro": Style(1500, 0.034, 0.034, 0.026, 0.022, 1.3e-3, 1.5, "coiled"),
    "coil": Style(1300, 0.010, 0.008, 0.006, 0.003, 1.3e-3, 1.5, "coiled"),
    "swept": Style(1450, 0.095, 0.060, 0.005, 0.004, 1.1e-3, 0.10, "swept"),
    "thin": Style(800, 0.040, 0.022, 0.003, 0.003, 0.9e-3, 0.20, "parted", RECEDED, 0.25),
    "fringe": Style(1080, 0.088, 0.062, 0.006, 0.006, 1.4e-3, 0.16, "fringe"),
}
BASE = {"short": (0.009, 0.0022), "bob": (0.008, 0.007), "afro": (0.011, 0.008), "coil": (0.005, 0.003), "swept": (0.013, 0.006),
        "thin": (0.0016, 0.0016), "fringe": (0.010, 0.008)}  # fmt: skip


@dataclass(frozen=True)
class Scalp:
    """The skin at rest: `positions` (V, 3), `normals` (V, 3), `faces` (F, 3); `near` finds its positions."""

    positions: np.ndarray
    normals: np.ndarray
    faces: np.ndarray
    near: cKDTree

    def project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The nearest points (n, 3) of the skin and its normals there."""
        distance, index = self.near.query(points, k=6)
        weight = 1 / (distance + 1e-4) ** 2
        weight /= weight.sum(1, keepdims=True)
        normal = np.einsum("nk,nkc->nc", weight, self.normals[index])
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        base = np.einsum("nk,nkc->nc", weight, self.positions[index])
        return points - normal * ((points - base) * normal).sum(1, keepdims=True), normal


def step(low: float, high: float, value: np.ndarray) -> np.ndarray:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def growth(points: np.ndarray, style: Style) -> np.ndarray:
    """How densely hair grows at skin points (n, 3), 0 to 1."""
    angle = np.degrees(np.abs(np.arctan2(points[:, 0], points[:, 2] - AXIS)))
    above = points[:, 1] - np.interp(angle, LINE_ANGLE, style.line)
    ragged = 0.0018 * (np.sin(angle * 0.43) + np.sin(angle * 0.17 + 1)) + 0.0005 * np.sin(angle * 2.9)
    top = step(0.075, 0.10, points[:, 1])
    return step(-0.003, 0.011, above + ragged) * (1 - top * (1 - style.crown))


def topness(points: np.ndarray) -> np.ndarray:
    """1 on top of the head, 0 at its sides (n,)."""
    return step(0.040, 0.080, points[:, 1])


def cap(points: np.ndarray, name: str) -> np.ndarray:
    """How far (n,) metres the mass of hair raises the surface at skin points (n, 3) under the strands."""
    style, (top, side) = STYLES[name], BASE[name]
    angle = np.degrees(np.abs(np.arctan2(points[:, 0], points[:, 2] - AXIS)))
    above = points[:, 1] - np.interp(angle, LINE_ANGLE, style.line)
    return (side + (top - side) * topness(points)) * step(-0.002, 0.022, above) * growth(points, style)


def combed(points: np.ndarray, normal: np.ndarray, comb: str) -> np.ndarray:
    """The direction (n, 3) in which hair lies at skin points (n, 3), not yet along the skin."""
    x, y, z = points.T
    top, zero = topness(points)[:, None], np.zeros_like(x)
    down = np.stack([zero, zero - 1, zero - 0.30], 1)
    if comb == "parted":
        away = np.tanh((x - 0.030) / 0.006)
        front = step(-0.05, 0.0, z)
        over = np.stack([away, 0.10 + 0.5 * front, -0.55 - 0.25 * front], 1)
        return top * over + (1 - top) * down
    if comb == "swept":
        back = np.stack([0.25 * np.tanh(x / 0.03), 0.55 + zero, zero - 1], 1)
        return top * back + (1 - top) * np.stack([zero, zero - 0.25, zero - 1], 1)
    if comb == "hanging":
        away, front = np.tanh((x - 0.022) / 0.008), step(-0.05, 0.0, z)
        over = np.stack([away, 0.10 + 0.45 * front, -0.42 - 0.25 * front], 1)
        return top * over + (1 - top) * np.stack([zero, zero - 1, -0.10 - 0.55 * step(-0.06, -0.02, z)], 1)
    if comb == "fringe":
        out = points - CROWN
        out[:, 1] = np.minimum(out[:, 1], -0.01)
        return out / np.linalg.norm(out, axis=1, keepdims=True) + np.stack([zero + 0.15, zero, zero], 1)
    return normal


def roots(scalp: Scalp, style: Style, rng: np.random.Generator) -> np.ndarray:
    """The points (S, 3) where strands leave the skin, evenly by area where hair grows."""
    corners = scalp.positions[scalp.faces]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    found = np.zeros((0, 3))
    while len(found) < style.strands:
        face = rng.choice(len(area), 40000, p=area / area.sum())
        u, v = rng.random((2, 40000))
        u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
        a, b, c = corners[face].transpose(1, 0, 2)
        points = a + u[:, None] * (b - a) + v[:, None] * (c - a)
        dense = growth(points, style)
        rim = 0.45 + 0.55 * (dense < 0.995)  # twice as many along the hairline, where each is seen
        seen = BEHIND[style.comb] + (1 - BEHIND[style.comb]) * step(-0.11, -0.05, points[:, 2])
        found = np.concatenate([found, points[rng.random(len(points)) < rim * seen * dense * (dense > LONE)]])
    return found[: style.strands]


def grow(scalp: Scalp, name: str, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The strands: points (S, K, 3) metres, width (S, K) metres, depth (S, K) and vary (S, 2) in [0, 1]."""
    style = STYLES[name]
    start = roots(scalp, style, rng)
    top, count = topness(start), len(start)
    edge = growth(start, style)
    length = (style.side + (style.top - style.side) * top) * rng.uniform(0.75, 1.1, count) * (0.55 + 0.45 * edge)
    if style.comb == "hanging":  # cut to one length below, at the jaw
        length = (0.165 + start[:, 1] + 0.085 * top) * rng.uniform(0.98, 1.04, count)
    layer = rng.random(count)  # 0 close to the skin, 1 outermost
    lift = (style.lift_side + (style.lift_top - style.lift_side) * top) * (0.35 + 0.65 * layer) * (0.25 + 0.75 * edge)
    clump = np.round(start / 0.014)
    mixed = np.sin(clump @ np.array([12.9898, 78.233, 37.719])) * 43758.5453
    clump_draw = mixed - np.floor(mixed)
    skin, normal = scalp.project(start)
    clear = 0.0030 if style.comb == "hanging" else 0.0015  # over a skin that is not as smooth as the strands
    points, heading = [skin + normal * (cap(skin, name)[:, None] + 0.0004)], None
    for index in range(1, style.points):
        heading = _heading(skin, normal, heading, style, (rng, clump_draw, count))
        ahead = skin + heading * (length / (style.points - 1))[:, None]
        skin, normal = _advance(scalp, ahead, layer, style)
        share = index / (style.points - 1)
        rise = share**0.7 if style.comb == "coiled" else np.interp(share, (0, 0.35, 0.75, 1), (0, 1, 0.95, 0.65))
        raised = cap(skin, name) * (1 - _hung(ahead) if style.comb == "hanging" else 1)
        points.append(skin + normal * (raised + clear + lift * rise)[:, None])
    along = np.linspace(0, 1, style.points)
    taper = np.interp(along, (0, 0.3, 0.6, 1), (0.40, 1, 0.9, 0.60 if style.comb == "hanging" else 0.15))
    depth = np.interp(along, (0, 0.2, 0.6, 1), (0.55, 0.85, 1, 0.95)) * (0.60 + 0.40 * layer[:, None])
    depth *= DULL if style.comb == "coiled" else 1
    points = np.stack(points, 1)
    if style.comb == "hanging":
        points = cut(points, points[..., 1] < LEVEL + RAGGED * rng.standard_normal((count, 1)))[0]
    if style.comb == "fringe":
        points = cut(points, (points[..., 1] < FRINGE + RAGGED * rng.standard_normal((count, 1))) & (points[..., 2] > BROWS))[0]
    light = np.clip(0.5 + 0.26 * rng.standard_normal(count) + 0.5 * (clump_draw - 0.5), 0, 1)
    return {
        "points": points,
        "width": style.width * rng.uniform(0.6, 1.25, (count, 1)) * taper * (FINEST + (1 - FINEST) * edge[:, None]),
        "depth": depth,
        "vary": np.stack([light, rng.random(count)], 1),
    }


def cut(points: np.ndarray, beyond: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The strands (S, K, 3) each cut before its first point that lies `beyond` (S, K), and the share (S,) of each that is left."""
    count = points.shape[1]
    last = np.where(beyond.any(1), np.maximum(beyond.argmax(1) - 0.5, 0), count - 1)
    at = last[:, None] * np.linspace(0, 1, count)
    low = np.minimum(at.astype(int), count - 2)
    strand, part = np.arange(len(points))[:, None], (at - low)[..., None]
    return points[strand, low] * (1 - part) + points[strand, low + 1] * part, last / (count - 1)


def clear_of_ears(strands: dict[str, np.ndarray], ears: np.ndarray, style: Style) -> dict[str, np.ndarray]:
    """The strands cut where they would lie on an ear, whose positions are `ears` (n, 3); what is left too short is left out."""
    points = strands["points"]
    distance, _ = cKDTree(ears).query(points.reshape(-1, 3))
    beside = (points[..., 1] < BESIDE) & (points[..., 2] > AXIS - 0.01) & (style.comb == "coiled")  # curls would hang there alone
    points, share = cut(points, (distance.reshape(points.shape[:2]) < EAR) | beside)
    return {name: field[share >= SHORTEST] for name, field in {**strands, "points": points}.items()}


def _heading(skin, normal, before, style: Style, chance) -> np.ndarray:
    rng, clump_draw, count = chance
    wish = combed(skin, normal, style.comb)
    if style.comb == "coiled":
        wish = wish * 0.2 + rng.standard_normal((count, 3)) * style.wild
    else:
        wish /= np.linalg.norm(wish, axis=1, keepdims=True) + 1e-9
        turn = (clump_draw - 0.5) * 2.2 * style.wild
        wish = wish + np.cross(normal, wish) * turn[:, None] + rng.standard_normal((count, 3)) * style.wild * 0.30
    wish -= normal * (wish * normal).sum(1, keepdims=True)
    wish /= np.linalg.norm(wish, axis=1, keepdims=True) + 1e-9
    if before is None:
        return wish
    kept = wish + before * (0.9 if style.comb != "coiled" else 0.2)
    return kept / np.linalg.norm(kept, axis=1, keepdims=True)


def _advance(scalp: Scalp, ahead: np.ndarray, layer: np.ndarray, style: Style) -> tuple[np.ndarray, np.ndarray]:
    """The next points under the hair and the directions in which it stands off: the skin, or straight down once it hangs."""
    skin, turned = scalp.project(ahead)
    if style.comb != "hanging":
        return skin, turned
    low = _hung(ahead)
    flat = np.stack([ahead[:, 0], 0 * ahead[:, 0], ahead[:, 2] - AXIS], 1)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True) + 1e-9
    radius = np.hypot(ahead[:, 0] / 0.079, (ahead[:, 2] + 0.080) / 0.096)  # an upright cylinder round skull and ears
    end = 1 - step(-0.125, -0.045, ahead[:, 1])
    round_ = (1 + 0.13 * layer) * (1 - 0.09 * end)  # fuller outside, turned inwards at the ends
    centre = np.array([0, 0, -0.080])
    target = (ahead - centre) * (1, 0, 1) * (round_ / radius)[:, None] + centre
    target[:, 1] = ahead[:, 1]
    target[:, 2] = np.minimum(target[:, 2], -0.022 + 0.010 * layer)  # the face stays free
    mixed = skin * (1 - low[:, None]) + target * low[:, None]
    out = turned * (1 - low[:, None]) + flat * low[:, None]
    return mixed, out / np.linalg.norm(out, axis=1, keepdims=True)


def _hung(points: np.ndarray) -> np.ndarray:
    """How far (n,) hair at `points` (n, 3) has left the skull and hangs, 0 to 1."""
    return 1 - step(-0.005, 0.070, points[:, 1])

"""The shirt: cut along a round neckline, with a rib sewn to the cut; and the skin that it hides taken away."""

import numpy as np
from tools.bake_head.pieces import Piece, keep_faces

FRONT, BACK = (-0.197, -0.046), (-0.152, -0.162)  # metres (y, z) of the neckline on the neutral preset's chest and nape
RISE = 2.3  # metres of height per squared metre to the side: lifts the line onto the neck's base
HIDDEN = 0.03  # metres of skin kept under the neckline, for necks that bend
RIB_POINTS = 112
STANDS = 0.6  # how much the rib stands up around the neck rather than lying on the shoulders
# The rib's section, outward and up from the cut in millimetres, from the shirt's outside over the top and down the
# inside.
RIB = (
    (0.0, -5.5),
    (1.5, -5.0),
    (2.4, -2.5),
    (2.5, 1.0),
    (1.9, 3.8),
    (0.5, 5.2),
    (-1.2, 4.6),
    (-2.0, 2.0),
    (-2.4, -6.0),
    (-2.8, -18.0),
)


def above_neckline(positions: np.ndarray) -> np.ndarray:
    """The height (n,) in metres of neutral `positions` (n, 3) above the neckline; negative is shirt."""
    slope = (BACK[0] - FRONT[0]) / (BACK[1] - FRONT[1])
    line = FRONT[0] + slope * (positions[:, 2] - FRONT[1]) + RISE * positions[:, 0] ** 2
    return positions[:, 1] - line


def hide_skin(skin: Piece) -> tuple[Piece, np.ndarray]:
    """The skin without what the shirt hides, and the old indices (n,) of the positions that stay."""
    height = above_neckline(skin.preset_positions[0])
    keep = height[skin.faces].max(1) > -HIDDEN
    return keep_faces(skin, keep), np.unique(skin.faces[keep])


def mix(piece: Piece, first: np.ndarray, second: np.ndarray, share: np.ndarray) -> Piece:
    """The positions at `share` (m,) of the way from positions `first` to `second` (m,) of `piece`, without faces."""

    def blend(field):
        return field[:, first] * (1 - share[:, None]) + field[:, second] * share[:, None]

    weight = blend(piece.head_weight[None, :, None])[0, :, 0]
    return Piece(
        blend(piece.preset_positions), blend(piece.shapes), blend(piece.identity_shapes), weight,
        np.zeros((0, 3), int), np.zeros((0, 3, 2)), np.zeros(0, "U12"),
    )  # fmt: skip


def cut(piece: Piece, height: np.ndarray) -> tuple[Piece, np.ndarray]:
    """The part of `piece` where `height` (n,) is negative, cut exactly at zero, and its new rim as an ordered ring of
    positions.
    """
    low = height < 0
    crossed, corners, segments = {}, [], []

    def crossing(a: int, b: int) -> int:
        return crossed.setdefault((min(a, b), max(a, b)), len(height) + len(crossed))

    for face in piece.faces[low[piece.faces].any(1)].tolist():
        polygon, fresh = [], []
        for a, b in zip(face, face[1:] + face[:1], strict=False):
            if low[a]:
                polygon.append(a)
            if low[a] != low[b]:
                polygon.append(crossing(a, b))
                fresh.append(polygon[-1])
        corners += [[polygon[0], polygon[i], polygon[i + 1]] for i in range(1, len(polygon) - 1)]
        segments += [fresh] if fresh else []
    first, second = np.array(list(crossed)).T
    rim = mix(piece, first, second, height[first] / (height[first] - height[second]))
    faces = np.array(corners)
    whole = Piece(
        np.concatenate([piece.preset_positions, rim.preset_positions], 1),
        np.concatenate([piece.shapes, rim.shapes], 1),
        np.concatenate([piece.identity_shapes, rim.identity_shapes], 1),
        np.concatenate([piece.head_weight, rim.head_weight]),
        faces,
        np.zeros((len(faces), 3, 2)),
        np.full(len(faces), "shirt", dtype="U12"),
    )
    ring = np.searchsorted(np.unique(faces), chain(segments))
    return keep_faces(whole, np.ones(len(faces), bool)), ring


def chain(segments: list[list[int]]) -> np.ndarray:
    """The one closed ring of positions that the unordered `segments` make."""
    joined = {}
    for a, b in segments:
        joined.setdefault(a, []).append(b)
        joined.setdefault(b, []).append(a)
    ring = [segments[0][0]]
    while len(ring) < len(joined):
        ring.append(next(n for n in joined[ring[-1]] if n not in ring[-2:] and n not in ring[:1]))
    return np.array(ring)


def rib(shirt: Piece, ring: np.ndarray) -> Piece:
    """The rib along `ring`, evenly spaced, following the shirt in every preset and shape."""
    rest = shirt.preset_positions[0, ring]
    if np.cross(rest[1] - rest[0], rest[0] - rest.mean(0))[1] > 0:
        ring, rest = ring[::-1], rest[::-1]
    closed = np.append(ring, ring[0])
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(rest, axis=0, append=rest[:1]), axis=1))])
    wanted = np.linspace(0, length[-1], RIB_POINTS, endpoint=False)
    at = np.clip(np.searchsorted(length, wanted, "right") - 1, 0, len(ring) - 1)
    base = mix(shirt, closed[at], closed[at + 1], (wanted - length[at]) / np.maximum(length[at + 1] - length[at], 1e-9))
    points = base.preset_positions
    along = unit(np.roll(points, -3, 1) - np.roll(points, 3, 1))
    radial = unit((points - points.mean(1, keepdims=True)) * (1, 0, 1))
    normal = ring_normals(shirt, closed)[:, at]
    normal = unit(sum(np.roll(normal, shift, 1) for shift in range(-4, 5)))
    outward = normal + STANDS * radial
    outward = unit(outward - (outward * along).sum(-1, keepdims=True) * along)
    up = np.cross(outward, along)
    up *= np.sign(up[..., 1:2])
    rows = len(RIB)
    placed = np.concatenate([points + out * 1e-3 * outward + high * 1e-3 * up for out, high in RIB], 1)
    index = np.arange(rows * RIB_POINTS).reshape(rows, RIB_POINTS)
    turned = np.roll(index, -1, 1)
    quads = np.stack([index[:-1], turned[:-1], turned[1:], index[1:]], -1).reshape(-1, 4)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return Piece(
        placed, np.tile(base.shapes, (1, rows, 1)), np.tile(base.identity_shapes, (1, rows, 1)),
        np.tile(base.head_weight, rows), faces, np.zeros((len(faces), 3, 2)), np.full(len(faces), "shirt",
        dtype="U12"),
    )  # fmt: skip


def ring_normals(shirt: Piece, ring: np.ndarray) -> np.ndarray:
    """The unit normals (P, m, 3) of the shirt at the positions `ring` (m,), under every preset."""
    normals = np.zeros_like(shirt.preset_positions)
    for whole, positions in zip(normals, shirt.preset_positions, strict=False):
        a, b, c = (positions[shirt.faces[:, corner]] for corner in range(3))
        for corner in range(3):
            np.add.at(whole, shirt.faces[:, corner], np.cross(b - a, c - a))
    return unit(normals[:, ring])


def unit(vectors: np.ndarray) -> np.ndarray:
    """The `vectors` (..., 3) at length 1."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)


def paint_coordinates(piece: Piece, low: float, high: float) -> np.ndarray:
    """The uv (F, 3, 2) of a shirt part: seen from the front, heights mapped into [low, high]."""
    points = piece.preset_positions[0]
    tall = (points[:, 1] - points[:, 1].min()) / np.ptp(points[:, 1])
    return np.stack([np.clip(points[:, 0] / 0.6 + 0.5, 0, 1), low + (high - low) * tall], -1)[piece.faces]

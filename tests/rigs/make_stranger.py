"""A stranger: a character without face shapes, of a mesh and of proportions that are not ours, whose true shapes are known.

Its mesh lies in stranger.npz, which `python tests/rigs/make_stranger.py` writes. By construction: the default head's triangles become
vertices (the dual mesh: no vertex of ours is left, and none has its neighbours), two in three of them are collapsed away, and space
is bent, so that the stranger has a broad low skull, large eyes, a long nose, a small mouth and a heavy jaw, in centimetres, turned and
elsewhere. Where a shape moves a point p of the default head to q, it moves the stranger's from bent(p) to bent(q).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.transfer.landmarks import head_landmarks
from visavox.rigs.transfer.transfer import head_offsets

MESH = Path(__file__).with_name("stranger.npz")
KEPT = 1 / 3  # of the dual's vertices
SCALE, TURN = 100.0, Rotation.from_euler("xyz", [4, 25, -3], degrees=True).as_matrix()
SHIFT = np.array([12.0, 160.0, -8.0])
LEFT_OUT = ("lashes", "shirt")
SWELLS = (  # where, metres; how wide, metres; by how much larger there
    ((0.035, -0.002, 0.010), 0.026, 0.22),
    ((-0.035, -0.002, 0.010), 0.026, 0.22),
    ((0.0, -0.074, 0.025), 0.028, -0.18),
)
PUSHES = (  # where, how wide, which way: metres
    ((0.0, -0.040, 0.045), 0.020, (0.0, -0.003, 0.012)),
    ((0.0, -0.112, 0.018), 0.030, (0.0, -0.006, 0.007)),
    ((0.058, -0.072, -0.022), 0.035, (0.008, 0.0, 0.0)),
    ((-0.058, -0.072, -0.022), 0.035, (-0.008, 0.0, 0.0)),
)


@dataclass(frozen=True, eq=False)
class Stranger:
    """`points` (V, 3) in centimetres and `faces` (F, 3); `shapes` (52, V, 3), the truth; `landmarks` by name; `is_skin` (V,)."""

    points: np.ndarray
    faces: np.ndarray
    shapes: np.ndarray
    landmarks: dict[str, np.ndarray]
    is_skin: np.ndarray


def stranger(head: Head) -> Stranger:
    """The character with the mesh of the file."""
    with np.load(MESH) as mesh:
        faces, left, of = mesh["faces"].astype(int), mesh["left"].astype(int), int(mesh["of"])
    rest, offsets, chosen = np.float64(head.neutral()), head_offsets(head), _chosen(head)
    assert chosen.sum() == of, "the default head has other triangles than the file was made from: make it again"
    corners = head.position_index[head.faces[chosen]][left]
    origin, moved = rest[corners].mean(1), offsets[:, corners].mean(2)
    from_place = np.broadcast_to(origin, moved.shape).copy()
    from_place[SHAPES.index("mouthClose")] += moved[SHAPES.index("jawOpen")]  # it holds the lips of an open jaw together
    shapes = SCALE * (bent(from_place + moved) - bent(from_place)) @ TURN.T
    landmarks = {name: placed(bent(rest[number])) for name, number in head_landmarks(head).items()}
    is_skin = head.face_group[chosen][left] == head.groups.index("skin")
    return Stranger(placed(bent(origin)), faces, shapes, landmarks, is_skin)


def write_mesh(head: Head) -> None:
    """Makes the mesh of the file: the triangles, and which triangle of ours each vertex is the middle of."""
    corners = head.position_index[head.faces[_chosen(head)]]
    points = np.float64(head.neutral())[corners].mean(1)
    faces, left = collapsed(points, dual(corners), int(len(points) * KEPT))
    np.savez_compressed(MESH, faces=faces.astype(np.uint16), left=left.astype(np.uint16), of=np.int64(len(corners)))


def _chosen(head: Head) -> np.ndarray:
    return ~np.isin(head.face_group, [head.groups.index(name) for name in LEFT_OUT])


def bent(points: np.ndarray) -> np.ndarray:
    """Points (..., 3) of the default head's space in the stranger's proportions."""
    bending = points * (1.10, 0.90, 1.04)
    for middle, wide, larger in SWELLS:
        away = points - middle
        bending = bending + larger * away * _near(away, wide)
    for middle, wide, way in PUSHES:
        bending = bending + np.array(way) * _near(points - middle, wide)
    return bending


def placed(points: np.ndarray) -> np.ndarray:
    """The same in the stranger's units, direction and place."""
    return SCALE * points @ TURN.T + SHIFT


def dual(corners: np.ndarray) -> np.ndarray:
    """Triangles over the triangles `corners` (F, 3): those around each vertex become a fan. Vertices at a rim get none."""
    after = [{} for _ in range(corners.max() + 1)]
    for face, (a, b, c) in enumerate(corners.tolist()):
        for here, following, before in ((a, b, c), (b, c, a), (c, a, b)):
            after[here][following] = (before, face)
    fans = []
    for ring in after:
        start = next(iter(ring), None)
        around, place = [], start
        while place in ring and len(around) < len(ring):
            place, face = ring[place]
            around.append(face)
        if place == start and len(around) == len(ring) >= 3:
            fans += [(around[0], around[k], around[k + 1]) for k in range(1, len(around) - 1)]
    return np.array(fans)


def collapsed(points: np.ndarray, faces: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The triangles once edges shrank to an end until `count` vertices are left, numbered anew, and the vertices (n,) that are left.

    Edges are taken in random order, the shorter half of them first; one whose triangles would fold, or that would join rims, stays.
    """
    random = np.random.default_rng(7)
    around = [set() for _ in points]
    rows = [tuple(face) for face in faces.tolist()]
    for index, row in enumerate(rows):
        for corner in row:
            around[corner].add(index)
    alive = {corner for row in rows for corner in row}
    while len(alive) > count:
        before = len(alive)
        edges = np.array(sorted({tuple(sorted(pair)) for row in rows if row for pair in zip(row, (*row[1:], row[0]), strict=True)}))
        length = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
        short = random.permutation(np.argsort(length)[: len(edges) // 2])
        for first, second in edges[short].tolist():
            if len(alive) > count and first in alive and second in alive and _may_shrink(points, rows, around, first, second):
                _shrink(rows, around, first, second)
                alive.remove(second)
        if len(alive) == before:
            break
    left, again = np.unique([row for row in rows if row], return_inverse=True)
    return again.reshape(-1, 3), left


def _may_shrink(points: np.ndarray, rows: list, around: list[set], kept: int, gone: int) -> bool:
    shared = around[kept] & around[gone]
    neighbours = [{corner for face in around[end] for corner in rows[face]} for end in (kept, gone)]
    if len(shared) != 2 or len(neighbours[0] & neighbours[1]) != 4:
        return False
    for face in around[gone] - shared:
        row = rows[face]
        old, new = (_across(points[list(corners)]) for corners in (row, [kept if corner == gone else corner for corner in row]))
        if old @ new < 0.5 * np.linalg.norm(old) * np.linalg.norm(new) or np.linalg.norm(new) < 1e-8:
            return False
    return True


def _shrink(rows: list, around: list[set], kept: int, gone: int) -> None:
    for face in around[gone] & around[kept]:
        for corner in rows[face]:
            if corner != gone:
                around[corner].discard(face)
        rows[face] = None
    for face in [face for face in around[gone] if rows[face]]:
        rows[face] = tuple(kept if corner == gone else corner for corner in rows[face])
        around[kept].add(face)
    around[gone] = set()


def _across(corners: np.ndarray) -> np.ndarray:
    return np.cross(corners[1] - corners[0], corners[2] - corners[0])


def _near(away: np.ndarray, wide: float) -> np.ndarray:
    return np.exp(-((away**2).sum(-1, keepdims=True)) / (2 * wide**2))


if __name__ == "__main__":
    from visavox.io.assets import read_head_asset

    write_mesh(Head.from_asset(read_head_asset()))

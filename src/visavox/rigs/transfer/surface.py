"""`Surface`: a triangle mesh as something to measure: its nearest points, what hangs together, and ways along it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

CANDIDATES = 12  # triangles with the nearest middles, of which the nearest is taken
CHUNK = 20000  # points at a time
OPPOSITE = -0.5  # cosine: two vertices in one place are one, unless their surfaces face away from one another, as lips do


@dataclass(frozen=True, eq=False)
class Nearest:
    """For N points the nearest triangle `face` (N,), -1 where none fits; the corners' `weight` (N, 3); the `distance` (N,)."""

    face: np.ndarray
    weight: np.ndarray
    distance: np.ndarray


@dataclass(frozen=True, eq=False)
class Surface:
    """Positions `points` (V, 3) in metres and the triangles `faces` (F, 3) over them."""

    points: np.ndarray
    faces: np.ndarray

    @cached_property
    def face_normals(self) -> np.ndarray:
        """The unit normals (F, 3) of the triangles; zero for one without area."""
        across = self._across
        return across / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-20)

    @cached_property
    def normals(self) -> np.ndarray:
        """The unit normals (V, 3): the mean of the triangles around a vertex, weighted by their areas."""
        total = np.zeros_like(self.points)
        for corner in range(3):
            np.add.at(total, self.faces[:, corner], self._across)
        return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-20)

    @cached_property
    def edges(self) -> sparse.csr_matrix:
        """The lengths of the edges as a symmetric matrix (V, V)."""
        first, second = np.concatenate([self.faces[:, [0, 1]], self.faces[:, [1, 2]], self.faces[:, [2, 0]]]).T
        pairs = np.unique(np.sort(np.stack([first, second]), axis=0), axis=1)
        length = np.maximum(np.linalg.norm(self.points[pairs[0]] - self.points[pairs[1]], axis=1), 1e-12)
        one_way = sparse.csr_matrix((length, (pairs[0], pairs[1])), shape=(len(self.points),) * 2)
        return one_way + one_way.T

    @cached_property
    def pieces(self) -> np.ndarray:
        """The number (V,) of the piece that each vertex belongs to; pieces do not touch."""
        return connected_components(self.edges, directed=False)[1]

    def along(self, vertex: int) -> np.ndarray:
        """The lengths (V,) in metres of the shortest ways along edges from `vertex`; infinity to another piece."""
        return dijkstra(self.edges, indices=vertex)

    def nearest(self, points: np.ndarray, normals: np.ndarray | None = None, facing: float = -2.0, among: np.ndarray | None = None):
        """The `Nearest` of `points` (N, 3) among the triangles `among` (all when None) whose normals make an angle with the
        points' `normals` (N, 3) of a cosine above `facing`.
        """
        among = np.arange(len(self.faces)) if among is None else among
        found = Nearest(np.full(len(points), -1), np.zeros((len(points), 3)), np.full(len(points), np.inf))
        if not len(among):
            return found
        corners, tree = self._searched if len(among) == len(self.faces) else _searchable(self.points, self.faces[among])
        count = min(CANDIDATES, len(among))
        for start in range(0, len(points), CHUNK):
            part = slice(start, start + CHUNK)
            _, near = tree.query(points[part], k=count)
            near = near.reshape(-1, count)
            weight = closest_weights(points[part], corners[near])
            place = np.einsum("nkc,nkcx->nkx", weight, corners[near])
            distance = np.linalg.norm(place - points[part, None], axis=2)
            if normals is not None:
                alike = np.einsum("nkx,nx->nk", self.face_normals[among[near]], normals[part])
                distance = np.where(alike > facing, distance, np.inf)
            best = distance.argmin(1)
            rows = np.arange(len(best))
            found.distance[part] = distance[rows, best]
            found.weight[part] = weight[rows, best]
            found.face[part] = np.where(np.isfinite(distance[rows, best]), among[near[rows, best]], -1)
        return found

    def at(self, nearest: Nearest, values: np.ndarray) -> np.ndarray:
        """The values (N, ...) at `nearest` of what the vertices have, `values` (V, ...); zero where nothing was near."""
        corners = self.faces[np.maximum(nearest.face, 0)]
        weight = nearest.weight * (nearest.face >= 0)[:, None]
        return sum(weight[:, corner].reshape(-1, *[1] * (values.ndim - 1)) * values[corners[:, corner]] for corner in range(3))

    @cached_property
    def _searched(self) -> tuple[np.ndarray, cKDTree]:
        return _searchable(self.points, self.faces)

    @cached_property
    def _across(self) -> np.ndarray:
        corners = self.points[self.faces]
        return np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])


def _searchable(points: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, cKDTree]:
    """The corners (F, 3, 3) of triangles and the tree of their middles."""
    corners = points[faces]
    return corners, cKDTree((corners[:, 0] + corners[:, 1] + corners[:, 2]) / 3)


def closest_weights(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """The weights (N, K, 3) of the corners whose mean is the point of each triangle `corners` (N, K, 3, 3) nearest to `points` (N, 3)."""
    first, second = corners[:, :, 1] - corners[:, :, 0], corners[:, :, 2] - corners[:, :, 0]
    toward = points[:, None] - corners[:, :, 0]
    aa, ab, bb = ((x * y).sum(-1) for x, y in ((first, first), (first, second), (second, second)))
    ap, bp = (first * toward).sum(-1), (second * toward).sum(-1)
    area = np.maximum(aa * bb - ab * ab, 1e-30)
    v, w = (bb * ap - ab * bp) / area, (aa * bp - ab * ap) / area
    best = np.stack([1 - v - w, v, w], axis=-1)
    outside = (best < 0).any(-1)
    nearest = np.where(outside, np.inf, 0.0)
    for start, end in ((0, 1), (1, 2), (2, 0)):
        edge = corners[:, :, end] - corners[:, :, start]
        from_start = points[:, None] - corners[:, :, start]
        share = np.clip((edge * from_start).sum(-1) / np.maximum((edge * edge).sum(-1), 1e-30), 0, 1)
        off = ((from_start - share[..., None] * edge) ** 2).sum(-1)
        nearer = off < nearest
        nearest = np.where(nearer, off, nearest)
        here = np.zeros_like(best)
        here[..., start], here[..., end] = 1 - share, share
        best = np.where(nearer[..., None], here, best)
    return best


def welded(points: np.ndarray, faces: np.ndarray) -> tuple[Surface, np.ndarray]:
    """The surface with vertices of one place made one, and the vertex (V,) of it that each of `points` (V, 3) became.

    Files hold a vertex once for each of its places in a picture. Lips that touch stay apart: they face one another.
    """
    fine = max(float(np.ptp(points, axis=0).max()), 1e-12) * 1e-7
    _, place = np.unique(np.rint(points / fine).astype(np.int64), axis=0, return_inverse=True)
    place = place.reshape(-1)
    normals = Surface(points, faces).normals
    leader = np.full(place.max() + 1, -1)
    leader[place[::-1]] = np.arange(len(points))[::-1]
    away = (normals * normals[leader[place]]).sum(1) < OPPOSITE
    _, vertex = np.unique(place * 2 + away, return_inverse=True)
    vertex = vertex.reshape(-1)
    joined = np.zeros((vertex.max() + 1, 3))
    joined[vertex] = points
    corners = vertex[faces]
    whole = (corners[:, 0] != corners[:, 1]) & (corners[:, 1] != corners[:, 2]) & (corners[:, 2] != corners[:, 0])
    return Surface(joined, corners[whole]), vertex

"""Plane and mesh arithmetic that the parts of a portrait share: polygons, curves, Laplacians."""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu


def nearest_on(curve: np.ndarray, points: np.ndarray, closed: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """The nearest places (n, 2) of `points` (n, 2) on the polyline `curve` (m, 2), and their distances (n,)."""
    along = (np.roll(curve, -1, 0) if closed else curve[1:]) - (curve if closed else curve[:-1])
    x, y = np.ascontiguousarray(points.T, float)
    places, nearest = np.zeros((2, len(points))), np.full(len(points), np.inf)
    for (left, top), (across, down) in zip(curve, along, strict=False):
        share = np.clip(((x - left) * across + (y - top) * down) / max(across * across + down * down, 1e-9), 0, 1)
        there = left + across * share, top + down * share
        away = np.square(there[0] - x) + np.square(there[1] - y)
        nearer = away < nearest
        np.copyto(nearest, away, where=nearer)
        np.copyto(places, there, where=nearer)
    return places.T, np.sqrt(nearest)


def depth_inside(polygon: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The distance (n,) of `points` (n, 2) from the edge of `polygon` (m, 2): positive inside, negative outside."""
    _, away = nearest_on(polygon, points)
    x, y = np.ascontiguousarray(points.T, float)
    within = np.zeros(len(points), bool)
    for (left, top), (right, bottom) in zip(polygon, np.roll(polygon, -1, 0), strict=True):
        if top != bottom:
            within ^= ((top > y) != (bottom > y)) & (x < left + (y - top) / (bottom - top) * (right - left))
    return np.where(within, away, -away)


def height_along(curve: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The height of the `curve` (m, 2), taken as a function of its first coordinate, at `x`."""
    order = np.argsort(curve[:, 0], kind="stable")
    return np.interp(x, curve[order, 0], curve[order, 1])


def grid_triangles(columns: int, rows: int) -> np.ndarray:
    """The triangles (n, 3) of a grid of points that are numbered row by row."""
    index = np.arange(columns * rows).reshape(rows, columns)
    a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:]))
    return np.concatenate([np.c_[a, c, b], np.c_[c, d, b]])


def laplacian(edges: np.ndarray, weights: np.ndarray, count: int) -> sparse.csr_matrix:
    """The Laplacian (count, count) of a graph of `edges` (e, 2) with `weights` (e,)."""
    half = sparse.coo_matrix((weights, (edges[:, 0], edges[:, 1])), shape=(count, count))
    both = (half + half.T).tocsr()
    return (sparse.diags(np.asarray(both.sum(1)).ravel()) - both).tocsr()


def spread(matrix: sparse.csr_matrix, fixed: np.ndarray, values: np.ndarray, anchor: float = 0.0) -> np.ndarray:
    """The `values` (n,) or (n, k) with those that are not `fixed` (n,) replaced by the smoothest continuation of the fixed ones.

    `matrix` is a Laplacian; `anchor` pulls every free value to zero.
    """
    free = ~fixed
    rows = (matrix + anchor * sparse.eye(matrix.shape[0])).tocsr()[free]
    out = values.astype(float)
    out[free] = splu(rows[:, free].tocsc()).solve(np.ascontiguousarray(-(rows[:, fixed] @ values[fixed])))
    return out


def vertex_normals(positions: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """The unit normals (n, 3) of `positions` (n, 3), each triangle counting the same; zero where no triangle is."""
    a, b, c = (positions[triangles[:, corner]] for corner in range(3))
    facing = np.cross(b - a, c - a)
    facing /= np.maximum(np.linalg.norm(facing, axis=1), 1e-12)[:, None]
    normals = np.stack([np.bincount(triangles.ravel(), np.repeat(facing[:, k], 3), len(positions)) for k in range(3)], 1)
    return normals / np.maximum(np.linalg.norm(normals, axis=1), 1e-9)[:, None]

"""Selects the parts of the base mesh that the head keeps, and subdivides them once (Catmull-Clark).

Subdivision is linear in the positions, so it is kept as one sparse matrix: applied to the base positions of any preset,
and to the offsets of any shape, it gives the head's positions and offsets.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from tools.bake_head.source import BaseMesh

LOWEST = 4.0  # decimetres in the base mesh: the cut through the chest, out of frame
WIDEST = 2.45


@dataclass
class Part:
    """A piece of the head: `subdivide` (n, N) maps base positions to its own; quads index its own positions and uv.

    Its first positions are those of the base mesh, whose numbers are `base_ids` (m,), ascending; the rest lie between
    them.
    """

    name: str
    subdivide: sparse.csr_matrix
    quads: np.ndarray
    uv: np.ndarray
    uv_quads: np.ndarray
    base_ids: np.ndarray

    def own(self, base_id: int) -> int:
        """The piece's own number of the base mesh's position `base_id`."""
        position = int(np.searchsorted(self.base_ids, base_id))
        if self.base_ids[position] != base_id:
            raise SystemExit(f"base position {base_id} is not in the part {self.name!r}; widen the crop in tools/bake_head/mesh.py")
        return position


def catmull_clark(quads: np.ndarray, count: int, smooth: bool = True) -> tuple[sparse.csr_matrix, np.ndarray]:
    """One subdivision of a quad mesh: the matrix (n2, count) and the new quads (4 Q, 4).

    `smooth` false gives plain midpoint subdivision (for uv). Boundaries follow the cubic B-spline rule.
    Source: Catmull and Clark 1978.
    """
    faces = len(quads)
    edges = np.sort(np.stack([quads, np.roll(quads, -1, 1)], -1).reshape(-1, 2), 1)
    unique, edge_of = np.unique(edges, axis=0, return_inverse=True)
    edge_of, number = edge_of.reshape(faces, 4), len(unique)
    uses = np.bincount(edge_of.ravel(), minlength=number)

    def table(values, rows, columns, shape):
        return sparse.csr_matrix((values, (rows, columns)), shape=shape)

    face_rows, edge_rows = np.repeat(np.arange(faces), 4), np.repeat(np.arange(number), 2)
    centre = table(np.full(faces * 4, 0.25), face_rows, quads.ravel(), (faces, count))
    middle = table(np.full(number * 2, 0.5), edge_rows, unique.ravel(), (number, count))
    edge_point, vertex_point = middle, sparse.identity(count, format="csr")
    if smooth:
        edge_face = table(np.ones(faces * 4), edge_of.ravel(), face_rows, (number, faces))
        inner = (uses == 2).astype(float)
        average = middle + sparse.diags(1 / np.maximum(uses, 1)) @ edge_face @ centre
        edge_point = sparse.diags(inner * 0.5) @ average + sparse.diags(1 - inner) @ middle
        vertex_face = table(np.ones(faces * 4), quads.ravel(), face_rows, (count, faces))
        vertex_edge = table(np.ones(number * 2), unique.ravel(), edge_rows, (count, number))
        valence = np.maximum(np.asarray(vertex_edge.sum(1)).ravel(), 1)
        around = np.maximum(np.asarray(vertex_face.sum(1)).ravel(), 1)
        border_edge = (uses == 1).astype(float)
        border = (vertex_edge @ border_edge) > 0
        inside = sparse.diags(1 / (around * valence)) @ vertex_face @ centre
        inside = inside + sparse.diags(2 / valence**2) @ vertex_edge @ middle + sparse.diags((valence - 3) / valence)
        rim = sparse.diags(np.where(border, 0.25, 0.0)) @ vertex_edge @ sparse.diags(border_edge) @ middle
        rim = rim + sparse.diags(np.full(count, 0.5))
        vertex_point = sparse.diags((~border).astype(float)) @ inside + sparse.diags(border.astype(float)) @ rim
    matrix = sparse.vstack([vertex_point, edge_point, centre]).tocsr()
    edge_id, face_id = count + edge_of, count + number + np.arange(faces)
    corner = [np.stack([quads[:, i], edge_id[:, i], face_id, edge_id[:, i - 1]], 1) for i in range(4)]
    return matrix, np.stack(corner, 1).reshape(-1, 4)


def select(base: BaseMesh, name: str, groups: tuple[str, ...], crop: bool = False) -> Part:
    """The once-subdivided part made of the base groups `groups`, cropped to head and shoulders when `crop`."""
    quads = np.concatenate([base.quads[group] for group in groups])
    uv_quads = np.concatenate([base.uv_quads[group] for group in groups])
    if crop:
        corners = base.positions[quads]
        keep = (corners[..., 1].min(1) > LOWEST) & (np.abs(corners[..., 0]).max(1) < WIDEST)
        quads, uv_quads = quads[keep], uv_quads[keep]
    used, local = np.unique(quads, return_inverse=True)
    uv_used, uv_local = np.unique(uv_quads, return_inverse=True)
    matrix, fine = catmull_clark(local.reshape(quads.shape), len(used))
    uv_matrix, uv_fine = catmull_clark(uv_local.reshape(quads.shape), len(uv_used), smooth=False)
    pick = sparse.csr_matrix((np.ones(len(used)), (np.arange(len(used)), used)), shape=(len(used), len(base.positions)))
    return Part(name, (matrix @ pick).tocsr(), fine, uv_matrix @ base.uv[uv_used], uv_fine, used)


def triangles(quads: np.ndarray) -> np.ndarray:
    """The quads (Q, 4) cut into triangles (2 Q, 3), winding kept."""
    return np.stack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]], 1).reshape(-1, 3)

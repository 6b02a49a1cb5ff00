"""Rays from the front onto a head: which part is seen first at a place of the picture."""

import numpy as np


def first_seen(head, positions: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The group index (N,) first hit by a ray along -Z through each (x, y) of `places` (N, 2), -1 where nothing is hit.

    `positions` (V, 3) in metres; only faces turned to the front count, as in a picture.
    """
    found = np.full(len(places), -1)
    low, high = places.min(0), places.max(0)
    corners = positions[head.position_index[head.faces]]
    inside = (corners[..., :2].max(1) >= low).all(1) & (corners[..., :2].min(1) <= high).all(1)
    a, b, c = corners[inside].transpose(1, 0, 2).astype(float)
    groups = head.face_group[inside]
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (c[:, 0] - a[:, 0]) * (b[:, 1] - a[:, 1])
    front = area > 1e-14
    a, b, c, groups, area = a[front], b[front], c[front], groups[front], area[front]
    for index, (x, y) in enumerate(places):
        near = np.flatnonzero(
            (np.minimum(np.minimum(a[:, 0], b[:, 0]), c[:, 0]) <= x) & (np.maximum(np.maximum(a[:, 0], b[:, 0]), c[:,
            0]) >= x) & (np.minimum(np.minimum(a[:, 1], b[:, 1]), c[:, 1]) <= y) & (np.maximum(np.maximum(a[:, 1],
            b[:, 1]), c[:, 1]) >= y)
        )  # fmt: skip
        p, q, r, whole = a[near], b[near], c[near], area[near]
        u = ((q[:, 0] - x) * (r[:, 1] - y) - (r[:, 0] - x) * (q[:, 1] - y)) / whole
        v = ((r[:, 0] - x) * (p[:, 1] - y) - (p[:, 0] - x) * (r[:, 1] - y)) / whole
        hit = (u >= 0) & (v >= 0) & (u + v <= 1)
        if hit.any():
            depth = u * p[:, 2] + v * q[:, 2] + (1 - u - v) * r[:, 2]
            found[index] = groups[near[hit][np.argmax(depth[hit])]]
    return found


def window(centre: np.ndarray, width: float, height: float, columns: int, rows: int) -> np.ndarray:
    """The places (columns * rows, 2) of a grid in metres about `centre` (x, y, ...), a little off any symmetry line."""
    x = centre[0] + np.linspace(-width / 2, width / 2, columns) + 1.3e-5
    y = centre[1] + np.linspace(-height / 2, height / 2, rows) + 0.7e-5
    return np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)

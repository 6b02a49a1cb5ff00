"""How much of its surroundings, and of the key light, each position of the resting head sees: depth maps from many directions."""

import numpy as np

from visavox.render.camera import Screen
from visavox.render.raster import Cover, cover_triangles

DIRECTIONS = 256  # over the whole sphere
LAMP = 48  # points of the key light
LAMP_RADIUS = 0.42  # of the key light as seen from the face, tangent of its half angle
SIZE, SPAN = 640, 0.56  # pixels and metres of a depth map
TOLERANCE = 0.0022  # metres


def spread(count: int) -> np.ndarray:
    """`count` directions (n, 3) evenly over the sphere: a Fibonacci spiral."""
    index = np.arange(count) + 0.5
    height, turn = 1 - 2 * index / count, np.pi * (1 + 5**0.5) * index
    flat = np.sqrt(1 - height**2)
    return np.stack([flat * np.cos(turn), height, flat * np.sin(turn)], 1)


def seen(positions: np.ndarray, faces: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Whether each of `positions` (V, 3) is free of `faces` towards `direction` (3,), as 0 to 1."""
    forward = direction / np.linalg.norm(direction)
    right = np.cross((0, 1, 0) if abs(forward[1]) < 0.95 else (1, 0, 0), forward)
    right /= np.linalg.norm(right)
    up = np.cross(forward, right)
    middle = np.array([0, -0.03, -0.06])
    scale = SIZE / SPAN
    x, y = ((positions - middle) @ right) * scale + SIZE / 2, SIZE / 2 - ((positions - middle) @ up) * scale
    depth = 1 - (positions - middle) @ forward
    cover = Cover.empty(SIZE)
    cover_triangles(Screen(*(np.float32(v) for v in (x, y, depth))), faces, cover, 0)
    cover_triangles(Screen(*(np.float32(v) for v in (x, y, depth))), np.ascontiguousarray(faces[:, ::-1]), cover, 0)
    column, row = (np.clip(v.astype(int), 0, SIZE - 1) for v in (x, y))
    return (depth < cover.depth[row, column] + TOLERANCE).astype(float)


def open_share(positions: np.ndarray, normals: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """The share (V,) of its surroundings that each position (V, 3) sees, weighted by the cosine."""
    free, whole = np.zeros(len(positions)), np.full(len(positions), 1e-9)
    for direction in spread(DIRECTIONS):
        facing = np.clip(normals @ direction, 0, None)
        free += facing * seen(positions, faces, direction)
        whole += facing
    return free / whole


def lit_share(positions: np.ndarray, faces: np.ndarray, key: np.ndarray) -> np.ndarray:
    """The share (V,) of a key light towards `key` (3,) that each position (V, 3) sees."""
    side = np.cross((0, 1, 0), key)
    side /= np.linalg.norm(side)
    lit = np.zeros(len(positions))
    index = np.arange(LAMP) + 0.5
    radius, turn = LAMP_RADIUS * np.sqrt(index / LAMP), np.pi * (1 + 5**0.5) * index
    for distance, angle in zip(radius, turn, strict=True):
        lit += seen(positions, faces, key + distance * (np.cos(angle) * side + np.sin(angle) * np.cross(key, side)))
    return lit / LAMP


def smoothed(values: np.ndarray, faces: np.ndarray, rounds: int) -> np.ndarray:
    """`values` (V,) averaged with their neighbours along the edges of `faces`, `rounds` times."""
    ends = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    count = np.bincount(ends.ravel(), minlength=len(values)) + 1
    for _ in range(rounds):
        total = values.copy()
        np.add.at(total, ends[:, 0], values[ends[:, 1]])
        np.add.at(total, ends[:, 1], values[ends[:, 0]])
        values = total / count
    return values

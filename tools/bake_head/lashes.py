"""Paint coordinates of the eyelashes: each row is a grid of quads, so a place on it is (root to tip, inner to outer
corner).
"""

from collections import deque

import numpy as np
from tools.bake_head.loops import Loops


def grid_coordinates(quads: np.ndarray, positions: np.ndarray, eye_centre: np.ndarray) -> np.ndarray:
    """The coordinates (n, 2) in [0, 1] of a row of lashes: 0 at the root and 1 at the tip; 0 at the nose and 1 at the
    temple.

    `quads` (Q, 4) make one rectangular grid over `positions` (n, 3).
    """
    loops = Loops(quads)
    faces = np.bincount(quads.ravel(), minlength=len(positions))
    corners = np.flatnonzero(faces == 1)
    rim = {a: [b for b in loops.neighbours[a] if len(loops.faces_of[frozenset((a, b))]) == 1] for a in loops.neighbours}
    sides = [side(rim, int(corner), first, set(corners.tolist())) for corner in corners for first in rim[int(corner)]]
    longest, shortest = max(map(len, sides)), min(map(len, sides))
    root = min((s for s in sides if len(s) == longest), key=lambda s: np.linalg.norm(positions[s] - eye_centre, axis=1).mean())
    nose = min((s for s in sides if len(s) == shortest), key=lambda s: np.abs(positions[s, 0]).mean())
    steps = np.stack([distances(loops, root), distances(loops, nose)], 1).astype(float)
    return steps / steps.max(0)


def side(rim: dict, corner: int, first: int, corners: set) -> list[int]:
    """The positions along the rim from `corner` by way of `first` to the next corner."""
    path = [corner, first]
    while path[-1] not in corners:
        path.append(next(n for n in rim[path[-1]] if n != path[-2]))
    return path


def distances(loops: Loops, start: list[int]) -> np.ndarray:
    """The number of edges (n,) from every position to the nearest of `start`."""
    found, waiting = {position: 0 for position in start}, deque(start)
    while waiting:
        position = waiting.popleft()
        for near in loops.neighbours[position]:
            if near not in found:
                found[near] = found[position] + 1
                waiting.append(near)
    return np.array([found[position] for position in sorted(found)])

"""Walks edge loops of a quad mesh: the rings around the mouth and around each eye."""

from collections import defaultdict

import numpy as np


class Loops:
    """The edge structure of a quad mesh; `walk` follows a ring straight through its regular (four-edged) positions."""

    def __init__(self, quads: np.ndarray):
        self.faces_of, self.neighbours = defaultdict(set), defaultdict(set)
        for face, corners in enumerate(quads.tolist()):
            for a, b in zip(corners, corners[1:] + corners[:1], strict=False):
                self.faces_of[frozenset((a, b))].add(face)
                self.neighbours[a].add(b)
                self.neighbours[b].add(a)

    def straight(self, a: int, b: int) -> int | None:
        """The position after `b` when coming from `a` straight on, None where the mesh is irregular."""
        if len(self.neighbours[b]) != 4:
            return None
        behind = self.faces_of[frozenset((a, b))]
        ahead = [n for n in self.neighbours[b] if n != a and not behind & self.faces_of[frozenset((b, n))]]
        return ahead[0] if len(ahead) == 1 else None

    def walk(self, start: int, towards: int) -> list[int]:
        """The ring from `start` through its neighbour `towards` back to `start`; empty when it does not close."""
        path = [start, towards]
        while len(path) < 400:
            following = self.straight(path[-2], path[-1])
            if following is None:
                return []
            if following == start:
                return path
            path.append(following)
        return []


def fill(quads: np.ndarray, fence: np.ndarray, seed: int) -> np.ndarray:
    """Which quads (Q,) are reached from those at position `seed` without crossing the ring of positions `fence`."""
    around = defaultdict(list)
    for face, corners in enumerate(quads.tolist()):
        for corner in corners:
            around[corner].append(face)
    wall = set(int(position) for position in fence)
    reached, waiting, seen = np.zeros(len(quads), bool), [seed], {seed}
    while waiting:
        position = waiting.pop()
        for face in around[position]:
            reached[face] = True
            fresh = [int(c) for c in quads[face] if c not in seen and c not in wall]
            seen.update(fresh)
            waiting.extend(fresh)
    return reached

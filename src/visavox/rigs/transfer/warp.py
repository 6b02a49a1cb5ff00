"""`Warp`: space bent so that the default head's face lies on a user's face.

First a similarity, then the smoothest bending of space that carries the landmarks over. Then again with points of the face drawn to the
nearest surface that faces alike.
All in the default head's metres; the user's face is brought to its size and place by the similarity.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from visavox.errors import RigError
from visavox.rigs.heads.default_head import Head
from visavox.rigs.retargeting.correspondence import similarity
from visavox.rigs.transfer.landmarks import head_landmarks
from visavox.rigs.transfer.spline import Spline
from visavox.rigs.transfer.surface import Surface

REACH = (0.020, 0.012, 0.008, 0.008)  # metres within which a point is drawn to the surface, round by round
FACING = 0.6  # cosine between the two surfaces there
SPACING = 0.0065  # metres between the points that are drawn
RIM = 0.005  # metres around the lips' line and the lids' edges, where the nearest surface may be the wrong one
FACE_MOVES = 0.0005  # metres: what some shape moves further than this belongs to the face
SOFT = 2e-4  # metres: how far the bending may leave such a point, so that it stays smooth
WORST = 0.45  # of the distance between the eyes: a landmark further from where the others expect it is a mistake


@dataclass(frozen=True, eq=False)
class Warp:
    """The bending `bend` of the head's space, and the similarity to the user's: a place there is scale * rotation @ p + shift."""

    bend: Spline
    scale: float
    rotation: np.ndarray
    shift: np.ndarray
    stray: float  # metres at the head's size between the similarity alone and the landmarks, in the middle

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Where points (N, 3) of the default head come to lie."""
        return points + self.bend(points)

    def brought(self, points: np.ndarray) -> np.ndarray:
        """Places (N, 3) of the user's space in the head's."""
        return (points - self.shift) @ self.rotation / self.scale

    def sent(self, offsets: np.ndarray) -> np.ndarray:
        """Displacements (..., 3) of the head's space in the user's."""
        return self.scale * offsets @ self.rotation.T


def warp_by_landmarks(head: Head, landmarks: dict[str, np.ndarray]) -> Warp:
    """The warp that carries the head's landmarks to `landmarks`; a RigError names one that lies where the others cannot have it."""
    rest = np.float64(head.neutral())
    numbers = head_landmarks(head)
    ours = rest[[numbers[name] for name in landmarks]]
    theirs = np.stack(list(landmarks.values()))
    scale, rotation, shift = similarity(ours, theirs)
    brought = (theirs - shift) @ rotation / max(scale, 1e-12)
    stray = np.linalg.norm(brought - ours, axis=1)
    eyes = np.linalg.norm(rest[numbers["eye_outer_left"]] - rest[numbers["eye_outer_right"]])
    if not scale > 0 or stray.max() > WORST * eyes:
        worst = list(landmarks)[int(stray.argmax())]
        far = f"{stray.max() * 1000:.0f} mm (at the size of an adult) from where the other landmarks expect it"
        raise RigError(f"the landmark {worst} lies {far}; correct it, and check that left and right are the face's own")
    return Warp(_spline(ours, brought - ours), scale, rotation, shift, float(np.median(stray)))


def drawn_to(warp: Warp, head: Head, landmarks: dict[str, np.ndarray], target: Surface) -> Warp:
    """`warp`, with the face drawn onto the surface `target`, which lies in the head's space."""
    rest = np.float64(head.neutral())
    numbers = head_landmarks(head)
    ours = rest[[numbers[name] for name in landmarks]]
    fixed = warp.brought(np.stack(list(landmarks.values()))) - ours
    skin = _skin(head, rest)
    chosen = _drawn_points(head, rest, skin, ours)
    edges = skin.faces[np.isin(skin.faces, chosen).any(1)]
    near_face = _in_reach(target, warp(rest[chosen]))
    for reach in REACH:
        laid = warp(rest)
        normals = Surface(laid, edges).normals[chosen]
        found = target.nearest(laid[chosen], normals, FACING, near_face)
        good = found.distance < reach
        places = target.at(found, target.points)[good]
        sources = np.concatenate([ours, rest[chosen[good]]])
        moves = np.concatenate([fixed, places - rest[chosen[good]]])
        soft = np.concatenate([np.full(len(ours), SOFT / 4), np.full(int(good.sum()), SOFT)])
        warp = Warp(_spline(sources, moves, soft), warp.scale, warp.rotation, warp.shift, warp.stray)
    return warp


def moving_points(head: Head) -> np.ndarray:
    """The positions (n,) of the skin that some shape moves visibly."""
    skin = np.unique(head.position_index[head.faces[head.face_group == head.groups.index("skin")]])
    return skin[np.linalg.norm(head.shapes[:, skin], axis=2).max(0) > FACE_MOVES]


def _spline(places: np.ndarray, moves: np.ndarray, soft: np.ndarray | float = 0.0) -> Spline:
    _, kept = np.unique(np.rint(places * 1e6), axis=0, return_index=True)
    return Spline.through(places[kept], moves[kept], soft if np.isscalar(soft) else soft[kept])


def _skin(head: Head, rest: np.ndarray) -> Surface:
    return Surface(rest, head.position_index[head.faces[head.face_group == head.groups.index("skin")]])


def _drawn_points(head: Head, rest: np.ndarray, skin: Surface, landmarks: np.ndarray) -> np.ndarray:
    """Points of the face, about SPACING apart, away from landmarks, from the lips' line and the lids' edges."""
    face = moving_points(head)
    counted = np.sort(np.concatenate([skin.faces[:, [0, 1]], skin.faces[:, [1, 2]], skin.faces[:, [2, 0]]]), axis=1)
    pairs, uses = np.unique(counted, axis=0, return_counts=True)
    rims = np.unique(pairs[uses == 1])  # where the skin ends: the lids' edges, and the lips behind the line where they meet
    away, _ = cKDTree(rest[rims]).query(rest[face])
    lips = rest[head.lip_points[:4]]
    line = np.linspace(0, 1, 25)[:, None]
    mouth = np.concatenate([lips[2] + line * (lips[:2].mean(0) - lips[2]), lips[3] + line * (lips[:2].mean(0) - lips[3])])
    from_mouth, _ = cKDTree(mouth).query(rest[face])
    from_marks, _ = cKDTree(landmarks).query(rest[face])
    face = face[(away > RIM) & (from_mouth > RIM) & (from_marks > SPACING / 2)]
    _, first = np.unique(np.floor(rest[face] / SPACING).astype(int), axis=0, return_index=True)
    return face[first]


def _in_reach(target: Surface, points: np.ndarray) -> np.ndarray:
    """The triangles of `target` near the cloud `points`; the body below is left out."""
    low, high = points.min(0) - 2 * REACH[0], points.max(0) + 2 * REACH[0]
    middle = target.points[target.faces].mean(1)
    return np.flatnonzero(((middle > low) & (middle < high)).all(1))

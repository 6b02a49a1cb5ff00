"""Which point of one head belongs to which of another: given by the user, or found by laying the faces over one another.

Shapes: N points, V vertices. Positions in metres, Y up, +Z forward, for both heads.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.spatial import cKDTree

from visavox.errors import OptionError, RigError
from visavox.rig import Rig

ROUNDS = 30
NEAR = 0.006  # metres that laid-over surfaces may be apart where points are paired
FACING = 0.6  # cosine between the surfaces there
REACH = 1.15  # of the eyes' distance: the face around the point between eyes and mouth
FEWEST = 12


class Face(Protocol):
    """What carrying motion over asks of a head; `family` is the name of its rigs in a file of pairs."""

    rig: Rig
    family: str
    skin_faces: np.ndarray  # (F, 3) over the vertices that `neutral` gives

    def neutral(self) -> np.ndarray:
        """The vertices (V, 3) at rest."""

    def vertices(self, values: np.ndarray) -> np.ndarray:
        """The vertices (T, V, 3) of every frame of `values` (T, C)."""

    def eye_centres(self) -> np.ndarray:
        """The centres (2, 3) of the left and the right eye at rest."""

    def tangent(self, points: np.ndarray) -> np.ndarray:
        """The displacement (C, N, 3) of `points` a unit of each channel, at rest."""


@dataclass(frozen=True, eq=False)
class Correspondence:
    """Pairs of points: `source` (N,) and `target` (N,) vertex numbers, `weight` (N,), and the similarity between the heads.

    A displacement d of the source is `scale * rotation @ d` at the target.
    """

    source: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    scale: float
    rotation: np.ndarray

    def reversed(self) -> "Correspondence":
        """The same pairs from target to source."""
        return Correspondence(self.target, self.source, self.weight, 1 / self.scale, self.rotation.T)


def given_pairs(source: Face, target: Face, pairs: tuple[np.ndarray, np.ndarray], weight: np.ndarray | None = None) -> Correspondence:
    """The correspondence of vertex numbers that a user supplies, (N,) of the source and (N,) of the target, weights 1 unless given.

    Raises a RigError when the numbers do not fit the heads.
    """
    numbers = [np.asarray(part).astype(np.int64).ravel() for part in pairs]
    weight = np.ones(len(numbers[0])) if weight is None else np.asarray(weight, float).ravel()
    if not len(numbers[0]) == len(numbers[1]) == len(weight):
        raise RigError(f"{len(numbers[0])} source and {len(numbers[1])} target points with {len(weight)} weights; give as many of each")
    if len(weight) < FEWEST or weight.min() < 0 or weight.sum() <= 0:
        raise RigError(f"{len(weight)} pairs with weights from {weight.min(initial=0):g} are too few; give {FEWEST} or more, none negative")
    for part, face, side in zip(numbers, (source, target), ("source", "target"), strict=True):
        count = len(face.neutral())
        if part.min() < 0 or part.max() >= count:
            reach = f"{part.min()} to {part.max()}, that head has {count} vertices"
            raise RigError(f"{side} points reach from {reach}; check which head is which")
    scale, rotation, _ = similarity(source.neutral()[numbers[0]], target.neutral()[numbers[1]])
    return Correspondence(numbers[0], numbers[1], weight, scale, rotation)


def found_pairs(source: Face, target: Face) -> Correspondence:
    """Pairs found by laying the source's face over the target's: eyes on eyes first, then nearest points with surfaces that face alike.

    Right for faces of similar proportions at rest; where it matters, supply pairs. A RigError when the faces do not meet.
    """
    first, second = _surface(source), _surface(target)
    ours, theirs = source.eye_centres(), target.eye_centres()
    scale = float(np.linalg.norm(theirs[0] - theirs[1]) / np.linalg.norm(ours[0] - ours[1]))
    rotation, shift = np.eye(3), theirs.mean(0) - scale * ours.mean(0)
    inside = _face_points(first, ours)
    tree = cKDTree(second.points[second.used])
    for _ in range(ROUNDS):
        laid = scale * first.points[inside] @ rotation.T + shift
        away, nearest = tree.query(laid)
        matched = second.used[nearest]
        alike = ((first.normals[inside] @ rotation.T) * second.normals[matched]).sum(1) > FACING
        good = alike & (away < max(NEAR, float(np.median(away))))
        if good.sum() < FEWEST:
            raise RigError("the two heads do not lie over one another at rest; supply pairs of points with --pairs")
        scale, rotation, shift = similarity(first.points[inside][good], second.points[matched][good])
    good &= away < NEAR
    if good.sum() < FEWEST:
        meet = f"only {int(good.sum())} points of the two faces meet within {NEAR * 1000:g} mm"
        raise RigError(f"{meet}; supply pairs of points with --pairs")
    return Correspondence(inside[good], matched[good], np.ones(int(good.sum())), scale, rotation)


def read_pairs(arrays: dict[str, np.ndarray], source: Face, target: Face) -> Correspondence:
    """The correspondence of a user's file: `flame` (N,) and `arkit` (N,) vertex numbers, `weight` (N,) if it has them."""
    if "flame" not in arrays or "arkit" not in arrays:
        raise OptionError(f"the pairs hold {', '.join(arrays) or 'nothing'}; give a .npz with flame (N,) and arkit (N,) vertex numbers")
    sides = [arrays[face.family] for face in (source, target)]
    return given_pairs(source, target, (sides[0], sides[1]), arrays.get("weight"))


def similarity(source: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """The scale, rotation (3, 3) and shift (3,) that lay points (N, 3) over others with the least square error (Umeyama 1991)."""
    middle, other = source.mean(0), target.mean(0)
    left, values, right = np.linalg.svd((target - other).T @ (source - middle) / len(source))
    sign = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    rotation = (left * sign) @ right
    scale = float((values * sign).sum() / ((source - middle) ** 2).sum(1).mean())
    return scale, rotation, other - scale * rotation @ middle


@dataclass(frozen=True, eq=False)
class _Surface:
    points: np.ndarray
    normals: np.ndarray
    used: np.ndarray


def _surface(face: Face) -> _Surface:
    """A head's skin at rest: all vertices with their normals, and which of them belong to the skin."""
    points, faces = face.neutral().astype(float), face.skin_faces
    corners = points[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(points)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], across)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return _Surface(points, normals / np.maximum(length, 1e-12), np.unique(faces))


def _face_points(surface: _Surface, eyes: np.ndarray) -> np.ndarray:
    """The skin in front, around a point a little under the eyes."""
    apart = np.linalg.norm(eyes[0] - eyes[1])
    middle = eyes.mean(0) - np.array([0.0, 0.6 * apart, 0.0])
    away = np.linalg.norm((surface.points - middle)[:, :2], axis=1)
    chosen = surface.used
    return chosen[(away[chosen] < REACH * apart) & (surface.points[chosen, 2] > middle[2] - 0.5 * apart)]

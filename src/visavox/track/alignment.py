"""Where a head is and how it is turned, from its points, and the points as they would be if it looked straight ahead.

The axes are those of the default head: X the face's own left (right in a picture), Y up, Z out of the face.
"""

from typing import NamedTuple

import numpy as np

from visavox.track.landmarks import EYE_CORNERS

# Points that expressions hardly move: forehead, temples, bridge and sides of the nose, corners of the eyes.
STILL = (
    10, 109, 338, 67, 297, 103, 332, 54, 284, 21, 251, 162, 389, 127, 356, 234, 454, 168, 6, 197, 195, 5, 4, 1, 33, 133, 362, 263, 98, 327,
    2, 94, 19, 151, 9, 8, 122, 351, 245, 465, 193, 417,
)  # fmt: skip


class Pose(NamedTuple):
    """A head in a picture: its rotation (3, 3), head's axes to the picture's; `middle` (3,) and `unit` in pixels. They are those of the
    canonical face's origin, and of one of its units, which is the distance of the outer eye corners."""

    rotation: np.ndarray
    middle: np.ndarray
    unit: float


def upright(points: np.ndarray) -> np.ndarray:
    """Points (478, 3) of a picture in the head's axes: y up, z towards the viewer."""
    return points.astype(float) * (1, -1, -1)


def aligned(points: np.ndarray, canonical: np.ndarray) -> tuple[np.ndarray, Pose]:
    """The points (478, 3) of a picture turned, moved and scaled upon the `canonical` face (478, 3), and the pose that was undone.

    The still points decide. Source: Umeyama 1991, with scale.
    """
    seen, model = upright(points), canonical
    still = list(STILL)
    middle, origin = seen[still].mean(0), model[still].mean(0)
    left, sizes, right = np.linalg.svd((model[still] - origin).T @ (seen[still] - middle))
    flip = np.array([1, 1, np.sign(np.linalg.det(left @ right))])
    rotation = (right.T * flip) @ left.T  # canonical to picture
    unit = float((sizes * flip).sum() / ((model[still] - origin) ** 2).sum())
    straight = (seen - middle) @ rotation / unit + origin
    return straight, Pose(rotation, middle - unit * rotation @ origin, unit)


def eye_distance(points: np.ndarray) -> float:
    """The distance of the outer eye corners in the units of `points` (478, 3)."""
    return float(np.linalg.norm(points[EYE_CORNERS[0]] - points[EYE_CORNERS[1]]))

"""The 478 points of MediaPipe's face landmarker by what they lie on; left and right are the face's own. The one home of their numbers."""

import numpy as np

POINTS, SKIN_POINTS = 478, 468  # the last ten are the irises
# The inner edges of the lips, from the right corner to the left one.
UPPER_LIP = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER_LIP = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
OUTER_LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
OUTER_UPPER, OUTER_LOWER = OUTER_LIPS[:11], (*OUTER_LIPS[10:], OUTER_LIPS[0])  # both from corner to corner
# Round each eye: outer corner, along the lower lid to the inner corner (item 8), back along the upper lid. Left first.
EYES = (
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
)
INNER_CORNER = 8  # position within an eye of `EYES`
IRISES = (tuple(range(473, 478)), tuple(range(468, 473)))  # the middle, then four points round it
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
BROWS = ((276, 283, 282, 295, 285), (46, 53, 52, 65, 55))  # their lower edges, left first, both from the outer end to the inner one
UNDER_EYES = ((450, 451, 449, 348), (230, 231, 229, 119))  # plain skin below the lower lids
PLAIN_SKIN = (50, 280, 101, 330, 205, 425, 151, 9)  # cheeks and forehead
ABOVE_BROWS = (151, 9, 107, 336, 66, 296)  # what no mask covers
FOREHEAD, CHIN, NOSE_BRIDGE = 10, 152, 168
LIP_MIDDLES = (13, 14)
EYE_CORNERS = (263, 33)  # the outer ones


def eye_distance(points: np.ndarray) -> float:
    """The distance of the outer corners of the eyes in `points` (478, 2), in their unit."""
    return float(np.linalg.norm(points[EYE_CORNERS[0]] - points[EYE_CORNERS[1]]))


def lids(eye: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The points of the upper and the lower lid of eye 0 (left) or 1, both from the outer corner to the inner one."""
    around = EYES[eye]
    return (around[0], *around[:INNER_CORNER:-1], around[INNER_CORNER]), around[: INNER_CORNER + 1]

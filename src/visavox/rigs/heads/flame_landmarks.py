"""Where a FLAME head's lips and lids are, found from its joints and skin weights, because its landmark files are its users' to get.

Good to a few millimetres: what drawing needs to tell an open mouth from a closed one, not what a measure of lips needs.
"""

import numpy as np

MIDLINE = 0.005  # metres either side
MOUTH_CORNER, EYE_CORNER = 0.40, 0.24  # of the distance between the eyes, sideways from the middle and from an eye
LID_HEIGHT, LID_FRONT = 0.09, 0.20


def lips_and_lids(vertices: np.ndarray, eyes: np.ndarray, jaw_weight: np.ndarray, skin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vertex numbers: the lips (6,) as `Head.lip_points` orders them, and the lids (2, 2), upper and lower of the left eye, then the right.

    vertices (V, 3) at rest in metres; eyes (2, 3), left first; jaw_weight (V,); skin (V,) bool, which are not of an eyeball.
    """
    apart = float(np.linalg.norm(eyes[0] - eyes[1]))
    numbers = np.flatnonzero(skin)

    def nearest(place) -> int:
        return int(numbers[((vertices[numbers] - place) ** 2).sum(1).argmin()])

    middle = numbers[(np.abs(vertices[numbers, 0]) < MIDLINE) & (vertices[numbers, 2] > eyes[:, 2].mean())]
    below = middle[vertices[middle, 1] < eyes[:, 1].mean() - 0.5 * apart]
    falling = below[np.argsort(-vertices[below, 1])] if len(below) > 1 else numbers[:2]
    step = int(np.diff(jaw_weight[falling]).argmax())  # where, from the nose down, the skin begins to follow the jaw
    upper, lower = int(falling[step]), int(falling[step + 1])
    lips = vertices[[upper, lower]].mean(0)
    corners = [nearest(lips + np.array([side * MOUTH_CORNER * apart, 0, -0.01])) for side in (1, -1)]
    outer = [nearest(eye + np.array([side * EYE_CORNER * apart, 0, 0])) for side, eye in zip((1, -1), eyes, strict=True)]
    lids = [[nearest(eye + np.array([0, up * LID_HEIGHT * apart, LID_FRONT * apart])) for up in (1, -1)] for eye in eyes]
    return np.array([upper, lower, *corners, *outer]), np.array(lids)

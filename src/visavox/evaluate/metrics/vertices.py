"""The field's vertex metrics on the default head, in millimetres: LVE, FDD, MOD. Pure functions on positions in metres.

Published numbers of these metrics do not compare across papers: squared and plain distances, other heads and other
lip regions are all in use. Here: plain distances in mm on Visavox's default head at its neutral identity, the head
itself held still.
"""

import numpy as np

from visavox.motion import Motion

MILLIMETRES = 1000.0


def lip_vertex_error(generated: np.ndarray, true: np.ndarray) -> float:
    """LVE in mm: the largest distance over the lip vertices of each frame, averaged over frames (MeshTalk, Richard et
    al. 2021).

    `generated` and `true` are lip positions (T, V, 3) in metres.
    """
    return float(np.linalg.norm(generated - true, axis=-1).max(1).mean() * MILLIMETRES)


def squared_lip_vertex_error(generated: np.ndarray, true: np.ndarray) -> float:
    """LVE in m^2: the largest squared distance of each frame, averaged over frames, as torchmetrics and CodeTalker
    define it.
    """
    return float(((generated - true).astype(float) ** 2).sum(-1).max(1).mean())


def upper_face_dynamics(generated: np.ndarray, true: np.ndarray, neutral: np.ndarray) -> float:
    """FDD in mm, signed: the standard deviation over time of each vertex's distance from neutral, averaged over the
    vertices, the true minus the generated (CodeTalker, Xing et al. 2023, there with squared distances). Positive: too
    still.

    `generated`, `true` (T, V, 3) and `neutral` (V, 3) are positions of the upper face in metres; the T may differ.
    """
    return float((_dynamics(true, neutral) - _dynamics(generated, neutral)) * MILLIMETRES)


def squared_upper_face_dynamics(generated: np.ndarray, true: np.ndarray, neutral: np.ndarray) -> float:
    """FDD in m^2, signed, as `upper_face_dynamics` but of squared distances: the form of CodeTalker's own script."""
    return float(_dynamics(true, neutral, 2) - _dynamics(generated, neutral, 2))


def mouth_opening_difference(generated: np.ndarray, true: np.ndarray) -> float:
    """MOD in mm: the mean difference, without sign, of the lips' height (largest minus smallest y over the lip
    vertices).

    Named by DiffPoseTalk (Sun et al. 2024), which gives no formula; this is the usual reconstruction.
    """
    return float(np.abs(_height(generated) - _height(true)).mean() * MILLIMETRES)


def still_positions(head, motion: Motion, positions: np.ndarray) -> np.ndarray:
    """The positions (T, len(positions), 3) in metres of some vertices of a `Head` under the blend shapes of a motion
    alone.
    """
    weights = head.shape_weights(motion.values)
    shapes = head.shapes[:, positions].reshape(len(head.shapes), -1)
    return head.neutral()[positions] + (weights @ shapes).reshape(motion.frames, len(positions), 3)


def lip_positions(head) -> np.ndarray:
    """Which positions of a `Head` are its lips: skin in front, in the ellipse around the mouth that the lip corners
    span.
    """
    neutral, (upper, lower, left, right) = head.neutral(), head.lip_points[:4]
    centre = (neutral[upper] + neutral[lower]) / 2
    half_width = np.abs(neutral[left, 0] - neutral[right, 0]) / 2
    away = (neutral - centre)[:, :2] / np.array([1.1 * half_width, 0.55 * half_width])
    inside = ((away**2).sum(1) < 1) & (neutral[:, 2] > neutral[left, 2] - 0.003)
    return np.flatnonzero(inside & _of_group(head, "skin"))


def upper_face_positions(head) -> np.ndarray:
    """Which positions of a `Head` are its upper face: skin in front, from the cheekbones (10 mm under the eye
    corners) upwards.
    """
    neutral, eye = head.neutral(), head.neutral()[head.lip_points[4]]
    inside = (neutral[:, 1] > eye[1] - 0.01) & (neutral[:, 2] > eye[2] - 0.02)
    return np.flatnonzero(inside & _of_group(head, "skin"))


def _of_group(head, group: str) -> np.ndarray:
    used = np.zeros(head.preset_positions.shape[1], bool)
    used[head.position_index[head.faces[head.face_group == head.groups.index(group)]]] = True
    return used


def _dynamics(positions: np.ndarray, neutral: np.ndarray, power: int = 1) -> float:
    return (np.linalg.norm(positions - neutral, axis=-1) ** power).std(0).mean()


def _height(positions: np.ndarray) -> np.ndarray:
    return positions[..., 1].max(1) - positions[..., 1].min(1)

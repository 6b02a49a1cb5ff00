"""The default head fitted to the landmarks of a photo: camera, identity and expression, and what they leave as a smooth bending.

Pose by robust least squares, shape by a bounded ridge, in turn. The landmarks that slide over the skin count little (see
`Correspondence.trust`). All widths in pixels are for a picture of 512; `unit` is how much larger this one is.
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import RBFInterpolator
from scipy.optimize import least_squares, lsq_linear

from visavox.easing import smooth_step
from visavox.portrait.correspondence import Correspondence
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import SKIN_POINTS
from visavox.render.photo_camera import DISTANCE, PhotoCamera
from visavox.rigs.heads.default_head import Head

ROUNDS = 6
NOISE, OUTLIER = 1.2, 4.0  # pixels: of a landmark, and from which it counts less for the pose
PRESET, SHAPE, MOST = 0.5, 0.45, 1.5  # deviations of the weights of presets and identity shapes, and their bound
EXPRESSION, BY_HAND, WIDEST = 0.25, 0.02, 1.2  # deviation of an expression's weight about its score, without scores, and its bound
BELIEVED, HALF_BELIEVED = 0.8, 0.4  # how much of a score is expected, and of those that are often too high
DOUBTED = ("eyeWide", "eyeSquint", "mouthPress", "mouthShrug", "mouthRoll")
MOVING = ("jaw", "mouth", "eyeBlink", "eyeWide", "eyeSquint", "brow", "cheekSquint")  # shapes that a photo may hold
NOT_FITTED = ("jawForward", "mouthClose", "mouthDimpleLeft", "mouthDimpleRight")
USED = 0.05  # trust from which a landmark bends space
STIFF, STIFF_BY_HAND = 2e-4, 1e-6
MIDDLE, NEAR, FAR = np.array([0, -0.03, 0.02]), 0.10, 0.16  # metres: the bending fades between these distances of the face's middle


@dataclass(frozen=True, eq=False)
class Fitted:
    """The head of V positions as the photo shows it: `identity` (V, 3) its own neutral face, `expression` (52,) the weights of its
    shapes, `posed` (V, 3) both together before the bending; `error` in pixels is what the fit leaves, root mean square; and
    `bend` moves positions (n, 3) by (n, 2) pixels onto the photo.
    """

    camera: PhotoCamera
    identity: np.ndarray
    expression: np.ndarray
    posed: np.ndarray
    error: float
    bend: RBFInterpolator

    def bent(self, vertices: np.ndarray) -> np.ndarray:
        """All positions (V, 3) with `vertices` moved parallel to the picture, so that they project onto the photo."""
        near = smooth_step(1 - (np.linalg.norm(self.posed[vertices] - MIDDLE, axis=1) - NEAR) / (FAR - NEAR))
        shown = self.posed.copy()
        shown[vertices] += self.camera.lift(self.bend(self.posed[vertices]) * near[:, None], self.posed[vertices])
        return shown


@dataclass(frozen=True, eq=False)
class _Basis:
    """What may change at the landmarks (P): directions (N, P, 3), their deviations, expected weights and bounds (N,)."""

    mean: np.ndarray
    directions: np.ndarray
    deviation: np.ndarray
    expected: np.ndarray
    low: np.ndarray
    high: np.ndarray


def fit(head: Head, correspondence: Correspondence, landmarks: Landmarks, unit: float) -> Fitted:
    """The fit of `head` to the `landmarks` of a photo."""
    goal, trust = landmarks.points[:SKIN_POINTS], correspondence.trust()
    shapes = expression_shapes(head)
    basis = _basis(head, correspondence, landmarks, shapes)
    weights = basis.expected.copy()
    at = basis.mean + np.tensordot(weights, basis.directions, 1)
    span = np.ptp(goal[:, 0]) / np.ptp(basis.mean[:, 0])
    pose = np.r_[0, 0, 0, np.log(span * DISTANCE), goal.mean(0)]
    for _ in range(ROUNDS):
        pose = _pose(pose, at, goal, trust, unit)
        weights = _weights(PhotoCamera.of(pose), at, weights, basis, (goal, trust / (NOISE * unit)))
        at = basis.mean + np.tensordot(weights, basis.directions, 1)
    camera = PhotoCamera.of(pose)
    left = goal - camera.project(at)[:, :2]
    identities = len(weights) - len(shapes)
    identity, expression = _whole(head, weights[:identities], weights[identities:], shapes)
    posed = identity + np.tensordot(expression, head.shapes, 1)
    used = trust > USED
    bend = RBFInterpolator(at[used], left[used], kernel="linear", degree=0, smoothing=STIFF_BY_HAND if landmarks.by_hand else STIFF)
    return Fitted(camera, identity, expression, posed, float(np.sqrt((left**2).sum(1).mean())), bend)


def expression_shapes(head: Head) -> list[int]:
    """The positions in `head.shape_names` of what is fitted: what a face in a photo may do."""
    return [at for at, name in enumerate(head.shape_names) if name.startswith(MOVING) and name not in NOT_FITTED]


def _basis(head: Head, correspondence: Correspondence, landmarks: Landmarks, shapes: list[int]) -> _Basis:
    points = range(SKIN_POINTS)
    mean = correspondence.at(head.preset_positions[0].astype(float), points)
    presets = correspondence.at(head.preset_positions[1:].astype(float), points) - mean
    identity = correspondence.at(head.identity_shapes.astype(float), points)
    expression = correspondence.at(head.shapes[shapes].astype(float), points)
    expected = np.array([_expected(head.shape_names[shape], landmarks) for shape in shapes])
    faces, moves = len(presets) + len(identity), len(shapes)
    deviation = np.r_[np.full(len(presets), PRESET), np.full(len(identity), SHAPE), np.full(moves, _freedom(landmarks))]
    return _Basis(
        mean, np.concatenate([presets, identity, expression]), deviation, np.r_[np.zeros(faces), expected],
        np.r_[np.full(faces, -MOST), np.zeros(moves)], np.r_[np.full(faces, MOST), np.full(moves, WIDEST)],
    )  # fmt: skip


def _freedom(landmarks: Landmarks) -> float:
    return EXPRESSION if landmarks.scores else BY_HAND


def _expected(name: str, landmarks: Landmarks) -> float:
    return BELIEVED * landmarks.scores.get(name, 0.0) * (HALF_BELIEVED if name.startswith(DOUBTED) else 1)


def _pose(pose: np.ndarray, at: np.ndarray, goal: np.ndarray, trust: np.ndarray, unit: float) -> np.ndarray:
    def missed(parameters):
        return ((PhotoCamera.of(parameters).project(at)[:, :2] - goal) * trust[:, None]).ravel()

    scale = np.r_[0.1, 0.1, 0.1, 0.05, 10 * unit, 10 * unit]
    return least_squares(missed, pose, loss="soft_l1", f_scale=OUTLIER * unit, x_scale=scale).x


def _weights(camera: PhotoCamera, at: np.ndarray, weights: np.ndarray, basis: _Basis, aim: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """One Gauss-Newton step of the weights: the ridge that explains the goal within the bounds."""
    goal, precision = aim
    seen = camera.seen(at)
    scale = camera.focal / (DISTANCE - seen[:, 2])
    moved = basis.directions @ camera.turn.T
    nearer = scale * scale / camera.focal * moved[..., 2]
    slopes = np.stack([scale * moved[..., 0] + nearer * seen[:, 0], -(scale * moved[..., 1] + nearer * seen[:, 1])], -1)
    target = goal - camera.project(at)[:, :2] + np.tensordot(weights, slopes, 1)
    rows = (slopes * precision[None, :, None]).reshape(len(slopes), -1).T
    system = np.vstack([rows, np.diag(1 / basis.deviation)])
    right = np.r_[(target * precision[:, None]).ravel(), basis.expected / basis.deviation]
    short = np.linalg.qr(np.c_[system, right], "r")  # as many rows as columns: the same minimum, found sooner
    return lsq_linear(short[:, :-1], short[:, -1], (basis.low, basis.high), method="trf", tol=1e-6, max_iter=60).x


def _whole(head: Head, faces: np.ndarray, moves: np.ndarray, shapes: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """The identity (V, 3) and the expression (52,) of the fitted weights."""
    mean = head.preset_positions[0].astype(float)
    presets = len(head.preset_positions) - 1
    identity = mean + np.tensordot(faces[:presets], head.preset_positions[1:] - mean, 1)
    identity += np.tensordot(faces[presets:], head.identity_shapes, 1)
    expression = np.zeros(len(head.shape_names))
    expression[shapes] = moves
    return identity, expression

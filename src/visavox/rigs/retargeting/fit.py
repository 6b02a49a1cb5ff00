"""Fitting one head's motion to another's: per frame, the channel values within their ranges whose vertices come nearest.

Shapes: T frames, C channels, N points, V vertices. `fit_motion` carries the displacement of each source point from its rest to the
target point that belongs to it, at the target's scale; heads turn by the same rotation. What the target cannot show stays as residual.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.errors import RigError
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.rigs.arkit import HEAD
from visavox.rigs.flame import HEAD_ROTATION
from visavox.rigs.retargeting.correspondence import Correspondence, Face

RIDGE = 1e-3  # of the mean square a channel moves: small enough to leave a fit, large enough to keep unseen channels at rest
VISIBLE = 1e-4  # metres that a channel at 1 must move some point by to be fitted
ROUNDS, SWEEPS, CHUNK = 4, 200, 100
MILLIMETRES = 1000.0


@dataclass(frozen=True, eq=False)
class Fitted:
    """The motion on the target's rig; `residual` (T,) in mm, the root mean square over the points; names of channels that could not
    be fitted because no point follows them."""

    motion: Motion
    residual: np.ndarray
    unseen: tuple[str, ...]


def fit_motion(motion: Motion, source: Face, target: Face, pairs: Correspondence) -> Fitted:
    """`motion`, which moves `source`, as motion of `target`. A RigError when the motion is not of the source's rig."""
    if motion.rig != source.rig:
        rigs = f"{motion.rig.name!r}, the head it should move of {source.rig.name!r}"
        raise RigError(f"the motion is of rig {rigs}; give the motion's own head")
    fitter = _Fitter(target, pairs)
    still = motion.values.copy()
    still[:, motion.rig.indices([name for name in HEAD + HEAD_ROTATION if name in motion.rig])] = 0
    rest = source.neutral()[pairs.source]
    values, residual = [], []
    for start in range(0, motion.frames, CHUNK):
        moved = source.vertices(still[start : start + CHUNK])[:, pairs.source] - rest
        made, left = fitter.fit((moved @ pairs.rotation.T) * pairs.scale)
        values.append(made)
        residual.append(left)
    whole = replace(motion, values=np.concatenate(values), rig=target.rig)
    turned = with_head_rotation(whole, head_rotation(motion))
    return Fitted(turned, np.concatenate(residual) * MILLIMETRES, fitter.unseen)


def fit_displacements(moved: np.ndarray, target: Face, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The values (T, C) of the target's rig that move its vertices `points` (N,) by `moved` (T, N, 3) metres, the head unturned, and the
    residual (T,) in mm."""
    fitter = _Fitter(target, Correspondence(points, points, np.ones(len(points)), 1.0, np.eye(3)))
    parts = [fitter.fit(moved[start : start + CHUNK]) for start in range(0, len(moved), CHUNK)]
    return np.concatenate([values for values, _ in parts]), np.concatenate([left for _, left in parts]) * MILLIMETRES


def head_rotation(motion: Motion) -> Rotation:
    """The head's T rotations, from yaw, pitch and roll (ARKit) or a rotation vector (FLAME); none for a rig without."""
    if all(name in motion.rig for name in HEAD):
        pitch, yaw, roll = (motion.channel(name) for name in HEAD)
        return Rotation.from_euler("YXZ", np.stack([yaw, pitch, -roll], 1))
    if all(name in motion.rig for name in HEAD_ROTATION):
        return Rotation.from_rotvec(motion.select(HEAD_ROTATION))
    return Rotation.identity(motion.frames)


def with_head_rotation(motion: Motion, turn: Rotation) -> Motion:
    """The motion with its head turned by `turn`, if its rig turns the head at all."""
    if all(name in motion.rig for name in HEAD):
        yaw, pitch, roll = turn.as_euler("YXZ").T
        return motion.with_channels(dict(zip(HEAD, (pitch, yaw, -roll), strict=True)))
    if all(name in motion.rig for name in HEAD_ROTATION):
        return motion.with_channels(dict(zip(HEAD_ROTATION, turn.as_rotvec().T, strict=True)))
    return motion


class _Fitter:
    """The target's tangent at rest, as normal equations, and the ranges of its channels."""

    def __init__(self, target: Face, pairs: Correspondence):
        self.target, self.points = target, pairs.target
        self.weight = np.repeat(pairs.weight / pairs.weight.sum(), 3)
        self.rest = target.neutral()[self.points]
        rig = target.rig
        tangent = target.tangent(self.points)
        names = [n for n in rig.names if n not in HEAD + HEAD_ROTATION and rig.channels[rig.index(n)].kind != "gaze"]
        seen = [n for n in names if np.abs(tangent[rig.index(n)]).max() > VISIBLE]
        self.unseen = tuple(name for name in names if name not in seen)
        self.fitted = rig.indices(seen)
        self.tangent = tangent[self.fitted].reshape(len(seen), -1)
        self.low = np.array([rig.channels[place].low for place in self.fitted])[:, None]
        self.high = np.array([rig.channels[place].high for place in self.fitted])[:, None]
        gram = (self.tangent * self.weight) @ self.tangent.T
        self.gram = gram + RIDGE * np.diag(gram).mean() * np.eye(len(seen)) * _unit(rig, self.fitted)

    def fit(self, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Values (T, C) and residuals (T,) in metres for displacements (T, N, 3). Each round corrects the tangent's answer by what the
        real head then shows; the best round of a frame counts."""
        frames = len(wanted)
        best, least = np.zeros((frames, len(self.target.rig)), np.float32), np.full(frames, np.inf)
        chosen = np.zeros((len(self.fitted), frames))
        aim = wanted.reshape(frames, -1)
        for _ in range(ROUNDS):
            chosen = bounded_least_squares(self.gram, (self.tangent * self.weight) @ aim.T, (self.low, self.high), chosen)
            values = np.zeros_like(best)
            values[:, self.fitted] = chosen.T
            shown = (self.target.vertices(values)[:, self.points] - self.rest).reshape(frames, -1)
            left = np.sqrt(((shown - wanted.reshape(frames, -1)) ** 2 * self.weight).sum(1))
            better = left < least
            best[better], least[better] = values[better], left[better]
            aim = wanted.reshape(frames, -1) - shown + chosen.T @ self.tangent
        return best, least


def bounded_least_squares(gram: np.ndarray, right: np.ndarray, limits: tuple[np.ndarray, np.ndarray], start: np.ndarray) -> np.ndarray:
    """The x (C, T) inside `limits` (C, 1) that minimise x' gram x / 2 - right' x for each column, by cyclic descent from `start`.

    gram (C, C) is positive definite, so that every sweep lowers the sum and the minimum is the only place where none does.
    """
    low, high = limits
    found = np.clip(start, low, high)
    for _ in range(SWEEPS):
        moved = 0.0
        for row in range(len(gram)):
            free = found[row] + (right[row] - gram[row] @ found) / gram[row, row]
            new = np.clip(free, low[row], high[row])
            moved = max(moved, float(np.abs(new - found[row]).max(initial=0)))
            found[row] = new
        if moved < 1e-6:
            break
    return found


def _unit(rig: Rig, channels: list[int]) -> np.ndarray:
    """How much a channel's size matters for the ridge: 1, but for coefficients, which run to several units, less."""
    return np.diag([0.05 if rig.channels[place].unit == "coefficient" else 1.0 for place in channels])

"""DiffPoseTalk's losses as pure functions of one window's prediction, and the terms that a recipe weighs.

Shapes: B batch, F frames (the window's W, and the P of context before them in a second window), C channels, V vertices. Prediction
and target are normalised; vertices are in metres with the head held still. Means are over the valid frames of the whole batch.
Source: Sun et al. 2024, "DiffPoseTalk", and its released code's definitions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor, nn

from visavox.models.normalizer import Normalizer
from visavox.rig import Rig
from visavox.rigs.flame import EXPRESSION, HEAD_ROTATION, JAW_ROTATION
from visavox.rigs.heads.flame_skinning import FlameSkinning
from visavox.train.terms import LossTerm

EDGE = 3  # frames on either side of the border between context and window that the transition loss looks at


@dataclass(frozen=True)
class ValidFrames:
    """Which frames exist: `own` (B, F) of the samples at hand, `whole` (N, F) of the batch that they are a share of; 1 or 0."""

    own: Tensor
    whole: Tensor

    def mean(self, values: Tensor) -> Tensor:
        """The share's part of the mean over all valid frames of `values` (B, F - d, ...), where d frames went into differences.

        A difference is valid when the latest frame in it is.
        """
        lost = self.own.shape[1] - values.shape[1]
        per_frame = values.flatten(2).mean(2) if values.ndim > 2 else values
        count = self.whole[:, lost:].sum().clamp(min=1)
        return (per_frame * self.own[:, lost:]).sum() / count

    def between(self, start: int, end: int) -> "ValidFrames":
        """Those of the frames from `start` to before `end`."""
        return ValidFrames(self.own[:, start:end], self.whole[:, start:end])


class Geometry(nn.Module):
    """Vertices (B, F, V, 3) in metres of normalised motion (B, F, C) on a FLAME head, the head held still.

    Jaw channels that the rig lacks rest at what `rest` says in rad, as published at their mean in the training data, else at 0.
    """

    def __init__(self, skinning: FlameSkinning, normalizer: Normalizer, rig: Rig, rest: Mapping[str, float] | None = None):
        super().__init__()
        self.skinning, self.normalizer = skinning, normalizer
        self.expression = rig.indices(EXPRESSION)
        self.jaw = [(rig.index(name) if name in rig else None, (rest or {}).get(name, 0.0)) for name in JAW_ROTATION]

    def forward(self, motion: Tensor, identity: Tensor) -> Tensor:
        """`identity` (B, 100) is in FLAME's own coefficients, not normalised."""
        with torch.autocast(motion.device.type, enabled=False):
            values = self.normalizer.restore(motion.float())
            still = values[..., 0]
            jaw = torch.stack([torch.full_like(still, rest) if at is None else values[..., at] for at, rest in self.jaw], -1)
            return self.skinning(identity.float()[:, None], values[..., self.expression], jaw)


@dataclass(frozen=True, eq=False)
class WindowResult:
    """What the losses look at: prediction and target (B, F, C) normalised, valid frames, identity (B, 100), head channels, geometry.

    `context` is how many of the F frames are context: 0 in a first window, P in a second.
    """

    prediction: Tensor
    target: Tensor
    valid: ValidFrames
    identity: Tensor
    head: list[int]
    context: int
    geometry: Geometry

    @cached_property
    def vertices(self) -> Tensor:
        """The predicted vertices (B, F, V, 3)."""
        return self.geometry(self.prediction, self.identity)

    @cached_property
    def true_vertices(self) -> Tensor:
        """The target's vertices (B, F, V, 3)."""
        with torch.no_grad():
            return self.geometry(self.target, self.identity)


def simple(window: WindowResult) -> Tensor:
    """Mean squared error of the normalised channels."""
    return window.valid.mean((window.prediction - window.target).square())


def vertex(window: WindowResult) -> Tensor:
    """Mean squared error of the vertices' coordinates, m^2."""
    return window.valid.mean((window.vertices - window.true_vertices).square())


def vertex_velocity(window: WindowResult) -> Tensor:
    """Mean squared error of the vertices' first differences, m^2 a frame squared."""
    return window.valid.mean((window.vertices.diff(dim=1) - window.true_vertices.diff(dim=1)).square())


def vertex_smoothness(window: WindowResult) -> Tensor:
    """Mean square of the predicted vertices' second differences."""
    return window.valid.mean(window.vertices.diff(n=2, dim=1).square())


def head_angle(window: WindowResult) -> Tensor:
    """Mean squared error of the normalised head rotation."""
    return window.valid.mean(_head_error(window).square())


def head_velocity(window: WindowResult) -> Tensor:
    """Mean squared error of its first differences."""
    return window.valid.mean(_head_error(window).diff(dim=1).square())


def head_smoothness(window: WindowResult) -> Tensor:
    """Mean square of the predicted head rotation's second differences."""
    return window.valid.mean(window.prediction[..., window.head].diff(n=2, dim=1).square())


def head_transition(window: WindowResult) -> Tensor:
    """How the predicted head goes on from the true context: mean square of the two accelerations over the border, and of the three jerks.

    Of the last 3 true and the first 3 predicted frames: velocities 0 to 4, of which 1 to 3 touch the border. Acceleration and jerk k
    count where predicted frame k exists, so that a window which ends after one or two frames is seen too.
    """
    edge = window.context
    true, made = window.target[:, edge - EDGE : edge, window.head], window.prediction[:, edge : edge + EDGE, window.head]
    velocity = torch.cat([true, made], dim=1).diff(dim=1)
    turns, jerks = velocity[:, 1:4].diff(dim=1).square(), velocity.diff(n=2, dim=1).square()
    exists = window.valid.between(edge, edge + EDGE)
    return exists.between(0, 2).mean(turns) + exists.mean(jerks)


def _head_error(window: WindowResult) -> Tensor:
    return (window.prediction - window.target)[..., window.head]


def head_channels(rig: Rig) -> list[int]:
    """Where the rig has the head's rotation; empty when its head stays still."""
    return rig.indices([name for name in HEAD_ROTATION if name in rig])


def weigh(terms: list[LossTerm[WindowResult]], windows: list[WindowResult]) -> dict[str, Tensor]:
    """The weighted losses by name over adjacent windows: their mean, except for terms between windows, which are the second's alone."""
    losses = {}
    for term in terms:
        if term.between:
            losses[term.name] = term.weight * sum(term.function(window) for window in windows if window.context)
        else:
            losses[term.name] = term.weight * sum(term.function(window) for window in windows) / len(windows)
    return losses

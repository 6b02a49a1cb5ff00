"""The losses of the default denoiser as pure functions of its predicted windows, and the terms that a recipe weighs.

Shapes: B batch, F frames (context and window), C channels. Prediction and target are normalised; lips are measured in mm on the default
head. Means are over the frames that exist; a difference of frames exists where all frames in it do.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from visavox.models.normalizer import Normalizer
from visavox.rig import Rig
from visavox.rigs.arkit import HEAD, MOUTH
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import LOWER, MOUTH_LEFT, MOUTH_RIGHT, UPPER, lip_maps

METRES_TO_MM = 1000.0
NEARLY_SHUT, SHUT_REACH = 2.0, 2.0  # a gap that should be shut counts three times; the surplus falls to 1/e at a gap of 2 mm


class LipGeometry:
    """The default head's lips as linear maps from rig values: `vertices` (C, R) whose squared norm is the mean squared distance of the
    lip vertices in mm^2; `gap` (C,), the opening at the midline; `width` (C,), between the corners, in mm."""

    def __init__(self, head: Head, radius: float = 0.035):
        rest = head.neutral()
        middle = rest[head.lip_points[:2]].mean(0)
        near = np.linalg.norm(rest - middle, axis=1) < radius
        deltas = np.zeros((len(head.rig), int(near.sum()), 3), np.float32)
        for name, shape in zip(head.shape_names, head.shapes, strict=True):
            if name in head.rig:
                deltas[head.rig.index(name)] = shape[near] * METRES_TO_MM
        flat = deltas.reshape(len(head.rig), -1) / np.sqrt(near.sum())
        values, vectors = np.linalg.eigh(flat @ flat.T)
        self.vertices = torch.from_numpy((vectors * np.sqrt(np.maximum(values, 0))).astype(np.float32))
        _, maps = lip_maps(head)
        self.gap, self.width = torch.zeros(len(head.rig)), torch.zeros(len(head.rig))
        for name, points in zip(head.shape_names, maps * METRES_TO_MM, strict=True):
            if name in head.rig:
                channel = head.rig.index(name)
                self.gap[channel] = float(points[UPPER, 1] - points[LOWER, 1])
                self.width[channel] = float(points[MOUTH_LEFT, 0] - points[MOUTH_RIGHT, 0])

    def to(self, device: torch.device) -> "LipGeometry":
        """This geometry, whose tensors are on `device` from now on."""
        self.vertices, self.gap, self.width = (each.to(device) for each in (self.vertices, self.gap, self.width))
        return self


@dataclass(frozen=True, eq=False)
class FaceResult:
    """What the losses look at: prediction and target (B, F, C) normalised, `exists` (B, F) with 1 or 0, and what gives them meaning.

    Where they are a share of a batch, `whole` (N, F) says which frames exist in all of it: the means of its shares add up to its own.
    """

    prediction: Tensor
    target: Tensor
    exists: Tensor
    normalizer: Normalizer
    rig: Rig
    lips: LipGeometry
    whole: Tensor | None = None

    @cached_property
    def error(self) -> Tensor:
        """Prediction less target (B, F, C), normalised."""
        return self.prediction - self.target

    @cached_property
    def physical_error(self) -> Tensor:
        """The error (B, F, C) in the rig's units."""
        return self.error * self.normalizer.std

    @cached_property
    def lip_error(self) -> Tensor:
        """The error of the lip vertices (B, F, R); its squared norm is in mm^2."""
        return self.physical_error @ self.lips.vertices

    def mean(self, values: Tensor) -> Tensor:
        """The mean of `values` (B, F - d), in which d frames went into differences, over those whose frames all exist."""
        exists, whole = self.exists, self.exists if self.whole is None else self.whole
        for _ in range(exists.shape[1] - values.shape[1]):
            exists, whole = exists[:, 1:] * exists[:, :-1], whole[:, 1:] * whole[:, :-1]
        return (values * (exists / whole.sum().clamp(min=1))).sum()


def simple(result: FaceResult) -> Tensor:
    """Mean squared error of the normalised channels."""
    return result.mean(result.error.square().mean(-1))


def mouth(result: FaceResult) -> Tensor:
    """Mean squared error of the normalised channels of mouth, jaw and tongue."""
    return result.mean(result.error[..., result.rig.indices([*MOUTH, "jawOpen", "tongueOut"])].square().mean(-1))


def vertex(result: FaceResult) -> Tensor:
    """Mean squared distance of the lip vertices, mm^2."""
    return result.mean(result.lip_error.square().sum(-1))


def vertex_speed(result: FaceResult) -> Tensor:
    """Mean square of what the lip vertices' first differences lack, mm^2 a frame squared."""
    return result.mean(result.lip_error.diff(dim=1).square().sum(-1))


def gap(result: FaceResult) -> Tensor:
    """Mean absolute error of the lip gap in mm; where it should be shut it counts up to three times."""
    true = (result.normalizer.restore(result.target) @ result.lips.gap).clamp(min=0)
    return result.mean((result.physical_error @ result.lips.gap).abs() * (1 + NEARLY_SHUT * torch.exp(-true / SHUT_REACH)))


def width(result: FaceResult) -> Tensor:
    """Mean absolute error of the mouth width in mm."""
    return result.mean((result.physical_error @ result.lips.width).abs())


def head(result: FaceResult) -> Tensor:
    """Mean squared error of the normalised head rotation."""
    return result.mean(result.error[..., result.rig.indices(HEAD)].square().mean(-1))


def head_speed(result: FaceResult) -> Tensor:
    """Mean squared error of its first differences."""
    return result.mean(result.error[..., result.rig.indices(HEAD)].diff(dim=1).square().mean(-1))


def head_smooth(result: FaceResult) -> Tensor:
    """Mean square of the predicted head rotation's second differences."""
    return result.mean(result.prediction[..., result.rig.indices(HEAD)].diff(n=2, dim=1).square().mean(-1))

"""`FaceLandmarks`, what a landmarker finds of one face in one picture, and `Landmarker`, the door to whatever finds it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

POINTS = 478  # 468 of a face mesh, then ten of the irises
INNER_LIPS = (13, 14)  # upper and lower, at the midline
LIP_CORNERS = (78, 308)  # inner ones
EYE_CORNERS = (33, 263)  # outer ones: of the person's right eye, which stands left in a picture, and of the left one
SIDES = (33, 263)  # what the roll of a face is read from
# The scores of the blendshape network in its order; all but the first are ARKit's names (tongueOut is not among them).
SCORES = (
    "_neutral", "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff",
    "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight",
    "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight",
    "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft", "jawOpen", "jawRight",
    "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel", "mouthLeft",
    "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight",
    "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft", "noseSneerRight",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class FaceLandmarks:
    """One face in one picture.

    `points` (478, 3) float32 are pixels: x to the right, y down, (0, 0) the middle of the top left pixel; z in pixels too,
    smaller is nearer, from the middle of the head. `presence` is how sure a face is there, 0 to 1. `scores` (52,) float32 are
    the raw scores of SCORES, 0 to 1.
    """

    points: np.ndarray
    presence: float
    scores: np.ndarray

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """The box (left, top, right, bottom) around the points, in pixels; it may reach over the picture's edge."""
        low, high = self.points[:, :2].min(axis=0), self.points[:, :2].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    @property
    def size(self) -> float:
        """The longer side of the box in pixels."""
        left, top, right, bottom = self.box
        return max(right - left, bottom - top)

    def score(self, name: str) -> float:
        """One raw score by name."""
        return float(self.scores[SCORES.index(name)])

    @property
    def lip_gap(self) -> float:
        """The gap of the inner lips at the midline over the distance of the outer eye corners."""
        return self._distance(INNER_LIPS) / self._distance(EYE_CORNERS)

    @property
    def mouth_width(self) -> float:
        """The distance of the inner lip corners over that of the outer eye corners."""
        return self._distance(LIP_CORNERS) / self._distance(EYE_CORNERS)

    def overlap(self, other: "FaceLandmarks") -> float:
        """The share, 0 to 1, of the two boxes together that both cover."""
        mine, theirs = np.array(self.box), np.array(other.box)
        sides = np.clip(np.minimum(mine, theirs)[2:] - np.maximum(mine, theirs)[:2], 0, None)
        both = float(sides.prod())
        return both / max(float((mine[2:] - mine[:2]).prod() + (theirs[2:] - theirs[:2]).prod()) - both, 1e-9)

    def _distance(self, pair: tuple[int, int]) -> float:
        first, second = self.points[list(pair), :2]
        return max(float(np.hypot(*(first - second))), 1e-9)


class Landmarker(Protocol):
    """Whatever finds faces in pictures, (H, W, 3) uint8 RGB of any size and any memory layout."""

    licence: str  # one line about the model, to be shown when it is used

    def detect(self, image: np.ndarray) -> list[FaceLandmarks]:
        """Every face in a picture, the largest first; empty when there is none."""

    def surest(self, image: np.ndarray) -> float:
        """How sure it is, 0 to 1, that there is a face in a picture that stands upright."""

    def follow(self, image: np.ndarray, before: FaceLandmarks) -> FaceLandmarks | None:
        """The face that was at `before` a moment ago, in the next picture; None when it is not there any more."""

"""`Landmarks`: the points of a face in a photo, wherever they come from: a landmarker, or a person's hand."""

from dataclasses import dataclass, field, replace

import numpy as np

from visavox.errors import OptionError
from visavox.portrait.layout import EYES, INNER_CORNER, IRISES, LIP_MIDDLES, OVAL, POINTS, eye_distance

CLOSED = 0.025  # of the distance of the eyes: lips that are less apart are closed


@dataclass(frozen=True, eq=False)
class Landmarks:
    """points (478, 2) in pixels, x right and y down, in MediaPipe's order; scores: the weight of an ARKit shape by its name, where known.

    `by_hand`: placed by a person, so that they are believed to the pixel and say nothing of the expression; `muzzle`: an animal's,
    whose mouth is a line without lips, before no human teeth.
    """

    points: np.ndarray
    scores: dict[str, float] = field(default_factory=dict)
    by_hand: bool = False
    muzzle: bool = False

    def __post_init__(self):
        points = np.asarray(self.points, float)
        if points.shape != (POINTS, 2) or not np.isfinite(points).all():
            raise OptionError(f"landmarks of shape {points.shape} are not {POINTS} points of two numbers each; detect the face again")
        object.__setattr__(self, "points", points)

    def moved(self, shift: np.ndarray, scale: float) -> "Landmarks":
        """The landmarks after the photo was cut at `shift` (2,) and scaled by `scale`."""
        return replace(self, points=(self.points - shift) * scale)

    @property
    def eyes(self) -> float:
        """The distance of the outer corners of the eyes in pixels."""
        return eye_distance(self.points)

    @property
    def lips_apart(self) -> float:
        """How far the inner lips are apart at the middle, over the distance of the eyes."""
        upper, lower = (self.points[point, 1] for point in LIP_MIDDLES)
        return float(lower - upper) / self.eyes

    @property
    def closed(self) -> bool:
        """Whether the mouth is closed."""
        return self.lips_apart < CLOSED

    @property
    def oval(self) -> np.ndarray:
        """The outline (36, 2) of the face."""
        return self.points[list(OVAL)]

    def iris(self, eye: int) -> tuple[np.ndarray, float]:
        """The middle (2,) and the radius of the iris of eye 0 (the face's left) or 1."""
        around = self.points[list(IRISES[eye])]
        return around[0], float(np.linalg.norm(around[1:] - around[0], axis=1).mean())

    def eye(self, eye: int) -> np.ndarray:
        """The outline (16, 2) of an eye: from the outer corner along the lower lid, and back along the upper one."""
        return self.points[list(EYES[eye])]

    def lids(self, eye: int) -> tuple[np.ndarray, np.ndarray]:
        """The edges (9, 2) of the upper and of the lower lid, both from the outer to the inner corner."""
        around = self.eye(eye)
        return np.concatenate([around[:1], around[:INNER_CORNER:-1], around[INNER_CORNER : INNER_CORNER + 1]]), around[: INNER_CORNER + 1]

"""Where faces are in a picture: what the detector network answers at its 896 anchors, joined to one box for each face.

Facts of the network (MediaPipe's short-range face detector): input 128 x 128 from -1 to 1; anchors at the middles of a 16 x 16 grid,
two each, then of an 8 x 8 grid, six each; 16 numbers at each: the box's middle and size, then six points, in pixels of the input
from the anchor. The first two points are the person's right and left eye.
"""

from dataclasses import dataclass

import numpy as np

from visavox.track.crop import Crop

SIZE = 128
GRIDS = ((16, 2), (8, 6))  # cells along a side, anchors in each
LEAST_SCORE = 0.5
SAME_FACE = 0.3  # overlap over union from which two boxes are of one face
AROUND = 1.5  # the square that the landmark network sees, over the box
EYES = (0, 1)


@dataclass(frozen=True, eq=False)
class Detection:
    """A face in a picture: `box` (left, top, right, bottom) and six `points` (6, 2) in pixels, `score` 0 to 1."""

    box: np.ndarray
    points: np.ndarray
    score: float

    def crop(self) -> Crop:
        """The turned square that the landmark network wants to see."""
        right_eye, left_eye = self.points[list(EYES)]
        roll = float(np.arctan2(*(left_eye - right_eye)[::-1]))
        left, top, right, bottom = self.box
        return Crop(((left + right) / 2, (top + bottom) / 2), AROUND * max(right - left, bottom - top), roll)


def anchors() -> np.ndarray:
    """The middles (896, 2) of the detector's anchors in pixels of its input."""
    middles = []
    for cells, each in GRIDS:
        middle = (np.arange(cells) + 0.5) * SIZE / cells
        y, x = np.meshgrid(middle, middle, indexing="ij")
        middles.append(np.repeat(np.stack([x, y], -1).reshape(-1, 2), each, axis=0))
    return np.concatenate(middles)


def decode(answers: np.ndarray, logits: np.ndarray, seen: Crop) -> list[Detection]:
    """The detections above LEAST_SCORE in what the network says of a cut-out: `answers` (896, 16), `logits` (896,); not yet joined."""
    scores = 1 / (1 + np.exp(-np.clip(logits.astype(float), -100, 100)))
    found = []
    for position in np.flatnonzero(scores >= LEAST_SCORE):
        anchor, answer = _ANCHORS[position], answers[position].astype(float)
        middle, half = anchor + answer[:2], answer[2:4] / 2
        corners = np.array([middle - half, middle + half])
        placed = seen.to_picture(np.concatenate([corners, anchor + answer[4:].reshape(6, 2)]), SIZE)
        found.append(Detection(placed[:2].reshape(4), placed[2:], float(scores[position])))
    return found


def joined(found: list[Detection]) -> list[Detection]:
    """One detection for each face: the mean, weighted by score, of all that overlap the best one of those left."""
    left, faces = sorted(found, key=lambda detection: -detection.score), []
    while left:
        best = left[0]
        same = [overlap(best.box, other.box) > SAME_FACE or other is best for other in left]
        group = [other for other, is_same in zip(left, same, strict=True) if is_same]
        left = [other for other, is_same in zip(left, same, strict=True) if not is_same]
        weights = np.array([other.score for other in group])
        box = np.average([other.box for other in group], axis=0, weights=weights)
        faces.append(Detection(box, np.average([other.points for other in group], axis=0, weights=weights), best.score))
    return faces


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Overlap over union of two boxes (left, top, right, bottom)."""
    sides = np.clip(np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]), 0, None)
    both = float(sides.prod())
    return both / max(float((one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod()) - both, 1e-9)


def views(height: int, width: int, share: float) -> list[Crop]:
    """Squares of `share` of the longer side that together cover the picture, each overlapping the next by half; one for share 1."""
    side = max(height, width) * share
    if share >= 1:
        return [Crop((width / 2, height / 2), side)]
    return [Crop((x, y), side) for y in _middles(height, side) for x in _middles(width, side)]


def _middles(length: int, side: float) -> list[float]:
    if length <= side:
        return [length / 2]
    steps = int(np.ceil((length - side) / (side / 2)))
    return list(np.linspace(side / 2, length - side / 2, steps + 1))


_ANCHORS = anchors()

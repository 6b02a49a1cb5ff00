"""The lip gap as the picture of a mouth shows it, wherever landmarks say that the lips are.

Landmarks draw thin lips too thick and thick ones too thin, so that the gap that they leave has a gain of each face's own. A small network
looks at the middle of the mouth itself. It learned on our own heads, drawn, and is an asset with the solver.
"""

from dataclasses import dataclass

import numpy as np

from visavox.track.alignment import Pose
from visavox.track.crop import Crop, cut_out
from visavox.track.landmarks import INNER_LIPS, FaceLandmarks

SIDE = 0.64  # of the square around the middle of the lips, over the distance of the outer eye corners
ROWS = 48  # pixels along its side
COLUMNS = 4  # strips from top to bottom in the middle half of its width, of which the network sees the mean colours
FLAT = 0.02  # contrast of a picture under which its noise is not made larger
TAPS = 5  # of a convolution
WIDEST = 0.5  # a gap beyond this is none


def mouth_strips(picture: np.ndarray, face: FaceLandmarks, pose: Pose) -> np.ndarray:
    """The strips (ROWS, COLUMNS, 3) uint8 of the middle of a mouth, upright along the face's own vertical."""
    middle = face.points[list(INNER_LIPS), :2].astype(float).mean(0)
    up = pose.rotation[:2, 1]  # the face's vertical in the picture, y up
    crop = Crop((float(middle[0]), float(middle[1])), SIDE * pose.unit, float(np.arctan2(up[0], up[1])))
    seen = cut_out(picture, crop, ROWS)[:, ROWS // 4 : 3 * ROWS // 4]
    return seen.reshape(ROWS, COLUMNS, -1, 3).mean(2).round().astype(np.uint8)


@dataclass(frozen=True, eq=False)
class LipReader:
    """The arrays of the network: three convolutions along the strips, the last two of which halve the rows, then two layers."""

    first_weight: np.ndarray
    first_bias: np.ndarray
    second_weight: np.ndarray
    second_bias: np.ndarray
    third_weight: np.ndarray
    third_bias: np.ndarray
    hidden_weight: np.ndarray
    hidden_bias: np.ndarray
    last_weight: np.ndarray
    last_bias: np.ndarray

    def gap(self, strips: np.ndarray) -> float:
        """The lip gap over the distance of the outer eye corners that `strips` (ROWS, COLUMNS, 3) show."""
        seen = strips.reshape(ROWS, -1).astype(np.float32) / 255
        seen = (seen - seen.mean()) / (seen.std() + FLAT)
        for name, step in (("first", 1), ("second", 2), ("third", 2)):
            seen = _silu(_convolved(seen, getattr(self, f"{name}_weight"), step) + getattr(self, f"{name}_bias"))
        hidden = _silu(self.hidden_weight @ seen.T.ravel() + self.hidden_bias)
        return float(np.clip(self.last_weight[0] @ hidden + self.last_bias[0], 0, WIDEST))


def _convolved(values: np.ndarray, weight: np.ndarray, step: int) -> np.ndarray:
    """`values` (T, C) after a convolution with `weight` (C', C, TAPS), every `step` rows; nothing lies beyond the ends."""
    padded = np.pad(values, ((TAPS // 2, TAPS // 2), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, TAPS, axis=0)[::step]
    return windows.reshape(len(windows), -1) @ weight.reshape(len(weight), -1).T


def _silu(values: np.ndarray) -> np.ndarray:
    return values / (1 + np.exp(-values.clip(-60, 60)))

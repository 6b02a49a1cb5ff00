"""The lip gap as the picture of a mouth shows it, wherever landmarks say that the lips are.

Landmarks draw thin lips too thick and thick ones too thin, so that the gap that they leave has a gain of each face's own. A small network
looks at the middle of the mouth itself, beside the same mouth when it was shut: what skin, beard, light and film make of lips is in both.
It learned on our own heads, drawn, and is an asset with the solver.
"""

from dataclasses import dataclass

import numpy as np

from visavox.track.alignment import Pose
from visavox.track.column import Column
from visavox.track.crop import Crop, cut_out
from visavox.track.landmarks import INNER_LIPS, FaceLandmarks

SIDE = 0.64  # of the square around the middle of the lips, over the distance of the outer eye corners
ROWS = 48  # pixels along its side
COLUMNS = 4  # strips from top to bottom in the middle half of its width, of which the network sees the mean colours
FLAT = 0.02  # contrast of a picture under which its noise is not made larger
TAPS = 5  # of a convolution
WIDEST = 0.5  # a gap beyond this is none
TOGETHER = 0.015  # the gap of landmarks by which the shut mouth of a shot may be farther open than the person's in any
AT_ONCE = 256  # mouths that are read at once
SHUT_SHARE = 0.05  # of the frames of a clip: those with the least gap, of which the shut mouth is the mean


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

    def opened(self, mouths: np.ndarray, shut: np.ndarray) -> np.ndarray:
        """By how much (T,) the lips of `mouths` (T, ROWS, COLUMNS, 3) are farther apart than those of the same mouth in `shut` (ROWS,
        COLUMNS, 3), over the distance of the outer eye corners."""
        beside = np.asarray(shut, np.float32).reshape(ROWS, -1) / 255
        middle, spread = beside.mean(), beside.std() + FLAT
        beside = (beside - middle) / spread
        seen = (mouths.reshape(len(mouths), ROWS, -1).astype(np.float32) / 255 - middle) / spread
        return self._read(seen, beside) - self._read(beside[None], beside)

    def _read(self, seen: np.ndarray, beside: np.ndarray) -> np.ndarray:
        """What the network says (T,) of `seen` (T, ROWS, 3 COLUMNS) beside the shut mouth (ROWS, 3 COLUMNS)."""
        seen = np.concatenate([seen, np.broadcast_to(beside, seen.shape)], axis=2)
        for name, step in (("first", 1), ("second", 2), ("third", 2)):
            seen = _silu(_convolved(seen, getattr(self, f"{name}_weight"), step) + getattr(self, f"{name}_bias"))
        hidden = _silu(seen.transpose(0, 2, 1).reshape(len(seen), -1) @ self.hidden_weight.T + self.hidden_bias)
        return hidden @ self.last_weight[0] + self.last_bias[0]

    def gaps(self, mouths: np.ndarray | Column, seen: np.ndarray, shots: np.ndarray) -> np.ndarray:
        """The lip gap (T,) that the `mouths` (T, ROWS, COLUMNS, 3) of one person show, whose landmarks show the gaps `seen` (T,).

        Each of the `shots` (T,) has a shut mouth of its own, for its light, unless lips hardly come together in it.
        """
        found, whole = np.zeros(len(mouths)), _least(seen)
        for shot in np.unique(shots):
            here = np.flatnonzero(shots == shot)
            own = here[_least(seen[here])]
            shut = own if seen[own].mean() <= seen[whole].mean() + TOGETHER else whole
            closed = mouths[shut].astype(np.float32).mean(0)
            for part in np.array_split(here, max(len(here) // AT_ONCE, 1)):
                found[part] = self.opened(mouths[part], closed) + seen[shut].mean()
        return found.clip(0, WIDEST)


def _least(seen: np.ndarray) -> np.ndarray:
    """Which frames show the least of the gaps `seen` (T,)."""
    return np.argsort(seen, kind="stable")[: max(int(SHUT_SHARE * len(seen)), 1)]


def _convolved(values: np.ndarray, weight: np.ndarray, step: int) -> np.ndarray:
    """`values` (N, T, C) after a convolution with `weight` (C', C, TAPS), every `step` rows; nothing lies beyond the ends."""
    padded = np.pad(values, ((0, 0), (TAPS // 2, TAPS // 2), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, TAPS, axis=1)[:, ::step]
    return windows.reshape(*windows.shape[:2], -1) @ weight.reshape(len(weight), -1).T


def _silu(values: np.ndarray) -> np.ndarray:
    return values / (1 + np.exp(-values.clip(-60, 60)))

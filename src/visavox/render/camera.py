"""`Camera`: where the viewer stands, and what a point of space becomes on the screen."""

from dataclasses import dataclass, replace
from math import radians, tan
from numbers import Integral
from typing import NamedTuple

import numpy as np

from visavox.arguments import checked
from visavox.errors import OptionError
from visavox.rigs.heads.default_head import NEUTRAL
from visavox.scene import MovingHead
from visavox.style import AnyIdentity

SMALLEST, LARGEST = 64, 2048  # pixels
ABOVE, BELOW = 0.030, 0.052  # metres of air over the skull, and of neck and shoulders under the chin, for an adult
ADULT = 0.226  # metres from chin to crown


class Screen(NamedTuple):
    """Projected points: `x` (V,) and `y` (V,) in pixels from the top left corner, `depth` (V,) in metres from the viewer."""

    x: np.ndarray
    y: np.ndarray
    depth: np.ndarray


@checked
@dataclass(frozen=True)
class Camera:
    """A viewer at `position` (metres) who looks along -Z; `view` degrees fit the picture of `size` by `size` pixels.

    Even sizes from 64 to 2048 (video stores colour for pairs of pixels); an OptionError otherwise.
    """

    size: int = 512
    position: tuple[float, float, float] = (0.0, -0.018, 0.95)
    view: float = 20.5

    def __post_init__(self):
        if not isinstance(self.size, Integral):
            raise OptionError(f"picture size {self.size!r} is not a whole number of pixels; give for example {SMALLEST}")
        if not SMALLEST <= self.size <= LARGEST or self.size % 2:
            allowed = f"an even number of pixels from {SMALLEST} to {LARGEST}"
            raise OptionError(f"picture size {self.size} is not {allowed}; give for example {self.nearest(self.size)}")

    @staticmethod
    def nearest(size: int) -> int:
        """The valid size nearest to `size`."""
        return min(max(size + size % 2, SMALLEST), LARGEST)

    @staticmethod
    @checked
    def portrait(head: MovingHead, identity: AnyIdentity = NEUTRAL, size: int = 512) -> "Camera":
        """The camera that frames the head and shoulders of `identity`: the crown near the top, some shirt at the bottom."""
        moving = head.neutral(identity)[head.head_weight > 0.99]
        top, chin = moving[:, 1].max(), moving[moving[:, 2] > np.median(moving[:, 2])][:, 1].min()
        scale = (top - chin) / ADULT
        high, low = top + ABOVE * scale, chin - BELOW * scale
        distance = (high - low) / 2 / tan(radians(Camera.view) / 2)
        return replace(Camera(size), position=(0.0, float(high + low) / 2, float(distance)))

    @property
    def focal(self) -> float:
        """The focal length in pixels."""
        return self.size / 2 / tan(radians(self.view) / 2)

    def project(self, positions: np.ndarray, samples: int = 1) -> Screen:
        """The `positions` (V, 3) on a screen of `size * samples` by `size * samples` points."""
        eye = np.array(self.position, np.float32)
        depth = np.maximum(eye[2] - positions[:, 2], 1e-3)
        scale = np.float32(self.focal * samples) / depth
        middle = np.float32(self.size * samples / 2)
        return Screen((positions[:, 0] - eye[0]) * scale + middle, (eye[1] - positions[:, 1]) * scale + middle, depth)

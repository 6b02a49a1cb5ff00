"""`Calibration`: how much further a model's channels are to move than in what it was trained on; and the way from a network's unit
scale to physical units with it.

The statistics of a checkpoint stay those of the motion that it was trained on; a calibration is applied after them, to made motion only.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from visavox.errors import OptionError
from visavox.fields import Fields
from visavox.rig import Rig

FURTHEST = 1e4  # of a stored factor or rest


@dataclass(frozen=True, eq=False)
class Restoration:
    """The physical values (..., C) of normalised ones: `values * scale + shift`, both (C,) float32."""

    scale: np.ndarray
    shift: np.ndarray

    def __call__(self, values: np.ndarray) -> np.ndarray:
        return values * self.scale + self.shift

    def undo(self, values: np.ndarray) -> np.ndarray:
        """The normalised values (..., C) of physical ones."""
        return (values - self.shift) / self.scale


@dataclass(frozen=True)
class Calibration:
    """Channel name -> (factor, rest): the channel moves `factor` times as far about `rest`, in the rig's units."""

    channels: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self):
        for name, (factor, rest) in self.channels.items():
            if not (math.isfinite(factor) and factor > 0 and math.isfinite(rest)):
                raise OptionError(f"calibration of {name!r} is {factor} about {rest}; give a factor above 0 and a rest, both numbers")

    def restoration(self, rig: Rig, mean: Sequence[float], std: Sequence[float]) -> Restoration:
        """Normalised values to calibrated physical ones in one step, for statistics `mean` and `std` (C,); a RigError for a channel
        that `rig` lacks."""
        shift, scale = np.array(mean, np.float64), np.array(std, np.float64)
        for name, (factor, rest) in self.channels.items():
            channel = rig.index(name)
            shift[channel], scale[channel] = rest + (shift[channel] - rest) * factor, scale[channel] * factor
        return Restoration(scale.astype(np.float32), shift.astype(np.float32))

    def to_json(self) -> dict:
        """The channels as plain JSON."""
        return {name: [float(factor), float(rest)] for name, (factor, rest) in self.channels.items()}

    @staticmethod
    def from_json(stored: Fields) -> "Calibration":
        """What `to_json` gave; a FileError that names the entry when it is something else."""
        return Calibration({name: tuple(stored.numbers(name, -FURTHEST, FURTHEST, count=2)) for name in stored.value})

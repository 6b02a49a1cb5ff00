"""`Statistics`: physical values to the unit scale of the networks and back, on arrays. The one home of the formula.

Shapes: C channels.
"""

from dataclasses import dataclass

import numpy as np

FLOOR = 0.01  # in rig units (weights, radians): a channel that hardly moves is not blown up to unit scale


@dataclass(frozen=True, eq=False)
class Statistics:
    """The `mean` and `std` (C,) float32 of each channel in physical units."""

    mean: np.ndarray
    std: np.ndarray

    def normalise(self, values):
        """Normalised values (..., C) of physical ones."""
        return (values - self.mean) / self.std

    def restore(self, values):
        """Physical values (..., C) of normalised ones."""
        return values * self.std + self.mean

    def moving(self) -> np.ndarray:
        """Which channels (C,) moved in what the statistics were made of: those whose std was not raised to FLOOR, that is, is not FLOOR to
        the last digit; bool.
        """
        return self.std != np.float32(FLOOR)

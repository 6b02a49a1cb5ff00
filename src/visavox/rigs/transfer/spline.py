"""`Spline`: the biharmonic spline of three dimensions, whose kernel is the distance (Duchon 1977).

SciPy's RBFInterpolator gives the same values and was two fifths of a transfer; here distances and their sums are calls of libraries.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

CHUNK = 128  # places at a time, so that their distances lie in the processor's cache


@dataclass(frozen=True, eq=False)
class Spline:
    """The smoothest values over space at `places` (N, 3): `weights` (N, K) of the distances, and `plane` (4, K) of 1 and the place."""

    places: np.ndarray
    weights: np.ndarray
    plane: np.ndarray
    middle: np.ndarray
    size: np.ndarray

    @classmethod
    def through(cls, places: np.ndarray, values: np.ndarray, smoothing: np.ndarray | float = 0.0) -> "Spline":
        """The spline with `values` (N, K) at `places` (N, 3), which are four or more and not all in one plane.

        With `smoothing` above 0, of all or of each, it may leave them. A LinAlgError when there is none.
        """
        low, high = places.min(0), places.max(0)
        middle, size = (high + low) / 2, np.where(high > low, (high - low) / 2, 1.0)
        count = len(places)
        plane = np.hstack([np.ones((count, 1)), (places - middle) / size])
        system = np.zeros((count + 4, count + 4))
        system[:count, :count] = -cdist(places, places)
        system[np.arange(count), np.arange(count)] += smoothing
        system[:count, count:], system[count:, :count] = plane, plane.T
        solved = np.linalg.solve(system, np.vstack([values, np.zeros((4, values.shape[1]))]))
        return cls(places, solved[:count], solved[count:], middle, size)

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """The values (M, K) at `points` (M, 3)."""
        values = np.empty((len(points), self.plane.shape[1]))
        for start in range(0, len(points), CHUNK):
            part = points[start : start + CHUNK]
            slope = ((part - self.middle) / self.size) @ self.plane[1:] + self.plane[0]
            values[start : start + CHUNK] = slope - cdist(part, self.places) @ self.weights
        return values

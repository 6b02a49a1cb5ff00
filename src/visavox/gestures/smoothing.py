"""A Gaussian over a curve in NumPy: SciPy's filters cost a motion half a second at the start of the command."""

import numpy as np


def smoothed(values: np.ndarray, width: float, edge: bool = True) -> np.ndarray:
    """`values` (N,) averaged with a Gaussian of standard deviation `width` in samples; beyond its ends it goes on as it ended, or with
    `edge` False is 0."""
    kernel = bell(width)
    padded = np.pad(np.asarray(values, float), kernel.size // 2, mode="edge" if edge else "constant")
    return np.convolve(padded, kernel, "valid")


def bell(width: float) -> np.ndarray:
    """The weights (2 R + 1,) of that Gaussian, as far as it reaches."""
    reach = round(4 * width)
    kernel = np.exp(-np.square(np.arange(-reach, reach + 1) / width) / 2)
    return kernel / kernel.sum()

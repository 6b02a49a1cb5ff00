"""Twitches and seams: derivatives over time. Pure functions on values (T, C) in any unit."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

SMOOTHING = 0.04  # seconds, the standard deviation of the Gaussian taken before jerk, so that frame rates compare
EDGE = 4  # deviations of it that are left out at each end


def mean_jerk(values: np.ndarray, fps: float) -> float:
    """The mean size of the third derivative, in units per second cubed, over frames and channels, after 40 ms of
    smoothing.

    Without the smoothing the same face filmed at 30 fps jerks up to twice as much as at 25, with it an eighth more at
    most. It is nan for a motion shorter than about half a second.
    """
    edge = round(EDGE * SMOOTHING * fps)
    smooth = gaussian_filter1d(np.asarray(values, float), SMOOTHING * fps, axis=0, mode="nearest")[edge : len(values) - edge]
    if len(smooth) < 6:
        return float("nan")
    return float(np.abs(np.diff(smooth, n=3, axis=0)).mean() * fps**3)


def jerk_ratio(generated: np.ndarray, fps: float, true: np.ndarray, true_fps: float) -> float:
    """The generated mean jerk over the true one, each (T, C) at its own fps: over 1 twitches more than the face."""
    truth = mean_jerk(true, true_fps)
    return mean_jerk(generated, fps) / truth if truth > 0 else float("nan")


def seam_ratio(values: np.ndarray, window: int) -> float:
    """The 95th percentile of acceleration across window borders over that inside windows; 1: no seam; nan with one
    window.

    Acceleration is the length of the second difference over channels. A border between frames b - 1 and b, b a
    multiple of `window`, touches the second differences centred on b - 1 and b.
    """
    acceleration = np.linalg.norm(np.diff(np.asarray(values, float), n=2, axis=0), axis=1)
    centre = np.arange(1, len(values) - 1)
    border = (centre % window == 0) | (centre % window == window - 1)
    if not border.any() or border.all():
        return float("nan")
    inside = np.percentile(acceleration[~border], 95)
    return float(np.percentile(acceleration[border], 95) / inside) if inside > 0 else float("nan")

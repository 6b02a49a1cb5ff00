"""Twitches and seams: derivatives over time. Pure functions on values (T, C) in any unit."""

import numpy as np


def mean_jerk(values: np.ndarray, fps: float) -> float:
    """The mean size of the third derivative, in units per second cubed, over frames and channels."""
    if len(values) < 4:
        return float("nan")
    return float(np.abs(np.diff(np.asarray(values, float), n=3, axis=0)).mean() * fps**3)


def jerk_ratio(generated: np.ndarray, true: np.ndarray, fps: float) -> float:
    """The generated mean jerk over the true one, both at `fps`: over 1 twitches more than the tracked face."""
    truth = mean_jerk(true, fps)
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

"""How the head moves: range, speed, and whether its beats fall where a real head's do. Pure functions.

Poses are (T, 3): pitch, yaw, roll in radians at `fps`. Both sides of a comparison are smoothed alike, since trackers
tremble.
"""

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import argrelmin

SMOOTHING = 0.06  # seconds, the standard deviation of the Gaussian taken over poses before speeds
BEAT_SMOOTHING = 0.12  # seconds, the same before beats are looked for
TOLERANCE = 0.12  # seconds: a beat this far from a true one scores exp(-1/2)


def head_range(pose: np.ndarray) -> float:
    """The range in degrees between the 5th and 95th percentile of each angle, averaged over pitch, yaw and roll."""
    low, high = np.percentile(pose, [5, 95], axis=0)
    return float(np.degrees(high - low).mean())


def head_speed(pose: np.ndarray, fps: float) -> float:
    """The mean angular speed in degrees a second, after 60 ms of Gaussian smoothing."""
    return float(np.degrees(_speed(pose, fps, SMOOTHING)).mean())


def head_beats(pose: np.ndarray, fps: float) -> np.ndarray:
    """The times in seconds at which the smoothed head turns slowest: the local minima of its speed, where gestures
    begin and end.
    """
    return (argrelmin(_speed(pose, fps, BEAT_SMOOTHING))[0] + 1) / fps


def beat_alignment(beats: np.ndarray, true_beats: np.ndarray) -> float:
    """BA, 0 to 1: exp(-d^2 / (2 s^2)) averaged over generated beats, d to the nearest true beat, s = 0.12 s; nan
    without beats.

    After AIST++ (Li et al. 2021) with the true head's beats as reference, as SadTalker and DiffPoseTalk use it. Many
    beats on either side raise it by chance, so it means something only beside the shuffled control.
    """
    if not len(beats) or not len(true_beats):
        return float("nan")
    away = np.abs(np.asarray(beats)[:, None] - np.asarray(true_beats)[None]).min(1)
    return float(np.exp(-(away**2) / (2 * TOLERANCE**2)).mean())


def _speed(pose: np.ndarray, fps: float, seconds: float) -> np.ndarray:
    smooth = gaussian_filter1d(np.asarray(pose, float), seconds * fps, axis=0, mode="nearest")
    return np.linalg.norm(np.diff(smooth, axis=0), axis=1) * fps

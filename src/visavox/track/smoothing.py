"""Smoothing without delay, and the filling of gaps: of values and of rotations, within the parts of a film that belong together."""

import numpy as np
from scipy.signal import savgol_coeffs
from scipy.spatial.transform import Rotation, Slerp

FACE_SECONDS, HEAD_SECONDS = 0.2, 0.36  # what a window spans; a blink is shorter than twice the first, so its depth stays
FACE_ORDER, HEAD_ORDER = 3, 2  # of the polynomial that is fitted to a window


def smooth(values: np.ndarray, fps: float, seconds: float = FACE_SECONDS, order: int = FACE_ORDER) -> np.ndarray:
    """`values` (T, C) after a local polynomial fit, the same backwards as forwards. Source: Savitzky and Golay 1964."""
    weights = _weights(len(values), fps, seconds, order)
    if weights is None:
        return values
    half, made = len(weights) // 2, np.empty_like(values)
    for place, column in enumerate(values.T):
        made[:, place] = np.convolve(np.pad(column, half, mode="reflect", reflect_type="odd"), weights, "valid")
    return made


def smooth_turns(turns: Rotation, fps: float) -> Rotation:
    """The rotations after the same fit, in the tangent space of each frame: no axis and no angle is special."""
    weights = _weights(len(turns), fps, HEAD_SECONDS, HEAD_ORDER)
    if weights is None:
        return turns
    half, moved = len(weights) // 2, np.zeros((len(turns), 3))
    places = np.arange(len(turns))
    for offset, weight in zip(range(-half, half + 1), weights[::-1], strict=True):
        near = places + offset
        inside = near.clip(0, len(turns) - 1)
        step = (turns.inv() * turns[inside]).as_rotvec()
        edge = (turns.inv() * turns[(2 * inside - near).clip(0, len(turns) - 1)]).as_rotvec()
        step = np.where((near == inside)[:, None], step, 2 * step - edge)  # beyond an end: mirrored through it
        moved += weight * step
    return turns * Rotation.from_rotvec(moved)


def between(at: np.ndarray, times: np.ndarray, values: np.ndarray) -> np.ndarray:
    """`values` (T, C) of `times` (T,) at other times (N,): straight lines, held beyond both ends."""
    made = np.empty((len(at), values.shape[1]), values.dtype)
    for place, column in enumerate(values.T):
        made[:, place] = np.interp(at, times, column)
    return made


def turns_between(at: np.ndarray, times: np.ndarray, turns: Rotation) -> Rotation:
    """The rotations at other times (N,), along the shortest way; held beyond both ends."""
    if len(times) == 1:
        return turns[np.zeros(len(at), int)]
    return Slerp(times, turns)(at.clip(times[0], times[-1]))


def _weights(frames: int, fps: float, seconds: float, order: int) -> np.ndarray | None:
    """The weights of a window (odd, longer than `order`); None when fewer frames than that are there, or none is needed."""
    length = 2 * round(seconds * fps / 2) + 1
    if length <= order + 1 or frames < length:
        return None
    return savgol_coeffs(length, order)

"""Where a frame stands, as numbers that networks take: NumPy only, so that every engine takes the same."""

import math

import numpy as np


def sinusoid(positions: np.ndarray, width: int) -> np.ndarray:
    """Sinusoids (..., D) float32 of `positions` (...): sine in even columns, cosine in odd ones, wavelengths 2 pi to 10000 * 2 pi."""
    rates = np.exp(np.arange(0, width, 2, dtype=np.float32) * np.float32(-math.log(10000.0) / width))
    angles = np.asarray(positions)[..., None].astype(np.float32) * rates
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(*angles.shape[:-1], -1)[..., :width]


def alignment_mask(frames: int, width: int) -> np.ndarray:
    """Which audio frames a token attends to, (1 + L, L) bool, True is allowed: the person token (first) all of them,
    the motion token of frame i those with |i - j| < `width`. Source: DiffPoseTalk's alignment mask."""
    frame = np.arange(frames)
    near = np.abs(frame[:, None] - frame) < width
    return np.concatenate([np.ones((1, frames), bool), near])

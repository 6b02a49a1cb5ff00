"""Arithmetic between samples, frames and seconds, and the cutting of long sequences into windows with context."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from visavox.errors import OptionError


def frame_count(samples: int, sample_rate: int, fps: float) -> int:
    """The number of motion frames that cover `samples` samples: ceil(samples * fps / sample_rate), at least 1."""
    return max(ceil(samples * fps / sample_rate - 1e-9), 1)


def sample_count(frames: int, sample_rate: int, fps: float) -> int:
    """The number of samples that `frames` frames last, rounded to the nearest sample."""
    return round(frames * sample_rate / fps)


def frame_times(frames: int, fps: float) -> np.ndarray:
    """The centres (T,) of frames in seconds: frame i lasts from i / fps to (i + 1) / fps and shows its middle."""
    return (np.arange(frames) + 0.5) / fps


@dataclass(frozen=True)
class Window:
    """One denoising unit: it makes frames [start, start + valid) of the sequence; the rest up to W is padding."""

    start: int
    valid: int


def plan_windows(frames: int, window: int) -> list[Window]:
    """The windows that cover `frames` frames without overlap, stride `window`; only the last may be partly padding."""
    if frames <= 0 or window <= 0:
        raise OptionError(f"cannot cut {frames} frames into windows of {window}; both must be positive")
    return [Window(start, min(window, frames - start)) for start in range(0, frames, window)]


def cut_window(sequence: np.ndarray, start: int, length: int) -> np.ndarray:
    """Frames [start, start + length) of `sequence` (T, ...), zero where the sequence does not reach (either side)."""
    cut = np.zeros((length, *sequence.shape[1:]), sequence.dtype)
    first, last = max(start, 0), min(start + length, sequence.shape[0])
    if last > first:
        cut[first - start : last - start] = sequence[first:last]
    return cut


def resample_frames(values: np.ndarray, fps: float, to_fps: float) -> np.ndarray:
    """`values` (T, C) at `to_fps`, covering the same seconds: (ceil(T * to_fps / fps), C) float32.

    PCHIP interpolation between frame centres, which never overshoots. A closure or a blink can last one frame, so each local
    extremum of a channel is then written to the output frame nearest in time: short events survive every rate.
    """
    from scipy.interpolate import PchipInterpolator  # here: SciPy is slow to import

    source, target = frame_times(values.shape[0], fps), frame_times(max(ceil(values.shape[0] * to_fps / fps - 1e-9), 1), to_fps)
    if values.shape[0] == 1:
        return np.repeat(values, target.size, axis=0).astype(np.float32)
    inside = np.clip(target, source[0], source[-1])
    resampled = PchipInterpolator(source, values, axis=0)(inside)
    nearest = np.clip(np.rint(source * to_fps - 0.5).astype(int), 0, target.size - 1)
    step = np.diff(values, axis=0)
    for channel in range(values.shape[1]):
        turns = 1 + np.flatnonzero(step[:-1, channel] * step[1:, channel] < 0)
        change = np.abs(values[turns, channel] - resampled[nearest[turns], channel])
        for frame in turns[np.argsort(change)]:  # the largest change is written last and wins
            resampled[nearest[frame], channel] = values[frame, channel]
    return resampled.astype(np.float32)

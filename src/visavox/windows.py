"""Arithmetic between samples, frames and seconds, and the cutting of long sequences into windows with context."""

import warnings
from math import ceil

import numpy as np

from visavox.easing import half_cosine

SAMPLE_RATE = 16_000  # Hz of the sound that networks are trained on; a checkpoint carries its own
FPS = 25.0  # frames a second of the motion that they learn
SAMPLES_PER_FRAME = round(SAMPLE_RATE / FPS)


def frame_count(samples: int, sample_rate: int, fps: float) -> int:
    """The number of motion frames that cover `samples` samples: ceil(samples * fps / sample_rate), at least 1."""
    return max(ceil(samples * fps / sample_rate - 1e-9), 1)


def sample_count(frames: int, sample_rate: int, fps: float) -> int:
    """The number of samples that `frames` frames last, rounded to the nearest sample."""
    return round(frames * sample_rate / fps)


def frame_times(frames: int, fps: float) -> np.ndarray:
    """The centres (T,) of frames in seconds: frame i lasts from i / fps to (i + 1) / fps and shows its middle."""
    return (np.arange(frames) + 0.5) / fps


def fade_in(frames: int) -> np.ndarray:
    """The share (T,) of what comes in over `frames` frames: half a cosine from 0 to 1, taken at the frames' centres."""
    return half_cosine((np.arange(frames) + 0.5) / frames)


def padded_frames(frames: int, window: int) -> int:
    """The number of frames of all windows that cover `frames` frames."""
    return -(-frames // window) * window


def cut_window(sequence: np.ndarray, start: int, length: int) -> np.ndarray:
    """Frames [start, start + length) of `sequence` (T, ...), zero where the sequence does not reach (either side)."""
    cut = np.zeros((length, *sequence.shape[1:]), sequence.dtype)
    first, last = max(start, 0), min(start + length, sequence.shape[0])
    if last > first:
        cut[first - start : last - start] = sequence[first:last]
    return cut


NTSC = {round(base * 1000 / 1001, 3): base * 1000 / 1001 for base in (24, 30, 60, 120)}  # 23.976, 29.97, 59.94, 119.88


def exact_fps(fps: float) -> float:
    """The rate that is meant by `fps`: 29.97 stands for 30000 / 1001 and so on, since the rounded figure is 3.6 ms off in an hour."""
    return next((exact for peaks, exact in NTSC.items() if abs(fps - peaks) <= 0.0051), fps)


def overlapping_chunks(frames: int, chunk: int, margin: int) -> list[tuple[int, int, int]]:
    """The chunks that cover `frames` frames: (first frame encoded, first frame kept, end of what is kept).

    Each takes in `chunk` frames (or all, when there are fewer) and keeps what is at least `margin` from a cut.
    """
    last = max(frames - chunk, 0)
    firsts = [*range(0, last, chunk - 2 * margin), last]
    borders = [0, *(first + margin for first in firsts[1:]), frames]
    return list(zip(firsts, borders[:-1], borders[1:], strict=True))


def resample_frames(values: np.ndarray, fps: float, to_fps: float) -> np.ndarray:
    """`values` (T, C) at `to_fps`, covering the same seconds: (ceil(T * to_fps / fps), C) float32, within each channel's range.

    1. Downwards, what the new rate cannot hold is filtered out first (`_band_limited`), so that a tremor does not alias.
    2. Piecewise cubic (PCHIP) interpolation between frame centres, which never overshoots.
    3. A closure or a blink can last one frame; its extreme is written to the output frame nearest in time (`_events`).
    """
    from scipy.interpolate import PchipInterpolator  # here: SciPy is slow to import

    frames = max(ceil(values.shape[0] * to_fps / fps - 1e-9), 1)
    source, target = frame_times(values.shape[0], fps), frame_times(frames, to_fps)
    if values.shape[0] == 1:
        return np.repeat(values, target.size, axis=0).astype(np.float32)
    kept = _band_limited(values, to_fps / fps) if to_fps < FILTER_BELOW * fps else values
    resampled = PchipInterpolator(source, kept, axis=0)(np.clip(target, source[0], source[-1]))
    nearest = np.clip(np.rint(source * to_fps - 0.5).astype(int), 0, target.size - 1)
    for channel in range(values.shape[1]):
        events = _events(values[:, channel], 2 * fps / to_fps, round(NEIGHBOURHOOD * fps))
        resampled[nearest[events], channel] = values[events, channel]  # where two meet the last one stays
    return resampled.astype(np.float32)


FILTER_BELOW = 0.9  # of the old rate: from 25 to 24 fps there is nothing to filter but the picture would grow soft
PASSED = 0.8  # of the highest frequency that the new rate holds
REACH = 8  # new frames on either side that the filter reaches
EVENT = 0.1  # of a channel's range: what stands out less is not a closure or a blink
NEIGHBOURHOOD = 2  # seconds around an extreme within which it has to stand out
TREMBLE = 3  # so many extremes too close for the new rate are a tremor, which is filtered,
STANDS_OUT = 1.5  # unless one of them is so many times as prominent as is usual among them


def _band_limited(values: np.ndarray, ratio: float) -> np.ndarray:
    """`values` (T, C) without what lies above the highest frequency at `ratio` times their rate; no delay and no overshoot."""
    from scipy.ndimage import convolve1d, maximum_filter1d, minimum_filter1d
    from scipy.signal import firwin

    size = 2 * round(REACH / ratio) + 1
    smooth = convolve1d(values.astype(np.float64), firwin(size, PASSED * ratio, window=("kaiser", 5.0)), axis=0, mode="nearest")
    near = 2 * round(1 / ratio) + 1
    return np.clip(smooth, minimum_filter1d(values, near, axis=0), maximum_filter1d(values, near, axis=0))


def _events(series: np.ndarray, apart: float, window: int) -> np.ndarray:
    """The frames (n,) at which `series` (T,) has an extreme to keep, the most prominent last.

    Of several of one kind, each closer than `apart` frames to the next, only the most prominent is kept, and none when they
    are a tremor. Prominence is measured within `window` frames.
    """
    from scipy.signal import find_peaks

    least = max(float(np.ptp(series)) * EVENT, 1e-6)
    found, weight = [np.zeros(0, int)], [np.zeros(0)]
    for signed in (series, -series):
        with warnings.catch_warnings():
            # a rest longer than the window stands out by nothing, and is no event
            warnings.filterwarnings("ignore", "some peaks have a prominence of 0")
            frames, peaks = find_peaks(signed, prominence=least, wlen=max(window, 3))
        if frames.size:
            kept = _leaders(peaks["prominences"], np.diff(frames) >= apart)
            found.append(frames[kept])
            weight.append(peaks["prominences"][kept])
    return np.concatenate(found)[np.argsort(np.concatenate(weight), kind="stable")]


def _leaders(prominence: np.ndarray, breaks: np.ndarray) -> np.ndarray:
    """The position of the most prominent extreme of each run but tremors; `breaks` (n - 1,) says where a new run begins."""
    starts = np.concatenate([[0], 1 + np.flatnonzero(breaks)])
    sizes = np.diff(np.append(starts, prominence.size))
    highest = np.maximum.reduceat(prominence, starts)
    leads = np.flatnonzero(prominence == np.repeat(highest, sizes))
    run = np.repeat(np.arange(starts.size), sizes)[leads]
    first = leads[np.unique(run, return_index=True)[1]]
    trembles = np.zeros(starts.size, bool)
    for long in np.flatnonzero(sizes >= TREMBLE):
        usual = np.median(prominence[starts[long] : starts[long] + sizes[long]])
        trembles[long] = highest[long] < STANDS_OUT * usual
    return first[~trembles]

"""What the sound alone says, frame by frame: how loud it is, and where it is silent."""

import numpy as np
from scipy.ndimage import binary_erosion, binary_opening, uniform_filter1d

from visavox.audio import Audio
from visavox.levels import decibels, quiet_below

HOP = 0.01  # seconds between loudness values
SMOOTHING = 9  # hops over which the amplitude is averaged
SILENT = 35.0  # dB under the loud parts (95th percentile)
FLOOR = 1e-6  # full scale is 1; quieter than this is digital silence
SHORTEST_SILENCE, SETTLING = (
    0.3,
    0.1,
)  # seconds a silence lasts at least, and what each of its ends gives to its neighbours


def loudness(audio: Audio) -> np.ndarray:
    """The level in dB (full scale 0) of every 10 ms of sound, its amplitude averaged over 90 ms."""
    hop = round(audio.sample_rate * HOP)
    count = max(audio.samples.size // hop, 1)
    blocks = np.resize(audio.samples.astype(float), (count, hop)) if audio.samples.size < hop else None
    blocks = audio.samples[: count * hop].astype(float).reshape(count, hop) if blocks is None else blocks
    amplitude = uniform_filter1d(np.sqrt((blocks**2).mean(1) + 1e-9), SMOOTHING, mode="nearest")
    return decibels(np.square(amplitude + FLOOR), 0.0)


def silent_frames(audio: Audio, times: np.ndarray) -> np.ndarray:
    """Which frames (T,) at `times` in seconds lie in a silence: 35 dB under the loud parts for at least 0.3 s, its
    ends left out.
    """
    level = loudness(audio)
    quiet = level < quiet_below(level, SILENT, -90.0)
    quiet = binary_opening(np.pad(quiet, 1), np.ones(round(SHORTEST_SILENCE / HOP)))[1:-1]
    settled = binary_erosion(quiet, np.ones(2 * round(SETTLING / HOP) + 1), border_value=1)
    return settled[np.clip((np.asarray(times) / HOP).astype(int), 0, level.size - 1)]

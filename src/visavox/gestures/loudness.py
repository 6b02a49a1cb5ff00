"""A mouth that opens further the louder it speaks."""

import numpy as np

from visavox.audio import Audio
from visavox.gestures.smoothing import smoothed
from visavox.motion import Motion
from visavox.rigs.arkit import PARTING

RATE, HOP, FRAME = 16000, 160, 400  # Hz, at which the model hears too; samples of 10 ms and 25 ms
BORDERS = np.unique((np.geomspace(300, 8300, 33) - 260).astype(int) // 40)  # of the bands, in bins of 40 Hz: alike to the ear
SMOOTH = 3  # hops (standard deviation)
FLOOR = 1e-10  # power, -100 dB of full scale
AUDIBLE = 3 * np.log(10)  # of log power, 30 dB: what is within so much of its loud parts, a recording says
BLOCK = 4096  # frames whose spectrum is taken at once
EFFORT = 0.3  # by how much an opening up to WIDE grows at twice the mean amplitude; a wider one grows by as many degrees, not more
WIDE = 0.28  # weight of the open jaw
SPARED, SMALL = 0.3, 0.1  # of what an opening has above SMALL, taken back, so that the range of the mouth stays that of the model


def open_by_loudness(motion: Motion, audio: Audio, random: np.random.Generator) -> Motion:
    """`motion` whose jaw and lips open further where the voice is louder than it is on average; closed lips stay closed.

    Loudness is that of the mean band of the spectrum, in decibels, which rises most when parted lips let the high bands out. That it
    opens tracked lips by more than the model does, and by how much, was measured: docs/ablations.md.
    """
    del random  # the signature is that of every gesture
    louder = np.maximum(relative_amplitude(audio, motion.frames, motion.fps) - 1, 0)
    opening = np.maximum(motion.channel("jawOpen") - motion.channel("mouthClose"), 1e-6)
    grown = 1 + EFFORT * louder * np.minimum(1, WIDE / opening)
    scale = grown * (1 - SPARED * np.maximum(opening - SMALL, 0) / opening)
    return motion.with_channels({name: motion.channel(name) * scale for name in ("jawOpen", "mouthClose", *PARTING)}).clamped()


def relative_amplitude(audio: Audio, frames: int, fps: float) -> np.ndarray:
    """The amplitude (frames,) of `audio` over its mean while somebody speaks; 1 throughout in silence."""
    level = _band_level(audio.resample(RATE).samples)
    speech = level > np.percentile(level, 95) - AUDIBLE
    amplitude = smoothed(np.exp((level - level.max()) / 2), SMOOTH)
    times = (np.arange(frames) + 0.5) / fps * RATE / HOP - 0.5
    return np.interp(times, np.arange(level.size), amplitude / amplitude[speech].mean())


def _band_level(samples: np.ndarray) -> np.ndarray:
    """The mean over bands of the logarithm of their power (N,), for each 10 ms of `samples` (S,)."""
    before = (FRAME - HOP) // 2
    padded = np.pad(samples.astype(np.float32), (before, FRAME - before + -samples.size % HOP))
    pieces = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    window = np.hanning(FRAME).astype(np.float32)
    level = []
    for first in range(0, len(pieces), BLOCK):
        power = np.square(np.abs(np.fft.rfft(pieces[first : first + BLOCK] * window))) / np.square(window.sum() / 2)
        level.append(np.log(np.add.reduceat(power[:, : BORDERS[-1]], BORDERS[:-1], axis=1) + FLOOR).mean(axis=1))
    return np.concatenate(level)

"""A mouth that opens further the louder it speaks."""

import numpy as np

from visavox.audio import Audio
from visavox.gestures.smoothing import smoothed
from visavox.motion import Motion
from visavox.rigs.arkit import PARTING
from visavox.windows import SAMPLE_RATE

HOP, PIECE = SAMPLE_RATE // 100, SAMPLE_RATE // 40  # samples of 10 ms and 25 ms
BORDERS = np.array(sorted(set((np.geomspace(300, 8300, 33) - 260).astype(int) // 40)))  # of the bands, in bins of 40 Hz: alike to the ear
SMOOTH = 6  # hops (standard deviation): of a syllable, faster lips tremble
FLOOR = 1e-10  # power, -100 dB of full scale
SPEECH_RANGE = 1.5 * np.log(10)  # of log power, 15 dB: what is within so much of its loudest hundredth is said, and no noise of a room
EFFORT = 0.6  # by how much an opening up to WIDE grows at twice the amplitude of what is said; a wider one grows by as much weight
LOUDEST = 1.5  # above that amplitude, in units of it: a click is no shout
WIDE = 0.28  # weight of the open jaw
SPARED, SMALL = 0.3, 0.1  # of what an opening has above SMALL, taken back, so that the range of the mouth stays that of the model
BLOCK = 4096  # pieces whose spectrum is taken at once


def open_by_loudness(motion: Motion, audio: Audio, random: np.random.Generator) -> Motion:
    """`motion` whose jaw and lips open further where the voice is louder than usual, and wide openings a little less elsewhere; closed
    lips and the jaw behind them stay.

    Loudness is the mean level of the bands of the spectrum, in decibels, which rises most when parted lips let the high bands out. Tracked
    lips follow it further than the model's do: docs/ablations.md.
    """
    del random  # the signature is that of every gesture
    louder = np.clip(relative_amplitude(audio, motion.frames, motion.fps) - 1, 0, LOUDEST)
    jaw, shut = motion.channel("jawOpen"), motion.channel("mouthClose")
    opening = np.maximum(jaw - shut, 0)
    grown = 1 + EFFORT * louder * np.minimum(1, WIDE / np.maximum(opening, WIDE))
    scale = grown * (1 - SPARED * np.maximum(opening - SMALL, 0) / np.maximum(opening, SMALL))
    changed = {"jawOpen": jaw + opening * (scale - 1)} | {name: motion.channel(name) * scale for name in PARTING}
    return motion.with_channels(changed).clamped()


def relative_amplitude(audio: Audio, frames: int, fps: float) -> np.ndarray:
    """The amplitude (frames,) of `audio` over its mean while somebody speaks; 1 throughout in silence."""
    level = _band_level(audio.resample(SAMPLE_RATE).samples)
    loud = level >= np.percentile(level, 99) - SPEECH_RANGE
    amplitude = smoothed(np.exp((level - level.max()) / 2), SMOOTH)
    times = (np.arange(frames) + 0.5) / fps * SAMPLE_RATE / HOP - 0.5
    return np.interp(times, np.arange(level.size), amplitude / amplitude[loud].mean())


def _band_level(samples: np.ndarray) -> np.ndarray:
    """The mean over bands of the logarithm of their power, for each 10 ms of `samples` (S,), of which the last may be shorter."""
    before = (PIECE - HOP) // 2
    padded = np.pad(samples.astype(np.float32), (before, PIECE - HOP - before + -samples.size % HOP))
    pieces = np.lib.stride_tricks.sliding_window_view(padded, PIECE)[::HOP]
    window = np.hanning(PIECE).astype(np.float32)
    level = []
    for first in range(0, len(pieces), BLOCK):
        power = np.square(np.abs(np.fft.rfft(pieces[first : first + BLOCK] * window))) / np.square(window.sum() / 2)
        level.append(np.log(np.add.reduceat(power[:, : BORDERS[-1]], BORDERS[:-1], axis=1) + FLOOR).mean(axis=1))
    return np.concatenate(level)

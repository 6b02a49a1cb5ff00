"""Where a recording pauses and where its voice stands out, for what is asked "at the pause" or "on every stressed word"."""

import numpy as np

from visavox.audio import Audio
from visavox.gestures.accents import HOP, RATE, hops_of, voice_accents
from visavox.levels import quiet_below

SILENT, QUIET = -60.0, 25.0  # dB of full scale, and under the loud parts, below which nobody speaks
SHORTEST = 0.25  # seconds of a pause that people notice


def pauses_of(audio: Audio) -> list[tuple[float, float]]:
    """(start, end) in seconds of the pauses between what is said, in their order; silence before and after it is none."""
    level = hops_of(audio).level
    loud = np.flatnonzero(level >= quiet_below(level, QUIET, SILENT))
    wide = np.flatnonzero(np.diff(loud) * HOP / RATE >= SHORTEST)
    return [((int(loud[place]) + 1) * HOP / RATE, int(loud[place + 1]) * HOP / RATE) for place in wide]


def accents_of(audio: Audio) -> list[float]:
    """The seconds at which the voice of a recording stands out, in their order."""
    return voice_accents(audio)[0].tolist()

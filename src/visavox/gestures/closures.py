"""Lips that meet where the sound says so: shut for p, b and m, tucked for f and v."""

from collections.abc import Callable

import numpy as np

from visavox.audio import Audio
from visavox.motion import Motion
from visavox.rigs.arkit import PARTING

Hearing = Callable[[Audio, int], np.ndarray]
# Probabilities of p or b, of m, of f or v from which the lips begin to meet; m asks for more, since n is often taken for it.
LEAST, SURE = np.array([0.1, 0.25, 0.1]), 0.2  # so much above the least they have met
TUCK = 0.5  # weight of the lower lip rolled in
LOWER = tuple(name for name in PARTING if "Lower" in name)


def meet_lips(hear: Hearing) -> Callable[[Motion, Audio, np.random.Generator], Motion]:
    """A gesture that shuts the lips for p, b and m and tucks the lower one for f and v, as far as they are heard.

    `hear(audio, frames)` gives the probabilities (frames, 3) of p or b, of m, and of f or v. The model moves its lips by the mean of
    what a sound may be, so that a consonant of which it is not sure, in noise above all, leaves them ajar; on a face an open p is a fault
    and a shut t is none. What this does to true and to false closures was measured: docs/ablations.md.
    """

    def gesture(motion: Motion, audio: Audio, random: np.random.Generator) -> Motion:
        del random  # the signature is that of every gesture
        stop, nasal, tucked = np.clip((hear(audio, motion.frames) - LEAST) / SURE, 0, 1).T
        shut = np.maximum(stop, nasal)
        changed = {
            "mouthClose": np.maximum(motion.channel("mouthClose"), shut * motion.channel("jawOpen")),
            "mouthFunnel": motion.channel("mouthFunnel") * (1 - shut),
            "mouthRollLower": np.maximum(motion.channel("mouthRollLower"), TUCK * tucked),
        }
        for name in PARTING:
            changed[name] = motion.channel(name) * (1 - (np.maximum(shut, tucked) if name in LOWER else shut))
        return motion.with_channels(changed).clamped()

    return gesture

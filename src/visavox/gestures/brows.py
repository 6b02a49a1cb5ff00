"""Brows that rise with the voice."""

import numpy as np

from visavox.audio import Audio
from visavox.gestures.accents import voice_accents
from visavox.motion import Motion

CHANCE = 0.45  # that an accent raises the brows
HEIGHT = 0.14  # of browInnerUp at an accent that stands out by 1
HIGHEST = 0.45
LEAD, RISE, FALL = 0.06, 0.09, 0.22  # seconds: the brows start before the syllable's peak; deviations of the two flanks
USUAL = 0.06  # deviation of browInnerUp in the neutral style: a style whose brows move more raises them further
LIVELIEST = 2.0  # times as far, at most
SHARES = {"browInnerUp": 1.0, "browOuterUpLeft": 0.8, "browOuterUpRight": 0.8, "eyeWideLeft": 0.35, "eyeWideRight": 0.35}
LOWERED = ("browDownLeft", "browDownRight")


def raise_brows(motion: Motion, audio: Audio, random: np.random.Generator) -> Motion:
    """`motion` with brows that rise at some accents of the voice, further in a style whose brows are lively, one side a little more.

    The model hears the sound, but brows follow it so loosely that it learns their mean, which is hardly a movement.
    """
    times, heights = voice_accents(audio)
    lively = np.clip(motion.channel("browInnerUp").std() / USUAL, 0.2, LIVELIEST)
    frame_times = (np.arange(motion.frames) + 0.5) / motion.fps
    raised = np.zeros(motion.frames)
    for time, height in zip(times, heights, strict=True):
        taken, size, held = random.random() < CHANCE, random.uniform(0.7, 1.2), random.uniform(0.0, 0.2)
        if not taken:
            continue
        away = frame_times - (time - LEAD)
        flank = np.where(away < 0, away / RISE, np.maximum(away - held, 0) / FALL)
        raised = np.maximum(raised, min(HEIGHT * lively * size * height, HIGHEST) * np.exp(-(flank**2) / 2))
    side = random.normal(0, 0.08)
    more = {"browOuterUpLeft": 1 + side, "browOuterUpRight": 1 - side}
    changed = {name: np.maximum(motion.channel(name), share * more.get(name, 1.0) * raised) for name, share in SHARES.items()}
    changed |= {name: motion.channel(name) * (1 - np.minimum(raised / HEIGHT, 1) * 0.6) for name in LOWERED}
    return motion.with_channels(changed).clamped()

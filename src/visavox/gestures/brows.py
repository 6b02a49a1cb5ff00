"""Brows that rise with the voice and with a head that lifts, and never where it dips.

Of tracked people the brows rise by 3 % of the distance of the eyes at lifts of the head of 2 degrees and more, and sink by 1 % at dips.
"""

from math import ceil, floor

import numpy as np

from visavox.audio import Audio
from visavox.gestures.accents import Hops, hops_of, voice_accents
from visavox.gestures.smoothing import smoothed
from visavox.gestures.voice import track_of
from visavox.motion import Motion

CHANCE = 0.3  # that an accent raises the brows
HEIGHT = 0.14  # of browInnerUp at an accent that stands out by 1
HIGHEST = 0.45
ONE_SIDE = 0.08  # deviation of what one side rises further
LEAD, RISE, FALL = 0.12, 0.09, 0.22  # seconds: the brows start before the syllable's peak; deviations of the two flanks
FELT = 39  # deviations, beyond which a flank is 0 to the last digit
WITH_LIFT = 0.07  # of browInnerUp a degree that the head lifts
WITH_VOICE = 0.03  # and a unit of level and tone, in loud, high stretches
QUICK, SLOW, STRETCH = 0.06, 0.7, 0.3  # seconds: what is smoothed away of a lift, what it is measured from, and of a stretch
DIP = 2.0  # degrees, from which no brow is up
USUAL = 0.06  # deviation of browInnerUp in the neutral style: a style whose brows move more raises them further
LEAST_LIVELY, LIVELIEST = 0.4, 2.0  # times as far
SHARES = {"browInnerUp": 1.0, "browOuterUpLeft": 0.8, "browOuterUpRight": 0.8, "eyeWideLeft": 0.35, "eyeWideRight": 0.35}
LOWERED = ("browDownLeft", "browDownRight")


def raise_brows(motion: Motion, sound: Audio | Hops, random: np.random.Generator) -> Motion:
    """`motion` with brows that rise at some accents of the voice, with most lifts of the head and in loud, high stretches, further in a
    style whose brows are lively, one side a little more. Where the head dips they do not stay up.

    The model hears the sound, but brows follow it so loosely that it learns their mean, which is hardly a movement.
    """
    hops = hops_of(sound)
    lively = np.clip(np.sqrt(motion.channel("browInnerUp").std() / USUAL), LEAST_LIVELY, LIVELIEST)
    lift = lifting(motion)
    voice = track_of(hops, motion.frames, motion.fps)
    stretch = np.clip(smoothed(voice.level + voice.tone, STRETCH * motion.fps), 0, 2) * voice.speech
    raised = WITH_LIFT * _some(lift, random) + WITH_VOICE * stretch
    raised = np.maximum(lively * raised, _at_accents(motion, voice_accents(hops), lively, random))
    return lift_brows(motion, raised, lift, random.normal(0, ONE_SIDE))


def lift_brows(motion: Motion, raised: np.ndarray, lift: np.ndarray, side: float) -> Motion:
    """`motion` whose brows rise by `raised` (T,) of browInnerUp, less where the head, lifted by `lift` (T,) degrees, dips; the left one by
    `side` more."""
    down = np.clip(-lift / DIP, 0, 1)
    raised = np.minimum(raised, HIGHEST) * (1 - down)
    more = {"browOuterUpLeft": 1 + side, "browOuterUpRight": 1 - side}
    changed = {name: np.maximum(motion.channel(name) * (1 - down), share * more.get(name, 1.0) * raised) for name, share in SHARES.items()}
    changed |= {name: motion.channel(name) * (1 - np.minimum(raised / HEIGHT, 1) * 0.6) for name in LOWERED}
    return motion.with_channels(changed).clamped()


def lifting(motion: Motion) -> np.ndarray:
    """By how many degrees (T,) the head is lifted above where it was in the second or two around; below 0 where it dips."""
    pitch = np.degrees(motion.channel("headPitch").astype(float))
    return smoothed(pitch, SLOW * motion.fps) - smoothed(pitch, QUICK * motion.fps)


def _some(lift: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The lifts (T,), each by a share of its own from 0 to 1.4."""
    up = np.maximum(lift, 0)
    begins = np.flatnonzero(np.diff(up > 0, prepend=False) & (up > 0))
    shares = random.uniform(0, 1.4, begins.size)
    return up * np.repeat(np.append(0, shares), np.diff(np.concatenate([[0], begins, [up.size]])))


def _at_accents(motion: Motion, accents: tuple[np.ndarray, np.ndarray], lively: float, random: np.random.Generator) -> np.ndarray:
    """How far (T,) the brows rise at accents, of which chance takes some."""
    raised = np.zeros(motion.frames)
    for time, height in zip(*accents, strict=True):
        taken, size, held = random.random() < CHANCE, random.uniform(0.7, 1.2), random.uniform(0.0, 0.2)
        if not taken:
            continue
        peak = time - LEAD
        near = slice(max(floor((peak - FELT * RISE) * motion.fps), 0), ceil((peak + held + FELT * FALL) * motion.fps))
        away = (np.arange(motion.frames)[near] + 0.5) / motion.fps - peak
        flank = np.where(away < 0, away / RISE, np.maximum(away - held, 0) / FALL)
        raised[near] = np.maximum(raised[near], HEIGHT * lively * size * height * np.exp(-(flank**2) / 2))
    return raised

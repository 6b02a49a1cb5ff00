"""The jaw and the lips of round vowels."""

import numpy as np

from visavox.motion import Motion
from visavox.rigs.arkit import PARTING

JAW_FOR_FUNNEL, FUNNEL_GIVEN = 0.35, 0.98  # the jaw opens the default head's lips 2.8 times as far as the funnel does
LIPS_UNDER_PUCKER = 0.3


def open_rounded(motion: Motion) -> Motion:
    """`motion` whose jaw takes over what funnelled lips part by themselves, and whose puckered lips part a little.

    The model holds the mouth nearly shut in rounded vowels, since the default head's funnel parts the lips; other rigs need the jaw.
    Closed lips and tucked ones stay as they are. The shares were set on recordings with known words (docs/ablations.md).
    """
    jaw, funnel = motion.channel("jawOpen"), motion.channel("mouthFunnel")
    closed = np.clip(motion.channel("mouthClose") / np.maximum(jaw, 0.05), 0, 1)
    free = (1 - closed) * (1 - np.clip(2 * motion.channel("mouthRollLower"), 0, 1))
    changed = {"jawOpen": jaw + free * JAW_FOR_FUNNEL * funnel, "mouthFunnel": funnel * (1 - FUNNEL_GIVEN * free)}
    parted = free * LIPS_UNDER_PUCKER * motion.channel("mouthPucker")
    return motion.with_channels(changed | {name: motion.channel(name) + parted for name in PARTING}).clamped()

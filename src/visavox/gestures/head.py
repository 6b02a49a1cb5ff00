"""The head in the room: brought back to whoever listens."""

import numpy as np

from visavox.audio import Audio
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD

ATTENTION = 0.75  # share of the mean turn of the head that is undone


def attend(motion: Motion, audio: Audio, random: np.random.Generator) -> Motion:
    """`motion` with the head brought back towards whoever listens: of its mean rotation over the recording, ATTENTION is undone.

    A speaker may hold the head a little aside, but turns to the listener; ranges and speeds stay as they are.
    """
    del audio, random  # the signature is that of every gesture
    means = {name: motion.channel(name).mean() for name in HEAD}
    return motion.with_channels({name: motion.channel(name) - ATTENTION * mean for name, mean in means.items()})

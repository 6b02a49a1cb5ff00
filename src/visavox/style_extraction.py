"""`extract_style`: how a motion is spoken, as the style encoder reads it."""

from collections.abc import Callable

import numpy as np

from visavox.errors import OptionError, RigError
from visavox.gestures.head_style import head_style_of
from visavox.motion import Motion
from visavox.style import Style

FAR = 6.0  # deviations


def extract_style(engine, restore: Callable, style_encoder: str, motion: Motion, name: str = "unnamed") -> Style:
    """How `motion` is spoken: the mean style of the windows that cover it.

    Channels that the model never learned to move, such as blinks, are not read, and no channel further than FAR deviations out of the
    motion that the model makes, which `restore` makes physical. Raises a RigError for another rig, an OptionError for a motion shorter
    than a window. The style of the head is read off the motion itself.
    """
    window = engine.config.denoiser.window
    rig, motion = engine.config.rig, motion.at_fps(engine.config.fps)
    if not set(rig.channels) <= set(motion.rig.channels):
        rigs = f"{motion.rig.name!r}, this model moves {rig.name!r}"
        raise RigError(f"style cannot be taken from a motion of rig {rigs}; retarget it first")
    if motion.frames < window:
        shortest = f"{motion.frames} frames, shorter than the {window} that the style encoder reads"
        raise OptionError(f"style cannot be taken from a motion of {shortest}; give at least {window / motion.fps:g} s")
    normalizer = engine.normalizer
    low, high = (normalizer.normalise(restore(np.full(len(rig), far, np.float32))) for far in (-FAR, FAR))
    values = np.clip(normalizer.normalise(motion.select(rig.names)), low, high) * normalizer.moving()
    last = motion.frames - window
    starts = [*range(0, last, window), last]
    windows = np.stack([values[start : start + window] for start in starts])
    vector = engine.encode_style(windows).mean(axis=0)
    if not vector.any():
        raise OptionError("this checkpoint was converted without its style encoder, so no style can be extracted; give style files")
    return Style(vector, style_encoder, name, head_style_of(motion))

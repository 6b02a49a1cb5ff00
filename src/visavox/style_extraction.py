"""`extract_style`: how a motion is spoken, as the style encoder reads it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from visavox.audio import Audio
from visavox.engine import Engine
from visavox.errors import OptionError, RigError
from visavox.gestures.face_style import face_style_of, lips_of, nearer_lips
from visavox.gestures.head_fit import matched_head
from visavox.gestures.head_style import head_style_of
from visavox.motion import Motion
from visavox.style import Style

ROUNDS, TRIES = 2, 3


def extract_style(engine: Engine, style_encoder: str, motion: Motion, name: str = "unnamed", start: float | None = None) -> Style:
    """How `motion` is spoken: the mean style of the windows that cover it, or that of the one window from `start` seconds on, as
    published. Values are read as they are, as in training, but for channels that the model never learned to move, such as blinks.
    The style of the head is read off the motion itself. Raises a RigError for another rig, an OptionError for a motion shorter than a
    window, or one that ends before the window does.
    """
    window = engine.config.denoiser.window
    rig, motion = engine.config.rig, motion.at_fps(engine.config.fps)
    if not set(rig.channels) <= set(motion.rig.channels):
        rigs = f"{motion.rig.name!r}, this model moves {rig.name!r}"
        raise RigError(f"style cannot be taken from a motion of rig {rigs}; retarget it first")
    if motion.frames < window:
        shortest = f"{motion.frames} frames, shorter than the {window} that the style encoder reads"
        raise OptionError(f"style cannot be taken from a motion of {shortest}; give at least {window / motion.fps:g} s")
    values = engine.motion.normalise(motion.select(rig.names)) * engine.motion.moving()
    windows = np.stack([values[first : first + window] for first in _starts(motion, window, start)])
    vector = engine.encode_style(windows).mean(axis=0)
    if not vector.any():
        raise OptionError("this checkpoint was converted without its style encoder, so no style can be extracted; give style files")
    read = motion if start is None else motion.between(start, start + window / motion.fps)
    return Style(vector, style_encoder, name, head_style_of(read))


def style_of_parts(extract: Callable[[Motion, str], Style], parts: Sequence[Motion], name: str = "unnamed") -> Style:
    """The style of somebody who was seen in several `parts`, each at least a window: the mean, weighted by seconds, of what `extract` takes
    of each; the head's from the longest."""
    styles = [extract(part, name) for part in parts]
    seconds = [part.seconds for part in parts]
    longest = styles[int(np.argmax(seconds))]
    return replace(longest, vector=np.average([style.vector for style in styles], axis=0, weights=seconds))


def matched(style: Style, seen: Motion, sound: Audio, animate: Callable[[Style, int], Motion]) -> Style:
    """`style`, which was taken from the motion `seen`, with the head and the face style that bring what is made of it nearer to that.

    `animate(style, seed)` makes motion of a `sound`: of it the head's range and speed count, how far the lips part and spread, the smile
    and the brows. The lips come first, in ROUNDS, then what is still laid over. Brows go by chance, so all of TRIES count.
    """
    style, face = replace(style, head=matched_head(style.head, seen, sound)), lips_of(seen)
    made = []
    for number in range(ROUNDS if face.known else 0):
        made.append(animate(replace(style, face=face), number))
        face = nearer_lips(face, seen, made[-1])
    made = [animate(replace(style, face=face), len(made) + number) for number in range(TRIES)]
    return replace(style, face=face_style_of(seen, made, face))


def _starts(motion: Motion, window: int, start: float | None) -> list[int]:
    """The first frames of the windows that are read."""
    last = motion.frames - window
    if start is None:
        return [*range(0, last, window), last]
    first = round(start * motion.fps)
    if not 0 <= first <= last:
        spans = f"its {motion.seconds:g} s hold a window of {window / motion.fps:g} s that starts from 0 to {last / motion.fps:g} s"
        raise OptionError(f"no style can be taken from {start:g} s on; {spans}")
    return [first]

"""Gestures that a living face makes, as seeded additions to a motion: whatever is said, brows, blinks, gaze, a breath; and of the mouth,
how far it opens and spreads, as people's do at the same sounds, lips that meet for the sounds that are heard, and which muscles do it.
The head is one as well, `move_head`.

Each gesture takes (motion, audio, random) and returns a new motion of the same rig and length; channels that the rig lacks are an error.
"""

from collections.abc import Callable, Collection

from visavox.gestures.breath import breathe
from visavox.gestures.brows import LOWERED, SHARES, raise_brows
from visavox.gestures.eyes import blink, look
from visavox.gestures.head import move_head
from visavox.gestures.lip_closure import Hearing, shape_lips
from visavox.gestures.lip_reading import READINGS, follow_reading
from visavox.gestures.loudness import open_by_loudness
from visavox.gestures.muscles import MOVED, share_opening
from visavox.gestures.round_vowels import open_rounded
from visavox.rig import Rig
from visavox.rigs.arkit import GAZE, HEAD, MOUTH

UNREAD, LIVING = (open_by_loudness, breathe), (raise_brows, look, blink)
_MOVED = (*GAZE, *HEAD, *MOUTH, "jawOpen", "eyeBlinkLeft", "eyeBlinkRight", *SHARES, *LOWERED, *MOVED)


def gestures_of(rig: Rig, hear: Hearing | None = None, cues: Collection[str] = ()) -> tuple:
    """The gestures in their order when `rig` has the channels that they move, none otherwise.

    `hear` gives the `cues` of the lips by name: with the phones among them lips meet for what is heard, with the readings the mouth follows
    those, without them the loudness of the voice and its breath.
    """
    if not all(name in rig for name in _MOVED):
        return ()
    mouth = (follow_reading(hear),) if hear and set(READINGS) <= set(cues) else UNREAD
    met = [shape_lips(hear)] if hear and cues else []  # lips that meet come after all that parts them
    return (open_rounded, *mouth, *met, *LIVING, share_opening)  # last: it only shares what the others have opened


def head_of(rig: Rig) -> Callable | None:
    """The gesture that moves the head, when `rig` has one."""
    return move_head if all(name in rig for name in HEAD) else None


def lips_of(rig: Rig) -> tuple[str, ...]:
    """The names of the channels of `rig` that the sound dictates, which are those of ARKit's mouth; none on another rig."""
    return tuple(name for name in (*MOUTH, "jawOpen", "tongueOut") if name in rig)

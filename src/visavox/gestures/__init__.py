"""Gestures that a living face makes, as seeded additions to a motion: a head that moves and breathes, brows, blinks, gaze. Those of the
mouth say how far it opens and spreads, for which sounds lips meet, and which muscles do it.

Each is a `Gesture`: piece by piece, with a declared delay. The functions behind them take (motion, audio, random) and return a new motion
of the same rig and length; channels that the rig lacks are an error.
"""

from collections.abc import Collection

from visavox.gestures.brows import LOWERED, RAISING, SHARES
from visavox.gestures.eyes import BLINKING, LOOKING
from visavox.gestures.face_style import carry_face
from visavox.gestures.gesture import FrameByFrame, Gesture, Piece, Take, WholeRecording, seeded
from visavox.gestures.head import move_head
from visavox.gestures.head_breath import BREATHING
from visavox.gestures.lip_breath import breathe
from visavox.gestures.lip_closure import shape_lips
from visavox.gestures.lip_reading import READINGS, follow_reading
from visavox.gestures.loudness import open_by_loudness
from visavox.gestures.muscles import MOVED, share_opening
from visavox.gestures.round_vowels import open_rounded
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.rigs.arkit import GAZE, HEAD, MOUTH

_MOVED = (*GAZE, *HEAD, *MOUTH, "jawOpen", "eyeBlinkLeft", "eyeBlinkRight", *SHARES, *LOWERED, *MOVED)


def gestures_of(rig: Rig, cues: Collection[str] = ()) -> tuple[Gesture, ...]:
    """The gestures in their order: those of the head when `rig` has one, the others when it has the channels that they move.

    `cues` are the names of what is known of the lips. With phones among them lips meet for what is heard, with the readings the mouth
    follows those, without them the loudness of the voice and its breath.
    """
    head = (WholeRecording("head", _move_head), BREATHING) if all(name in rig for name in HEAD) else ()
    if not all(name in rig for name in _MOVED):
        return head
    mouth = _READ if set(READINGS) <= set(cues) else _UNREAD
    met = (WholeRecording("lip closure", _shape_lips),) if cues else ()  # lips that meet come after all that parts them
    return (*head, _ROUNDED, *mouth, *met, *_LIVING, _CARRIED, _SHARED)  # last: it only shares what the others have opened


def _move_head(piece: Piece, take: Take) -> Motion:
    return move_head(piece.motion, piece.voice, lambda frames, count: take.chance.frames(0, (frames, count)), take.head)


def _follow_reading(piece: Piece, take: Take) -> Motion:
    return follow_reading(lambda audio, frames: piece.cues)(piece.motion, piece.audio, take.chance.generator())


def _shape_lips(piece: Piece, take: Take) -> Motion:
    return shape_lips(lambda audio, frames: piece.cues)(piece.motion, piece.audio, take.chance.generator())


_ROUNDED, _SHARED = FrameByFrame("round vowels", seeded(open_rounded)), FrameByFrame("muscles", seeded(share_opening))
_READ = (WholeRecording("lip reading", _follow_reading),)
_UNREAD = (WholeRecording("loudness", seeded(open_by_loudness)), WholeRecording("breath", seeded(breathe)))
_CARRIED = FrameByFrame("face style", carry_face)
_LIVING = RAISING, LOOKING, BLINKING


def lips_of(rig: Rig) -> tuple[str, ...]:
    """The names of the channels of `rig` that the sound dictates, which are those of ARKit's mouth; none on another rig."""
    return tuple(name for name in (*MOUTH, "jawOpen", "tongueOut") if name in rig)

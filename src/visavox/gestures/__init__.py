"""Gestures that a living face makes, as seeded additions to a motion: a head that moves and breathes, brows, blinks, gaze. Those of the
mouth say how far it opens and spreads, for which sounds lips meet, and which muscles do it.

Each is a `Gesture`: piece by piece, with a declared delay. The functions behind them take (motion, audio, random) and return a new motion
of the same rig and length; channels that the rig lacks are an error.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from visavox.gestures.brows import LOWERED, RAISING, SHARES
from visavox.gestures.eyes import BLINKING, LOOKING
from visavox.gestures.face_style import carry_face
from visavox.gestures.gesture import ByStyle, Gesture, Piece, Take, WholeRecording, seeded
from visavox.gestures.head import move_head
from visavox.gestures.head_breath import BREATHING
from visavox.gestures.lip_breath import breathe
from visavox.gestures.lip_closure import CLOSURE
from visavox.gestures.lip_reading import READING, READINGS
from visavox.gestures.loudness import open_by_loudness
from visavox.gestures.muscles import MOVED, share_opening
from visavox.gestures.round_vowels import open_rounded
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.rigs.arkit import GAZE, HEAD, MOUTH

_MOVED = (*GAZE, *HEAD, *MOUTH, "jawOpen", "eyeBlinkLeft", "eyeBlinkRight", *SHARES, *LOWERED, *MOVED)


@dataclass(frozen=True)
class Listed:
    """A gesture and when it is made: on a rig that has the `channels`, for lips of which so much is known, by the names of their cues."""

    gesture: Gesture
    channels: tuple[str, ...] = _MOVED
    asked: Callable[[Collection[str]], bool] = lambda cues: True


def _move_head(piece: Piece, take: Take) -> Motion:
    return move_head(piece.motion, piece.voice, lambda frames, count: take.chance.frames(0, (frames, count)), take.head)


def _open_rounded(piece: Piece, take: Take) -> Motion:
    return open_rounded(piece.motion)


def _share_opening(piece: Piece, take: Take) -> Motion:
    return share_opening(piece.motion, take.face.muscles)


def _are_read(cues: Collection[str]) -> bool:
    """Whether a lip reader is at hand, which the mouth then follows; else it goes by the loudness of the voice and its breath."""
    return set(READINGS) <= set(cues)


def _are_not_read(cues: Collection[str]) -> bool:
    return not _are_read(cues)


GESTURES = (
    Listed(WholeRecording("head", _move_head), HEAD),
    Listed(BREATHING, HEAD),
    Listed(ByStyle("round vowels", _open_rounded)),
    Listed(READING, asked=_are_read),
    Listed(WholeRecording("loudness", seeded(open_by_loudness)), asked=_are_not_read),
    Listed(WholeRecording("breath", seeded(breathe)), asked=_are_not_read),
    Listed(CLOSURE, asked=bool),  # lips that meet come after all that parts them
    Listed(RAISING),
    Listed(LOOKING),
    Listed(BLINKING),
    Listed(ByStyle("face style", carry_face)),
    Listed(ByStyle("muscles", _share_opening)),  # last: it only shares what the others have opened
)


def gestures_of(rig: Rig, cues: Collection[str] = ()) -> tuple[Gesture, ...]:
    """The gestures of GESTURES that a face of `rig` makes, in their order. `cues` are the names of what is known of the lips: phones, for
    which they meet, and readings."""
    return tuple(each.gesture for each in GESTURES if all(name in rig for name in each.channels) and each.asked(cues))


def lips_of(rig: Rig) -> tuple[str, ...]:
    """The names of the channels of `rig` that the sound dictates, which are those of ARKit's mouth; none on another rig."""
    return tuple(name for name in (*MOUTH, "jawOpen", "tongueOut") if name in rig)

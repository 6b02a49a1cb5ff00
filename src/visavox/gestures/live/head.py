"""The head of a live voice: that of a recording, which moves as soon as it is asked to."""

from collections.abc import Sequence

import numpy as np

from visavox.gestures.gesture import Piece
from visavox.gestures.head import DRAWS, HeadGesture
from visavox.gestures.live.voice import VOICE
from visavox.gestures.remembered import Live, Remembered
from visavox.gestures.side_by_side import rows_of_each
from visavox.gestures.voice import VoiceTrack
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD
from visavox.windows import FPS

_GESTURE = HeadGesture(delay=0.0)


def _move(voices: Sequence[Remembered], piece: Piece) -> Motion:
    parts, cues = [], [np.asarray(piece.cues[name]) for name in VOICE]
    for each, rows in zip(voices, rows_of_each(piece, len(voices)), strict=True):
        chance = each.take.chance.frames(each.memory.taken_in, (rows.stop - rows.start, DRAWS))
        parts.append(_GESTURE.parts(each.memory, VoiceTrack(*(values[rows] for values in cues)), chance))
    angles = np.radians(_GESTURE.joined(np.concatenate(parts), voices[0].take.head))
    return piece.motion.with_channels(dict(zip(HEAD, angles.T, strict=True))).clamped()


LIVE_HEAD = Live("head", lambda take: _GESTURE.start(take.head, FPS), _move)

"""The head of a live voice: that of a recording, which moves as soon as it is asked to."""

import numpy as np

from visavox.gestures.gesture import Piece, Take
from visavox.gestures.head import DRAWS, HeadGesture, HeadState
from visavox.gestures.live.voice import VOICE
from visavox.gestures.remembered import Live
from visavox.gestures.voice import VoiceTrack
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD
from visavox.windows import FPS

_GESTURE = HeadGesture(delay=0.0)


def _move(take: Take, memory: HeadState, piece: Piece) -> Motion:
    track = VoiceTrack(*(np.asarray(piece.cues[name]) for name in VOICE))
    chance = take.chance.frames(memory.taken_in, (piece.motion.frames, DRAWS))
    angles = np.radians(_GESTURE.step(memory, track, chance))
    return piece.motion.with_channels(dict(zip(HEAD, angles.T, strict=True))).clamped()


LIVE_HEAD = Live("head", lambda take: _GESTURE.start(take.head, FPS), _move)

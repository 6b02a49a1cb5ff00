"""The head of a live voice, and what it does while nobody speaks: it breathes."""

from dataclasses import dataclass
from math import pi, sin

import numpy as np

from visavox.gestures.gesture import Piece, Take
from visavox.gestures.head import DRAWS, HeadGesture, HeadState, even_share
from visavox.gestures.live.voice import VOICE
from visavox.gestures.remembered import Live
from visavox.gestures.voice import VoiceTrack
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD
from visavox.windows import FPS

BREATH, SPREAD = 4.2, 0.8  # seconds from breath to breath in rest, and how much longer or shorter one may be
RISE = 0.35  # degrees that a head rises with a breath
SETTLED = 1.5  # seconds of silence from which breathing shows, and in which it fades where speech begins

_GESTURE = HeadGesture(delay=0.0)


def _move(take: Take, memory: HeadState, piece: Piece) -> Motion:
    track = VoiceTrack(*(np.asarray(piece.cues[name]) for name in VOICE))
    chance = take.chance.frames(memory.taken_in, (piece.motion.frames, DRAWS))
    angles = np.radians(_GESTURE.step(memory, track, chance))
    return piece.motion.with_channels(dict(zip(HEAD, angles.T, strict=True))).clamped()


@dataclass
class BreathMemory:
    """Frames shown, the share of the breath under way, its seconds, and how far nobody speaks."""

    frame: int = 0
    share: float = 0.0
    seconds: float = BREATH
    rest: float = 0.0


def _breathe(take: Take, memory: BreathMemory, piece: Piece) -> Motion:
    rises = []
    for speech in np.asarray(piece.cues["voice speech"]).tolist():
        memory.share += 1 / (memory.seconds * FPS)
        if memory.share >= 1:
            memory.share -= 1
            memory.seconds = BREATH + SPREAD * (2 * even_share(float(take.chance.frames(memory.frame, (1, 1))[0, 0])) - 1)
        memory.rest += (1 - speech - memory.rest) / (SETTLED * FPS)
        rises.append(-np.radians(RISE) * memory.rest * sin(2 * pi * memory.share))
        memory.frame += 1
    return piece.motion.with_channels({"headPitch": piece.motion.channel("headPitch") + np.array(rises)}).clamped()


LIVE_HEAD = Live("head", lambda take: _GESTURE.start(take.head, FPS), _move)
LIVE_BREATH = Live("breathing", lambda take: BreathMemory(), _breathe)

"""A head that breathes while nobody speaks: one machine for a recording and for a live voice."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi, sin

import numpy as np

from visavox.gestures.gesture import Piece, Take, WholeRecording
from visavox.gestures.head import even_share
from visavox.gestures.remembered import Live, Remembered
from visavox.gestures.side_by_side import rows_of_each
from visavox.gestures.voice import track_of
from visavox.motion import Motion

BREATH, SPREAD = 4.2, 0.8  # seconds from breath to breath in rest, and how much longer or shorter one may be
RISE = 0.35  # degrees that a head rises with a breath
SETTLED = 1.5  # seconds of silence from which breathing shows, and in which it fades where speech begins


@dataclass
class BreathMemory:
    """Frames shown, the share of the breath under way, its seconds, and how far nobody speaks."""

    frame: int = 0
    share: float = 0.0
    seconds: float = BREATH
    rest: float = 0.0


def breathe(take: Take, memory: BreathMemory, motion: Motion, speech: np.ndarray) -> Motion:
    """`motion` whose head rises a little with each breath, as far as nobody speaks: `speech` (T,), 0 to 1."""
    return _pitched(motion, _rises(take, memory, motion.fps, speech))


def _rises(take: Take, memory: BreathMemory, fps: float, speech: np.ndarray) -> list[float]:
    """What is added to the pitch of the head in each frame."""
    rises = []
    for speaks in speech.tolist():
        memory.share += 1 / (memory.seconds * fps)
        if memory.share >= 1:
            memory.share -= 1
            memory.seconds = BREATH + SPREAD * (2 * even_share(float(take.chance.frames(memory.frame, (1, 1))[0, 0])) - 1)
        memory.rest += (1 - speaks - memory.rest) / (SETTLED * fps)
        rises.append(-np.radians(RISE) * memory.rest * sin(2 * pi * memory.share))
        memory.frame += 1
    return rises


def _pitched(motion: Motion, rises: list[float]) -> Motion:
    return motion.with_channels({"headPitch": motion.channel("headPitch") + np.array(rises)}).clamped()


def _breathe_in_recording(piece: Piece, take: Take) -> Motion:
    speech = track_of(piece.voice, piece.motion.frames, piece.motion.fps).speech
    return breathe(take, BreathMemory(), piece.motion, speech)


def _breathe_live(voices: Sequence[Remembered], piece: Piece) -> Motion:
    speech, rises = np.asarray(piece.cues["voice speech"]), []
    for each, rows in zip(voices, rows_of_each(piece, len(voices)), strict=True):
        rises += _rises(each.take, each.memory, piece.motion.fps, speech[rows])
    return _pitched(piece.motion, rises)


BREATHING = WholeRecording("breathing", _breathe_in_recording)  # what silence is in this recording is known at its end
LIVE_BREATHING = Live("breathing", lambda take: BreathMemory(), _breathe_live)

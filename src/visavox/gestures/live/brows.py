"""Brows of a live voice: they rise at accents, lifts of the head and in loud, high stretches, a little later than in a recording."""

from dataclasses import dataclass, field
from math import exp, sqrt

import numpy as np

from visavox.gestures.brows import (
    CHANCE,
    FALL,
    HEIGHT,
    LEAST_LIVELY,
    LIVELIEST,
    ONE_SIDE,
    QUICK,
    RISE,
    SLOW,
    STRETCH,
    USUAL,
    WITH_LIFT,
    WITH_VOICE,
    lift_brows,
)
from visavox.gestures.gesture import Piece, Take
from visavox.gestures.head import even_share
from visavox.gestures.remembered import Drawn, Live, RunningMean
from visavox.motion import Motion
from visavox.windows import FPS

REACTS = 0.2  # seconds from an accent to the height of its brows
USUAL_FRAMES, LONGEST = 150.0, 1500.0  # that the usual liveliness weighs, and over which it is measured at most


@dataclass
class BrowMemory:
    """Frames shown, the head's quick and slow pitch in degrees, the share of the lift under way, and accents: peak, held, height."""

    frame: int = 0
    quick: float = 0.0
    slow: float = 0.0
    lifted: bool = False
    share: float = 0.0
    stretch: float = 0.0
    side: float = 0.0
    accents: list[list[float]] = field(default_factory=list)
    inner: RunningMean = field(default_factory=lambda: RunningMean(0.0, USUAL**2, USUAL_FRAMES, LONGEST))


def _raise(take: Take, memory: BrowMemory, piece: Piece) -> Motion:
    motion, raised, lifts = piece.motion, [], []
    level, tone, speech, accents = (np.asarray(piece.cues[f"voice {name}"]).tolist() for name in ("level", "tone", "speech", "accent"))
    pitches, inner = np.degrees(motion.channel("headPitch").astype(float)).tolist(), motion.channel("browInnerUp").tolist()
    for at in range(motion.frames):
        draws = Drawn(take, memory.frame, 5)
        lift = _lift(memory, pitches[at], draws)
        memory.inner.add(inner[at])
        lively = min(max(sqrt(memory.inner.deviation / USUAL), LEAST_LIVELY), LIVELIEST)
        now = (memory.frame + 0.5) / FPS
        if accents[at] and even_share(draws[1]) < CHANCE:
            memory.accents.append([now + REACTS, 0.2 * even_share(draws[3]), accents[at] * (0.7 + 0.5 * even_share(draws[2]))])
        memory.stretch += (level[at] + tone[at] - memory.stretch) / (1 + STRETCH * FPS)
        slow = WITH_LIFT * memory.share * max(lift, 0) + WITH_VOICE * min(max(memory.stretch, 0), 2) * speech[at]
        raised.append(lively * max(slow, max((HEIGHT * _flank(now, *accent) for accent in memory.accents), default=0.0)))
        lifts.append(lift)
        memory.accents = [accent for accent in memory.accents if now < accent[0] + accent[1] + 4 * FALL]
        memory.frame += 1
    return lift_brows(motion, np.array(raised), np.array(lifts), memory.side)


def _lift(memory: BrowMemory, pitch: float, draws: Drawn) -> float:
    """By how many degrees the head is lifted above where it was so far."""
    if not memory.frame:
        memory.quick = memory.slow = pitch
        memory.side = ONE_SIDE * draws[4]
    memory.quick += (pitch - memory.quick) / (1 + QUICK * FPS)
    memory.slow += (pitch - memory.slow) / (1 + SLOW * FPS)
    lift = memory.slow - memory.quick
    if lift > 0 and not memory.lifted:
        memory.share = 1.4 * even_share(draws[0])
    memory.lifted = lift > 0
    return lift


def _flank(now: float, peak: float, held: float, height: float) -> float:
    away = now - peak
    flank = away / RISE if away < 0 else max(away - held, 0) / FALL
    return height * exp(-(flank**2) / 2)


LIVE_BROWS = Live("brows", lambda take: BrowMemory(), _raise)

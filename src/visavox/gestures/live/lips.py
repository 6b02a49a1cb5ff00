"""Lips of a live voice: they meet, and open and spread as the lip reader reads, with running statistics in place of a recording's.

Source of the usual values: medians of 16 recordings with text and 5 filmed clips, read with 3 frames of look-ahead.
"""

from dataclasses import dataclass, field

import numpy as np

from visavox.gestures.gesture import Piece, Take
from visavox.gestures.lip_closure import ROUNDED, SPREAD_VOWELS, closing, meet, readiness
from visavox.gestures.lip_reading import (
    CERTAIN,
    CERTAIN_NEAR,
    CERTAINTY,
    GAP_TRUST,
    KNOWN,
    LARGE,
    LEAST_DEVIATION,
    LEAST_OF_VOWELS,
    LEAST_RANGE,
    PAUSE_TRUST,
    SMALL,
    SPEECH,
    USUAL_LARGEST,
    USUAL_WIDTH,
    VOWELS,
    as_known,
    freed,
    gap_of,
    open_to,
    spread_by,
    width_of,
    width_trust,
)
from visavox.gestures.remembered import Live, RunningMean, RunningQuantiles
from visavox.motion import Motion
from visavox.style import FaceStyle
from visavox.windows import FPS

SOON = "silence soon"  # the cue of silence, two frames on: lips part before they speak
NEXT = " next"  # after the name of a cue: the same of the frame after
BESIDE = 0.107  # share of each frame beside in a phone's probability: lips do not snap
COMING, FIRM = 0.2, 1.3  # share of each frame beside in how surely the lips meet; how much further they press, to meet for short closures
USUAL_LOW, USUAL_HIGH, USUAL_WIDE, USUAL_SPREAD, USUAL_CERTAIN = -1.05, 1.41, -0.16, 0.67, 0.67
WEIGHS, LONGEST = 75.0, 1500.0  # frames of speech that the usual values weigh, and over which readings are measured at most
HELD, PAUSE, AJAR = 4, 25, 0.4  # frames after speech in which the lips stay parted, and ajar, by so much: they may speak on, as after most
PART, SHUT, EASE = 0.6, 0.2, 0.6  # share of the way in a frame: to parted lips, to shut ones, to what is trusted in speech
PHONES = tuple(sorted({"P", "B", "M", "F", "V", "AA", "AO", *SPREAD_VOWELS, *ROUNDED}))
AT_ONCE = 0.94  # of a gap: asked once, the denoiser opens lips further than in four steps; median of 7 recordings of strangers
SURE = 2  # frames: what is shorter is a click


def _meet(take: Take, memory: dict, piece: Piece) -> Motion:
    now, following = ({name: piece.cues[name + when] for name in PHONES} for when in ("", NEXT))
    phones = {name: _between(memory, name, share, following[name], BESIDE) for name, share in now.items()}
    ready = readiness(gap_of(piece.motion), USUAL_LARGEST)
    shut = np.minimum(FIRM * _between(memory, "shut", closing(now, ready), closing(following, ready), COMING), 1)
    return meet(piece.motion, phones, shut)


def _between(memory: dict, name: str, now: np.ndarray, following: np.ndarray, beside: float) -> np.ndarray:
    """`now` (T,), of which a share `beside` is the frame before and another the one after; remembers its last."""
    before = np.concatenate([[memory.get(name, now[0])], now[:-1]])
    memory[name] = float(now[-1])
    return (1 - 2 * beside) * now + beside * (before + following)


@dataclass
class ReadingMemory:
    """What was read and made so far in speech, and how far somebody speaks."""

    gap_read: RunningQuantiles = field(
        default_factory=lambda: RunningQuantiles.usual(
            np.linspace(USUAL_LOW - 0.13, USUAL_HIGH + 0.14, 41), WEIGHS, (-4.0, 4.0, 200), LONGEST
        )
    )
    gap_made: RunningQuantiles = field(
        default_factory=lambda: RunningQuantiles.usual(np.linspace(0, USUAL_LARGEST / 0.95, 41), KNOWN * FPS, (0.0, 0.5, 200), LONGEST)
    )
    width_read: RunningMean = field(default_factory=lambda: RunningMean(USUAL_WIDE, USUAL_SPREAD**2, WEIGHS, LONGEST))
    width_made: RunningMean = field(default_factory=lambda: RunningMean(0.0, USUAL_WIDTH**2, KNOWN * FPS, LONGEST))
    sound: float = 0.5
    certain: float = 0.5 * USUAL_CERTAIN
    frames: int = 0  # of speech, without a break
    since: int = 999  # frames since speech
    parted: float = 0.0
    voiced: float = 0.0
    vowels: float = 0.0


def _follow(take: Take, memory: ReadingMemory, piece: Piece) -> Motion:
    motion, cues = piece.motion, piece.cues
    gap = AT_ONCE * gap_of(motion)
    width = width_of(motion)
    vowels = np.clip(sum(np.asarray(cues[name]) for name in VOWELS), 0, 1)
    names = ("SIL", SOON, CERTAINTY, "gap", "width")
    rows = zip(*(np.asarray(cues[name]).tolist() for name in names), gap.tolist(), width.tolist(), vowels.tolist(), strict=True)
    wanted = np.array([_wanted(memory, take.face, *row) for row in rows])
    motion = open_to(freed(motion, vowels, take.face), wanted[:, 0])
    return spread_by(motion, wanted[:, 1], take.face.smiling).clamped()


def _wanted(memory: ReadingMemory, face: FaceStyle, *row: float) -> tuple[float, float]:
    """How far the lips stand apart and how much wider the mouth becomes in one frame."""
    silence, soon, certainty, gap_read, width_read, gap, width, vowels = row
    speaks = _speaks(memory, silence, certainty, soon)
    if speaks:
        for statistic, value in (
            (memory.gap_read, gap_read),
            (memory.gap_made, gap),
            (memory.width_read, width_read),
            (memory.width_made, width),
        ):
            statistic.add(value)
    memory.voiced += EASE * (float(speaks) - memory.voiced)
    memory.vowels += EASE * (vowels - memory.vowels)
    low, high, largest = memory.gap_read.at(0.05), memory.gap_read.at(0.95), memory.gap_made.at(0.95)
    read = as_known(max(largest * (SMALL + (1 - SMALL) * (gap_read - low) / max(high - low, LEAST_RANGE)), 0), gap_read, face)
    trust = PAUSE_TRUST + (GAP_TRUST - PAUSE_TRUST) * memory.voiced
    opened = max(gap + trust * (read - gap), LEAST_OF_VOWELS * memory.vowels * as_known(largest, LARGE, face))
    size = memory.width_made.deviation / max(memory.width_read.deviation, LEAST_DEVIATION)
    size += face.known * (face.width_range - size)
    wide = memory.width_made.mean + size * (width_read - memory.width_read.mean)
    return memory.parted * opened, memory.parted * width_trust(face) * (wide - width)


def _speaks(memory: ReadingMemory, silence: float, certainty: float, soon: float) -> bool:
    """Whether somebody speaks; moves on how far the lips may be parted."""
    sound, share = silence < 1 - SPEECH, 1 / (1 + CERTAIN_NEAR * FPS)
    memory.sound += share * (float(sound) - memory.sound)
    memory.certain += share * (certainty * float(sound) - memory.certain)
    known = memory.certain > CERTAIN * memory.sound
    memory.frames = memory.frames + 1 if sound and known else 0
    speaks = memory.frames >= SURE
    memory.since = 0 if speaks else memory.since + 1
    parted = 1.0 if speaks or memory.since <= HELD or (known and soon < 1 - SPEECH) else AJAR * (memory.since <= PAUSE)
    memory.parted += (PART if parted > memory.parted else SHUT) * (parted - memory.parted)
    return speaks


LIVE_CLOSURE = Live("lip closure", lambda take: {}, _meet)
LIVE_READING = Live("lip reading", lambda take: ReadingMemory(), _follow)

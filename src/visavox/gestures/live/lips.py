"""Lips of a live voice: those of a recording (`gestures.lip_reading`, `gestures.lip_closure`), with statistics of what was so far.

Source of the usual values: medians of 16 recordings with text and 5 filmed clips, read with 3 frames of look-ahead. What lips do in pauses
was set on filmed people, two of speeches and ten of commands (docs/live.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from visavox.gestures.gesture import Piece
from visavox.gestures.lip_closure import PHONES, closing, eased_amid, reach, shape_lips
from visavox.gestures.lip_reading import (
    CERTAIN,
    CERTAIN_NEAR,
    CERTAINTY,
    READINGS,
    SPEECH,
    USUAL_LARGEST,
    USUAL_WIDTH,
    VOWELS,
    Gap,
    Speech,
    Width,
    follow_reading,
    gap_of,
    width_of,
)
from visavox.gestures.remembered import Live, Remembered, RunningMean, RunningQuantiles
from visavox.motion import Motion
from visavox.windows import FPS

SOON_AFTER = 2  # frames on, silence tells that somebody will speak: lips part before
LEAST, LEAST_OF_M = 0.005, 0.03  # probability from which lips begin to meet, less than in a recording: the phones are less sure
BESIDE = 0.107  # share of each frame beside in a phone's probability: lips do not snap
USUAL_LOW, USUAL_HIGH, USUAL_WIDE, USUAL_SPREAD, USUAL_CERTAIN = -1.05, 1.41, -0.16, 0.67, 0.67
USUAL_OPEN = 0.18  # of the eyes' distance: the 95th percentile of the gap that the model makes live
WEIGHS, MADE_WEIGHS, LONGEST = 75.0, 100.0, 1500.0  # frames of speech that usual values weigh: read, made; longest that is measured
HELD, PAUSE = 2, 25  # frames after speech in which lips stay parted; and as far as they are read then: they may speak on, as after most
SHUT_LIVE, PARTED_LIVE = -0.85, -0.35  # the reading of a gap at which lips shut in a pause, and from which they stay parted
BREATH, INHALED = 0.25, 6  # how much wider than is read the mouth opens at the beginning, as before a first word; frames that takes
PART, SHUT, EASE = 0.6, 0.2, 0.6  # share of the way in a frame: to parted lips, to shut ones, to what is trusted in speech
AVERAGED = 0.25  # share of each frame beside in the gap that is read, as a recording's is averaged
AT_ONCE = 0.94  # of a gap: asked once, the denoiser opens lips further than in four steps; median of 7 recordings of strangers
SURE = 2  # frames: what is shorter is a click
WORD = 4  # frames of speech that are a word; swelling noise makes shorter sounds like speech, people hardly
DOUBT, MOST_DOUBTED = 0.5, 8  # share of how far lips part that is left for each such sound in a row after the first; most that count
FORGOTTEN = 50  # frames of quiet after which such sounds are forgotten


def later(name: str, frames: int) -> str:
    """What a cue is called as it is so many frames on."""
    return f"{name} {frames} on" if frames else name


@dataclass
class ClosureMemory:
    """Of the last frame the probability of phones by name; how surely lips met in the last `reach` frames."""

    phones: dict[str, float] = field(default_factory=dict)
    met: np.ndarray = field(default_factory=lambda: np.zeros(reach(FPS)))


@dataclass(frozen=True, eq=False)
class LivePhones:
    """What is `known` of phones: their probabilities (B T,) by name in some frames of B voices side by side, then in those that follow
    each, at least in one. `memories` keep what was before them."""

    known: Sequence[Mapping[str, np.ndarray]]
    memories: Sequence[ClosureMemory]

    def eased(self) -> dict[str, np.ndarray]:
        """The probability (B T,) of each phone by its name: of its share a little is the frame before's, and as much the one after's."""
        names = tuple(self.known[0])
        now, following = (np.stack([phones[name] for name in names]) for phones in self.known[:2])
        shares = now.reshape(len(names), len(self.memories), -1)
        before = np.empty(shares.shape)
        before[:, :, 1:] = shares[:, :, :-1]
        first, last = shares[:, :, 0].T.tolist(), shares[:, :, -1].T.tolist()
        for voice, memory in enumerate(self.memories):
            before[:, voice, 0] = [memory.phones.get(name, share) for name, share in zip(names, first[voice], strict=True)]
            memory.phones.update(zip(names, last[voice], strict=True))
        made = (1 - 2 * BESIDE) * now + BESIDE * (before.reshape(now.shape) + following)
        return dict(zip(names, made, strict=True))

    def shut(self, ready: np.ndarray) -> np.ndarray:
        """How surely the lips meet (B T,), as in a recording, what is not known yet as the last that is."""
        around, coming = reach(FPS), [closing(phones, ready, LEAST, LEAST_OF_M) for phones in self.known]
        coming += coming[-1:] * (around + 1 - len(coming))
        met = np.concatenate([np.stack([memory.met for memory in self.memories]), coming[0].reshape(len(self.memories), -1)], axis=1)
        for memory, own in zip(self.memories, met, strict=True):
            memory.met = own[-around:].copy()
        before = np.lib.stride_tricks.sliding_window_view(met[:, :-1], around, axis=1).reshape(-1, around)
        return eased_amid(np.concatenate([before, np.stack(coming, axis=1)], axis=1), FPS)


def _shape(voices: Sequence[Remembered], piece: Piece) -> Motion:
    frames = range(1 + sum(later(PHONES[0], ahead) in piece.cues for ahead in range(1, reach(FPS) + 1)))
    known = [{name: np.asarray(piece.cues[later(name, ahead)]) for name in PHONES} for ahead in frames]
    return shape_lips(piece.motion, LivePhones(known, [each.memory for each in voices]), USUAL_LARGEST)


@dataclass
class ReadingMemory:
    """What was read and made so far in speech, and how far somebody speaks."""

    gap_read: RunningQuantiles = field(
        default_factory=lambda: RunningQuantiles.usual(
            np.linspace(USUAL_LOW - 0.13, USUAL_HIGH + 0.14, 41), WEIGHS, (-4.0, 4.0, 200), LONGEST
        )
    )
    gap_made: RunningQuantiles = field(
        default_factory=lambda: RunningQuantiles.usual(np.linspace(0, USUAL_OPEN / 0.95, 41), MADE_WEIGHS, (0.0, 0.5, 200), LONGEST)
    )
    width_read: RunningMean = field(default_factory=lambda: RunningMean(USUAL_WIDE, USUAL_SPREAD**2, WEIGHS, LONGEST))
    width_made: RunningMean = field(default_factory=lambda: RunningMean(0.0, USUAL_WIDTH**2, MADE_WEIGHS, LONGEST))
    sound: float = 0.5
    certain: float = 0.5 * USUAL_CERTAIN
    frames: int = 0  # of speech, without a break
    no_words: int = 0  # sounds like speech in a row that were too short to be words
    quiet: int = 0  # frames since any sound
    since: int = 0  # frames since speech
    begun: bool = False  # whether somebody spoke: a sound that begins in silence is taken for a short pause, as in a recording
    parted: float = 1.0
    voiced: float = 0.0
    vowels: float = 0.0
    last: float = 0.0  # gap that was read
    begun_reading: bool = False


def _follow(voices: Sequence[Remembered], piece: Piece) -> Motion:
    motion, cues = piece.motion, piece.cues
    gap, width = (np.asarray(made, float) for made in (AT_ONCE * gap_of(motion), width_of(motion)))
    gap_read, width_read = (np.asarray(cues[name], float) for name in READINGS)
    gap_read = _averaged(voices, gap_read, np.asarray(cues[later(READINGS[0], 1)], float))
    vowels = np.clip(sum(np.asarray(cues[name]) for name in VOWELS), 0, 1)
    silence = (np.asarray(cues[name]).tolist() for name in ("SIL", CERTAINTY, later("SIL", SOON_AFTER)))
    voice = list(zip(*silence, vowels.tolist(), strict=True))
    mouths = np.stack([gap_read, gap, width_read, width], 1).tolist()
    frames = motion.frames // len(voices)
    known = np.array([_known(voices[row // frames].memory, voice[row], mouths[row]) for row in range(motion.frames)]).T
    speech = Speech(known[0], *known[:3])  # the width goes back with lips that shut: how it goes on is read worse live
    of_gap, of_width = Gap(gap_read + known[3], gap, *known[4:7]), Width(width_read, width, *known[7:])
    return follow_reading(motion, speech, of_gap, of_width, voices[0].take.face)


def _averaged(voices: Sequence[Remembered], now: np.ndarray, following: np.ndarray) -> np.ndarray:
    """The gap that is read (B T,), of which a share AVERAGED is the frame before and another the one after; of each voice the last is
    remembered."""
    shares = now.reshape(len(voices), -1)
    before = np.empty(shares.shape)
    before[:, 1:] = shares[:, :-1]
    for number, each in enumerate(voices):
        before[number, 0] = each.memory.last if each.memory.begun_reading else shares[number, 0]
        each.memory.last, each.memory.begun_reading = float(shares[number, -1]), True
    return (1 - 2 * AVERAGED) * now + AVERAGED * (before.ravel() + following)


def _known(memory: ReadingMemory, voice: tuple[float, float, float, float], mouth: list[float]) -> tuple[float, ...]:
    """What is known in one frame, in the order of Speech, Gap and Width; before the gap how much wider it is than it is read.

    `voice`: how likely silence is, how sure the phones are, how likely silence is soon, how far there is an open vowel. `mouth`: the gap
    and the width, each as it is read and as it is made.
    """
    *sound, vowels = voice
    speaks = _speaks(memory, *sound, mouth[0])
    statistics = memory.gap_read, memory.gap_made, memory.width_read, memory.width_made
    if speaks:
        for statistic, value in zip(statistics, mouth, strict=True):
            statistic.add(value)
    memory.voiced += EASE * (float(speaks) - memory.voiced)
    memory.vowels += EASE * (vowels - memory.vowels)
    gap_read, gap_made, width_read, width_made = statistics
    range_of_gap = *gap_read.at(0.05, 0.95), *gap_made.at(0.95)
    range_of_width = width_read.mean, width_read.deviation, width_made.mean, width_made.deviation
    inhaled = 0.0 if memory.begun else BREATH * min(memory.since / INHALED, 1)
    return memory.parted, memory.voiced, memory.vowels, inhaled, *range_of_gap, *range_of_width


def _speaks(memory: ReadingMemory, silence: float, certainty: float, soon: float, gap: float) -> bool:
    """Whether somebody speaks, whose `gap` is read; moves on how far the lips may be parted."""
    sound, share = silence < 1 - SPEECH, 1 / (1 + CERTAIN_NEAR * FPS)
    memory.sound += share * (float(sound) - memory.sound)
    memory.certain += share * (certainty * float(sound) - memory.certain)
    known = memory.certain > CERTAIN * memory.sound
    before, memory.frames = memory.frames, memory.frames + 1 if sound and known else 0
    memory.quiet = 0 if sound else memory.quiet + 1
    if memory.frames >= WORD or memory.quiet > FORGOTTEN:
        memory.no_words = 0
    elif before > memory.frames:
        memory.no_words = min(memory.no_words + (before < WORD), MOST_DOUBTED)
    speaks = memory.frames >= SURE
    memory.begun |= speaks
    memory.since = 0 if memory.frames >= WORD else memory.since + 1
    if speaks or memory.since <= (HELD if memory.begun else PAUSE) or (known and soon < 1 - SPEECH):
        parted = 1.0
    else:
        parted = min(max((gap - SHUT_LIVE) / (PARTED_LIVE - SHUT_LIVE), 0.0), 1.0) * (memory.since <= PAUSE)
    parted *= DOUBT ** max(memory.no_words - 1, 0)
    memory.parted += (PART if parted > memory.parted else SHUT) * (parted - memory.parted)
    return speaks


LIVE_CLOSURE = Live("lip closure", lambda take: ClosureMemory(), _shape)
LIVE_READING = Live("lip reading", lambda take: ReadingMemory(), _follow)

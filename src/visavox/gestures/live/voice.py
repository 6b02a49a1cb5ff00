"""A voice while it is spoken: speech and pauses, loudness, tone, accents and syllables of each frame from the sound so far and AHEAD
frames more. What `gestures.voice` takes from a whole recording is a running statistic here.

Shapes: S samples, T frames.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from operator import mul

import numpy as np

from visavox.gestures.accents import AUDIBLE, DECIBELS, FRAME, HOP, LEAST, SEMITONES, VOICED, hop_pitch
from visavox.gestures.voice import FLAT, FORGETTING, FORGOTTEN, QUIET, SILENT, USUAL_LEVEL, USUAL_TONE
from visavox.windows import SAMPLES_PER_FRAME

HOPS = SAMPLES_PER_FRAME // HOP  # of 10 ms in each frame
AHEAD = 3  # frames of sound that are known beyond the start of the one that is described
MEMORY = 64  # hops that are kept
NEEDED = 3  # of them that a frame is described by: with fewer it is described as late
USUAL_LOUD = -32.0  # dB of full scale: a voice is at least so loud until it is known
LONG_FORGETTING = 0.1  # dB a second by which even the loudest is forgotten: a click is
HOP_SECONDS = 0.01
LONGEST_MEAN = 60.0  # seconds over which means go at most
SHORTEST_PAUSE = 5  # frames
SPEECH_SOON, QUIET_LONG, QUIET_SHARE = 3, 10, 0.9  # hops that tell that somebody speaks, or stopped: so many of those that follow are quiet
PHRASE_SECONDS, APART = 1.0, 15  # what a syllable stands out from; frames between accents at least
SYLLABLE_LEAST = 0.12  # share of the loud parts from which a swell is a syllable
NAMES = ("speech", "level", "tone", "onset", "offset", "accent", "syllable")
PREFIX = "voice "  # of the names of these cues
VOICE = tuple(PREFIX + name for name in NAMES)
REACH = 10  # hops on either side of the middle of a frame that tell of it
_SWELL = [exp(-((hop / 4) ** 2) / 2) for hop in range(-8, 9)]
_SWELL = [weight / sum(_SWELL) for weight in _SWELL]


def _hops(value: float) -> np.ndarray:
    return np.full(MEMORY, value, np.float32)


@dataclass
class VoiceMemory:
    """All that is kept of a voice: the sound of hops to come, what the last MEMORY hops were like, running statistics."""

    sound: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    groups: int = 0  # of HOPS hops that were taken in
    described: int = 0  # frames
    level: np.ndarray = field(default_factory=lambda: _hops(-100.0))
    loud: np.ndarray = field(default_factory=lambda: _hops(USUAL_LOUD))
    tone: np.ndarray = field(default_factory=lambda: _hops(0.0))  # semitones, of voiced hops
    quiet: np.ndarray = field(default_factory=lambda: _hops(1.0))
    voiced: np.ndarray = field(default_factory=lambda: _hops(0.0))
    smooth: float = -100.0
    peak: float = USUAL_LOUD
    long_peak: float = USUAL_LOUD
    level_mean: list[float] = field(default_factory=lambda: [100.0, -USUAL_LEVEL])  # hops, and their mean
    tone_mean: list[float] = field(default_factory=lambda: [0.0, 0.0])
    phrase: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])  # leaky sums of voiced hops, their level and tone
    stands_out: list[float] = field(default_factory=lambda: [0.0, 0.0])  # of the frame before and of the one before that
    since_accent: int = 99
    speaking: bool = False
    pause: int = 99  # frames of the pause so far
    speech: float = 0.0
    last_tone: float = 0.0
    peak_swell: float = 0.0  # of the last syllable
    least_swell: float = 0.0  # since


class LiveVoice:
    """Describes a voice by the cues VOICE of each frame, as soon as `ahead` frames of sound from its start on are there.

    With fewer than NEEDED each frame has the cues of one before it.
    """

    def __init__(self, ahead: int = AHEAD):
        self._ahead, self._centre = ahead, MEMORY - HOPS * max(ahead, NEEDED)  # the place of the hop in the middle of the frame

    def start(self) -> VoiceMemory:
        """Of a voice that has not begun."""
        return VoiceMemory()

    def step(self, memory: VoiceMemory, samples: np.ndarray) -> Mapping[str, np.ndarray]:
        """The cues (T,) by name of the frames that `samples` (S,), at 16 kHz, make ready; what is left is kept in `memory`."""
        return dict(zip(VOICE, self.step_all([memory], [samples])[0].T, strict=True))

    def step_all(self, memories: Sequence[VoiceMemory], samples: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The cues (T, V), in the order of VOICE, of the frames that each of several voices has ready, whose pitch is measured together."""
        found, lengths = [], []
        for memory, more in zip(memories, samples, strict=True):
            memory.sound = np.concatenate([memory.sound, more.astype(np.float32)])
            lengths.append(max((memory.sound.size - FRAME + HOP) // (HOPS * HOP), 0))
        measured = iter(_measured([memory.sound for memory in memories], lengths))
        for memory, groups in zip(memories, lengths, strict=True):
            rows = []
            for _ in range(groups):
                self._take_in(memory, next(measured))
                memory.groups += 1
                if memory.groups - self._ahead >= memory.described:
                    rows.append(self._describe(memory))
                    memory.described += 1
            memory.sound = memory.sound[groups * HOPS * HOP :]
            found.append(np.array(rows).reshape(-1, len(VOICE)))
        return found

    def cut(self, memory: VoiceMemory) -> None:
        """Forgets the sound beyond the frames that were described: what comes next follows those."""
        ahead = memory.groups - memory.described
        for name, silent in (("level", -100.0), ("loud", memory.loud[-1]), ("tone", 0.0), ("quiet", 1.0), ("voiced", 0.0)):
            kept = getattr(memory, name)[: MEMORY - ahead * HOPS]
            setattr(memory, name, np.concatenate([np.full(ahead * HOPS, silent, np.float32), kept]))
        memory.groups = memory.described
        memory.sound = np.zeros(0, np.float32)

    def _take_in(self, memory: VoiceMemory, hops: list[tuple[float, float, float]]) -> None:
        rows = []
        for tone, like, now in hops:
            memory.smooth += 0.4 * (now - memory.smooth)
            memory.peak = max(memory.smooth, memory.peak - FORGETTING * HOP_SECONDS)
            memory.long_peak = max(memory.smooth, memory.long_peak - LONG_FORGETTING * HOP_SECONDS)
            loud = max(memory.peak, memory.long_peak - FORGOTTEN)
            voiced = like > VOICED and now > max(loud - AUDIBLE, SILENT)
            rows.append((now, loud, tone, float(now < loud - QUIET or now < SILENT), float(voiced)))
        for name, values in zip(("level", "loud", "tone", "quiet", "voiced"), zip(*rows, strict=True), strict=True):
            setattr(memory, name, np.concatenate([getattr(memory, name)[HOPS:], np.float32(values)]))

    def _describe(self, memory: VoiceMemory) -> tuple[float, ...]:
        onset, offset = self._speech(memory)
        around = _Around(memory, self._centre)
        near = around.above(2, 3)
        above = sum(near) / len(near)
        louder = (above - _running(memory.level_mean, above, HOPS)) / USUAL_LEVEL
        return memory.speech, louder, _tone(memory, around), onset, offset, _accent(memory, around), _syllable(memory, around)

    def _speech(self, memory: VoiceMemory) -> tuple[float, float]:
        """Whether speech begins after a pause and whether one begins, each 0 or 1."""
        quiet, onset, offset = memory.quiet[self._centre :].tolist(), False, False
        if memory.speaking and sum(quiet[:QUIET_LONG]) >= QUIET_SHARE * len(quiet[:QUIET_LONG]):
            memory.speaking, memory.pause, offset = False, 0, True
        elif not memory.speaking and sum(quiet[: 2 * SPEECH_SOON]) <= SPEECH_SOON:
            memory.speaking, onset = True, memory.pause >= SHORTEST_PAUSE
        memory.pause = 0 if memory.speaking else memory.pause + 1
        memory.speech += 0.6 * (float(memory.speaking) - memory.speech)
        return float(onset), float(offset)


class _Around:
    """The hops around the one in the middle of the frame that is described, as lists: for so few numbers NumPy takes longer."""

    def __init__(self, memory: VoiceMemory, centre: int):
        reach = slice(centre - REACH, centre + REACH + 2)
        self.level, self.loud, self.tone, self.voiced = (
            values[reach].tolist() for values in (memory.level, memory.loud, memory.tone, memory.voiced)
        )

    def above(self, before: int, after: int) -> list[float]:
        """By how many dB, -AUDIBLE to 6, each hop from so many `before` the middle until so many `after` it is above the loud parts."""
        return [
            min(max(level - loud, -AUDIBLE), 6.0)
            for level, loud in zip(self.level[REACH - before : REACH + after], self.loud[REACH - before : REACH + after], strict=True)
        ]


def _measured(sounds: Sequence[np.ndarray], groups: Sequence[int]) -> list[list[tuple[float, float, float]]]:
    """The tone in semitones, the likeness and the level in dB of each hop of so many groups of HOPS of each sound."""
    windows = np.lib.stride_tricks.sliding_window_view
    pieces = [windows(sound, FRAME)[: number * HOPS * HOP : HOP] for sound, number in zip(sounds, groups, strict=True) if number]
    if not pieces:
        return []
    pitch, likeness, level = (values.astype(float) for values in hop_pitch(np.concatenate(pieces)))
    hops = list(zip((12 * np.log2(pitch / 100)).tolist(), likeness.tolist(), level.tolist(), strict=True))
    return [hops[first : first + HOPS] for first in range(0, len(hops), HOPS)]


def _tone(memory: VoiceMemory, around: _Around) -> float:
    """The tone of the last voiced hop above the mean so far; 0 before the first."""
    now = sum(around.voiced[REACH - 3 : REACH + 4])
    if now:
        tones = sorted(tone for tone, voiced in zip(around.tone[: 2 * REACH + 1], around.voiced, strict=False) if voiced)
        middle = (tones[(len(tones) - 1) // 2] + tones[len(tones) // 2]) / 2
        mean = _running(memory.tone_mean, middle, now)
        memory.last_tone = min(max((middle - mean) / USUAL_TONE, -3.0), 3.0)
    return memory.last_tone


# Accents and syllables have two forms. In a recording both are peaks of curves that are smoothed from either side and compared with what
# follows (`gestures.accents`, `gestures.voice`). Live they are told from leaky sums a frame after their peak: neither form can stand in
# for the other. A frame at a time is also too little for NumPy, whose calls take longer than these few numbers.


def _accent(memory: VoiceMemory, around: _Around) -> float:
    """How far an accent stands out that peaks in the frame before, 0 for none."""
    here = slice(REACH - 6, REACH + 7)
    rows = [row for row in zip(around.level[here], around.tone[here], around.voiced[here], strict=True) if row[2]]
    share, above, keep = len(rows) / (here.stop - here.start), 0.0, 1 - HOPS * HOP_SECONDS / PHRASE_SECONDS
    memory.phrase = [keep * value for value in memory.phrase]
    if rows:
        level, tone = (sum(row[place] for row in rows) / len(rows) for place in (0, 1))
        if memory.phrase[0] > 1:
            above = (tone - memory.phrase[2] / memory.phrase[0]) / SEMITONES + (level - memory.phrase[1] / memory.phrase[0]) / DECIBELS
        memory.phrase = [old + share * HOPS * new for old, new in zip(memory.phrase, (1.0, level, tone), strict=True)]
    above *= min(2 * share, 1)
    before, earlier = memory.stands_out
    memory.stands_out, memory.since_accent = [above, before], memory.since_accent + 1
    if before < LEAST or before < above or before <= earlier or memory.since_accent < APART:
        return 0.0
    memory.since_accent = 0
    return before


def _syllable(memory: VoiceMemory, around: _Around) -> float:
    """1 where voiced loudness peaks in the frame, a dip of FLAT before it."""
    rows = zip(around.level, around.loud, around.voiced, strict=True)
    loudness, found = [10 ** (min(level - loud, 6.0) / 20) if voiced else 0.0 for level, loud, voiced in rows], 0.0
    size = len(_SWELL)
    swells = [sum(map(mul, loudness[first : first + size], _SWELL)) for first in range(len(loudness) - size + 1)]
    for before, now, after in zip(swells, swells[1:], swells[2:], strict=False):
        memory.least_swell = min(memory.least_swell, now)
        if now <= before or now < after or now <= SYLLABLE_LEAST:
            continue
        if memory.least_swell < FLAT * min(now, memory.peak_swell) or not memory.peak_swell:
            memory.peak_swell, memory.least_swell, found = now, now, 1.0
    return found


def _running(mean: list[float], value: float, weight: float) -> float:
    """Moves a running `mean` (weight so far, mean) on by `value` and gives it."""
    mean[0] = min(mean[0] + weight, LONGEST_MEAN / HOP_SECONDS)
    mean[1] += weight / mean[0] * (value - mean[1])
    return mean[1]

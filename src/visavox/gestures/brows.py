"""Brows that rise with the voice and with a head that lifts, and never where it dips: one machine for a recording and for a live voice.

All that a recording knows better is what comes in the next `AHEAD` seconds, so that its brows begin to rise before the accent. From its
first frame on it also knows how lively they are in all.

Of tracked people the brows rise by 3 % of the distance of the eyes at lifts of the head of 2 degrees and more, and sink by 1 % at dips.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, sqrt

import numpy as np

from visavox.gestures.gesture import Piece, Take, WholeRecording
from visavox.gestures.head import even_share
from visavox.gestures.remembered import Drawn, Live, Remembered, RunningMean
from visavox.gestures.voice import track_of
from visavox.motion import Motion

AHEAD = 0.6  # seconds that a recording is known beyond the frame that is shown
CHANCE = 0.3  # that an accent raises the brows
HEIGHT = 0.14  # of browInnerUp at an accent that stands out by 1
HIGHEST = 0.45
ONE_SIDE = 0.08  # deviation of what one side rises further
LEAD, REACTS = 0.12, 0.2  # seconds by which brows are up before an accent that is known ahead, and after which they are at one that is not
RISE, FALL = 0.09, 0.22  # seconds: deviations of the two flanks
OVER = 4.0  # deviations after which a flank is over
WITH_LIFT = 0.07  # of browInnerUp a degree that the head lifts
WITH_VOICE = 0.03  # and a unit of level and tone, in loud, high stretches
QUICK, SLOW, STRETCH = 0.06, 0.7, 0.3  # seconds: what is smoothed away of a lift, what it is measured from, and of a stretch
DIP = 2.0  # degrees, from which no brow is up
USUAL = 0.06  # deviation of browInnerUp in the neutral style: a style whose brows move more raises them further
USUAL_FRAMES, LONGEST = 150.0, 1500.0  # that the usual deviation weighs, and over which a style's is measured at most
LEAST_LIVELY, LIVELIEST = 0.4, 2.0  # times as far
SHARES = {"browInnerUp": 1.0, "browOuterUpLeft": 0.8, "browOuterUpRight": 0.8, "eyeWideLeft": 0.35, "eyeWideRight": 0.35}
LOWERED = ("browDownLeft", "browDownRight")


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


@dataclass(frozen=True, eq=False)
class Known:
    """What is known as each frame (T,) is shown: whether somebody speaks in it. Of `ahead` seconds after it: how loud and high the voice
    is, in its units, how far an accent stands out, and the head's pitch in degrees."""

    speech: np.ndarray
    loud_and_high: np.ndarray
    accent: np.ndarray
    pitch: np.ndarray
    ahead: float = 0.0


def raise_brows(motion: Motion, voices: Sequence[Remembered], known: Known) -> Motion:
    """`motion`, of one or of several voices side by side, with brows that rise.

    They do so at some accents of the voice, with most lifts of the head and in loud, high stretches, further in a style whose brows are
    lively, one side a little more. Where the head dips they do not stay up.

    The model knows the sound, but brows follow it so loosely that it learns their mean, which is hardly a movement.
    """
    pitches, inner = np.degrees(motion.channel("headPitch").astype(float)).tolist(), motion.channel("browInnerUp").tolist()
    voice = known.speech.tolist(), known.loud_and_high.tolist(), known.accent.tolist(), known.pitch.tolist()
    rows, frames, found = list(zip(pitches, inner, *voice, strict=True)), motion.frames // len(voices), []
    for number, each in enumerate(voices):
        found += _raised(each.take, each.memory, rows[number * frames : (number + 1) * frames], (motion.fps, known.ahead))
    sides = np.repeat([each.memory.side for each in voices], frames)
    return _lift_brows(motion, *np.array(found).reshape(-1, 2).T, sides)


def _raised(take: Take, memory: BrowMemory, rows: Sequence[tuple], known: tuple[float, float]) -> list[tuple[float, float]]:
    """By how much the brows rise in each of the `rows` of one voice, and by how many degrees its head is lifted.

    `known` are the frames a second, and the seconds ahead of each that are known.
    """
    found, (fps, ahead) = [], known
    for pitch, moved, speech, loud_and_high, accent, later_pitch in rows:
        draws = Drawn(take, memory.frame, 5)
        lift = _lift(memory, pitch, later_pitch, fps, draws)
        memory.inner.add(moved)
        lively = min(max(sqrt(memory.inner.deviation / USUAL), LEAST_LIVELY), LIVELIEST)
        now = (memory.frame + 0.5) / fps
        if accent and even_share(draws[1]) < CHANCE:
            peak = now + max(ahead - LEAD, REACTS)
            memory.accents.append([peak, 0.2 * even_share(draws[3]), accent * (0.7 + 0.5 * even_share(draws[2]))])
        memory.stretch += (loud_and_high - memory.stretch) / (1 + STRETCH * fps)
        slow = WITH_LIFT * memory.share * max(lift, 0) + WITH_VOICE * min(max(memory.stretch, 0), 2) * speech
        found.append((lively * max(slow, max((HEIGHT * _flank(now, *accent) for accent in memory.accents), default=0.0)), lift))
        memory.accents = [accent for accent in memory.accents if now < accent[0] + accent[1] + OVER * FALL]
        memory.frame += 1
    return found


def _lift(memory: BrowMemory, pitch: float, later_pitch: float, fps: float, draws: Drawn) -> float:
    """By how many degrees the head is lifted above where it is in the second or two around, as far as these are known; below 0 in a dip."""
    if not memory.frame:
        memory.quick = memory.slow = pitch
        memory.side = ONE_SIDE * draws[4]
    memory.quick += (pitch - memory.quick) / (1 + QUICK * fps)
    memory.slow += (later_pitch - memory.slow) / (1 + SLOW * fps)
    lift = memory.slow - memory.quick
    if lift > 0 and not memory.lifted:
        memory.share = 1.4 * even_share(draws[0])
    memory.lifted = lift > 0
    return lift


def _flank(now: float, peak: float, held: float, height: float) -> float:
    away = now - peak
    flank = away / RISE if away < 0 else max(away - held, 0) / FALL
    return height * exp(-(flank**2) / 2)


def _lift_brows(motion: Motion, raised: np.ndarray, lift: np.ndarray, side: np.ndarray) -> Motion:
    """`motion` whose brows rise by `raised` (T,) of browInnerUp, less where the head, lifted by `lift` (T,) degrees, dips; the left one by
    `side` (T,) more."""
    down = np.clip(-lift / DIP, 0, 1)
    raised = np.minimum(raised, HIGHEST) * (1 - down)
    more = {"browOuterUpLeft": 1 + side, "browOuterUpRight": 1 - side}
    changed = {name: np.maximum(motion.channel(name) * (1 - down), share * more.get(name, 1.0) * raised) for name, share in SHARES.items()}
    changed |= {name: motion.channel(name) * (1 - np.minimum(raised / HEIGHT, 1) * 0.6) for name in LOWERED}
    return motion.with_channels(changed).clamped()


def _raise_in_recording(piece: Piece, take: Take) -> Motion:
    motion, ahead = piece.motion, round(AHEAD * piece.motion.fps)
    voice = track_of(piece.voice, motion.frames, motion.fps)
    accents = np.zeros(motion.frames)
    where = np.flatnonzero(voice.accent)
    accents[np.maximum(where - ahead, 0)] = voice.accent[where]
    pitch = np.degrees(motion.channel("headPitch").astype(float))
    known = Known(voice.speech, _later(voice.level + voice.tone, ahead), accents, _later(pitch, ahead), AHEAD)
    inner = motion.channel("browInnerUp").astype(float)
    lively = RunningMean(float(inner.mean()), float(inner.var()), LONGEST, LONGEST)
    return raise_brows(motion, [Remembered(take, BrowMemory(inner=lively))], known)


def _later(values: np.ndarray, frames: int) -> np.ndarray:
    """`values` (T,) as they are so many frames later, the last one to the end."""
    return values[np.minimum(np.arange(values.size) + frames, values.size - 1)]


def _raise_live(voices: Sequence[Remembered], piece: Piece) -> Motion:
    level, tone, speech, accent = (np.asarray(piece.cues[f"voice {name}"]) for name in ("level", "tone", "speech", "accent"))
    pitch = np.degrees(piece.motion.channel("headPitch").astype(float))
    return raise_brows(piece.motion, voices, Known(speech, level + tone, accent, pitch))


RAISING = WholeRecording("brows", _raise_in_recording)  # how loud the loud parts are, from which an accent stands out, is known at the end
LIVE_RAISING = Live("brows", lambda take: BrowMemory(), _raise_live)

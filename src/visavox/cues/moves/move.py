"""`Move`: something that head, eyes, brows or mouth do, with its course over time.

A move that is held rises as its time begins, stays and falls back after it; one that is counted is done so many times in a row.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from visavox.cue import Cue
from visavox.cues.kind import Frames
from visavox.cues.words import Manner
from visavox.easing import half_cosine

SHORTEST = 0.12  # seconds, of a move that is squeezed into a short span
DAMPED = 0.8  # what is left of each repetition in the next


@dataclass(frozen=True, eq=False)
class Course:
    """When and how far: `share` (T,) of its apex at which a move is, -1 to 1, and the `peak` of what it moves: degrees or a strength.

    `way` is its direction, drawn by chance where none was asked for.
    """

    share: np.ndarray
    peak: float
    way: str


Does = Callable[[Course, Frames], dict[str, np.ndarray]]


@dataclass(frozen=True)
class Move:
    """How a move is asked for and what it does.

    ways: its directions, the first the usual one ("" for none; two of which chance takes one: `either`); seconds: how long one lasts, or
    for one that is held how long it takes to rise and fall; hold: how long it is held at a moment, 0 for one that is counted; usual: how
    often; degrees: how far, 0 for one that has a strength only; most: degrees at most; does(course, frames): the channels that change.
    """

    name: str
    says: str  # what it is in a sentence
    meaning: str
    does: Does
    seconds: float
    hold: float = 0.0
    ways: tuple[str, ...] = ("",)
    either: bool = False
    usual: int = 1
    degrees: float = 0.0
    most: float = 0.0
    swings: bool = False
    names: dict[str, str] = field(default_factory=dict)  # other words for it, each with its way, "" for any

    @property
    def counted(self) -> bool:
        """Whether it is done a number of times, not held."""
        return self.hold == 0

    def times(self, cue: Cue, manner: Manner) -> tuple[float, float]:
        """From when to when it goes on, in seconds, rising and falling included."""
        if self.counted:
            one = self.seconds / manner.speed
            whole = one * (manner.times or self.usual)
            if not cue.momentary:
                whole = min(whole, max(cue.end - cue.start, SHORTEST * (manner.times or self.usual)))
            return cue.start, cue.start + whole
        rise, end = self._rise(cue, manner)
        return cue.start, end + rise

    def course(self, cue: Cue, manner: Manner, way: str, frames: Frames) -> Course:
        """What it does at the times of `frames`; `way` is the direction that was asked for, "" for none."""
        way = way or (self.ways[int(frames.chance(cue).integers(2))] if self.either else self.ways[0])
        peak = (manner.degrees if manner.degrees is not None else self.degrees or 1.0) * manner.strength
        peak = min(peak, self.most) if self.most else peak
        start, end = self.times(cue, manner)
        if not self.counted:
            rise, last = self._rise(cue, manner)
            share = half_cosine((frames.seconds - start) / rise) * half_cosine((last + rise - frames.seconds) / rise)
            return Course(share, peak, way)
        count = manner.times or self.usual
        phase = (frames.seconds - start) / (end - start) * count
        inside = (phase > 0) & (phase < count)
        phase = np.where(inside, phase, 0.0)
        fading = DAMPED ** np.floor(phase) if self.degrees else 1.0
        share = _swing(phase, count) if self.swings else _out_and_back(phase % 1)
        return Course(np.where(inside, fading * share, 0.0), peak, way)

    def _rise(self, cue: Cue, manner: Manner) -> tuple[float, float]:
        """The seconds in which it rises and falls, and the time up to which it is held."""
        rise = self.seconds / manner.speed
        if cue.momentary:
            return rise, cue.start + rise + self.hold / manner.speed
        return max(min(rise, cue.end - cue.start), SHORTEST), cue.end


def _out_and_back(phase: np.ndarray, apex: float = 0.42) -> np.ndarray:
    """Out to 1 at the `apex` of a `phase` from 0 to 1 and back, a little slower, each way half a cosine."""
    return np.where(phase < apex, half_cosine(phase / apex), half_cosine((1 - phase) / (1 - apex)))


def _swing(phase: np.ndarray, count: int) -> np.ndarray:
    """To one side and the other `count` times, with soft ends."""
    return np.sin(2 * np.pi * phase) * half_cosine(phase / 0.4) * half_cosine((count - phase) / 0.4)


def over(frames: Frames, weights: dict[str, float], share: np.ndarray | float) -> dict[str, np.ndarray]:
    """The channels once `weights` at their `share` are laid over what is there: never above 1, and each keeps its say."""
    there = {name: weight for name, weight in weights.items() if name in frames.rig}
    return {name: 1 - (1 - frames.channel(name)) * (1 - np.clip(weight * share, 0, 1)) for name, weight in there.items()}


def laying(weights: dict[str, float], left: Callable[[Frames], np.ndarray | float] = lambda _: 1.0) -> Does:
    """What a move does that lays `weights` over the face for its course, and only what is `left` of them where the lips are needed."""
    return lambda course, frames: over(frames, weights, course.peak * course.share * left(frames))


def both(weights: dict[str, float]) -> dict[str, float]:
    """The weights of both sides."""
    return {f"{name}{side}": weight for name, weight in weights.items() for side in ("Left", "Right")}

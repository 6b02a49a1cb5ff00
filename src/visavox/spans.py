"""Spans of a finished motion that are drawn again, between neighbours that stay as they are.

The windows that cover a span hold known frames on both sides of it. At every step those are put back, with as much noise as the step has
(in-painting), so that what is drawn between them leads from one to the other. A channel passes over from the old motion to the new one
within the span, a head more slowly than lips.

Shapes: T frames, W window, P context, C channels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from visavox.arguments import checked
from visavox.easing import half_cosine
from visavox.errors import OptionError
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.sampling import Sampling
from visavox.style import Style

EASES = {"head": 1.0, "neck": 1.0, "gaze": 0.12, "eyelids": 0.12}  # seconds within which a channel of that kind passes over
EASE = 0.16  # of every other kind


@checked
@dataclass(frozen=True, eq=False)
class Span:
    """From `start` to `end` in seconds, and how that is drawn: the style (None for the model's usual one), the seed, and the sampling with
    its guidance. An OptionError for a span that is empty or begins before 0.
    """

    start: float
    end: float
    style: Style | None = None
    seed: int = 0
    sampling: Sampling = field(default_factory=Sampling)

    def __post_init__(self):
        if not (math.isfinite(self.start) and math.isfinite(self.end) and 0 <= self.start < self.end):
            raise OptionError(f"a span from {self.start:g} to {self.end:g} s cannot be drawn; give a start from 0 and an end after it")

    def frames(self, motion: Motion) -> tuple[int, int]:
        """The first frame and the end of what the span covers of `motion`, at least one frame; an OptionError when it begins after it."""
        if self.start >= motion.seconds:
            raise OptionError(f"a span from {self.start:g} s begins after the end of the motion at {motion.seconds:g} s")
        first = min(round(self.start * motion.fps), motion.frames - 1)
        return first, max(min(round(self.end * motion.fps), motion.frames), first + 1)


def in_order(spans: Sequence[Span]) -> list[Span]:
    """`spans` by their start; an OptionError when two overlap."""
    ordered = sorted(spans, key=lambda span: span.start)
    for one, other in zip(ordered, ordered[1:], strict=False):
        if other.start < one.end:
            times = f"{one.start:g} to {one.end:g} s and from {other.start:g} to {other.end:g} s"
            raise OptionError(f"spans from {times} overlap; end one before the other begins")
    return ordered


def windows_around(first: int, end: int, frames: int, window: int, context: int) -> tuple[int, int]:
    """Where windows begin that cover frames [first, end) of `frames`, and their number. They have at least `context` known frames on either
    side where there are any, and as many before the first window, which otherwise is the first of the recording.
    """
    number = math.ceil((end - first + 2 * context) / window)
    start = first - (number * window - (end - first)) // 2
    start = min(start, frames - number * window)
    return (start, number) if start >= context else (0, math.ceil((end + context) / window))


def shares(rig: Rig, first: int, end: int, fps: float) -> np.ndarray:
    """The share (end - first, C) of the new motion in each frame and channel of a span. It comes and goes within the span, as a head does
    too that has too little time to move elsewhere and back."""
    centres = np.arange(end - first) + 0.5
    eases = np.array([EASES.get(channel.kind, EASE) for channel in rig.channels]) * fps
    in_, out = (half_cosine(each[:, None] / eases) for each in (centres, centres[::-1]))
    return (in_ * out).astype(np.float32)


def passed_over(old: Motion, new: np.ndarray, first: int, end: int) -> np.ndarray:
    """The values (T, C) of `old`, but in [first, end) those of `new` (end - first, C), as far as `shares` lets them; other bytes stay."""
    values, share = old.values.copy(), shares(old.rig, first, end, old.fps)
    values[first:end] += share * (new - values[first:end])
    return values

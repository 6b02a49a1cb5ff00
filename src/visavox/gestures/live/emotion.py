"""What a live face feels: `gestures.emotions`, frame by frame, of a voice whose end is not known.

An expression rises, stays alive, swells at accents and leaves as in a recording, its variants change as there, head and eyes go where they
show it. What looks at the whole recording is left out: how often and how long eyes blink, how large the head moves, starts and turns away.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, partial
from math import ceil, exp, sqrt

import numpy as np

from visavox.easing import smooth_step
from visavox.emotion import EMOTIONS, REGIONS, EmotionTrack
from visavox.gestures.emotions import HIGHEST_ACCENT, LONG_PAUSE, PASSAGE, expression, in_its_regions
from visavox.gestures.emotions.body import turn_eyes
from visavox.gestures.emotions.dynamics import (
    ACCENT_TIME,
    CHANGE,
    HELD,
    LIFE,
    LIFE_TIME,
    LOPSIDED,
    SWELL,
    TIMES_VARY,
    Course,
    bent,
    eased,
)
from visavox.gestures.emotions.table import EmotionTable
from visavox.gestures.gesture import Piece, Take
from visavox.gestures.remembered import Live, one_by_one
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD
from visavox.windows import FPS

FeltAt = Callable[[int, int], EmotionTrack]  # what is felt in the frames from the first up to the second, also before frame 0
IN_HEAD = REGIONS.index("head")
JUMPS = 12  # frames between further saccades
SPEAKS_AGAIN = 3  # frames in which an emotion gives the mouth back to words


@dataclass
class Shown:
    """How one emotion is shown: `active` since frame `start`; the `variant`, the one `before` it, the frames of the change and of the next
    one; how much more the left side shows; two filters of what keeps it alive."""

    active: bool = False
    start: int = 0
    variant: int = 0
    before: int = 0
    changed: int = 0
    until: int = 0
    lopsided: float = 0.0
    life: list[float] = field(default_factory=lambda: [0.0, 0.0])


@dataclass
class EmotionMemory:
    """Frames shown, the seed of the take, accents (second, height), frames of silence, how far it is a long pause, and each emotion."""

    seed: int
    frame: int = 0
    accents: list[list[float]] = field(default_factory=list)
    silent: int = 0
    pause: float = 0.0
    shown: list[Shown] = field(default_factory=lambda: [Shown() for _ in EMOTIONS])


def live_emotion(felt_at: FeltAt) -> Live:
    """A gesture of a live voice: the face shows what `felt_at` says."""
    return Live(
        "emotion",
        lambda take: EmotionMemory(int(take.chance.generator().integers(2**31))),
        one_by_one(partial(_show, felt_at)),
    )


@cache
def _table() -> EmotionTable:
    return EmotionTable.default()


@cache
def _reach() -> int:
    """Frames for which what was felt is remembered."""
    slowest = max(manner.onset + manner.offset for manner in _table().manners.values())
    return ceil((1 + TIMES_VARY) * slowest * FPS) + 2


def _show(felt_at: FeltAt, take: Take, memory: EmotionMemory, piece: Piece) -> Motion:
    motion, table = piece.motion, _table()
    first, frames = memory.frame, motion.frames
    accent, pause = _voice(memory, piece)
    track = felt_at(first - _reach(), first + frames)
    life = take.chance.frames(first, (frames, len(EMOTIONS)))
    memory.frame += frames
    if not track.felt:
        for shown in memory.shown:
            shown.active = False
        return motion
    quiet = 1 - np.minimum(track.intensity[:, EMOTIONS.index("neutral")], 1)
    felt = {}
    for number, name in enumerate(EMOTIONS[1:], start=1):
        course = _course(memory, number, track.intensity[:, number] * quiet, (accent, life[:, number]))
        if course is not None:
            felt[name] = course
    here = EmotionTrack(track.intensity[-frames:], track.fps)
    changed = expression(motion, felt, table, here, pause)
    turned = _head(motion, felt, accent)
    changed |= {name: turned[:, axis] for axis, name in enumerate(HEAD)} | turn_eyes(motion.with_channels(changed), turned, felt, table)
    return in_its_regions(motion, changed, felt, here)


def _course(memory: EmotionMemory, number: int, felt: np.ndarray, alive: tuple[np.ndarray, np.ndarray]) -> Course | None:
    """The course of an emotion `felt` (_reach() + T, R) over the last T frames, `alive` being accents and noise (T,); None: not felt."""
    accent, noise = alive
    frames, name, shown = len(accent), EMOTIONS[number], memory.shown[number]
    manner, seeds = _table().manners[name], [memory.seed, number]
    varied = np.random.default_rng(seeds).uniform(1 - TIMES_VARY, 1 + TIMES_VARY, 2)
    onset, offset = (max(round(seconds * vary * FPS), 1) for seconds, vary in zip((manner.onset, manner.offset), varied, strict=True))
    held = eased(felt, onset, offset)[-frames:] if felt.any() else np.zeros((frames, len(REGIONS)))
    life = np.array([_alive(shown, float(each)) for each in noise])
    if not held.any():
        shown.active = False
        return None
    shares, lopsided = _variants(memory, shown, seeds, frames)
    strength = bent(held * (life * (1 + SWELL * accent))[:, None])
    jumps = [*seeds, (memory.frame - frames) // JUMPS]
    return Course(strength, shares, lopsided, np.zeros(0, int), jumps)


def _alive(shown: Shown, noise: float) -> float:
    """By how much a held expression sinks and rises, noise twice filtered to a deviation of 1."""
    step = 1 / (1 + 0.7 * LIFE_TIME * FPS)
    shown.life[0] += step * (noise - shown.life[0])
    shown.life[1] += step * (shown.life[0] - shown.life[1])
    keep = 1 - step
    deviation = step**2 * sqrt((1 + keep**2) / (1 - keep**2) ** 3)
    return 1 - LIFE * min(max(1 + shown.life[1] / deviation, 0), 2)


def _variants(memory: EmotionMemory, shown: Shown, seeds: list[int], frames: int) -> tuple[np.ndarray, np.ndarray]:
    """The shares (T, N) of the variants, and by how much more the left side shows (T,)."""
    first, count = memory.frame - frames, len(_table().variants[EMOTIONS[seeds[-1]]])
    shares = np.zeros((frames, count), np.float32)
    for row in range(frames):
        now = first + row
        if not shown.active or now >= shown.until:
            random = np.random.default_rng([*seeds, now])
            other = (shown.variant + int(random.integers(1, count))) % count if count > 1 else 0
            new = other if shown.active else int(random.integers(count))
            shown.before, shown.variant = (shown.variant if shown.active else new), new
            shown.lopsided = shown.lopsided if shown.active else float(random.normal(0, LOPSIDED))
            shown.changed, shown.until, shown.active = now, now + round(random.uniform(*HELD) * FPS), True
        passed = min((now - shown.changed) / (CHANGE * FPS), 1.0)
        share = smooth_step(passed)
        shares[row, shown.before] += 1 - share
        shares[row, shown.variant] += share
    return shares, np.full(frames, shown.lopsided)


def _head(motion: Motion, felt: dict[str, Course], accent: np.ndarray) -> np.ndarray:
    """The head (T, 3) in radians: where the emotions hold it, and how far it nods at accents."""
    added = np.zeros((motion.frames, 3))
    for name, course in felt.items():
        poses = course.shares @ np.array([variant.head for variant in _table().variants[name]])
        poses[:, 0] += _table().manners[name].nods * accent
        added += course.strength[:, IN_HEAD, None] * poses
    return motion.select(HEAD).astype(float) + np.radians(added)


def _voice(memory: EmotionMemory, piece: Piece) -> tuple[np.ndarray, np.ndarray]:
    """How far the voice stands out around each frame (T,), a little late, and how far it is silent for long (T,)."""
    accents, pauses = [], []
    described = (np.asarray(piece.cues[f"voice {name}"]).tolist() for name in ("accent", "speech"))
    for number, (height, speech) in enumerate(zip(*described, strict=True)):
        now = (memory.frame + number + 0.5) / FPS
        if height:
            memory.accents.append([now + 2 * ACCENT_TIME, min(height, HIGHEST_ACCENT)])
        accents.append(max((high * exp(-(((now - time) / ACCENT_TIME) ** 2) / 2) for time, high in memory.accents), default=0.0))
        memory.silent = 0 if speech > 0.5 else memory.silent + 1
        step = 1 / (PASSAGE * FPS) if memory.silent > LONG_PAUSE / 2 * FPS else -1 / SPEAKS_AGAIN
        memory.pause = min(max(memory.pause + step, 0.0), 1.0)
        pauses.append(smooth_step(memory.pause))
        memory.accents = [accent for accent in memory.accents if now < accent[0] + 4 * ACCENT_TIME]
    return np.array(accents), np.array(pauses)

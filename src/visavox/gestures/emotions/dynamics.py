"""How an emotion comes and goes: it rises within half a second, stays alive, swells at accents of the voice and leaves more slowly.

Times after the facial action coding literature: onsets of felt expressions take 0.3 to 0.7 s, their offsets longer. Nothing is felt
before a track says so, nor longer than the offset after it: frames beyond keep their bytes.
"""

from dataclasses import dataclass

import numpy as np

from visavox.easing import half_cosine
from visavox.emotion import EMOTIONS, EmotionTrack
from visavox.gestures.emotions.table import EmotionTable
from visavox.gestures.smoothing import smoothed

BEND = 1.6  # weight = 1 - (1 - intensity) ** BEND: an expression is a threshold, half an intensity is read as none
BEYOND = 0.4  # weight that an intensity of 1 above the whole expression adds
SWELL = 0.15  # by how much of itself an emotion swells at an accent that stands out by 1
ACCENT_TIME = 0.16  # seconds, deviation
LIFE, LIFE_TIME = 0.06, 0.7  # share by which a held expression sinks and rises, and the deviation in seconds of what is smoothed away
TIMES_VARY = 0.25  # of onset and offset, from take to take
HELD = (5.0, 9.0)  # seconds after which a long expression changes its variant
CHANGE = 0.8  # seconds in which it does
LOPSIDED = 0.04  # deviation of what the left side does more, and the right side less


@dataclass(frozen=True, eq=False)
class Course:
    """One emotion over time: `strength` (T, R) bent, 0 to about 1.2; `shares` (T, N) of its variants, summing to 1; `lopsided` (T,) how
    much more the left side shows; `starts`, the frames (K,) at which it begins to be felt; `seeds` of what is drawn for it."""

    strength: np.ndarray
    shares: np.ndarray
    lopsided: np.ndarray
    starts: np.ndarray
    seeds: list[int]


def courses(track: EmotionTrack, table: EmotionTable, accent: np.ndarray, seeds: list[int]) -> dict[str, Course]:
    """The course of each emotion that is felt in `track`; `accent` (T,) is how far the voice stands out around each frame."""
    quiet = 1 - np.minimum(track.intensity[:, EMOTIONS.index("neutral")], 1)  # being neutral takes the others away
    found = {}
    for number, name in enumerate(EMOTIONS):
        felt = track.intensity[:, number] * quiet
        if name != "neutral" and felt.any():
            found[name] = _course(felt, (track.fps, accent, [*seeds, number]), table.manners[name], len(table.variants[name]))
    return found


def _course(felt: np.ndarray, known: tuple, manner, variants: int) -> Course:
    """The course of an emotion `felt` (T, R), `known` being the fps, the accents (T,) and the seeds."""
    fps, accent, seeds = known
    random = np.random.default_rng(seeds)
    onset, offset = (seconds * random.uniform(1 - TIMES_VARY, 1 + TIMES_VARY) for seconds in (manner.onset, manner.offset))
    held = eased(felt, max(round(onset * fps), 1), max(round(offset * fps), 1))
    life = smoothed(random.standard_normal(len(felt)), LIFE_TIME * fps)
    life = 1 - LIFE * np.clip(1 + life / max(life.std(), 1e-6), 0, 2) if len(felt) > 2 * fps else np.ones(len(felt))
    strength = bent(held * (life * (1 + SWELL * accent))[:, None])
    runs = _runs(held.any(1))
    shares, lopsided = np.zeros((len(felt), variants), np.float32), np.zeros(len(felt), np.float32)
    shares[:, 0] = 1  # where nothing is felt it does not matter
    for first, last in runs:
        own = np.random.default_rng([*seeds, first])
        shares[first:last] = _variants(last - first, variants, fps, own)
        lopsided[first:last] = own.normal(0, LOPSIDED)
    return Course(strength, shares, lopsided, np.array([first for first, _ in runs], int), seeds)


def bent(intensity: np.ndarray) -> np.ndarray:
    """The weight of an intensity, 1 at 1: a little is shown by more than a little, and above 1 there is not much to add."""
    return 1 - (1 - np.clip(intensity, 0, 1)) ** BEND + BEYOND * np.maximum(intensity - 1, 0)


def eased(felt: np.ndarray, onset: int, offset: int) -> np.ndarray:
    """`felt` (T, R) that rises within `onset` frames and leaves within `onset + offset`; what it begins with was felt before."""
    kernel = np.sin(np.pi * (np.arange(onset) + 0.5) / onset) ** 2
    kernel /= kernel.sum()
    before = np.concatenate([np.repeat(felt[:1], onset + offset, 0), felt])
    risen = np.stack([np.convolve(column, kernel)[: len(before)] for column in before.T], 1)
    risen = np.where(risen > 1e-6, risen, 0)
    held = risen.copy()
    for frame in range(1, offset):  # what was felt is remembered, less and less
        left = half_cosine(1 - frame / offset)
        np.maximum(held[frame:], left * risen[:-frame], out=held[frame:])
    return held[onset + offset :]


def _variants(frames: int, count: int, fps: float, random: np.random.Generator) -> np.ndarray:
    """The shares (frames, count) of the variants: one of them, and another every few seconds."""
    chosen, at, now = np.zeros((frames, count), np.float32), 0, int(random.integers(count))
    while at < frames:
        until = at + max(round(random.uniform(*HELD) * fps), 1)
        chosen[at:until, now] = 1
        at, now = until, (now + int(random.integers(1, count))) % count if count > 1 else now
    wide = max(round(CHANGE * fps), 1)
    kernel = np.hanning(wide + 2)[1:-1] / np.hanning(wide + 2).sum()
    padded = np.pad(chosen, ((wide // 2, wide - 1 - wide // 2), (0, 0)), mode="edge")
    return np.stack([np.convolve(column, kernel, "valid") for column in padded.T], 1).astype(np.float32)


def _runs(on: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], on.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))

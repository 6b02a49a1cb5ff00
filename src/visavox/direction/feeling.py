"""What is felt phrase by phrase: `Phrase`, where one begins and ends, and `track_of`, an emotion for every frame."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from visavox.emotion import EMOTIONS, REGIONS, EmotionTrack
from visavox.gestures.accents import HOP, RATE, Hops
from visavox.gestures.smoothing import smoothed
from visavox.levels import quiet_below

SILENT, QUIET = -60.0, 25.0  # dB of full scale, and under the loud parts, below which nobody speaks
PAUSE = 0.25  # seconds that part phrases
SHORTEST, LONGEST = 1.0, 6.0  # seconds of a phrase
STRONGEST = 0.75  # intensity that a certain reading is shown with: who is sure of it still speaks
DOUBT = 0.2  # by how much more likely than neutral an emotion is to be shown whole; as much less, and it is not shown
CALM = 0.35  # share of a reading that is still no emotion
OVER = 1.0  # seconds, the deviation over which what is felt passes from phrase to phrase


@dataclass(frozen=True)
class Phrase:
    """A stretch of speech between pauses, from `start` to `end` in seconds and from hop `first` up to `last`."""

    start: float
    end: float
    first: int
    last: int


def phrases_of(hops: Hops) -> list[Phrase]:
    """The phrases of a voice: parted by pauses, long ones cut, short ones joined to what is near."""
    quiet = hops.level < quiet_below(hops.level, QUIET, SILENT)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (~quiet).astype(np.int8), [0]])))
    a_second = RATE / HOP
    speech = _joined(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True), PAUSE * a_second, 10**9)
    runs = _joined(speech, 4 * PAUSE * a_second, SHORTEST * a_second)
    found = []
    for first, last in runs:
        pieces = max(round((last - first) / a_second / LONGEST), 1)
        cuts = np.linspace(first, last, pieces + 1).astype(int).tolist()
        found += [Phrase(start / a_second, end / a_second, start, end) for start, end in zip(cuts[:-1], cuts[1:], strict=True)]
    return [phrase for phrase in found if phrase.last - phrase.first > 0.2 * a_second]


def _joined(runs: Iterable[tuple[int, int]], gap: float, shortest: float) -> list[tuple[int, int]]:
    """The runs of which those closer than `gap` are one, where one of the two is shorter than `shortest`."""
    found: list[tuple[int, int]] = []
    for first, last in runs:
        before = found[-1] if found else (0, -(10**9))
        if first - before[1] < gap and min(last - first, before[1] - before[0]) < shortest:
            found[-1] = (before[0], last)
        else:
            found.append((first, last))
    return found


def intensities(chances: np.ndarray) -> np.ndarray:
    """The intensities (..., 8) that show `chances` (..., 8) of the EMOTIONS: none for an even guess, STRONGEST for certainty, and none for
    what is less likely than that nothing is felt."""
    shown = STRONGEST * np.clip((chances - CALM / 2) / (1 - CALM / 2), 0, 1)
    calm = chances[..., [EMOTIONS.index("neutral")]]
    shown *= np.clip(0.5 + (chances - calm) / DOUBT, 0, 1)
    shown[..., EMOTIONS.index("neutral")] = 0
    return shown


def track_of(phrases: tuple[Phrase, ...], chances: np.ndarray, frames: int, fps: float) -> EmotionTrack:
    """An emotion track of so many frames in which each phrase has its `chances` (P, 8), passing smoothly from one to the next."""
    if not phrases:
        return EmotionTrack.calm(frames, fps)
    times = (np.arange(frames) + 0.5) / fps
    middles = np.array([(phrase.start + phrase.end) / 2 for phrase in phrases])
    shown = intensities(chances)
    curves = [smoothed(np.interp(times, middles, column), OVER * fps) if column.any() else np.zeros(frames) for column in shown.T]
    return EmotionTrack(np.repeat(np.stack(curves, 1)[:, :, None], len(REGIONS), 2).astype(np.float32), fps)

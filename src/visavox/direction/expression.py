"""What a face shows, as emotions: the expression of a tracked picture or film as a mix of the eight and what is left over.

A greedy fit with weights of at least 0: the variant of an emotion that explains most of the expression comes first, another one joins as
long as it explains a good part of the rest. What speech moves is smoothed away in a film, and lids and gaze are left to whoever speaks.
"""

from dataclasses import dataclass

import numpy as np

from visavox.emotion import EMOTIONS, MOST, REGIONS, EmotionMix, EmotionTrack
from visavox.gestures.emotions.dynamics import BEND
from visavox.gestures.emotions.table import EmotionTable
from visavox.gestures.smoothing import smoothed
from visavox.motion import Motion
from visavox.rigs.arkit import SHAPES

LEFT_OUT = ("eyeLook", "eyeBlink", "jawOpen", "jawLeft", "jawRight", "mouthClose", "tongueOut", "mouthLeft", "mouthRight")
TELLING = np.array([not name.startswith(LEFT_OUT) for name in SHAPES])
MIXED = 2  # emotions at most
WORTH = 0.12  # share of the expression that another emotion must explain
SPOKEN = 0.5  # seconds, the deviation of what is smoothed away of a film
FAINT = 0.12  # weights of a face at rest, as trackers see it; they are no expression
NEUTRAL = 0.35  # the size of an expression under which it is none


@dataclass(frozen=True, eq=False)
class Explained:
    """An expression (52,) as `intensities` (8,) of the EMOTIONS and the weights `left` (52,) that they do not explain."""

    intensities: np.ndarray
    left: np.ndarray

    @property
    def mix(self) -> EmotionMix:
        """The emotions that are seen; neutral where there are none."""
        seen = {name: round(float(value), 2) for name, value in zip(EMOTIONS, self.intensities, strict=True) if value > 0.01}
        return EmotionMix(dict(sorted(seen.items(), key=lambda item: -item[1])) or {"neutral": 1.0})


def explain_expression(weights: np.ndarray, table: EmotionTable | None = None) -> Explained:
    """How the emotions explain the weights (52,) of ARKit's shapes of a face."""
    table = table or EmotionTable.default()
    seen = np.where(TELLING, np.clip(weights - FAINT, 0, 1) / (1 - FAINT), 0.0).astype(float)
    bank = [(EMOTIONS.index(name), np.where(TELLING, row, 0.0)) for name, rows in table.weights.items() for row in rows]
    strengths, left = np.zeros(len(EMOTIONS)), seen.copy()
    size = float(np.square(seen).sum())
    for _ in range(MIXED if np.sqrt(size) > NEUTRAL else 0):
        number, row, strength = max(((n, row, max(left @ row, 0) / (row @ row)) for n, row in bank if not strengths[n]), key=_gain)
        if _gain((number, row, strength)) < WORTH * size:
            break
        strengths[number] = min(strength, 1)
        left = left - strengths[number] * row
    intensities = np.clip(1 - (1 - np.clip(strengths, 0, 1)) ** (1 / BEND), 0, MOST)
    return Explained(intensities.astype(np.float32), np.clip(left, 0, 1).astype(np.float32))


def _gain(found: tuple[int, np.ndarray, float]) -> float:
    """By how much (squared) an emotion of some strength shortens what is left, as a projection does."""
    _, row, strength = found
    return strength**2 * float(row @ row)


def expression_over_time(motion: Motion, frames: int, fps: float) -> EmotionTrack:
    """The course of the expression of a tracked film as an emotion track of so many frames; a single picture is felt all the time.

    A film that is longer is cut, in one that is shorter the last expression stays.
    """
    shown = motion.select(SHAPES)
    if motion.frames > 1:
        shown = np.stack([smoothed(column, min(SPOKEN * motion.fps, motion.frames)) for column in shown.T], 1)
    found = [explain_expression(row) for row in shown]
    intensity = np.stack([each.intensities for each in found])
    left = np.stack([each.left for each in found])
    if motion.frames > 1:  # where one emotion takes over from another they pass into each other
        intensity = np.stack([smoothed(column, SPOKEN * motion.fps / 2) for column in intensity.T], 1)
        left = np.stack([smoothed(column, SPOKEN * motion.fps / 2) for column in left.T], 1)
    extra = {name: left[:, place].astype(np.float32) for place, name in enumerate(SHAPES) if left[:, place].max() > 0.05}
    regions = np.repeat(np.clip(intensity, 0, MOST)[:, :, None], len(REGIONS), 2).astype(np.float32)
    return EmotionTrack(regions, motion.fps, extra).fitted(frames, fps)

"""What a face shows, as emotions: the expression of a tracked picture or film as a mix of the eight and what is left over.

A greedy fit with weights of at least 0. The variant of an emotion that explains most of the expression comes first, another one joins as
long as it explains a good part of the rest. What speech moves is smoothed away in a film, and lids and gaze are left to whoever speaks.
"""

from collections.abc import Sequence
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
SYLLABLES, PASSING = 0.5, 0.25  # seconds, deviations: of what is smoothed away of a film, and in which emotions pass into one another
WORTH_KEEPING = 0.05  # weight from which what is left over is kept
# MediaPipe's raw scores of faces at rest, which look raised and narrow-eyed to it.
RESTING = {"browInnerUp": 0.35, "browOuterUp": 0.35, "eyeSquint": 0.3, "mouthPress": 0.1, "mouthRollLower": 0.1, "browDown": 0.15}
FAINT = 0.12  # weights of a face at rest, as trackers see it; they are no expression
NEUTRAL = 0.3  # the size of an expression under which it is none


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
    numbers, bank = _bank(table)
    lengths = np.square(bank).sum(1)
    strengths, left = np.zeros(len(EMOTIONS)), seen.copy()
    size = float(np.square(seen).sum())
    for _ in range(MIXED if np.sqrt(size) > NEUTRAL else 0):
        share = np.clip(bank @ left / lengths, 0, 1) * (strengths[numbers] == 0)
        shorter = share * (2 * bank @ left - share * lengths)  # by how much (squared) what is left would be
        best = int(shorter.argmax())
        if shorter[best] < WORTH * size:
            break
        strengths[numbers[best]] = share[best]
        left = left - share[best] * bank[best]
    intensities = np.clip(1 - (1 - np.clip(strengths, 0, 1)) ** (1 / BEND), 0, MOST)
    return Explained(intensities.astype(np.float32), np.clip(left, 0, 1).astype(np.float32))


def _bank(table: EmotionTable) -> tuple[np.ndarray, np.ndarray]:
    """The number (N,) of the emotion of each variant, and its weights (N, 52) in what tells an expression."""
    numbers = [EMOTIONS.index(name) for name, rows in table.weights.items() for _ in rows]
    return np.array(numbers), np.where(TELLING, np.concatenate(list(table.weights.values())), 0.0)


def of_a_picture(motion: Motion, scores: Sequence[float]) -> tuple[Explained, EmotionTrack]:
    """What one tracked picture shows, and a track of one frame in which it is felt.

    A solver measures a face against its own rest, which a single picture does not show. So whichever is larger counts, its weights or
    the tracker's raw `scores` (52,) above those of faces at rest.
    """
    rest = np.array([RESTING.get(name.removesuffix("Left").removesuffix("Right"), 0.0) for name in SHAPES])
    raw = np.clip((np.asarray(scores) - rest) / (1 - rest), 0, 1)
    found = explain_expression(np.maximum(motion.select(SHAPES).mean(0), raw))
    return found, _track(found.intensities[None], found.left[None], motion.fps)


def expression_over_time(motion: Motion) -> EmotionTrack:
    """The course of the expression of a tracked film, as long as the film."""
    calm = np.stack([smoothed(column, SYLLABLES * motion.fps) for column in motion.select(SHAPES).T], 1)
    table = EmotionTable.default()
    found = [explain_expression(row, table) for row in calm]
    intensity, left = (np.stack(rows) for rows in ([each.intensities for each in found], [each.left for each in found]))
    # where one emotion takes over from another they pass into each other
    return _track(*(np.stack([smoothed(column, PASSING * motion.fps) for column in rows.T], 1) for rows in (intensity, left)), motion.fps)


def _track(intensity: np.ndarray, left: np.ndarray, fps: float) -> EmotionTrack:
    extra = {name: left[:, place].astype(np.float32) for place, name in enumerate(SHAPES) if left[:, place].max() > WORTH_KEEPING}
    return EmotionTrack(np.repeat(np.clip(intensity, 0, MOST)[:, :, None], len(REGIONS), 2).astype(np.float32), fps, extra)

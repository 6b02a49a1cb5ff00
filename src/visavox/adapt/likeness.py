"""How near a checkpoint comes to a person on pieces that it was not fitted to: habits, lips, and closures at p, b and m."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from visavox.adapt.habits import Seen, habits_of, usual_head
from visavox.adapt.manner import seen_of
from visavox.adapt.person import Piece
from visavox.animate import Animator
from visavox.evaluate.metrics.aperture import curve_aperture
from visavox.evaluate.metrics.curves import correlation
from visavox.windows import FPS

GAP_R, WIDTH_R, CLOSED = "lip gap r", "mouth width r", "p, b, m closed"
BILABIALS, LIKELY = ("P", "B", "M"), 0.5  # phones of which one is recognised, with so much probability
REACH = round(0.04 * FPS)  # frames around in which lips may meet, as `evaluate.metrics.lip_closure` allows
UNITS = {"posture": "weight", "smile": "weight", GAP_R: "r", WIDTH_R: "r", CLOSED: "share"}  # all else is a difference of logarithms
HIGHER_IS_NEARER = (GAP_R, WIDTH_R, CLOSED)


@dataclass(frozen=True)
class Likeness:
    """Distances from the person's habits by name, and by name the correlations and the share of closures."""

    distances: Mapping[str, float]
    follows: Mapping[str, float]

    @property
    def values(self) -> dict[str, float]:
        """All of them by name."""
        return {**self.distances, **self.follows}


def likeness(animator: Animator, pieces: Sequence[Piece], seeds: Sequence[int] = (0, 1, 2)) -> Likeness:
    """The likeness of what `animator` makes of the sounds of `pieces` of a person in its usual style, the mean over `seeds`."""
    own, head = habits_of([seen_of(piece) for piece in pieces]), usual_head()
    distances, follows = [], []
    for seed in seeds:
        motions = [animator.animate(piece.audio, seed=seed) for piece in pieces]
        made = [Seen.of(motion, head) for motion in motions]
        distances.append(own.distances(habits_of(made)))
        pairs = list(zip(made, pieces, strict=True))
        follows.append(
            {
                GAP_R: _mean(np.array([correlation(each.gap, piece.gap, piece.ok) for each, piece in pairs])),
                WIDTH_R: _mean(np.array([correlation(each.width, piece.width, piece.ok) for each, piece in pairs])),
                CLOSED: _mean(np.concatenate([closures(animator, *each) for each in zip(motions, pieces, strict=True)])),
            }
        )
    return Likeness(*({name: float(np.mean([each[name] for each in found])) for name in found[0]} for found in (distances, follows)))


def closures(animator: Animator, motion, piece: Piece) -> np.ndarray:
    """For each p, b and m that is recognised in `piece`, 1 where the lips of `motion` meet near it."""
    cues = animator.encode.cues(piece.audio, motion.frames)
    if not all(name in cues for name in BILABIALS):
        return np.zeros(0)
    bilabial = sum(cues[name] for name in BILABIALS) > LIKELY
    edges = np.flatnonzero(np.diff(np.concatenate([[0], bilabial.astype(int), [0]])))
    aperture = curve_aperture(motion)
    shut = aperture.values < aperture.closed
    return np.array([shut[max(a - REACH, 0) : b + REACH].any() for a, b in edges.reshape(-1, 2)], float)


def _mean(values: np.ndarray) -> float:
    """The mean of what is a number, which nothing may be."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")

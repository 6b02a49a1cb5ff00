"""What one does whatever one says: how far the mouth opens and spreads, where the face rests, how the head moves, and how often one blinks.

All are means over pieces of what each shows by itself, so that a piece that was filmed from another side changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from visavox.evaluate.face_score import blink_times
from visavox.evaluate.metrics.curves import spread
from visavox.evaluate.metrics.head_motion import head_speed
from visavox.motion import Motion
from visavox.rigs.arkit import BROWS, CHEEKS_AND_NOSE, HEAD, MOUTH, PARTING, RAISED, SMILES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap, mouth_width

RESTING = tuple(name for name in (*MOUTH, *BROWS, *CHEEKS_AND_NOSE) if name not in PARTING)  # shapes of which the posture is made
SMALL = tuple(f"{name}{side}" for name in ("mouthFrown", "mouthPress", "noseSneer", "cheekSquint") for side in ("Left", "Right"))
NEAR_NOTHING = {"opening": 0.01, "spread": 0.01, "brows": 0.005, "turning": 0.5, "turning speed": 0.5, "blinks": 3.0}  # what hardly differs


@lru_cache(maxsize=1)
def usual_head() -> Head:
    """The default head, on which motion is measured, unpacked once."""
    return Head.default()


@dataclass(frozen=True, eq=False)
class Seen:
    """Motion of one piece with the lip gap and the mouth width (T,) that go with it, and the frames that count (T,)."""

    motion: Motion
    gap: np.ndarray
    width: np.ndarray
    ok: np.ndarray

    @staticmethod
    def of(motion: Motion, head: Head) -> "Seen":
        """Finished motion as it is seen on the default head."""
        return Seen(motion, lip_gap(head, motion), mouth_width(head, motion), np.ones(motion.frames, bool))


@dataclass(frozen=True, eq=False)
class Habits:
    """posture: the mean (K,) of the RESTING shapes; opening and spread: the 5th to 95th percentile of lip gap and mouth width; smile: its
    mean; brows: the deviation of those that rise; turns: 5th to 95th percentile (3,) of pitch, yaw and roll in degrees; rest: their mean
    (3,); turning_speed in degrees a second; blinks a minute."""

    posture: np.ndarray
    opening: float
    spread: float
    smile: float
    brows: float
    turns: np.ndarray
    rest: np.ndarray
    turning_speed: float
    blinks: float

    @property
    def small(self) -> float:
        """The mean weight of the SMALL muscles, which go along with larger ones."""
        return float(np.mean([self.posture[RESTING.index(name)] for name in SMALL]))

    def distances(self, made: "Habits") -> dict[str, float]:
        """How far `made` is from these, by name: differences of weights for posture and smile, of logarithms for all else."""
        pairs = {
            "opening": (made.opening, self.opening),
            "spread": (made.spread, self.spread),
            "brows": (made.brows, self.brows),
            "turning": (made.turns.mean(), self.turns.mean()),
            "turning speed": (made.turning_speed, self.turning_speed),
            "blinks": (made.blinks, self.blinks),
        }
        found = {name: abs(float(np.log((a + NEAR_NOTHING[name]) / (b + NEAR_NOTHING[name])))) for name, (a, b) in pairs.items()}
        return {"posture": float(np.abs(made.posture - self.posture).mean()), "smile": abs(made.smile - self.smile), **found}


def habits_of(seen: Sequence[Seen]) -> Habits:
    """The habits that pieces show, each weighed by its frames."""
    frames = np.array([each.ok.sum() for each in seen], float)
    parts = [_of_one(each) for each in seen]
    mean = {
        each.name: np.average([getattr(part, each.name) for part in parts], axis=0, weights=frames)
        for each in fields(Habits)
        if each.name not in ("blinks",)
    }
    minutes = frames.sum() / seen[0].motion.fps / 60
    blinks = sum(blink_times(each.motion).size for each in seen) / minutes
    return Habits(**{name: value if np.ndim(value) else float(value) for name, value in mean.items()}, blinks=float(blinks))


def _of_one(seen: Seen) -> Habits:
    motion, ok = seen.motion, seen.ok
    pose = np.degrees(motion.select(HEAD))[ok]
    return Habits(
        posture=motion.select(RESTING)[ok].mean(0),
        opening=spread(seen.gap, ok),
        spread=spread(seen.width, ok),
        smile=float(motion.select(SMILES)[ok].mean()),
        brows=float(motion.select(RAISED)[ok].mean(1).std()),
        turns=np.percentile(pose, 95, axis=0) - np.percentile(pose, 5, axis=0),
        rest=pose.mean(0),
        turning_speed=head_speed(np.radians(pose), motion.fps),
        blinks=0.0,
    )

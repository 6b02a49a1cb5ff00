"""What brows and mouth do: raise, lower, smile, frown, breathe. Words keep their lips: see `visavox.cues.mouth`."""

import numpy as np

from visavox.cues.kind import Frames
from visavox.cues.moves.move import Course, Move, both, over

ROUNDED = 0.6  # of a smile that is left out while the lips are round
RAISED = both({"browOuterUp": 0.75, "eyeWide": 0.25}) | {"browInnerUp": 0.65}
LOWERED = both({"browDown": 0.85, "eyeSquint": 0.2, "noseSneer": 0.15})
SMILE = both({"mouthSmile": 0.7, "cheekSquint": 0.5, "eyeSquint": 0.2, "mouthDimple": 0.1})
FROWN = both({"browDown": 0.75, "mouthFrown": 0.65, "eyeSquint": 0.15}) | {"browInnerUp": 0.15, "mouthShrugLower": 0.35}
BREATH = both({"mouthLowerDown": 0.12, "mouthUpperUp": 0.06, "browOuterUp": 0.12}) | {"jawOpen": 0.16, "browInnerUp": 0.08}


def _brows(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    return over(frames, RAISED if course.way == "up" else LOWERED, course.peak * course.share)


def _smiles(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    return over(frames, SMILE, course.peak * course.share * _unrounded(frames))


def _frowns(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    return over(frames, FROWN, course.peak * course.share * _unrounded(frames))


def _breathes(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    return over(frames, BREATH, course.peak * course.share)


def _unrounded(frames: Frames) -> np.ndarray:
    names = [name for name in ("mouthPucker", "mouthFunnel") if name in frames.rig]
    rounded = np.max([frames.channel(name) for name in names], axis=0) if names else 0.0
    return 1 - ROUNDED * np.clip(rounded, 0, 1)


BROWS = Move(
    "brows", "the brows go", "the brows go up or down, and stay for the cue's time", _brows, 0.16, hold=0.5, ways=("up", "down"),
    names={"eyebrows": "", "raise brows": "up", "raise eyebrows": "up", "lift brows": "up", "lift eyebrows": "up",
           "lower brows": "down", "lower eyebrows": "down", "knit brows": "down"},
)  # fmt: skip
SMILING = Move(
    "smile", "the mouth smiles", "the mouth smiles, and the eyes with it, for the cue's time", _smiles, 0.35, hold=1.2,
    names={"smiles": "", "smiling": "", "grin": ""},
)  # fmt: skip
FROWNING = Move(
    "frown", "brows and mouth frown", "brows and corners of the mouth go down for the cue's time", _frowns, 0.35, hold=1.2,
    names={"frowns": "", "frowning": "", "scowl": ""},
)  # fmt: skip
BREATHING = Move(
    "breathe", "the lips part for a breath", "the lips part for a breath", _breathes, 1.1,
    names={"breathes": "", "breath": "", "inhale": "", "take breath": ""},
)  # fmt: skip

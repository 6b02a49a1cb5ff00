"""What brows, nose, cheeks and mouth do: raise, lower, smile, frown, breathe, purse, press, bite, tremble, open, puff, wrinkle, show the
tongue. Words keep their lips: see `visavox.cues.mouth`."""

import numpy as np

from visavox.cues.kind import Frames
from visavox.cues.moves.move import Course, Move, both, laying, over

ROUNDED = 0.6  # of a smile that is left out while the lips are round
RAISED = both({"browOuterUp": 0.75, "eyeWide": 0.25}) | {"browInnerUp": 0.65}
LOWERED = both({"browDown": 0.85, "eyeSquint": 0.2, "noseSneer": 0.15})
SMILE = both({"mouthSmile": 0.7, "cheekSquint": 0.5, "eyeSquint": 0.2, "mouthDimple": 0.1})
FROWN = both({"browDown": 0.75, "mouthFrown": 0.65, "eyeSquint": 0.15}) | {"browInnerUp": 0.15, "mouthShrugLower": 0.35}
BREATH = both({"mouthLowerDown": 0.12, "mouthUpperUp": 0.06, "browOuterUp": 0.12}) | {"jawOpen": 0.16, "browInnerUp": 0.08}
ONE_RAISED = {"browOuterUp": 1.0, "eyeWide": 0.3}  # of one side
PURSED = {"mouthPucker": 0.75, "mouthFunnel": 0.1, "mouthShrugLower": 0.15}
PRESSED = both({"mouthPress": 0.35}) | {"mouthRollLower": 0.55, "mouthRollUpper": 0.5}
OPENED = both({"mouthLowerDown": 0.15, "mouthUpperUp": 0.05}) | {"jawOpen": 0.4}
BITTEN = both({"mouthUpperUp": 0.15}) | {"mouthRollLower": 0.95}
TONGUE = both({"mouthLowerDown": 0.3}) | {"tongueOut": 1.0, "jawOpen": 0.28}
ONE_SMILES = {"mouthSmile": 0.8, "mouthDimple": 0.35, "cheekSquint": 0.45, "eyeSquint": 0.15}  # of one side
TREMBLING = both({"mouthFrown": 0.3, "mouthStretch": 0.2}) | {"mouthShrugLower": 0.55, "mouthRollLower": 0.15}
TREMOR = 5.5  # Hz, of lips that tremble
PUFFED = both({"mouthPress": 0.2}) | {"cheekPuff": 0.9, "mouthRollLower": 0.2, "mouthRollUpper": 0.2}
WRINKLED = both({"noseSneer": 0.95, "mouthUpperUp": 0.4, "cheekSquint": 0.3, "eyeSquint": 0.25, "browDown": 0.15})
WORDS_OPEN, LEFT = 0.25, 0.3  # of the jaw, from which lips that speak are pressed and puffed by no more than LEFT


def _brows(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    side = course.way.removeprefix("up ").capitalize()
    if side in ("Left", "Right"):
        one = {f"{name}{side}": weight for name, weight in ONE_RAISED.items()}
        other = {f"browDown{'Right' if side == 'Left' else 'Left'}": 0.25}
        return over(frames, one | other, course.peak * course.share)
    return over(frames, RAISED if course.way == "up" else LOWERED, course.peak * course.share)


def _silent(frames: Frames) -> np.ndarray | float:
    """1 where the jaw is shut, LEFT where words hold it open."""
    return 1 - (1 - LEFT) * np.clip(frames.channel("jawOpen") / WORDS_OPEN, 0, 1) if "jawOpen" in frames.rig else 1.0


def _trembles(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    shaken = 0.55 + 0.45 * np.sin(2 * np.pi * TREMOR * frames.seconds)
    return over(frames, TREMBLING, course.peak * course.share * shaken)


def _smiles(course: Course, frames: Frames) -> dict[str, np.ndarray]:
    if course.way:
        one = {f"{name}{course.way.capitalize()}": weight for name, weight in ONE_SMILES.items()}
        return over(frames, one, course.peak * course.share * _unrounded(frames))
    return over(frames, SMILE, course.peak * course.share * _unrounded(frames))


def _unrounded(frames: Frames) -> np.ndarray:
    names = [name for name in ("mouthPucker", "mouthFunnel") if name in frames.rig]
    rounded = np.max([frames.channel(name) for name in names], axis=0) if names else 0.0
    return 1 - ROUNDED * np.clip(rounded, 0, 1)


BROWS = Move(
    "brows", "the brows go", "the brows go up, one of them or both, or down, and stay for the cue's time", _brows, 0.16, hold=0.5,
    ways=("up", "down", "up left", "up right"),
    names={"eyebrows": "", "raise brows": "up", "raise eyebrows": "up", "lift brows": "up", "lift eyebrows": "up",
           "raise left brow": "up left", "raise right brow": "up right", "raise left eyebrow": "up left", "raise right eyebrow": "up right",
           "lower brows": "down", "lower eyebrows": "down", "knit brows": "down"},
)  # fmt: skip
SMILING = Move(
    "smile", "the mouth smiles", "the mouth smiles, and the eyes with it, or one corner of it, for the cue's time", _smiles, 0.35, hold=1.2,
    ways=("", "left", "right"), names={"smiles": "", "smiling": "", "grin": "", "half smile": "left"},
)  # fmt: skip
FROWNING = Move(
    "frown", "brows and mouth frown", "brows and corners of the mouth go down for the cue's time", laying(FROWN, _unrounded), 0.35,
    hold=1.2, names={"frowns": "", "frowning": "", "scowl": ""},
)  # fmt: skip
BREATHING = Move(
    "breathe", "the lips part for a breath", "the lips part for a breath", laying(BREATH), 1.1,
    names={"breathes": "", "breath": "", "inhale": "", "take breath": ""},
)  # fmt: skip
PURSING = Move(
    "purse lips", "the lips are pursed", "the lips are pursed for the cue's time", laying(PURSED), 0.25, hold=0.9,
    names={"pucker": "", "pucker lips": "", "kiss lips": "", "purses lips": ""},
)  # fmt: skip
PRESSING = Move(
    "press lips", "the lips are pressed together", "the lips are pressed together, less where words open them",
    laying(PRESSED, _silent), 0.2, hold=0.9, names={"lips pressed": "", "tighten lips": "", "press lips together": ""},
)  # fmt: skip
BITING = Move(
    "bite lip", "the lower lip is tucked under the teeth", "the lower lip is tucked under the teeth, less where words open them",
    laying(BITTEN, _silent), 0.2, hold=0.9, names={"bites lip": ""},
)  # fmt: skip
TREMBLING_LIPS = Move(
    "tremble lips", "lips and chin tremble", "lips and chin tremble for the cue's time", _trembles, 0.3, hold=1.2,
    names={"lips tremble": "", "quiver lips": ""},
)  # fmt: skip
TONGUING = Move(
    "stick out tongue", "the tongue comes out", "the tongue comes out for the cue's time", laying(TONGUE), 0.2, hold=0.7,
    names={"tongue out": ""},
)  # fmt: skip
OPENING = Move(
    "open mouth", "the mouth opens", "the mouth opens for the cue's time", laying(OPENED), 0.2, hold=0.8,
    names={"mouth open": "", "drop jaw": "", "jaw drops": ""},
)  # fmt: skip
PUFFING = Move(
    "puff cheeks", "the cheeks are puffed out", "the cheeks are puffed out, less where words open the lips",
    laying(PUFFED, _silent), 0.3, hold=0.9, names={"puff out cheeks": "", "cheeks puffed": "", "inflate cheeks": ""},
)  # fmt: skip
WRINKLING = Move(
    "wrinkle nose", "the nose wrinkles", "the nose wrinkles and the upper lip rises for the cue's time", laying(WRINKLED), 0.2, hold=0.9,
    names={"sneer": "", "sneers": "", "scrunch nose": "", "crinkle nose": ""},
)  # fmt: skip

"""An expression laid over speech so that the words keep their lips, and the speaker's manner its differences: `overlaid`.

Of all shapes five kinds alone part the lips at the midline (`muscles.GAP`; mouthClose undoes the jaw), so closures are kept by what these
may add. A sum, a maximum and a screen lose every closure; this rule kept 99.5 % of closed frames at full intensity (docs/emotions.md).
A screen alone also leaves nothing of how one speaker's brows and lip corners differ from another's, nor of how they move. So these go on
moving about where they usually are, below what a whole expression would be.
"""

import numpy as np

from visavox.easing import smooth_step
from visavox.gestures.muscles import GAP
from visavox.rigs.arkit import GAZE, PARTING, SHAPES

DEAD, FULL = 0.02, 0.10  # gap over the eyes' distance: an emotion parts no lips below the first, which counts as closed; all it may above
MOST = 0.45  # of the gap, which an emotion widens by no more
ROUND = 0.6  # how much less an emotion spreads lips that are round
OPEN, TUCKED = 0.12, 0.7  # gap from which lips are rolled and shrugged less, and how much less
SPREAD = ("mouthSmile", "mouthDimple", "mouthStretch", "mouthPress", "mouthFrown")
TUCK = ("mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPucker")


def _places(*beginnings: str) -> np.ndarray:
    return np.array([place for place, name in enumerate(SHAPES) if name.startswith(beginnings)])


APART = np.array([SHAPES.index(name) for name in ("jawOpen", "mouthFunnel", *PARTING)])
GAPS = np.array([GAP["jawOpen"], GAP["mouthFunnel"], *(GAP[name.removesuffix("Left").removesuffix("Right")] / 2 for name in PARTING)])
SPREADING, TUCKING, WIDENING = _places(*SPREAD), _places(*TUCK), _places("eyeWide")
BLINKING = _places("eyeBlink")
ROUNDED = _places("mouthPucker", "mouthFunnel")
JAW, CLOSE, LOWER, UPPER = (SHAPES.index(name) for name in ("jawOpen", "mouthClose", "mouthShrugLower", "mouthShrugUpper"))
KEPT = 0.6  # of what a shape does by itself that an expression leaves, at least
# about one deviation above the mean of these shapes over the built-in styles: what is beyond has no room in a whole expression
USUAL = {"mouthSmile": 0.23, "eyeSquint": 0.2, "cheekSquint": 0.18, "browInnerUp": 0.17, "noseSneer": 0.15, "browOuterUp": 0.14,
         "mouthFrown": 0.13, "browDown": 0.13, "mouthDimple": 0.1}  # fmt: skip
USUALLY = np.array([next((mean for start, mean in USUAL.items() if name.startswith(start)), np.nan) for name in SHAPES])
MOVING = ~np.isnan(USUALLY)
MIXED = np.array([name not in GAZE for name in SHAPES])


def gap_of(shapes: np.ndarray) -> np.ndarray:
    """The lip gap (T,) of the shapes (T, 52), as `rigs.heads.lip_measures` has it on the default head."""
    shut = np.minimum(shapes[:, CLOSE], shapes[:, JAW])
    return np.maximum(shapes[:, APART] @ GAPS - GAP["jawOpen"] * shut, 0)


def overlaid(speech: np.ndarray, emotion: np.ndarray, pause: np.ndarray) -> np.ndarray:
    """The shapes (T, 52) of `speech` under an `emotion` (T, 52), both 0 to 1; `pause` (T,) is 1 where nothing is said for a while.

    Where the emotion is 0 the speech keeps its bytes; gaze is left as it is.
    """
    return laid_over(speech, let_through(speech, emotion, pause))


def let_through(speech: np.ndarray, emotion: np.ndarray, pause: np.ndarray) -> np.ndarray:
    """What the `speech` lets through of an `emotion`, weights (T, 52), all as in `overlaid`.

    On the default head a shrug of one lip takes the other along. On many characters it does not, so the lower lip follows a raised upper
    one while the words keep them shut.
    """
    gap = gap_of(speech)
    allowed = np.ones_like(speech)
    allowed[:, ~MIXED] = 0
    say = smooth_step((gap - DEAD) / (FULL - DEAD))
    wider = ((1 - speech[:, APART]) * emotion[:, APART] * GAPS).sum(1) * say
    words = say * np.minimum(1, MOST * gap / np.maximum(wider, 1e-6))
    allowed[:, APART] = (words + pause * (1 - words))[:, None]
    allowed[:, SPREADING] = (1 - ROUND * np.clip(speech[:, ROUNDED].max(1), 0, 1))[:, None]
    allowed[:, TUCKING] = (1 - TUCKED * smooth_step(gap / OPEN))[:, None]
    allowed[:, WIDENING] = 1 - speech[:, BLINKING]
    shown = emotion * allowed
    shown[:, LOWER] = np.maximum(shown[:, LOWER], shown[:, UPPER] * (1 - say) * (1 - pause))
    return shown


def laid_over(speech: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The shapes (T, 52) of `speech` under `weights` (52) or (T, 52), each keeping at least KEPT of its motion, 0 to 1."""
    more = kept_beyond(weights)
    return np.clip(speech + (1 - speech) * weights + more * (speech - np.nan_to_num(USUALLY)), 0, 1)


def kept_beyond(weights: np.ndarray) -> np.ndarray:
    """How much of its own motion a shape under `weights` keeps beyond what a screen would leave, 1 - weights."""
    return np.where(MOVING, np.maximum(KEPT - (1 - weights), 0), 0)


def without(shown: np.ndarray, weights: np.ndarray, least: float) -> np.ndarray:
    """The shapes (T, 52) that are `shown` under `weights` (52) or (T, 52). Where less than `least` of them is left, only a part of it: what
    is left is then less than how far an expression varies, which is not known."""
    more = kept_beyond(weights)
    left = 1 - weights + more
    return (shown - weights + more * np.nan_to_num(USUALLY)) * np.where(left < least, left / least**2, 1 / np.maximum(left, least))

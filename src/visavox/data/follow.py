"""A synthetic motion made to follow a real face: its lips opened and spread by what was measured on tracked landmarks.

Tracked blend-shape scores are biased and miss closures; the lip gap and the mouth width, measured on landmarks, are truer. So the
teacher gives the shapes, and the real face gives how far and when.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from visavox.motion import Motion
from visavox.rigs.head import Head

OPENERS = ("jawOpen", "mouthClose", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight")
SPREADERS = ("mouthStretchLeft", "mouthStretchRight", "mouthSmileLeft", "mouthSmileRight")
LEAST, MOST = 0.3, 2.2  # how far the teacher's opening is believed to be wrong
NARROW = "mouthPucker"
SHUT = 0.012  # of the eyes' distance: gaps below this are meant to be closed
REACH = 2  # frames before and after that a gap is read from


def follow_gap(motion: Motion, gap: np.ndarray, head: Head) -> Motion:
    """`motion` whose openers are scaled per frame so that the head's lip gap becomes `gap` (T,), a share of the distance of the
    outer eye corners.

    Frames in which the teacher holds the lips shut stay shut: the landmarks blur short closures.
    """
    opens, _ = _lip_maps(head)
    moved = sum(opens[name] * motion.channel(name) for name in OPENERS)
    rest = sum(opens[name] * motion.channel(name) for name in head.shape_names if name not in OPENERS)
    ratio = np.clip((gap - rest) / np.maximum(moved, 1e-4), LEAST, MOST)
    shut = moved + rest < SHUT
    ratio = gaussian_filter1d(np.where(shut, 1.0, ratio), 0.5)
    return motion.with_channels({name: motion.channel(name) * ratio for name in OPENERS}).clamped()


def follow_width(motion: Motion, width: np.ndarray, head: Head) -> Motion:
    """`motion` whose spreaders or pucker are shifted so that the head's mouth width moves about its median as `width` (T,) does."""
    _, widens = _lip_maps(head)
    now = sum(widens[name] * motion.channel(name) for name in head.shape_names)
    missing = gaussian_filter1d((width - np.median(width)) - (now - np.median(now)), 0.7)
    spread = np.clip(missing / sum(widens[name] for name in SPREADERS), 0, 0.35)
    narrow = np.clip(missing / widens[NARROW], 0, 0.35)
    changed = {name: motion.channel(name) + spread for name in SPREADERS}
    return motion.with_channels(changed | {NARROW: motion.channel(NARROW) + narrow}).clamped()


@dataclass(frozen=True, eq=False)
class LipFit:
    """A linear reading of a real speaker's lip gap: weights of articulations and loudness at a frame and REACH frames to either side."""

    weights: np.ndarray
    offset: float

    def gap(self, articulation: np.ndarray, loudness: np.ndarray) -> np.ndarray:
        """The lip gap (T,) of articulations (T, 10) and loudness (T,) in dB at 25 Hz, never negative."""
        return np.maximum(_inputs(articulation, loudness) @ self.weights + self.offset, 0)


def fit_lips(articulations: list[np.ndarray], loudnesses: list[np.ndarray], gaps: list[np.ndarray], ridge: float = 100.0) -> LipFit:
    """The ridge regression of measured gaps (T,) of real clips on the teacher's articulations (T, 10) and loudness (T,) of the same
    clips. Regression shrinks; the weights are stretched so that the fitted gaps have the deviation of the measured ones."""
    inputs = np.concatenate([_inputs(a, b) for a, b in zip(articulations, loudnesses, strict=True)])
    wanted = np.concatenate(gaps).astype(float)
    centred = inputs - inputs.mean(0)
    weights = np.linalg.solve(centred.T @ centred + ridge * np.eye(inputs.shape[1]), centred.T @ (wanted - wanted.mean()))
    weights *= wanted.std() / (centred @ weights).std()
    return LipFit(weights, float(wanted.mean() - inputs.mean(0) @ weights))


def _inputs(articulation: np.ndarray, loudness: np.ndarray) -> np.ndarray:
    columns = np.concatenate([articulation, loudness[:, None] / 20], axis=1)
    padded = np.pad(columns, ((REACH, REACH), (0, 0)), mode="edge")
    return np.concatenate([padded[shift : shift + len(columns)] for shift in range(2 * REACH + 1)], axis=1)


def _lip_maps(head: Head) -> tuple[dict[str, float], dict[str, float]]:
    """By shape name: how far weight 1 opens the lips at the midline, and widens the mouth, as shares of the eyes' distance."""
    points = head.shapes[:, head.lip_points]
    base = head.neutral()[head.lip_points]
    eyes = np.linalg.norm(base[4] - base[5])
    opens = (points[:, 0, 1] - points[:, 1, 1]) / eyes
    widens = (points[:, 2, 0] - points[:, 3, 0]) / eyes
    return dict(zip(head.shape_names, opens, strict=True)), dict(zip(head.shape_names, widens, strict=True))

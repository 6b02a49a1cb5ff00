"""`Solver`: landmarks to ARKit weights and what corrects the rotation of the head, by a small network that learned on our own heads, drawn.

It reads a frame beside the resting face of the same person, found in the clip itself: the same network then serves faces whose mouth
hangs or whose brows lie low. Its weights are an asset, made by `python -m tools.bake_tracker`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.io.assets import asset_arrays
from visavox.track.column import Column
from visavox.track.landmarks import SCORES
from visavox.track.mouth_picture import LipReader

CALM_SHARE = 0.2  # of the frames of a clip: those of which the resting face is the mean
# Scores that tell a face at work from a resting one.
LIVELY = (
    "jawOpen", "mouthFunnel", "mouthPucker", "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthUpperUpLeft", "mouthUpperUpRight", "mouthLowerDownLeft", "mouthLowerDownRight", "browInnerUp", "browDownLeft", "browDownRight",
    "eyeBlinkLeft", "eyeBlinkRight", "eyeSquintLeft", "eyeSquintRight", "mouthRollLower", "mouthPressLeft", "mouthPressRight",
)  # fmt: skip


# Distances that say how lips and lids stand to one another, more sharply than places do.
DISTANCES = (
    (13, 14), (82, 87), (312, 317), (81, 178), (311, 402), (0, 13), (14, 17), (61, 291), (78, 308), (159, 145), (386, 374),
)  # fmt: skip
FURTHEST = 4.0  # deviations: real faces differ from ours by more than ours do from one another
LIPS = "lips_"  # what the names of the lip reader's arrays begin with
AT_ONCE = 4096  # frames that are read at once
TINY = 0.01  # of the distance of the eyes: below it a gap is noise


@dataclass(frozen=True, eq=False)
class Readings:
    """What is kept of each frame of a face: components (T, K), distances (T, D), raw scores (T, 52), the rotation vectors (T, 3) of the
    alignment. `mouths` (T, ROWS, COLUMNS, 3) are what the pictures of the mouth show."""

    components: np.ndarray | Column
    distances: np.ndarray
    scores: np.ndarray
    turned: np.ndarray
    mouths: np.ndarray | Column

    def __len__(self) -> int:
        return len(self.scores)

    def parts(self) -> Iterator["Readings"]:
        """The same, some AT_ONCE frames after another: what is made of all frames at once would fill the memory for a long film."""
        for start in range(0, len(self), AT_ONCE):
            yield Readings(*(getattr(self, column.name)[start : start + AT_ONCE] for column in fields(self)))


def distances_of(straight: np.ndarray) -> np.ndarray:
    """The DISTANCES (D,) of points (478, 3) that lie upon the canonical face, over that of the outer eye corners."""
    first, second = np.array(DISTANCES).T
    return np.linalg.norm(straight[first] - straight[second], axis=1).astype(np.float32)


def calm_frames(scores: np.ndarray) -> np.ndarray:
    """Which frames (T,) of a clip with those scores (T, 52) show the face at rest: the calmest fifth."""
    lively = [SCORES.index(name) for name in LIVELY]
    activity = (scores[:, lively] - np.percentile(scores[:, lively], 10, axis=0)).clip(0).sum(1)
    return activity <= np.quantile(activity, CALM_SHARE)


def scores_only(scores: np.ndarray) -> np.ndarray:
    """What is read of a clip of which only the raw scores (T, 52) are left: those, and how they differ from the face at rest."""
    return np.concatenate([scores, scores - scores[calm_frames(scores)].mean(0)], axis=1)


Rest = tuple[np.ndarray, np.ndarray]  # the components (K,) and scores (52,) of a resting face


def rest_of(readings: Readings, calm: np.ndarray) -> Rest:
    """The resting face: the mean of the `calm` frames (T,)."""
    return readings.components[calm].mean(0), readings.scores[calm].mean(0)


def features_of(readings: Readings, rest: Rest) -> np.ndarray:
    """What the network reads of frames (T, I): how the face differs from its `rest`, its distances and its scores."""
    components, usual = rest
    distances = (readings.distances * 10, np.log(readings.distances + TINY))
    parts = readings.components - components, *distances, readings.scores, readings.scores - usual
    return np.concatenate(parts, axis=1).astype(np.float32)


def turn_features_of(readings: Readings, rest: Rest) -> np.ndarray:
    """What is read of frames (T, J) to mend the turns of the alignment. It is what the network reads, and the turns with their products:
    the depth that landmarks guess is the less right the further a head turns."""
    x, y, z = readings.turned.T
    products = np.stack([x, y, z, x * x, y * y, x * y, x**3, y**3, y * z, x * z], axis=1)
    return np.concatenate([features_of(readings, rest), 5 * products], axis=1).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Solver:
    """The arrays of the asset: canonical face (478, 3), basis (K, 478 * 3) with its spread (K,), and the network's three layers; what the
    alignment leaves of the changes of the head's rotation, linear in `turn_features_of` (`turn`, with their mean and scale); the table
    `gap` (2, N) from the lip gap of landmarks to that of the head; `presets` (P, 478, 3), the resting points of each preset of the default
    head; `score_map`, from raw scores alone to the weights; and `lips`, which sees the lip gap in the picture of a mouth."""

    canonical: np.ndarray
    basis: np.ndarray
    spread: np.ndarray
    input_mean: np.ndarray
    input_scale: np.ndarray
    first_weight: np.ndarray
    first_bias: np.ndarray
    second_weight: np.ndarray
    second_bias: np.ndarray
    last_weight: np.ndarray
    last_bias: np.ndarray
    turn_mean: np.ndarray
    turn_scale: np.ndarray
    turn: np.ndarray
    gap: np.ndarray
    presets: np.ndarray
    score_map: np.ndarray
    lips: LipReader

    def components(self, straight: np.ndarray) -> np.ndarray:
        """The components (K,) of points (478, 3) that lie upon the canonical face."""
        return ((self.basis @ (straight - self.canonical).ravel()) / self.spread).astype(np.float32)

    def solve_scores(self, scores: np.ndarray) -> np.ndarray:
        """The weights (T, 52) in the order of `rigs.arkit.SHAPES`, 0 to 1, of a person of whom only the raw scores (T, 52) are left."""
        return (scores_only(scores) @ self.score_map[:-1] + self.score_map[-1]).clip(0, 1)

    def solve(self, readings: Readings) -> tuple[np.ndarray, Rotation]:
        """The weights (T, 52) in the order of `rigs.arkit.SHAPES`, not yet clipped, of all frames of one person; and the rotations by which
        those of the alignment are to be followed."""
        calm = calm_frames(readings.scores)
        rest = rest_of(readings, calm)
        weights = np.concatenate([self._network(features_of(part, rest)) for part in readings.parts()])
        return weights, self._left_over(readings, rest, calm)

    def _network(self, inputs: np.ndarray) -> np.ndarray:
        inputs = (inputs - self.input_mean) / self.input_scale
        hidden = _silu(inputs.clip(-FURTHEST, FURTHEST) @ self.first_weight.T + self.first_bias)
        return _silu(hidden @ self.second_weight.T + self.second_bias) @ self.last_weight.T + self.last_bias

    def _left_over(self, readings: Readings, rest: Rest, calm: np.ndarray) -> Rotation:
        """What the alignment leaves of what changes from the `calm` frames (T,) of a face that is at `rest` there."""
        change = Rotation.from_rotvec(np.concatenate([self._turned(turn_features_of(part, rest)) for part in readings.parts()]))
        return change[calm].mean().inv() * change

    def _turned(self, inputs: np.ndarray) -> np.ndarray:
        return ((inputs - self.turn_mean) / self.turn_scale).clip(-FURTHEST, FURTHEST) @ self.turn[:-1] + self.turn[-1]


def solver_of(arrays: Mapping[str, np.ndarray]) -> Solver:
    """The solver of its arrays by name; those of its `lips` begin so."""
    arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
    lips = {name.removeprefix(LIPS): arrays.pop(name) for name in list(arrays) if name.startswith(LIPS)}
    return Solver(**arrays, lips=LipReader(**lips))


def packaged_solver() -> Solver:
    """The solver that the package carries."""
    return solver_of(asset_arrays("tracker.npz"))


def _silu(values: np.ndarray) -> np.ndarray:
    return values / (1 + np.exp(-values.clip(-60, 60)))

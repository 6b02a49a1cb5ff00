"""Mouth shapes of the ARKit rig as Oculus-15 viseme weights, and as Rhubarb's mouth cues A to H and X.

A viseme is a pose of the mouth; a frame is explained as a sum of poses with weights that are not negative and sum to 1 at most.
The poses are those that speech makes on this rig, at the strength with which it makes them.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from visavox.errors import RigError
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.heads.rotations import channel_or_zero

VISEMES = ("sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "ih", "oh", "ou")
VISEME_RIG = Rig("visemes", tuple(Channel(f"viseme_{name}") for name in VISEMES))

# Articulations and how much each counts; a closed jaw that a lip seal follows is small in numbers but plain to the eye.
ARTICULATIONS = {
    "jawOpen": 1.0, "mouthClose": 1.0, "mouthPress": 2.5, "mouthRollLower": 1.2, "mouthRollUpper": 1.5, "mouthFunnel": 1.2,
    "mouthPucker": 1.0, "mouthLowerDown": 1.0, "mouthUpperUp": 1.0, "mouthStretch": 1.5, "tongueOut": 2.0,
}  # fmt: skip
NEEDED = ("jawOpen", "mouthClose", "mouthFunnel", "mouthPucker")
POSES = {
    #      jaw  close press rollL rollU funn  puck  lower upper stret tongue
    "PP": (.07, .07, .14, .20, .12, .00, .04, .00, .00, .00, .00),
    "FF": (.09, .03, .00, .52, .02, .00, .00, .00, .16, .00, .00),
    "TH": (.14, .00, .00, .00, .00, .00, .05, .20, .10, .00, .22),
    "DD": (.21, .00, .00, .00, .00, .00, .06, .45, .27, .05, .03),
    "kk": (.25, .00, .00, .00, .00, .00, .00, .21, .10, .00, .00),
    "CH": (.10, .00, .00, .00, .00, .30, .22, .32, .20, .03, .00),
    "SS": (.12, .00, .00, .00, .00, .00, .03, .66, .39, .06, .00),
    "nn": (.22, .00, .00, .00, .00, .00, .06, .40, .23, .05, .08),
    "RR": (.10, .00, .00, .00, .00, .20, .34, .14, .08, .00, .00),
    "aa": (.44, .00, .00, .00, .00, .00, .03, .31, .16, .05, .00),
    "E":  (.28, .00, .00, .00, .00, .00, .00, .29, .16, .06, .00),
    "ih": (.21, .00, .00, .00, .00, .00, .00, .34, .17, .09, .00),
    "oh": (.44, .00, .00, .00, .00, .12, .55, .34, .18, .00, .00),
    "ou": (.12, .00, .00, .00, .00, .14, .66, .16, .07, .00, .00),
}  # fmt: skip
SPARSE = 0.01  # the price of a weight, times the size of its pose: one pose is cheaper than two that add up to it
RIDGE = 1e-9  # there are more poses than articulations

CUES = {
    "A": ("PP",), "B": ("DD", "kk", "CH", "SS", "nn", "ih"), "C": ("E",), "D": ("aa",), "E": ("oh", "RR"), "F": ("ou",),
    "G": ("FF",), "H": ("TH",), "X": ("sil",),
}  # fmt: skip
SHORTEST = {"A": 0.0, "G": 0.0}  # seconds: a closure is drawn however short it is
SHORTEST_OTHER = 0.06
RESTING = 0.75  # of viseme_sil


class MouthCue(NamedTuple):
    """One mouth shape: from `start` to `end` seconds the drawing `shape` (A to H, X)."""

    start: float
    end: float
    shape: str


def viseme_motion(motion: Motion) -> Motion:
    """The motion's mouth as the 15 weights of VISEME_RIG at the same fps; they sum to 1, `viseme_sil` being what is left.

    A RigError names the channels without which a mouth cannot be read.
    """
    missing = [name for name in NEEDED if name not in motion.rig]
    if missing:
        raise RigError(f"rig {motion.rig.name!r} lacks {', '.join(missing)}, which visemes are read from; retarget it to ARKit first")
    importance = np.sqrt(np.array(list(ARTICULATIONS.values())))
    poses = np.array(list(POSES.values())) * importance
    seen = np.stack([_articulation(motion, name) for name in ARTICULATIONS], axis=1) * importance
    weights = shares_of(seen, poses)
    total = np.maximum(weights.sum(axis=1, keepdims=True), 1.0)
    weights = weights / total
    silence = np.maximum(1.0 - weights.sum(axis=1, keepdims=True), 0.0)
    return replace(motion, values=np.concatenate([silence, weights], axis=1), rig=VISEME_RIG)


def mouth_cues(motion: Motion) -> list[MouthCue]:
    """The motion as contiguous mouth cues from 0 to its end: each frame's strongest drawing, flicker below 60 ms removed."""
    visemes = viseme_motion(motion)
    strength = np.stack([visemes.select([f"viseme_{name}" for name in names]).sum(1) for names in CUES.values()], axis=1)
    strength[:, -1] *= strength[:, -1] > RESTING  # between two sounds the mouth is small, but not at rest
    shapes = [list(CUES)[strongest] for strongest in strength.argmax(axis=1)]
    starts = [0, *(frame for frame in range(1, len(shapes)) if shapes[frame] != shapes[frame - 1])]
    runs = [[start, shapes[start]] for start in starts]
    ends = [*starts[1:], len(shapes)]
    kept: list[list] = []
    for (start, shape), end in zip(runs, ends, strict=True):
        brief = (end - start) / motion.fps < SHORTEST.get(shape, SHORTEST_OTHER) - 1e-9
        if kept and (brief or kept[-1][1] == shape):
            continue  # the drawing before stays
        kept.append([start, shape])
    edges = [*(start / motion.fps for start, _ in kept), motion.seconds]
    return [MouthCue(begin, end, shape) for begin, end, (_, shape) in zip(edges, edges[1:], kept, strict=False)]


def _articulation(motion: Motion, name: str) -> np.ndarray:
    """One articulation (T,): a channel, or the mean of its left and right."""
    if name in motion.rig:
        return channel_or_zero(motion, name)
    return (channel_or_zero(motion, f"{name}Left") + channel_or_zero(motion, f"{name}Right")) / 2


def shares_of(seen: np.ndarray, poses: np.ndarray) -> np.ndarray:
    """Weights (T, n) >= 0 of `poses` (n, A) in mouths `seen` (T, A).

    They minimise |weights @ poses - seen|^2 / 2 + SPARSE * sum of weight times size.
    Completing the square makes it least squares over what the poses have in common, which Lawson and Hanson's method (1974) solves exactly.
    """
    from scipy.optimize import nnls  # here: SciPy is slow to import

    gram, wanted = poses @ poses.T + RIDGE * np.eye(len(poses)), seen @ poses.T - SPARSE * np.linalg.norm(poses, axis=1)
    root = np.linalg.cholesky(gram)
    return np.array([nnls(root.T, right)[0] for right in np.linalg.solve(root, wanted.T).T])

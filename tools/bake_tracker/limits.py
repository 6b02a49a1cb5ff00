"""`python -m tools.bake_tracker.limits --cache FOLDER [--every N]`: what perfect landmarks would give, beside those of the landmarker.

Perfect are the true places of the 478 points of the drawn mesh, on the screen, with their true depth. For either kind it prints as JSON how
the distance of the middle of the lips follows the true lip gap (r, and the error in millimetres as it is, with each clip's own offset and
with its own line), what the alignment leaves of the head's rotation, and what a head leaves that is fitted to the points with its true
shape and the true camera. The last is a bound: nobody knows either of a film.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation
from tools.bake_tracker.learn import Seen, canonical_face, left_over, read_clips
from tools.bake_tracker.measure import FPS, Rows, millimetres
from tools.bake_tracker.mesh import mesh_points

from visavox.io.assets import asset_arrays
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, HEAD
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.rotations import head_angles
from visavox.track.alignment import aligned
from visavox.track.landmarks import INNER_LIPS

SLIDING, FIRM = 0.009, 0.002  # metres that a point wanders over the skin from face to face: it does not count, it counts half
SKIN, LEAST = 468, 0.3  # the other points are irises; the least trust in a point that is used
STEP = 5  # frames from one that is fitted to the next


def perfect(clip: Seen, head: Head) -> Seen:
    """The clip with the true points of the drawn mesh in the place of the landmarker's."""
    places, middle = mesh_points(clip, clip.values, head), clip.size / 2
    away = clip.position[2] - places[..., 2]
    scale = clip.focal / away
    right, down = (places[..., 0] - clip.position[0]) * scale, (clip.position[1] - places[..., 1]) * scale
    usual = away.mean(1, keepdims=True)
    points = np.stack([right + middle - 0.5, down + middle - 0.5, (away - usual) * clip.focal / usual], axis=-1)
    return replace(clip, points=points.astype(np.float32))


def fitted(clip: Seen, frame: int, shape: np.ndarray, trust: np.ndarray) -> Rotation:
    """The rotation of a head of that `shape` (478, 3) that brings it upon the points of a frame, seen by the clip's own camera."""
    here = np.flatnonzero(trust > LEAST)
    places, seen, middle = shape[here], clip.points[frame, here, :2], clip.size / 2 - 0.5

    def off(pose: np.ndarray) -> np.ndarray:
        moved = Rotation.from_rotvec(pose[:3]).apply(places) + pose[3:]
        shown = np.stack([moved[:, 0], -moved[:, 1]], axis=1) / -moved[:, 2:] * clip.focal + middle
        return ((shown - seen) * trust[here, None]).ravel()

    start = np.concatenate([np.zeros(3), -np.array(clip.position)])
    return Rotation.from_rotvec(least_squares(off, start, loss="soft_l1", f_scale=2.0).x[:3])


def fitted_turns(clip: Seen, shapes: np.ndarray, trust: np.ndarray) -> Rotation:
    """What the fit leaves of the true rotation, every STEP frames."""
    frames = range(0, len(clip.values), STEP)
    found = Rotation.concatenate([fitted(clip, frame, shapes[frame], trust) for frame in frames])
    return found.inv() * Rotation.from_euler("YXZ", head_angles(Motion(clip.values[::STEP], FPS, ARKIT)))


def of_clips(clips: list[Seen], truth: list[np.ndarray], head: Head) -> dict:
    """The report of clips with points of one kind; `truth` has the lip gap (T,) of each."""
    rows, canonical = Rows(), canonical_face(clips)
    spread = asset_arrays("portrait.npz")["spread"]
    trust = np.where((spread > SLIDING) | (np.arange(len(spread)) >= SKIN), 0, 1 / np.hypot(1, spread / FIRM))
    for clip, wanted in zip(clips, truth, strict=True):
        pairs = [aligned(points, canonical) for points in clip.points]
        straight, turns = np.stack([points for points, _ in pairs]), Rotation.from_matrix([pose.rotation for _, pose in pairs])
        gap = np.linalg.norm(np.subtract(*straight[:, list(INNER_LIPS)].swapaxes(0, 1)), axis=1)
        eyes = millimetres(clip, head)
        line = np.polyval(np.polyfit(gap, wanted, 1), gap)
        for kind, made in (("as it is", gap), ("own offset", gap - np.median(gap - wanted)), ("own line", line)):
            rows.gaps(kind, made, wanted, eyes)
        rows.turns("alignment", left_over(clip, turns))
        still = clip.values.copy()
        still[:, ARKIT.indices(HEAD)] = 0
        rows.turns("true shape and camera", fitted_turns(clip, mesh_points(clip, still, head), trust))
    return rows.report()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--every", type=int, default=7, help="one clip of so many")
    options = parser.parse_args()
    head = Head.default()
    clips = read_clips(sorted(options.cache.glob("clip*.npz"))[:: options.every])
    truth = [clip.visible_gap(head) for clip in clips]
    kinds = (("landmarker", clips), ("perfect", [perfect(clip, head) for clip in clips]))
    print(json.dumps({"clips": len(clips)} | {name: of_clips(each, truth, head) for name, each in kinds}, indent=1))


if __name__ == "__main__":
    main()

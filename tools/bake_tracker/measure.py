"""`python -m tools.bake_tracker.measure --cache FOLDER --without PRESET...`: how well heads are read that the solver has not seen.

Learns on the clips in the cache, which `python -m tools.bake_tracker` filled, but those that show something of the named heads, and prints
JSON about the named ones. `films` are of speech, read as a film is read, from frame to frame: the head's rotation (all of it, its constant
for each film, and what changes within one), the lip gap in millimetres of each head, beside what the lips' own landmarks would give, and r
of each group of channels. `clips` are of unrelated frames with many shapes at once, frame by frame.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation
from tools.bake_tracker.__main__ import FILMS
from tools.bake_tracker.learn import Seen, learn, left_over, read_clips, read_points
from tools.bake_tracker.mesh import face_plane

from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import EYE_LEFT, EYE_RIGHT, lip_gap, lip_maps
from visavox.rigs.heads.rotations import head_angles
from visavox.track.alignment import aligned
from visavox.track.contact import gap_of_face, touching, true_gap, without_bias
from visavox.track.following import Person
from visavox.track.landmarks import SCORES, FaceLandmarks
from visavox.track.motion_of import CONTACT, Facts, motion_of
from visavox.track.sightings import Sighting
from visavox.track.solver import Solver, distances_of, solver_of

FPS = 25.0
LEAST = 10  # frames of a clip that is measured
GROUPS = {
    "jawOpen": ("jawOpen",), "blinks": ("eyeBlink",), "gaze": ("eyeLook",), "smile": ("mouthSmile",), "brows": ("brow",),
    "pucker, funnel": ("mouthPucker", "mouthFunnel"), "mouthClose": ("mouthClose",), "cheeks, nose": ("cheek", "noseSneer"),
    "upper lip up": ("mouthUpperUp",), "lower lip down": ("mouthLowerDown",), "roll": ("mouthRoll",), "press": ("mouthPress",),
    "stretch": ("mouthStretch",), "jaw and mouth aside": ("jawLeft", "jawRight", "mouthLeft", "mouthRight"),
}  # fmt: skip


class Rows:
    """Numbers by name, gathered clip by clip."""

    def __init__(self):
        self._parts: dict[str, list[np.ndarray]] = {}

    def add(self, name: str, values: np.ndarray) -> None:
        self._parts.setdefault(name, []).append(np.atleast_1d(values))

    def turns(self, kind: str, off: Rotation) -> None:
        """What is left of the true rotations (T,), in degrees."""
        self.add(f"{kind}: all", np.degrees(off.magnitude()))
        self.add(f"{kind}: constant", np.degrees(off.mean().magnitude()))
        for axis, angle in zip(("pitch", "yaw", "roll"), np.degrees(off.mean().as_rotvec()), strict=True):
            self.add(f"{kind}: constant, {axis} alone", np.abs(angle))
        self.add(f"{kind}: within", np.degrees((off.mean().inv() * off).magnitude()))

    def gaps(self, kind: str, made: np.ndarray, wanted: np.ndarray, eyes: float) -> None:
        """Lip gaps (T,) over the eyes' distance, which is `eyes` millimetres."""
        off, true = np.abs(made - wanted) * eyes, wanted * eyes
        self.add(f"gap, {kind}: mm", off)
        for part, inside in (("under 2 mm", true < 2), ("from 2 to 8 mm", (true >= 2) & (true < 8)), ("over 8 mm", true >= 8)):
            self.add(f"gap, {kind}: mm, of gaps {part}", off[inside])
        gain = float(made @ wanted) / max(float(made @ made), 1e-9)
        for part, mended in (("its own gain", gain * made), ("its own line", np.polyval(np.polyfit(made, wanted, 1), made))):
            self.add(f"gap, {kind}: mm, given each clip {part}", np.abs(mended - wanted) * eyes)
        self.add(f"gap, {kind}: r", np.corrcoef(made, wanted)[0, 1])

    def report(self) -> dict:
        """Median, mean and 90th percentile of each."""
        whole = {name: np.concatenate(each) for name, each in self._parts.items()}
        sums = lambda values: {"median": np.nanmedian(values), "mean": np.nanmean(values), "p90": np.nanpercentile(values, 90)}  # noqa: E731
        return {name: {what: round(float(value), 3) for what, value in sums(each).items()} for name, each in whole.items()}


def r_of(said: np.ndarray, true: np.ndarray, starts: tuple[str, ...]) -> float:
    """The mean r of the channels whose names begin with one of `starts`."""
    places = [
        place for place, name in enumerate(SHAPES) if name.startswith(starts) and name not in ("mouthLeft", "mouthRight") or name in starts
    ]
    return float(np.nanmean([np.corrcoef(said[:, place], true[:, place])[0, 1] for place in places]))


def raw_of(clip: Seen) -> np.ndarray:
    """The raw scores of a clip as weights (T, 52)."""
    return np.stack([clip.scores[:, SCORES.index(name)] if name in SCORES else 0 * clip.scores[:, 0] for name in SHAPES], axis=1)


def millimetres(clip: Seen, head: Head) -> float:
    """The distance of the outer eye corners of a clip's head."""
    return float(np.linalg.norm(np.subtract(*lip_maps(head, clip.identity)[0][[EYE_LEFT, EYE_RIGHT]]))) * 1000


def person_of(clip: Seen, solver: Solver) -> Person:
    """What a follower keeps of a film that shows a clip."""
    person = Person(0, np.zeros(1), np.zeros(1))
    for frame, (points, scores, mouth) in enumerate(zip(clip.points, clip.scores, clip.mouths, strict=True)):
        face = FaceLandmarks(points, 1.0, scores)
        straight, pose = aligned(points, solver.canonical)
        read = solver.components(straight), distances_of(straight), scores, mouth
        person.seen.add(Sighting(frame / FPS, 0, face.presence, (face.size, face.lip_gap, face.mouth_width), pose, *read))
    return person


def of_films(films: list[Seen], solver: Solver, head: Head) -> dict:
    """What is read of films as films are read."""
    rows, said, true, raw = Rows(), [], [], []
    for film in films:
        frames = len(film.points)
        tracked = motion_of(person_of(film, solver), solver, head, Facts(FPS, frames / FPS, (film.size, film.size)), FPS)
        motion = Motion(tracked.motion.select(ARKIT.names), FPS, ARKIT)
        rows.turns("head", left_over(film, Rotation.from_euler("YXZ", head_angles(motion))))
        rows.gaps("film", lip_gap(head, motion), film.visible_gap(head), millimetres(film, head))
        rows.gaps(
            "landmarks of lips alone", true_gap(without_bias(tracked.lip_gap), solver.gap), film.visible_gap(head), millimetres(film, head)
        )
        said.append(motion.values[:, ARKIT.indices(SHAPES)]), true.append(film.values[:, ARKIT.indices(SHAPES)]), raw.append(raw_of(film))
    return {"films": len(films)} | rows.report() | {"r": r_by_group(said, raw, true)}


def of_clips(clips: list[Seen], solver: Solver, head: Head) -> dict:
    """What is read of clips frame by frame, before offsets are taken off: of those, and of their frames, of which the mouth was drawn."""
    rows, said, true, raw = Rows(), [], [], []
    clips = [clip for clip in (clip.with_mouths() for clip in clips) if len(clip.points) >= LEAST]
    for clip in clips:
        readings, turns = read_points(clip, solver.canonical, solver.basis, solver.spread)
        weights, mended = solver.solve(readings)
        for kind, off in (("alignment", left_over(clip, turns)), ("head", mended.inv() * left_over(clip, turns))):
            rows.turns(kind, off)
        seen = without_bias(readings.distances[:, CONTACT])
        gap = gap_of_face(true_gap(seen, solver.gap), solver.lips.gaps(clip.mouths, seen, np.zeros(len(seen))))
        rows.turns("alignment, by the plane of the face", left_over(clip, turns) * face_plane(clip, head, solver.canonical).inv())
        values = clip.values.copy()
        for kind, made in (("network", weights.clip(0, 1)), ("contact", touching(weights, gap, head))):
            values[:, ARKIT.indices(SHAPES)] = made
            rows.gaps(kind, lip_gap(head, Motion(values, FPS, ARKIT)), clip.visible_gap(head), millimetres(clip, head))
        said.append(weights), true.append(clip.values[:, ARKIT.indices(SHAPES)]), raw.append(raw_of(clip))
    return {"clips": len(clips)} | rows.report() | {"r": r_by_group(said, raw, true)}


def r_by_group(said: list, raw: list, true: list) -> dict[str, list[float]]:
    """r of the solver and of the raw scores with the truth, by group of channels."""
    said, raw, true = (np.concatenate(each) for each in (said, raw, true))
    return {name: [round(r_of(each, true, starts), 2) for each in (said, raw)] for name, starts in GROUPS.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--without", nargs="+", required=True, metavar="PRESET")
    options = parser.parse_args()
    head, unseen = Head.default(), set(options.without)
    clips, films = (read_clips(sorted(folder.glob("clip*.npz"))) for folder in (options.cache, options.cache / FILMS))
    known = [clip for clip in clips if not clip.heads() & unseen]
    solver = solver_of(learn(known, head))
    report = {"learned on": len(known)}
    report["films"] = of_films([film for film in films if film.identity.name in unseen], solver, head)
    report["clips"] = of_clips([clip for clip in clips if clip.heads() <= unseen and not clip.other[1]], solver, head)
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()

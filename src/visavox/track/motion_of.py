"""What was followed, as `Motion`: weights, head rotation and place at an even rate, on the clock of the film.

A frame in which the face was not seen is bridged when the loss is short and within one shot; else the face rests there, and its
confidence is 0. Nothing is smoothed across a cut.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.easing import half_cosine
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT, HEAD, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.track.alignment import Pose
from visavox.track.contact import OF_NETWORK, gap_of_face, spread_as_seen, touching, true_gap, without_bias
from visavox.track.corners import corner_heights, heights_as_seen, raised
from visavox.track.following import Person
from visavox.track.gaze import level_gaze
from visavox.track.landmarks import EYE_CORNERS
from visavox.track.sightings import Sightings
from visavox.track.smoothing import between, smooth, smooth_turns, turns_between
from visavox.track.solver import DISTANCES, Solver, calm_frames
from visavox.windows import exact_fps, frame_times, resample_frames

PLACE = ("headX", "headY", "headZ")  # metres from where the head is usually: to its own left, up, and towards the camera
CONFIDENCE = "confidence"  # 0: not seen, 1: surely seen
TRACKED = Rig(
    "arkit-tracked",
    ARKIT.channels + tuple(Channel(name, "head", "m", -2.0, 2.0) for name in PLACE) + (Channel(CONFIDENCE),),
)
BRIDGED = 0.4  # seconds of a loss that is bridged by straight lines
EASED = 0.2  # seconds in which a face comes to rest where it is lost, and from rest where it is found
SHORTEST = 0.1  # seconds of a sight of a face that is believed, where there are longer ones
UNIT = 0.0905  # metres: the distance of the outer eye corners of a usual adult
VIEW = 2.0  # the focal length, in lengths of the picture's longer side, when nobody says which it was
MOST_LEAN = 0.25  # mean difference between left and right that is taken for the tracker's own
# What of a shape stays though the resting face has it: smiles may be smiled; the lips' gap decides about what opens; eyes look somewhere.
KEPT = {"mouthSmile": 0.5, "jawOpen": 1.0, "mouthClose": 1.0, "mouthLowerDown": 1.0, "mouthUpperUp": 1.0, "eyeLook": 1.0}
DEEP, SHUT = 99.5, 0.4  # percentile of a blink's weights that stands for shut eyes, if it is at least so much
FAIR = 48.0  # pixels of a face from which it is seen well
ASIDE = (0.6, 1.1)  # radians of turning aside between which a face is seen less and less well
CONTACT = DISTANCES.index((13, 14))
CHANNELS_APART = 8  # parts of the channels that are smoothed one after another, for a long film fills the memory
AGAIN = 2  # times that gap and corners are made to agree, each after the other


class Facts(NamedTuple):
    """What is known of a film: frames a second, seconds, the size (H, W) of its pictures once they stand upright, and by how many quarter
    turns counter-clockwise they had to be turned for that."""

    fps: float
    seconds: float
    size: tuple[int, int]
    turn: int = 0


@dataclass(frozen=True, eq=False)
class Tracked:
    """One person's motion of rig TRACKED, the spans (seconds) in which the face was seen, between losses and cuts, and the lip gap and
    mouth width (T,) of the landmarks at the motion's rate."""

    motion: Motion
    spans: list[tuple[float, float]]
    lip_gap: np.ndarray
    mouth_width: np.ndarray

    @property
    def confidence(self) -> np.ndarray:
        """How surely (T,) the face was seen: 0 not at all, 1 well."""
        return self.motion.channel(CONFIDENCE)

    @property
    def seen(self) -> float:
        """The share of frames in which the face was seen."""
        return float((self.confidence > 0).mean())

    def later(self, seconds: float) -> "Tracked":
        """The same, `seconds` later (earlier where negative) to the nearest frame, and as long; what comes in from beyond is not seen."""
        frames, count = round(seconds * self.motion.fps), self.motion.frames
        source = np.arange(count) - frames
        known = (source >= 0) & (source < count)
        source = source.clip(0, count - 1)
        values = self.motion.values[source].copy()
        values[~known, TRACKED.index(CONFIDENCE)] = 0
        moved = frames / self.motion.fps
        spans = [(max(a + moved, 0.0), min(b + moved, self.motion.seconds)) for a, b in self.spans]
        inside = [span for span in spans if span[0] < span[1]]
        return Tracked(replace(self.motion, values=values), inside, self.lip_gap[source] * known, self.mouth_width[source] * known)


def motion_of(person: Person, solver: Solver, head: Head, film: Facts, fps: float) -> Tracked:
    """The motion of a person at `fps`, from the beginning of the film to its end."""
    frames = max(round(film.seconds * film.fps), 1)
    times, at = person.seen.times + 0.5 / film.fps, frame_times(frames, film.fps)
    series, turns, calm = _solved(person.seen, solver, head, film.size)
    spans = _spans(times, person.seen.shots)
    rest = np.median(series, axis=0)
    values, drawn = np.tile(rest, (frames, 1)), np.tile(calm.as_matrix(), (frames, 1, 1))
    inside = np.zeros(frames, bool)
    for first, last in spans:
        part = slice(first, last + 1)
        here = (at >= times[first] - 0.51 / film.fps) & (at <= times[last] + 0.51 / film.fps)
        if here.any():
            for some in np.array_split(np.arange(series.shape[1]), CHANNELS_APART):
                values[np.ix_(here, some)] = smooth(between(at[here], times[part], series[part, some]), film.fps)
            drawn[here] = smooth_turns(turns_between(at[here], times[part], turns[part]), film.fps).as_matrix()
            inside |= here
    del series
    if not inside.all():
        _ease(values, drawn, inside, (rest, calm), film.fps)
    placed = [(float(times[first] - 0.5 / film.fps), float(times[last] + 0.5 / film.fps)) for first, last in spans]
    return _assembled(values, Rotation.from_matrix(drawn), placed, head, (film.fps, fps))


def _solved(seen: Sightings, solver: Solver, head: Head, size: tuple[int, int]) -> tuple[np.ndarray, Rotation, Rotation]:
    """A row for each frame in which the person was seen, the rotations, and the one at rest. A row holds the weights, the place, the
    confidence, the gap that the head shall have, the height of the mouth's corners, whether the face rests, and lip gap and mouth width
    of the landmarks."""
    readings, measures = seen.readings, seen.measures
    weights, turn = solver.solve(readings)
    calm = calm_frames(readings.scores)
    turns = Rotation.from_matrix(seen.poses.rotation) * turn
    shown = without_bias(readings.distances[:, CONTACT])
    gap = gap_of_face(true_gap(shown, solver.gap), solver.lips.gaps(readings.mouths, shown, seen.shots))
    columns = (
        level_gaze(even_sides(without_offset(weights.clip(0, 1), calm)), turns),
        _places(seen.poses, turns, solver, head, size),
        _confidence(seen.presence, measures[:, 0], turns)[:, None],
    )
    lips = np.stack([gap, corner_heights(readings, solver), calm], axis=1)
    return np.concatenate([*columns, lips, measures[:, 1:]], axis=1, dtype=np.float32), turns, turns[calm].mean()


def without_offset(weights: np.ndarray, calm: np.ndarray) -> np.ndarray:
    """The weights (T, 52) less what the person's resting face, in the `calm` frames (T,), shows of each shape: faces are built so. Of a
    smile half is kept, for it may be one; blinks that shut the eyes are made whole."""
    weights = weights.copy()
    for place, name in enumerate(SHAPES):
        kept = next((share for start, share in KEPT.items() if name.startswith(start)), 0.0)
        rest = (1 - kept) * float(np.median(weights[calm, place]))
        weights[:, place] = (weights[:, place] - rest) / max(1 - rest, 0.2)
        deepest = float(np.percentile(weights[:, place], DEEP))
        if name.startswith("eyeBlink") and deepest > SHUT:
            weights[:, place] /= deepest
    return weights.clip(0, 1)


def even_sides(weights: np.ndarray) -> np.ndarray:
    """The weights (T, 52) without the mean difference of left and right, which is the tracker's rather than the person's."""
    weights = weights.copy()
    for name in SHAPES:
        if name.endswith("Left") and name.replace("Left", "Right") in SHAPES and len(name) > len("mouthLeft") and "Look" not in name:
            left, right = SHAPES.index(name), SHAPES.index(name.replace("Left", "Right"))
            lean = float(np.clip(np.median(weights[:, left] - weights[:, right]), -MOST_LEAN, MOST_LEAN)) / 2
            weights[:, left], weights[:, right] = weights[:, left] - lean, weights[:, right] + lean
    return weights.clip(0, 1)


def _places(poses: Pose, turns: Rotation, solver: Solver, head: Head, size: tuple[int, int]) -> np.ndarray:
    """Where the neck's joint is (T, 3), about which the head turns, in metres from where it is usually."""
    eyes = solver.canonical[list(EYE_CORNERS)].mean(0)
    joint = turns.apply(eyes + head.pivot / UNIT)
    pixels = poses.middle + poses.unit[:, None] * joint
    focal = VIEW * max(size)
    metres = UNIT / poses.unit
    away = (pixels[:, :2] - (size[1] / 2, -size[0] / 2)) * metres[:, None]
    place = np.concatenate([away, (joint[:, 2] * UNIT - focal * metres)[:, None]], axis=1)
    return (place - np.median(place, axis=0)).clip(-2, 2)


def _confidence(presence: np.ndarray, sides: np.ndarray, turns: Rotation) -> np.ndarray:
    """How surely (T,) the face was seen: its presence, less for a small face, of so many pixels, and for one that looks aside."""
    aside = np.arccos(turns.as_matrix()[:, 2, 2].clip(-1, 1))
    straight = ((ASIDE[1] - aside) / (ASIDE[1] - ASIDE[0])).clip(0.1, 1)
    return (presence * (sides / FAIR).clip(0.1, 1) * straight).clip(0.01, 1)


def _spans(times: np.ndarray, shots: np.ndarray) -> list[tuple[int, int]]:
    """The first and last frame of each stretch without a cut and without a loss longer than BRIDGED."""
    broken = (np.diff(times) > BRIDGED) | (np.diff(shots) != 0)
    starts, ends = np.append(0, np.flatnonzero(broken) + 1), np.append(np.flatnonzero(broken), len(times) - 1)
    long = times[ends] - times[starts] >= SHORTEST
    chosen = long if long.any() else np.ones(len(starts), bool)
    return [(int(first), int(last)) for first, last in zip(starts[chosen], ends[chosen], strict=True)]


def _ease(values: np.ndarray, turns: np.ndarray, inside: np.ndarray, rest: tuple[np.ndarray, Rotation], fps: float) -> None:
    """Brings values and rotations (T, 3, 3) softly to `rest` in the frames that are not `inside` (T,), and the confidence to 0."""
    known, lost = np.flatnonzero(inside), np.flatnonzero(~inside)
    after = np.searchsorted(known, lost).clip(0, len(known) - 1)
    before = (after - (known[after] > lost)).clip(0)
    nearest = np.where(np.abs(known[after] - lost) < np.abs(known[before] - lost), known[after], known[before])
    share = half_cosine(1 - np.abs(nearest - lost) / fps / EASED)[:, None]
    steps = (rest[1].inv() * Rotation.from_matrix(turns[nearest])).as_rotvec() * share
    values[lost] = rest[0] + share * (values[nearest] - rest[0])
    values[lost, len(SHAPES) + len(PLACE)] = 0
    turns[lost] = (rest[1] * Rotation.from_rotvec(steps)).as_matrix()


def _assembled(values: np.ndarray, turns: Rotation, spans: list, head: Head, rates: tuple[float, float]) -> Tracked:
    """The motion and the measures, carried from the film's rate to the one that is asked for."""
    shapes, places = len(SHAPES), len(PLACE)
    values, turns = _at_rate(values, turns, *rates)
    weights = spread_as_seen(values[:, :shapes], values[:, -1], OF_NETWORK, head)
    gap, heights, calm = values[:, shapes + places + 1 : shapes + places + 4].T
    weights = touching(weights, gap.clip(0), head)
    heights = heights_as_seen(weights, heights, calm > 0.5, head)
    for _ in range(AGAIN):  # what raises the corners opens the lips a little, and the other way round
        weights = touching(raised(weights, heights, head), gap.clip(0), head)
    yaw, pitch, roll = turns.as_euler("YXZ").T
    named = dict(zip(SHAPES, weights.T, strict=True)) | dict(zip(PLACE, values[:, shapes : shapes + places].T, strict=True))
    named |= dict(zip(HEAD, (pitch, yaw, -roll), strict=True)) | {CONFIDENCE: values[:, shapes + places].clip(0, 1)}
    motion = Motion(np.stack([named[name] for name in TRACKED.names], axis=1, dtype=np.float32), rates[1], TRACKED).clamped()
    return Tracked(motion, spans, values[:, -2].clip(0), values[:, -1].clip(0))


def _at_rate(values: np.ndarray, turns: Rotation, fps: float, to_fps: float) -> tuple[np.ndarray, Rotation]:
    if exact_fps(to_fps) == exact_fps(fps):
        return values, turns
    carried = resample_frames(values, fps, to_fps)
    return carried, turns_between(frame_times(len(carried), to_fps), frame_times(len(values), fps), turns)

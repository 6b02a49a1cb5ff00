"""Faces of a film, followed: who is where from picture to picture, through short losses and cuts, with what is kept of each frame.

A shot ends where the picture changes at once. Within a shot a face is followed by its place, and looked for again by the detector
every second. After a cut, or when it was lost, the same person is known by how the face looks.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.track.alignment import STILL, Pose, aligned
from visavox.track.crop import cut_out
from visavox.track.landmarker import crop_of
from visavox.track.landmarks import FaceLandmarks, Landmarker
from visavox.track.mouth_picture import mouth_strips
from visavox.track.sightings import Sighting, Sightings
from visavox.track.solver import Solver, distances_of
from visavox.track.standing import Standing

LOOK_AGAIN = 1.0  # seconds between looks for new faces while some are followed
LOOK_FOR = 0.2  # and while none is
CUT = 28.0  # mean change of a small grey picture (0 to 255) from one frame to the next that is a cut
STIRRED, STEADY_LOOK = 8.0, 0.93  # and one that is a cut if a face looks less like itself a frame ago: two people before one wall
SMALL = 24  # pixels a side of that picture, and of what is kept of a face's look
SAME_PLACE = 0.3  # overlap over union of a face and one that was followed
SAME_LOOK = 0.72  # likeness of looks from which two faces are of one person ...
# ... if their builds differ by less than this part of the eyes' distance, and by so much more for each radian between their turns.
SAME_BUILD, TURNED = 0.0125, 3.0
FORGET = 1.0  # seconds after which a place is no hint any more
YOUNG = 2.4  # seconds in which somebody new may still turn out to be somebody who was lost
MOST_PEOPLE = 24


@dataclass(eq=False)
class Person:
    """One person of a film, and the frames in which the face was `seen`."""

    number: int
    look: np.ndarray
    build: np.ndarray  # the places (N, 2) of the still points of the straightened face
    seen: Sightings = field(default_factory=Sightings)

    @property
    def weight(self) -> float:
        """How much of the film the face fills: the sum of its sizes over frames."""
        return float(self.seen.measures[:, 0].sum()) if len(self.seen) else 0.0


@dataclass(eq=False)
class Followed:
    """What a film was seen to hold: people, the largest first, and the time (seconds) at which its last frame ends."""

    people: list[Person]
    seconds: float


@dataclass(eq=False)
class _Track:
    person: Person
    face: FaceLandmarks
    seen: float


class Follower:
    """Follows every face of a film, frame by frame."""

    def __init__(self, landmarker: Landmarker, solver: Solver):
        self._landmarker, self._solver = landmarker, solver
        self._people: list[Person] = []
        self._tracks: list[_Track] = []
        self._looked, self._shot, self._small = -np.inf, 0, None
        self.standing = Standing(landmarker)
        self._before: tuple[float, np.ndarray] | None = None  # the last picture and its time

    def feed(self, seconds: float, picture: np.ndarray) -> list[tuple[int, FaceLandmarks]]:
        """The faces in the next picture, each with the number of its person, in the order in which people first came."""
        change = self._change(picture)
        going = [] if change > CUT else self._followed(seconds, picture)
        if change > CUT or change > STIRRED and self._turned_into_others(picture, [each for each in going if each.seen == seconds]):
            self._shot, self._looked, going = self._shot + 1, -np.inf, []
        self._before = seconds, picture
        self._tracks = going
        here = [track for track in going if track.seen == seconds]
        if seconds - self._looked >= (LOOK_AGAIN if len(here) == len(going) and here else LOOK_FOR):
            self._looked = seconds
            self._look(seconds, picture)
        here = [track for track in self._tracks if track.seen == seconds]
        for track in here:
            self._keep(track, picture)
        return [(track.person.number, track.face) for track in sorted(here, key=lambda track: track.person.number)]

    def _followed(self, seconds: float, picture: np.ndarray) -> list[_Track]:
        """The tracks that go on: those of faces that are still there, and for a while those of faces that are not."""
        found = [(track, self._landmarker.follow(picture, track.face)) for track in self._tracks]
        going = []
        for track, face in found:
            rivals = [each for each in found if face and each[1] and face.overlap(each[1]) >= SAME_PLACE]
            if face and max(rivals, key=lambda each: self._claim(picture, *each) if len(rivals) > 1 else 0.0)[0] is track:
                going.append(_Track(track.person, face, seconds))
            elif seconds - track.seen < FORGET:
                going.append(track)
        return going

    def _claim(self, picture: np.ndarray, track: _Track, face: FaceLandmarks) -> float:
        """How much the face that was found for a track looks like its person: when somebody passes before somebody else, the face in front
        is found for both."""
        return likeness(track.person.look, look_of(picture, face))

    def _turned_into_others(self, picture: np.ndarray, here: list[_Track]) -> bool:
        """Whether a face that is followed looks otherwise than in the last picture, if it was seen there, and is surely a face."""
        before, pictured = self._before
        last = {track.person.number: track.face for track in self._tracks if track.seen == before}
        known = [track for track in here if track.person.number in last]
        pairs = [(look_of(pictured, last[track.person.number]), look_of(picture, track.face)) for track in known]
        others = [track for track, pair in zip(known, pairs, strict=True) if likeness(*pair) < STEADY_LOOK]
        return bool(others) and any(face.overlap(other.face) >= SAME_PLACE for face in self._landmarker.detect(picture) for other in others)

    def finish(self, seconds: float) -> Followed:
        """Everybody who was seen in a film of that many seconds, the largest first."""
        return Followed(sorted(self._people, key=lambda person: (-person.weight, person.number)), seconds)

    def _change(self, picture: np.ndarray) -> float:
        """How much a small grey picture has changed since the frame before, from 0 to 255 in the mean."""
        rows, columns = (np.linspace(0, length - 1, 4 * SMALL).astype(int) for length in picture.shape[:2])
        small = picture[np.ix_(rows, columns)].mean(2).reshape(SMALL, 4, SMALL, 4).mean((1, 3))
        before, self._small = self._small, small
        return 0.0 if before is None else float(np.abs(small - before).mean())

    def _look(self, seconds: float, picture: np.ndarray) -> None:
        """Adds the faces that nobody follows: lost ones that came back, known people, and new ones."""
        faces = self._landmarker.detect(picture)
        if self.standing.turn is None:
            self.standing.look(picture, faces)
        for face in faces:
            here = [track for track in self._tracks if track.seen == seconds and face.overlap(track.face) >= SAME_PLACE]
            if here:
                self._recognised_late(seconds, picture, here[0])
                continue
            person = self._known(seconds, picture, face)
            if person is None:
                continue
            self._tracks = [track for track in self._tracks if track.person is not person]
            self._tracks.append(_Track(person, face, seconds))

    def _recognised_late(self, seconds: float, picture: np.ndarray, track: _Track) -> None:
        """Whoever came from behind somebody, half hidden and like nobody, and turns out to be who was lost there a moment ago."""
        young, here = track.person, [other.person for other in self._tracks if other.seen == seconds]
        since = young.seen.times[0] if len(young.seen) else seconds
        if not 0 < seconds - since < YOUNG:
            return
        build, pose = self._build(track.face)
        lost = [each for each in self._people if each not in here and len(each.seen) and each.seen.shots[-1] == self._shot]
        lost = [each for each in lost if 0 < since - each.seen.times[-1] < FORGET and _alike(each, build, pose)]
        best = max(lost, key=lambda each: likeness(each.look, look_of(picture, track.face)), default=None)
        if best and likeness(best.look, look_of(picture, track.face)) >= SAME_LOOK:
            best.seen.join(young.seen)
            self._tracks = [other for other in self._tracks if other.person is not best]  # the place where it was lost is no hint any more
            track.person = best
            self._people.remove(young)

    def _known(self, seconds: float, picture: np.ndarray, face: FaceLandmarks) -> Person | None:
        """The person whose face it is; None when there are too many people already."""
        taken = {track.person.number for track in self._tracks if track.seen == seconds}
        near = [track for track in self._tracks if track.person.number not in taken and face.overlap(track.face) >= SAME_PLACE]
        if near:
            return max(near, key=lambda track: face.overlap(track.face)).person
        look, (build, pose) = look_of(picture, face), self._build(face)
        others = [person for person in self._people if person.number not in taken and _alike(person, build, pose)]
        best = max(others, key=lambda person: likeness(person.look, look), default=None)
        if best is not None and likeness(best.look, look) >= SAME_LOOK:
            return best
        if len(self._people) >= MOST_PEOPLE:
            return None
        self._people.append(Person(1 + max((each.number for each in self._people), default=-1), look, build))
        return self._people[-1]

    def _build(self, face: FaceLandmarks) -> tuple[np.ndarray, Pose]:
        """How a face is built, whatever it does and wherever it looks, and how it is turned."""
        straight, pose = aligned(face.points, self._solver.canonical)
        return straight[list(STILL), :2], pose

    def _keep(self, track: _Track, picture: np.ndarray) -> None:
        person, face = track.person, track.face
        straight, pose = aligned(face.points, self._solver.canonical)
        measures = face.size, face.lip_gap, face.mouth_width
        read = self._solver.components(straight), distances_of(straight), face.scores, mouth_strips(picture, face, pose)
        person.seen.add(Sighting(track.seen, self._shot, face.presence, measures, pose, *read))
        if len(person.seen) % 25 == 0:
            person.look = 0.8 * person.look + 0.2 * look_of(picture, face)
            person.build = 0.8 * person.build + 0.2 * straight[list(STILL), :2]


def _alike(person: Person, build: np.ndarray, pose: Pose) -> bool:
    """Whether a face is built as the `person` is, as far as that can be told from how each of them is turned."""
    turned = float(Rotation.from_matrix(person.seen.last_rotation.T @ pose.rotation).magnitude()) if len(person.seen) else 0.0
    return float(np.sqrt(np.square(person.build - build).sum(1).mean() / 2)) < SAME_BUILD * (1 + TURNED * turned)


def look_of(picture: np.ndarray, face: FaceLandmarks) -> np.ndarray:
    """What a face looks like, (SMALL, SMALL, 3) of mean 0 and length 1: a small upright picture of it, without its brightness."""
    look = cut_out(picture, crop_of(face), 2 * SMALL)[SMALL // 2 : -SMALL // 2, SMALL // 2 : -SMALL // 2]
    look = look - look.mean()
    return look / max(float(np.linalg.norm(look)), 1e-6)


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """How alike two looks are: 1 the same, 0 nothing in common."""
    return float((one * other).sum() / max(np.linalg.norm(one) * np.linalg.norm(other), 1e-9))

"""`Sightings`, what is kept of the frames in which a person is seen, packed: an hour of film has 90,000 of them, at 1.2 kB each."""

from typing import NamedTuple

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.track.alignment import Pose
from visavox.track.column import Column
from visavox.track.solver import Readings

AT_ONCE = 1024  # frames for which room is made at a time


class Sighting(NamedTuple):
    """One frame of one person: when it is shown, in which shot, how sure the face is; the face's size in pixels, lip gap and mouth width;
    its pose; and what the solver reads of it (see `Readings`)."""

    seconds: float
    shot: int
    presence: float
    measures: tuple[float, float, float]
    pose: Pose
    components: np.ndarray
    distances: np.ndarray
    scores: np.ndarray
    mouth: np.ndarray


class Sightings:
    """A column of numbers for each part of a `Sighting`, which grows frame by frame."""

    def __init__(self):
        self._blocks: list[np.ndarray] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, sighting: Sighting) -> None:
        """Keeps one more frame."""
        *parts, pose, components, distances, scores, mouth = sighting
        self._put((*parts, *pose, components, distances, scores, mouth), self._blocks[0].dtype if self._blocks else _row_of(sighting))

    def join(self, later: "Sightings") -> None:
        """Keeps the frames of `later`, too, which come after these."""
        for place in range(len(later)):
            block = later._blocks[place // AT_ONCE]
            self._put(block[place % AT_ONCE], block.dtype)

    def _put(self, row: tuple | np.void, kind: np.dtype) -> None:
        if self._count == AT_ONCE * len(self._blocks):
            self._blocks.append(np.zeros(AT_ONCE, kind))
        self._blocks[-1][self._count % AT_ONCE] = row
        self._count += 1

    @property
    def times(self) -> np.ndarray:
        """When (T,) each frame is shown, in seconds."""
        return self._column("seconds")

    @property
    def shots(self) -> np.ndarray:
        """Which shot (T,) each frame is of: what lies between two cuts."""
        return self._column("shot")

    @property
    def presence(self) -> np.ndarray:
        """How sure (T,) it is that there is a face."""
        return self._column("presence")

    @property
    def measures(self) -> np.ndarray:
        """The size in pixels, the lip gap and the mouth width (T, 3) of the landmarks."""
        return self._column("measures")

    @property
    def poses(self) -> Pose:
        """The poses of all frames: rotations (T, 3, 3), middles (T, 3) and units (T,)."""
        return Pose(self._column("rotation"), self._column("middle"), self._column("unit"))

    @property
    def last_rotation(self) -> np.ndarray:
        """The rotation (3, 3) of the newest frame."""
        return self._blocks[-1]["rotation"][(self._count - 1) % AT_ONCE]

    @property
    def readings(self) -> Readings:
        """What the solver reads, of all frames. What is large stays where it lies until it is asked for."""
        turned = Rotation.from_matrix(self._column("rotation")).as_rotvec()
        components, mouths = (Column([block[name] for block in self._blocks], self._count) for name in ("components", "mouth"))
        return Readings(components, self._column("distances"), self._column("scores"), turned, mouths)

    def _column(self, name: str) -> np.ndarray:
        parts = [block[name] for block in self._blocks]
        return np.concatenate(parts)[: self._count] if parts else np.zeros(0)


def _row_of(sighting: Sighting) -> np.dtype:
    """How a frame lies in memory, by the sizes of the first."""
    sized = [(name, np.asarray(getattr(sighting, name))) for name in ("components", "distances", "scores", "mouth")]
    rest = [(name, "u1" if name == "mouth" else "f4", values.shape) for name, values in sized]
    pose = [("rotation", "f8", (3, 3)), ("middle", "f8", (3,)), ("unit", "f8")]
    return np.dtype([("seconds", "f8"), ("shot", "i4"), ("presence", "f8"), ("measures", "f8", (3,)), *pose, *rest])

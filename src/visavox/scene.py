"""`Scene`: who speaks, with which sound and motion, on which head and where; one actor by default.

Shapes: T frames, C channels, V vertices, F triangles.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np

from visavox.audio import Audio
from visavox.errors import OptionError
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.style import AnyIdentity, Identity


@runtime_checkable
class MovingHead(Protocol):
    """The geometry that a rig's channels move, in metres, Y up, +Z forward: what drawing, export and metrics need of any head."""

    rig: Rig
    faces: np.ndarray  # (F, 3)

    def neutral(self, identity: AnyIdentity) -> np.ndarray:
        """The vertices (V, 3) of `identity` at rest."""

    def vertices(self, values: np.ndarray, identity: AnyIdentity) -> np.ndarray:
        """The vertices (T, V, 3) float32 of every frame of `values` (T, C)."""


class Renderer(Protocol):
    """Draws motion. The same motion gives the same bytes; what cannot be drawn is refused before the first frame."""

    size: tuple[int, int]  # height and width in pixels

    def frames(self, motion: Motion) -> Iterator[np.ndarray]:
        """The frames (H, W, 3) uint8 of `motion`, one by one."""


@dataclass(frozen=True)
class Place:
    """Where an actor stands: metres from the middle of the scene, and the turn about the vertical axis in radians."""

    position: tuple[float, float, float] = (0.0, 0.0, 0.0)
    turn: float = 0.0


@dataclass(frozen=True, eq=False)
class Actor:
    """One face: its motion, the sound that it speaks (None for one who listens), its head (None for the default head), who it is and
    where.
    """

    motion: Motion
    audio: Audio | None = None
    head: MovingHead | None = None
    identity: AnyIdentity = field(default_factory=Identity)
    place: Place = field(default_factory=Place)
    name: str = "speaker"

    def __post_init__(self):
        if self.head is not None and self.head.rig.channels != self.motion.rig.channels:
            rigs = f"a head of rig {self.head.rig.name!r} and motion of rig {self.motion.rig.name!r}"
            raise OptionError(f"actor {self.name!r} has {rigs}; retarget the motion first")


@dataclass(frozen=True, eq=False)
class Scene:
    """The actors of a picture, at one rate. An OptionError without actors, with two of one name, or at several rates."""

    actors: tuple[Actor, ...]

    def __post_init__(self):
        names = [actor.name for actor in self.actors]
        rates = {actor.motion.fps for actor in self.actors}
        if not names or len(set(names)) < len(names):
            raise OptionError(f"a scene needs one or more actors with names of their own, not {names}")
        if len(rates) > 1:
            found = ", ".join(f"{rate:g}" for rate in sorted(rates))
            raise OptionError(f"the actors of a scene move at {found} fps; bring them to one rate")

    @staticmethod
    def of(motion: Motion, audio: Audio | None = None, head: MovingHead | None = None, identity: AnyIdentity | None = None) -> "Scene":
        """The scene of one actor."""
        return Scene((Actor(motion, audio, head, identity or Identity()),))

    @property
    def fps(self) -> float:
        """Frames a second."""
        return self.actors[0].motion.fps

    @property
    def frames(self) -> int:
        """The number of frames of the longest motion."""
        return max(actor.motion.frames for actor in self.actors)

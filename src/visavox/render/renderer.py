"""`Renderer`: what draws a motion, for a video and for a viewer alike; and `HeadRenderer`, which draws a head.

A renderer keeps what does not move between frames and holds a few frames at a time, so that memory does not grow with length.
"""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from visavox.errors import RigError
from visavox.motion import Motion
from visavox.render.appearance import Appearance
from visavox.render.camera import Camera
from visavox.render.painter import Painter
from visavox.scene import MovingHead
from visavox.style import AnyIdentity

CHUNK = 16  # frames whose vertices are computed together


class Renderer(Protocol):
    """Draws motion. The same motion gives the same bytes; what cannot be drawn is refused before the first frame."""

    size: tuple[int, int]  # height and width in pixels

    def frames(self, motion: Motion) -> Iterator[np.ndarray]:
        """The frames (H, W, 3) uint8 of `motion`, one by one."""


class HeadRenderer:
    """Draws `head` as `identity` in the look `appearance` before `camera`: the default head, or a user's FLAME head."""

    def __init__(self, head: MovingHead, identity: AnyIdentity, appearance: Appearance, camera: Camera):
        self.head, self.identity = head, identity
        self.size = camera.size, camera.size
        self._painter = Painter(head, identity, appearance, camera)

    def frames(self, motion: Motion) -> Iterator[np.ndarray]:
        """The frames (H, W, 3) uint8 of `motion`; a RigError for motion of another rig than the head's."""
        if motion.rig.channels != self.head.rig.channels:
            raise RigError(f"the motion is of rig {motion.rig.name!r}, the head of {self.head.rig.name!r}; retarget it first")
        return self._drawn(motion.values)

    def _drawn(self, values: np.ndarray) -> Iterator[np.ndarray]:
        for start in range(0, len(values), CHUNK):
            for positions in self.head.vertices(values[start : start + CHUNK], self.identity):
                yield self._painter.draw(positions)

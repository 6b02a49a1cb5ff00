"""`PortraitRenderer`: draws motion on a photo."""

from collections.abc import Iterator
from dataclasses import replace
from queue import SimpleQueue

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.errors import RigError
from visavox.motion import Motion
from visavox.portrait.portrait import Portrait
from visavox.render.photo import PhotoPainter
from visavox.render.photo_parts import Moment
from visavox.render.renderer import MOST_THREADS, cores, drawn_ahead
from visavox.rigs.heads.rotations import head_angles
from visavox.style import Identity

CHUNK = 16  # frames whose vertices are computed together
PHOTO = Identity("photo")


class PortraitRenderer:
    """Draws a portrait: the photo's own size, and its own bytes wherever nothing moves.

    Frames are drawn ahead in `threads` (as many as there are cores, at most MOST_THREADS, when it is None); their number changes no byte.
    `painter` draws them, or its twins where there are several threads.
    """

    def __init__(self, portrait: Portrait, threads: int | None = None):
        self.portrait = portrait
        self.painter = PhotoPainter(portrait.parts, portrait.camera)
        self.size = self.painter.size
        self._threads = min(cores(), MOST_THREADS) if threads is None else threads

    def frames(self, motion: Motion) -> Iterator[np.ndarray]:
        """The frames (H, W, 3) uint8 of `motion`; a RigError for motion of another rig than the head's."""
        head = self.portrait.head
        if motion.rig.channels != head.rig.channels:
            raise RigError(f"the motion is of rig {motion.rig.name!r}, a portrait of {head.rig.name!r}; retarget it first")
        if self._threads == 1 or motion.frames == 1:
            return map(self.painter.draw, self.moments(motion))
        painters: SimpleQueue[PhotoPainter] = SimpleQueue()
        for _ in range(self._threads):
            painters.put(self.painter.twin())
        return drawn_ahead(self.moments(motion), painters, self._threads)

    def moments(self, motion: Motion) -> Iterator[Moment]:
        """The frames of `motion`, before they are drawn."""
        for start in range(0, motion.frames, CHUNK):
            part = replace(motion, values=motion.values[start : start + CHUNK])
            yield from self._moments(self.portrait.within_reach(part))

    def _moments(self, motion: Motion) -> Iterator[Moment]:
        head = self.portrait.head
        turns = Rotation.from_euler("YXZ", head_angles(motion)).as_matrix().astype(np.float32)
        shut, gaze = self.portrait.shut(motion.values), head.gaze(motion.values)
        positions = head.vertices(motion.values, PHOTO)
        return (Moment(*each) for each in zip(positions, turns, shut, gaze, strict=True))

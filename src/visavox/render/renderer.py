"""`HeadRenderer`: a `Renderer` that draws a head, for a video and for a viewer alike.

A renderer keeps what does not move between frames and holds a few frames at a time, so that memory does not grow with length.
"""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import numpy as np

from visavox.errors import RigError
from visavox.motion import Motion
from visavox.render.appearance import Appearance
from visavox.render.camera import Camera
from visavox.render.painter import Painter
from visavox.scene import MovingHead, Renderer
from visavox.style import AnyIdentity

__all__ = ["HeadRenderer", "Renderer"]
CHUNK = 16  # frames whose vertices are computed together
MOST_THREADS = 4  # encoding, on a thread of its own, keeps up with no more
AHEAD = 2  # frames that wait for a thread or for their use, for each thread


class HeadRenderer:
    """Draws `head` as `identity` in the look `appearance` before `camera`: the default head, or a user's FLAME head.

    Frames are drawn ahead in `threads` (as many as there are cores, at most MOST_THREADS, when it is None); their number changes no byte.
    """

    def __init__(self, head: MovingHead, identity: AnyIdentity, appearance: Appearance, camera: Camera, threads: int | None = None):
        self.head, self.identity = head, identity
        self.size = camera.size, camera.size
        self._painter = Painter(head, identity, appearance, camera)
        self._threads = min(cores(), MOST_THREADS) if threads is None else threads
        self._idle: SimpleQueue[Painter] | None = None

    def frames(self, motion: Motion) -> Iterator[np.ndarray]:
        """The frames (H, W, 3) uint8 of `motion`; a RigError for motion of another rig than the head's."""
        if motion.rig.channels != self.head.rig.channels:
            raise RigError(f"the motion is of rig {motion.rig.name!r}, the head of {self.head.rig.name!r}; retarget it first")
        positions = self._positions(motion.values)
        if self._threads == 1 or motion.frames == 1:
            return map(self._painter.draw, positions)
        return drawn_ahead(positions, self._painters(), self._threads)

    def _positions(self, values: np.ndarray) -> Iterator[np.ndarray]:
        for start in range(0, len(values), CHUNK):
            yield from self.head.vertices(values[start : start + CHUNK], self.identity)

    def _painters(self) -> "SimpleQueue[Painter]":
        """The painters that draw nothing at the moment, made when they are first needed."""
        if self._idle is None:
            self._idle = SimpleQueue()
            for painter in (self._painter, *(self._painter.twin() for _ in range(self._threads - 1))):
                self._idle.put(painter)
        return self._idle


def drawn_ahead(frames: Iterator, painters: SimpleQueue, threads: int) -> Iterator[np.ndarray]:
    """The pictures of `frames` in order, each drawn by whichever of the idle `painters` comes first while earlier ones are used: the loops
    need no lock of Python.
    """
    waiting, pool = deque(), ThreadPoolExecutor(threads, "painter")
    try:
        for frame in frames:
            waiting.append(pool.submit(_draw, painters, frame))
            if len(waiting) > AHEAD * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:  # also where the pictures are no longer wanted
        pool.shutdown(cancel_futures=True)


def _draw(painters: SimpleQueue, frame) -> np.ndarray:
    painter = painters.get()
    try:
        return painter.draw(frame)
    finally:
        painters.put(painter)


def cores() -> int:
    """The number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

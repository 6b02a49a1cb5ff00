"""A steady clock: frame i is due i / fps seconds after the first, by the monotonic clock, however long each frame took."""

import time
from collections.abc import Callable, Iterator

COARSE = 0.002  # seconds before the deadline at which sleeping gives way to short naps, since a sleep may overshoot
NAP = 0.0002


def beats(frames: int, fps: float, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep) -> Iterator[int]:
    """Yields each frame number when it is due. Deadlines are absolute, so lateness does not add up.

    When the caller is late by more than a frame, the frames that are past are left out: the face stays with the sound.
    """
    start, frame = now(), 0
    while frame < frames:
        deadline = start + frame / fps
        while (left := deadline - now()) > 0:
            sleep(left - COARSE if left > 2 * COARSE else min(NAP, left))
        yield frame
        due = int((now() - start) * fps)
        frame = max(frame + 1, min(due, frames - 1)) if frame < frames - 1 else frames

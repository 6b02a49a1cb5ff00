"""JSON lines on standard output: the greeting, a line a frame, the goodbye; for pipes into other programs."""

import sys

import numpy as np

from visavox.rig import Rig
from visavox.serve.live.frames import goodbye, greeting, json_frame
from visavox.serve.live.sender import Address, Source, check_closed, opened


class JsonLines:
    """Writes frames to standard output, which needs no address. A reader that leaves ends the sending (BrokenPipeError)."""

    def __init__(self, address: Address, frames: int | None = None):
        self._frames, self._source, self._last, self._whole = frames, None, -1, True

    def open(self, rig: Rig, fps: float) -> None:
        """Writes the greeting."""
        check_closed(self._source)
        self._source, self._last = Source(rig, fps, self._frames), -1
        self._write(greeting(self._source))

    def send(self, seconds: float, values: np.ndarray) -> None:
        """Writes one frame."""
        frame = opened(self._source).frame(seconds, values)
        self._write(json_frame(frame))
        self._last = frame.number

    def close(self) -> None:
        """Writes the goodbye, unless a line was cut off, and leaves standard output open for its owner."""
        source, self._source = self._source, None
        if source and self._whole:
            self._write(goodbye(source, self._last))

    def _write(self, line: str) -> None:
        self._whole = False
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        self._whole = True

"""JSON lines on standard output: the greeting, a line a frame, the goodbye; for pipes into other programs."""

import select
import sys

import numpy as np

from visavox.errors import FileError
from visavox.rig import Rig
from visavox.serve.live.frames import goodbye, greeting, json_frame
from visavox.serve.live.sender import Address, Source, check_closed, opened

PATIENCE = 10  # seconds for a reader to take the greeting, or the rest of a line
PIECE = getattr(select, "PIPE_BUF", 512)  # bytes that go into a pipe at once whenever it takes any: most lines are shorter


class JsonLines:
    """Writes frames to standard output, which needs no address. A reader that leaves ends the sending (BrokenPipeError).

    A reader that is behind loses frames, whole lines of them. A FileError when one takes nothing of the greeting, or of a line that it
    has begun, for PATIENCE seconds.
    """

    def __init__(self, address: Address, frames: int | None = None):
        self._frames, self._source, self._last, self._whole = frames, None, -1, True

    def open(self, rig: Rig, fps: float) -> None:
        """Writes the greeting."""
        check_closed(self._source)
        source = Source(rig, fps, self._frames)
        self._write(greeting(source))
        self._source, self._last = source, -1

    def send(self, seconds: float, values: np.ndarray) -> None:
        """Writes one frame, unless the reader has not taken those before."""
        frame = opened(self._source).frame(seconds, values)
        if _takes(0):
            self._write(json_frame(frame))
            self._last = frame.number

    def close(self) -> None:
        """Writes the goodbye, unless a line was cut off or nobody reads, and leaves standard output open for its owner."""
        source, self._source = self._source, None
        if source and self._whole and _takes(PATIENCE):
            self._write(goodbye(source, self._last))

    def _write(self, line: str) -> None:
        self._whole = False
        for start in range(0, len(line) + 1, PIECE):
            if not _takes(PATIENCE):
                raise FileError(f"whoever reads standard output has taken nothing for {PATIENCE} s; read on, or send it to a file")
            sys.stdout.write(f"{line}\n"[start : start + PIECE])
            sys.stdout.flush()
        self._whole = True


def _takes(seconds: float) -> bool:
    """Whether standard output takes bytes now, or within `seconds`; true where that cannot be asked."""
    try:
        asked = select.poll()
        asked.register(sys.stdout.fileno(), select.POLLOUT)
    except (AttributeError, OSError, ValueError):  # Windows; no file; closed: the writing itself will say so
        return True
    return bool(asked.poll(seconds * 1000))

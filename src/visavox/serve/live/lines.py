"""JSON lines on standard output: the greeting, a line a frame, the goodbye; for pipes into other programs."""

import sys

from visavox.motion import Motion
from visavox.serve.live.frames import goodbye, greeting, json_frame
from visavox.serve.live.sender import Address


class JsonLines:
    """Writes a motion to standard output. A reader that leaves ends the sending (BrokenPipeError)."""

    def __init__(self, motion: Motion, address: Address):
        self._motion = motion

    def wait(self) -> None:
        """Writes the greeting."""
        self._write(greeting(self._motion))

    def send(self, frame: int) -> None:
        """Writes frame number `frame`; after the last one the goodbye."""
        self._write(json_frame(self._motion, frame))
        if frame == self._motion.frames - 1:
            self._write(goodbye(self._motion))

    def close(self) -> None:
        """Leaves standard output open for its owner."""

    def _write(self, line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

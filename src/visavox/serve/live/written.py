"""Frames to a file: JSON lines as they come (.jsonl), or the motion at the end (.npz). Whole or not at all."""

from contextlib import ExitStack
from pathlib import Path

import numpy as np

from visavox.io.atomic import check_writable, replacing
from visavox.io.motion import write_motion
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.serve.live.frames import goodbye, greeting, json_frame
from visavox.serve.live.sender import Source, check_closed, opened

SUFFIXES = (".jsonl", ".npz")


class JsonFile:
    """A sender that writes the lines that `JsonLines` prints into a file, which is there once it is closed."""

    def __init__(self, path: Path):
        check_writable(path)
        self._path, self._source, self._last, self._stack = path, None, -1, ExitStack()

    def open(self, rig: Rig, fps: float) -> None:
        """Begins the file."""
        check_closed(self._source)
        source = Source(rig, fps)
        temporary = self._stack.enter_context(replacing(self._path))
        self._file = self._stack.enter_context(temporary.open("w", encoding="utf-8"))
        self._file.write(greeting(source) + "\n")
        self._source, self._last = source, -1

    def send(self, seconds: float, values: np.ndarray) -> None:
        """Writes one frame."""
        frame = opened(self._source).frame(seconds, values)
        self._file.write(json_frame(frame) + "\n")
        self._last = frame.number

    def close(self) -> None:
        """Ends the file and gives it its name."""
        source, self._source = self._source, None
        if source:
            self._file.write(goodbye(source, self._last) + "\n")
            self._stack.close()


class MotionFile:
    """A sender that keeps the frames and writes a motion file when it is closed; none where there was no frame."""

    def __init__(self, path: Path, provenance: dict):
        check_writable(path)
        self._path, self._provenance, self._source, self._rows = path, provenance, None, []

    def open(self, rig: Rig, fps: float) -> None:
        """Begins the motion."""
        check_closed(self._source)
        self._source, self._rows = Source(rig, fps), []

    def send(self, seconds: float, values: np.ndarray) -> None:
        """Keeps one frame."""
        opened(self._source).frame(seconds, values)
        self._rows.append(np.asarray(values, np.float32))

    def close(self) -> None:
        """Writes the motion."""
        source, self._source = self._source, None
        if source and self._rows:
            write_motion(Motion(np.stack(self._rows), source.fps, source.rig, self._provenance), self._path)

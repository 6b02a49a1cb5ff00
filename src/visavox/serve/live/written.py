"""Frames to a file: JSON lines as they come (.jsonl), or the motion at the end (.npz). Whole or not at all."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import numpy as np

from visavox.io.atomic import check_writable, replacing
from visavox.io.motion import write_motion_pieces
from visavox.motion import Motion
from visavox.rig import Rig
from visavox.serve.live.frames import goodbye, greeting, json_frame
from visavox.serve.live.sender import Source, check_closed, opened

SUFFIXES = (".jsonl", ".npz")
TOGETHER = 1500  # frames that are read back at once


class JsonFile:
    """A sender that writes the lines that `JsonLines` prints into a file, which is there once it is closed, if there was a frame."""

    def __init__(self, path: Path):
        check_writable(path)
        self._path, self._source, self._last, self._stack, self._file = path, None, -1, ExitStack(), None

    def open(self, rig: Rig, fps: float) -> None:
        """Begins the performance; the first frame begins the file."""
        check_closed(self._source)
        self._source, self._last = Source(rig, fps), -1

    def send(self, seconds: float, values: np.ndarray) -> None:
        """Writes one frame."""
        source = opened(self._source)
        frame = source.frame(seconds, values)
        if self._file is None:
            temporary = self._stack.enter_context(replacing(self._path))
            self._file = self._stack.enter_context(temporary.open("w", encoding="utf-8"))
            self._file.write(greeting(source) + "\n")
        self._file.write(json_frame(frame) + "\n")
        self._last = frame.number

    def close(self) -> None:
        """Ends the file and gives it its name."""
        source, self._source = self._source, None
        file, self._file = self._file, None
        if source and file:
            file.write(goodbye(source, self._last) + "\n")
            self._stack.close()


class MotionFile:
    """A sender that writes a motion file when it is closed; none where there was no frame. Until then the frames lie in a file without a
    name beside it, so that a face that lives on for hours takes no more memory."""

    def __init__(self, path: Path, provenance: dict):
        check_writable(path)
        self._path, self._provenance, self._source = path, provenance, None

    def open(self, rig: Rig, fps: float) -> None:
        """Begins the motion."""
        check_closed(self._source)
        self._source, self._rows = Source(rig, fps), tempfile.TemporaryFile(dir=self._path.parent)

    def send(self, seconds: float, values: np.ndarray) -> None:
        """Keeps one frame."""
        opened(self._source).frame(seconds, values)
        self._rows.write(np.ascontiguousarray(values, np.float32).data)

    def close(self) -> None:
        """Writes the motion."""
        source, self._source = self._source, None
        if source is None:
            return
        with self._rows as rows:
            frames = rows.tell() // (4 * len(source.rig))
            rows.seek(0)
            if frames:
                write_motion_pieces(self._pieces(source, rows), frames, self._path)

    def _pieces(self, source: Source, rows: BinaryIO) -> Iterator[Motion]:
        while piece := rows.read(4 * len(source.rig) * TOGETHER):
            values = np.frombuffer(piece, np.float32).reshape(-1, len(source.rig))
            yield Motion(values, source.fps, source.rig, self._provenance)

"""Recordings too long to be held: measured once, then read section by section, in memory that does not grow.

The sections overlap, so that what is made of each can be joined without a seam.
"""

import os
import stat
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from visavox.audio import LOUDEST, Audio
from visavox.errors import FileError, VisavoxWarning
from visavox.io.audio import decoded_pieces, oddities
from visavox.io.audio_clock import Clock
from visavox.io.audio_mixing import Mixer
from visavox.io.pipes import readable, source_name

LONG = 20 * 60  # seconds from which a recording is read in sections
SECTION, LEAST_SECTION = 120, 60  # seconds: of a section, and the least that is one of its own at the end
OVERLAP = 3  # seconds that a section shares with the next
LONGEST_HOURS = 24
LEAST_BYTES = LONG * 500  # a file with fewer is not long in any format: 4 kbit/s


@dataclass(frozen=True)
class LongRecording:
    """A recording in a plain file, of `samples` samples at `sample_rate` Hz, of which the `chosen` channels are used (None: all)."""

    path: Path
    samples: int
    sample_rate: int
    chosen: tuple[int, ...] | None

    @property
    def seconds(self) -> float:
        """The duration in seconds."""
        return self.samples / self.sample_rate

    def starts(self) -> list[int]:
        """The seconds at which the sections start."""
        last = max(self.seconds - LEAST_SECTION, 1)
        return [second for second in range(0, int(np.ceil(self.seconds)), SECTION) if not second or second < last]

    def sections(self) -> Iterator[Audio]:
        """Each section with the first OVERLAP seconds of the next. A FileError where the file holds what is no sound."""
        starts = [second * self.sample_rate for second in self.starts()]
        ends = [start + OVERLAP * self.sample_rate for start in starts[1:]] + [self.samples]
        with readable(self.path) as source:
            _, pieces = decoded_pieces(source, str(self.path), Mixer(self.chosen), Clock())
            held, first, shared = np.zeros(0, np.float32), 0, OVERLAP * self.sample_rate
            for start, end in zip(starts, ends, strict=True):
                parts = [held[start - first :]]
                first, size = start, parts[0].size
                while size < end - start and (piece := next(pieces, None)) is not None:
                    parts.append(piece)
                    size += piece.size
                held = np.concatenate(parts)
                parts.clear()  # the section is held once
                section = Audio(held[: end - start], self.sample_rate, source_name(self.path))
                held, first = held[end - start - shared :].copy(), end - shared
                yield section


def long_recording(path: str | Path) -> LongRecording | None:
    """The recording in a plain file that lasts longer than LONG seconds; None for a shorter one, and for a pipe, which is read as a whole.

    Warns of what is odd about it, as `read_audio` does. Raises a FileError for one that is damaged, loud beyond sense or longer than
    LONGEST_HOURS.
    """
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None  # whoever reads it says so
    if not stat.S_ISREG(found.st_mode) or found.st_size < LEAST_BYTES:
        return None
    mixer, clock, samples = Mixer(), Clock(), 0
    with readable(path) as source:
        track, pieces = decoded_pieces(source, str(path), mixer, clock)
        for piece in pieces:
            _check(piece, samples, clock.rate, str(path))
            samples += piece.size
    if samples <= LONG * max(clock.rate, 1):
        return None
    chosen = mixer.better()
    for note in oddities(track, chosen, clock):
        warnings.warn(f"{path}: {note}", VisavoxWarning, stacklevel=2)
    return LongRecording(Path(path), samples, clock.rate, chosen)


def _check(piece: np.ndarray, before: int, rate: int, name: str) -> None:
    finite = np.isfinite(piece)
    if not finite.all():
        bad = (before + int(np.argmin(finite))) / rate
        raise FileError(f"{name} holds a value that is not a number at {bad:.3f} s; repair or re-record it")
    if piece.size and np.abs(piece).max() > LOUDEST:
        raise FileError(f"{name} reaches {np.abs(piece).max():.0f} where 1 is full scale; divide its samples by their full scale")
    if before > LONGEST_HOURS * 3600 * rate:
        raise FileError(f"{name} is longer than {LONGEST_HOURS} h, the most that is read; cut it into parts")

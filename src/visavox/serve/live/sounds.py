"""Where live sound comes from: a file or a pipe that a thread reads, or a microphone. Each gives what arrived, and when."""

import os
import queue
import threading
import time
from typing import BinaryIO, NamedTuple, Protocol

import numpy as np

from visavox.errors import DependencyError, FileError, VisavoxError
from visavox.io.pcm import PcmDecoder

BLOCK = 1 << 14  # bytes read at a time
WAITING = 4096  # blocks that may wait before reading stops
EXTRA = "pip install 'visavox[microphone]'"


class Arrived(NamedTuple):
    """Mono samples (S,) in [-1, 1] at `sample_rate` Hz, and when they arrived, by the monotonic clock."""

    samples: np.ndarray
    sample_rate: int
    moment: float


class Sounds(Protocol):
    """A source of live sound. `live`: whether it comes at its own pace, so that what waits too long is late and not early."""

    live: bool

    def arrived(self) -> list[Arrived] | None:
        """What arrived since the last call; None once it is over and everything was given. Raises what made the source fail."""

    def close(self) -> None: ...


class PipedSound:
    """The sound that `source` gives, a pipe or a file, read in a thread of its own; raw samples are at `sample_rate`."""

    live = False

    def __init__(self, source: BinaryIO, sample_rate: int):
        self._source, self._decoder = source, PcmDecoder(sample_rate)
        self._waiting: queue.Queue = queue.Queue(WAITING)
        threading.Thread(target=self._read, daemon=True).start()

    def arrived(self) -> list[Arrived] | None:
        """What arrived since the last call; None at the end."""
        found: list[Arrived] = []
        while True:
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                return found
            if isinstance(item, VisavoxError):
                raise item
            if item is None:
                self._waiting.put(None)  # for the call after this one
                return found or None
            found += item

    def close(self) -> None:
        """Nothing: the thread ends with the process or the sound."""

    def _read(self) -> None:
        try:
            while data := os.read(self._source.fileno(), BLOCK):
                moment = time.monotonic()
                self._waiting.put([Arrived(samples, rate, moment) for rate, samples in self._decoder.push(data)])
            self._waiting.put(None)
        except VisavoxError as error:
            self._waiting.put(error)
        except (OSError, ValueError) as error:
            self._waiting.put(FileError(f"the sound cannot be read on ({getattr(error, 'strerror', None) or error}); check its source"))


class Microphone:
    """The usual microphone of this machine. A DependencyError without `sounddevice` or its PortAudio, a FileError without a microphone."""

    live = True

    def __init__(self):
        try:
            import sounddevice
        except ImportError:
            raise DependencyError(f"--microphone needs sounddevice; install it with: {EXTRA}") from None
        except OSError as error:
            raise DependencyError(
                f"--microphone needs PortAudio, which sounddevice does not find ({error}); install libportaudio2"
            ) from None
        self._waiting: queue.Queue = queue.Queue(WAITING)
        try:
            self._rate = int(sounddevice.query_devices(kind="input")["default_samplerate"])
            self._stream = sounddevice.InputStream(samplerate=self._rate, channels=1, dtype="float32", latency="low", callback=self._take)
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise FileError(f"no microphone can be opened ({error}); connect one, or pipe sound in: visavox stream -") from None

    def arrived(self) -> list[Arrived]:
        """What arrived since the last call; a microphone is never over."""
        found: list[Arrived] = []
        while True:
            try:
                found.append(self._waiting.get_nowait())
            except queue.Empty:
                return found

    def close(self) -> None:
        """Closes the microphone."""
        self._stream.close()

    def _take(self, data: np.ndarray, frames: int, clock, status) -> None:
        if not self._waiting.full():
            self._waiting.put_nowait(Arrived(np.nan_to_num(data[:, 0]), self._rate, time.monotonic()))

"""One clock for a recording: each block of sound at the time that its file gives it, all at the rate of the first.

Missing packets and a late start become silence, so that what is said at 7 s is found at 7 s.
"""

from collections.abc import Iterator

import numpy as np

HOLE = 0.02  # seconds without sound from which on they are silence; below it is the rounding of time stamps
LEAD = 0.25  # seconds that sound may run ahead of its clock; a clock that goes back further began anew (files joined end to end)
MOST_SILENCE = 1800.0  # seconds of silence in all; more is believed only of a recording with a quarter as much sound
USUAL_RATE = 48_000  # Hz; at higher rates as many samples, not seconds
PIECE = 1 << 16  # samples of silence at a time
MOST_CHANGES = 1000  # of the rate


class Clock:
    """Places mono blocks one after the other. Afterwards: `late` and `silence` in seconds, `leaps` as (second, seconds) not believed."""

    def __init__(self):
        self.rate, self.late, self.silence, self.holes, self.changes = 0, 0.0, 0.0, 0, 0
        self.leaps: list[tuple[float, float]] = []
        self._written, self._waiting = 0, 0.0  # samples given out, and those that the converter of rates still holds
        self._shift, self._end = 0.0, 0.0
        self._converter, self._last_rate = None, 0

    @property
    def seconds(self) -> float:
        """The seconds of sound and silence so far."""
        return self._written / self.rate if self.rate else 0.0

    def place(self, samples: np.ndarray, rate: int, at: float | None) -> Iterator[np.ndarray]:
        """What to write for a block (S,) at `rate` Hz that begins `at` seconds, None for right after the last: silence, then the block."""
        self.rate = self.rate or rate
        if rate != self._last_rate:
            yield from self._flush()
            self.changes += bool(self._last_rate)
            self._last_rate = rate
        if at is not None:
            gap = self._gap(at, len(samples) / rate)
            if gap > HOLE:
                yield from self._flush()
                yield from self._silent(gap)
            elif gap < -LEAD:
                samples = samples[min(round(-gap * rate), len(samples)) :]
        yield from self._converted(samples, rate)

    def finish(self) -> Iterator[np.ndarray]:
        """What is left to write at the end."""
        yield from self._flush()

    def _gap(self, at: float, seconds: float) -> float:
        """How many seconds after the sound so far the block is due; negative when it comes too early."""
        now = (self._written + self._waiting) / self.rate
        at += self._shift
        leap = at - self._end
        sounded = now - self.silence
        most = max(MOST_SILENCE * min(1.0, USUAL_RATE / self.rate), 4 * sounded) - self.silence
        if leap < -LEAD or leap > most:
            if leap > most:
                self.leaps.append((now, leap))
            self._shift += now - at
            at = now
        self._end = at + seconds
        return at - now

    def _silent(self, seconds: float) -> Iterator[np.ndarray]:
        if self._written == 0:
            self.late = seconds
        else:
            self.holes += 1
        self.silence += seconds
        left = round(seconds * self.rate)
        while left > 0:
            piece = np.zeros(min(left, PIECE), np.float32)
            left -= len(piece)
            self._written += len(piece)
            yield piece

    def _converted(self, samples: np.ndarray, rate: int) -> Iterator[np.ndarray]:
        if rate == self.rate or not len(samples):
            self._written += len(samples)
            yield samples
            return
        import av

        self._converter = self._converter or av.AudioResampler(format="flt", layout="mono", rate=self.rate)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples)[None], format="flt", layout="mono")
        frame.sample_rate = rate
        self._waiting += len(samples) * self.rate / rate
        yield from self._given(frame)

    def _flush(self) -> Iterator[np.ndarray]:
        if self._converter:
            yield from self._given(None)
        self._converter, self._waiting = None, 0.0

    def _given(self, frame) -> Iterator[np.ndarray]:
        for converted in self._converter.resample(frame):
            samples = converted.to_ndarray()[0]
            self._written, self._waiting = self._written + len(samples), self._waiting - len(samples)
            yield samples

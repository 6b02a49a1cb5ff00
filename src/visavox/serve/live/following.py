"""A face that follows live sound: feeds a stream as sound arrives, in gaps with silence, and sends its frames at an even pace.

The clock is the machine's: what arrives faster than it is spoken waits for its time, what stops leaves a face that lives on in silence.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from visavox.motion import Motion
from visavox.serve.live.sender import Sender
from visavox.serve.live.sounds import Arrived, Sounds
from visavox.stream import Stream
from visavox.windows import FPS, SAMPLE_RATE

TICK = 0.002  # seconds between looks at what arrived
UNEVEN = 0.015  # seconds that a frame may be late without setting back those after it
GAP = 0.1  # seconds without sound after which silence takes its place
LATE = 0.25  # seconds of sound that may wait of a source that comes at its own pace
EASING = 0.1  # seconds a second by which the pace goes back to as early as it can
MOST_LATE = 0.3  # seconds that the pace is set back at most; what is later is left out


@dataclass
class Report:
    """What happened: frames sent and left out, seconds of sound and of silence that stood in for it. For each frame of sound the
    `latencies` in seconds from the arrival of the sound in its middle, or the time at which it was due, until it was sent."""

    frames: int = 0
    sound: float = 0.0
    filled: float = 0.0
    late: int = 0
    latencies: list[float] = field(default_factory=list)

    def in_words(self) -> str:
        """One line for people."""
        line = f"{self.frames} frames, {self.sound:.1f} s of sound, {self.filled:.1f} s of silence in gaps"
        line += f", {self.late} frames left out because they came too late" if self.late else ""
        if not self.latencies:
            return line
        middle, most = np.percentile(self.latencies, [50, 95]) * 1000
        return f"{line}; sound to frame {middle:.0f} ms (median), {most:.0f} ms (95 %)"


class Following:
    """One run: `stream` follows `sounds`; `send(frame number, values)` is called when a frame is due. `interrupted()` is asked whether
    to stop what is being said; `now` and `sleep` are the clock."""

    def __init__(
        self,
        stream: Stream,
        sounds: Sounds,
        send: Callable[[int, np.ndarray], None],
        interrupted: Callable[[], bool] = lambda: False,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self.stream, self.sounds, self.send, self.interrupted = stream, sounds, send, interrupted
        self.now, self.sleep, self.report = now, sleep, Report()
        self._waiting: deque[Arrived] = deque()
        self._ready: deque[tuple[int, np.ndarray]] = deque()
        self._arrivals: deque[tuple[float, float]] = deque()  # (second at which a stretch of sound ends, when it arrived)
        self._earliest = stream.latency + 0.5 / FPS  # seconds from the start of a block until it can be made
        self._position, self._offset, self._eased = 0.0, self._earliest, 0.0

    def run(self) -> None:
        """Follows the sound to its end."""
        begin = self.now()
        self._eased = begin
        while True:
            found = self.sounds.arrived()
            self._waiting.extend(found or ())
            if self.interrupted():
                self._interrupt()
            self._feed(self.now() - begin, over=found is None)
            self._send_due(begin)
            if found is None and not self._waiting:
                break
            self.sleep(TICK)
        self._take(self.stream.finish())
        while self._ready:
            self._send_due(begin)
            self.sleep(TICK)

    def _interrupt(self) -> None:
        self._waiting.clear()
        self.stream.interrupt()
        self._position = min(self._position, self.stream.frames / FPS)
        self._arrivals.clear()

    def _feed(self, elapsed: float, over: bool) -> None:
        """Feeds what is due after `elapsed` seconds: sound, or silence where none came."""
        if self.sounds.live:
            while sum(each.samples.size / each.sample_rate for each in self._waiting) > LATE:
                self._waiting.popleft()
        while self._waiting and self._position < elapsed:
            piece = self._waiting.popleft()
            most = max(round((elapsed - self._position) * piece.sample_rate), 1)
            if piece.samples.size > most:
                self._waiting.appendleft(piece._replace(samples=piece.samples[most:]))
                piece = piece._replace(samples=piece.samples[:most])
            self._position += piece.samples.size / piece.sample_rate
            self.report.sound += piece.samples.size / piece.sample_rate
            self._arrivals.append((self._position, piece.moment))
            self._take(self.stream.feed(piece.samples, piece.sample_rate))
        missing = elapsed - GAP - self._position
        if not self._waiting and not over and missing > 0:
            self._position += missing
            self.report.filled += missing
            self._take(self.stream.feed(np.zeros(round(missing * SAMPLE_RATE), np.float32), SAMPLE_RATE))

    def _take(self, motion: Motion | None) -> None:
        if motion is not None:
            first = self.stream.frames - motion.frames
            self._ready.extend((first + number, values) for number, values in enumerate(motion.values))

    def _send_due(self, begin: float) -> None:
        """Sends every frame whose time has come; one that is late sets the pace of those after it back."""
        now = self.now()
        self._offset = max(self._offset - EASING * (now - self._eased), self._earliest)
        self._eased = now
        while self._ready:
            number, values = self._ready[0]
            due = begin + number / FPS + self._offset
            if due > now:
                break
            self._ready.popleft()
            if now > begin + number / FPS + self._earliest + MOST_LATE:
                self.report.late += 1
                continue
            self.send(number, values)
            self.report.frames += 1
            self._offset += now - due if now - due > UNEVEN else 0.0
            self._measure((number + 0.5) / FPS, begin)

    def _measure(self, middle: float, begin: float) -> None:
        while self._arrivals and self._arrivals[0][0] < middle:
            self._arrivals.popleft()
        if self._arrivals:
            self.report.latencies.append(self.now() - max(self._arrivals[0][1], begin + middle))


def follow_at_once(
    stream: Stream, sounds: Sounds, send: Callable[[int, np.ndarray], None], sleep: Callable[[float], None] = time.sleep
) -> Report:
    """Follows the sound without a clock: every frame is sent as soon as it can be made, and gaps are waited for."""
    report = Report()

    def take(motion: Motion | None) -> None:
        for number, values in enumerate(() if motion is None else motion.values):
            send(stream.frames - motion.frames + number, values)
            report.frames += 1

    while (found := sounds.arrived()) is not None:
        for piece in found:
            report.sound += piece.samples.size / piece.sample_rate
            take(stream.feed(piece.samples, piece.sample_rate))
        if not found:
            sleep(TICK)
    take(stream.finish())
    return report


def sending(sender: Sender) -> Callable[[int, np.ndarray], None]:
    """A function of a frame's number and values that sends it."""
    return lambda number, values: sender.send(number / FPS, values)

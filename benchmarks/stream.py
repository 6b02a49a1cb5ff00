"""What a live voice costs, as JSON. On a machine that does nothing else:

    python benchmarks/stream.py --seconds 600 --sessions 8 16 32 --hours 1
    python benchmarks/stream.py --seconds 600 --latency 120 --sessions --hours 0

- latency: one stream fed 20 ms at a time as a microphone does, frames sent at an even pace, every other core kept busy, for --seconds:
  milliseconds from the arrival of the sound in a frame's middle until the frame was sent, median and 95th percentile; frames left out
  because they were late;
- sessions: so many streams in one process, as many threads as cores, each fed as it would be live for --session-seconds: milliseconds from
  the arrival of the last sound that a block needs until it was made, median and 95th percentile; `in_time`, whether the blocks of all kept
  up to the end (95 % within the length of a block); CPU milliseconds a block;
- memory: megabytes resident after ten seconds, a minute, ten minutes and --hours of sound, bytes of the saved state, CPU milliseconds a
  block, and how many times real time it took.

The sound is the packaged recording, or --sound, over and over. 0 leaves a part out.
"""

import argparse
import json
import multiprocessing
import os
import resource
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from visavox.io.assets import demo_recording
from visavox.io.audio import read_audio
from visavox.loading import load
from visavox.serve.live.following import Following
from visavox.serve.live.sounds import Arrived
from visavox.stream import AHEAD, BLOCK, Stream
from visavox.stream.latency import Pace, pace_within
from visavox.windows import FPS, SAMPLE_RATE

PIECE = 0.02  # seconds that arrive together


class Paced:
    """The sound as a microphone gives it, for so many seconds."""

    live = True

    def __init__(self, sound: np.ndarray, seconds: float):
        self.sound, self.begin, self.given, self.pieces = sound, time.monotonic(), 0, round(seconds / PIECE)

    def arrived(self):
        """The pieces whose end has come."""
        due = min(int((time.monotonic() - self.begin) / PIECE), self.pieces)
        if self.given == self.pieces:
            return None
        size = round(PIECE * SAMPLE_RATE)
        came = [
            Arrived(np.take(self.sound, range(n * size, (n + 1) * size), mode="wrap"), SAMPLE_RATE, self.begin + (n + 1) * PIECE)
            for n in range(self.given, due)
        ]
        self.given = due
        return came

    def close(self):
        """Nothing to close."""


def spin():
    """Keeps a core busy."""
    while True:
        sum(range(10_000))


def latency(animator, sound: np.ndarray, seconds: float, pace: Pace) -> dict:
    """One voice, followed live."""
    cores = len(os.sched_getaffinity(0))
    busy = [multiprocessing.Process(target=spin, daemon=True) for _ in range(max(cores - 1, 1))]
    for process in busy:
        process.start()
    Stream(animator, **pace._asdict()).feed(sound[: 2 * SAMPLE_RATE])
    following = Following(Stream(animator, **pace._asdict()), Paced(sound, seconds), lambda number, values: None)
    following.run()
    for process in busy:
        process.kill()
    report = following.report
    middle, most, worst = np.percentile(report.latencies, [50, 95, 99]) * 1000
    numbers = {"median_ms": middle, "p95_ms": most, "p99_ms": worst, "seconds": seconds, "left_out": report.late, "busy_cores": len(busy)}
    return {name: round(float(value), 1) for name, value in numbers.items()}


def sessions(animator, sound: np.ndarray, number: int, seconds: float, together: int) -> dict:
    """So many voices at once, each begun at another moment of a block."""
    threads = len(os.sched_getaffinity(0))
    begin, spent = time.monotonic() + 0.2, time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        when = begin, seconds, together
        waits = list(pool.map(lambda thread: _session_thread(animator, sound, range(thread, number, threads), when), range(threads)))
    waits, blocks = np.concatenate(waits), number * seconds * FPS / together
    middle, most = np.percentile(waits, [50, 95]) * 1000
    return {
        "sessions": number, "block": together, "median_ms": round(float(middle), 1), "p95_ms": round(float(most), 1),
        "in_time": bool(most < 1000 * together / FPS), "cpu_ms_a_block": round((time.process_time() - spent) / blocks * 1000, 2),
    }  # fmt: skip


def _session_thread(animator, sound: np.ndarray, numbers, when: tuple[float, float, int]) -> np.ndarray:
    """The waits in seconds of the blocks of some sessions, served in turn."""
    begin, seconds, together = when
    length = together / FPS
    size = round(length * SAMPLE_RATE)
    streams = [Stream(animator, seed=number, block=together) for number in numbers]
    for stream, number in zip(streams, numbers, strict=True):
        stream.feed(np.take(sound, range(number * 1000, number * 1000 + AHEAD * 640 + 120), mode="wrap"))
    waits = []
    for block in range(round(seconds / length)):
        for place, (stream, number) in enumerate(zip(streams, numbers, strict=True)):
            due = begin + (block + place / len(streams)) * length
            while (left := due - time.monotonic()) > 0:
                time.sleep(left)
            start = number * 1000 + AHEAD * 640 + 120 + block * size
            stream.feed(np.take(sound, range(start, start + size), mode="wrap"))
            waits.append(time.monotonic() - due)
    return np.array(waits)


def memory(animator, sound: np.ndarray, hours: float) -> dict:
    """A long voice."""
    stream, began, spent = Stream(animator), time.monotonic(), time.process_time()
    resident, last = {}, round(hours * 3600) - 1
    for second in range(last + 1):
        stream.feed(np.take(sound, range(second * SAMPLE_RATE, (second + 1) * SAMPLE_RATE), mode="wrap"))
        if second in (10, 60, 600, last):
            size = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
            resident[f"mb_after_{second + 1}_s"] = round(size, 1)
    made, blocks = hours * 3600 / (time.monotonic() - began), stream.frames / BLOCK
    numbers = {"cpu_ms_a_block": round((time.process_time() - spent) / blocks * 1000, 2), "times_real_time": round(made, 1)}
    return resident | {"state_bytes": len(stream.saved())} | numbers


def main() -> None:
    """Prints the measurements that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--latency", type=float, default=200, metavar="MS", help="that of the one voice")
    parser.add_argument("--sessions", type=int, nargs="*", default=[8, 16, 32])
    parser.add_argument("--block", type=int, default=BLOCK, help="frames that the sessions make together")
    parser.add_argument("--session-seconds", type=float, default=20)
    parser.add_argument("--hours", type=float, default=0.05)
    parser.add_argument("--sound", type=Path)
    options = parser.parse_args()
    audio, animator = read_audio(options.sound or demo_recording()).resample(SAMPLE_RATE), load(threads=1, live=True)
    found = {"engine": type(animator.engine).__name__, "cores": len(os.sched_getaffinity(0)), "load": os.getloadavg()[0]}
    if options.seconds:
        found["latency"] = latency(animator, audio.samples, options.seconds, pace_within(options.latency / 1000))
    found["sessions"] = [sessions(animator, audio.samples, number, options.session_seconds, options.block) for number in options.sessions]
    if options.hours:
        found["memory"] = memory(animator, audio.samples, options.hours)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

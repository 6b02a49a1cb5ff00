"""What a live voice costs, as JSON. On a machine that does nothing else:

    python benchmarks/stream.py --seconds 600 --sessions 8 16 32 --hours 1
    python benchmarks/stream.py --seconds 600 --latency 120 --voices --sessions --hours 0

- latency: one stream fed 20 ms at a time as a microphone does, frames sent at an even pace, every other core kept busy, for --seconds:
  milliseconds from the arrival of the sound in a frame's middle until the frame was sent, median and 95th percentile; frames left out
  because they were late;
- voices: CPU milliseconds that a block of each of so many voices takes on one thread, one after the other (`apart`) and drawn in one
  evaluation (`together`), asked in turn: medians;
- sessions: so many streams in one process, as many threads as cores, each fed as it would be live for --session-seconds, the voices of a
  thread together, and once more one after the other at moments of their own: milliseconds from the arrival of the last sound that a block
  needs until it was made, median and 95th percentile; `in_time`, whether the blocks of all kept up to the end (95 % within the length of a
  block); CPU milliseconds a block;
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
from visavox.stream import AHEAD, BLOCK, Stream, feed_together
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


def voices(animator, sound: np.ndarray, number: int, together: int) -> dict:
    """What a block of each of so many voices costs."""
    size, spent = round(together / FPS * SAMPLE_RATE), {"apart": [], "together": []}
    kinds = {name: [Stream(animator, seed=seed, block=together) for seed in range(number)] for name in spent}
    for block in range(40):
        pieces = [
            np.take(sound, range(start, start + size), mode="wrap") for start in range(block * size, block * size + 4000 * number, 4000)
        ]
        for name, streams in kinds.items():
            begin = time.thread_time()
            if name == "together":
                feed_together(streams, pieces)
            else:
                for stream, piece in zip(streams, pieces, strict=True):
                    stream.feed(piece)
            spent[name].append(time.thread_time() - begin)
    return {"voices": number} | {f"{name}_ms": round(float(np.median(each[10:])) / number * 1000, 2) for name, each in spent.items()}


def sessions(animator, sound: np.ndarray, number: int, seconds: float, how: tuple[int, bool]) -> dict:
    """So many voices at once: those of a thread `how[1]` together, or each begun at another moment of a block of `how[0]` frames."""
    together = how[0]
    threads = min(len(os.sched_getaffinity(0)), number)
    begin, spent = time.monotonic() + 0.2, time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        when = begin, seconds, *how
        waits = list(pool.map(lambda thread: _session_thread(animator, sound, range(thread, number, threads), when), range(threads)))
    waits, blocks = np.concatenate(waits), number * seconds * FPS / together
    middle, most = np.percentile(waits, [50, 95]) * 1000
    return {
        "sessions": number, "together": how[1], "block": together, "median_ms": round(float(middle), 1), "p95_ms": round(float(most), 1),
        "in_time": bool(most < 1000 * together / FPS), "cpu_ms_a_block": round((time.process_time() - spent) / blocks * 1000, 2),
    }  # fmt: skip


def _session_thread(animator, sound: np.ndarray, numbers, when: tuple[float, float, int, bool]) -> np.ndarray:
    """The waits in seconds of the blocks of some sessions, served in turn or together."""
    begin, seconds, block_frames, at_once = when
    length = block_frames / FPS
    size, begun = round(length * SAMPLE_RATE), AHEAD * 640 + 120
    streams = [Stream(animator, seed=number, block=block_frames) for number in numbers]
    for stream, number in zip(streams, numbers, strict=True):
        stream.feed(np.take(sound, range(number * 1000, number * 1000 + begun), mode="wrap"))
    groups = [range(len(streams))] if at_once else [range(place, place + 1) for place in range(len(streams))]
    waits = []
    for block in range(round(seconds / length)):
        starts = [number * 1000 + begun + block * size for number in numbers]
        for group in groups:
            due = begin + (block + group.start / len(streams)) * length
            while (left := due - time.monotonic()) > 0:
                time.sleep(left)
            pieces = [np.take(sound, range(starts[place], starts[place] + size), mode="wrap") for place in group]
            feed_together([streams[place] for place in group], pieces)
            waits += [time.monotonic() - due] * len(group)
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
    parser.add_argument("--voices", type=int, nargs="*", default=[1, 4, 16, 32])
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
    found["voices"] = [voices(animator, audio.samples, number, options.block) for number in options.voices]
    ways = [(number, (options.block, at_once)) for number in options.sessions for at_once in (True, False)]
    found["sessions"] = [sessions(animator, audio.samples, number, options.session_seconds, how) for number, how in ways]
    if options.hours:
        found["memory"] = memory(animator, audio.samples, options.hours)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()

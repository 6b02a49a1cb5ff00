"""The table of docs/speed.md, measured in one go: `python benchmarks/speed.py --table speed.md [--repeats 5]`, on a machine with nothing
else to do.

Cold commands, drawing and warm motion are asked in turn, round by round, with those of another version between them where one is given, so
that the moods of the machine fall on all alike; figures are medians. Then, once each, an hour of speech where it is asked for, one live
voice with every other core busy, and 1, 16 and 32 voices in one process. Every row says what was measured, its goal, and whether it is met.
All takes six minutes where two cores are idle. What is measured is kept in a .json file beside the table as it comes: the same command goes
on from there when it was stopped, and a part that is named is measured again.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from animate import cost, speech

import stream
from visavox.audio import Audio
from visavox.io.audio import read_audio
from visavox.loading import load, processors
from visavox.stream import BLOCK
from visavox.stream.latency import pace_within
from visavox.windows import SAMPLE_RATE

FRAMES, LATENCY, SESSION_SECONDS = 60, 0.2, 20
VOICES = 1, 16, 32
PARTS = "commands", "hour", "voice", "voices"
GOALS = {  # of a row: {figure: the most, or with "least" the least}
    "10 s to .csv, cold": {"cpu_s": 1},
    "10 s to .mp4, 512 x 512, cold": {"wall_s": 5, "cpu_s": 7},
    "drawing a frame": {"cpu_ms": 18},
    "motion of 10 s, warm, all threads": {"times_real_time": ("least", 100)},
    "one hour to .npz": {"wall_s": 60, "peak_mb": 400},
    "a live voice, other cores busy": {"p95_ms": 200},
    "16 live voices in one process": {"p95_ms": 1000 * BLOCK / 25},
    "32 live voices in one process": {"p95_ms": 1000 * BLOCK / 25},
}


def measured(kept: Path, again: list[str], repeats: int, live_seconds: float, before: Path | None) -> dict:
    """Every row by name, and the machine; parts that the file `kept` holds are taken from there, but for those to be measured `again`."""
    parts = {
        "commands": lambda: _in_turn(repeats, before), "hour": _hour, "voice": lambda: _voice(live_seconds),
        **{f"voices {number}": lambda number=number: _voices(number) for number in VOICES},
    }  # fmt: skip
    found = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    for name in again:
        for part in [part for part in found if part.split()[0] == name]:
            del found[part]
    for part, measure in parts.items():
        if part not in found:
            load_before, begun = os.getloadavg()[0], time.monotonic()
            rows = measure()
            loads = [round(load_before, 1), round(os.getloadavg()[0], 1)]
            found[part] = {"rows": rows, "load": loads, "took_s": round(time.monotonic() - begun), "repeats": repeats}
            kept.write_text(json.dumps(found, indent=1), encoding="utf-8")
            print(f"{part}: {found[part]['took_s']} s", file=sys.stderr)
    rows = {row: figures for part in parts for row, figures in found[part]["rows"].items()}
    for row, figures in rows.items():
        if GOALS.get(row):
            figures["met"] = all(_meets(figures[figure], goal) for figure, goal in GOALS[row].items())
    loads = [load for part in parts for load in found[part]["load"]]
    about = {"processors": processors(), "machine": platform.machine(), "processor": _processor(), "python": platform.python_version()}
    return {"rows": rows, "repeats": found["commands"]["repeats"], "load": [min(loads), max(loads)]} | about


def markdown(found: dict) -> str:
    """The rows as a table, and a line about the machine."""
    lines = ["| | measured | goal |", "|---|---|---|"]
    for row, figures in found["rows"].items():
        goals = ", ".join(
            f"{figure} {' '.join(map(str, goal)) if isinstance(goal, tuple) else goal}" for figure, goal in GOALS.get(row, {}).items()
        )
        goals += "" if "met" not in figures else ", met" if figures["met"] else ", missed"
        lines.append(f"| {row} | {', '.join(f'{figure} {value}' for figure, value in figures.items() if figure != 'met')} | {goals} |")
    machine = f"{found['processors']} processors of {found['processor']} ({found['machine']}), Python {found['python']}"
    return "\n".join([*lines, "", f"Medians of {found['repeats']} rounds; {machine}; load {found['load'][0]} to {found['load'][1]}.", ""])


def _hour() -> dict[str, dict]:
    """An hour of speech, once."""
    with tempfile.TemporaryDirectory() as name:
        found = cost(speech(3600, Path(name)), Path(name) / "hour.npz")
    return {"one hour to .npz": {"wall_s": found["seconds"], "cpu_s": found["cpu_s"], "peak_mb": found["peak_mb"]}}


def _in_turn(repeats: int, before: Path | None) -> dict[str, dict]:
    """Cold commands and drawing of each version, and warm motion, round by round; the first round is not counted."""
    with tempfile.TemporaryDirectory() as name:
        return _rounds(repeats, Path(name), before)


def _rounds(repeats: int, folder: Path, before: Path | None) -> dict[str, dict]:
    source, spent = speech(10, folder), {}
    audio = read_audio(source)
    warm = {"one thread": load(threads=1), "all threads": load(threads=processors())}
    for number in range(repeats + 1):
        found = {}
        for label, version in ({"": None} | ({", the version before": before} if before else {})).items():
            for target in ("csv", "mp4, 512 x 512"):
                one = cost(source, folder / f"a.{target[:3]}", version=version)
                found[f"10 s to .{target}, cold{label}"] = {"wall_s": one["seconds"], "cpu_s": one["cpu_s"]}
            found[f"drawing a frame{label}"] = {"cpu_ms": _drawing(version)}
        for label, animator in warm.items():
            cpu, wall = time.process_time(), time.perf_counter()
            animator.animate(Audio(audio.samples, audio.sample_rate))
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            found[f"motion of 10 s, warm, {label}"] = {"wall_s": wall, "cpu_s": cpu, "times_real_time": 10 / wall}
        for row, figures in found.items() if number else ():
            for figure, value in figures.items():
                spent.setdefault(row, {}).setdefault(figure, []).append(value)
    return {row: {figure: round(statistics.median(each), 3) for figure, each in figures.items()} for row, figures in spent.items()}


def _drawing(version: Path | None) -> float:
    """CPU milliseconds of a frame, in a process of its own."""
    environment = dict(os.environ, **({"PYTHONPATH": str(version)} if version else {}))
    command = [sys.executable, str(Path(__file__).with_name("render.py")), "--frames", str(FRAMES)]
    return json.loads(subprocess.run(command, check=True, env=environment, capture_output=True, text=True).stdout)["cpu_ms_per_frame"]


def _sound() -> np.ndarray:
    return read_audio(stream.demo_recording()).resample(SAMPLE_RATE).samples


def _voice(seconds: float) -> dict[str, dict]:
    """One voice followed."""
    one = stream.latency(load(threads=1, live=True), _sound(), seconds, pace_within(LATENCY))
    return {"a live voice, other cores busy": {name: one[name] for name in ("median_ms", "p95_ms", "left_out", "seconds")}}


def _voices(number: int) -> dict[str, dict]:
    """So many in one process."""
    found = stream.sessions(load(threads=1, live=True), _sound(), number, SESSION_SECONDS, (BLOCK, True))
    row = f"{number} live voice{'s' if number > 1 else ''} in one process"
    return {row: {name: found[name] for name in ("median_ms", "p95_ms", "cpu_ms_a_block")}}


def _meets(value: float, goal: float | tuple[str, float]) -> bool:
    return value >= goal[1] if isinstance(goal, tuple) else value <= goal


def _processor() -> str:
    """What Linux calls the processor; "" elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")

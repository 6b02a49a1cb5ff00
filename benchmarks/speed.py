"""How fast speech becomes motion, warm, beside how it was drawn before, beside programs of others, and at the paper's size: prints JSON.

    python benchmarks/speed.py [--repeats 5] [--longest 600] [--peers PYTHON] [--paper]
    python benchmarks/speed.py --table speed.md [--live 600] [--before SRC] [--again PART ...]    # the table of docs/speed.md alone

Every figure is a median of --repeats runs, each round asking everything once in turn, so that other work of the machine falls on all alike.
cpu_s is processor time of the process and its threads, wall_s the clock, times_real_time the seconds of sound by wall_s. Speech is the
bundled recording, repeated. "default" is int8 where the processor has instructions for it, "before" is 10 steps of three predictions in
float32, one window after another, which was the default; growth goes from 10 s tenfold up to --longest.

--peers is the interpreter of an environment in which openfacefx and pylipsync can be imported: whole processes on the same ten seconds,
beside `visavox animate` to .csv. openfacefx hears nothing: it is given the words. --paper times DiffPoseTalk's published configuration
(34.5 M weights, random, HuBERT not counted): a window of 4 s by 500 guided steps, extrapolated from PAPER_CALLS calls, and as drawn by
default. --table: see benchmarks/speed_table.py. Cold starts are the matter of benchmarks/animate.py, drawing of benchmarks/render.py.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import speed_table
from animate import speech

from visavox.audio import Audio
from visavox.diffusion.noise import FrameNoise
from visavox.io.assets import demo_recording
from visavox.io.audio import read_audio
from visavox.loading import load, processors
from visavox.models.precision import FLOAT32
from visavox.sampling import Sampling

BEFORE = Sampling(steps=10, audio_guidance=1.15, style_guidance=1.5, lockstep=1)
PAPER_CALLS = 5
PEERS = {
    "openfacefx": "import sys; from openfacefx.cli import main; sys.argv = ['openfacefx', 'naive', '--text', '{text}', '--wav', '{wav}', "
    "'--retarget', 'arkit', '-o', '{out}']; main()",
    "pylipsync": "import soundfile; from pylipsync import PhonemeAnalyzer; x, rate = soundfile.read('{wav}', dtype='float32'); "
    "PhonemeAnalyzer().extract_phoneme_segments(x, rate, window_size_ms=64.0, fps=30)",
    "visavox animate to .csv": "import sys; from visavox.cli import main; sys.exit(main(['animate', '{wav}', '-o', '{out}.csv']))",
}
WORDS = "and so it went on for ten seconds of speech with about as many words as people say in such a time without haste or pause"


def recording(seconds: float) -> Audio:
    """The bundled recording, repeated."""
    audio = read_audio(demo_recording())
    return Audio(np.resize(audio.samples, round(seconds * audio.sample_rate)), audio.sample_rate)


def interleaved(works: dict, repeats: int) -> dict[str, dict[str, float]]:
    """Median cpu_s and wall_s of each of `works`, asked in turn, after one round that is not counted."""
    spent = {name: [] for name in works}
    for number in range(repeats + 1):
        for name, work in works.items():
            cpu, wall = _cpu(), time.perf_counter()
            work()
            if number:
                spent[name].append((_cpu() - cpu, time.perf_counter() - wall))
    return {name: dict(zip(("cpu_s", "wall_s"), map(_median, zip(*each, strict=True)), strict=True)) for name, each in spent.items()}


def _median(values: tuple[float, ...]) -> float:
    return round(statistics.median(values), 4)


def _cpu() -> float:
    """Processor seconds of this process and of those that it waited for."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def warm(repeats: int) -> dict:
    """Ten seconds, warm: by default, in float32 and as before, on one thread and on all."""
    audio, works = recording(10), {}
    ways = {"default": (None, Sampling()), "float32": (FLOAT32, Sampling()), "before": (FLOAT32, BEFORE)}
    for threads in sorted({1, processors()}):
        for name, (precision, sampling) in ways.items():
            animator = load(threads=threads, precision=precision)
            # a new Audio each time: the encoder keeps what it made of the last one
            works[f"{name}, {threads} threads"] = lambda animator=animator, sampling=sampling: animator.animate(
                Audio(audio.samples, audio.sample_rate), sampling=sampling
            )
    found = interleaved(works, repeats)
    return {name: each | {"times_real_time": round(10 / each["wall_s"], 1)} for name, each in found.items()}


class _Watched:
    """Something whose named calls are timed: processor seconds, by stage; those of a stage within another count for the inner one alone."""

    def __init__(self, spent: dict[str, float]):
        self.spent, self._inner = spent, [0.0]

    def timed(self, stage: str, work: Callable) -> Callable:
        """`work`, whose processor time is added to `stage`."""

        def timing(*given, **named):
            started = time.process_time()
            self._inner.append(0.0)
            try:
                return work(*given, **named)
            finally:
                took, inner = time.process_time() - started, self._inner.pop()
                self.spent[stage] = self.spent.get(stage, 0.0) + took - inner
                self._inner[-1] += took

        return timing

    def watch(self, owner: object, stages: dict[str, str]) -> None:
        """Times the methods of `owner` that `stages` names."""
        for method, stage in stages.items():
            setattr(owner, method, self.timed(stage, getattr(owner, method)))


def stages(repeats: int) -> dict[str, float]:
    """Processor ms of each stage of ten seconds, warm, on one thread; the median of each by itself."""
    audio, found = recording(10), {}
    spent: dict[str, float] = {}
    animator, watched = load(threads=1), _Watched(spent)
    networks = {"encode": "encoder and lip reader", "prepare": "denoiser: once a window", "denoise": "denoiser: evaluations"}
    watched.watch(animator.engine, networks)
    for number, gesture in enumerate(animator.gestures, 1):
        object.__setattr__(gesture, "step", watched.timed(f"gesture {number}: {gesture.name}", gesture.step))
    watched.watch(FrameNoise, {"frames": "noise"})
    watched.watch(animator, {"animate": "the rest: sampler, joining, clamping"})
    watched.watch(animator.encode, {"encode": "log-mel and its normalisation"})
    for number in range(repeats + 1):
        spent.clear()
        animator.animate(Audio(audio.samples, audio.sample_rate))
        if number:
            found = {stage: [*found.get(stage, []), seconds] for stage, seconds in spent.items()}
    return {stage: round(1000 * statistics.median(each), 2) for stage, each in found.items()}


def growth(longest: float, repeats: int) -> dict:
    """Cost by length, from 10 s tenfold, and the largest memory so far."""
    animator, found, seconds = load(), {}, 10.0
    while seconds <= longest:
        audio = recording(seconds)
        (one,) = interleaved({"": lambda audio=audio: animator.animate(Audio(audio.samples, audio.sample_rate))}, repeats).values()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found[f"{seconds:g} s"] = one | {"times_real_time": round(seconds / one["wall_s"], 1), "peak_mb": round(peak)}
        seconds *= 10
    return found


def peers(python: str, repeats: int) -> dict:
    """Whole processes of others beside ours."""
    with tempfile.TemporaryDirectory() as name:
        wav, out = speech(10, Path(name)), Path(name) / "out"
        works = {}
        for peer, code in PEERS.items():
            interpreter = sys.executable if peer.startswith("visavox") else python
            command = [interpreter, "-c", code.format(wav=wav, out=out, text=WORDS)]
            environment = os.environ if interpreter == sys.executable else {**os.environ, "PYTHONPATH": ""}
            works[peer] = lambda command=command, environment=environment: subprocess.run(
                command, check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        return interleaved(works, repeats)


def paper(repeats: int) -> dict:
    """A window of 4 s at the paper's size: 500 guided steps, extrapolated, and as drawn by default."""
    import torch
    from denoiser import BRANCHES, NoAudioEncoder

    from visavox.models.conditions import Conditions
    from visavox.models.face_config import paper_config
    from visavox.models.face_model import FaceModel
    from visavox.models.torch_engine import TorchEngine
    from visavox.rig import Channel, Rig

    torch.manual_seed(0)
    config = paper_config(Rig("flame", tuple(Channel(f"channel{number}") for number in range(54))))
    sizes, random, engine = config.denoiser, np.random.default_rng(0), TorchEngine(FaceModel(config, NoAudioEncoder()).eval())

    def normal(*shape):
        return random.normal(size=shape).astype(np.float32)

    told = Conditions(normal(1, sizes.window, sizes.width), np.ones((1, sizes.window)), None, None, normal(1, sizes.style))
    noisy = normal(1, sizes.window, sizes.channels)

    def calls(branches, number):
        prepared = engine.prepare(told, branches)
        for _ in range(number):
            engine.denoise(noisy, 250, prepared)

    found = interleaved({"guided": lambda: calls(BRANCHES, PAPER_CALLS), "default": lambda: calls(BRANCHES[-1:], 4)}, repeats)
    guided, default = found["guided"]["cpu_s"] * 500 / PAPER_CALLS, found["default"]["cpu_s"]
    return {"500 guided steps, cpu_s, extrapolated": round(guided, 1), "default, cpu_s": default, "ratio": round(guided / default)}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--longest", type=float, default=600, metavar="SECONDS")
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--paper", action="store_true", help="needs PyTorch")
    parser.add_argument("--table", type=Path, metavar="FILE", help="measure the table of docs/speed.md alone, and write it as Markdown too")
    parser.add_argument("--again", nargs="+", default=[], choices=speed_table.PARTS, help="of the table: parts to be measured again")
    parser.add_argument("--live", type=float, default=60, metavar="SECONDS", help="of the table: how long one voice is followed")
    parser.add_argument("--before", type=Path, metavar="SRC", help="of the table: the folder src of another version, asked in turn")
    options = parser.parse_args()
    if options.table:
        kept = options.table.with_suffix(".json")
        rows = speed_table.measured(kept, options.again, options.repeats, options.live, options.before)
        options.table.write_text(speed_table.markdown(rows), encoding="utf-8")
        print(json.dumps(rows, indent=1))
        return
    load_before = os.getloadavg()[0]
    found = {"10 s, warm": warm(options.repeats), "stages of 10 s, CPU ms, one thread": stages(options.repeats)}
    found["growth"] = growth(options.longest, max(options.repeats // 2, 1))
    if options.peers:
        found["whole processes, 10 s"] = peers(options.peers, options.repeats)
    if options.paper:
        found["a window of 4 s at the paper's size"] = paper(options.repeats)
    machine = {"processors": processors(), "machine": platform.machine(), "python": platform.python_version()}
    print(json.dumps(found | machine | {"load": [round(load_before, 1), round(os.getloadavg()[0], 1)]}, indent=1))


if __name__ == "__main__":
    main()

"""The engines side by side: the finished motion of ONNX Runtime held against PyTorch's, and what each stage costs.

python benchmarks/engines.py [--seconds 8] [--seeds 4] [--styles NAME ...] [--calls 9]; prints JSON. Times are CPU ms on one thread,
medians of interleaved calls.
"""

import argparse
import json
import os
import time
from functools import partial

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np  # noqa: E402

from visavox.animate import Animator  # noqa: E402
from visavox.checkpoint import Checkpoint, load  # noqa: E402
from visavox.encoding import RecordingEncoder  # noqa: E402
from visavox.gestures import gestures_of  # noqa: E402
from visavox.io.assets import built_in_style, default_checkpoint, demo_recording, style_names  # noqa: E402
from visavox.io.audio import read_audio  # noqa: E402
from visavox.models.conditions import Conditions  # noqa: E402
from visavox.models.torch_engine import TorchEngine  # noqa: E402

ALL = frozenset({"audio", "style"})
BRANCHES = {"1 branch": [ALL], "3 branches": [frozenset(), frozenset({"audio"}), ALL]}
WARM = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--styles", nargs="*", default=list(style_names()))
    parser.add_argument("--calls", type=int, default=9)
    options = parser.parse_args()
    checkpoint = load(default_checkpoint())
    engines = {"PyTorch": TorchEngine(checkpoint.model()), "ONNX Runtime": checkpoint.engine()}
    audio = read_audio(demo_recording()).between(0, options.seconds)
    print(json.dumps({
        "load average": os.getloadavg()[0],
        "largest difference of finished motion": differences(checkpoint, engines, audio, options),
        "CPU ms": costs(engines, options.calls),
    }, indent=1))  # fmt: skip


def animator(checkpoint: Checkpoint, engine) -> Animator:
    rest = checkpoint.usual_style, checkpoint.restoration, checkpoint.speaks
    return Animator(engine, checkpoint.style_encoder, gestures_of(checkpoint.rig, engine.config.lip_cues), RecordingEncoder(engine), *rest)


def differences(checkpoint: Checkpoint, engines: dict, audio, options) -> dict:
    """By style, over all seeds and channels; and what another seed makes, as a scale for it."""
    oracle, other = (animator(checkpoint, engine) for engine in engines.values())
    found, seeds = {}, range(options.seeds)
    for name in options.styles:
        takes = [[each.animate(audio, built_in_style(name), seed=seed).values for seed in seeds] for each in (oracle, other)]
        found[name] = max(float(np.abs(one - two).max()) for one, two in zip(*takes, strict=True))
    take = [oracle.animate(audio, seed=seed).values for seed in (0, 1)]
    return found | {"of two seeds": float(np.abs(take[0] - take[1]).max())}


def costs(engines: dict, calls: int) -> dict:
    """By stage, of each engine."""
    sizes = next(iter(engines.values())).config.denoiser
    random = np.random.default_rng(0)

    def some(*shape: int) -> np.ndarray:
        return random.normal(size=shape).astype(np.float32)

    mel, noisy = some(1000, 80), some(1, sizes.window, sizes.channels)
    told = Conditions(some(1, sizes.window, sizes.width), np.ones((1, sizes.window)), style=some(1, sizes.style))
    found = {"encode 10 s": timed({name: partial(each.encode, mel) for name, each in engines.items()}, calls)}
    for branches, named in BRANCHES.items():
        ready = {name: each.prepare(told, named) for name, each in engines.items()}
        found[f"prepare, {branches}"] = timed({name: partial(each.prepare, told, named) for name, each in engines.items()}, calls)
        found[f"denoise, {branches}"] = timed(
            {name: partial(each.denoise, noisy, 250, ready[name]) for name, each in engines.items()}, calls
        )
    return found


def timed(works: dict, calls: int) -> dict[str, float]:
    taken = {name: [] for name in works}
    for _ in range(calls + WARM):
        for name, work in works.items():
            start = time.process_time()
            work()
            taken[name].append(1000 * (time.process_time() - start))
    return {name: round(float(np.median(each[WARM:])), 2) for name, each in taken.items()}


if __name__ == "__main__":
    main()

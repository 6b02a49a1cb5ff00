"""What a window of 4 s costs on one CPU thread: prints one JSON object, for the small and the paper's size.

    python benchmarks/denoiser.py [--calls N]

"prepared" is the engine, which computes a window's constants once; "plain" is PyTorch's own decoder layers under the
alignment mask, as the authors' network is written. Both answer three guidance branches in one batch, with random
weights. Seconds are of the processor, so that another program beside this one counts less; the two are asked in turn, and
a call is the median of --calls. A window is its preparation and one call for each step, an evaluation is one call for one
branch. "share" is the prepared call's part of the plain one; "difference" is the largest between the two answers.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from models.plain_denoiser import PlainDenoiser  # noqa: E402
from visavox.models.conditions import Conditions  # noqa: E402
from visavox.models.face_config import FaceConfig, paper_config, small_config  # noqa: E402
from visavox.models.face_model import FaceModel  # noqa: E402
from visavox.models.torch_engine import TorchEngine  # noqa: E402
from visavox.rig import Channel, Rig  # noqa: E402
from visavox.rigs.arkit import ARKIT  # noqa: E402

STEPS = (500, 50, 20, 10, 5)
BRANCHES = (frozenset(), frozenset({"audio"}), frozenset({"audio", "style"}))
WINDOW_SECONDS = 4.0


class NoAudioEncoder(nn.Module):
    """Stands for the audio encoder, which this benchmark does not run."""


def seconds_of(calls: int, *works) -> list[float]:
    """The median processor seconds of `calls` calls of each of `works`, asked in turn, after one that is not counted."""
    times = [[] for _ in works]
    for work in works:
        work()
    for _ in range(calls):
        for spent, work in zip(times, works, strict=True):
            start = time.process_time()
            work()
            spent.append(time.process_time() - start)
    return [statistics.median(spent) for spent in times]


def measure(config: FaceConfig, calls: int) -> dict:
    """Seconds of preparation and of a call, prepared and plain, and of whole windows."""
    torch.manual_seed(0)
    random, sizes = np.random.default_rng(0), config.denoiser
    model = FaceModel(config, NoAudioEncoder()).eval()
    plain = PlainDenoiser(model.denoiser).eval()

    def normal(*shape):
        return random.normal(size=shape).astype(np.float32)

    told = Conditions(
        normal(1, sizes.window, sizes.width),
        np.ones((1, sizes.window)),
        normal(1, sizes.context, sizes.channels),
        normal(1, sizes.context, sizes.width),
        normal(1, sizes.style),
        normal(1, sizes.identity),
    )
    noisy = normal(1, sizes.window, sizes.channels)
    prepared = TorchEngine(model).prepare(told, BRANCHES)
    inputs = plain_inputs(model, told)

    @torch.inference_mode()
    def ask_plain() -> np.ndarray:
        batch = torch.from_numpy(noisy).repeat(len(BRANCHES), 1, 1)
        return plain(batch, torch.full((len(BRANCHES),), 250), *inputs).numpy()

    difference = float(np.abs(TorchEngine(model).denoise(noisy, 250, prepared, told.context)[:, 0] - ask_plain()).max())
    (once,) = seconds_of(calls, lambda: TorchEngine(model).prepare(told, BRANCHES))
    call, plain_call = seconds_of(calls, lambda: TorchEngine(model).denoise(noisy, 250, prepared, told.context), ask_plain)
    return {
        "denoiser_weights": sum(weight.numel() for weight in model.denoiser.parameters()),
        "difference": difference,
        "prepare_seconds": round(once, 5),
        "prepared_call_seconds": round(call, 5),
        "plain_call_seconds": round(plain_call, 5),
        "share": round(call / plain_call, 3),
        "windows": [window(steps, once, call, plain_call) for steps in STEPS],
    }


def plain_inputs(model: FaceModel, told: Conditions) -> tuple:
    """The conditions of the three branches as the plain network takes them: everything repeated for each branch."""
    audio, context, before, style, identity = (
        torch.from_numpy(array).repeat(len(BRANCHES), *[1] * (array.ndim - 1))
        for array in (told.audio, told.context, told.context_audio, told.style, told.identity)
    )
    with torch.no_grad():
        for row, branch in enumerate(BRANCHES):
            if "audio" not in branch:
                audio[row] = model.null_audio[0]
            if "style" not in branch:
                style[row] = model.null_style[0]
    valid = torch.cat([torch.zeros(len(BRANCHES), context.shape[1]), torch.ones(len(BRANCHES), audio.shape[1])], dim=1)
    return torch.cat([before, audio], dim=1), context, (identity, style), valid


def window(steps: int, once: float, call: float, plain_call: float) -> dict:
    """The cost of one window of 4 s at a number of steps."""
    prepared, plain = once + steps * call, steps * plain_call
    return {
        "steps": steps,
        "evaluations": steps * len(BRANCHES),
        "prepared_seconds": round(prepared, 3),
        "plain_seconds": round(plain, 3),
        "prepared_seconds_per_second_of_speech": round(prepared / WINDOW_SECONDS, 4),
    }


def main() -> None:
    """Measures both sizes and prints the result."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--calls", type=int, default=20, help="timed calls of each kind (default 20)")
    calls = parser.parse_args().calls
    torch.set_num_threads(1)
    flame = Rig("flame", tuple(Channel(f"channel{number}") for number in range(54)))
    sizes = {"small": small_config(ARKIT), "paper": paper_config(flame)}
    print(json.dumps({name: measure(config, calls) for name, config in sizes.items()}, indent=2))


if __name__ == "__main__":
    main()

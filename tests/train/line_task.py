"""A task of a few weights for tests of the loop: a network learns a curve, one of its layers is used in some steps only.

Run as a script it trains until it is killed in step 26, when it says so: line_task.py FOLDER STEPS; or several processes share the runs
of `gradients`: line_task.py FOLDER --accumulate N ... --gradients
"""

import argparse
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import nn

from visavox.train.loop import LoopConfig, train
from visavox.train.processes import Share

BATCH = 8


class Curve(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.up, self.drop, self.down, self.rare = nn.Linear(1, 16), nn.Dropout(0.0), nn.Linear(16, 1), nn.Linear(1, 1)

    def forward(self, x, rare):
        y = self.down(self.drop(torch.tanh(self.up(x))))
        return y + self.rare(x) if rare else y


class CurveTask:
    def __init__(self, stop: Callable[[], None] = lambda: None):
        self.model, self.stop = Curve(), stop

    def losses(self, random):
        return self.share_losses(random, Share())

    def share_losses(self, random, share):
        x, rare = random.uniform(-2, 2, (BATCH, 1)), random.random() < 0.5
        mine = torch.tensor(x[share.items(BATCH)], dtype=torch.float32)
        error = self.model(mine, rare) - torch.sin(2 * mine)
        self.stop()
        return {"square": error.square().sum() / BATCH, "size": 0.01 * error.abs().sum() / BATCH}


def config(steps: int, accumulate: int = 1) -> LoopConfig:
    return LoopConfig(
        steps, 1e-2, warm_up=5, save_every=7, log_every=10, validate_every=20, validation_rounds=2, accumulate=accumulate, seed=4
    )


def gradients(folder: Path, accumulate: int, processes=None) -> dict[str, np.ndarray]:
    """Of the third step, by name."""
    task, held_out = CurveTask(), CurveTask()
    held_out.model = task.model
    train(task, config(3, accumulate), folder, validation=held_out, processes=processes)
    return {name: weight.grad.numpy() for name, weight in task.model.named_parameters() if weight.grad is not None}


def _wait_to_be_killed(steps: Iterator[int]) -> None:
    if next(steps, None) is None:
        print("step 26", flush=True)
        time.sleep(600)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("steps", type=int, nargs="?")
    parser.add_argument("--accumulate", type=int, nargs="+", default=[1])
    parser.add_argument("--gradients", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if not options.gradients:
        task, held_out = CurveTask(partial(_wait_to_be_killed, iter(range(26)))), CurveTask()
        held_out.model = task.model
        train(task, config(options.steps), options.folder, validation=held_out)
        return
    from visavox.train.accelerated import AcceleratedProcesses

    processes = AcceleratedProcesses(cpu=True)
    for pieces in options.accumulate:
        found = gradients(options.folder / f"run{pieces}", pieces, processes)
        if processes.rank == 0:
            np.savez(options.folder / f"{pieces}.npz", **found)
        processes.wait()


if __name__ == "__main__":
    main()

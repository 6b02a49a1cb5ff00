"""A task of a few weights for tests of the loop: a network learns a curve, one of its layers is used in some steps only.

Run as a script it trains, so that a test can kill it: line_task.py FOLDER STEPS [PAUSE]; or so that several processes share the runs of
`gradients`: line_task.py FOLDER --accumulate N ... --gradients
"""

import argparse
import time
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
    def __init__(self, pause: float = 0.0):
        self.model, self.pause = Curve(), pause

    def losses(self, random):
        return self.share_losses(random, Share())

    def share_losses(self, random, share):
        x, rare = random.uniform(-2, 2, (BATCH, 1)), random.random() < 0.5
        mine = torch.tensor(x[share.items(BATCH)], dtype=torch.float32)
        error = self.model(mine, rare) - torch.sin(2 * mine)
        time.sleep(self.pause)
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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("steps", type=int, nargs="?")
    parser.add_argument("pause", type=float, nargs="?", default=0.0)
    parser.add_argument("--accumulate", type=int, nargs="+", default=[1])
    parser.add_argument("--gradients", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if not options.gradients:
        task, held_out = CurveTask(options.pause), CurveTask()
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

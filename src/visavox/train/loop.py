"""The training loop: steps of any task, with warm-up and decay, clipping, an exponential moving average of the weights,
atomic saves that resume exactly, and a log of JSON lines. It knows names and losses, nothing of faces or sound."""

import json
import math
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn


class Task(Protocol):
    """What the loop trains: `model` holds the weights; `losses` gives named, weighted losses of a step's batch, whose sum is minimised."""

    model: nn.Module

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]: ...


@dataclass(frozen=True)
class LoopConfig:
    """How long and how: steps in all, peak learning rate, warm-up steps, weight decay, gradient norm limit, EMA decay, seed."""

    steps: int
    learning_rate: float = 1e-3
    warm_up: int = 200
    weight_decay: float = 0.02
    clip: float = 1.0
    ema: float = 0.999
    seed: int = 0
    save_every: int = 200
    final_share: float = 0.02  # of the peak learning rate, reached by a cosine at the last step


def learning_rate(step: int, config: LoopConfig) -> float:
    """The learning rate of `step` (from 0): linear warm-up, then a cosine to `final_share` of the peak."""
    if step < config.warm_up:
        return config.learning_rate * (step + 1) / config.warm_up
    done = (step - config.warm_up) / max(config.steps - config.warm_up, 1)
    return config.learning_rate * (config.final_share + (1 - config.final_share) * 0.5 * (1 + math.cos(math.pi * min(done, 1))))


def train(task: Task, config: LoopConfig, folder: Path, report=print) -> None:
    """Runs the task up to `config.steps`, resuming from `folder` when it holds a state; leaves state.pt and log.jsonl there.

    The batch of a step is a function of (seed, step), so a resumed run sees what an uninterrupted one would have seen.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = [parameter for parameter in task.model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=config.learning_rate, weight_decay=config.weight_decay, betas=(0.9, 0.98))
    average = {name: value.detach().clone() for name, value in task.model.state_dict().items()}
    first = _resume(folder / "state.pt", task.model, optimiser, average)
    started, sums = time.time(), {}
    for step in range(first, config.steps):
        torch.manual_seed(config.seed * 1_000_003 + step)  # dropout
        random = np.random.default_rng((config.seed, step))
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, config)
        losses = task.losses(random)
        optimiser.zero_grad(set_to_none=True)
        sum(losses.values()).backward()
        torch.nn.utils.clip_grad_norm_(weights, config.clip)
        optimiser.step()
        _average(average, task.model, min(config.ema, (1 + step) / (10 + step)))
        for name, value in losses.items():
            sums[name] = sums.get(name, 0.0) + float(value.detach())
        done = step + 1
        if done % 50 == 0:
            line = {"step": done, "seconds": round(time.time() - started), **{k: round(v / 50, 5) for k, v in sums.items()}}
            with (folder / "log.jsonl").open("a") as log:
                log.write(json.dumps(line) + "\n")
            left = (config.steps - done) * (time.time() - started) / (done - first)
            report(f"{line} {left / 60:.0f} min left", flush=True)
            sums = {}
        if done % config.save_every == 0 or done == config.steps:
            _save(folder / "state.pt", done, task.model, optimiser, average)
            task.model.train()


def _average(average: dict[str, Tensor], model: nn.Module, decay: float) -> None:
    for name, value in model.state_dict().items():
        if value.is_floating_point():
            average[name].lerp_(value.detach(), 1 - decay)
        else:
            average[name].copy_(value)


def _save(path: Path, step: int, model: nn.Module, optimiser, average: dict[str, Tensor]) -> None:
    part = path.with_suffix(".part")
    torch.save({"step": step, "model": model.state_dict(), "optimiser": optimiser.state_dict(), "average": average}, part)
    os.replace(part, path)


def _resume(path: Path, model: nn.Module, optimiser, average: dict[str, Tensor]) -> int:
    if not path.exists():
        return 0
    state = torch.load(path, weights_only=True)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    average.update(state["average"])
    return state["step"]


def averaged_weights(folder: Path) -> dict[str, Tensor]:
    """The moving average of the weights that a run left in `folder`."""
    return torch.load(folder / "state.pt", weights_only=True)["average"]

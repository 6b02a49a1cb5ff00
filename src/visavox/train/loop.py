"""The training loop: steps of any task, with warm-up and decay, accumulation, clipping, an exponential moving average of the weights,
validation that keeps the best, atomic saves that resume exactly, and a log. It knows names and losses, nothing of faces or sound.

One process needs nothing but PyTorch; several processes and mixed precision come in through `visavox.train.accelerated`.
"""

import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from visavox.errors import OptionError
from visavox.train.log import Reached, RunLog, lasting
from visavox.train.precision import check_precision, computing_in
from visavox.train.processes import OneProcess, Processes, Share, shares_of
from visavox.train.state import Progress, averaged_weights, best_weights, resume, save_best, save_state

__all__ = [
    "LoopConfig", "Path", "SharedTask", "Task", "averaged_weights", "best_weights", "learning_rate", "np", "seed_weights", "torch", "train",
]  # fmt: skip
VALIDATION_SEED = 20_240_811  # the same held-out batches at every validation of every run


class Task(Protocol):
    """What the loop trains: `model` holds the weights; `losses` gives named, weighted losses of a step's batch, whose sum is minimised.

    Its attribute `made_of`, if it has one, names hashes of its data and of the weights it starts from, and its own settings.
    """

    model: nn.Module

    def losses(self, random: np.random.Generator) -> dict[str, Tensor]: ...


class SharedTask(Task, Protocol):
    """A task whose batch can be cut: `share_losses` gives one part's contribution; the parts of a batch add up to `losses`."""

    def share_losses(self, random: np.random.Generator, share: Share) -> dict[str, Tensor]: ...


@dataclass(frozen=True)
class LoopConfig:
    """How long and how: steps in all, peak learning rate, warm-up steps, weight decay, gradient norm limit, EMA decay (0: none), seed.

    `betas` of Adam; `accumulate` pieces into which a process cuts its part of a batch; a validation every `validate_every` steps
    (0: never) over `validation_rounds` batches; a line of the log every `log_every` steps. `precision` is what networks compute in, one of
    `precision.PRECISIONS`; weights, losses and validation stay in float32. `patience` validations in a row that are no better than the best
    end the training early (0: never).
    """

    steps: int
    learning_rate: float = 1e-3
    warm_up: int = 200
    weight_decay: float = 0.02
    clip: float = 1.0
    ema: float = 0.999
    seed: int = 0
    save_every: int = 200
    final_share: float = 0.02  # of the peak learning rate, reached by a cosine at the last step; 1 keeps it constant
    betas: tuple[float, float] = (0.9, 0.98)
    accumulate: int = 1
    validate_every: int = 0
    validation_rounds: int = 20
    log_every: int = 50
    tensorboard: bool = False
    precision: str = "float32"
    patience: int = 0

    def __post_init__(self):
        check_precision(self.precision)


def seed_weights(seed: int) -> None:
    """Seeds the generator that fresh networks draw their weights from."""
    torch.manual_seed(seed)


def learning_rate(step: int, config: LoopConfig) -> float:
    """The learning rate of `step` (from 0): linear warm-up, then a cosine to `final_share` of the peak."""
    if step < config.warm_up:
        return config.learning_rate * (step + 1) / config.warm_up
    done = (step - config.warm_up) / max(config.steps - config.warm_up, 1)
    return config.learning_rate * (config.final_share + (1 - config.final_share) * 0.5 * (1 + math.cos(math.pi * min(done, 1))))


def train(
    task: Task, config: LoopConfig, folder: Path, report=print, validation: Task | None = None, processes: Processes | None = None
) -> None:
    """Runs the task up to `config.steps`, resuming from `folder` when it holds a state; leaves state.pt, best.pt and log.jsonl there.

    The batch of a step is a function of (seed, step), so a resumed run sees what an uninterrupted one would have seen. `validation` is
    a task on held-out data with the same model; `report` takes `Reached`, for each line of the log, and prints it.
    """
    run = _Run(task, config, folder, report, validation, processes or OneProcess())
    while run.progress.step < config.steps and not run.gave_up:
        run.step(run.progress.step)
        run.after(run.progress.step)


def made_of(task: Task, config: LoopConfig) -> dict:
    """Everything that decides what a run learns, as plain values: the settings of the loop but for those that only watch it, and what the
    task says of its data and weights in `made_of`. How many steps there are decides nothing while the learning rate stays constant."""
    watching = {"save_every", "log_every", "tensorboard", "validate_every", "validation_rounds"}
    constant = {"steps"} if config.final_share == 1 else set()
    watching |= set() if config.patience else {"patience"}
    settings = {name: value for name, value in asdict(config).items() if name not in watching | constant}
    return settings | getattr(task, "made_of", {})


class _Run:
    """A run in progress: the task, its optimiser, its average and its log."""

    def __init__(self, task: Task, config: LoopConfig, folder: Path, report, validation: Task | None, processes: Processes):
        if config.precision == "float16" and not processes.scales:
            raise OptionError("float16 loses small gradients unless losses are scaled, which accelerate does on a GPU; choose bfloat16")
        folder.mkdir(parents=True, exist_ok=True)
        self.task, self.config, self.folder, self.report = task, config, folder, report
        self.validation, self.processes, self.model = validation, processes, task.model
        if processes.device is not None:
            self.model.to(processes.device)
        self.weights = [parameter for parameter in self.model.parameters() if parameter.requires_grad]
        adam = torch.optim.AdamW(self.weights, lr=config.learning_rate, weight_decay=config.weight_decay, betas=config.betas)
        self.optimiser = processes.prepare(adam)
        self.progress = Progress(average={name: value.detach().clone() for name, value in self.model.state_dict().items()})
        self.progress.made_of = made_of(task, config)
        processes.set_state(resume(folder, self.progress, self.model, self.optimiser))
        if processes.rank:
            self.progress.sums = {}  # those of all processes went on with the first
        self.first, self.started = self.progress.step, time.time()
        self.log = RunLog(folder, self.first, config.tensorboard) if processes.rank == 0 else None

    @property
    def gave_up(self) -> bool:
        """Whether so many validations found nothing better that there is no use in going on."""
        return bool(self.config.patience) and self.progress.stale >= self.config.patience

    def step(self, step: int) -> None:
        """One step: the gradients of all shares of the batch, clipped, taken; the average follows."""
        config = self.config
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate(step, config)
        self.optimiser.zero_grad(set_to_none=True)
        for share in shares_of(self.processes, config.accumulate):
            torch.manual_seed(config.seed * 1_000_003 + step + 15_485_863 * share.number)  # dropout
            with computing_in(config.precision, self.weights[0].device):
                losses = _losses(self.task, np.random.default_rng((config.seed, step)), share)
            self.processes.backward(sum(losses.values()))
            for name, value in losses.items():
                self.progress.sums[name] = self.progress.sums.get(name, 0.0) + value.detach().float()
        self.processes.add_gradients(self.weights, self.optimiser)
        torch.nn.utils.clip_grad_norm_(self.weights, config.clip)
        self.optimiser.step()
        self.progress.step, self.progress.count = step + 1, self.progress.count + 1
        if config.ema:
            _average(self.progress.average, self.model, min(config.ema, (1 + step) / (10 + step)))

    def after(self, done: int) -> None:
        """What is due after `done` steps: a line of the log, a validation, a save."""
        config, last = self.config, done == self.config.steps
        if done % config.log_every == 0:
            self._write_losses(done)
        validates = config.validate_every and (done % config.validate_every == 0 or last)
        saves = done % config.save_every == 0 or last
        if (validates or saves) and not config.ema:
            _average(self.progress.average, self.model, 0.0)
        if validates and self.validation is not None:
            self._validate(done)
        if saves or self.gave_up:
            self._save()
        if validates or saves:
            self.model.train()

    def _write_losses(self, done: int) -> None:
        means = {name: value / self.progress.count for name, value in self._sums().items()}
        self.progress.sums, self.progress.count = {}, 0
        lost = [name for name, value in means.items() if not math.isfinite(value)]
        if lost:
            raise OptionError(
                f"loss {', '.join(lost)} of {self.folder} is no longer a number at step {done}; lower the learning rate or the weight of "
                "that loss, and train again: the last save is from before"
            )
        if self.log is None:
            return
        seconds = time.time() - self.started
        self.log.write(done, {"seconds": round(seconds), **means})
        left = (self.config.steps - done) * seconds / max(done - self.first, 1)
        self._tell(done, f"loss {sum(means.values()):.4g}, {lasting(left)} left at most" if left else f"loss {sum(means.values()):.4g}")

    def _tell(self, done: int, text: str) -> None:
        self.report(Reached(done, self.config.steps, text), flush=True)

    def _validate(self, done: int) -> None:
        """Measures the averaged weights on held-out batches, always the same, and keeps them when they are the best so far."""
        stale = 0.0
        if self.log is not None:
            values = validate(self.validation, self.progress.average, self.config.validation_rounds)
            score = sum(values.values())
            self.log.write(done, {"score": score, **values}, kind="validation")
            best = score < self.progress.lowest
            lowest = "the best so far" if best else f"best {self.progress.lowest:.4g}"
            self._tell(done, f"held out {score:.4g}, {lowest}")
            if best:
                self.progress.lowest = score
                save_best(self.folder, self.progress)
            stale = 0.0 if best else self.progress.stale + 1.0
        self.progress.stale = int(self.processes.total(torch.tensor(stale)))  # the first process counts for all
        self.processes.wait()

    def _save(self) -> None:
        sums = self._sums()
        if self.processes.rank == 0:
            mine, self.progress.sums = self.progress.sums, sums
            save_state(self.folder, self.progress, self.model, self.optimiser, self.processes.state())
            self.progress.sums = mine
        self.processes.wait()

    def _sums(self) -> dict[str, float]:
        """The losses since the last line of the log, added up over the processes."""
        names = list(self.progress.sums)
        if not names:
            return {}
        values = torch.stack([torch.as_tensor(self.progress.sums[name]) for name in names])
        return dict(zip(names, self.processes.total(values).tolist(), strict=True))


def validate(task: Task, weights: dict[str, Tensor], rounds: int) -> dict[str, float]:
    """The mean losses of `rounds` batches of a held-out task under `weights`; the model is as it was afterwards, in evaluation mode."""
    model, sums = task.model, {}
    own = {name: value.detach().clone() for name, value in model.state_dict().items()}
    model.load_state_dict(weights)
    model.eval()
    with torch.no_grad():
        for number in range(rounds):
            torch.manual_seed(VALIDATION_SEED + number)
            for name, value in task.losses(np.random.default_rng((VALIDATION_SEED, number))).items():
                sums[name] = sums.get(name, 0.0) + float(value)
    model.load_state_dict(own)
    return {name: value / rounds for name, value in sums.items()}


def _losses(task: Task, random: np.random.Generator, share: Share) -> dict[str, Tensor]:
    if share.of == 1:
        return task.losses(random)
    if not hasattr(task, "share_losses"):
        raise OptionError(f"{type(task).__name__} cannot be cut into {share.of} parts; train it in one process without accumulation")
    return task.share_losses(random, share)


def _average(average: dict[str, Tensor], model: nn.Module, decay: float) -> None:
    for name, value in model.state_dict().items():
        if value.is_floating_point():
            average[name].lerp_(value.detach(), 1 - decay)
        else:
            average[name].copy_(value)

"""Who runs a training step: one process here, several through `visavox.train.accelerated`; and which part of a batch each takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from visavox.errors import OptionError


@dataclass(frozen=True)
class Share:
    """Part `number` (from 0) of a batch cut into `of` equal parts: one for each process and each accumulated piece of a step."""

    number: int = 0
    of: int = 1

    def items(self, count: int) -> slice:
        """The items of a batch of `count` that belong to this part; an OptionError when it cannot be cut evenly."""
        if count % self.of:
            raise OptionError(f"a batch of {count} cannot be cut into {self.of} equal parts; change the batch, processes or accumulation")
        size = count // self.of
        return slice(self.number * size, (self.number + 1) * size)


class Processes(Protocol):
    """What the loop asks of the machine. `rank` of `count` processes; `device` of this one's tensors, None where the model lies."""

    rank: int
    count: int
    device: torch.device | None
    scales: bool  # whether `backward` scales losses, without which the gradients of float16 are lost

    def prepare(self, optimiser: torch.optim.Optimizer) -> torch.optim.Optimizer: ...

    def backward(self, loss: Tensor) -> None: ...

    def add_gradients(self, weights: list[Tensor], optimiser: torch.optim.Optimizer) -> None: ...

    def total(self, values: Tensor) -> Tensor: ...

    def wait(self) -> None: ...

    def state(self) -> dict: ...

    def set_state(self, state: dict) -> None: ...


class OneProcess:
    """Everything in this process."""

    rank, count, device, scales = 0, 1, None, False

    def prepare(self, optimiser: torch.optim.Optimizer) -> torch.optim.Optimizer:
        return optimiser

    def backward(self, loss: Tensor) -> None:
        loss.backward()

    def add_gradients(self, weights: list[Tensor], optimiser: torch.optim.Optimizer) -> None:
        """Nothing: the gradients are whole already."""

    def total(self, values: Tensor) -> Tensor:
        return values

    def wait(self) -> None:
        """Nothing: nobody else is there."""

    def state(self) -> dict:
        return {}

    def set_state(self, state: dict) -> None:
        """Nothing to take."""


def shares_of(processes: Processes, accumulate: int) -> Iterator[Share]:
    """The parts of a batch that this process takes, one after the other."""
    for piece in range(accumulate):
        yield Share(processes.rank * accumulate + piece, processes.count * accumulate)

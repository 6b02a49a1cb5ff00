"""Several processes and mixed precision through the library `accelerate` (the extra "paper"), started by `accelerate launch`.

Each process works out the gradient of its own share of the batch, whose losses are already divided by the size of the whole
batch. The gradients of all processes are then added up in one message. So a run's gradients do not depend on how many share it.
"""

import torch
from torch import Tensor

from visavox.errors import DependencyError
from visavox.train.precision import ACCELERATED, check_precision


def has_gpu() -> bool:
    """Whether PyTorch finds a GPU here."""
    return torch.cuda.is_available()


class AcceleratedProcesses:
    """The processes of this launch (one, when there was none), which scale losses for a loop in float16; see `LoopConfig.precision`."""

    def __init__(self, precision: str = "float32", cpu: bool = False):
        accelerated = ACCELERATED[check_precision(precision)]
        try:
            from accelerate import Accelerator
        except ImportError:
            raise DependencyError("mixed precision and several processes need accelerate: pip install 'visavox[paper]'") from None
        self._accelerator = Accelerator(mixed_precision=accelerated, cpu=cpu)
        self.rank, self.count = self._accelerator.process_index, self._accelerator.num_processes
        self.device: torch.device | None = self._accelerator.device
        self.scales = self._accelerator.scaler is not None

    def prepare(self, optimiser: torch.optim.Optimizer) -> torch.optim.Optimizer:
        """The optimiser wrapped so that it skips a step whose half-precision gradients overflowed."""
        return self._accelerator.prepare_optimizer(optimiser)

    def backward(self, loss: Tensor) -> None:
        """Adds the gradient of `loss`, scaled where half precision needs it."""
        self._accelerator.backward(loss)

    def add_gradients(self, weights: list[Tensor], optimiser: torch.optim.Optimizer) -> None:
        """Replaces each weight's gradient by the sum over all processes and takes the scale away.

        They are added before the scale is taken away, so that an overflow anywhere is seen everywhere. A weight that no process
        used keeps no gradient, as in one process.
        """
        if self.count > 1:
            used = torch.tensor([float(weight.grad is not None) for weight in weights], device=self.device)
            flat = torch.cat([(torch.zeros_like(w) if w.grad is None else w.grad).flatten().float() for w in weights])
            used, flat = self.total(used), self.total(flat)
            parts = flat.split([weight.numel() for weight in weights])
            for weight, part, count in zip(weights, parts, used.tolist(), strict=True):
                weight.grad = part.view_as(weight).to(weight.dtype) if count else None
        self._accelerator.unscale_gradients(optimiser)

    def total(self, values: Tensor) -> Tensor:
        """The sum of `values` over all processes."""
        return self._accelerator.reduce(values.to(self.device), reduction="sum")

    def wait(self) -> None:
        """Returns once every process has come here."""
        self._accelerator.wait_for_everyone()

    def state(self) -> dict:
        """What a resumed run needs besides weights and optimiser: the scale of half precision."""
        return {} if self._accelerator.scaler is None else self._accelerator.scaler.state_dict()

    def set_state(self, state: dict) -> None:
        """Takes what `state` gave."""
        if state and self._accelerator.scaler is not None:
            self._accelerator.scaler.load_state_dict(state)

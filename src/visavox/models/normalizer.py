"""Normalisation inside the networks: tensors that follow a model to its device; the formula is that of `Statistics`."""

import torch
from torch import Tensor, nn

from visavox.models.fitting import checked
from visavox.models.statistics import FLOOR, Statistics


class Normalizer(nn.Module):
    """(values - mean) / std per channel, and back. Starts as the identity map.

    `mean` and `std` (C,) follow the module to its device but are no weights: a checkpoint keeps them as statistics.
    """

    def __init__(self, channels: int):
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels), persistent=False)
        self.register_buffer("std", torch.ones(channels), persistent=False)

    def set_statistics(self, mean, std, floor: float = FLOOR) -> None:
        """Takes `mean` and `std` (C,) in physical units; `std` is raised to `floor`. A CheckpointError when they do
        not fit.
        """
        fitting = checked(mean, std, self.mean.numel(), floor)
        self.mean.copy_(torch.from_numpy(fitting.mean))
        self.std.copy_(torch.from_numpy(fitting.std))

    def statistics(self) -> dict[str, list[float]]:
        """`mean` and `std` as lists of floats, to be stored; `set_statistics` with floor 0 takes them back unchanged."""
        return {"mean": self.mean.tolist(), "std": self.std.tolist()}

    def arrays(self) -> Statistics:
        """The same on arrays."""
        return Statistics(self.mean.numpy(force=True), self.std.numpy(force=True))

    def normalise(self, values):
        """Normalised values (..., C) of physical ones, tensor or NumPy array as given."""
        return self._like(values).normalise(values)

    def restore(self, values):
        """Physical values (..., C) of normalised ones, tensor or NumPy array as given."""
        return self._like(values).restore(values)

    def _like(self, values) -> Statistics:
        return Statistics(self.mean, self.std) if isinstance(values, Tensor) else self.arrays()

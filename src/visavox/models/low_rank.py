"""Low-rank changes of linear maps: W + A B with A (rows, r) and B (r, columns), that can learn only what is simple from a few examples.

Source: Hu et al. (2021), "LoRA: Low-Rank Adaptation of Large Language Models", arXiv 2106.09685.
"""

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from visavox.errors import OptionError


class LowRank(nn.Module):
    """The weight (rows, columns) with a change of rank `rank`, which is nothing at first."""

    def __init__(self, rows: int, columns: int, rank: int):
        super().__init__()
        self.down = nn.Parameter(torch.randn(rank, columns) / columns**0.5)
        self.up = nn.Parameter(torch.zeros(rows, rank))

    def forward(self, weight: Tensor) -> Tensor:
        return weight + self.up @ self.down


def add_low_rank(module: nn.Module, rank: int) -> None:
    """Gives every linear map inside `module` a change of rank `rank`, the only weights of it that learn from then on."""
    if rank < 1:
        raise OptionError(f"a change of rank {rank} is none; give 1 or more")
    module.requires_grad_(False)
    for linear in [each for each in module.modules() if isinstance(each, nn.Linear)]:
        rows, columns = linear.weight.shape
        parametrize.register_parametrization(linear, "weight", LowRank(rows, columns, min(rank, rows, columns)).to(linear.weight.device))


def merge_low_rank(module: nn.Module) -> None:
    """Makes the changed weights those of the linear maps inside `module`, which are plain ones again."""
    for linear in [each for each in module.modules() if isinstance(each, nn.Linear) and parametrize.is_parametrized(each, "weight")]:
        parametrize.remove_parametrizations(linear, "weight", leave_parametrized=True)

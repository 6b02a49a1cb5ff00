"""Low-rank changes of linear maps and convolutions: W + A B with A (rows, r) and B (r, columns), of which a few examples can teach only
what is simple, and which take little room.

Source: Hu et al. (2021), "LoRA: Low-Rank Adaptation of Large Language Models", arXiv 2106.09685.
"""

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from visavox.errors import OptionError


class LowRank(nn.Module):
    """The weight (rows, ...), of so many `columns` in all, with a change of rank `rank`, which is nothing at first."""

    def __init__(self, rows: int, columns: int, rank: int):
        super().__init__()
        self.down = nn.Parameter(torch.randn(rank, columns) / columns**0.5)
        self.up = nn.Parameter(torch.zeros(rows, rank))

    def forward(self, weight: Tensor) -> Tensor:
        return weight + (self.up @ self.down).view_as(weight)


def add_low_rank(module: nn.Module, rank: int, kinds: tuple[type[nn.Module], ...] = (nn.Linear,)) -> None:
    """Gives every map of `kinds` inside `module` a change of rank `rank`, the only weights of it that learn from then on.

    Convolutions over single channels are left as they are: a change of theirs would take more room than they do.
    """
    if rank < 1:
        raise OptionError(f"a change of rank {rank} is none; give 1 or more")
    module.requires_grad_(False)
    for each in [each for each in module.modules() if isinstance(each, kinds) and getattr(each, "groups", 1) == 1]:
        rows, columns = each.weight.shape[0], each.weight[0].numel()
        parametrize.register_parametrization(each, "weight", LowRank(rows, columns, min(rank, rows, columns)).to(each.weight.device))


def merge_low_rank(module: nn.Module) -> None:
    """Makes the changed weights those of the maps inside `module`, which are plain ones again."""
    for each in [each for each in module.modules() if parametrize.is_parametrized(each, "weight")]:
        parametrize.remove_parametrizations(each, "weight", leave_parametrized=True)

"""`LossTerm`: a loss with its name and weight, over whatever a task's networks made; a task lists its terms and the loop sums them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from torch import Tensor

Result = TypeVar("Result")


@dataclass(frozen=True)
class LossTerm(Generic[Result]):
    """A loss with its name and weight; `between` terms exist in second windows only and are not halved over the two windows."""

    name: str
    function: Callable[[Result], Tensor]
    weight: float
    between: bool = False


def weighted(terms: Sequence[LossTerm[Result]], result: Result) -> dict[str, Tensor]:
    """The weighted losses of `result` by the names of their terms."""
    return {term.name: term.weight * term.function(result) for term in terms}

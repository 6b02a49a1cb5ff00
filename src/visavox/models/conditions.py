"""What the denoiser is told about a window: one value for training (tensors) and for animation (NumPy arrays).

Sound, context, style and identity have fields of their own, since their inputs do. Every further condition goes by its name:
a vector for the clip or a track for its frames, with a learned null and a guidance weight of its own. A new one is an entry
of `DenoiserConfig.conditions` and the task that fills it.

Shapes: B batch, W window, P context, C channels, D width, K style, E identity, Q size of a named condition. It imports no
framework, so that whoever drives an engine needs none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor


PER = ("clip", "frame")
TAKEN = ("audio", "style", "identity", "context")  # conditions that have fields of their own


class NamedCondition(NamedTuple):
    """A condition of a model: its name, its size Q, and whether it is one vector for a clip or one for each frame (`PER`)."""

    name: str
    size: int
    per: str

    def shape(self, batch: int, window: int) -> tuple[int, ...]:
        """The shape of its values: (B, Q) for a clip, (B, W, Q) for frames."""
        return (batch, self.size) if self.per == "clip" else (batch, window, self.size)


@dataclass(frozen=True)
class Conditions:
    """audio (B, W, D) and valid (B, W), 1 on frames that exist and 0 on padding; context (B, P, C) and context_audio
    (B, P, D), the end of the window before, or None for a first window; style (B, K) or None for the null style;
    identity (B, E) or None for the average face; named: further conditions by name, absent ones are null. Motion and identity
    are normalised.
    """

    audio: "Tensor | np.ndarray"
    valid: "Tensor | np.ndarray"
    context: "Tensor | np.ndarray | None" = None
    context_audio: "Tensor | np.ndarray | None" = None
    style: "Tensor | np.ndarray | None" = None
    identity: "Tensor | np.ndarray | None" = None
    named: "Mapping[str, Tensor | np.ndarray]" = field(default_factory=dict)

    def map(self, function: Callable) -> "Conditions":
        """These conditions with `function` of every array in its place."""
        given = {name: value if value is None else function(value) for name, value in vars(self).items() if name != "named"}
        return Conditions(**given, named={name: function(value) for name, value in self.named.items()})


@dataclass(frozen=True)
class Nulls:
    """Which samples of a batch are told less in training: masks (B,) bool of a missing style, missing audio, missing context, and of
    missing conditions by name.
    """

    style: "Tensor | None" = None
    audio: "Tensor | None" = None
    context: "Tensor | None" = None
    named: "Mapping[str, Tensor]" = field(default_factory=dict)

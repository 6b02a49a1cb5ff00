"""What the denoiser is told about a window: one value for training (tensors) and for animation (NumPy arrays).

Shapes: B batch, W window, P context, C channels, D width, K style, E identity. It imports no framework, so that whoever
drives an engine needs none.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Conditions:
    """audio (B, W, D) and valid (B, W), 1 on frames that exist and 0 on padding; context (B, P, C) and context_audio
    (B, P, D), the end of the window before, or None for a first window; style (B, K) or None for the null style;
    identity (B, E) or None for the average face. Motion and identity are normalised.
    """

    audio: "Tensor | np.ndarray"
    valid: "Tensor | np.ndarray"
    context: "Tensor | np.ndarray | None" = None
    context_audio: "Tensor | np.ndarray | None" = None
    style: "Tensor | np.ndarray | None" = None
    identity: "Tensor | np.ndarray | None" = None


@dataclass(frozen=True)
class Nulls:
    """Which samples of a batch are told less in training: masks (B,) bool of a missing style, missing audio and
    missing context.
    """

    style: "Tensor | None" = None
    audio: "Tensor | None" = None
    context: "Tensor | None" = None

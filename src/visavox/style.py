"""`Style` (how one speaks), and who the face is: `Identity`, a preset of the default head, or `FlameIdentity`, numbers of FLAME."""

from dataclasses import dataclass, field

import numpy as np

from visavox.errors import OptionError


@dataclass(frozen=True, eq=False)
class Style:
    """A way of speaking: `vector` (K,) float32 made by the style encoder with fingerprint `encoder`, under a `name`."""

    vector: np.ndarray
    encoder: str
    name: str = "unnamed"

    def __post_init__(self):
        vector = np.ascontiguousarray(self.vector, dtype=np.float32)
        if vector.ndim != 1 or not np.isfinite(vector).all():
            raise OptionError(f"style {self.name!r} must be a finite vector (K,), got shape {vector.shape}; extract it again")
        object.__setattr__(self, "vector", vector)

    def check_encoder(self, encoder: str, *others: str) -> None:
        """Raises an OptionError naming both encoders when this style was made by another one than `encoder` or one of `others`, whose
        styles are spoken alike."""
        if self.encoder not in (encoder, *others):
            raise OptionError(
                f"style {self.name!r} was made by style encoder {self.encoder}, this checkpoint has {encoder}; "
                "extract the style again with this checkpoint"
            )


@dataclass(frozen=True, eq=False)
class Identity:
    """Who the face is: a preset's `name` and `values` (E,), the weights of local identity shapes (may be empty)."""

    name: str = "neutral"
    values: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))

    def __post_init__(self):
        values = np.ascontiguousarray(self.values, dtype=np.float32)
        if values.ndim != 1 or not np.isfinite(values).all():
            raise OptionError(f"identity {self.name!r} must hold finite weights (E,), got shape {values.shape}")
        object.__setattr__(self, "values", values)


@dataclass(frozen=True, eq=False)
class FlameIdentity:
    """Who a FLAME face is: `values` (100,), the coefficients of FLAME's identity shapes, or none for the mean face; `name` for messages."""

    values: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    name: str = "mean"

    def __post_init__(self):
        values = np.ascontiguousarray(self.values, dtype=np.float32)
        if values.ndim != 1 or not np.isfinite(values).all():
            raise OptionError(f"identity {self.name!r} must hold finite coefficients (E,), got shape {values.shape}")
        object.__setattr__(self, "values", values)


AnyIdentity = Identity | FlameIdentity

"""`Style` (how one speaks) with the `HeadStyle` and the `FaceStyle` that belong to it, and who the face is: `Identity`, a preset of the
default head, or `FlameIdentity`, numbers of FLAME."""

from dataclasses import dataclass, field

import numpy as np

from visavox.arguments import checked
from visavox.errors import OptionError
from visavox.fields import Fields


@dataclass(frozen=True)
class HeadStyle:
    """How a head moves as somebody speaks, beside the usual head, which is 1 throughout; angles in degrees of pitch (down), yaw and roll
    (to the own left).

    amplitude: of all movement; axes: of each angle; speed: of a movement; beats: how large what goes out and back is beside new poses;
    rate: how many of both; coupling: how far the head follows the voice, 0 is not at all; tilt: how roll goes with yaw, -0.9 to 0.9; rest:
    the resting pose.
    """

    amplitude: float = 1.0
    axes: tuple[float, float, float] = (1.0, 1.0, 1.0)
    speed: float = 1.0
    beats: float = 1.0
    rate: float = 1.0
    coupling: float = 1.0
    tilt: float = 0.0
    rest: tuple[float, float, float] = (0.0, 0.0, 0.0)

    LIMITS = {  # what a head style may hold, each number of a field
        "amplitude": (0, 4), "axes": (0, 4), "speed": (0.25, 4), "beats": (0, 4), "rate": (0, 4), "coupling": (0, 2), "tilt": (-0.9, 0.9),
        "rest": (-30, 30),
    }  # fmt: skip

    def __post_init__(self):
        for name, (low, high) in self.LIMITS.items():
            values = np.asarray(getattr(self, name), float)
            if values.shape != ((3,) if name in ("axes", "rest") else ()) or not ((values >= low) & (values <= high)).all():
                raise OptionError(f"{name} {getattr(self, name)} of a head style is not within {low:g} to {high:g}; change it")
            object.__setattr__(self, name, tuple(values.tolist()) if values.ndim else float(values))

    def to_json(self) -> dict:
        """Plain JSON, as files keep it."""
        return {name: getattr(self, name) for name in self.LIMITS}

    @staticmethod
    def of(stored: Fields) -> "HeadStyle":
        """The head style under "head" of a document; a document from before heads had one, or an entry that it lacks, means the usual."""
        if "head" not in stored:
            return HeadStyle()
        head, found = stored.fields("head"), {}
        head.only(HeadStyle.LIMITS)
        for name in head.value:
            low, high = HeadStyle.LIMITS[name]
            found[name] = tuple(head.numbers(name, low, high, 3)) if name in ("axes", "rest") else head.number(name, low, high)
        return HeadStyle(**found)


@dataclass(frozen=True)
class FaceStyle:
    """What is laid over the face that a model makes of a style, since its encoder does not carry everything over.

    opening: how far the mouth opens beside that, 1 is as far; brows: how much they move; smile: weight that is smiled more, or less where
    negative; blinks: how many there are beside the usual.
    spread: how far the mouth widens and narrows; smiling: the share of a widening that is smiled, not stretched; muscles: how far the small
    ones go along, 1 is as usual.

    known: how far, 0 to 1, the lips follow these in place of the model's: gap, that of speech; gap_range and width_range, how much
    further they part and the mouth widens where one deviation more is read from the sound; paused, the gap at which they stay in longer
    pauses, where 0 is shut; all as shares of the eyes' distance.
    """

    opening: float = 1.0
    brows: float = 1.0
    smile: float = 0.0
    blinks: float = 1.0
    spread: float = 1.0
    smiling: float = 0.5
    muscles: float = 1.0
    known: float = 0.0
    gap: float = 0.08
    gap_range: float = 0.06
    width_range: float = 0.03
    paused: float = 0.0

    LIMITS = {
        "opening": (0.25, 4), "brows": (0, 4), "smile": (-1, 1), "blinks": (0.1, 4), "spread": (0.25, 4), "smiling": (0, 1),
        "muscles": (0, 2), "known": (0, 1), "gap": (0, 0.5), "gap_range": (0, 0.3), "width_range": (0, 0.3),
        "paused": (0, 0.3),
    }  # fmt: skip
    OF_KNOWN = ("gap", "gap_range", "width_range", "paused")  # which mean nothing where `known` is 0

    def __post_init__(self):
        for name, (low, high) in self.LIMITS.items():
            value = float(getattr(self, name))
            if not low <= value <= high:
                raise OptionError(f"{name} {value} of a face style is not within {low:g} to {high:g}; change it")
            object.__setattr__(self, name, value)

    def to_json(self) -> dict:
        """Plain JSON, as files keep it."""
        return {name: getattr(self, name) for name in self.LIMITS}

    @staticmethod
    def of(stored: Fields) -> "FaceStyle":
        """The face style under "face" of a document; where there is none, the model's own face."""
        if "face" not in stored:
            return FaceStyle()
        face = stored.fields("face")
        face.only(FaceStyle.LIMITS)
        return FaceStyle(**{name: face.number(name, *FaceStyle.LIMITS[name]) for name in face.value})


@checked
@dataclass(frozen=True, eq=False)
class Style:
    """A way of speaking: `vector` (K,) float32 made by the style encoder with fingerprint `encoder`, under a `name`, the way in which
    its `head` moves, and what is laid over its `face`."""

    vector: np.ndarray
    encoder: str
    name: str = "unnamed"
    head: HeadStyle = HeadStyle()
    face: FaceStyle = FaceStyle()

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


@checked
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


@checked
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

"""`EmotionTable`: what each emotion does to a face, read from the packaged `emotions.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from visavox.emotion import EMOTIONS, REGIONS
from visavox.errors import RigError
from visavox.io.assets import read_emotions
from visavox.rigs.arkit import BROWS, CHEEKS_AND_NOSE, EYELIDS, GAZE, HEAD, JAW, MOUTH, SHAPES

WHERE = {"brows": BROWS, "eyes": EYELIDS, "cheeks": CHEEKS_AND_NOSE, "mouth": (*MOUTH, *JAW, "tongueOut"), "gaze": GAZE, "head": HEAD}


@dataclass(frozen=True)
class Manner:
    """How an emotion moves: `onset` and `offset` in seconds; `head_size` and `head_quickness`, which scale the head's motion and its
    fast part; `nods` and `start` in degrees of pitch at an accent of the voice and where the emotion begins, `away` of yaw, `tremor` of
    both; `gaze_hold`, the share by which eyes stay on the viewer; `gaze_size` in degrees of further saccades; `blinks` as often,
    `blink_more` seconds longer; `startle` how far a blink shuts where it begins.
    """

    onset: float
    offset: float
    head_size: float = 1.0
    head_quickness: float = 0.0
    nods: float = 0.0
    start: float = 0.0
    away: float = 0.0
    tremor: float = 0.0
    gaze_hold: float = 0.0
    gaze_size: float = 0.0
    blinks: float = 1.0
    blink_more: float = 0.0
    startle: float = 0.0


@dataclass(frozen=True)
class Variant:
    """One way of showing an emotion: `weights` by ARKit shape, `head` pitch, yaw and roll in degrees, and `gaze` down and left in degrees
    within the head; without one the eyes stay on the viewer."""

    weights: Mapping[str, float]
    head: tuple[float, float, float]
    gaze: tuple[float, float] | None


@dataclass(frozen=True, eq=False)
class EmotionTable:
    """The manners and variants of the emotions but `neutral`, by name."""

    manners: Mapping[str, Manner]
    variants: Mapping[str, tuple[Variant, ...]]

    @staticmethod
    def default() -> "EmotionTable":
        """The table that the package carries."""
        return EmotionTable.from_document(read_emotions())

    @staticmethod
    def from_document(document: dict) -> "EmotionTable":
        """The table that a parsed TOML document describes; a RigError for a shape or an entry that there is not."""
        manners, variants = {}, {}
        for name in EMOTIONS[1:]:
            try:
                entry = dict(document[name])
                shown = entry.pop("variants")
                manners[name] = Manner(**entry)
                variants[name] = tuple(_variant(name, each) for each in shown)
            except (KeyError, TypeError) as error:
                raise RigError(f"the table of emotions is damaged at {name}: {error}; install Visavox again") from None
        return EmotionTable(manners, variants)

    def only(self, number: int) -> "EmotionTable":
        """The table that has, of each emotion, its variant `number` alone."""
        return EmotionTable(self.manners, {name: (shown[number],) for name, shown in self.variants.items()})

    @cached_property
    def weights(self) -> dict[str, np.ndarray]:
        """For each emotion the weights (N, 52) of the shapes in each of its variants."""
        return {name: np.array([_row(variant) for variant in shown], np.float32) for name, shown in self.variants.items()}


def _variant(name: str, entry: dict) -> Variant:
    weights = {side: float(weight) for shape, weight in entry["weights"].items() for side in sides(shape)}
    gaze = entry.get("gaze")
    pitch, yaw, roll = map(float, entry.get("head", (0, 0, 0)))
    if outside := [shape for shape, weight in weights.items() if not 0 <= weight <= 1]:
        raise RigError(f"the table of emotions gives {name} a weight outside 0 to 1 for {outside[0]}")
    return Variant(weights, (pitch, yaw, roll), None if gaze is None else (float(gaze[0]), float(gaze[1])))


def sides(shape: str) -> tuple[str, ...]:
    """The ARKit shapes that a name stands for: itself, or its left and right side; a RigError when there are none."""
    found = (shape,) if shape in SHAPES else (f"{shape}Left", f"{shape}Right")
    if found[0] not in SHAPES:
        raise RigError(f"ARKit has no shape {shape!r}")
    return found


def _row(variant: Variant) -> np.ndarray:
    return np.array([variant.weights.get(shape, 0.0) for shape in SHAPES], np.float32)


REGION_OF = {name: REGIONS.index(region) for region, names in WHERE.items() for name in names}
SHAPE_REGIONS = np.array([REGION_OF[name] for name in SHAPES])  # (52,) the region of each shape

"""`Kind`: the door of instruction kinds. Each is one file in `cues/kinds/` and one entry in its list.

A kind reads and writes its own words and says what they mean. Those that change finished motion (`Acting`) also say which frames and
channels that can touch, and nothing else is taken over of what they give.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from visavox.cue import Cue, Instruction
from visavox.easing import half_cosine
from visavox.rig import Rig

EASE = 0.15  # seconds before and after a span within which an instruction comes and goes


class Kind(Protocol):
    """A kind of instruction. `holds` is the type of its instructions, `vocabulary` the words that it knows with what each means,
    `examples` a few instructions as people write them."""

    name: str
    holds: type[Instruction]
    vocabulary: dict[str, str]
    examples: tuple[str, ...]

    def read(self, text: str) -> Instruction | None:
        """The instruction that `text` is; None where it is of another kind. An OptionError where it is of this kind and wrong."""

    def write(self, instruction) -> str:
        """What `read` reads back as `instruction`."""

    def explain(self, instruction) -> str:
        """What it asks of a face, in plain words that go on after a time: "the head nods twice"."""


@dataclass(frozen=True, eq=False)
class Frames:
    """Some frames of motion: `values` (T, C) in the rig's units as they are by now, the `seconds` (T,) at which they are shown, and chance
    of one's own for each cue."""

    values: np.ndarray
    seconds: np.ndarray
    rig: Rig
    seed: int = 0

    def channel(self, name: str) -> np.ndarray:
        """The values (T,) of one channel."""
        return self.values[:, self.rig.index(name)].astype(float)

    def chance(self, cue: Cue) -> np.random.Generator:
        """Chance for one cue of one take: whatever else is asked of the face does not change it."""
        return np.random.default_rng([self.seed, round(cue.start * 1000), round(cue.end * 1000)])


@runtime_checkable
class Acting(Protocol):
    """What changes finished motion, frame by frame: a frame's values depend on its time and on nothing but that frame."""

    def reach(self, cue: Cue) -> tuple[float, float]:
        """The seconds from which and up to which frames may change, easing included."""

    def act(self, cue: Cue, frames: Frames) -> dict[str, np.ndarray]:
        """The new values (T,) of the channels that change, by name; only names that the rig has."""


def eased(cue: Cue, seconds: np.ndarray, ease: float = EASE) -> np.ndarray:
    """How far (T,) an instruction that lasts for the cue's span is in force: 1 within it, half a cosine beside it."""
    away = np.maximum(cue.start - seconds, seconds - cue.end)
    return half_cosine(1 - away / ease)

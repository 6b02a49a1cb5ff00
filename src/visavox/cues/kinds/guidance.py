"""Guidance: `audio guidance 1.3`, `style guidance 2`: how strongly the model follows what it is told, in the cue's span."""

from dataclasses import dataclass

from visavox.cue import Instruction
from visavox.cues.words import checked, number_text, share_of
from visavox.errors import OptionError, nearest

CONDITIONS = ("audio", "style")
LARGEST = 20.0


@dataclass(frozen=True)
class Guidance(Instruction):
    """A `condition` of the model is followed with `weight`, 1 as trained."""

    condition: str
    weight: float


class GuidanceKind:
    """How strongly the model follows the sound or the style."""

    name = "guidance"
    holds = Guidance
    vocabulary = {f"{name} guidance": f"how strongly the model follows the {name}, 0 to {LARGEST:g}; 1 as trained" for name in CONDITIONS}
    examples = ("audio guidance 1.3", "style guidance 2")

    def read(self, text: str) -> Guidance | None:
        """See `Kind.read`."""
        words = text.lower().split()
        if len(words) != 3 or words[1] != "guidance" or (weight := share_of(words[2])) is None:
            return None
        if words[0] not in CONDITIONS:
            raise OptionError(f"there is no {words[0]} guidance{nearest(words[0], CONDITIONS)}; it is of {' or '.join(CONDITIONS)}")
        return Guidance(words[0], checked(weight, 0, LARGEST, f"{words[0]} guidance"))

    def write(self, instruction: Guidance) -> str:
        """See `Kind.write`."""
        return f"{instruction.condition} guidance {number_text(instruction.weight)}"

    def explain(self, instruction: Guidance) -> str:
        """See `Kind.explain`."""
        return f"follows the {instruction.condition} with weight {number_text(instruction.weight)}"

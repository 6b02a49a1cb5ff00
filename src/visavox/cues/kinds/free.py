"""Free words: `she looks away shyly, then nods`, understood as a prompt is, or refused with the nearest instructions."""

from collections.abc import Callable
from dataclasses import dataclass

from visavox.cue import Cue, Instruction
from visavox.errors import OptionError

LONGEST = 500  # characters
LEFT = "not understood and left out:"


@dataclass(frozen=True)
class Free(Instruction):
    """What a person wrote; `visavox.cues.prompt` makes cues of it."""

    text: str


class FreeKind:
    """Anything else. It comes last, and asks `understand(text, start, end)`, which raises an OptionError for what it cannot read."""

    name = "free words"
    holds = Free
    vocabulary = {"any sentence": "read as a prompt: what is done, then what; how slowly, how strongly, how often"}
    examples = ("she looks away shyly, then nods",)

    def __init__(
        self,
        understand: Callable[[str, float, float], list[Cue]],
        left_out: Callable[[str], tuple[str, ...]],
        explain: Callable[[Instruction], str],
    ):
        self.understand, self.left_out, self.explain_other = understand, left_out, explain

    def read(self, text: str) -> Free | None:
        """See `Kind.read`."""
        text = " ".join(text.split())
        self.understand(text, 0.0, 0.0)
        return Free(text)

    def write(self, instruction: Free) -> str:
        """See `Kind.write`."""
        return instruction.text

    def explain(self, instruction: Free) -> str:
        """See `Kind.explain`."""
        done = ", then ".join(self.explain_other(cue.instruction) for cue in self.understand(instruction.text, 0.0, 0.0))
        left = self.left_out(instruction.text)
        return f"{done}; {LEFT} {'; '.join(left)}" if left else done


def placed(cue: Cue, understand: Callable[[str, float, float], list[Cue]]) -> list[Cue]:
    """The cues that the free words of `cue` ask for; an OptionError with its line, where it has one, for a time that nothing tells."""
    try:
        asked = understand(cue.instruction.text, cue.start, cue.end)
    except OptionError as error:
        raise OptionError(f"{cue.place}: {error}" if cue.line else str(error)) from None
    return [Cue(one.start, one.end, one.instruction, cue.note, cue.line) for one in asked]

"""Takes: `take 3`, the cue's span drawn again with another seed; everything outside stays as it is."""

from dataclasses import dataclass

from visavox.cue import Cue, Instruction
from visavox.cues.words import number_of
from visavox.errors import OptionError

LARGEST = 2**31 - 1


@dataclass(frozen=True)
class TakeCue(Instruction):
    """The span is drawn with the seed of the recording and `number` together; 0 is as it was."""

    number: int


class TakeKind:
    """The span drawn again."""

    name = "take"
    holds = TakeCue
    vocabulary = {"take NUMBER": "the span is drawn again; another number, another take"}
    examples = ("take 3",)

    def read(self, text: str) -> TakeCue | None:
        """See `Kind.read`."""
        words = text.lower().split()
        if len(words) != 2 or words[0] != "take" or (number := number_of(words[1])) is None:
            return None
        if number != int(number) or not 0 <= number <= LARGEST:
            raise OptionError(f"{text.strip()!r} is no take; number it with a whole number from 0")
        return TakeCue(int(number))

    def write(self, instruction: TakeCue) -> str:
        """See `Kind.write`."""
        return f"take {instruction.number}"

    def explain(self, instruction: TakeCue) -> str:
        """See `Kind.explain`."""
        return f"this span is drawn again, as take {instruction.number}"


def check_apart(cues: list[Cue]) -> None:
    """Raises an OptionError that names two takes which overlap, or one without a span."""
    takes = sorted((cue for cue in cues if isinstance(cue.instruction, TakeCue)), key=lambda cue: cue.start)
    for cue in takes:
        if cue.momentary:
            raise OptionError(f"{cue.place}: a take needs a span, this one starts and ends at {cue.start:g} s; end it later")
    for one, other in zip(takes, takes[1:], strict=False):
        if other.start < one.end:
            first, second = sorted((one, other), key=lambda cue: cue.line)
            raise OptionError(f"{second.place}: this take overlaps that of {first.place}; end one before the other begins")

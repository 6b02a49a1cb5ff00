"""`Cue`: a timed instruction to a face, as data. What instructions there are and what they do is in `visavox.cues`."""

from dataclasses import dataclass, field

from visavox.arguments import checked
from visavox.errors import OptionError

LATEST = 360_000.0  # seconds: a hundred hours


@dataclass(frozen=True)
class Instruction:
    """What a face is asked to do; each kind of instruction is a frozen dataclass of plain values that derives from this one."""


@checked
@dataclass(frozen=True)
class Cue:
    """One `instruction` from `start` to `end` in seconds; `end` is `start` for what happens at a moment and takes its own time.

    note: a remark for people, kept in files. line: where in its file it stands, 0 for none; two cues are equal wherever they stand.
    """

    start: float
    end: float
    instruction: Instruction
    note: str = ""
    line: int = field(default=0, compare=False)

    def __post_init__(self):
        if not 0 <= self.start <= self.end <= LATEST:
            raise OptionError(f"a cue from {self.start} to {self.end} s does not lie within 0 to {LATEST:g} s, its start first; correct it")

    @property
    def momentary(self) -> bool:
        """Whether it happens at a moment and takes its own time."""
        return self.end == self.start

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"line {self.line}" if self.line else f"the cue at {self.start:g} s"

"""The grammar of cues: payload to instructions and back, in plain words, with the nearest instruction where something is not understood.

Instructions are separated by `;` or stand on lines of their own. `word WORD:` holds for the rest of its line.
"""

from collections.abc import Iterable

from visavox.cue import Instruction
from visavox.cues.kind import Kind
from visavox.cues.kinds import PLAIN
from visavox.cues.kinds.free import FreeKind
from visavox.cues.kinds.word import WordKind
from visavox.cues.prompt import left_out, understood
from visavox.errors import OptionError

LONGEST = 2000  # characters of one instruction
MOST = 500  # instructions of one payload


def read_line(line: str) -> list[Instruction]:
    """The instructions of one line of payload; an OptionError for what is not understood, with the nearest instruction."""
    if line.strip()[:5].lower() == "word " and ":" in line:
        return [read_instruction(line)]
    parts = [part for part in line.split(";") if part.strip()]
    if len(parts) > MOST:
        raise OptionError(f"a line of {len(parts)} instructions is too long; divide it into several")
    return [read_instruction(part) for part in parts]


def read_instruction(text: str) -> Instruction:
    """The instruction that `text` is; an OptionError otherwise."""
    if len(text) > LONGEST:
        raise OptionError(f"an instruction of {len(text)} characters is too long; {LONGEST} is the most")
    for kind in KINDS:
        found = kind.read(text)
        if found is not None:
            return found
    raise OptionError(f"{text.strip()!r} is no instruction; `visavox cues list` has them all")


def write_instruction(instruction: Instruction) -> str:
    """The text that `read_instruction` reads back as `instruction`."""
    return kind_of(instruction).write(instruction)


def explain(instruction: Instruction) -> str:
    """What an instruction asks for, in plain words."""
    return kind_of(instruction).explain(instruction)


def kind_of(instruction: Instruction) -> Kind:
    """The kind of an instruction; an OptionError for one that no kind holds."""
    found = _HOLDS.get(type(instruction))
    if found is None:
        raise OptionError(f"{instruction!r} is no instruction; make one of {', '.join(kind.holds.__name__ for kind in KINDS)}")
    return found


def vocabulary() -> Iterable[tuple[Kind, dict[str, str]]]:
    """Each kind with the words that it knows and what they mean."""
    return [(kind, kind.vocabulary) for kind in KINDS]


KINDS: tuple[Kind, ...] = (*PLAIN, WordKind(read_line, write_instruction, explain), FreeKind(understood, left_out, explain))
_HOLDS = {kind.holds: kind for kind in KINDS}

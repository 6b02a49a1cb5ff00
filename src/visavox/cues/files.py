"""Cues in WebVTT files: `read_cues`, `write_cues`, and the same for text."""

from collections.abc import Sequence
from pathlib import Path

from visavox.arguments import checked
from visavox.cue import Cue, Instruction
from visavox.cues.grammar import read_line, write_instruction
from visavox.cues.kinds.free import Free
from visavox.cues.kinds.take import check_apart
from visavox.cues.webvtt import Block, blocks_text, parse_blocks
from visavox.errors import FileError, OptionError
from visavox.io.atomic import write_bytes
from visavox.io.documents import read_text

MOST_FREE = 10_000  # different lines of free words, each of which takes a thousandth of a second or more
MOST_BYTES = 32 << 20
SUFFIX = ".vtt"


@checked
def read_cues(path: str | Path) -> list[Cue]:
    """The cues of a WebVTT file in its order, with notes and lines; a FileError that names the line of what is wrong."""
    return parse_cues(read_text(path, "give a .vtt file, as `visavox cues list` describes", MOST_BYTES), path)


def parse_cues(text: str, source: object = "the cues") -> list[Cue]:
    """The cues of a WebVTT text; `source` names it in messages."""
    known: dict[str, list[Instruction]] = {}
    free: set[str] = set()
    cues = [cue for block in parse_blocks(text, source) for cue in _cues_of(block, source, known, free)]
    try:
        check_apart(cues)
    except OptionError as error:
        raise FileError(f"{source}, {error}") from None
    return cues


def _cues_of(block: Block, source: object, known: dict[str, list[Instruction]], free: set[str]) -> list[Cue]:
    """The cues of one block; a FileError that names the line of what is not understood. `known` remembers lines that were read before, and
    `free` those of free words among them."""
    cues = []
    for number, line in enumerate(block.lines, block.first):
        if line not in known:
            try:
                known[line] = read_line(line)
            except OptionError as error:
                raise FileError(f"{source}, line {number}: {error}") from None
            if any(isinstance(one, Free) for one in known[line]):
                free.add(line)
            if len(free) > MOST_FREE:
                raise FileError(f"{source}, line {number} is past the {MOST_FREE} different lines of free words that are read of one file; "
                                "write instructions, or divide it")  # fmt: skip
        cues += [Cue(block.start, block.end, one, block.note, number) for one in known[line]]
    return cues


@checked
def write_cues(cues: Sequence[Cue], path: str | Path, header: str = "") -> None:
    """Writes cues as WebVTT, whole or not at all; times are kept to the millisecond. `header` is a remark for the top of the file."""
    if Path(path).suffix.lower() != SUFFIX:
        raise OptionError(f"cues are written as WebVTT; end {path} in {SUFFIX}")
    write_bytes(cues_text(cues, header).encode(), path)


def cues_text(cues: Sequence[Cue], header: str = "") -> str:
    """The WebVTT text of cues; neighbours of one time and note share a block."""
    blocks: list[Block] = []
    for cue in cues:
        line = write_instruction(cue.instruction)
        if blocks and (blocks[-1].start, blocks[-1].end, blocks[-1].note) == (cue.start, cue.end, cue.note):
            blocks[-1] = Block(cue.start, cue.end, (*blocks[-1].lines, line), 0, cue.note)
        else:
            blocks.append(Block(cue.start, cue.end, (line,), 0, cue.note))
    return blocks_text(blocks, header)

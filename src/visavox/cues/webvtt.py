"""WebVTT, the W3C's subtitle format, as blocks of text with times: read with the line of every fault, and written.

webvtt-py, the library for it, keeps neither the line of a cue nor the notes before it, which a person who edits cues by hand needs.
Headers, STYLE and REGION blocks, identifiers and cue settings are passed over; tags within a payload are left out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from visavox.cue import LATEST
from visavox.errors import FileError
from visavox.fields import shown

MOST_BLOCKS = 200_000
LONGEST_LINE = 10_000  # characters
ARROW = "-->"
_TIME = re.compile(r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})")
_TAG = re.compile(r"</?[a-zA-Z0-9][^<>]*>|</?>")
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&nbsp;": " ", "&amp;": "&"}
ADVICE = "write it as 00:01.500 --> 00:02.000"


@dataclass(frozen=True)
class Block:
    """One subtitle: `start` and `end` in seconds, its `lines` of payload, the number of the `first` of them in the file (from 1), and the
    `note` before it."""

    start: float
    end: float
    lines: tuple[str, ...]
    first: int = 0
    note: str = ""


def parse_blocks(text: str, source: object, header: bool = True) -> list[Block]:
    """The blocks of a WebVTT text in the order of the file; a FileError that names `source` and the line of what is wrong.

    `header` False reads SubRip as well, which has no first line WEBVTT and numbers its blocks.
    """
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    number = 0
    if re.match(r"WEBVTT([ \t]|$)", lines[0]):
        while number < len(lines) and lines[number].strip() and ARROW not in lines[number]:
            number += 1  # the header goes on to the first empty line
    elif header:
        raise FileError(f"{source}, line 1 is {shown(lines[0][:60])}, not WEBVTT; begin the file with a line that says WEBVTT")
    blocks, notes = [], []
    while number < len(lines):
        last = number
        while last < len(lines) and lines[last].strip():
            last += 1
        if last > number:
            _read_block(lines[number:last], number + 1, source, blocks, notes)
        number = last + 1
    return blocks


def _read_block(lines: list[str], first: int, source: object, blocks: list[Block], notes: list[str]) -> None:
    """Adds what the `lines` of a file from line `first` on say to `blocks`, or to the `notes` that wait for the next block."""
    long = next((number for number, line in enumerate(lines) if len(line) > LONGEST_LINE), None)
    if long is not None:
        raise FileError(f"{source}, line {first + long} has more than {LONGEST_LINE} characters; divide it")
    if re.match(r"NOTE([ \t]|$)", lines[0]) and ARROW not in lines[0]:
        cue = next((number for number, line in enumerate(lines) if ARROW in line), None)
        if cue is not None:  # a note without an empty line after it
            _read_block([lines[0], *lines[1:cue]], first, source, blocks, notes)
            _read_block(lines[cue:], first + cue, source, blocks, notes)
            return
        notes.append(_plain(" ".join([lines[0][4:].strip(), *(line.strip() for line in lines[1:])])))
        return
    if lines[0].strip() in ("STYLE", "REGION"):
        return
    timing = 0 if ARROW in lines[0] else 1
    if timing >= len(lines) or ARROW not in lines[timing]:
        raise FileError(f"{source}, line {first} is {shown(lines[0])}, where a time should stand; {ADVICE}")
    start, end = _times(lines[timing], f"{source}, line {first + timing}")
    again = next((number for number, line in enumerate(lines[timing + 1 :], timing + 1) if ARROW in line), None)
    if again is not None:
        raise FileError(f"{source}, line {first + again} is a second time in one block; leave an empty line before it")
    if len(blocks) >= MOST_BLOCKS:
        raise FileError(f"{source}, line {first} is past the {MOST_BLOCKS} blocks that are read of one file; divide it")
    payload = tuple(_plain(line) for line in lines[timing + 1 :])
    blocks.append(Block(start, end, payload, first + timing + 1, "\n".join(notes)))
    notes.clear()


def _times(line: str, place: str) -> tuple[float, float]:
    before, _, after = line.partition(ARROW)
    settings = after.split()
    start, end = parse_time(before.strip()), parse_time(settings[0] if settings else "")
    if start is None or end is None:
        raise FileError(f"{place} is {shown(line)}, which are not two times; {ADVICE}")
    if end < start:
        raise FileError(f"{place} ends before it starts ({shown(line)}); put the earlier time first")
    if end > LATEST:
        raise FileError(f"{place} ends after {LATEST / 3600:g} hours ({shown(line)}); correct it")
    return start, end


def parse_time(text: str) -> float | None:
    """The seconds of `[hours:]minutes:seconds.thousandths`; None for anything else."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds, part = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + int(part.ljust(3, "0")) / 1000


def time_text(seconds: float) -> str:
    """A time as WebVTT writes it, to the millisecond; hours only where there are some."""
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    text = f"{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
    return f"{hours:02d}:{text}" if hours else text


def blocks_text(blocks: Iterable[Block], header: str = "") -> str:
    """A WebVTT text of `blocks`; `header` is a remark for its first line."""
    parts = [f"WEBVTT - {_escaped(' '.join(header.split()))}" if header else "WEBVTT"]
    for block in blocks:
        parts += [f"NOTE {_escaped(note)}" for note in block.note.splitlines() if note.strip()]
        parts.append("\n".join([f"{time_text(block.start)} {ARROW} {time_text(block.end)}", *map(_escaped, block.lines)]))
    return "\n\n".join(parts) + "\n"


def _plain(line: str) -> str:
    line = _TAG.sub("", line)
    return re.sub("|".join(_ENTITIES), lambda found: _ENTITIES[found.group()], line).strip()


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

"""Text and JSON out of strangers' files: UTF-8 or refused with the line, bounded in size and depth, every number finite.

What comes out of `parse_json` is plain: no name stands twice in an object, no text is anything that UTF-8 cannot hold, and walking it
cannot run out of stack. Which entries there are and of what kind is for `visavox.fields.Fields` to check.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path

from visavox.errors import FileError

MOST_BYTES = 64 << 20
PIECE = 1 << 20
MOST_DEPTH = 40  # of objects and lists within one another; ours need about six
LARGEST_WHOLE = 1 << 63


def read_bytes(path: str | Path, advice: str, most: int = MOST_BYTES) -> bytes:
    """The content of a file of at most `most` bytes; a FileError when it is missing, unreadable or larger."""
    try:
        with open(path, "rb") as file:
            pieces, size = [], 0  # to ask for `most` bytes at once would take them, however small the file
            while size <= most and (piece := file.read(PIECE)):
                pieces.append(piece)
                size += len(piece)
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; check its name") from None
    except (OSError, ValueError) as error:  # a ValueError for a name with a null character
        raise FileError(f"{path} cannot be read ({getattr(error, 'strerror', None) or error}); check its name and permissions") from None
    if size > most:
        raise FileError(f"{path} is larger than {most >> 20} MB, the most that is read of its kind; {advice}")
    return b"".join(pieces)


def read_text(path: str | Path, advice: str = "save it as UTF-8 text", most: int = MOST_BYTES) -> str:
    """The text of a UTF-8 file, with or without a byte order mark; a FileError that names the line where it is not UTF-8."""
    data = read_bytes(path, advice, most)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(f"{path}, line {line} is not UTF-8 text (byte {data[error.start]:#04x}); {advice}") from None


def read_json(path: str | Path, advice: str, most: int = MOST_BYTES) -> object:
    """The plain value that a JSON file holds; a FileError as `read_text` and `parse_json` raise it."""
    return parse_json(read_text(path, advice, most), path, advice)


def read_json_lines(path: str | Path, advice: str) -> Iterator[tuple[str, object]]:
    """(place, value) of each line of a file of JSON lines, blank ones left out; the place names file and line, for messages."""
    for number, line in enumerate(read_text(path, advice).splitlines(), 1):
        if line.strip():
            yield f"{path}, line {number}", parse_json(line, f"{path}, line {number}", advice)


def parse_json(text: str, source: object, advice: str) -> object:
    """The plain value of a JSON text; a FileError that names `source` when it is damaged, too deep, or holds a number that is none."""
    try:
        value = json.loads(text, object_pairs_hook=_object)
        _check(value)
        return value
    except RecursionError:
        raise FileError(f"{source} nests values more than {MOST_DEPTH} deep; {advice}") from None
    except UnicodeEncodeError:
        raise FileError(f"{source} holds half a character; {advice}") from None
    except ValueError as error:
        raise FileError(f"{source} is not JSON that can be read ({error}); {advice}") from None


def _object(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)[:40]!r} is there twice")
    return found


def _check(root: object) -> None:
    """Raises a ValueError for what plain values must not hold; a list at a time, for there can be millions of numbers."""
    waiting = [(1, [root])]
    while waiting:
        depth, values = waiting.pop()
        if depth > MOST_DEPTH:
            raise RecursionError
        kinds = set(map(type, values))
        if str in kinds:
            "".join(value for value in values if type(value) is str).encode()
        if float in kinds and not all(math.isfinite(value) for value in values if type(value) is float):
            raise ValueError("a number is not finite")
        if int in kinds and max(abs(value) for value in values if type(value) is int) > LARGEST_WHOLE:
            raise ValueError("a whole number is too large")
        waiting += [(depth + 1, value) for value in values if type(value) is list]
        waiting += [(depth + 1, [*value, *value.values()]) for value in values if type(value) is dict]

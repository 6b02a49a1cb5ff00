"""Lines of JSON that say what sounds when in each clip: {"clip": NAME, "words" or "phones": [[start, end, name], ...]}."""

from collections.abc import Iterator
from pathlib import Path

from visavox.errors import FileError
from visavox.fields import Fields, shown
from visavox.io.documents import read_json_lines

LATEST = 1e6  # seconds

Span = tuple[float, float, str]


def read_spans(path: Path, kind: str, advice: str) -> Iterator[tuple[str, list[Span]]]:
    """(clip, spans) of each line, times in seconds; a FileError that names the line that is not UTF-8, not JSON or not of this form."""
    for place, value in read_json_lines(path, advice):
        fields = Fields(value, place, advice)
        yield fields.text("clip"), spans_of(fields.items(kind), place, advice)


def spans_of(stored: object, place: str, advice: str) -> list[Span]:
    """The spans of a plain list of [start, end, name]; a FileError that names `place` when it is something else."""
    if not isinstance(stored, list):
        raise FileError(f"{place} has {shown(stored)}, not a list of [start, end, name]; {advice}")
    for span in stored:
        if not _is_span(span):
            raise FileError(f"{place} has {shown(span)}, not [start, end, name]; {advice}")
    return [(float(start), float(end), name) for start, end, name in stored]


def _is_span(span: object) -> bool:
    if not isinstance(span, list) or len(span) != 3 or not isinstance(span[2], str):
        return False
    return all(isinstance(time, int | float) and not isinstance(time, bool) and -LATEST <= time <= LATEST for time in span[:2])

"""Which recordings a batch animates and into which files: those of a folder, or those of a list.

A list is text with a path on each line (or between zero bytes, as `find -print0` writes them), or a table (.csv, .tsv) with a column
`path` and, where wanted, `seed`, `style` and `output`. Paths are meant from the list's own folder.
"""

import csv
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath

from visavox.errors import FileError, OptionError
from visavox.fields import few
from visavox.io.documents import read_text

TABLES = {".csv": ",", ".tsv": "\t"}
LISTS = (".txt", ".list", *TABLES)
SOUNDS = (
    ".wav", ".wave", ".flac", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wma", ".aif", ".aiff", ".aifc", ".au", ".amr", ".ac3",
    ".caf", ".mka", ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi",
)  # fmt: skip
COLUMNS = ("path", "seed", "style", "output")
MOST_TEXT = 256 << 20  # bytes of a list
MOST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Item:
    """One recording of a batch: the file, the output under the batch's folder, and what it has of its own beside the command's options."""

    source: str
    output: str
    seed: int | None = None
    style: str | None = None


@dataclass(frozen=True)
class Listing:
    """The recordings of a batch, and what else lies in its folder: files whose suffix is not that of a sound."""

    items: tuple[Item, ...]
    left_out: tuple[str, ...] = ()


def is_batch(name: str) -> bool:
    """Whether `name` is a folder or a list of recordings rather than one."""
    return os.path.isdir(name) or (Path(name).suffix.lower() in LISTS and os.path.exists(name))


def listing(name: str, folder: Path, suffix: str, reserved: Iterable[str] = ()) -> Listing:
    """The recordings of the folder or list `name`, whose files of `suffix` go into `folder`.

    An OptionError where two would be written to one file or to one that is `reserved`, or where there is none; a FileError for a list that
    cannot be read.
    """
    found = _of_folder(name, folder, suffix) if os.path.isdir(name) else Listing(tuple(_of_list(name, suffix)))
    if not found.items:
        raise OptionError(f"{name} holds no recording; give a folder or a list with sound files ({', '.join(SOUNDS[:4])} ...)")
    taken: dict[str, str] = {os.path.normcase(each): "the batch itself" for each in reserved}
    for item in found.items:
        other = taken.setdefault(os.path.normcase(item.output), item.source)
        if other is not item.source:
            advice = "rename one, or list them in a .csv with a column output"
            raise OptionError(f"{item.source!r} and {other!r} would both be written to {item.output!r}; {advice}")
    return found


def _of_folder(name: str, folder: Path, suffix: str) -> Listing:
    """Sound files at any depth, sub-folders kept. Hidden files and folders, links to folders and the output's own folder are left out."""
    items, left_out, own = [], [], os.path.realpath(folder)
    for place, folders, files in os.walk(name, onerror=_refuse):
        inner = (each for each in folders if not each.startswith("."))
        folders[:] = sorted(each for each in inner if os.path.realpath(os.path.join(place, each)) != own)
        for file in sorted(each for each in files if not each.startswith(".")):
            source = os.path.join(place, file)
            inside = os.path.relpath(source, name)
            if os.path.splitext(file)[1].lower() in SOUNDS and os.path.isfile(source):
                items.append(Item(source, os.path.splitext(inside)[0] + suffix))
            else:
                left_out.append(inside)
    return Listing(tuple(items), tuple(left_out))


def _refuse(error: OSError) -> None:
    raise FileError(f"{error.filename} cannot be read ({error.strerror}); check its permissions") from None


def _of_list(name: str, suffix: str) -> list[Item]:
    text = read_text(name, "save it as UTF-8 text, one path a line", MOST_TEXT)
    if Path(name).suffix.lower() in TABLES:
        return [_row(row, f"{name}, line {line}", name, suffix) for line, row in _rows(text, name)]
    lines = text.split("\0") if "\0" in text else text.splitlines()
    return [_row({"path": line}, f"{name}, line {number}", name, suffix) for number, line in enumerate(lines, 1) if line.strip()]


def _rows(text: str, name: str) -> list[tuple[int, dict[str, str]]]:
    """The (line, row) of a table with a header of known columns; rows without anything in them are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=TABLES[Path(name).suffix.lower()], strict=True)
    rows = []
    try:
        header = [column.strip().lower() for column in next(reader, [])]
        unknown = [column for column in header if column not in COLUMNS]
        if "path" not in header or unknown or len(set(header)) < len(header):
            wrong = f"has the columns {few(header) or 'none'}"
            raise FileError(f"{name} {wrong}; its first line names path and, where wanted, {', '.join(COLUMNS[1:])}, each once")
        for row in reader:
            if len(row) > len(header):
                raise FileError(f"{name}, line {reader.line_num} has {len(row)} cells under {len(header)} columns; quote cells with commas")
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, dict(zip(header, row, strict=False))))
    except csv.Error as error:
        raise FileError(f"{name}, line {reader.line_num} is no line of a table ({error}); repair its quotes") from None
    return rows


def _row(row: dict[str, str], where: str, name: str, suffix: str) -> Item:
    path, seed = row.get("path", ""), row.get("seed", "").strip()
    if not path.strip():
        raise FileError(f"{where} has no path; fill it in or take the line out")
    if seed and not (seed.isascii() and seed.isdigit() and int(seed[:12]) <= MOST_SEED):
        raise FileError(f"{where} has the seed {seed[:40]!r}, which is no whole number from 0 to {MOST_SEED}; mend it or leave it empty")
    own = row.get("output", "").strip()
    output = _inside(own, where) if own else _beneath(path)
    if own and output.lower().endswith(suffix):
        output = output[: -len(suffix)]
    elif not own:
        output = os.path.splitext(output)[0]
    source = os.path.join(os.path.dirname(name), path)
    return Item(source, output + suffix, int(seed) if seed else None, row.get("style", "").strip() or None)


def _beneath(path: str) -> str:
    """Where the output of a listed path goes: into the same sub-folders; the name alone of a path that leads out of the list's folder."""
    parts = PurePath(os.path.normpath(path)).parts
    return os.path.basename(path) if os.path.isabs(path) or ".." in parts else os.path.normpath(path)


def _inside(output: str, where: str) -> str:
    output = os.path.normpath(output)
    if os.path.isabs(output) or ".." in PurePath(output).parts or output == "." or "\0" in output:
        raise FileError(f"{where} has the output {output!r}, which lies outside the batch's folder; give a name in it")
    return output

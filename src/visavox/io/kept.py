"""Files that are made once and kept: beside each lies what it was made of, so that none is taken for one of other inputs or settings."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np

from visavox.errors import FileError
from visavox.fields import Fields
from visavox.io.atomic import replacing, write_bytes
from visavox.io.documents import read_json

DIGITS = 16  # of a hash
NOTE = ".made_of.json"  # after the name of the file that it speaks of
OTHER_FOLDER = "give it another folder, or remove that one to begin again"
REMOVE = "remove it to have it made again, or give another folder"


def keep(path: Path, made_of: Mapping[str, object], make: Callable[[Path], None]) -> Path:
    """`path`, which `make` writes at the place that it is given, unless it is there; what it was `made_of`, plain values, lies beside it.

    A FileError that names every entry in which a file that is there was made of something else.
    """
    note = path.with_name(path.name + NOTE)
    now = json.loads(json.dumps(dict(made_of)))
    if path.exists():
        kept = Fields(read_json(note, REMOVE), note, REMOVE).value if note.exists() else None
        check_same(kept, now, path, REMOVE)
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        make(part)
        write_bytes(json.dumps(now, indent=1).encode(), note)
    return path


def check_same(kept: dict | None, now: dict, where: object, advice: str = OTHER_FOLDER) -> None:
    """Raises a FileError that names every entry in which what `where` was made of differs from what is asked `now`."""
    if kept is None:
        raise FileError(f"{where} does not say what it was made of: it is of an older Visavox; {advice}")
    missing = "nothing"
    differing = [name for name in sorted({*kept, *now}) if kept.get(name, missing) != now.get(name, missing)]
    if differing:
        differences = ", ".join(f"{name} {kept.get(name, missing)} (now {now.get(name, missing)})" for name in differing)
        raise FileError(f"{where} was made with {differences}; {advice}")


def as_entries(prefix: str, config) -> dict:
    """The fields of a dataclass as entries "prefix field"."""
    return {f"{prefix} {name}": value for name, value in asdict(config).items()}


def arrays_digest(arrays: Mapping[str, np.ndarray | None]) -> str:
    """A hash (16 digits) of named arrays: names, types, shapes and content."""
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        if array is not None:
            digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:DIGITS]


def text_digest(value: object) -> str:
    """A hash (16 digits) of a plain value, or of what a dataclass prints."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:DIGITS]


def file_digest(path: Path) -> str:
    """A hash (16 digits) of the content of a file; a FileError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:DIGITS]
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror}); check its name and whether you may read it") from None


def files_digest(paths: Iterable[Path]) -> str:
    """A hash (16 digits) of the content of files, whatever they are called and in whichever order."""
    return text_digest(sorted(map(file_digest, paths)))

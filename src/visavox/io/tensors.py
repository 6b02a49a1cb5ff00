"""Named arrays under a JSON header in one .safetensors file: the container of checkpoints, styles and portraits. Never pickle.

Layout (the safetensors format): 8 bytes little-endian length, a JSON header, then the arrays. Our own header is a JSON
text under the metadata key "visavox"; it always has "kind" (such as "checkpoint") and "version" (a whole number).
"""

import json
import struct
from pathlib import Path

import numpy as np

from visavox.errors import FileError
from visavox.fields import Fields, printable, shown
from visavox.io.atomic import write_bytes
from visavox.io.documents import parse_json

KEY = "visavox"
MOST_BYTES = 1 << 30  # the largest that we know, as published in full precision, has half of it
MOST_HEADER_BYTES = 16 << 20
LONGEST_KIND = 40  # characters; messages say it
NUMBERS = "biuf"
OURS = "give a checkpoint, style or portrait that Visavox wrote"
OTHER_SUFFIXES = (".portrait",)  # of containers that are neither checkpoint nor style
PICKLE_SUFFIXES = (".pt", ".pth", ".pkl", ".ckpt", ".bin")
PICKLE_STARTS = (b"PK", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


def write_tensors(arrays: dict[str, np.ndarray], header: dict, path: str | Path) -> None:
    """Writes `arrays` and `header` (plain JSON with "kind" and "version") to `path`, whole or not at all."""
    from safetensors.numpy import save

    text = json.dumps(header, allow_nan=False)
    write_bytes(save({name: np.ascontiguousarray(array) for name, array in arrays.items()}, metadata={KEY: text}), path)


def read_header(path: str | Path, ours: str = OURS) -> dict:
    """Our JSON header of a file, read without its arrays. Raises a FileError, which says what to do in the words of `ours`, when it is
    truncated or no file of ours."""
    header, end = _parse_header(path, ours)
    _check_whole(Path(path).stat().st_size, end, path)
    return header


def read_tensors(path: str | Path, ours: str = OURS) -> tuple[dict[str, np.ndarray], dict]:
    """All arrays by name and our header. Raises a FileError, which says what to do in the words of `ours`, for a truncated, foreign or
    pickled file."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    header, end = _parse_header(path, ours)
    if end > MOST_BYTES:
        raise FileError(f"{path} states {end >> 20} MB; {MOST_BYTES >> 20} are read at most; {ours}")
    data = _read(path, end)
    _check_whole(len(data), end, path)
    try:
        arrays = load(data)
        foreign = [name for name, array in arrays.items() if array.dtype.kind not in NUMBERS]
        if foreign:
            raise ValueError(f"{foreign[0]} is not of numbers")
        return arrays, header
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise FileError(f"{path} is damaged ({error}); copy or download it again") from None


def _check_whole(size: int, end: int, path: str | Path) -> None:
    if size < end:
        raise FileError(f"{path} is truncated: {size} of {end} bytes; copy or download it again")


def _parse_header(path: str | Path, ours: str) -> tuple[dict, int]:
    """Our header and the size in bytes that the file must have."""
    start = _read(path, 8)
    _refuse_pickle(start, path, ours)
    if len(start) < 8:
        raise FileError(f"{path} is truncated: {len(start)} bytes; copy or download it again")
    (length,) = struct.unpack("<Q", start)
    if not 2 <= length <= MOST_HEADER_BYTES:
        raise FileError(f"{path} is not a {_suffix(path)} file; {ours}")
    text = _read(path, 8 + length)[8:]
    if len(text) < length:
        raise FileError(f"{path} is truncated inside its header; copy or download it again")
    try:
        outer = Fields(parse_json(text.decode(), path, ours), path, ours)
        ends = [outer.fields(name).wholes("data_offsets")[1] for name in outer.value if name != "__metadata__"]
    except (FileError, UnicodeDecodeError, IndexError):
        raise FileError(f"{path} is not a {_suffix(path)} file; {ours}") from None
    return _own_header(outer, path, ours), 8 + length + max(ends, default=0)


def _own_header(outer: Fields, path: str | Path, ours: str) -> dict:
    try:
        text = outer.fields("__metadata__").text(KEY, MOST_HEADER_BYTES)
    except FileError:
        raise FileError(f"{path} is a {_suffix(path)} file of another program; {ours}") from None
    header = Fields(parse_json(text, f"the header of {path}", ours), f"the header of {path}", ours)
    header.whole("version")
    if not header.text("kind").isprintable() or len(header.value["kind"]) > LONGEST_KIND:
        raise FileError(f"the header of {path} has {shown(printable(header.value['kind']))} for kind, not one of ours; {ours}")
    return header.value


def _refuse_pickle(start: bytes, path: str | Path, ours: str) -> None:
    # The length of a header may begin with the same two bytes; that of a pickle, read as a length, is beyond any header.
    looks = start[:2] in PICKLE_STARTS and int.from_bytes(start, "little") > MOST_HEADER_BYTES and Path(path).suffix.lower() != ".npz"
    if looks or Path(path).suffix.lower() in PICKLE_SUFFIXES:
        raise FileError(f"{path} is a pickle (.pt), which can run code when it is opened, and is never read; {ours}")


def _suffix(path: str | Path) -> str:
    """How a container like `path` ends: as checkpoints do, if not in a way of its own."""
    own = Path(path).suffix.lower()
    return own if own in OTHER_SUFFIXES else ".safetensors"


def _read(path: str | Path, most: int) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(most)
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; check its name") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror}); check its name and permissions") from None

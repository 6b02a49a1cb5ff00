"""`StreamState`: the whole memory of a stream, as plain values; and how it becomes bytes and is read back.

A saved state is a length, a JSON text and the bytes of its arrays, deflated: nothing in it can run. Of the numbers of an array the first
bytes come first, then the second ones: those that are alike stand together, so that a state takes a fifth less.

Shapes: S samples, T frames, C channels, D width.
"""

import json
import zlib
from dataclasses import dataclass, fields, is_dataclass

import numpy as np

from visavox.errors import FileError
from visavox.gestures.live.voice import VoiceMemory
from visavox.gestures.remembered import Remembered
from visavox.models.running_means import BandMemory
from visavox.stream.overdriven import OverdrivenMemory
from visavox.stream.resampling import ResamplerMemory

KIND, VERSION = "visavox stream", 8
MOST_BYTES, MOST_ITEMS, DEEPEST = 4 << 20, 4096, 4
QUICK = 1  # how hard deflating tries: 2 ms
DTYPES = ("<f2", "<f4", "<f8")
ADVICE = "save one with Stream.saved() of this version"


@dataclass
class StreamState:
    """`arriving` sound at its own rate, and what is known of it if it is `overdriven`; `sound` (S,) at the model's, from a row of log-mel
    before the next one on, of `known` samples in all; raw log-mel `mel` (rows, bands), of `melled` rows in all; what the `encoder`
    remembers (N,), what is known of `bands` and `voice`; the last frames of normalised motion `context` (T, C) and of features
    `context_audio` (T, D); the number of the next `frame`; the memories of the `gestures`; after an interruption how far the mouth is
    `open` and for how many frames it goes on `closing`; whether the stream is `over`."""

    arriving: ResamplerMemory
    overdriven: OverdrivenMemory
    sound: np.ndarray
    mel: np.ndarray
    encoder: np.ndarray
    bands: BandMemory
    voice: VoiceMemory
    context: np.ndarray
    context_audio: np.ndarray
    gestures: list
    known: int = 0
    melled: int = 0
    frame: int = 0
    open: float = 1.0
    closing: int = 0
    over: bool = False


def to_bytes(state: StreamState, made_for: str) -> bytes:
    """A state as bytes; `made_for` says of which model, style and seed."""
    arrays: list[np.ndarray] = []
    tree = _packed(state, arrays)
    shapes = [[array.dtype.str, list(array.shape)] for array in arrays]
    head = json.dumps({"kind": KIND, "version": VERSION, "made_for": made_for, "arrays": shapes, "state": tree}).encode()
    return zlib.compress(len(head).to_bytes(8, "little") + head + b"".join(_side_by_side(array) for array in arrays), QUICK)


def from_bytes(data: bytes, made_for: str, fresh: StreamState) -> StreamState:
    """The state in `data`, put into `fresh`; a FileError for bytes that are none, of another version, or of another stream."""
    data = _inflated(data)
    head = _head(data)
    if head["made_for"] != made_for:
        other = f"this state is of another stream ({head['made_for'][:200]!r})"
        raise FileError(f"{other}; resume it with the same model, style, seed and cues")
    arrays = _arrays(head["arrays"], data[8 + int.from_bytes(data[:8], "little") :])
    _put(fresh, head["state"], arrays, "state")
    return fresh


def _inflated(data: bytes) -> bytes:
    """The bytes before they were deflated, of which there are MOST_BYTES at most."""
    inflating = zlib.decompressobj()
    try:
        found = inflating.decompress(data, MOST_BYTES + 1)
    except zlib.error:
        raise FileError(f"{len(data)} bytes are no saved stream; {ADVICE}") from None
    if not inflating.eof or inflating.unused_data:
        raise FileError(f"{len(data)} bytes are no whole saved stream; {ADVICE}")
    return found


def _side_by_side(array: np.ndarray) -> bytes:
    """The bytes of an array: the first of every number, then the second ones."""
    return np.frombuffer(array.tobytes(), np.uint8).reshape(-1, array.dtype.itemsize).T.tobytes()


def _head(data: bytes) -> dict:
    size = int.from_bytes(data[:8], "little")
    if not 8 < len(data) <= MOST_BYTES or size > len(data) - 8:
        raise FileError(f"{len(data)} bytes are no saved stream; {ADVICE}")
    try:
        head = json.loads(data[8 : 8 + size])
    except (ValueError, RecursionError):
        raise FileError(f"a saved stream cannot be read: its head is no JSON; {ADVICE}") from None
    wanted = {"kind": str, "version": int, "made_for": str, "arrays": list, "state": dict}
    if not isinstance(head, dict) or any(not isinstance(head.get(name), kind) for name, kind in wanted.items()) or head["kind"] != KIND:
        raise FileError(f"these bytes are no saved stream; {ADVICE}")
    if head["version"] != VERSION:
        raise FileError(f"a saved stream is of version {head['version']}, this Visavox reads {VERSION}; {ADVICE}")
    return head


def _arrays(shapes: list, data: bytes) -> list[np.ndarray]:
    arrays, place = [], 0
    for entry in shapes:
        known = isinstance(entry, list) and len(entry) == 2 and entry[0] in DTYPES and isinstance(entry[1], list)
        if not known or len(entry[1]) > 2 or not all(type(size) is int and 0 <= size <= MOST_BYTES for size in entry[1]):
            raise FileError(f"a saved stream lists an array that it cannot have; {ADVICE}")
        width = np.dtype(entry[0]).itemsize
        size = int(np.prod(entry[1], dtype=np.int64)) * width
        if not 0 <= size <= len(data) - place:
            raise FileError(f"a saved stream ends too early; {ADVICE}")
        numbers = np.frombuffer(data, np.uint8, offset=place, count=size).reshape(width, -1).T.tobytes()
        array = np.frombuffer(numbers, entry[0]).reshape(entry[1]).copy()
        if not np.isfinite(array).all():
            raise FileError(f"a saved stream holds a value that is not a number; {ADVICE}")
        arrays.append(array)
        place += size
    return arrays


def _packed(value, arrays: list[np.ndarray]):
    """`value` as JSON, its arrays in a list of their own."""
    if isinstance(value, Remembered):
        return _packed(value.memory, arrays)
    if isinstance(value, np.ndarray):
        arrays.append(np.ascontiguousarray(value))
        return {"array": len(arrays) - 1}
    if is_dataclass(value):
        return {} if _frozen(value) else {field.name: _packed(getattr(value, field.name), arrays) for field in fields(value)}
    if isinstance(value, dict):
        return {name: _packed(each, arrays) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_packed(each, arrays) for each in value]
    return value.item() if isinstance(value, np.generic) else value


def _frozen(value) -> bool:
    """Whether a value stays what it is in a stream: a take, the style of a head."""
    return value.__dataclass_params__.frozen


def _put(into, data, arrays: list[np.ndarray], where: str) -> None:
    """Gives the fields of the dataclass `into` the values in `data`, each of the kind that it has."""
    names = {field.name for field in fields(into)}
    if not isinstance(data, dict) or set(data) != names:
        raise FileError(f"a saved stream has not the entries of {where}; {ADVICE}")
    for name in names:
        setattr(into, name, _value(getattr(into, name), data[name], arrays, f"{where}.{name}"))


def _value(old, data, arrays: list[np.ndarray], where: str):
    """The value in `data` in place of `old`."""
    if isinstance(old, Remembered):
        return Remembered(old.take, _value(old.memory, data, arrays, where))
    if isinstance(old, np.ndarray):
        number = data.get("array") if isinstance(data, dict) else None
        fits = type(number) is int and 0 <= number < len(arrays)
        if not fits or arrays[number].dtype != old.dtype or arrays[number].shape[1:] != old.shape[1:] or arrays[number].ndim != old.ndim:
            raise FileError(f"a saved stream has no fitting array for {where}; {ADVICE}")
        return arrays[number]
    if is_dataclass(old):
        if not _frozen(old):
            _put(old, data, arrays, where)
        return old
    if isinstance(old, list) and old and (isinstance(old[0], Remembered) or is_dataclass(old[0])):
        if not isinstance(data, list) or len(data) != len(old):
            raise FileError(f"a saved stream has another number of {where}; {ADVICE}")
        return [_value(each, new, arrays, f"{where}[{number}]") for number, (each, new) in enumerate(zip(old, data, strict=True))]
    counts = type(old) is int and type(data) is not int  # a share where things are counted
    if counts or not (_plain(data, DEEPEST) and _kind(data) == _kind(old)):
        raise FileError(f"a saved stream has {str(data)[:40]!r} for {where}; {ADVICE}")
    return float(data) if isinstance(old, float) else data


def _kind(value) -> type:
    return float if type(value) in (int, float) else type(value)


def _plain(data, deepest: int) -> bool:
    """Whether `data` is a finite number, a flag, or a list or dictionary of such."""
    if isinstance(data, list | dict):
        inside = data if isinstance(data, list) else data.values()
        return deepest > 0 and len(data) <= MOST_ITEMS and all(_plain(each, deepest - 1) for each in inside)
    return isinstance(data, bool | int | float) and abs(data) < 1e300

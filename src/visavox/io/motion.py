"""Motion files: a NumPy .npz with `values` (T, C) float32, `channels` (C) names, `fps`, and `rig`; never pickle. Also Parquet, to read.

`rig` is the JSON text of `Rig.to_json` (kind, unit and range of each channel), so that a file of any rig opens.
A file whose `rig` is a bare name, or which has none, opens too: its channels are then weights without stated limits.
The .parquet that `visavox export` writes is read as well (`visavox.io.motion_parquet`).
"""

import itertools
import json
import math
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from visavox.arguments import checked
from visavox.errors import FileError, RigError
from visavox.io.arrays import MOST_BYTES, checked_numbers, checked_texts, npz_names, read_npz
from visavox.io.atomic import check_suffix, replacing
from visavox.io.documents import parse_json
from visavox.motion import Motion
from visavox.rig import Channel, Rig

OURS = "give a motion file (.npz or .parquet), which visavox animate makes of a recording"
NOT_OURS = f"{OURS}, or make one of another system's: visavox convert diffposetalk MOTION.npz -o OURS.npz"
BEGINNINGS = ZIP, PARQUET = (b"PK\x03\x04", b"PAR1")
LARGEST = 1e4  # of a value: weights are about 1, angles a few radians, coefficients a few deviations
SLOWEST, FASTEST = 1.0, 1000.0  # frames a second
LONGEST_HOURS = 24  # as of a recording
MOST_CHANNELS = 10_000


@dataclass(frozen=True, eq=False)
class StoredMotion:
    """What a motion file says before it is checked: values (T, C) as stored, fps, C names, and the JSON texts of rig and provenance."""

    values: np.ndarray
    fps: float
    names: list[str]
    rig: str | None
    provenance: str | None


@checked
def write_motion(motion: Motion, path: str | Path, provenance: dict | None = None) -> None:
    """Writes `motion` to `path` (suffix .npz), whole or not at all; equal motions give equal bytes.

    Its provenance, or `provenance` in place of it, is stored as JSON text under a key of its own; nothing is when it is empty.
    """
    motion = motion if provenance is None else replace(motion, provenance=provenance)
    write_motion_pieces([motion], motion.frames, path)


def write_motion_pieces(pieces: Iterable[Motion], frames: int, path: str | Path) -> None:
    """Writes the motion of `frames` frames that `pieces` are, one after another, as `write_motion` writes it, to the byte.

    Only one piece is held at a time. What is said beside the values is that of the first. Whatever making a piece raises leaves no file.
    """
    check_suffix(path, (".npz",), "write_motion writes .npz, visavox.export.export all other formats: the motion file")
    pieces = iter(pieces)
    first = next(pieces)
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        shape = {"descr": "<f4", "fortran_order": False, "shape": (frames, len(first.rig))}
        with archive.open("values.npy", "w", force_zip64=True) as file:
            np.lib.format.write_array_header_1_0(file, shape)
            for piece in itertools.chain([first], pieces):
                file.write(np.ascontiguousarray(piece.values, "<f4").data.cast("B"))
        for name, array in _beside(first).items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, array, allow_pickle=False)


def _beside(motion: Motion) -> dict[str, np.ndarray]:
    """The arrays of a motion file beside the values."""
    arrays = {
        "channels": np.array(motion.rig.names),
        "fps": np.array(motion.fps),
        "rig": np.array(json.dumps(motion.rig.to_json())),
    }
    return arrays | ({"provenance": np.array(json.dumps(motion.provenance, sort_keys=True))} if motion.provenance else {})


@checked
def read_motion(path: str | Path) -> Motion:
    """The motion stored in a .npz or .parquet. Raises a FileError when the file is missing, too large, or does not hold one."""
    stored = _stored(path)
    frames, channels = (*stored.values.shape, 0, 0)[:2]
    if stored.values.ndim != 2 or len(stored.names) != channels:
        raise FileError(f"{path} has values of shape {stored.values.shape}, which does not fit {len(stored.names)} channels; {OURS}")
    if not frames or not 0 < channels <= MOST_CHANNELS:
        raise FileError(f"{path} has {frames or 'zero'} frames of {channels} channels; give a motion with frames, of few channels")
    if not SLOWEST <= stored.fps <= FASTEST:
        raise FileError(f"{path} has fps {stored.fps:g}; frames a second must be from {SLOWEST:g} to {FASTEST:g}: {OURS}")
    if frames > LONGEST_HOURS * 3600 * stored.fps:
        hours = frames / stored.fps / 3600
        raise FileError(f"{path} lasts {hours:.2f} h; {LONGEST_HOURS} are read at most: cut it into parts")
    try:
        rig = _rig_of(stored, path)
    except RigError as error:
        raise FileError(f"{path} does not hold a motion: {error}") from None
    return Motion(_checked_values(stored, path), stored.fps, rig, _provenance_of(stored, path))


def _provenance_of(stored: StoredMotion, path: str | Path) -> dict:
    if stored.provenance is None:
        return {}
    try:
        provenance = parse_json(stored.provenance, path, OURS)
    except FileError:
        return {}
    return provenance if isinstance(provenance, dict) else {}


def is_motion(path: str | Path) -> bool:
    """Whether a .npz has the names of a motion file; a FileError when it is no .npz."""
    return {"values", "channels", "fps"} <= npz_names(path, OURS)


def begins_like_motion(path: str | Path) -> bool:
    """Whether a file begins as motion files do, whatever it is called; a pipe is not looked into."""
    return _beginning(path) in BEGINNINGS


def _beginning(path: str | Path) -> bytes:
    try:
        if not Path(path).is_file():
            return b""
        with open(path, "rb") as file:
            return file.read(len(ZIP))
    except (OSError, ValueError):  # whoever reads the file says what it is
        return b""


def _stored(path: str | Path) -> StoredMotion:
    beginning = _beginning(path)
    if beginning == PARQUET or (Path(path).suffix.lower() == ".parquet" and beginning != ZIP):
        from visavox.io.motion_parquet import read_parquet

        return StoredMotion(*read_parquet(path, OURS))
    advice = OURS if is_motion(path) else NOT_OURS
    arrays = read_npz(path, ("values", "channels", "fps"), advice, ("rig", "provenance"), MOST_BYTES)
    texts = {
        name: "".join(checked_texts(arrays[name], f"{path} has {name}", OURS)[:1]) if name in arrays else None
        for name in ("rig", "provenance")
    }
    fps = checked_numbers(arrays["fps"], f"{path} has fps", OURS)
    if fps.size != 1:
        raise FileError(f"{path} does not hold a motion: its fps are {fps.size} numbers; {OURS}")
    names = checked_texts(arrays["channels"], f"{path} has channels", OURS)
    return StoredMotion(arrays["values"], float(arrays["fps"].item()), names, **texts)


def _checked_values(stored: StoredMotion, path: str | Path) -> np.ndarray:
    """The values as float32; a FileError that names the frame and the channel of one that is none."""
    if stored.values.dtype.kind not in "biuf":
        raise FileError(f"{path} does not hold a motion: its values are not numbers; {OURS}")
    low, high = stored.values.min(), stored.values.max()
    if -LARGEST <= low and high <= LARGEST:
        return np.ascontiguousarray(stored.values, np.float32)
    frame, channel = np.argwhere(~(np.abs(stored.values) <= LARGEST))[0]
    value = float(stored.values[frame, channel])
    what_it_is = f"the value {value:.3g}" if math.isfinite(value) else "a value that is not a number"
    raise FileError(f"{path} holds {what_it_is} at frame {frame}, channel {stored.names[channel]!r}; {OURS}")


def _rig_of(stored: StoredMotion, path: str | Path) -> Rig:
    text = "unknown" if stored.rig is None else stored.rig
    if not text.startswith("{"):
        return Rig(text, tuple(Channel(name, low=-math.inf, high=math.inf) for name in stored.names))
    rig = Rig.from_json(parse_json(text, path, OURS))
    if list(rig.names) != stored.names:
        raise RigError(f"its channels and its rig {rig.name!r} name different channels; write it again")
    return rig

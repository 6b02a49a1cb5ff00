"""FLAME's own vertex masks (FLAME_masks.pkl, or the same as .npz) as vertex numbers by region; read without running any of the pickle."""

from pathlib import Path

import numpy as np

from visavox.errors import FileError, OptionError
from visavox.io.arrays import read_npz
from visavox.io.documents import read_bytes
from visavox.io.pickled_arrays import read_pickled_arrays

REGIONS = ("lips", "forehead", "eye_region")  # what measuring needs of the fourteen that the file names
MOST_BYTES = 1 << 26
PUBLISHED = "give FLAME_masks.pkl as published, or an .npz with the same names"


def read_flame_masks(path: str | Path, vertices: int) -> dict[str, np.ndarray]:
    """The vertex numbers (N,) int64, sorted, of each of REGIONS on a head of `vertices` vertices.

    Raises an OptionError for another suffix, a FileError when the file is missing, damaged, asks to run anything, lacks a region or
    has numbers that the head does not have.
    """
    readers = {".pkl": _pickle, ".npz": _npz}
    reader = readers.get(Path(path).suffix.lower())
    if reader is None:
        raise OptionError(f"masks {path} end in none of {', '.join(readers)}; {PUBLISHED}")
    stored = reader(path)
    missing = [name for name in REGIONS if name not in stored]
    if missing:
        raise FileError(f"{path} lacks the region {', '.join(missing)}; {PUBLISHED}")
    return {name: _numbers(stored[name], name, vertices, path) for name in REGIONS}


def _pickle(path) -> dict:
    stored = read_pickled_arrays(read_bytes(path, PUBLISHED, MOST_BYTES), path, PUBLISHED)
    if not isinstance(stored, dict):
        raise FileError(f"{path} holds a {type(stored).__name__}, not regions by name; {PUBLISHED}")
    return stored


def _npz(path) -> dict:
    return read_npz(path, (), PUBLISHED, REGIONS, MOST_BYTES)


def _numbers(stored: object, name: str, vertices: int, path) -> np.ndarray:
    plain = isinstance(stored, list | tuple) and all(type(number) is int and abs(number) < 1 << 31 for number in stored)
    found = np.asarray(stored) if plain or isinstance(stored, np.ndarray) else np.zeros((0, 0))
    if found.ndim != 1 or not found.size or found.dtype.kind not in "iu":
        raise FileError(f"{path} has a region {name} of shape {found.shape}, not a row of vertex numbers; {PUBLISHED}")
    if found.min() < 0 or found.max() >= vertices:
        numbers = f"vertices {found.min()} to {found.max()}, the head has {vertices}"
        raise FileError(f"{path} has a region {name} with {numbers}; give the masks and the head of one FLAME")
    return np.unique(found.astype(np.int64))

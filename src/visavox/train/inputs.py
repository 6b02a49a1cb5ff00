"""What a run is made of: hashes of its data and of the weights that it starts from, so that a folder never serves another run."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
from torch import nn

from visavox.errors import FileError

DIGITS = 16


def weights_digest(model: nn.Module) -> str:
    """A hash (16 digits) of the names and values of all weights of `model`."""
    digest = hashlib.sha256()
    for name, value in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(value.detach().float().numpy(force=True)).tobytes())
    return digest.hexdigest()[:DIGITS]


def arrays_digest(arrays: Mapping[str, np.ndarray | None]) -> str:
    """A hash (16 digits) of named arrays: names, types, shapes and content."""
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        if array is not None:
            digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:DIGITS]


def as_entries(prefix: str, config) -> dict:
    """The fields of a dataclass as entries "prefix field"."""
    return {f"{prefix} {name}": value for name, value in asdict(config).items()}


def check_same(kept: dict | None, now: dict, where: object) -> None:
    """Raises a FileError that names every entry in which what `where` was made of differs from what is asked `now`."""
    advice = "give it another folder, or remove that one to begin again"
    if kept is None:
        raise FileError(f"{where} does not say what it was made of: it is of an older Visavox; {advice}")
    missing = "nothing"
    differing = [name for name in sorted({*kept, *now}) if kept.get(name, missing) != now.get(name, missing)]
    if differing:
        said = ", ".join(f"{name} {kept.get(name, missing)} (now {now.get(name, missing)})" for name in differing)
        raise FileError(f"{where} was made with {said}; {advice}")

"""Whether weights and statistics fit a model: the same for every engine, in the same words."""

from collections.abc import Mapping

import numpy as np

from visavox.errors import CheckpointError
from visavox.models.statistics import FLOOR, Statistics

STATISTICS = ("mean", "std", "identity_mean", "identity_std")

Shapes = Mapping[str, tuple[int, ...]]


def check_fit(wanted: Shapes, given: Shapes) -> None:
    """A CheckpointError that names what is missing, extra or of another shape among `given` weights."""
    missing, extra = sorted(set(wanted) - set(given)), sorted(set(given) - set(wanted))
    reshaped = [name for name, shape in wanted.items() if name in given and tuple(shape) != tuple(given[name])]
    if missing or extra or reshaped:
        lists = f"{_some(missing)} missing, {_some(extra)} extra, {_some(reshaped)} of another shape"
        raise CheckpointError(f"weights do not fit the model: {lists}; take a checkpoint of this configuration")


def statistics_of(stored: Mapping[str, list[float]], channels: int, identity: int) -> tuple[Statistics, Statistics]:
    """The normalisation of motion and of identities that a checkpoint keeps; a CheckpointError when they do not fit."""
    check_statistics(stored)
    motion = checked(stored["mean"], stored["std"], channels, floor=0)
    return motion, checked(stored["identity_mean"], stored["identity_std"], identity, floor=0)


def check_statistics(stored: Mapping[str, list[float]]) -> None:
    """A CheckpointError when other statistics are stored than a model needs."""
    if set(stored) != set(STATISTICS):
        raise CheckpointError(f"statistics hold {sorted(stored)}, not {sorted(STATISTICS)}; take a checkpoint of this version")


def checked(mean, std, channels: int, floor: float = FLOOR) -> Statistics:
    """Statistics of `mean` and `std` (C,) in physical units, `std` raised to `floor`; a CheckpointError when they do not fit."""
    mean, std = np.asarray(mean, np.float32), np.maximum(np.asarray(std, np.float32), np.float32(floor))
    if mean.shape != (channels,) or std.shape != mean.shape:
        fits = f"mean {mean.shape} and std {std.shape} do not fit {channels} channels"
        raise CheckpointError(f"statistics of {fits}; use the statistics made with this rig")
    if not (np.isfinite(mean).all() and np.isfinite(std).all() and (std > 0).all()):
        raise CheckpointError("statistics hold a value that is not a number or a std of 0; compute them again")
    return Statistics(mean, std)


def _some(names: list[str]) -> str:
    return f"{len(names)} ({', '.join(names[:3])})" if names else "none"

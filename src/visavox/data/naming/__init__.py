"""Corpora whose file names tell who speaks and how: one file for each way of naming, and what is recognised of a heap of files."""

from collections.abc import Sequence
from pathlib import Path

from visavox.data.naming.biwi import BIWI
from visavox.data.naming.crema_d import CREMA_D
from visavox.data.naming.grid import GRID
from visavox.data.naming.hdtf import HDTF
from visavox.data.naming.labels import Labels, Naming
from visavox.data.naming.mead import MEAD
from visavox.data.naming.ravdess import RAVDESS

NAMINGS: tuple[Naming, ...] = (MEAD, RAVDESS, CREMA_D, GRID, HDTF, BIWI)  # the strictest first
SHARE = 0.9  # of the files that must be named so: a read-me film among them is no reason to forget who speaks


def recognised(paths: Sequence[Path]) -> Naming | None:
    """The way in which these files are named, which nine in ten of them must be; None when they are named freely."""
    return next((naming for naming in NAMINGS if paths and sum(naming.of(path) is not None for path in paths) >= SHARE * len(paths)), None)


def chosen(paths: Sequence[Path], naming: Naming) -> tuple[list[tuple[Path, Labels | None]], list[Path]]:
    """The files to use with what their names say (None where one is named otherwise), and those that another file stands for. Those are the
    same speech from another camera, the same film without its sound, or the sound of a film among sounds."""
    there, used, left = set(paths), [], []
    for path in paths:
        labels = naming.of(path)
        if labels is not None and not there.isdisjoint({labels.better, labels.sound} - {path}):
            left.append(path)
        else:
            used.append((path, labels))
    return used, left

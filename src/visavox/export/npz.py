"""Motion file (.npz): see `visavox.io.motion`."""

from pathlib import Path

from visavox.export.accompaniment import Accompaniment
from visavox.io.motion import write_motion
from visavox.motion import Motion


def write_npz(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes the motion and the accompaniment's provenance."""
    write_motion(motion, path, accompaniment.provenance)

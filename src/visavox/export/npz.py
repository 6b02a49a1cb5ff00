"""Motion file (.npz): see `visavox.io.motion`."""

from pathlib import Path

from visavox.export.accompaniment import Setting
from visavox.io.motion import write_motion
from visavox.motion import Motion


def write_npz(motion: Motion, path: str | Path, setting: Setting) -> None:
    """Writes the motion and the setting's provenance."""
    write_motion(motion, path, setting.provenance)

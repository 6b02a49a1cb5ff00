"""Motion file (.npz): see `visavox.io.motion`."""

from pathlib import Path

from visavox.export.scene import Scene
from visavox.io.motion import write_motion
from visavox.motion import Motion


def write_npz(motion: Motion, path: str | Path, scene: Scene) -> None:
    """Writes the motion and the scene's provenance."""
    write_motion(motion, path, scene.provenance)

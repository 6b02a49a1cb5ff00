"""Clips of Visavox's own motion files (.npz, .parquet) with the sound of the same name: what was made or mended, taken back in."""

from collections.abc import Iterator
from pathlib import Path

from visavox.data.clip import Clip, common_part
from visavox.data.readers.tracked import find_sound, late_seconds, sound_beside
from visavox.io.audio import read_audio
from visavox.io.motion import is_motion, read_motion
from visavox.windows import FPS

MOTION = "motion"  # the folder where motion may lie apart from the sounds


def motion_files(folder: Path) -> dict[str, Path]:
    """The motion files of a folder, and of the folder `motion` in it, by name; a .parquet counts where a sound has its name.

    Raises a FileError for a .npz that is damaged.
    """
    found = {}
    for path in sorted([*folder.glob("*.npz"), *(folder / MOTION).glob("*.npz")]):
        if is_motion(path):
            found[path.stem] = path
    for path in sorted([*folder.glob("*.parquet"), *(folder / MOTION).glob("*.parquet")]):
        if path.stem not in found and sound_beside(folder, path.stem):
            found[path.stem] = path
    return found


def read_motion_files(folder: Path, source: str, licence: str) -> Iterator[Clip]:
    """The clips of `motion_files`, at 25 fps in the rig of their motion; the speaker is the name of the folder."""
    folder = Path(folder)
    late = late_seconds(folder)
    for name, path in sorted(motion_files(folder).items()):
        motion = read_motion(path).at_fps(FPS)
        audio, motion, _ = common_part(read_audio(find_sound(folder, name)), late.get(name, 0.0), motion, None)
        yield Clip(name, audio, folder.name, source, licence, motion=motion)

"""Video (.mp4): the motion as the accompaniment's renderer draws it, with the accompaniment's sound."""

from pathlib import Path

from visavox.errors import OptionError
from visavox.export.accompaniment import Accompaniment
from visavox.io.video import write_video
from visavox.motion import Motion
from visavox.scene import stored_frames


def write_mp4(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Draws `motion` and writes it with its sound; an OptionError without a renderer."""
    if accompaniment.renderer is None:
        raise OptionError(f"{path} is a picture, and nothing draws it; give a renderer, such as visavox.render.HeadRenderer")
    write_video(stored_frames(accompaniment.renderer, motion), accompaniment.audio, path, motion.fps, accompaniment.provenance)

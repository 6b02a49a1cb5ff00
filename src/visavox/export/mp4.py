"""Video (.mp4): the motion as the accompaniment's renderer draws it, with the accompaniment's sound."""

from pathlib import Path

import numpy as np

from visavox.errors import OptionError
from visavox.export.accompaniment import Accompaniment
from visavox.io.video import Planes, write_video
from visavox.motion import Motion


def write_mp4(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Draws `motion` and writes it with its sound; an OptionError without a renderer."""
    if accompaniment.renderer is None:
        raise OptionError(f"{path} is a picture, and nothing draws it; give a renderer, such as visavox.render.HeadRenderer")
    frames = map(_stored, accompaniment.renderer.frames(motion))
    write_video(frames, accompaniment.audio, path, motion.fps, accompaniment.provenance)


def _stored(picture: np.ndarray) -> np.ndarray | Planes:
    """The picture as a video stores it; one that no video holds is left for `write_video` to refuse."""
    from visavox.render.planes import in_planes  # compiled loops, which no other format needs

    return picture if picture.shape[0] % 2 or picture.shape[1] % 2 else in_planes(picture)

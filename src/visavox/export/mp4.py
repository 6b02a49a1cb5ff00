"""Video (.mp4): the motion as the setting's renderer draws it, with the setting's sound."""

from pathlib import Path

from visavox.errors import OptionError
from visavox.export.accompaniment import Setting
from visavox.io.video import write_video
from visavox.motion import Motion


def write_mp4(motion: Motion, path: str | Path, setting: Setting) -> None:
    """Draws `motion` and writes it with its sound; an OptionError without a renderer."""
    if setting.renderer is None:
        raise OptionError(f"{path} is a picture, and nothing draws it; give a renderer, such as visavox.render.HeadRenderer")
    write_video(setting.renderer.frames(motion), setting.audio, path, motion.fps)

"""The options of a picture, shared by the verbs that draw one, and the drawing itself."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from visavox.cli.options.cache import keep_compiled
from visavox.cli.options.parser import rate, whole
from visavox.cli.options.progress import progress
from visavox.errors import OptionError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from visavox.cli.options.model import Model
    from visavox.motion import Motion
    from visavox.portrait import Portrait
    from visavox.render import Renderer
    from visavox.render.appearance import Appearance
    from visavox.scene import MovingHead
    from visavox.style import AnyIdentity, FlameIdentity, Identity

SUFFIX = ".mp4"
SHAPE_FILES = (".npy", ".npz")
SOMEBODY = "neutral"  # the identity that is drawn when none is named
SMALLEST, USUAL_SIZE, LARGEST = 64, 512, 2048  # pixels
SLOWEST, FASTEST = 1, 240  # frames per second


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds identity, size and fps."""
    picture = parser.add_argument_group("picture")
    picture.add_argument("--identity", default=SOMEBODY, metavar="NAME|FILE", help="who the face is (neutral); a shape .npy for FLAME")
    picture.add_argument("--size", type=_even, default=USUAL_SIZE, metavar="PIXELS", help="width and height (default: 512)")
    picture.add_argument("--fps", type=rate(SLOWEST, FASTEST), metavar="RATE", help="frames per second (default: as the motion was made)")


class Who(NamedTuple):
    """Who is drawn, and who the model is told speaks; None: it is told nobody."""

    drawn: "AnyIdentity"
    speaking: "FlameIdentity | None" = None


@dataclass(frozen=True, eq=False)
class Picture:
    """How a motion shall be drawn: as whom, how large, and on what but the default head: a FLAME head's arrays, or a photo.

    The default head and FLAME are drawn by so many `threads`, as many as there are processors when None.
    """

    identity: "AnyIdentity"
    size: int = USUAL_SIZE
    flame: "dict[str, np.ndarray] | None" = None
    portrait: "Portrait | None" = None
    threads: int | None = None

    def renderer(self, motion: "Motion") -> "Renderer":
        """What draws `motion`, for a video and for a viewer alike: the first of RENDERERS that answers."""
        return Shown(next(found for draw in RENDERERS if (found := draw(self, motion))))


def _photo(picture: Picture, motion: "Motion") -> "Renderer | None":
    if picture.portrait is None:
        return None
    keep_compiled()
    from visavox.portrait import PortraitRenderer

    return PortraitRenderer(picture.portrait.on(motion.rig))


def _flame_head(picture: Picture, motion: "Motion") -> "Renderer | None":
    if picture.flame is None:
        return None
    from visavox.render.appearance import Appearance
    from visavox.rigs.heads.flame_head import FlameHead

    return _drawn(picture, FlameHead.from_arrays(picture.flame, motion.rig), Appearance.plain())


def _default_head(picture: Picture, motion: "Motion") -> "Renderer":
    from visavox.render.video import packaged_appearance
    from visavox.rigs.heads.default_head import Head

    return _drawn(picture, Head.default(motion.rig), packaged_appearance(picture.identity))


def _drawn(picture: Picture, head: "MovingHead", look: "Appearance") -> "Renderer":
    keep_compiled()
    from visavox.render import Camera, HeadRenderer

    return HeadRenderer(head, picture.identity, look, Camera.portrait(head, picture.identity, picture.size), picture.threads)


RENDERERS = (_photo, _flame_head, _default_head)  # each None for a picture that is not its own


def who(named: str, model: "Model", video: bool, head: str | None) -> Who:
    """Who the name or shape file of --identity is for that model, in a `video` or another file.

    A model that moves FLAME is told the face of a shape file (.npy or .npz of the authors of DiffPoseTalk), which a video then shows;
    every other one draws a preset. An OptionError when --identity is the other kind's, or a video lacks its user's FLAME `head`.
    """
    from visavox.io.head import CONVERT
    from visavox.rigs.heads.flame_head import MEAN_FACE
    from visavox.style import Identity

    if not model.moves_flame:
        if is_shape_file(named):
            rig = f"this model moves {model.rig_name!r}"
            raise OptionError(f"--identity {named} is a shape of FLAME, {rig}; name a preset or another --checkpoint")
        return Who(preset(named))
    shape = shape_of(named)
    if video and not head:
        raise OptionError(f"a {SUFFIX} of this model needs your FLAME head: give it with --head flame.safetensors; {CONVERT}")
    return Who((shape or MEAN_FACE) if video else Identity(), shape)


def preset(named: str) -> "Identity":
    """The preset of that name; an OptionError lists the valid names."""
    from visavox.io.assets import identity_names
    from visavox.style import Identity

    names = identity_names()
    if named not in names:
        raise OptionError(f"there is no identity {named!r}{nearest(named, names)}; --identity takes {', '.join(names)}")
    return Identity(named)


def shape_of(named: str) -> "FlameIdentity | None":
    """The face of a shape file (.npy, .npz) for a FLAME head; None for the mean face, when nobody is named.

    An OptionError for a preset of the default head; a FileError for a file that holds no face of FLAME.
    """
    from visavox.style import Identity

    if not is_shape_file(named):
        if named != Identity().name:
            raise OptionError(f"--identity {named} is a preset of the default head; a FLAME head takes a shape file of FLAME (.npy)")
        return None
    from visavox.convert.diffposetalk import read_shape

    return read_shape(named)


def is_shape_file(named: str) -> bool:
    """Whether an identity is named by a file, not as a preset."""
    return Path(named).suffix.lower() in SHAPE_FILES


def is_video(path: Path) -> bool:
    """Whether an output is a video, by its suffix."""
    return path.suffix.lower() == SUFFIX


class Shown:
    """A renderer that shows how far it has come."""

    def __init__(self, renderer: "Renderer"):
        self.renderer, self.size = renderer, renderer.size

    def frames(self, motion: "Motion") -> "Iterator[np.ndarray]":
        """The renderer's frames."""
        return progress(self.renderer.frames(motion), motion.frames, "drawing")


def _even(text: str) -> int:
    size = whole(SMALLEST, LARGEST)(text)
    if size % 2:
        raise argparse.ArgumentTypeError(f"{text!r} is odd; video needs an even number of pixels, such as {size + 1}")
    return size

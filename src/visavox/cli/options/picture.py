"""The options of a picture, shared by the verbs that draw one, and the drawing itself."""

import argparse
from typing import TYPE_CHECKING

from visavox.cli.options.cache import keep_compiled
from visavox.cli.options.parser import nearest, number, whole
from visavox.cli.options.progress import progress
from visavox.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from visavox.motion import Motion
    from visavox.render import Renderer
    from visavox.style import AnyIdentity, FlameIdentity, Identity

SUFFIX = ".mp4"
SHAPE_FILES = (".npy", ".npz")
SMALLEST, USUAL_SIZE, LARGEST = 64, 512, 2048  # pixels
SLOWEST, FASTEST = 1, 240  # frames per second


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds identity, size and fps."""
    picture = parser.add_argument_group("picture")
    picture.add_argument("--identity", default="neutral", metavar="NAME|FILE", help="who the face is (neutral); a shape .npy for FLAME")
    picture.add_argument("--size", type=_even, default=USUAL_SIZE, metavar="PIXELS", help="width and height (default: 512)")
    picture.add_argument("--fps", type=number(SLOWEST, FASTEST), metavar="RATE", help="frames per second (default: as the motion was made)")


def identity_of(options: argparse.Namespace) -> "Identity":
    """The identity that the options name; an OptionError lists the valid names."""
    from visavox.io.assets import identity_names
    from visavox.style import Identity

    names = identity_names()
    if options.identity not in names:
        near = nearest(options.identity, names)
        raise OptionError(f"there is no identity {options.identity!r}{near}; --identity takes {', '.join(names)}")
    return Identity(options.identity)


def shape_of(options: argparse.Namespace) -> "FlameIdentity | None":
    """The face of the shape file (.npy, .npz) that the options name for a FLAME head; None for the mean face, when they name nobody.

    An OptionError for a preset of the default head; a FileError for a file that holds no face of FLAME.
    """
    from visavox.style import Identity

    if not is_shape_file(options):
        if options.identity != Identity().name:
            preset = f"--identity {options.identity} is a preset of the default head"
            raise OptionError(f"{preset}; a FLAME head takes a shape file of FLAME (.npy)")
        return None
    from visavox.convert.diffposetalk import read_shape

    return read_shape(options.identity)


def is_shape_file(options: argparse.Namespace) -> bool:
    """Whether the options name a file for the identity, not a preset."""
    from pathlib import Path

    return Path(options.identity).suffix.lower() in SHAPE_FILES


class Shown:
    """A renderer that shows how far it has come."""

    def __init__(self, renderer: "Renderer"):
        self.renderer, self.size = renderer, renderer.size

    def frames(self, motion: "Motion") -> "Iterator[np.ndarray]":
        """The renderer's frames."""
        return progress(self.renderer.frames(motion), motion.frames, "drawing")


def renderer_of(
    motion: "Motion", identity: "AnyIdentity", size: int = USUAL_SIZE, flame: "dict[str, np.ndarray] | None" = None
) -> "Renderer":
    """What draws `motion` as `identity`, on the FLAME head of the arrays `flame` if given: for a video and for a viewer alike."""
    keep_compiled()

    from visavox.render import Camera, HeadRenderer
    from visavox.render.appearance import Appearance
    from visavox.render.video import packaged_appearance
    from visavox.rigs.heads.default_head import Head
    from visavox.rigs.heads.flame_head import FlameHead

    if flame is None:
        head, look = Head.default(motion.rig), packaged_appearance(identity)
    else:
        head, look = FlameHead.from_arrays(flame, motion.rig), Appearance.plain()
    return Shown(HeadRenderer(head, identity, look, Camera.portrait(head, identity, size)))


def _even(text: str) -> int:
    size = whole(SMALLEST, LARGEST)(text)
    if size % 2:
        raise argparse.ArgumentTypeError(f"{text!r} is odd; video needs an even number of pixels, such as {size + 1}")
    return size

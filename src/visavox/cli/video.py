"""The options of a picture, shared by the verbs that draw one, and the drawing itself."""

import argparse
from typing import TYPE_CHECKING

from visavox.cli.parser import nearest, number, whole
from visavox.cli.progress import progress
from visavox.errors import OptionError

if TYPE_CHECKING:
    from pathlib import Path

    from visavox.audio import Audio
    from visavox.motion import Motion
    from visavox.style import Identity

SUFFIX = ".mp4"
SMALLEST, LARGEST = 64, 2048  # pixels
SLOWEST, FASTEST = 1, 240  # frames per second


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds identity, size and fps."""
    picture = parser.add_argument_group("picture")
    picture.add_argument("--identity", default="neutral", metavar="NAME|FILE", help="who the face is (neutral); a .npy for FLAME")
    picture.add_argument("--size", type=_even, default=512, metavar="PIXELS", help="width and height (default: 512)")
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


def write(
    motion: "Motion", audio: "Audio | None", path: "Path", identity: "Identity", size: int, flame: str | None = None
) -> None:
    """Draws `motion` as `identity`, or on the FLAME head of the file `flame`, and writes it with its sound."""
    from visavox.io.assets import read_head_asset
    from visavox.io.head import CONVERT, read_head
    from visavox.io.video import write_video
    from visavox.render import Camera, render
    from visavox.render.appearance import Appearance
    from visavox.rigs.flame import EXPRESSION
    from visavox.rigs.flame_head import FlameHead
    from visavox.rigs.head import Head

    if EXPRESSION[0] in motion.rig and flame is None:
        raise OptionError(f"this motion is of rig {motion.rig.name!r}, which moves a FLAME head: render it with --head; {CONVERT}")
    if flame is None:
        head, look = Head.from_asset(read_head_asset(), motion.rig), None
    else:
        head, look = FlameHead.from_arrays(read_head(flame), motion.rig), Appearance.plain()
    frames = render(motion, head, Camera.portrait(head, identity, size), identity, look)
    write_video(progress(frames, motion.frames, "drawing"), audio, path, motion.fps)


def _even(text: str) -> int:
    size = whole(SMALLEST, LARGEST)(text)
    if size % 2:
        raise argparse.ArgumentTypeError(f"{text!r} is odd; video needs an even number of pixels, such as {size + 1}")
    return size

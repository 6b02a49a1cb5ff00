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
    picture.add_argument("--identity", default="neutral", metavar="NAME", help="who the face is (default: neutral)")
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


def write(motion: "Motion", audio: "Audio | None", path: "Path", identity: "Identity", size: int) -> None:
    """Draws `motion` as `identity` and writes it with its sound."""
    from visavox.io.assets import read_head_asset
    from visavox.io.video import write_video
    from visavox.render import Camera, render
    from visavox.rigs.head import Head

    head = Head.from_asset(read_head_asset(), motion.rig)
    frames = render(motion, head, Camera.portrait(head, identity, size), identity)
    write_video(progress(frames, motion.frames, "drawing"), audio, path, motion.fps)


def _even(text: str) -> int:
    size = whole(SMALLEST, LARGEST)(text)
    if size % 2:
        raise argparse.ArgumentTypeError(f"{text!r} is odd; video needs an even number of pixels, such as {size + 1}")
    return size

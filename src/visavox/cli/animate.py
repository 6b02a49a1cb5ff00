"""Animates a recording, or many; the output's suffix chooses a video, a motion file or curves for another program."""

import time
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from visavox.cli import animate_many as many
from visavox.cli.animating import Request, animate
from visavox.cli.options import emotion as feeling
from visavox.cli.options import export as exporting
from visavox.cli.options import landmarker, signing
from visavox.cli.options import performance as performing
from visavox.cli.options import picture as drawing
from visavox.cli.options import portrait as portraits
from visavox.cli.options import sampling as speaking
from visavox.cli.options.output import report, targets
from visavox.cli.options.parser import whole
from visavox.cli.options.styles import has_film

if TYPE_CHECKING:
    from visavox.animate import Animator

READ = (
    "speech", "checkpoint", "style", "identity", "head", "rig", "portrait", "landmarks", "cues", "transcript", "pose", "surroundings",
    "emotion", "background", "segmenter", "landmark_model", "certificate", "certificate_key",
)  # the options that name files which are read  # fmt: skip
HELP = "turn a recording into a moving face"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the recording, the output, how the face speaks and how it is drawn."""
    parser.add_argument("speech", metavar="SPEECH", help="wav, flac, mp3, m4a, ogg, opus, a video with sound; a folder or a list of them")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="what to write: .mp4, .npz, .csv, .glb ...; a folder for many")
    parser.add_argument("--takes", type=whole(1, 99), default=1, metavar="N", help="write N takes: OUT-1, OUT-2 ...")
    speaking.add_arguments(parser)
    feeling.add_arguments(parser)
    performing.add_arguments(parser)
    drawing.add_arguments(parser)
    portraits.add_arguments(parser)
    exporting.add_arguments(parser)
    signing.add_arguments(parser)
    many.add_arguments(parser)


def run(options: Namespace) -> None:
    """Checks every option, then encodes, animates and writes each take; each recording of a folder or a list."""
    started = time.monotonic()
    from visavox.batch.listing import is_batch
    from visavox.export import provenance_file, suffixes

    if is_batch(options.speech):
        many.run(options)
        return
    many.refuse_for_one(options)
    paths = targets(options.output, options.takes, tuple(getattr(options, name) for name in READ), suffixes(), provenance_file)
    landmarker.refuse_unused(options.landmark_model, bool(options.portrait) or has_film(options.style) or feeling.is_seen(options.emotion))
    made = animate(Request.from_options(options, paths[0]), paths, _loaded)
    report(paths, time.monotonic() - started, made, animated=True)


def _loaded(path: str | None, precision: str | None) -> "Animator":
    from visavox.loading import load

    return load(path, precision=precision)

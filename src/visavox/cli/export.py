"""Writes a motion (.npz, .parquet, a Live Link .csv) for another program; the output's suffix chooses the format (see docs/formats.md)."""

import time
from argparse import ArgumentParser, Namespace
from dataclasses import replace

from visavox.cli.options import export as exporting
from visavox.cli.options.export import Target
from visavox.cli.options.moving import sound_beside, stored_motion
from visavox.cli.options.output import report, targets
from visavox.cli.options.parser import rate
from visavox.cli.options.picture import FASTEST, SLOWEST, SOMEBODY, Picture, is_video, preset

HELP = "write a motion file for another program"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the motion, the output, the recording, the face and the rate."""
    parser.add_argument("motion", metavar="MOTION", help="a motion (.npz, .parquet), or a take of Live Link (.csv)")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="what to write: .glb, .csv, .usdc, .a2f.json ...")
    parser.add_argument("--audio", metavar="FILE", help="the recording that the motion speaks, for formats that hold sound")
    parser.add_argument("--identity", default=SOMEBODY, metavar="NAME", help=f"who the default head is (default: {SOMEBODY})")
    parser.add_argument("--fps", type=rate(SLOWEST, FASTEST), metavar="RATE", help="frames per second (default: the motion's)")
    exporting.add_arguments(parser)


def run(options: Namespace) -> None:
    """Checks every option, then reads, resamples and writes."""
    started = time.monotonic()
    from visavox.export import provenance_file, suffixes

    inputs = (options.motion, options.audio, options.head, options.rig)
    (path,) = targets(options.output, 1, inputs, suffixes(), provenance_file)
    target = Target.from_options(options, path)
    face, identity = target.face(), preset(options.identity)

    from visavox.io.pipes import source_name
    from visavox.provenance import drawn

    motion = stored_motion(options.motion)
    audio = sound_beside(options.audio, motion, options.motion)
    motion = motion.at_fps(options.fps or motion.fps)
    if is_video(path) and not motion.provenance:
        motion = replace(motion, provenance=drawn(source_name(options.motion)))
    motion = target.attributed(motion)
    exporting.write(motion, path, target.accompaniment(audio, identity, face), Picture(identity))
    report([path], time.monotonic() - started, motion.seconds)

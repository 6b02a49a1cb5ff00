"""Draws a motion file (.npz) as a video (.mp4) of a speaking face, with sound when a recording is given."""

import time
from argparse import ArgumentParser, Namespace

from visavox.cli import signing, video
from visavox.cli.output import report, targets

HELP = "draw a motion file as a video"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the motion, the recording, the output and the look of the picture."""
    parser.add_argument("motion", metavar="MOTION", help="a .npz that `visavox animate` wrote")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="the .mp4 to write")
    parser.add_argument("--head", metavar="FILE", help="your FLAME head (.safetensors), for motion of FLAME's rig")
    parser.add_argument("--audio", metavar="FILE", help="the recording that the motion speaks, for the sound")
    video.add_arguments(parser)
    signing.add_arguments(parser)


def run(options: Namespace) -> None:
    """Checks every option, then reads, draws and writes."""
    started = time.monotonic()
    inputs = (options.motion, options.audio) if options.audio else (options.motion,)
    (target,) = targets(options.output, 1, inputs, (video.SUFFIX,))
    identity, certificate = video.identity_of(options), signing.certificate_of(options)

    from visavox.io.audio import read_audio
    from visavox.io.motion import read_motion, read_provenance

    motion = read_motion(options.motion)
    audio = read_audio(options.audio) if options.audio else None
    motion = motion.at_fps(options.fps or motion.fps)
    video.write(motion, audio, target, identity, options.size, options.head)
    signing.sign_video(target, read_provenance(options.motion), certificate)
    report([target], time.monotonic() - started, motion.seconds)

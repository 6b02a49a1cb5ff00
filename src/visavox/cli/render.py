"""Draws a motion (.npz, .parquet, a Live Link .csv) as a video (.mp4) of a speaking face, with sound when a recording is given."""

import time
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from visavox.cli.options import landmarker, signing
from visavox.cli.options import picture as video
from visavox.cli.options import portrait as portraits
from visavox.cli.options.moving import sound_beside, stored_motion
from visavox.cli.options.output import report, targets
from visavox.cli.options.picture import Picture
from visavox.cli.options.portrait import Speaking
from visavox.errors import OptionError

if TYPE_CHECKING:
    from visavox.motion import Motion

READ = (
    "motion", "audio", "head", "identity", "portrait", "landmarks", "background", "segmenter", "landmark_model", "certificate",
    "certificate_key",
)  # the options that name files which are read  # fmt: skip
HELP = "draw a motion file as a video"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the motion, the recording, the output and the look of the picture."""
    parser.add_argument("motion", metavar="MOTION", help="a motion (.npz, .parquet), or a take of Live Link (.csv)")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="the .mp4 to write")
    parser.add_argument("--head", metavar="FILE", help="your FLAME head (.safetensors), for motion of FLAME's rig")
    parser.add_argument("--audio", metavar="FILE", help="the recording that the motion speaks, for the sound")
    video.add_arguments(parser)
    portraits.add_arguments(parser)
    parser.add_argument("--consent", metavar="TEXT", help="for --portrait: whose face this is and who agreed, kept in the file")
    signing.add_arguments(parser)


def run(options: Namespace) -> None:
    """Checks every option, then reads, draws and writes."""
    started = time.monotonic()
    (target,) = targets(options.output, 1, tuple(getattr(options, name) for name in READ), (video.SUFFIX,))
    landmarker.refuse_unused(options.landmark_model, bool(options.portrait))
    certificate = signing.read_certificate(options.certificate, options.certificate_key)

    from visavox.export import Accompaniment, export
    from visavox.io.pipes import source_name
    from visavox.provenance import drawn, portrayed

    motion = stored_motion(options.motion)
    photo = Speaking.from_options(options, True, None)
    if photo:
        picture = Picture(video.preset(options.identity), options.size, portrait=photo.portrait)
    else:
        picture = _picture(motion, options.motion, options.identity, options.head, options.size)
    audio = sound_beside(options.audio, motion, options.motion)
    motion = motion.at_fps(options.fps or motion.fps)
    motion = replace(motion, provenance=motion.provenance or drawn(source_name(options.motion)))
    if photo:
        motion = replace(motion, provenance=portrayed(motion.provenance, photo.provenance))
    export(motion, target, Accompaniment(audio, renderer=picture.renderer(motion)))
    signing.sign_video(target, motion.provenance, certificate)
    report([target], time.monotonic() - started, motion.seconds)


def _picture(motion: "Motion", file: str, named: str, head: str | None, size: int) -> Picture:
    """How the motion of `file` is drawn: on the FLAME head that it moves, in the file `head`, or on the default head."""
    from visavox.io.head import CONVERT, read_head
    from visavox.rigs.flame import EXPRESSION
    from visavox.rigs.heads.flame_head import MEAN_FACE

    if EXPRESSION[0] in motion.rig:
        if head is None:
            raise OptionError(f"this motion is of rig {motion.rig.name!r}, which moves a FLAME head: render it with --head; {CONVERT}")
        flame = read_head(head)
        return Picture(video.shape_of(named) or MEAN_FACE, size, flame)
    for flag, given in (("--head", head), ("--identity", video.is_shape_file(named) and named)):
        if given:
            moved = f"{file} is of rig {motion.rig.name!r}"
            raise OptionError(f"{flag} {given} is of FLAME, {moved}; leave it out, or carry the motion over: visavox retarget --to flame")
    return Picture(video.preset(named), size)

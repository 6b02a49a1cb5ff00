"""Animates a whole recording, then sends it, frame by frame on a steady clock, to a running program."""

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from visavox.cli.options import export as exporting
from visavox.cli.options import receiver
from visavox.cli.options import sampling as speaking
from visavox.cli.options.moving import stored_motion
from visavox.cli.options.parser import rate
from visavox.cli.options.picture import FASTEST, SLOWEST
from visavox.cli.options.progress import counting
from visavox.cli.options.receiver import PROTOCOLS
from visavox.cli.options.sampling import Speech
from visavox.cli.process import accept_interruptions
from visavox.errors import OptionError, nearest

if TYPE_CHECKING:
    from visavox.motion import Motion

HELP = "animate a recording, then send it to Unreal, VRM programs, a page or a pipe"
USUAL_FPS = 60


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the recording, the protocol, the receiver and how the face speaks."""
    speech = "a recording, a motion (.npz, .parquet, a Live Link .csv), or - for a recording on standard input, read to its end first"
    parser.add_argument("speech", metavar="SPEECH", help=speech)
    parser.add_argument("--to", required=True, metavar="PROTOCOL", help=f"one of {', '.join(PROTOCOLS)}")
    parser.add_argument(
        "--fps", type=rate(SLOWEST, FASTEST), default=USUAL_FPS, metavar="RATE", help=f"frames per second (default: {USUAL_FPS})"
    )
    receiver.add_arguments(parser)
    speaking.add_arguments(parser)


def run(options: Namespace) -> None:
    """Checks the options, makes the motion, then sends it until its end, Ctrl-C, or a request to stop."""
    if options.to not in PROTOCOLS:
        raise OptionError(f"there is no protocol {options.to!r}{nearest(options.to, PROTOCOLS)}; --to takes {', '.join(PROTOCOLS)}")
    rig_map = exporting.read_rig_map(options.rig)
    receiver.refuse_unused(options.to, options.address)
    stored = _stored(options.speech)
    if stored and (given := speaking.given_from_options(options)):
        raise OptionError(f"{given[0]} is for a recording, and {options.speech} is a motion already; leave it out")
    motion = (stored or _animated(options.speech, Speech.from_options(options))).at_fps(options.fps)

    from visavox.export.required_shapes import missing_shapes
    from visavox.serve.live import play, sender_for
    from visavox.serve.live.sender import Address

    worn = rig_map.apply(motion) if rig_map else motion
    sender = sender_for(options.to, Address(*options.address), worn.frames)

    def began() -> None:
        if options.to == "live-link":
            exporting.say_zeroed(missing_shapes(worn), worn.rig.name, options.to)
        print(f"visavox: sending {motion.frames} frames, {motion.seconds:.1f} s, to {options.to}; Ctrl-C stops", file=sys.stderr)

    accept_interruptions()
    late = play(sender, worn, began)
    if late:
        print(f"visavox: {late} frames came too late and were left out", file=sys.stderr)


def _stored(file: str) -> "Motion | None":
    """The motion of a file of one, told by its suffix or by how it begins; None for a recording. An OptionError for what is made of one."""
    from visavox.export import suffixes
    from visavox.io.motion import begins_like_motion

    if file.lower().endswith((".npz", ".parquet", ".csv")) or begins_like_motion(file):
        return stored_motion(file)
    made = next((suffix for suffix in suffixes() if suffix != ".mp4" and file.lower().endswith(suffix)), None)
    if made:
        raise OptionError(f"play sends a recording or a motion (.npz, .parquet, .csv), not {made}; give the motion that {file} was made of")
    return None


def _animated(recording: str, speech: Speech) -> "Motion":
    """The motion that the recording makes."""
    from visavox.io.audio import read_audio

    audio = read_audio(recording)

    from visavox.loading import load

    with counting("animating") as progress:
        animator = load(speech.model.path, precision=speech.precision)
        return animator.reporting(progress).animate(audio, speech.style, seed=speech.seed, sampling=speech.sampling)

"""Animates speech while it is spoken: sound in on standard input or from a microphone, frames out as they are ready."""

import signal
import sys
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.cli.options import export as exporting
from visavox.cli.options import sampling as speaking
from visavox.cli.options.parser import nearest, whole
from visavox.cli.options.sampling import Speech
from visavox.cli.play import PROTOCOLS, address
from visavox.errors import FileError, OptionError

if TYPE_CHECKING:
    from visavox.serve.live.sender import Sender
    from visavox.serve.live.sounds import Sounds
    from visavox.stream import Stream

HELP = "animate speech while it is spoken, live"
USUAL_RATE = 16_000


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the sound, where frames go and how the face speaks."""
    sound = "- for sound on standard input, or a pipe or file of it: 16-bit mono samples, or .wav, one after another"
    parser.add_argument("sound", metavar="SOUND", nargs="?", help=sound)
    parser.add_argument("--microphone", action="store_true", help="the sound of the microphone, in place of SOUND")
    parser.add_argument("--rate", type=whole(2_000, 768_000), default=USUAL_RATE, metavar="HZ", help="of raw samples (default: 16000)")
    to = f"one of {', '.join(PROTOCOLS)}, a .jsonl or .npz file, or - for JSON lines"
    parser.add_argument("--to", required=True, metavar="PROTOCOL|FILE", help=to)
    parser.add_argument(
        "--address", type=address, default=("127.0.0.1", 0), metavar="HOST:PORT", help="the receiver (default: this machine, the protocol's port)"
    )
    parser.add_argument("--rig", metavar="FILE", help="a rig map (.toml, see `visavox rig init`)")
    parser.add_argument("--at-once", action="store_true", help="send every frame as soon as it can be made, without a clock")
    speaking.add_voice(parser)


def run(options: Namespace) -> None:
    """Checks the options, then follows the sound to its end, Ctrl-C, or a request to stop; says at the end how late frames were."""
    if options.microphone == (options.sound is not None):
        raise OptionError("give either SOUND, such as - for standard input, or --microphone")
    if options.microphone and options.at_once:
        raise OptionError("--at-once is for sound that is there already; a microphone has its own clock")
    rig_map, speech = exporting.read_rig_map(options.rig), Speech.from_options(options)
    _check_target(options.to)

    from visavox.loading import load
    from visavox.serve.live.following import Following, follow_at_once, sending
    from visavox.stream import Stream

    with ExitStack() as stack:
        sounds = _sounds(options, stack)
        stream = Stream(load(speech.model.path), speech.style, seed=speech.seed, sample_rate=options.rate)
        sender = _sender(options, stream)
        send = _worn(sender, rig_map, stream) if rig_map else sending(sender)
        asked = _interruptions()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs inherit it ignored
        sender.open(rig_map.rig if rig_map else stream.rig, 25.0)
        stack.callback(sender.close)
        stack.callback(sounds.close)
        if options.at_once:
            report = follow_at_once(stream, sounds, send)
            print(f"visavox: {report.in_words()}", file=sys.stderr)
            return
        following = Following(stream, sounds, send, lambda: bool(asked and asked.pop()))
        stack.callback(lambda: print(f"visavox: {following.report.in_words()}", file=sys.stderr))
        following.run()

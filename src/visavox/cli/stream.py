"""Animates speech while it is spoken: sound in on standard input or from a microphone, frames out as they are ready."""

import signal
import sys
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.cli.options import export as exporting
from visavox.cli.options import receiver
from visavox.cli.options import sampling as speaking
from visavox.cli.options.emotion import AUTO, FILMS, PICTURES
from visavox.cli.options.output import targets
from visavox.cli.options.parser import whole
from visavox.cli.options.performance import gains_of
from visavox.cli.options.receiver import PROTOCOLS
from visavox.cli.options.sampling import Speech
from visavox.cli.process import accept_interruptions
from visavox.errors import FileError, OptionError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    import numpy as np

    from visavox.cue import Cue
    from visavox.emotion import EmotionMix
    from visavox.motion import Motion
    from visavox.rig import Rig
    from visavox.rigs.retargeting.rig_map import RigMap
    from visavox.serve.live.following import Report
    from visavox.serve.live.sender import Sender
    from visavox.serve.live.sounds import Sounds
    from visavox.stream import Stream

HELP = "animate speech while it is spoken, live"
USUAL_RATE, FPS = 16_000, 25.0


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the sound, where frames go and how the face speaks."""
    sound = "- for sound on standard input, or a pipe or file of it: 16-bit mono samples, or .wav, one after another"
    parser.add_argument("sound", metavar="SOUND", nargs="?", help=sound)
    parser.add_argument("--microphone", action="store_true", help="the sound of the microphone, in place of SOUND")
    parser.add_argument("--rate", type=whole(2_000, 768_000), default=USUAL_RATE, metavar="HZ", help="of raw samples (default: 16000)")
    to = f"one of {', '.join(PROTOCOLS)}, a .jsonl or .npz file, or - for JSON lines"
    parser.add_argument("--to", required=True, metavar="PROTOCOL|FILE", help=to)
    receiver.add_arguments(parser)
    parser.add_argument(
        "--latency", type=whole(120, 400), default=200, metavar="MS",
        help="milliseconds from sound to frame, 120 to 400: with more the lips know more of what comes (default: 200)",
    )  # fmt: skip
    parser.add_argument("--at-once", action="store_true", help="send every frame as soon as it can be made, without a clock")
    speaking.add_speaker(parser)
    performed = parser.add_argument_group("performance")
    performed.add_argument("--cues", metavar="FILE", help="timed instructions (.vtt), which act when their times come from the start on")
    performed.add_argument("--gain", metavar="WORDS", help="how strongly parts move, such as 'head 0.5, brows 1.3'")
    performed.add_argument("--emotion", metavar="WORDS", help="such as 'happy 0.6 + surprised 0.3' or 'sad @ brows'")


def run(options: Namespace) -> None:
    """Checks the options, then follows the sound to its end, Ctrl-C, or a request to stop; says at the end how late frames were."""
    if options.microphone == (options.sound is not None):
        raise OptionError("give either SOUND, such as - for standard input, or --microphone")
    if options.microphone and options.at_once:
        raise OptionError("--at-once is for sound that is there already; a microphone has its own clock")
    rig_map, speech = exporting.read_rig_map(options.rig), Speech.live_from_options(options)
    receiver.refuse_unused(options.to, options.address)
    cues = _cues(options.cues, options.gain, options.emotion)
    target = _target(options.to, (options.sound, options.cues, options.rig, speech.model.path))

    from visavox.serve.live.following import Following, follow_at_once, sending

    with ExitStack() as stack:
        sounds = _sounds(options, stack)
        stream = _stream(speech, options.rate, cues, options.latency)
        sender = target(options, stream)
        worn = _Worn(sender, rig_map, stream.rig) if rig_map else sender
        worn.open(stream.rig, FPS)
        stack.callback(worn.close)
        if options.at_once:
            report = follow_at_once(stream, sounds, sending(worn))
            _tell(report)
            _refuse_nothing(report, options.sound)
            return
        following = Following(stream, sounds, sending(worn), _interruptions())
        stack.callback(_tell, following.report)
        accept_interruptions()
        print(f"visavox: following {'the microphone' if options.microphone else options.sound}; Ctrl-C stops", file=sys.stderr)
        following.run()
        _refuse_nothing(following.report, options.sound)


def _tell(report: "Report") -> None:
    """Says how it went, where any sound came at all: else an error says why none did."""
    if report.sound:
        print(f"visavox: {report.in_words()}", file=sys.stderr)


def _refuse_nothing(report: "Report", name: str | None) -> None:
    """A FileError where the sound ended before any came, as of a program that failed in front of the pipe."""
    if not report.sound:
        source = "standard input" if name == "-" else name or "the microphone"
        raise FileError(f"{source} ended without any sound; look at what should have made it")


class _Worn:
    """A sender of frames on the rig of a map."""

    def __init__(self, sender: "Sender", rig_map: "RigMap", rig: "Rig"):
        self._sender, self._map, self._rig = sender, rig_map, rig

    def open(self, rig: "Rig", fps: float) -> None:
        """Opens the sender for the map's rig."""
        self._fps = fps
        import numpy

        self._sender.open(self._mapped(numpy.zeros(len(rig))).rig, fps)

    def send(self, seconds: float, values: "np.ndarray") -> None:
        """Sends one frame on the map's rig."""
        self._sender.send(seconds, self._mapped(values).values[0])

    def close(self) -> None:
        """Closes the sender."""
        self._sender.close()

    def _mapped(self, values: "np.ndarray") -> "Motion":
        from visavox.motion import Motion

        return self._map.apply(Motion(values[None], self._fps, self._rig))


def _target(to: str, inputs: tuple[str | None, ...]) -> "Callable[[Namespace, Stream], Sender]":
    """What makes the sender of --to; an OptionError for what is none or would replace one of the `inputs`, before anything is loaded."""
    from visavox.serve.live import sender_for
    from visavox.serve.live.sender import Address
    from visavox.serve.live.written import SUFFIXES, JsonFile, MotionFile

    if to == "-" or to in PROTOCOLS:
        return lambda options, stream: sender_for("jsonl" if to == "-" else to, Address(*options.address))
    path = Path(to)
    if path.suffix.lower() not in SUFFIXES:
        known = f"--to takes {', '.join(PROTOCOLS)}, a file ({' or '.join(SUFFIXES)}), or -"
        raise OptionError(f"there is no protocol {to!r}{nearest(to, PROTOCOLS)}; {known}")
    targets(to, 1, inputs, SUFFIXES)
    if path.suffix.lower() == ".jsonl":
        file = JsonFile(path)
        return lambda options, stream: file
    MotionFile(path, {})  # looks whether it can be written
    return lambda options, stream: MotionFile(path, stream.provenance)


def _cues(file: str | None, gains: str | None, emotion: str | None) -> "list[Cue]":
    """What the options ask of the face, as cues; an OptionError for what is not understood or cannot act live."""
    from visavox.cue import LATEST, Cue
    from visavox.cues import read_cues
    from visavox.cues.kinds.emotion import Emotion
    from visavox.cues.live import live_cues

    whole = [Cue(0.0, LATEST, gain) for gain in gains_of(gains)]
    if emotion is not None:
        whole.append(Cue(0.0, LATEST, Emotion(_mix(emotion))))
    try:
        return [*whole, *live_cues(read_cues(file) if file else [])]
    except OptionError as error:
        raise OptionError(f"{file}, {error}") from None


def _mix(words: str) -> "EmotionMix":
    from visavox.emotion import EmotionMix

    if words.strip() == AUTO or Path(words).suffix.lower() in (*PICTURES, *FILMS):
        what = "is read from the whole recording" if words.strip() == AUTO else "is read from a file"
        raise OptionError(f"--emotion {words} {what}, not live; name the emotion, such as 'happy 0.6', or use visavox animate")
    try:
        return EmotionMix.parse(words)
    except OptionError as error:
        raise OptionError(f"--emotion: {error}") from None


def _stream(speech: Speech, sample_rate: int, cues: "list[Cue]", milliseconds: int) -> "Stream":
    import numpy as np

    from visavox.loading import load
    from visavox.stream import Stream
    from visavox.stream.latency import pace_within

    animator = load(speech.model.path, threads=1, live=True, precision=speech.precision)  # blocks are too small to be shared
    pace = pace_within(milliseconds / 1000)._asdict()
    Stream(animator, **pace).feed(np.zeros(16_000, np.float32))  # whatever the first blocks wait for is done before the clock starts
    return Stream(animator, speech.style, seed=speech.seed, sample_rate=sample_rate, sampling=speech.sampling, cues=cues, **pace)


def _sounds(options: Namespace, stack: ExitStack) -> "Sounds":
    """The source of the sound, opened; a FileError for a file that cannot be read."""
    from visavox.serve.live.sounds import Microphone, PipedSound

    if options.microphone:
        sounds = Microphone()
    else:
        sounds = PipedSound(_opened(options.sound, stack), options.rate)
    stack.callback(sounds.close)
    return sounds


def _opened(name: str, stack: ExitStack) -> "BinaryIO":
    if name == "-":
        if sys.stdin is None:
            raise FileError("standard input is closed; pipe sound into it")
        if sys.stdin.isatty():
            raise FileError("standard input is a terminal; pipe sound into it, or use --microphone")
        return sys.stdin.buffer
    try:
        return stack.enter_context(open(name, "rb", buffering=0))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FileError(f"{name} cannot be read ({reason}); check its name, or pipe sound into: visavox stream -") from None


def _interruptions() -> "Callable[[], bool]":
    """A function that says whether SIGUSR1 came since the last call: what is being said is cut off then."""
    asked: list[bool] = []
    if hasattr(signal, "SIGUSR1"):
        signal.signal(signal.SIGUSR1, lambda number, frame: asked.append(True))

    def interrupted() -> bool:
        came = bool(asked)
        asked.clear()
        return came

    return interrupted

"""The command line `visavox VERB ...`: one file per verb, each with `HELP`, `add_arguments(parser)`, `run(options)`.

A new verb is one file beside these and one entry in `MENU`. Nothing heavy is imported before a verb runs.
"""

import os
import signal
import sys

from visavox.cli import (
    animate,
    build,
    convert,
    convert_head,
    cues,
    direct,
    doctor,
    evaluate,
    export,
    inspect,
    keys,
    play,
    portrait,
    prepare,
    render,
    retarget,
    rig,
    store,
    stream,
    style,
    synth,
    track,
    train,
)
from visavox.cli.options.parser import parse
from visavox.cli.process import Signals, lacks_memory, plain_warnings, standard_streams
from visavox.errors import VisavoxError
from visavox.fields import printable
from visavox.io.atomic import remove_unfinished
from visavox.version import VERSION

MENU = {  # the verbs under their headings, in the order in which they are shown
    "make a face speak": (animate, render, portrait),
    "live": (stream, play),
    "direct it": (direct, cues, keys),
    "other programs and characters": (export, rig, retarget, convert, convert_head),
    "from films": (track, style),
    "train and measure": (prepare, store, synth, train, build, evaluate),
    "files and this machine": (inspect, doctor),
}
VERBS = tuple(verb for verbs in MENU.values() for verb in verbs)

FAILED, BAD_INPUT, SIGNALLED = 1, 2, 128
LONGEST_LINE = 1200  # characters of an error
NO_MEMORY = "there is not enough memory; close other programs, or give something shorter"
EXTRAS = {"torch": "train"}  # libraries that whole commands need, and what installs them


def main(arguments: list[str] | None = None) -> int:
    """The exit code of one command: 0; 2 after bad input (one stderr line); 128 + a signal's number after it (130: Ctrl-C, 143: SIGTERM);
    1 after our own fault."""
    # The networks are small: a second thread gains little on a quiet machine and costs a lot on a busy one.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with standard_streams(), plain_warnings(), Signals().caught() as signals:
        outcome = signals.carried_out(lambda: _outcome(sys.argv[1:] if arguments is None else arguments))
        code, message = _stopped(signals.seen) if signals.seen else outcome  # a library may have made something else of the interruption
        if message:
            print(f"visavox: {_shortened(message)}", file=sys.stderr)
        return code


def _outcome(arguments: list[str]) -> tuple[int, str]:
    """The exit code of one command that no signal ends, and what is to be said about it."""
    try:
        _run(arguments)
        return 0, ""
    except VisavoxError as error:
        return BAD_INPUT, " ".join(str(error).split())
    except BrokenPipeError:  # the reader of our output left, as in `visavox inspect FILE | head`
        return 0, ""
    except Exception as error:
        if os.environ.get("VISAVOX_TRACE"):
            raise
        return _explained(error)


def _run(arguments: list[str]) -> None:
    try:
        options = parse(MENU, VERSION, arguments)
    except SystemExit:  # after help, which may still wait to be written
        sys.stdout.flush()
        raise
    options.run(options)
    sys.stdout.flush()


def _explained(error: Exception) -> tuple[int, str]:
    """What is no error of ours: a library that is missing, what the system refuses, or our own fault."""
    if isinstance(error, ModuleNotFoundError) and error.name in EXTRAS:
        return BAD_INPUT, f"this needs {error.name}, which is not installed: pip install 'visavox[{EXTRAS[error.name]}]'"
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        name = printable(os.path.basename(error.object))
        return BAD_INPUT, f"the name {name} is not UTF-8 text, which it has to be here; rename it"
    if lacks_memory(error):
        return BAD_INPUT, NO_MEMORY
    if isinstance(error, OSError) and error.errno:
        return BAD_INPUT, _refusal(error)
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return FAILED, f"unexpected {what}; run it again with VISAVOX_TRACE=1 to see where, and report it"


def _stopped(stopped: KeyboardInterrupt) -> tuple[int, str]:
    number = getattr(stopped, "number", signal.SIGINT)
    remove_unfinished()
    what = "interrupted" if number == signal.SIGINT else f"stopped by {signal.Signals(number).name}"
    return SIGNALLED + number, f"{what}; no unfinished file is left"


def _refusal(error: OSError) -> str:
    """What the system refused where no part of ours looks for it, such as a library's own temporary file on a full disk."""
    where = f" ({error.filename})" if error.filename else ""
    return f"the system refuses: {' '.join(str(error.strerror).split())}{where}; put that right and run it again"


def _shortened(message: str) -> str:
    """The message, without the middle of what it quotes, which may be a book."""
    return message if len(message) <= LONGEST_LINE else f"{message[: LONGEST_LINE // 2]} ... {message[-LONGEST_LINE // 2 :]}"

"""The command line `visavox VERB ...`: one file per verb, each with `HELP`, `add_arguments(parser)`, `run(options)`.

A new verb is one file beside these and one entry in `VERBS`. Nothing heavy is imported before a verb runs.
"""

import os
import sys

from visavox import __version__
from visavox.cli import (
    animate,
    build,
    convert,
    convert_head,
    evaluate,
    export,
    inspect,
    render,
    retarget,
    rig,
    store,
    stream,
    style,
    synth,
    train,
)
from visavox.cli.options.parser import parse
from visavox.errors import VisavoxError

VERBS = (
    animate, render, export, stream, rig, inspect, evaluate, retarget, style, convert, convert_head, synth, store, train, build,
)  # in the order of the menu  # fmt: skip

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130


def main(arguments: list[str] | None = None) -> int:
    """The exit code of one command: 0; 2 after bad input (one stderr line); 130 after Ctrl-C; 1 after our own fault."""
    # The networks are small: a second thread gains little on a quiet machine and costs a lot on a busy one.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        options = parse(VERBS, __version__, sys.argv[1:] if arguments is None else arguments)
        options.run(options)
        sys.stdout.flush()
        return 0
    except VisavoxError as error:
        return _complain(" ".join(str(error).split()), BAD_INPUT)
    except KeyboardInterrupt:
        return _complain("interrupted; no unfinished file is left", INTERRUPTED)
    except BrokenPipeError:  # the reader of our output left, as in `visavox inspect FILE | head`
        sys.stdout = open(os.devnull, "w")  # so that Python's own flush at exit finds a place to write
        return 0
    except Exception as error:
        if os.environ.get("VISAVOX_TRACE"):
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return _complain(f"unexpected {what}; run it again with VISAVOX_TRACE=1 to see where, and report it", FAILED)


def _complain(message: str, code: int) -> int:
    print(f"visavox: {message}", file=sys.stderr)
    return code

"""What a command owes the process that it runs in: standard streams that may be closed or full, signals, warnings in one line."""

import errno
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from visavox.errors import FileError, VisavoxWarning

Outcome = TypeVar("Outcome")

PATIENCE = 0.5  # seconds after which a signal that was caught and came to nothing is raised again
MEMORY_WORDS = (  # how libraries say it that raise something else than a MemoryError
    "failed to map segment", "cannot allocate memory", "bad_alloc", "can't start new thread", "failed to allocate", "unable to allocate",
    "out of memory",
)  # fmt: skip
CAUGHT = ("SIGINT", "SIGTERM", "SIGHUP")
MMAP_THRESHOLD, LARGE = -3, 4 << 20  # the number of that setting of GNU's C library; bytes of an array that gets room of its own


def give_large_memory_back() -> None:
    """Has the room of every large array given back to the system as soon as it is free, where the C library is GNU's.

    By itself it comes to keep such room, in which the next array finds no place between what has stayed: over hours of sound at 48 kHz
    that was 100 MB.
    """
    import ctypes

    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(MMAP_THRESHOLD, LARGE)


def lacks_memory(error: BaseException | None) -> bool:
    """Whether an error, or one that it came from, is the system's refusal of memory, in whatever words a library puts it."""
    while error is not None:
        text = str(error).lower()
        if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM or any(word in text for word in MEMORY_WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False


class Stopped(KeyboardInterrupt):
    """A signal asked the command to end; `number` is the signal's."""

    def __init__(self, number: int):
        super().__init__()
        self.number = number


class Signals:
    """Turns the signals that ask for an end into a `Stopped` where the work is, so that it cleans up; `seen` is the first of them.

    A `Stopped` is raised in the work and nowhere else: what comes before the work or after it is in `seen`, and whoever ends is let end.
    """

    def __init__(self):
        self.seen: KeyboardInterrupt | None = None
        self._working = False

    @contextmanager
    def caught(self) -> Iterator["Signals"]:
        """Catches them in the body. One that the caller ignores (nohup) stays ignored; outside the main thread nothing is caught."""
        if threading.current_thread() is not threading.main_thread():
            yield self
            return
        numbers = [getattr(signal, name) for name in CAUGHT if hasattr(signal, name)]
        before, hook = {number: signal.getsignal(number) for number in numbers}, sys.unraisablehook
        again = signal.getsignal(signal.SIGALRM) if hasattr(signal, "setitimer") else None
        for number, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(number, self._stop)
        sys.unraisablehook = lambda lost: None if isinstance(lost.exc_value, Stopped) else hook(lost)  # it is raised again
        try:
            yield self
        finally:
            sys.unraisablehook = hook
            for number, handler in before.items():
                signal.signal(number, handler or signal.SIG_DFL)
            if again is not None and self.seen:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, again)

    def carried_out(self, work: Callable[[], Outcome]) -> Outcome | None:
        """What `work` gives; None where a signal ended it. Its errors are raised."""
        outcome = None
        try:
            try:
                self._working = True
                if self.seen:
                    raise self.seen
                outcome = work()
            finally:
                self._working = False
        except KeyboardInterrupt as stopped:  # or it came at the line above
            self._working = False
            self.seen = self.seen or stopped
        return outcome

    def _stop(self, number: int, frame) -> None:
        if self.seen:
            return self._insist(number, frame)
        self.seen = Stopped(number)
        if hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._insist)
            signal.setitimer(signal.ITIMER_REAL, PATIENCE, PATIENCE)
        if self._working:
            raise self.seen

    def _insist(self, number: int, frame) -> None:
        """Raises again where what was raised got lost: in a destructor, or in a library that calls Python and looks at no exception.

        While it is on its way, through `finally` and `with`, it is an exception in hand, and whatever cleans up is left alone.
        """
        if self._working and sys.exc_info()[1] is None:
            raise self.seen


def accept_interruptions() -> None:
    """From now on Ctrl-C ends the command as SIGTERM does, also where it inherits it ignored, as the background jobs of a shell do."""
    signal.signal(signal.SIGINT, signal.getsignal(signal.SIGTERM))


class _Stream:
    """A standard stream whose writing either counts (a failure is a FileError) or does not (a failure is forgotten)."""

    def __init__(self, stream, name: str, counts: bool):
        self._stream, self._name, self._counts = stream, name, counts

    def write(self, text: str) -> int:
        self._tried(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        self._tried(self._stream.flush)

    def __getattr__(self, name: str):
        return getattr(self._stream, name)

    def _tried(self, action) -> None:
        try:
            action()
        except BrokenPipeError:
            _leave(self._stream)
            if self._counts:
                raise
        except (OSError, ValueError) as error:
            _leave(self._stream)
            if self._counts:
                reason = getattr(error, "strerror", None) or error
                raise FileError(f"{self._name} cannot be written ({reason}); free some space or send it elsewhere") from None


@contextmanager
def standard_streams() -> Iterator[None]:
    """Standard streams that can be written in the body: closed ones lead nowhere, and a full standard output is a FileError."""
    _open_closed()
    before = sys.stdout, sys.stderr
    output, errors = (stream or open(os.devnull, "w") for stream in before)
    sys.stdout, sys.stderr = _Stream(output, "standard output", counts=True), _Stream(errors, "standard error", counts=False)
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stdout, sys.stderr = output if before[0] is None else before[0], errors if before[1] is None else before[1]


def _open_closed() -> None:
    """Opens the closed ones of the first three file numbers on nothing, so that no file of the work gets such a number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one


def _leave(stream) -> None:
    """Leads a stream that cannot be written to nowhere, so that what it still holds is no error at Python's exit."""
    try:
        number, nowhere = stream.fileno(), os.open(os.devnull, os.O_WRONLY)
    except (OSError, ValueError):
        return
    os.dup2(nowhere, number)
    os.close(nowhere)


@contextmanager
def plain_warnings() -> Iterator[None]:
    """Prints the warnings of Visavox in the body as lines on standard error; others are shown as they were."""
    with warnings.catch_warnings():
        shown = warnings.showwarning

        def show(message, category, filename, lineno, file=None, line=None) -> None:
            if issubclass(category, VisavoxWarning):
                print(f"visavox: {' '.join(str(message).split())}", file=sys.stderr)
            else:
                shown(message, category, filename, lineno, file, line)

        warnings.simplefilter("always", VisavoxWarning)
        warnings.showwarning = show
        yield

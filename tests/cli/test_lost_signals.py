"""Signals that a library loses or that come at any line, and memory that the system refuses in a library's own words."""

import os
import signal
import sys
import time
from types import SimpleNamespace

import pytest

from visavox import cli
from visavox.cli import NO_MEMORY, main, process
from visavox.cli.process import Signals, Stopped, lacks_memory
from visavox.io import atomic

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="nothing to insist with")


STOPPED = "visavox: stopped by SIGTERM; no unfinished file is left\n"


class Swallows:
    """What a signal finds in a destructor: Python prints the exception and goes on."""

    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.02)


def test_a_signal_that_came_to_nothing_is_raised_again_and_leaves_what_cleans_up_alone(monkeypatch):
    monkeypatch.setattr(process, "PATIENCE", 0.05)
    cleaned, before = [], signal.getsignal(signal.SIGALRM)

    def work():
        lost = Swallows()
        del lost
        try:
            until = time.monotonic() + 60
            while time.monotonic() < until:
                time.sleep(0.01)
            pytest.fail("the signal was lost")
        finally:
            for _ in range(40):
                time.sleep(0.01)  # eight times longer than it takes to insist
                cleaned.append(True)

    with Signals().caught() as signals:
        assert signals.carried_out(work) is None and isinstance(signals.seen, Stopped)
    assert len(cleaned) == 40
    assert signal.getsignal(signal.SIGALRM) == before and signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def verb(monkeypatch, run):
    monkeypatch.setattr(cli, "parse", lambda verbs, version, arguments: SimpleNamespace(run=run))


def test_a_command_that_ended_before_it_could_be_told_says_that_it_was_stopped(monkeypatch, capsys):
    def run(options):
        lost = Swallows()
        del lost

    verb(monkeypatch, run)
    assert main(["anything"]) == 128 + signal.SIGTERM
    assert capsys.readouterr().err == STOPPED


def at_line(number: int) -> bool:
    """Runs the command `anything` with SIGTERM at the `number`-th line of what deals with signals and files; whether it has so many."""
    left = number

    def trace(frame, event, argument):
        nonlocal left
        if frame.f_code.co_filename not in {module.__file__ for module in (cli, process, atomic)}:
            return None
        left -= event == "line"
        if not left and event == "line":
            os.kill(os.getpid(), signal.SIGTERM)
        return trace

    sys.settrace(trace)
    try:
        main(["anything"])
    finally:
        sys.settrace(None)
    return left <= 0


@pytest.mark.parametrize("first", [False, True], ids=["once", "after another"])
def test_a_signal_at_any_line_ends_a_command_in_order(monkeypatch, capsys, tmp_path, first):
    """Before the work, in it, in its cleaning up, after it; alone, or when the work was stopped by another one."""

    def run(options):
        with atomic.replacing(tmp_path / "face.npz") as path:
            path.touch()
            if first:
                os.kill(os.getpid(), signal.SIGTERM)

    verb(monkeypatch, run)
    before, outside = signal.getsignal(signal.SIGTERM), []
    signal.signal(signal.SIGTERM, lambda number, frame: outside.append(number))  # before its handler is there, and after it was
    line, said = 1, set()
    while at_line(line):
        said.add(capsys.readouterr().err)
        assert not [name for name in os.listdir(tmp_path) if name.startswith(atomic.HIDDEN)], line
        line += 1
    signal.signal(signal.SIGTERM, before)
    assert said == ({STOPPED} if first else {"", STOPPED}) and line > 100


@pytest.mark.parametrize("error", [
    MemoryError(), OSError(12, "Cannot allocate memory"), ImportError("libavcodec.so.62: failed to map segment from shared object"),
    RuntimeError("[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : std::bad_alloc"), RuntimeError("can't start new thread"),
    ValueError("Unable to allocate 4.00 GiB for an array"),
])  # fmt: skip
def test_a_lack_of_memory_is_one_whatever_a_library_calls_it(monkeypatch, capsys, error):
    def run(options):
        raise error

    verb(monkeypatch, run)
    assert lacks_memory(error) and main(["anything"]) == 2
    assert capsys.readouterr().err == f"visavox: {NO_MEMORY}\n"


def test_what_comes_from_a_lack_of_memory_is_one_too_and_other_faults_are_not():
    try:
        try:
            raise MemoryError
        except MemoryError as lack:
            raise OSError("could not load libllvmlite.so") from lack
    except OSError as error:
        assert lacks_memory(error)
    assert not any(map(lacks_memory, (ValueError("no map"), OSError(2, "No such file"), None)))

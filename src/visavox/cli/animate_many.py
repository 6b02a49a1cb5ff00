"""Animates all recordings of a folder or a list, in several processes; a run that was stopped goes on where it was."""

import contextlib
import hashlib
import io
import os
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.cli.options.parser import whole
from visavox.cli.options.progress import progress
from visavox.cli.process import plain_warnings
from visavox.errors import FileError, OptionError, nearest
from visavox.version import VERSION

if TYPE_CHECKING:
    from visavox.animate import Animator
    from visavox.batch.listing import Item

LOCAL, RAY = ENGINES = ("local", "ray")
USUAL = "npz"
OWN = ("speech", "output", "format", "jobs", "engine", "run", "certificate_key")  # options that change no byte of a recording's file
SINGLE = "is for many recordings; give a folder or a list of them"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds format, jobs and engine."""
    many = parser.add_argument_group("many recordings", "SPEECH is a folder, or a list of paths (.txt, .csv, .tsv); OUT is then a folder.")
    many.add_argument("--format", metavar="NAME", help=f"which files to write: npz, csv, glb, mp4 ... (default: {USUAL})")
    many.add_argument("--jobs", type=whole(1, 1024), metavar="N", help="processes at once (default: one for each processor)")
    many.add_argument("--engine", metavar="NAME", help="local (default), or ray: the machines of a Ray cluster")


def refuse_for_one(options: Namespace) -> None:
    """An OptionError for an option that has a meaning for many recordings only."""
    for flag in ("format", "jobs", "engine"):
        if getattr(options, flag) is not None:
            raise OptionError(f"--{flag} {SINGLE}")


def run(options: Namespace) -> None:
    """Checks what holds for all, then animates each; a FileError at the end when any failed."""
    started = time.monotonic()
    from visavox.batch import ledger, report
    from visavox.batch.listing import listing
    from visavox.batch.work import Task
    from visavox.export import suffixes
    from visavox.io.atomic import check_folder

    suffix, engine = _suffix(options.format), options.engine or LOCAL
    if engine not in ENGINES:
        raise OptionError(f"there is no engine {engine!r}{nearest(engine, ENGINES)}; --engine takes {' or '.join(ENGINES)}")
    if options.transcript is not None:
        raise OptionError(
            f"--transcript {options.transcript}: a transcript says one recording's words; animate that one by itself, or leave it out"
        )
    if options.takes != 1:
        raise OptionError("--takes is for one recording; list a recording several times in a .csv, with seed and output")
    if Path(options.output).suffix.lower() in suffixes() and not Path(options.output).is_dir():
        kind = "folder" if Path(options.speech).is_dir() else "list of recordings"
        wrong = f"{options.speech} is a {kind}, and the output {options.output} one file"
        raise OptionError(f"{wrong}; give a folder with -o, and the kind of file with --format")
    folder = check_folder(options.output)
    found = listing(options.speech, folder, suffix, (report.JSON, report.TEXT, ledger.NAME))
    _check(options, folder, suffix)
    folder.mkdir(parents=True, exist_ok=True)
    done = ledger.Ledger(folder)
    made = report.Report(f"visavox {VERSION}", found.left_out)
    known = options_hash(options)
    tasks = [Task(item, str(folder), known, done.finished(item.output)) for item in found.items]
    try:
        for outcome in progress(_outcomes(engine, tasks, Each(options), options.jobs), len(tasks), "animating", "recording"):
            made.outcomes.append(outcome)
            if outcome.sha256:
                done.finish(outcome.item.output, outcome.made_of, outcome.sha256)
    finally:  # also what was done before it was stopped is reported
        made.elapsed = time.monotonic() - started
        made.write(folder)
        done.close()
    print(f"{made.summary()}; all of it is in {folder / report.TEXT}")
    if failed := made.failures():
        first = f"{failed[0].item.source!r}: {failed[0].warnings}"
        raise FileError(f"{len(failed)} of {len(tasks)} recordings failed, all named in {folder / report.TEXT}; the first is {first}")


def _suffix(named: str | None) -> str:
    """The suffix of a format by its name, with or without the dot."""
    from visavox.export import suffixes

    suffix = "." + (named or USUAL).lower().removeprefix(".")
    if suffix not in suffixes():
        known = [each[1:] for each in suffixes()]
        raise OptionError(f"there is no format {named!r}{nearest(suffix[1:], known)}; --format takes {', '.join(known)}")
    return suffix


def _check(options: Namespace, folder: Path, suffix: str) -> None:
    """Raises what an option would raise for every recording: a style, a head, a checkpoint, a certificate that cannot be used."""
    from visavox.cli.animating import Request

    example = copy(options)
    example.output = str(folder / f"example{suffix}")
    Request.from_options(example, Path(example.output))


def options_hash(options: Namespace) -> str:
    """A hash of all that decides what a recording becomes beside its sound: options, the files that they name, and this version."""
    from visavox.batch.ledger import sha256_of
    from visavox.io.assets import default_checkpoint

    parts = [VERSION, "" if options.checkpoint else sha256_of(default_checkpoint())]
    for name, value in sorted(vars(options).items()):
        if name not in OWN:
            parts.append(f"{name}={value!r}{sha256_of(value) if isinstance(value, str) and os.path.isfile(value) else ''}")
    parts.append(_suffix(options.format))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def _outcomes(engine: str, tasks: list, animate: "Each", jobs: int | None) -> Iterable:
    from visavox.batch.work import crashed, perform

    work = partial(perform, animate=animate)
    if engine == RAY:
        from visavox.batch.ray_cluster import on_ray

        return on_ray(work, tasks, jobs, crashed)
    from visavox.batch.processes import in_processes
    from visavox.loading import processors

    return in_processes(work, tasks, jobs or processors(), crashed)


@dataclass(frozen=True)
class Each:
    """Animates one recording as `visavox animate` does, in whatever process it is called; what is loaded stays there for the next."""

    options: Namespace

    def __call__(self, item: "Item", path: Path) -> tuple[float, str]:
        from visavox.cli.animating import Request, animate

        options = copy(self.options)
        options.speech, options.output = item.source, str(path)
        options.seed = self.options.seed if item.seed is None else item.seed
        options.style = item.style or self.options.style
        parts = io.StringIO()
        with contextlib.redirect_stderr(parts), contextlib.redirect_stdout(parts), plain_warnings():
            made = animate(Request.from_options(options, path, 1), [path], _loaded)
        return made, parts.getvalue()


@cache
def _loaded(path: str | None, precision: str | None) -> "Animator":
    """The animator of a checkpoint, on one thread: there are as many processes as processors."""
    from visavox.loading import load

    return load(path, threads=1, precision=precision)

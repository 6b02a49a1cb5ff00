"""`Task` and `Outcome`: what a worker is given and what it gives back; and `perform`, which does one, in whatever process it is called."""

import os
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from visavox.batch.ledger import sha256_of
from visavox.batch.listing import Item
from visavox.errors import VisavoxError

WRITTEN, SKIPPED, FAILED = "written", "skipped", "failed"
CRASHED = "the process that worked on it ended (killed, out of memory, or a fault in a library); try it alone"
Animate = Callable[[Item, Path], tuple[float, str]]  # recording and file to write -> seconds of motion, and what was said on the way


@dataclass(frozen=True)
class Task:
    """One recording to animate into `folder`, by options that are known by their hash; `finished` is what the ledger says of it."""

    item: Item
    folder: str
    options: str
    finished: tuple[str, str] | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a task: a state, seconds of motion and of work, what was said, and the hashes for the ledger."""

    item: Item
    state: str
    seconds: float = 0.0
    elapsed: float = 0.0
    warnings: str = ""
    made_of: str = ""
    sha256: str = ""


def perform(task: Task, animate: Animate) -> Outcome:
    """Animates one recording, unless its output stands there, whole, of the same sound and options. Whatever goes wrong is the outcome."""
    started, path = time.monotonic(), Path(task.folder, task.item.output)
    try:
        own = f"{task.item.seed}\n{task.item.style}\n{_style_hash(task.item.style)}"
        made_of = f"{sha256_of(task.item.source)}\n{task.options}\n{own}"
        if task.finished and task.finished[0] == made_of and path.is_file() and sha256_of(path) == task.finished[1]:
            return Outcome(task.item, SKIPPED)
        path.parent.mkdir(parents=True, exist_ok=True)
        seconds, warnings = animate(task.item, path)
        return Outcome(task.item, WRITTEN, seconds, time.monotonic() - started, warnings, made_of, sha256_of(path))
    except VisavoxError as error:
        reason = str(error)
    except MemoryError:
        reason = "there is not enough memory for it; give fewer --jobs, or something shorter"
    except (OSError, ValueError) as error:
        reason = f"{getattr(error, 'strerror', None) or error}"
    except Exception as error:  # one recording never ends the others; the report shows where it happened
        where = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"unexpected {type(error).__name__}: {error} ({Path(where.filename).name}, line {where.lineno})"
    return Outcome(task.item, FAILED, elapsed=time.monotonic() - started, warnings=" ".join(reason.split()))


def crashed(task: Task) -> Outcome:
    """The outcome of a task whose process ended."""
    return Outcome(task.item, FAILED, warnings=CRASHED)


def _style_hash(style: str | None) -> str:
    return sha256_of(style) if style and os.path.isfile(style) else ""

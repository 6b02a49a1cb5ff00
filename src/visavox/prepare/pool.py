"""Many films at once: a pool of processes on one machine, or Ray over a cluster. Results come as they are ready; a worker that dies takes
one film with it, not the run."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context

from visavox.errors import DependencyError

Work = Callable[[object], object]
DIED = "the worker that prepared it died, perhaps for want of memory"


@dataclass(frozen=True)
class Failure:
    """Why there is no result."""

    reason: str


def in_processes(work: Work, set_up: Callable[[], None], items: Sequence, jobs: int) -> Iterator[tuple[object, object]]:
    """(item, result of `work` or Failure) for each item, in any order, by `jobs` processes that each ran `set_up` once.

    `work` and `set_up` are functions of a module, or partials of one. When a process dies, each item that was at work is tried again alone.
    """
    queue, alone = deque(items), deque()
    while queue or alone:
        batch, size = (queue, jobs) if queue else (deque([alone.popleft()]), 1)
        died: list = []
        yield from _until_death(work, set_up, batch, size, died)
        if len(died) == 1:
            yield died[0], Failure(DIED)
        else:
            alone.extend(died)


def _until_death(work: Work, set_up: Callable[[], None], items: deque, jobs: int, died: list) -> Iterator[tuple[object, object]]:
    """Results of `items`, which are taken from it, until it is empty or a process dies; those at work then are put into `died`."""
    with ProcessPoolExecutor(jobs, get_context("spawn"), set_up) as pool:
        running: dict[Future, object] = {}
        while (items or running) and not died:
            while items and len(running) < jobs:
                item = items.popleft()
                running[pool.submit(work, item)] = item
            done = {running.pop(future): _result(future) for future in wait(running, return_when=FIRST_COMPLETED).done}
            died += [item for item, result in done.items() if result is None]
            yield from ((item, result) for item, result in done.items() if result is not None)
        died += running.values()


def _result(future: Future) -> object | None:
    """What the work gave; a Failure when it raised something, None when its process died."""
    try:
        return future.result()
    except BrokenProcessPool:
        return None
    except Exception as error:  # a film must not end the run: whatever it raised is its reason
        return Failure(f"{type(error).__name__}: {' '.join(str(error).split())}")


def on_ray(work: Work, set_up: Callable[[], None], items: Sequence, jobs: int) -> Iterator[tuple[object, object]]:
    """As `in_processes`, by `jobs` workers of the Ray cluster that is running, or of one on this machine.

    A DependencyError when the extra is missing.
    """
    try:
        import ray
    except ImportError:
        raise DependencyError("--engine ray needs Ray: pip install 'visavox[ray]'") from None
    ray.init(ignore_reinit_error=True, log_to_driver=False, include_dashboard=False)

    class Worker:
        """Sets up once and works on one row after the other."""

        def __init__(self):
            set_up()

        def __call__(self, row: dict) -> dict:
            try:
                return {"number": row["number"], "result": work(items[row["number"]])}
            except Exception as error:  # as above
                return {"number": row["number"], "result": Failure(f"{type(error).__name__}: {' '.join(str(error).split())}")}

    rows = ray.data.from_items([{"number": number} for number in range(len(items))])
    for row in rows.map(Worker, concurrency=min(jobs, len(items))).iter_rows():
        yield items[row["number"]], row["result"]


ENGINES = {"processes": in_processes, "ray": on_ray}

"""`in_processes`: items by a pool of processes of this machine, where a process that dies takes one item with it and no more."""

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

AHEAD = 2  # items handed out for each process: one in work, one that waits
REAPED = 100  # times 0.05 s that are waited until it is known how a process ended, which has ended


def in_processes(work: Callable, items: Sequence, jobs: int, died: Callable) -> Iterator:
    """What `work` gives for each of `items`, as it comes, by `jobs` processes; it is pickled once an item and must not raise.

    Where a process dies, what was in work is tried again, each alone in a process of its own, to learn which it was: for that one comes
    what `died` gives.
    """
    waiting = deque(items)
    while waiting:
        suspects = yield from _until_one_dies(work, waiting, min(jobs, len(waiting)))
        for item in suspects:
            yield _alone(work, item, died)


def _until_one_dies(work: Callable, waiting: deque, jobs: int) -> Iterator:
    """Takes items from `waiting` until none is left or a process died; returns those whose result is not known then."""
    pool, running = _pool(jobs), {}
    try:
        while waiting or running:
            while waiting and len(running) < AHEAD * jobs:
                item = waiting.popleft()
                running[_submitted(pool, work, item, running)] = item
            yield from _ended(running)
        pool.shutdown()
        return []
    except BrokenProcessPool:
        return list(running.values())
    finally:
        _end(pool)


def _ended(running: dict[Future, object]) -> Iterator:
    """The results of what ended, taken from `running`, once there is any."""
    done, _ = wait(running, return_when=FIRST_COMPLETED)
    for future in done:
        result = future.result()
        del running[future]
        yield result


def _submitted(pool: ProcessPoolExecutor, work: Callable, item: object, running: dict) -> Future:
    try:
        return pool.submit(work, item)
    except BrokenProcessPool:
        running[Future()] = item  # it never began, and is one of those to try again
        raise


def _alone(work: Callable, item: object, died: Callable) -> object:
    pool = _pool(1)
    try:
        result = pool.submit(work, item).result()
        pool.shutdown()
        return result
    except BrokenProcessPool:
        return died(item)
    finally:
        _end(pool)


def _pool(jobs: int) -> ProcessPoolExecutor:
    # spawn: threads of libraries that are loaded already do not survive a fork
    return ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _begin)


def _end(pool: ProcessPoolExecutor) -> None:
    """Ends the pool and its processes, also where they are in the middle of work that nobody waits for any more."""
    processes = list((pool._processes or {}).values())  # none after a shutdown; Python names no other way to them before 3.14
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()  # an idle one ends, one in work cleans up: see `_begin`
    for process in processes:
        _wait_for(process)


def _wait_for(process: multiprocessing.Process) -> None:
    """Returns when the process has ended and is known to have. The pool's own thread may wait for it as well: of two that wait for one
    process the system tells one how it ended, and to the other `join` returns before that is written down."""
    process.join()
    for _ in range(REAPED):
        if process.exitcode is not None:
            return
        time.sleep(0.05)  # a join would return at once, and leave the other thread no time


def _begin() -> None:
    """Prepares a process: it dies with its parent, leaves Ctrl-C to it, and cleans up when it is told to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _leave(number: int, frame) -> None:
    signal.signal(number, signal.SIG_IGN)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # how the pool's own machinery takes it is nobody's concern
    threading.Thread(target=_end_soon, daemon=True).start()
    raise SystemExit(128 + number)


def _end_soon() -> None:
    """The pool takes a SystemExit for the outcome of a task and waits for the next: what is in work has this long to clean up."""
    threading.Event().wait(2)
    os._exit(1)


def _follow_parent() -> None:
    multiprocessing.parent_process().join()
    os._exit(1)

"""`on_ray`: tasks by the machines of a Ray cluster, which must all see the recordings and the output folder under the same names."""

from collections import deque
from collections.abc import Iterator

from visavox.batch.work import CRASHED, FAILED, Animate, Outcome, Task, perform
from visavox.errors import DependencyError, OptionError

AHEAD = 2  # tasks handed out for each processor


def on_ray(tasks: list[Task], animate: Animate, jobs: int | None) -> Iterator[Outcome]:
    """The outcomes of `tasks` as they come, by at most `jobs` workers of the cluster that the environment names, or of one on this machine.

    A DependencyError without Ray; an OptionError when no cluster answers.
    """
    try:
        import ray
    except ImportError:
        raise DependencyError("--engine ray needs Ray; install it with: pip install 'visavox[ray]'") from None
    started = not ray.is_initialized()
    try:
        if started:
            ray.init(num_cpus=jobs, log_to_driver=False) if jobs else ray.init(log_to_driver=False)
        slots = jobs or max(int(ray.cluster_resources().get("CPU", 1)), 1)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise OptionError(f"no Ray cluster answers ({' '.join(str(error).split())[:200]}); start one, or leave out --engine ray") from None
    try:
        yield from _outcomes(ray, deque(tasks), animate, AHEAD * slots)
    finally:
        if started:
            ray.shutdown()


def _outcomes(ray, waiting: deque[Task], animate: Animate, most: int) -> Iterator[Outcome]:
    remote, running = ray.remote(num_cpus=1, max_retries=0)(perform), {}
    while waiting or running:
        while waiting and len(running) < most:
            task = waiting.popleft()
            running[remote.remote(task, animate)] = task
        done, _ = ray.wait(list(running), num_returns=1)
        for reference in done:
            task = running.pop(reference)
            try:
                yield ray.get(reference)
            except ray.exceptions.RayError:  # its worker died, and nothing else with it
                yield Outcome(task.item, FAILED, said=CRASHED)

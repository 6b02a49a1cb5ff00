"""`on_ray`: items by the machines of a Ray cluster, which must all see what is read and the output folder under the same names."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence

from visavox.errors import DependencyError, OptionError

AHEAD = 2  # items handed out for each processor


def on_ray(work: Callable, items: Sequence, jobs: int | None, died: Callable) -> Iterator:
    """What `in_processes` gives, by at most `jobs` workers of the cluster that the environment names, or of one on this machine.

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
        yield from _results(ray, work, deque(items), AHEAD * slots, died)
    finally:
        if started:
            ray.shutdown()


def _results(ray, work: Callable, waiting: deque, most: int, died: Callable) -> Iterator:
    def one(item: object) -> object:  # Ray takes functions, not partials of them
        return work(item)

    remote, running = ray.remote(num_cpus=1, max_retries=0)(one), {}
    while waiting or running:
        while waiting and len(running) < most:
            item = waiting.popleft()
            running[remote.remote(item)] = item
        done, _ = ray.wait(list(running), num_returns=1)
        for reference in done:
            item = running.pop(reference)
            try:
                yield ray.get(reference)
            except ray.exceptions.RayError:  # its worker died, and nothing else with it
                yield died(item)

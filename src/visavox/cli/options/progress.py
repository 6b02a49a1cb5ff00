"""Progress bars on a terminal, and silence elsewhere."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager


def progress(items: Iterable, total: int, label: str, unit: str = "frame") -> Iterable:
    """The same items, counted on a bar on stderr when a person watches it; the bar is cleared at the end."""
    if not sys.stderr.isatty():
        return items
    from tqdm import tqdm

    return tqdm(items, total=total, desc=label, unit=unit, leave=False, dynamic_ncols=True)


@contextmanager
def counting(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """A function `(done, total)` that moves such a bar, or None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(desc=label, unit="frame", leave=False, dynamic_ncols=True) as bar:

        def move(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield move


@contextmanager
def steps(label: str) -> Iterator[Callable]:
    """A function that takes what a training reports: a `Reached` moves such a bar, anything else is printed. Where nobody
    watches all of it is printed, a line each."""
    bar = None

    def report(line: object, flush: bool = False) -> None:
        nonlocal bar
        if not sys.stderr.isatty() or not hasattr(line, "steps"):
            print(line, flush=flush)
            return
        from tqdm import tqdm

        if bar is not None and bar.total != line.steps:
            bar.close()
        if bar is None or bar.total != line.steps:
            bar = tqdm(desc=label, total=line.steps, unit="step", leave=False, dynamic_ncols=True)
        bar.set_postfix_str(line.text, refresh=False)
        bar.update(line.step - bar.n)

    try:
        yield report
    finally:
        if bar is not None:
            bar.close()

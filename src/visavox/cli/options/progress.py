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

"""A progress bar on a terminal, and silence elsewhere."""

import sys
from collections.abc import Iterable


def progress(items: Iterable, total: int, label: str) -> Iterable:
    """The same items, counted on a bar on stderr when a person watches it; cleared at the end."""
    if not sys.stderr.isatty():
        return items
    from tqdm import tqdm

    return tqdm(items, total=total, desc=label, unit="frame", leave=False, dynamic_ncols=True)

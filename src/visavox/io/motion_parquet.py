"""Motion out of Parquet (.parquet), as `visavox export` writes it or another program saved it again: a column a channel, one of times.

What other programs keep is the columns; `seconds` then tells the rate. What Visavox adds (rate, rig, provenance) is metadata of the schema.
Sizes are compared with the footer before a row is read, and only plain columns of numbers are.
"""

import json
from pathlib import Path

import numpy as np

from visavox.errors import DependencyError, FileError
from visavox.io.archives import refuse_pipe

SECONDS = "seconds"
MOST_COLUMNS, MOST_BYTES = 10_001, 1 << 30
STEADY = 0.02  # of a frame: what times of a steady rate stray


def read_parquet(path: str | Path, advice: str) -> tuple[np.ndarray, float, list[str], str | None, str | None]:
    """Values (T, C) float32, frames a second, the C names, and the JSON texts of rig and provenance or None, unchecked beyond their kind.

    Raises a FileError when the file is missing, damaged, too large, has a column that is not of numbers, or nothing that tells its rate;
    a DependencyError when pyarrow is not installed.
    """
    pyarrow, parquet = _arrow(path)
    refuse_pipe(path, advice)
    try:
        with open(path, "rb") as handle, parquet.ParquetFile(handle, pre_buffer=False) as file:
            names = _columns(file, path, advice)
            stated = file.schema_arrow.metadata or {}
            table = file.read(use_threads=False)  # a process that ends while threads of Arrow stand is now and then aborted
        given = {key.decode(): value.decode() for key, value in stated.items() if key.startswith(b"visavox.")}
        seconds = table.column(SECONDS).to_numpy() if SECONDS in table.column_names else None
        values = _values(table, names)
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; check its name") from None
    except (OSError, ValueError, pyarrow.ArrowException, MemoryError) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise FileError(f"{path} is not a readable .parquet ({reason}); {advice}") from None
    return values, _fps(given.get("visavox.fps"), seconds, path, advice), names, given.get("visavox.rig"), given.get("visavox.provenance")


def _values(table, names: list[str]) -> np.ndarray:
    values = np.empty((table.num_rows, len(names)), np.float32)
    for number, name in enumerate(names):
        with np.errstate(over="ignore"):  # what is too large becomes infinite, which no motion may be
            values[:, number] = table.column(name).to_numpy()
    return values


def _columns(file, path: str | Path, advice: str) -> list[str]:
    """The names of the channels, once the footer says that there are few enough plain columns of numbers."""
    schema, groups = file.schema_arrow, [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]
    rows = max(sum(groups), file.metadata.num_rows)
    if len(schema) > MOST_COLUMNS or min(groups, default=0) < 0 or rows * len(schema) * 4 > MOST_BYTES:
        raise FileError(f"{path} has {rows} rows of {len(schema)} columns; {MOST_BYTES >> 20} MB are read at most; {advice}")
    if len(set(schema.names)) < len(schema):
        raise FileError(f"{path} has two columns of one name; {advice}")
    for field in schema:
        if str(field.type) not in ("float", "double", "halffloat"):
            raise FileError(f"{path} has a column {field.name[:80]!r} of {str(field.type)[:40]}, not of numbers; {advice}")
    return [name for name in schema.names if name != SECONDS]


def _fps(given: str | None, seconds: np.ndarray | None, path: str | Path, advice: str) -> float:
    try:
        if given is not None:
            return float(json.loads(given))
    except (ValueError, TypeError, RecursionError, OverflowError):
        raise FileError(f"{path} states a rate that is no number ({given[:40]!r}); {advice}") from None
    if seconds is None or len(seconds) < 2 or not np.isfinite(seconds).all() or not seconds[-1] > seconds[0]:
        raise FileError(f"{path} has neither a rate nor a column {SECONDS!r} of rising times; {advice}")
    step = (seconds[-1] - seconds[0]) / (len(seconds) - 1)
    if not np.abs(np.diff(seconds) - step).max() < STEADY * step:
        raise FileError(f"{path} has times in {SECONDS!r} that are not of one rate; resample it, or {advice}")
    return float(1 / step)


def _arrow(path: str | Path):
    """The library and its Parquet part; a DependencyError that names the extra when it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise DependencyError(f"{path} needs pyarrow; install it with: pip install 'visavox[export]'") from None
    return pyarrow, pyarrow.parquet

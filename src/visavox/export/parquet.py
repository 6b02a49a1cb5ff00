"""Parquet (.parquet): one column a channel and one of times, for pandas, DuckDB, Spark and training pipelines."""

import json
from pathlib import Path

from visavox.errors import DependencyError
from visavox.export.accompaniment import Accompaniment
from visavox.io.atomic import replacing
from visavox.motion import Motion
from visavox.windows import frame_times


def write_parquet(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes `seconds` (the centres of frames, float64) and every channel (float32); fps, rig and provenance are schema metadata.

    A DependencyError when pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise DependencyError(f"writing {path} needs pyarrow; install it with: pip install 'visavox[export]'") from None
    columns = {"seconds": frame_times(motion.frames, motion.fps)}
    columns |= {name: motion.channel(name) for name in motion.rig.names}
    stated = {"fps": motion.fps, "rig": motion.rig.to_json(), "provenance": accompaniment.provenance}
    metadata = {f"visavox.{key}": json.dumps(value) for key, value in stated.items()}
    table = pyarrow.table(columns).replace_schema_metadata(metadata)
    with replacing(path) as temporary:
        parquet.write_table(table, temporary, compression="zstd")

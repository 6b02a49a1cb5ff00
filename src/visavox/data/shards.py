"""Parquet shards of clips: the rows of a store, written whole or not at all, readable by any Parquet tool."""

import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from visavox.errors import DependencyError, FileError

try:
    import pyarrow
    import pyarrow.parquet
except ImportError:
    raise DependencyError("stores are Parquet files, and pyarrow is not installed; pip install 'visavox[train]'") from None

SCHEMA = pyarrow.schema([
    ("id", pyarrow.string()), ("audio", pyarrow.binary()), ("sample_rate", pyarrow.int32()),
    ("motion", pyarrow.binary()), ("frames", pyarrow.int32()), ("fps", pyarrow.float32()), ("rig", pyarrow.string()),
    ("speaker", pyarrow.string()), ("style", pyarrow.string()), ("language", pyarrow.string()), ("text", pyarrow.string()),
    ("phones", pyarrow.string()), ("licence", pyarrow.string()), ("consent", pyarrow.string()), ("source", pyarrow.string()),
    ("quality", pyarrow.float32()), ("identity", pyarrow.binary()),
])  # fmt: skip


@dataclass(frozen=True, eq=False)
class Row:
    """One clip of a store: sound (S,) at sample_rate; phones (start, end, name) in seconds or none; motion (T, C) or none; identity (E,)
    of the rig's head or none."""

    id: str
    samples: np.ndarray
    sample_rate: int
    speaker: str
    source: str
    licence: str
    language: str = ""
    text: str = ""
    phones: list = field(default_factory=list)
    motion: np.ndarray | None = None
    fps: float = 25.0
    rig: str = ""
    style: str = ""
    consent: str = ""
    quality: float = 1.0
    identity: np.ndarray | None = None


def write_shard(rows: list[Row], path: Path) -> None:
    """Writes rows as one Parquet file: FLAC sound, float16 motion; a temporary neighbour is renamed, so no half file is ever seen."""
    columns: dict[str, list] = {name: [] for name in SCHEMA.names}
    for row in rows:
        frames = 0 if row.motion is None else len(row.motion)
        values = {
            "id": row.id, "audio": _to_flac(row.samples, row.sample_rate), "sample_rate": row.sample_rate,
            "motion": None if row.motion is None else np.ascontiguousarray(row.motion, np.float16).tobytes(),
            "frames": frames, "fps": row.fps, "rig": row.rig, "speaker": row.speaker, "style": row.style, "language": row.language,
            "text": row.text, "phones": json.dumps(row.phones), "licence": row.licence, "consent": row.consent,
            "source": row.source, "quality": row.quality,
            "identity": None if row.identity is None else np.ascontiguousarray(row.identity, np.float32).tobytes(),
        }  # fmt: skip
        for name, value in values.items():
            columns[name].append(value)
    part = path.with_suffix(".part")
    pyarrow.parquet.write_table(pyarrow.table(columns, schema=SCHEMA), part, compression="zstd")
    os.replace(part, path)


def read_shard(path: Path) -> Iterator[Row]:
    """The rows of one shard in order, a few at a time, so that a shard larger than memory streams."""
    try:
        file = pyarrow.parquet.ParquetFile(path)
    except (OSError, pyarrow.ArrowInvalid) as error:
        raise FileError(f"{path} is not a readable shard ({error}); delete it and build it again") from None
    for batch in file.iter_batches(batch_size=32):
        for record in batch.to_pylist():
            yield _row(record)


def _row(record: dict) -> Row:
    samples, sample_rate = soundfile.read(io.BytesIO(record["audio"]), dtype="float32")
    motion = record["motion"]
    if motion is not None:
        motion = np.frombuffer(motion, np.float16).reshape(record["frames"], -1).astype(np.float32)
    fields = {
        name: record[name]
        for name in ("id", "speaker", "source", "licence", "language", "text", "fps", "rig", "style", "consent", "quality")
    }
    phones = [tuple(phone) for phone in json.loads(record["phones"])]
    identity = record.get("identity")  # a shard of an older version has no such column
    if identity is not None:
        identity = np.frombuffer(identity, np.float32)
    return Row(samples=samples, sample_rate=sample_rate, phones=phones, motion=motion, identity=identity, **fields)


def _to_flac(samples: np.ndarray, sample_rate: int) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, sample_rate, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()

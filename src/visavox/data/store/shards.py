"""Parquet shards of clips: the rows of a store, written whole or not at all, readable by any Parquet tool."""

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from visavox.data.material.spans import spans_of
from visavox.errors import DependencyError, FileError
from visavox.fields import shown
from visavox.io.atomic import replacing
from visavox.io.documents import parse_json
from visavox.windows import FPS

COLUMNS = {  # name -> Arrow type; docs/store.md says what each holds
    "id": "string", "audio": "binary", "sample_rate": "int32", "motion": "binary", "frames": "int32", "fps": "float32", "rig": "string",
    "speaker": "string", "style": "string", "language": "string", "text": "string", "phones": "string", "licence": "string",
    "consent": "string", "source": "string", "quality": "float32", "identity": "binary", "measures": "binary",
}  # fmt: skip
BYTES = tuple(name for name, kind in COLUMNS.items() if kind == "binary")
WORDS = ("speaker", "source", "licence", "language", "text", "rig", "style", "consent")
KINDS = {"string": str, "binary": bytes, "int32": int, "float32": float}
NEEDED = ("id", "sample_rate")
RANGES = {"sample_rate": (2_000, 768_000), "frames": (0, 1 << 24), "fps": (0.1, 1000), "quality": (0, 1)}
LARGEST = 1 << 53
MOST_SAMPLES = 1 << 28  # of a clip: 4 h at 16 kHz; what a FLAC header says is set aside before it is decoded
MOST_ROWS_A_GROUP, MOST_BYTES_A_GROUP = 10_000, 1 << 30
AGAIN = "restore its shard or make it again"
ROWS_A_GROUP = 4  # what is read to get at one row: about 300 KB of sound


@dataclass(frozen=True, eq=False)
class Row:
    """One clip of a store: sound (S,) at sample_rate; phones (start, end, name) in seconds or none; motion (T, C) or none; identity (E,)
    of the rig's head or none; measures (T, 3) of a filmed face or none: lip gap, mouth width, 1 where a face was seen."""

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
    fps: float = FPS
    rig: str = ""
    style: str = ""
    consent: str = ""
    quality: float = 1.0
    identity: np.ndarray | None = None
    measures: np.ndarray | None = None


def write_shard(rows: list[Row], path: Path) -> None:
    """Writes rows as one Parquet file: FLAC sound, float16 motion; a temporary neighbour is renamed, so no half file is ever seen."""
    pyarrow, _ = _arrow(path)
    records = [_record(row) for row in rows]
    schema = pyarrow.schema([(name, getattr(pyarrow, kind)()) for name, kind in COLUMNS.items()])
    _write_table(pyarrow.table({name: [record[name] for record in records] for name in COLUMNS}, schema=schema), path)


def read_shard(path: Path) -> Iterator[Row]:
    """The rows of one shard in order, a few at a time, so that a shard larger than memory streams."""
    for records in read_groups(path):
        yield from map(row_of, records)


def group_sizes(path: Path) -> list[int]:
    """How many rows each row group of a shard has, from its footer alone. Raises a FileError when it is not a shard."""
    with _opened(path) as file:
        return [file.metadata.row_group(number).num_rows for number in range(file.metadata.num_row_groups)]


def read_groups(path: Path, groups: list[int] | None = None, columns: tuple[str, ...] = tuple(COLUMNS)) -> Iterator[list[dict]]:
    """The records of each of `groups` (all when None) as they are stored: a value for each of `columns`, None where an older shard
    lacks it. Raises a FileError that names the shard and its rows when the bytes are damaged."""
    with _opened(path) as file:
        there = [name for name in columns if name in file.schema_arrow.names]
        lacking = [name for name in columns if name in NEEDED and name not in there]
        if lacking:
            raise FileError(f"{path} lacks the column {lacking[0]!r}; restore the file from a copy or make it again")
        for group in range(file.metadata.num_row_groups) if groups is None else groups:
            records = _read_group(file, path, group, there)
            for record in records:
                _check_record(record, path)
            yield [{name: record.get(name) for name in columns} for record in records]


def _check_record(record: dict, path: Path) -> None:
    """Raises a FileError when a value is not of its column's kind and range; any tool can write a shard, with whatever in it."""
    for name, value in record.items():
        kind = KINDS[COLUMNS[name]]
        low, high = RANGES.get(name, (-LARGEST, LARGEST))
        fits = value is None and name not in NEEDED or isinstance(value, kind) and not isinstance(value, bool)
        if not fits or (isinstance(value, int | float) and not low <= value <= high) or (name == "id" and not value):
            where = f"{path} has {shown(value) if not isinstance(value, bytes) else 'bytes'} for {name}"
            raise FileError(f"{where} of clip {shown(record.get('id'))}; restore the file from a copy or make it again")
    if record.get("frames") and "motion" in record and not record["motion"]:
        raise FileError(f"{path} has frames and no motion of clip {shown(record.get('id'))}; restore the file from a copy or make it again")


def _read_group(file, path: Path, group: int, columns: list[str]) -> list[dict]:
    pyarrow, _ = _arrow(path)
    stated = file.metadata.row_group(group)
    if stated.num_rows > MOST_ROWS_A_GROUP or stated.total_byte_size > MOST_BYTES_A_GROUP:
        size = f"{stated.num_rows} rows of {stated.total_byte_size >> 20} MB"
        raise FileError(f"{path} has {size} in one group; write it again with {ROWS_A_GROUP} rows to a group")
    try:
        return file.read_row_group(group, columns=columns, use_threads=False).to_pylist()
    except (OSError, ValueError, pyarrow.ArrowException) as error:
        first = sum(file.metadata.row_group(number).num_rows for number in range(group))
        last = first + file.metadata.row_group(group).num_rows - 1
        reason = " ".join(str(error).split())
        raise FileError(f"{path} is damaged in rows {first} to {last} ({reason}); restore the file from a copy or make it again") from None


def row_of(record: dict) -> Row:
    """The row that a record stores, its sound decoded."""
    samples = cut_sound(record, 0, -1)
    words = {name: record[name] or "" for name in WORDS}
    phones = spans_of(parse_json(record["phones"] or "[]", f"clip {record['id']!r}", AGAIN), f"clip {record['id']!r}", AGAIN)
    identity, measures = _numbers(record, "identity", 1), _numbers(record, "measures", 3)
    identity = None if identity is None else identity[:, 0]
    return Row(record["id"], samples, record["sample_rate"], phones=phones, motion=motion_of(record), fps=record["fps"],
               quality=record["quality"], identity=identity, measures=measures, **words)  # fmt: skip


def cut_sound(record: dict, first: int, count: int) -> np.ndarray:
    """`count` samples float32 of a record from sample `first` on (all that follow for -1); only they are decoded."""
    with _sound(record) as sound:
        sound.seek(first)
        return sound.read(count, dtype="float32")


def sound_length(record: dict) -> int:
    """The samples of a record's sound, as its FLAC header says."""
    with _sound(record) as sound:
        return sound.frames


def motion_of(record: dict) -> np.ndarray | None:
    """The motion (T, C) float32 of a record, or None."""
    if record["motion"] is None or not record["frames"]:
        return None
    if not record["motion"] or len(record["motion"]) % (2 * record["frames"]):
        size = f"{len(record['motion'])} bytes of motion for {record['frames']} frames"
        raise FileError(f"clip {record['id']!r} has {size}; {AGAIN}")
    return np.frombuffer(record["motion"], np.float16).reshape(record["frames"], -1).astype(np.float32)


def _numbers(record: dict, name: str, width: int) -> np.ndarray | None:
    """The float32 numbers (N, width) of a column of bytes, or None."""
    content = record[name]
    if content is None:
        return None
    if len(content) % (4 * width):
        raise FileError(f"clip {record['id']!r} has {len(content)} bytes of {name}; {AGAIN}")
    return np.frombuffer(content, np.float32).reshape(-1, width)


def record_digest(record: dict) -> str:
    """A hash (16 digits) of everything a record stores except its id; a column that is absent counts as an empty one."""
    digest = hashlib.sha256(json.dumps([record[name] for name in COLUMNS if name != "id" and name not in BYTES]).encode())
    for name in BYTES:
        value = record[name]
        digest.update(b"-" if value is None else len(value).to_bytes(8, "little") + value)
    return digest.hexdigest()[:16]


def copy_rows(source: Path, ids: list[str | None], target: Path) -> None:
    """Writes the rows of the shard `source` as `target` under other ids, nothing decoded; rows whose id is None are left out."""
    pyarrow, parquet = _arrow(source)
    with _opened(source) as file:
        table = file.read(use_threads=False)
    table = table.set_column(table.schema.get_field_index("id"), "id", pyarrow.array(ids, pyarrow.string()))
    _write_table(table.filter(table.column("id").is_valid()), target)


def _record(row: Row) -> dict:
    plain = {name: getattr(row, name) for name in ("id", "sample_rate", "fps", "quality", *WORDS)}
    motion = None if row.motion is None else np.ascontiguousarray(row.motion, np.float16)
    packed = {"motion": None if motion is None else motion.tobytes(), "frames": 0 if motion is None else len(motion)}
    for name in ("identity", "measures"):
        value = getattr(row, name)
        packed[name] = None if value is None else np.ascontiguousarray(value, np.float32).tobytes()
    return plain | packed | {"audio": _to_flac(row.samples, row.sample_rate), "phones": json.dumps(row.phones)}


def _to_flac(samples: np.ndarray, sample_rate: int) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, sample_rate, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()


@contextmanager
def _sound(record: dict) -> Iterator[soundfile.SoundFile]:
    try:
        with soundfile.SoundFile(io.BytesIO(record["audio"] or b"")) as sound:
            if not 0 < sound.frames <= MOST_SAMPLES or sound.channels != 1:
                raise FileError(f"clip {record['id']!r} has {sound.frames} samples in {sound.channels} channels; {AGAIN}")
            yield sound
    except soundfile.LibsndfileError as error:
        raise FileError(f"clip {record['id']!r} holds no readable FLAC sound ({error}); restore its shard or make it again") from None


def _write_table(table, path: Path) -> None:
    _, parquet = _arrow(path)
    with replacing(path) as part:
        parquet.write_table(table, part, compression="zstd", row_group_size=ROWS_A_GROUP, write_page_checksum=True)


def _opened(path: Path):
    pyarrow, parquet = _arrow(path)
    try:
        return parquet.ParquetFile(path, page_checksum_verification=True, pre_buffer=False)  # without threads, as in io.motion_parquet
    except (OSError, pyarrow.ArrowException) as error:
        reason = " ".join(str(error).split())
        raise FileError(f"{path} is not a readable shard ({reason}); restore it from a copy, or delete it and make it again") from None


def _arrow(path: Path):
    """The library and its Parquet part; a DependencyError that names the extra when it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise DependencyError(f"{path} needs pyarrow; install it with: pip install 'visavox[train]'") from None
    return pyarrow, pyarrow.parquet

"""The index of a store: index.json beside the shards, which says what each row is without reading its sound."""

import hashlib
import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from visavox.data.store.shards import read_groups, record_digest, sound_length
from visavox.data.store.split import PARTS, Split, SplitRule
from visavox.errors import FileError, RigError
from visavox.fields import Fields
from visavox.io.atomic import write_bytes
from visavox.io.documents import read_json
from visavox.rig import Rig
from visavox.windows import FPS

FORMAT, VERSION = "visavox-store", 1
INDEX = "index.json"
MOST_BYTES = 1 << 28  # of an index: a million clips
HIGHEST_RATE, FASTEST = 768_000, 1000  # Hz, frames a second
COUNTED = ("speaker", "language", "licence", "consent", "source")  # the words whose seconds are added up


@dataclass(frozen=True)
class ShardEntry:
    """What the index knows of one shard: its size in bytes, the rows of each row group; for every row in order its id, samples, frames
    (0 without motion), speaker, style and digest; `seconds` of sound for each value of the words in COUNTED. `rig` is "" without motion."""

    name: str
    bytes: int
    sample_rate: int
    fps: float
    rig: str
    groups: list[int]
    ids: list[str]
    samples: list[int]
    frames: list[int]
    speakers: list[str]
    styles: list[str]
    digests: list[str]
    seconds: dict[str, dict[str, float]]


@dataclass(frozen=True)
class Statistics:
    """Mean and standard deviation of each channel over `frames` frames, those of the speakers to train on."""

    frames: int
    mean: list[float]
    std: list[float]


@dataclass(frozen=True)
class Index:
    """Everything that index.json says. All rows have one sample rate, and all motion one rig and one fps."""

    rig: Rig | None
    rule: SplitRule
    split: Split
    statistics: Statistics | None
    shards: list[ShardEntry]

    @property
    def sample_rate(self) -> int | None:
        """The sample rate of all sound in Hz; None in an empty store."""
        return self.shards[0].sample_rate if self.shards else None

    @property
    def fps(self) -> float | None:
        """The frames a second of all motion; None without motion."""
        return next((entry.fps for entry in self.shards if entry.rig), None)

    @property
    def rows(self) -> int:
        """The number of clips."""
        return sum(len(entry.ids) for entry in self.shards)

    @property
    def seconds(self) -> float:
        """The length of all sound."""
        return sum(sum(entry.samples) / entry.sample_rate for entry in self.shards)

    def seconds_by(self, word: str) -> dict[str, float]:
        """Seconds of sound for each value of `word`, "style" or one of COUNTED, the most first."""
        total: dict[str, float] = defaultdict(float)
        for entry in self.shards:
            styles = zip(entry.styles, (samples / entry.sample_rate for samples in entry.samples), strict=True)
            for value, seconds in styles if word == "style" else entry.seconds[word].items():
                total[value] += seconds
        return dict(sorted(total.items(), key=lambda item: -item[1]))

    @cached_property
    def fingerprint(self) -> str:
        """A hash (16 digits) of what the rows hold, whatever their ids, their order, and the names and number of the shards."""
        digests = sorted(digest for entry in self.shards for digest in entry.digests)
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]


def load_index(folder: Path) -> Index:
    """The index of the store `folder`. Raises a FileError when there is none, or it is damaged or of a newer version."""
    path = Path(folder) / INDEX
    if not path.exists():
        raise FileError(f"{folder} has no {INDEX}, so it is not a store; if it holds shards: visavox store index {folder}")
    again = f"make it again: visavox store index {folder}"
    data = read_json(path, again, MOST_BYTES)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise FileError(f"{path} is not the index of a store; name the folder of a store")
    if data.get("version") != VERSION:
        raise FileError(f"{path} has version {data.get('version')}, this program reads {VERSION}; update Visavox")
    try:
        return _from_json(Fields(data, path, again))
    except RigError as error:
        raise FileError(f"{path} is damaged: {error}; {again}") from None


def save_index(index: Index, folder: Path) -> None:
    """Writes index.json, whole or not at all."""
    rig = None if index.rig is None else index.rig.to_json()
    split = asdict(index.split)
    header = {
        "format": FORMAT, "version": VERSION, "fingerprint": index.fingerprint, "rows": index.rows, "seconds": round(index.seconds, 3),
        "sample_rate": index.sample_rate, "fps": index.fps, "rig": rig,
        "statistics": None if index.statistics is None else asdict(index.statistics),
        "splits": split, "split_rule": asdict(index.rule),
    }  # fmt: skip
    head = json.dumps(header, ensure_ascii=False, indent=1)[:-2]
    shards = ",\n".join(json.dumps(asdict(entry), ensure_ascii=False) for entry in index.shards)  # a line for each
    write_bytes(f'{head},\n "shards": [\n{shards}\n]}}\n'.encode(), Path(folder) / INDEX)


def scan_shard(path: Path) -> ShardEntry:
    """What the index says of a shard, from all its bytes. Raises a FileError when the shard is damaged or mixes rates or rigs."""
    rows: dict[str, list] = {name: [] for name in ("ids", "samples", "frames", "speakers", "styles", "digests")}
    seconds: dict[str, dict[str, float]] = {word: defaultdict(float) for word in COUNTED}
    sound, moving, groups = set(), set(), []
    for records in read_groups(path):
        groups.append(len(records))
        for record in records:
            samples = sound_length(record)
            sound.add(record["sample_rate"])
            if record["frames"]:
                moving.add((record["rig"], record["fps"]))
            found = record["id"], samples, record["frames"] or 0, record["speaker"] or "", record["style"] or "", record_digest(record)
            for values, value in zip(rows.values(), found, strict=True):
                values.append(value)
            for word in COUNTED:
                seconds[word][record[word] or ""] += samples / record["sample_rate"]
    if len(sound) != 1 or len(moving) > 1:
        mixed = f"sample rates {sorted(sound)} and motion {sorted(moving)}"
        raise FileError(f"{path} has {mixed}; a store has one of each: write its clips again at one rate, rig and fps")
    rig, fps = moving.pop() if moving else ("", FPS)
    plain = {word: {value: round(total, 3) for value, total in sums.items()} for word, sums in seconds.items()}
    return ShardEntry(path.name, path.stat().st_size, sound.pop(), fps, rig, groups, **rows, seconds=plain)


def _from_json(stored: Fields) -> Index:
    rule, splits = stored.fields("split_rule"), stored.fields("splits")
    listed = rule.fields("listed")
    return Index(
        rig=None if stored.raw("rig") is None else Rig.from_json(stored.raw("rig"), f"the rig of {stored.source}"),
        rule=SplitRule(rule.number("validation", 0, 1), rule.number("test", 0, 1), rule.whole("seed"), _split(listed)),
        split=_split(splits),
        statistics=None if stored.raw("statistics") is None else _statistics(stored.fields("statistics")),
        shards=[_entry(entry) for entry in stored.each("shards")],
    )


def _split(stored: Fields) -> Split:
    return Split(*(tuple(stored.texts(part)) for part in PARTS))


def _statistics(stored: Fields) -> Statistics:
    return Statistics(stored.whole("frames"), stored.numbers("mean"), stored.numbers("std", 0))


def _entry(stored: Fields) -> ShardEntry:
    """The entry of one shard, whose lists have one value for each row; its name is that of a file in the folder and nowhere else."""
    name, groups = stored.text("name"), stored.wholes("groups", 1)
    rows = {kind: stored.texts(kind) for kind in ("ids", "speakers", "styles", "digests")}
    rows |= {kind: stored.wholes(kind) for kind in ("samples", "frames")}
    if Path(name).name != name or not name.endswith(".parquet") or name.startswith("."):
        raise FileError(f"{stored.source} has {name[:80]!r} for {stored.place}.name, which is no shard; {stored.advice}")
    if {len(values) for values in rows.values()} != {sum(groups)}:
        raise FileError(f"{stored.source} has other numbers of rows in the lists of {stored.place} than in its groups; {stored.advice}")
    counted = stored.fields("seconds")
    seconds = {word: {value: counted.fields(word).number(value, 0) for value in counted.fields(word).value} for word in COUNTED}
    rate, fps = stored.whole("sample_rate", 1, HIGHEST_RATE), stored.number("fps", 0.1, FASTEST)
    return ShardEntry(name, stored.whole("bytes"), rate, fps, stored.text("rig"), groups, **rows, seconds=seconds)

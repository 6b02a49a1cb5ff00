"""`Store`: a folder of Parquet shards with an index, the one thing that training reads. `store_writing` makes and changes one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from visavox.data.clip import Clip
from visavox.data.store.index import Index, ShardEntry, load_index
from visavox.data.store.rows import to_clip
from visavox.data.store.shards import Row, cut_sound, motion_of, read_groups, row_of
from visavox.data.store.split import Split
from visavox.errors import FileError, RigError
from visavox.rig import Rig
from visavox.windows import sample_count

ANEW = "make the store anew, or restore it from a copy: visavox store verify {} names all such clips"


@dataclass(frozen=True, eq=False)
class Windows:
    """N windows of T frames: samples (N, S) float32 in [-1, 1], motion (N, T, C) float32 in the rig's units, speakers and styles (N)."""

    samples: np.ndarray
    motion: np.ndarray
    speakers: list[str]
    styles: list[str]


@dataclass(frozen=True, eq=False)
class Places:
    """Where each row lies and how much it holds: arrays (R,) of shard number, row group, row within it, samples and frames; its words."""

    shard: np.ndarray
    group: np.ndarray
    row: np.ndarray
    samples: np.ndarray
    frames: np.ndarray
    speakers: list[str]
    styles: list[str]


@dataclass(frozen=True, eq=False)
class Store:
    """The clips of a folder; with `only` those of some speakers. Nothing but the index is held in memory."""

    folder: Path
    index: Index
    only: frozenset[str] | None = None

    @property
    def rig(self) -> Rig | None:
        """The rig of all motion, or None where there is none."""
        return self.index.rig

    @property
    def split(self) -> Split:
        """The speakers to train on, to validate on and to test on."""
        return self.index.split

    @property
    def shards(self) -> list[Path]:
        """The paths of the shards, sorted by name."""
        return [self.folder / entry.name for entry in self.index.shards]

    @property
    def speakers(self) -> list[str]:
        """The speakers, sorted."""
        return sorted({speaker for entry in self.index.shards for speaker in entry.speakers if self._wanted(speaker)})

    @property
    def ids(self) -> set[str]:
        """The ids of all clips, those of other speakers included."""
        return {name for entry in self.index.shards for name in entry.ids}

    def of_speakers(self, speakers: Iterable[str]) -> "Store":
        """The same store, showing only the clips of these speakers; as in `store.of_speakers(store.split.train)`."""
        return replace(self, only=frozenset(speakers))

    def rows(self) -> Iterator[Row]:
        """Every clip as a row, one after the other in the order of the shards; groups of other speakers are not read."""
        for entry in self.index.shards:
            wanted = [number for number, speakers in enumerate(grouped(entry, entry.speakers)) if any(map(self._wanted, speakers))]
            for records in read_groups(self.folder / entry.name, wanted) if wanted else ():
                yield from (row_of(record) for record in records if self._wanted(record["speaker"]))

    def clips(self) -> Iterator[Clip]:
        """Every clip as a `Clip`, in the order of `rows`; a FileError that names one whose motion or measures are none."""
        for row in self.rows():
            try:
                yield to_clip(row, self.rig)
            except (RigError, FileError) as error:
                raise FileError(f"{self.folder} has clip {row.id!r}, of which the {error}; {ANEW.format(self.folder)}") from None

    def draw(self, count: int, frames: int, random: np.random.Generator) -> Windows:
        """`count` random windows of `frames` frames of sound and motion; every window of every clip with motion is as likely.

        Only the row groups that hold them are read, and only their samples decoded. A FileError when no clip is long enough.
        """
        places = self._places
        starts_of = np.maximum(places.frames - frames + 1, 0)
        if not starts_of.any():
            longest = int(places.frames.max(initial=0))
            raise FileError(f"{self.folder} has no clip with {frames} frames of motion, the longest has {longest}; draw shorter windows")
        chosen = random.choice(starts_of.size, count, p=starts_of / starts_of.sum())
        starts = (random.random(count) * starts_of[chosen]).astype(int)
        size = sample_count(frames, self.index.sample_rate, self.index.fps)
        samples = np.zeros((count, size), np.float32)
        motion = np.zeros((count, frames, len(self.rig)), np.float32)
        for number, record in self._read(chosen):
            start = int(starts[number])
            sound = cut_sound(record, sample_count(start, self.index.sample_rate, self.index.fps), size)
            samples[number, : sound.size] = sound
            whole = motion_of(record)
            if whole is None or len(whole) < start + frames or whole.shape[1] != len(self.rig):
                fault = f"{self.folder} has other motion of clip {record['id']!r} than its index says"
                raise FileError(f"{fault}; accept it as it is: visavox store index {self.folder}")
            motion[number] = whole[start : start + frames]
            if not np.isfinite(motion[number]).all():
                raise FileError(f"{self.folder} has clip {record['id']!r}, of which the motion is not a number; {ANEW.format(self.folder)}")
        words = ([words[place] for place in chosen] for words in (places.speakers, places.styles))
        return Windows(samples, motion, *words)

    def _read(self, chosen: np.ndarray) -> Iterator[tuple[int, dict]]:
        """(number, record) for each of the places `chosen`, every row group read once."""
        places = self._places
        columns = ("id", "audio", "motion", "frames")
        for shard in np.unique(places.shard[chosen]):
            here = np.flatnonzero(places.shard[chosen] == shard)
            groups = places.group[chosen[here]]
            wanted = np.unique(groups).tolist()
            for group, records in zip(wanted, read_groups(self.shards[shard], wanted, columns), strict=True):
                yield from ((int(number), records[places.row[chosen[number]]]) for number in here[groups == group])

    @cached_property
    def _places(self) -> Places:
        numbers, lengths, speakers, styles = [], [], [], []
        for shard, entry in enumerate(self.index.shards):
            per_frame = entry.sample_rate / entry.fps
            at = [(group, row) for group, size in enumerate(entry.groups) for row in range(size)]
            for position, speaker in enumerate(entry.speakers):
                if self._wanted(speaker):
                    numbers.append((shard, *at[position]))
                    whole = int(entry.samples[position] / per_frame + 0.5)  # a last frame that sounds for half is one
                    lengths.append((entry.samples[position], min(entry.frames[position], whole)))
                    speakers.append(speaker)
                    styles.append(entry.styles[position])
        where, held = np.array(numbers, int).reshape(-1, 3), np.array(lengths, int).reshape(-1, 2)
        return Places(*where.T, *held.T, speakers, styles)

    def _wanted(self, speaker: str) -> bool:
        return self.only is None or speaker in self.only


def open_store(folder: str | Path) -> Store:
    """The store in `folder`. Raises a FileError when it has no index, or a shard of the index is gone or has another size."""
    folder = Path(folder)
    index = load_index(folder)
    for entry in index.shards:
        check_there(folder, entry)
    return Store(folder, index)


def check_there(folder: Path, entry: ShardEntry) -> None:
    """Raises a FileError when the shard of an entry is gone or has another size than when it was indexed."""
    path = folder / entry.name
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise FileError(f"{path} is gone; restore it from a copy, or do without it: visavox store index {folder}") from None
    if size != entry.bytes:
        wrong = f"{path} has {size} bytes, {entry.bytes} when it was indexed"
        raise FileError(f"{wrong}; restore it from a copy, or accept it as it is: visavox store index {folder}")


def grouped(entry: ShardEntry, values: list) -> list[list]:
    """`values`, one for each row of a shard, in lists of one row group each."""
    ends = np.cumsum(entry.groups).tolist()
    return [values[end - size : end] for size, end in zip(entry.groups, ends, strict=True)]

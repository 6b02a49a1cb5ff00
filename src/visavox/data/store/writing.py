"""Making, growing, indexing and merging stores.

A store only grows by whole files: a shard, then the index, each renamed into place when it is complete. What a killed writer
leaves behind is either invisible or a complete shard that the next writer takes in.
"""

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np

from visavox.data.clip import Clip
from visavox.data.store.index import (
    INDEX,
    Index,
    ShardEntry,
    Statistics,
    load_index,
    save_index,
    scan_shard,
)
from visavox.data.store.reading import Store, check_there, open_store
from visavox.data.store.repair import unique_ids
from visavox.data.store.rows import to_row
from visavox.data.store.shards import copy_rows, motion_of, read_groups, write_shard
from visavox.data.store.split import PARTS, Split, SplitRule
from visavox.errors import FileError, VisavoxError
from visavox.io.atomic import clear_abandoned, replacing, write_bytes
from visavox.rig import Rig
from visavox.rigs import RIGS

MOST_ROWS, MOST_SECONDS = 100, 900.0  # of a shard that `append_clips` writes: under 20 MB
EMPTY = Index(None, SplitRule(), Split((), (), ()), None, [])


def start_store(folder: str | Path) -> Store:
    """The store in `folder`, which is made when it does not exist; complete shards that an interrupted writer left are taken in."""
    _make_folder(Path(folder))
    clear_abandoned(Path(folder))
    return index_store(Path(folder))


def index_store(folder: Path, rule: SplitRule | None = None, rig: Rig | None = None) -> Store:
    """The store in `folder`, its index made to fit the shards that lie there; only those that it does not know are read.

    `rule` replaces the rule of the splits; `rig` is needed only where motion has a rig that is not among the known ones. Raises a
    FileError when a shard of the index is gone or has changed, or two clips have one id.
    """
    old = load_index(folder) if (folder / INDEX).exists() else EMPTY
    for entry in old.shards:
        check_there(folder, entry)
    known = {entry.name: entry for entry in old.shards}
    shards = [known.get(path.name) or scan_shard(path) for path in shard_files(folder)]
    unchanged = shards == old.shards and rule in (None, old.rule) and rig in (None, old.rig)
    if unchanged and (folder / INDEX).exists():
        return Store(folder, old)
    return _save(folder, shards, rule or old.rule, rig or old.rig)


def reindex_store(folder: Path, report: Callable[[str], None] = lambda line: None) -> Store:
    """The store in `folder`, indexed anew from all its shards as they are; the rule of its splits is kept if it can be read.

    Ids that stand twice, as after two writers at one time, are made unique (`repair.unique_ids`), and `report` is told how.
    """
    if not shard_files(folder):
        raise FileError(f"{folder} holds no shards (.parquet); name the folder of a store or of a corpus")
    try:
        old = load_index(folder)
    except FileError:
        old = EMPTY
    shards = unique_ids(folder, [scan_shard(path) for path in shard_files(folder)], {entry.name for entry in old.shards}, report)
    there = {speaker for entry in shards for speaker in entry.speakers}
    listed = (tuple(name for name in getattr(old.rule.listed, part) if name in there) for part in PARTS)
    return _save(folder, shards, replace(old.rule, listed=Split(*listed)), old.rig)


def append_clips(store: Store, clips: Iterable[Clip]) -> Store:
    """The store with `clips` added in new shards, the index last; clips must have its sample rate, fps and rig, and ids of their own.

    Raises a FileError that names the clip when one does not fit, or the disk is full; the store is then as it was. Full shards of a writer
    that is interrupted stay, and the next writer takes them in.
    """
    written: list[Path] = []
    before = (store.folder / INDEX).read_bytes() if (store.folder / INDEX).exists() else None
    try:
        return _append(store, clips, written)
    except (VisavoxError, OSError):
        with suppress(VisavoxError, OSError):  # what cannot be cleaned up must not hide what went wrong
            for path in written:
                path.unlink(missing_ok=True)
            if before is not None and (store.folder / INDEX).read_bytes() != before:
                write_bytes(before, store.folder / INDEX)
        raise


def _append(store: Store, clips: Iterable[Clip], written: list[Path]) -> Store:
    """The store with `clips` added; `written` is told of each shard before it is written."""
    known, waiting, seconds = store.ids, [], 0.0
    rates = {"sample rate": store.index.sample_rate, "fps": store.index.fps, "rig": store.rig}
    for clip in clips:
        if clip.name in known:
            raise FileError(f"{store.folder} has a clip {clip.name!r} already; give this one another name")
        _check_fits(clip, rates, store.folder)
        known.add(clip.name)
        waiting.append(to_row(clip))
        seconds += clip.audio.seconds
        if len(waiting) >= MOST_ROWS or seconds >= MOST_SECONDS:
            store = _write(store, waiting, rates["rig"], written)
            waiting, seconds = [], 0.0
    return index_store(_write(store, waiting, rates["rig"], written).folder)


def merge_stores(sources: list[Path], folder: Path) -> Store:
    """A new store in `folder` with the clips of all `sources`; what any of them holds out stays held out, and a clip that two
    hold under one id is kept once.

    An id that two sources give to different clips gets its source's folder name in front. Raises a FileError when the stores differ in
    sample rate, fps or rig, or `folder` is a store already.
    """
    stores = [open_store(source) for source in sources]
    if (folder / INDEX).exists():
        raise FileError(f"{folder} is a store already; name a new folder for the merged one")
    for kind, values in (
        ("sample rates", {store.index.sample_rate for store in stores}),
        ("fps", {store.index.fps for store in stores}),
        ("rigs", {None if store.rig is None else store.rig.name for store in stores}),
    ):
        if len(values - {None}) > 1:
            raise FileError(f"the stores have different {kind}: {sorted(values - {None})}; make them again alike")
    with _new_folder(folder):
        return _merged(stores, folder)


def _merged(stores: list[Store], folder: Path) -> Store:
    digests: dict[str, str] = {}
    for store in stores:
        for entry in store.index.shards:
            _copy_shard(store.folder, entry, folder, digests)
    test = {name for store in stores for name in store.split.test}
    validation = {name for store in stores for name in store.split.validation} - test
    rule = SplitRule(listed=Split((), tuple(sorted(validation)), tuple(sorted(test))))
    return index_store(folder, rule, next((store.rig for store in stores if store.rig), None))


def shard_files(folder: Path) -> list[Path]:
    """The shards that lie in a folder, sorted by name; temporary files are not among them."""
    return sorted(path for path in Path(folder).glob("*.parquet") if not path.name.startswith("."))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"cannot make the folder {folder} ({error.strerror}); choose a place that you may write to") from None


@contextmanager
def _new_folder(folder: Path) -> Iterator[None]:
    """Makes `folder` and those that it lies in; where the body refuses, they go again with all that it put there."""
    made, before = [path for path in (folder, *folder.parents) if not os.path.exists(path)], set()
    _make_folder(folder)
    try:
        before = set(folder.iterdir())
        yield
    except (VisavoxError, OSError):
        with suppress(OSError):  # what cannot be cleaned up must not hide what went wrong
            for path in set(folder.iterdir()) - before:
                path.unlink()
            for path in made:
                path.rmdir()
        raise


def _check_fits(clip: Clip, rates: dict, folder: Path) -> None:
    """Raises a FileError when a clip has another rate or rig than the store, or than the clips before it, which `rates` remembers."""
    has = {"sample rate": clip.audio.sample_rate}
    if clip.motion is not None:
        has |= {"fps": clip.motion.fps, "rig": clip.motion.rig}
    for what, value in has.items():
        if rates[what] is None:
            rates[what] = value
        if rates[what] != value:
            stated, wanted = (getattr(each, "name", each) for each in (value, rates[what]))
            raise FileError(f"clip {clip.name!r} has {what} {stated}, the store {folder} {wanted}; convert it or make another store")


def _write(store: Store, rows: list, rig: Rig | None, written: list[Path]) -> Store:
    """The store after one more shard, named after its ids; a rig is in the index before the first motion that needs it."""
    if store.rig is None and rig is not None:
        store = index_store(store.folder, rig=rig)
    if rows:
        name = hashlib.sha256("\n".join(row.id for row in rows).encode()).hexdigest()[:16]
        written.append(store.folder / f"shard-{name}.parquet")
        write_shard(rows, written[-1])
    return store


def _save(folder: Path, shards: list[ShardEntry], rule: SplitRule, rig: Rig | None) -> Store:
    counts = Counter(name for entry in shards for name in entry.ids)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        holding = ", ".join(entry.name for entry in shards if twice[0] in entry.ids)
        raise FileError(f"{folder} has {len(twice)} ids twice, such as {twice[0]!r} in {holding}; mend it: visavox store index {folder}")
    split = rule.split(speaker for entry in shards for speaker in entry.speakers)
    index = Index(_rig_of(folder, shards, rig), rule, split, None, shards)
    index = replace(index, statistics=_statistics(folder, index))
    save_index(index, folder)
    return Store(folder, index)


def _rig_of(folder: Path, shards: list[ShardEntry], rig: Rig | None) -> Rig | None:
    found = {(entry.rig, entry.fps) for entry in shards if entry.rig}
    if rig is not None:
        found |= {(rig.name, fps) for _, fps in found}
    rates = {entry.sample_rate for entry in shards}
    if len(found) > 1 or len(rates) > 1:
        mixed = f"motion {sorted(found)} and sample rates {sorted(rates)}"
        raise FileError(f"{folder} mixes {mixed}; a store has one rig, one fps and one sample rate: keep the shards in several folders")
    if rig is not None or not found:
        return rig
    name, _ = found.pop()
    if name not in RIGS:
        raise FileError(f"{folder} has motion of rig {name!r}, whose channels nothing tells; known are {', '.join(RIGS)}")
    return RIGS[name]


def _statistics(folder: Path, index: Index) -> Statistics | None:
    """Over all frames of the speakers to train on, read from the motion column alone; None where they have no motion."""
    frames = 0
    total = squares = np.zeros(0 if index.rig is None else len(index.rig))
    for motion in _training_motion(folder, index):
        motion = motion[np.isfinite(motion).all(1)]  # the rest is for `verify` to name
        frames += len(motion)
        total = total + motion.sum(0, dtype=np.float64)
        squares = squares + (motion.astype(np.float64) ** 2).sum(0)
    if not frames:
        return None
    mean = total / frames
    std = np.sqrt(np.maximum(squares / frames - mean**2, 0))
    return Statistics(frames, [round(float(value), 7) for value in mean], [round(float(value), 7) for value in std])


def _training_motion(folder: Path, index: Index) -> Iterator[np.ndarray]:
    for path, entry in ((folder / entry.name, entry) for entry in index.shards if entry.rig):
        records = chain.from_iterable(read_groups(path, None, ("id", "motion", "frames")))
        for record, speaker in zip(records, entry.speakers, strict=True):
            motion = motion_of(record) if speaker in index.split.train else None
            if motion is not None and motion.shape[1] != len(index.rig):
                wrong = f"clip {record['id']!r} in {path} has {motion.shape[1]} channels"
                raise FileError(f"{wrong}, rig {index.rig.name!r} {len(index.rig)}; make that shard again")
            if motion is not None:
                yield motion


def _copy_shard(source: Path, entry: ShardEntry, folder: Path, digests: dict[str, str]) -> None:
    """Copies one shard into the merged store; `digests` remembers the ids that it has already, with their contents."""
    ids: list[str | None] = []
    for name, digest in zip(entry.ids, entry.digests, strict=True):
        given = name if digests.get(name, digest) == digest else f"{source.name}/{name}"
        if digests.get(given, digest) != digest:
            raise FileError(f"{source} has a clip {name!r} whose names are taken by other clips; rename the folder {source.name}")
        ids.append(None if given in digests else given)
        digests[given] = digest
    if not any(ids):
        return
    content = hashlib.sha256("\n".join([*map(str, ids), *entry.digests]).encode()).hexdigest()[:8]
    target = folder / f"{Path(entry.name).stem}-{content}.parquet"  # two stores can have shards of one name
    if ids != entry.ids:
        copy_rows(source / entry.name, ids, target)
        return
    with replacing(target) as part:
        shutil.copyfile(source / entry.name, part)

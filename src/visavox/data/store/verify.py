"""Whether a store holds what its index says: every byte of it is read, and every problem named with what to do about it."""

from collections import defaultdict
from pathlib import Path

from visavox.data.store.index import Index, ShardEntry, load_index
from visavox.data.store.reading import grouped
from visavox.data.store.rows import to_clip
from visavox.data.store.shards import group_sizes, read_groups, record_digest, row_of
from visavox.data.store.writing import shard_files
from visavox.errors import FileError, VisavoxError
from visavox.io.atomic import HIDDEN

RESTORE = "restore the file from a copy or make it again"


def verify_store(folder: Path, report=None) -> list[str]:
    """The problems of a store, one sentence each, empty when there are none. `report(done, total, name)` is called after each shard.

    Found are shards that are gone, damaged, changed or not in the index; rows that are not what was indexed; sound that does not decode;
    sound, motion and measures whose lengths differ by more than a frame; phones out of order; values that are not numbers; and clips
    without licence or consent.
    """
    folder = Path(folder)
    index = load_index(folder)
    problems = _loose_files(folder, index) + _ids_twice(folder, index)
    for number, entry in enumerate(index.shards):
        problems += _problems_of(folder / entry.name, entry, index)
        if report is not None:
            report(number + 1, len(index.shards), entry.name)
    return problems


def _loose_files(folder: Path, index: Index) -> list[str]:
    listed = {entry.name for entry in index.shards}
    loose = [path for path in shard_files(folder) if path.name not in listed]
    found = [f"{path} is not in the index; take it in with: visavox store index {folder}, or delete it" for path in loose]
    left = [path for path in sorted(folder.iterdir()) if path.suffix == ".part" or path.name.startswith((".index-", HIDDEN))]
    return found + [f"{path} was left by a writer that was killed; delete it" for path in left]


def _ids_twice(folder: Path, index: Index) -> list[str]:
    """Ids of more than one clip, in shards of the index and in others that lie there."""
    listed = {entry.name: entry.ids for entry in index.shards}
    holding: dict[str, list[str]] = defaultdict(list)
    for path in shard_files(folder):
        for name in listed[path.name] if path.name in listed else _ids_of(path):
            holding[name].append(path.name)
    twice = {name: shards for name, shards in holding.items() if len(shards) > 1}
    how = f"make ids unique with: visavox store index {folder}"
    return [f"clip {name!r} is in {' and in '.join(shards)}; {how}" for name, shards in sorted(twice.items())]


def _ids_of(path: Path) -> list[str]:
    try:
        return [record["id"] for records in read_groups(path, None, ("id",)) for record in records]
    except FileError:
        return []  # said when it is taken in, or deleted


def _problems_of(path: Path, entry: ShardEntry, index: Index) -> list[str]:
    if not path.exists():
        return [f"{path} is gone; restore it from a copy, or do without it: visavox store index {path.parent}"]
    try:
        sizes = group_sizes(path)
    except FileError as error:
        return [str(error)]
    if sizes != entry.groups:
        changed = f"{path} has {sum(sizes)} rows in groups other than the {len(entry.ids)} indexed"
        return [f"{changed}; restore it from a copy, or accept it as it is: visavox store index {path.parent}"]
    columns = entry.ids, entry.digests, entry.samples, entry.frames, entry.speakers, entry.styles
    rows = grouped(entry, list(zip(*columns, strict=True)))
    return [problem for group in range(len(sizes)) for problem in _group_problems(path, group, rows[group], index)]


def _group_problems(path: Path, group: int, rows: list[tuple], index: Index) -> list[str]:
    try:
        (records,) = read_groups(path, [group])
    except FileError as error:
        return [str(error)]
    found = (_row_problem(record, row, index) for record, row in zip(records, rows, strict=True))
    return [f"{path}: {problem}" for problem in found if problem]


def _row_problem(record: dict, indexed: tuple, index: Index) -> str | None:
    """What is wrong with one record of which the index says id, digest, samples, frames, speaker and style; or None."""
    name, digest, *lengths_and_words = indexed
    where = f"clip {name!r}"
    if record["id"] != name or record_digest(record) != digest:
        now = "" if record["id"] == name else f" and is now called {record['id']!r}"
        return f"{where} is not what was indexed{now}; {RESTORE}"
    for what in ("licence", "consent"):
        if not (record[what] or "").strip():
            return f"{where} states no {what}; import it again and state it, or leave it out"
    try:
        clip = to_clip(row_of(record), index.rig)
    except (VisavoxError, ValueError) as error:
        return str(error) if isinstance(error, FileError) else f"{where} cannot be read ({error}); {RESTORE}"
    if [clip.audio.samples.size, record["frames"] or 0, clip.speaker, clip.style] != lengths_and_words:
        return f"{where} has other lengths or words than the index says; make the index again: visavox store index"
    for word, mine, all_of_them in (
        ("sample rate", clip.audio.sample_rate, index.sample_rate),
        ("fps", index.fps if clip.motion is None else clip.motion.fps, index.fps),
    ):
        if mine != all_of_them:
            return f"{where} has {word} {mine}, the store {all_of_them}; keep it in another store"
    return None

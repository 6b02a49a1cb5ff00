"""Ids that stand in two shards of a store, as two writers at one time leave them, made unique again."""

from collections.abc import Callable
from pathlib import Path

from visavox.data.store.index import ShardEntry, scan_shard
from visavox.data.store.shards import copy_rows


def unique_ids(folder: Path, entries: list[ShardEntry], first: set[str], report: Callable[[str], None]) -> list[ShardEntry]:
    """The entries, sorted by name, of the shards in `folder` after every id is that of one clip; `report` is told of each changed shard.

    Shards whose names are in `first` keep their ids before others do. The same clip a second time is left out; another clip under an id
    that is taken is called ID~2, ID~3 ... A shard is replaced in place when its copy is complete, and goes when nothing is left in it.
    """
    digests: dict[str, str] = {}
    kept = []
    for entry in sorted(entries, key=lambda entry: (entry.name not in first, entry.name)):
        ids = [_free(name, digest, digests) for name, digest in zip(entry.ids, entry.digests, strict=True)]
        if ids == entry.ids:
            kept.append(entry)
            continue
        path, left_out = folder / entry.name, ids.count(None)
        renamed = [name for name, old in zip(ids, entry.ids, strict=True) if name not in (None, old)]
        how = f"{len(renamed)} renamed{': ' if renamed else ''}{_few(renamed)}"
        report(f"{path}: {left_out} clips left out that another shard holds, {how}")
        if left_out == len(ids):
            path.unlink()
            continue
        copy_rows(path, ids, path)
        kept.append(scan_shard(path))
    return sorted(kept, key=lambda entry: entry.name)


def _free(name: str, digest: str, digests: dict[str, str]) -> str | None:
    """The id that a clip gets, which `digests` remembers with its content; None when it is there already."""
    given, number = name, 1
    while digests.get(given, digest) != digest:
        number += 1
        given = f"{name}~{number}"
    if given in digests:
        return None
    digests[given] = digest
    return given


def _few(names: list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")

"""Recordings of people into a store: any folder that `read_folder` knows, at the store's rates, with the terms stated."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path

from visavox.data.clip import Clip, common_part
from visavox.data.readers.folder import clips_of, with_aligned_phones
from visavox.data.readers.transcribed import sounds_of
from visavox.data.store.index import INDEX
from visavox.data.store.reading import Store
from visavox.data.store.writing import append_clips, shard_files, start_store
from visavox.errors import FileError, OptionError
from visavox.windows import FPS, SAMPLE_RATE

UNSTATED = "unstated"


@dataclass(frozen=True)
class Terms:
    """What a user states about recordings: `consent` always (how the person agreed, or why none is needed); the others "" where the folder
    itself tells, or nobody knows."""

    consent: str
    licence: str = ""
    source: str = ""
    speaker: str = ""
    style: str = ""
    language: str = ""


@dataclass(frozen=True, eq=False)
class ImportResult:
    """The store after an import, the ids of the clips that came in, and how many had come in before. `unused` are sounds of the folder of
    which no clip was made."""

    store: Store
    added: list[str]
    present: int
    unused: list[Path]


def import_folder(
    folder: Path, into: Path, terms: Terms, limit: int | None = None, aligned: bool = False, report=lambda line: None
) -> ImportResult:
    """What became of the clips of `folder`, at most `limit`, in the store `into`, which is made when it does not exist.

    Ids are SPEAKER/NAME; a clip whose id is there already is left as it is, so that an import that was interrupted goes on. With
    `aligned`, texts without phones are aligned (English); one that cannot be is told to `report`. Raises an OptionError without consent,
    or without a licence where the folder's kind does not state one; a FileError for a recording that cannot be read, or a full disk.
    After such an error the store is as it was, and one that this import made is gone.
    """
    if not terms.consent.strip():
        raise OptionError("no consent is stated; say how the person agreed (--consent 'signed release, 2024'), or why none is needed")
    with _nothing_left(Path(into)):
        return _import(folder, into, terms, limit, partial(with_aligned_phones, report=report) if aligned else lambda clip: clip)


@contextmanager
def _nothing_left(into: Path) -> Iterator[None]:
    """Removes the folders and the index that an import made which then failed; `append_clips` has removed its shards."""
    made, had = [path for path in (into, *into.parents) if not os.path.exists(path)], os.path.exists(into / INDEX)
    try:
        yield
    except Exception:
        with suppress(OSError):  # what cannot be cleaned up must not hide what went wrong
            if not had and not shard_files(into):
                (into / INDEX).unlink(missing_ok=True)
            for path in made:
                path.rmdir()
        raise


def _import(folder: Path, into: Path, terms: Terms, limit: int | None, finish: Callable[[Clip], Clip]) -> ImportResult:
    store, added, present = start_store(into), [], 0
    known, read = store.ids, set()

    def fresh() -> Iterator[Clip]:
        nonlocal present
        for clip in islice(clips_of(folder, terms.source, UNSTATED), limit):
            read.update((clip.name, f"{clip.speaker}_{clip.name}"))
            clip = with_terms(clip, terms)
            if clip.name in known:
                present += 1
                continue
            yield finish(at_store_rates(clip))
            added.append(clip.name)

    store = append_clips(store, fresh())
    if not added and not present:
        raise FileError(f"{folder} holds no recording that can be read; give a folder with sounds, and motion beside them if it has any")
    unused = [] if limit else [path for path in sounds_of(Path(folder)) if not read & _names_of(path)]
    return ImportResult(store, added, present, unused)


def _names_of(path: Path) -> set[str]:
    """What readers may call the clip of a sound: by its own name, or with those of folders before it."""
    parts = path.with_suffix("").parts
    return {"_".join(parts[place:]) for place in range(len(parts))}


def with_terms(clip: Clip, terms: Terms) -> Clip:
    """The clip with what `terms` state, under the id SPEAKER/NAME; what they leave open stays as the reader found it."""
    stated = {name: getattr(terms, name) for name in ("licence", "source", "speaker", "style", "language") if getattr(terms, name)}
    clip = replace(clip, consent=terms.consent, **stated)
    if clip.licence == UNSTATED:
        raise OptionError(f"nothing states the licence of clip {clip.name!r}; give it with --licence, such as 'CC BY 4.0'")
    quality = clip.quality if clip.measures is None else round(float(clip.measures.ok.mean()), 4)
    return replace(clip, name=f"{clip.speaker}/{clip.name}", quality=quality)


def at_store_rates(clip: Clip) -> Clip:
    """The clip at 16 kHz and 25 fps, its parts cut to the seconds that all of them cover."""
    motion = None if clip.motion is None else clip.motion.at_fps(FPS)
    measures = None if clip.measures is None else clip.measures.at_fps(FPS)
    audio, motion, measures = common_part(clip.audio.resample(SAMPLE_RATE), 0.0, motion, measures)
    return replace(clip, audio=audio, motion=motion, measures=measures)

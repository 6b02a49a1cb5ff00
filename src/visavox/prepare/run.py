"""A whole preparation: every film to its outcome, duplicates dropped, the clips into the store, and a report.

Everything is decided in the order of the films' digests, whoever was ready first: the same films give the same store.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from pathlib import Path

from visavox.batch.processes import in_processes
from visavox.batch.ray_cluster import on_ray
from visavox.data.clip import Clip
from visavox.data.naming import chosen
from visavox.data.naming.labels import Labels, Naming
from visavox.data.store.reading import Store
from visavox.data.store.rows import to_clip
from visavox.data.store.shards import read_shard
from visavox.data.store.writing import append_clips, start_store
from visavox.errors import FileError, OptionError, VisavoxError
from visavox.io.atomic import write_bytes
from visavox.io.documents import read_json
from visavox.io.kept import check_same, file_digest
from visavox.prepare.duplicates import Known
from visavox.prepare.film import Source, Tools
from visavox.prepare.work import FOLDER, Outcome, Settings, clips_path, open_tools, prepare_one, read_outcome
from visavox.rigs.arkit import ARKIT

SUFFIXES = {".mp4", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".m4v", ".flv", ".ts", ".wmv", ".3gp"}
MOST_FILMS = 1_000_000
REMOVE = "prepare into another store, or remove this one to begin again"


ENGINES = {"processes": in_processes, "ray": on_ray}
DIED = "the process that prepared it ended, perhaps for want of memory"


@dataclass(frozen=True)
class Failure:
    """Why a film has no outcome."""

    reason: str


@dataclass(eq=False)
class Preparation:
    """What came of a run: the store, the outcome of each film by its path, films that failed and why, and what was a duplicate of what."""

    store: Store
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    duplicates: dict[str, str] = field(default_factory=dict)


def find_films(given: Sequence[Path]) -> list[Path]:
    """The films that are named, and those in the folders that are named and in their folders, in order, each once.

    A FileError for what is not there, or when there is none.
    """
    found: dict[Path, None] = {}
    for path in given:
        if not path.exists():
            raise FileError(f"{path} does not exist; check its name")
        inside = (each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and not each.is_dir())  # links to nowhere, too
        found |= dict.fromkeys(sorted(inside) if path.is_dir() else [path])
        if len(found) > MOST_FILMS:
            raise FileError(f"over {MOST_FILMS} films; prepare a part of them at a time")
    if not found:
        raise FileError(f"{', '.join(map(str, given))} hold no film; known are {', '.join(sorted(SUFFIXES))}")
    return list(found)


def sources_of(films: Sequence[Path], terms: tuple[str, str, str], speaker: str = "", naming: Naming | None = None) -> list[Source]:
    """Each film with its `terms`, which are licence, consent and the name of the set, and what its name tells of it.

    Who speaks is `speaker`, or else what `naming` tells, or else the name of the folder a film lies in where the films lie in several, or
    else that of the film. Without a licence that of the naming counts. Films that show what others show better are left out.
    """
    licence, consent, source = terms
    licence = licence.strip() or (naming.licence if naming else "")
    if not consent.strip():
        raise OptionError("no consent is stated; say how the people agreed (--consent 'signed release, 2024'), or why none is needed")
    if not licence.strip():
        raise OptionError("no licence is stated; say under which terms the films may be used: --licence 'CC BY 4.0'")
    by_folder = len({film.parent for film in films}) > 1
    used = chosen(films, naming)[0] if naming else [(film, None) for film in films]
    found = []
    for film, labels in used:
        labels = labels or Labels(film.parent.name if by_folder else film.stem)
        words = labels.style, labels.language, labels.text, labels.sound
        found.append(Source(film, speaker or labels.speaker, licence, consent, source, *words))
    return found


def prepare(
    sources: Sequence[Source],
    into: Path,
    settings: Settings,
    jobs: int = 1,
    engine: str = "processes",
    watch: Callable[[Iterable], Iterable] = iter,
) -> Preparation:
    """Everything that came of films, in the store `into`, which is made when it is not there; what was done before is not done again.

    `watch` sees the results go by. No film ends the run: what cannot be used is in the report. Raises a FileError before any work when the
    store was prepared with other settings or holds a damaged outcome, and when the disk is full.
    """
    store = start_store(into)
    _same_settings(into, settings)
    before = _before(into)  # first of all: a damaged one is refused before hours of work, not after
    made = Preparation(store)
    work = partial(_work, store=into.absolute(), settings=settings)
    for source, result in watch(ENGINES[engine](work, list(sources), jobs, _died)):
        if isinstance(result, Failure):
            made.failures[str(source.path)] = result.reason
        else:
            made.outcomes[str(source.path)] = result
    now = {outcome.key for outcome in made.outcomes.values()}
    kept = _without_duplicates(made, {outcome.path: outcome for outcome in before if outcome.key not in now})
    made.store = append_clips(made.store, _waiting(into, kept, made.store.ids))
    for outcome in made.outcomes.values():
        clips_path(into, outcome.key).unlink(missing_ok=True)
    return made


@cache
def _tools(settings: Settings) -> Tools:
    """The tools of this process, opened once."""
    return open_tools(settings)


def _work(source: Source, store: Path, settings: Settings) -> tuple[Source, Outcome | Failure]:
    try:
        return source, prepare_one(source, store, settings, _tools(settings))
    except VisavoxError as error:
        return source, Failure(str(error))
    except Exception as error:  # a film must not end the run: whatever it raised is its reason
        return source, Failure(f"{type(error).__name__}: {' '.join(str(error).split())}")


def _died(source: Source) -> tuple[Source, Failure]:
    return source, Failure(DIED)


def _same_settings(into: Path, settings: Settings) -> None:
    """Remembers how the store is prepared; a FileError when it was prepared otherwise."""
    now = {"landmarks": file_digest(Path(settings.landmarks)), **asdict(settings.cutting), **asdict(settings.limits)}
    path = into / FOLDER / "settings.json"
    if path.exists():
        check_same(read_json(path, REMOVE), now, into, REMOVE)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(json.dumps(now, indent=1).encode(), path)


def _before(into: Path) -> list[Outcome]:
    """The outcomes of films that were prepared into this store in other runs; a FileError when one is damaged."""
    return [read_outcome(path) for path in sorted((into / FOLDER / "films").glob("*.json"))]


def _without_duplicates(made: Preparation, before: dict[str, Outcome]) -> list[tuple[Outcome, list[str]]]:
    """Each film's clips whose sound is in no film before it; films of one content are one film. What is in the store comes first."""
    known, kept, seen, there = Known(), [], {}, made.store.ids

    def order(item: tuple[str, Outcome]) -> tuple:
        path, outcome = item
        return there.isdisjoint(outcome.ids), outcome.digest, path

    for path, outcome in sorted((before | made.outcomes).items(), key=order):
        if outcome.digest in seen:
            made.duplicates[path] = seen[outcome.digest]
            continue
        seen[outcome.digest] = path
        ids = []
        for name, sound in zip(outcome.ids, outcome.fingerprints, strict=True):
            twin = None if name in there else known.find(sound)
            if twin is None:
                known.add(name, sound)
                ids.append(name)
            else:
                made.duplicates[name] = twin
        if path in made.outcomes:
            kept.append((outcome, ids))
    return kept


def _waiting(into: Path, kept: list[tuple[Outcome, list[str]]], known: set[str]) -> Iterator[Clip]:
    """The clips that are not in the store yet, film by film."""
    for outcome, ids in kept:
        wanted = set(ids) - known
        if not wanted:
            continue
        path = clips_path(into, outcome.key)
        if not path.exists():
            raise FileError(f"{path} is gone, and its clips are not in the store; remove {path.with_suffix('.json')} and run it again")
        for row in read_shard(path):
            if row.id in wanted:
                yield to_clip(row, ARKIT)

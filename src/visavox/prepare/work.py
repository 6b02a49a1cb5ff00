"""What a worker does with one film: prepares it and puts away what became of it, whole or not at all, so that nothing is done twice.

The work lies beside the store's shards in `prepare/films`: for each film, by its key, a JSON of the outcome and a shard of the clips
that are not in the store yet.
"""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from visavox.checkpoint import load
from visavox.data.store.rows import to_row
from visavox.data.store.shards import write_shard
from visavox.encoding import RecordingEncoder
from visavox.errors import FileError
from visavox.fields import Fields
from visavox.io.assets import default_checkpoint
from visavox.io.atomic import write_bytes
from visavox.io.documents import read_json
from visavox.io.kept import file_digest, text_digest
from visavox.io.png import png_bytes
from visavox.prepare.checks import Limits
from visavox.prepare.film import Prepared, Source, Tools, prepare_film
from visavox.prepare.segments import Cutting
from visavox.track.landmarker import load_landmarker
from visavox.track.solver import packaged_solver

FOLDER = "prepare"  # in the folder of the store
AGAIN = "remove it, and the film is prepared anew"
PRINT = re.compile(r"([0-9a-f]{8})*")  # numbers of 32 bits, in hexadecimal
KIND = re.compile(r"[a-z]+( [a-z]+)*")  # of a picture: a part of its file's name


@dataclass(frozen=True)
class Settings:
    """How films are prepared: by which landmark model, how they are cut and what is kept of them."""

    landmarks: str
    cutting: Cutting = Cutting()
    limits: Limits = Limits()


@dataclass(frozen=True)
class Outcome:
    """What became of the film at `path`: its digest and seconds, the ids of the clips that passed, their seconds and fingerprints.

    `key` is a hash of the digest and of what is stated about the film; `prints` are hexadecimal; `dropped` holds (start, end, check,
    reason); `pictures` are the kinds of which one was put away.
    """

    path: str
    key: str
    digest: str
    seconds: float
    ids: tuple[str, ...]
    lengths: tuple[float, ...]
    prints: tuple[str, ...]
    dropped: tuple[tuple[float, float, str, str], ...]
    pictures: tuple[str, ...]

    @property
    def fingerprints(self) -> list[np.ndarray]:
        """The fingerprint (N,) uint32 of each clip."""
        return [np.frombuffer(bytes.fromhex(each), "<u4").astype(np.uint32) for each in self.prints]


def open_tools(settings: Settings) -> Tools:
    """What one worker prepares films with."""
    engine = load(default_checkpoint()).engine()
    return Tools(load_landmarker(settings.landmarks), packaged_solver(), RecordingEncoder(engine))


def prepare_one(source: Source, store: Path, settings: Settings, tools: Tools) -> Outcome:
    """The outcome of a film, from what was put away if it was prepared before."""
    digest = file_digest(source.path)
    key = text_digest((digest, *source.stated))
    folder = store / FOLDER / "films"
    path = folder / f"{key}.json"
    if path.exists():
        return read_outcome(path)
    made = prepare_film(source, digest, tools, settings.cutting, settings.limits)
    folder.mkdir(parents=True, exist_ok=True)
    if made.clips:
        write_shard([to_row(clip) for clip in made.clips], clips_path(store, key))
    for kind, picture in made.pictures.items():
        write_bytes(png_bytes(picture), folder / f"{key}-{kind.replace(' ', '-')}.png")
    outcome = _outcome(source, key, made)
    write_bytes(json.dumps(asdict(outcome), indent=1).encode(), path)  # last: what it speaks of is there
    return outcome


def clips_path(store: Path, key: str) -> Path:
    """Where the clips of a film wait for the store."""
    return store / FOLDER / "films" / f"{key}.parquet"


def read_outcome(path: Path) -> Outcome:
    """The outcome that a worker wrote; a FileError when it is damaged. Its key is the file's own name, and nothing in it names a file
    elsewhere: a store may come from a stranger."""
    stored = Fields(read_json(path, AGAIN), path, AGAIN)
    dropped = tuple(_dropped(row, path) for row in stored.items("dropped", 10**6))
    lengths = tuple(stored.numbers("lengths", 0, 1e6))
    ids, prints, pictures = (tuple(stored.texts(name)) for name in ("ids", "prints", "pictures"))
    wrong = [
        f"key {stored.text('key')!r:.60}" if stored.text("key") != path.stem else "",
        "ids, lengths and prints are not as many" if not len(ids) == len(lengths) == len(prints) else "",
        *("prints" for each in prints if not PRINT.fullmatch(each)),
        *(f"picture {each!r:.60}" for each in pictures if not KIND.fullmatch(each)),
    ]
    if any(wrong):
        raise FileError(f"{path} is damaged ({next(filter(None, wrong))}); {AGAIN}")
    seconds = stored.number("seconds", 0, 1e6)
    return Outcome(stored.text("path"), path.stem, stored.text("digest"), seconds, ids, lengths, prints, dropped, pictures)


def _dropped(row: object, path: Path) -> tuple[float, float, str, str]:
    names = ("from", "to", "check", "reason")
    if not isinstance(row, list) or len(row) != len(names):
        raise FileError(f"{path} is damaged (dropped holds what is no list of {len(names)}); {AGAIN}")
    stored = Fields(dict(zip(names, row, strict=True)), path, AGAIN, "dropped")
    return stored.number("from", 0, 1e6), stored.number("to", 0, 1e6), stored.text("check"), stored.text("reason")


def _outcome(source: Source, key: str, made: Prepared) -> Outcome:
    prints = tuple(each.astype("<u4").tobytes().hex() for each in made.prints)
    dropped = tuple((*map(float, each.span), each.check, each.reason) for each in made.dropped)
    lengths = tuple(clip.audio.seconds for clip in made.clips)
    ids = tuple(clip.name for clip in made.clips)
    return Outcome(str(source.path), key, made.digest, float(made.seconds), ids, lengths, prints, dropped, tuple(made.pictures))

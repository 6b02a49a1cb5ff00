"""HDTF and TFHP as DiffPoseTalk's authors give them out: a database of FLAC sound and pickled FLAME coefficients, a person's films in it.

Facts about the layout: `data.mdb` is of LMDB. The entry `metadata` holds `seg_len`, the frames of a segment. For each film the entry
`PERSON/NUMBER/metadata` holds `n_frames`. `PERSON/NUMBER/000`, `001` and on hold `audio`, a FLAC file of 16 kHz, and `coef`: `shape`
(T, 100), `exp` (T, 50) and `pose` (T, 6: head, jaw) at 25 frames a second. Nothing in it is run: the pickles are read as data.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import numpy as np

from visavox.audio import Audio
from visavox.data.clip import Clip, common_part
from visavox.errors import FileError
from visavox.io.arrays import checked_numbers
from visavox.io.audio_flac import flac_samples
from visavox.io.lmdb_pages import Pages, opened_lmdb
from visavox.io.pickled_arrays import read_pickled_arrays
from visavox.motion import Motion
from visavox.rigs.flame import COEFFICIENT_LIMIT, EXPRESSION, FLAME, IDENTITY, POSE
from visavox.windows import FPS, SAMPLE_RATE

DATABASE, METADATA = "data.mdb", "metadata"
WIDTHS = {"shape": IDENTITY, "exp": len(EXPRESSION), "pose": len(POSE)}
PUBLISHED = "give the database as its authors published it"
LARGEST = 1e4  # of a coefficient or an angle
MOST_SEGMENTS = 100_000  # of a film: 6 h of 100 frames are 5,400


def read_tfhp(folder: Path, source: str, licence: str) -> Iterator[Clip]:
    """The clips of a database, one for each film: PERSON as speaker, NUMBER as name, sound, motion of rig FLAME, and the mean shape as
    identity. A FileError that names the entry which is not as the layout has it."""
    path = Path(folder) / DATABASE
    with opened_lmdb(path) as database:
        for film, entries in groupby(_entries(database), key=lambda entry: entry[0].rpartition("/")[0]):
            if film:
                yield _clip(path, film, dict(entries), (source, licence))


def is_tfhp(folder: Path) -> bool:
    """Whether a folder holds such a database."""
    return (Path(folder) / DATABASE).is_file()


def _entries(database: Pages) -> Iterator[tuple[str, bytes]]:
    for key, value in database.entries():
        yield key.decode("utf-8", errors="replace"), value


def _clip(path: Path, film: str, entries: dict[str, bytes], words: tuple[str, str]) -> Clip:
    """The clip of one film's entries, with source and licence."""
    where = f"{path}, film {film}"
    numbers = {key: _number(path, key) for key in entries if key.rpartition("/")[2] != METADATA}
    parts = [_segment(f"{path}, entry {key}", entries[key]) for key in sorted(numbers, key=numbers.__getitem__)]
    if not parts:
        raise FileError(f"{where} has no segments; {PUBLISHED}")
    coefficients = {name: np.concatenate([part[name] for _, part in parts]) for name in WIDTHS}
    frames = _frames(where, entries.get(f"{film}/{METADATA}"))
    if len(parts) > MOST_SEGMENTS or frames != len(coefficients["exp"]):
        raise FileError(f"{where} has {len(coefficients['exp'])} frames, its metadata says {frames}; {PUBLISHED}")
    values = np.concatenate([coefficients["exp"].clip(-COEFFICIENT_LIMIT, COEFFICIENT_LIMIT), coefficients["pose"]], axis=1)
    audio, motion, _ = common_part(Audio(np.concatenate([sound for sound, _ in parts]), SAMPLE_RATE), 0.0, Motion(values, FPS, FLAME), None)
    speaker, _, name = film.rpartition("/")
    identity = coefficients["shape"].mean(0)
    return Clip(name, audio, speaker or name, words[0], words[1], motion=motion, identity=identity)


def _number(path: Path, key: str) -> int:
    """Which segment of its film an entry is: `1000` comes after `999`, not after `100`."""
    number = key.rpartition("/")[2]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise FileError(f"{path}, entry {key} is neither a numbered segment nor metadata; {PUBLISHED}")
    return int(number)


def _frames(where: str, value: bytes | None) -> int:
    if value is None:
        raise FileError(f"{where} has no metadata; {PUBLISHED}")
    stored = read_pickled_arrays(value, where, PUBLISHED)
    frames = stored.get("n_frames") if isinstance(stored, dict) else None
    if not isinstance(frames, int | np.integer) or isinstance(frames, bool):
        raise FileError(f"{where} does not say its n_frames; {PUBLISHED}")
    return int(frames)


def _segment(where: str, value: bytes) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The samples (S,) and the coefficients (T, ...) of one segment, which must last equally long within a frame."""
    stored = read_pickled_arrays(value, where, PUBLISHED)
    sound, coefficients = (stored.get("audio"), stored.get("coef")) if isinstance(stored, dict) else (None, None)
    if not isinstance(sound, bytes) or not isinstance(coefficients, dict):
        raise FileError(f"{where} holds no audio and coef; {PUBLISHED}")
    samples, sample_rate = flac_samples(sound, where, PUBLISHED)
    if sample_rate != SAMPLE_RATE:
        raise FileError(f"{where} has sound of {sample_rate} Hz, not {SAMPLE_RATE}; {PUBLISHED}")
    found = {}
    for name, width in WIDTHS.items():
        array = coefficients.get(name)
        if not isinstance(array, np.ndarray) or array.ndim != 2 or array.shape[1] != width or not len(array):
            raise FileError(f"{where} has {name} of shape {getattr(array, 'shape', None)}, not (frames, {width}); {PUBLISHED}")
        found[name] = checked_numbers(array, f"{where} has {name}", PUBLISHED, LARGEST)
    frames = len(found["exp"])
    if any(len(array) != frames for array in found.values()) or abs(len(samples) / SAMPLE_RATE - frames / FPS) > 1 / FPS:
        raise FileError(f"{where} has sound of {len(samples) / SAMPLE_RATE:.2f} s with {frames} frames at {FPS:g}; {PUBLISHED}")
    return samples, found

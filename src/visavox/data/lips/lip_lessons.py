"""Lessons for the lip reader: sounds as the audio encoder encodes them, clean and through other throats, rooms and noise, beside the lips
that belong to them.

The lips of filmed people are half as measured and half as two encoders read them together; those of sounds without a face are read.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from visavox.data.lips.people import People, PeopleReading, both_features, encode
from visavox.data.material.augmentation import augment
from visavox.data.material.recordings import Joined
from visavox.io.kept import arrays_digest, file_digest, keep
from visavox.models.audio_encoder import AudioEncoder
from visavox.models.log_mel import normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.models.weights_digest import weights_digest

COPIES = 7  # how often each sound is encoded: once as it is, then augmented; with four, the reader came to know its lessons by heart
MEASURED = 0.5  # how far measured lips are believed against the reading of them: landmarks tremble, and one person is not all
LONGEST = 700  # frames of a lesson of filmed people, joined from clips of one person
ARRAYS = ("mel", "features", "phones", "lips", "length")


class LipLessons(Joined):
    """Lessons: mel (N, COPIES, 4 bands) normalised, features (N, COPIES, E), phones (N, COPIES, 2 P), lips (N, 2), length of each."""

    def __init__(self, paths: list[Path]):
        super().__init__(paths, ARRAYS)


def prepare_people_lessons(people: People, reading: PeopleReading, encoder: AudioEncoder, folder: Path) -> dict[str, Path]:
    """The files of lessons of filmed people, by the speaker, one for each; kept when they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    made, content = {}, arrays_digest({"mel": people.mel, "features": people.recognised, "lips": people.lips, "length": people.length})
    for speaker in np.unique(people.speaker):
        lessons = _grouped(people, reading, encoder, speaker)
        made_of = {"people": content, **_made_of(reading, encoder)}
        made[str(speaker)] = _prepare(lessons, encoder, made_of, folder / f"person-{speaker}.npz")
    return made


def prepare_sound_lessons(sounds: Path, reading: PeopleReading, encoder: AudioEncoder, folder: Path) -> Path:
    """The file of lessons of the sounds of a file of `visavox.data.material.recogniser_features`; kept when it is there."""
    folder.mkdir(parents=True, exist_ok=True)
    made_of = {"sounds": file_digest(sounds), **_made_of(reading, encoder)}
    return _prepare(_of_sounds(sounds, reading, encoder), encoder, made_of, folder / f"sound-{sounds.stem}.npz")


def _made_of(reading: PeopleReading, encoder: AudioEncoder) -> dict:
    read = arrays_digest({"weights": reading.weights, "offset": reading.offset})
    return {"reading": read, "encoder": weights_digest(encoder), "copies": COPIES, "measured": MEASURED}


Lesson = tuple[np.ndarray, np.ndarray]  # log power (4 T, 80) and lips (T, 2)


def _grouped(people: People, reading: PeopleReading, encoder: AudioEncoder, speaker: str) -> Iterator[Lesson]:
    mels, lips, frames = [], [], 0
    for clip, name in zip(people.clips, people.speaker, strict=True):
        if name != speaker:
            continue
        if mels and frames + clip.stop - clip.start > LONGEST:
            yield np.concatenate(mels), np.concatenate(lips)
            mels, lips, frames = [], [], 0
        own = encode(people.mel, clip, encoder)
        read = reading.lips(both_features([own], people.recognised, [clip])[0])
        measured = np.where(people.seen[clip, None], people.lips[clip], read)
        mels.append(people.mel[FEATURES_PER_FRAME * clip.start : FEATURES_PER_FRAME * clip.stop].astype(np.float32))
        lips.append(MEASURED * measured + (1 - MEASURED) * read)
        frames += clip.stop - clip.start
    yield np.concatenate(mels), np.concatenate(lips)


def _of_sounds(path: Path, reading: PeopleReading, encoder: AudioEncoder) -> Iterator[Lesson]:
    with np.load(path, allow_pickle=False) as arrays:
        mel, recognised, lengths = arrays["mel"], arrays["features"], arrays["length"]
    ends = np.cumsum(lengths)
    for start, end in zip(ends - lengths, ends, strict=True):
        frames = slice(int(start), int(end))
        lips = reading.lips(both_features([encode(mel, frames, encoder)], recognised, [frames])[0])
        yield mel[FEATURES_PER_FRAME * start : FEATURES_PER_FRAME * end].astype(np.float32), lips


def _prepare(lessons: Iterator[Lesson], encoder: AudioEncoder, made_of: dict, path: Path) -> Path:
    """The file of the lessons as `encoder` encodes them in COPIES; kept when it is there and was `made_of` the same."""
    seed = [9, *path.stem.encode()]
    return keep(path, made_of, lambda part: _write(lessons, encoder, np.random.default_rng(seed), part))


def _write(lessons: Iterator[Lesson], encoder: AudioEncoder, random: np.random.Generator, part: Path) -> None:
    columns = {name: [] for name in ARRAYS}
    for mel, lips in lessons:
        frames = len(lips)
        copies = [mel, *augment(np.repeat(mel[None], COPIES - 1, 0), random)] if frames > 8 else [mel] * COPIES
        sounds = np.stack([normalise(copy) for copy in copies])
        features, phones = encoder.eval().encoded_with_phones(sounds)
        columns["mel"].append(sounds.reshape(COPIES, frames, -1).transpose(1, 0, 2).astype(np.float16))
        columns["features"].append(features.transpose(1, 0, 2).astype(np.float16))
        columns["phones"].append(phones.reshape(COPIES, frames, -1).transpose(1, 0, 2).astype(np.float16))
        columns["lips"].append(lips.astype(np.float32))
        columns["length"].append(frames)
    np.savez(part, **{name: np.concatenate(rows) for name, rows in columns.items() if name != "length"}, length=np.array(columns["length"]))

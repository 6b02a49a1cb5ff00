"""Lessons for encoders that stream: sounds, clean and augmented, beside what the encoders of whole recordings make of them."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from visavox.data.material.augmentation import augment
from visavox.data.material.recordings import Joined
from visavox.io.kept import keep
from visavox.models.log_mel import mel_power, normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.windows import SAMPLES_PER_FRAME

COPIES = 3  # how often each sound is encoded: once as it is, then augmented
ARRAYS = ("mel", "features", "phones", "readings", "length")
Encode = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]


class StreamingLessons(Joined):
    """Lessons: mel (N, 4 bands) normalised, features (N, E), phone probabilities (N, 2 P), readings (N, R), length of each, at 25 Hz."""

    def __init__(self, paths: list[Path]):
        super().__init__(paths, ARRAYS)


def prepare_streaming_lessons(sounds: Iterable[np.ndarray], encode: Encode, made_of: dict, path: Path) -> Path:
    """The file of the lessons of `sounds` (S,) at 16 kHz; kept when it is there and was `made_of` the same.

    `encode(mel)` gives features (T, E), phone probabilities (2 T, P) and readings (T, R) of normalised log-mel (4 T, 80).
    """
    random = np.random.default_rng([17, *path.stem.encode()])
    return keep(path, {"copies": COPIES, **made_of}, lambda part: _write(sounds, encode, random, part))


def _write(sounds: Iterable[np.ndarray], encode: Encode, random: np.random.Generator, part: Path) -> None:
    columns = {name: [] for name in ARRAYS}
    for sound in sounds:
        frames = sound.size // SAMPLES_PER_FRAME
        mel = mel_power(sound, FEATURES_PER_FRAME * frames)
        for copy in (mel, *augment(np.repeat(mel[None], COPIES - 1, 0), random)):
            copy_mel = normalise(copy)
            features, phones, readings = encode(copy_mel)
            rows = copy_mel.reshape(frames, -1), features, phones.reshape(frames, -1), readings
            for name, array in zip(ARRAYS, rows, strict=False):
                columns[name].append(array.astype(np.float16))
            columns["length"].append(frames)
    np.savez(part, **{name: np.concatenate(rows) for name, rows in columns.items() if name != "length"}, length=np.array(columns["length"]))

"""Lessons for encoders that stream: sounds, clean and augmented, beside what the encoders of whole recordings make of them, and how wrong
a stream is at each moment about the means of their bands."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from visavox.data.clip import Clip
from visavox.data.material.augmentation import augment
from visavox.data.material.recogniser_features import real_sounds
from visavox.data.material.recordings import Joined
from visavox.io.kept import keep
from visavox.models.log_mel import SCALE, band_means, mel_power, normalise
from visavox.models.sizes import FEATURES_PER_FRAME
from visavox.windows import SAMPLES_PER_FRAME

ARRAYS = ("mel", "features", "phones", "readings", "drift", "length")


class Whole(NamedTuple):
    """What knows whole recordings, of which lessons are made.

    `encode(mel)` gives features (T, E), phone probabilities (2 T, P) and readings (T, R) of normalised log-mel (4 T, 80).
    `means_so_far(mel)` gives the means (T, 80) of the bands of log-mel (4 T, 80), as a stream knows them at the end of each frame.
    """

    encode: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]
    means_so_far: Callable[[np.ndarray], np.ndarray]


class StreamingLessons(Joined):
    """Lessons at 25 Hz: mel (N, 4 bands) normalised, features (N, E), phone probabilities (N, 2 P), readings (N, R), length of each.

    The drift (N, bands) is what is to be added to mel for the means that a stream knows then.
    """

    def __init__(self, paths: list[Path]):
        super().__init__(paths, ARRAYS)


def prepare_streaming_lessons(clips: list[Clip], speed: float, copies: int, whole: Whole, made_of: dict, path: Path) -> Path:
    """The file of the lessons of the sounds of `clips`, each for itself, at `speed`; kept when it is there and was `made_of` the same.

    Each sound is taken as it is, and augmented until there are so many `copies`.
    """
    sounds = [real_sounds([clip], (speed,)) for clip in clips]
    made_of = {"copies": copies, "sounds": [each.made_of for each in sounds], **made_of}
    random = np.random.default_rng([17, *path.stem.encode()])
    return keep(path, made_of, lambda part: _write((sound for each in sounds for sound in each), copies, whole, random, part))


def _write(sounds: Iterable[np.ndarray], copies: int, whole: Whole, random: np.random.Generator, part: Path) -> None:
    columns = {name: [] for name in ARRAYS}
    for sound in sounds:
        frames = sound.size // SAMPLES_PER_FRAME
        mel = mel_power(sound, FEATURES_PER_FRAME * frames)
        for copy in (mel, *augment(np.repeat(mel[None], copies - 1, 0), random)):
            means = band_means(copy)
            normal = normalise(copy, means)
            features, phones, readings = whole.encode(normal)
            drift = (means - whole.means_so_far(copy)) / SCALE
            for name, array in zip(ARRAYS, (normal, features, phones, readings, drift), strict=False):
                columns[name].append(array.reshape(frames, -1).astype(np.float16))
            columns["length"].append(frames)
    np.savez(part, **{name: np.concatenate(rows) for name, rows in columns.items() if name != "length"}, length=np.array(columns["length"]))

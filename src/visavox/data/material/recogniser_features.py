"""Sounds with what a large recogniser makes of them: the material of distillation, which needs no words and no faces."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from visavox.data.clip import Clip
from visavox.data.material.recordings import Joined, join_rows
from visavox.data.material.synthetic_recordings import cut_to_measures
from visavox.data.origins import clips_digest
from visavox.data.store.shards import read_shard
from visavox.io.kept import arrays_digest, file_digest, keep
from visavox.models.log_mel import mel_power
from visavox.windows import SAMPLE_RATE, SAMPLES_PER_FRAME

Recognise = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class SoundGroups:
    """Groups of sounds (S,) at 16 kHz, made anew whenever they are iterated over, and what they are `made_of`, plain values."""

    made_of: dict
    make: Callable[[], Iterator[np.ndarray]]

    def __iter__(self) -> Iterator[np.ndarray]:
        return self.make()


SPEEDS = (0.84, 0.92, 1.0, 1.08, 1.18)  # at which real clips are played: other voices, as far as throats go
SYNTHETIC_SPEEDS = (0.88, 0.94, 1.0, 1.0, 1.0, 1.06, 1.13)  # of synthetic speech, one of them for each recording
RECORDINGS_A_SHARD = 19
SPEED_SEED = 5
PEAK = 0.7
MOST = 29 * SAMPLE_RATE // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME  # samples of a group of sounds, less than the recogniser takes at once
KEPT = 256  # components of the recogniser's features that are learned


class RecogniserFeatures(Joined):
    """Sounds and what the recogniser gives: mel (4 N, 80) log power, `features` (N, KEPT) its main components, and each group's length.

    The components are weighted by the square root of their deviation, so that those which tell sounds apart count beside those that
    tell voices apart, and scaled to unit mean square.
    """

    def __init__(self, paths: list[Path]):
        super().__init__(paths, ("mel", "features", "length"))
        sample = self.features[::7].astype(np.float64)
        mean = sample.mean(0)
        deviation, axes = np.linalg.eigh(np.cov(sample - mean, rowvar=False))
        kept = slice(-1, -1 - min(KEPT, len(deviation)), -1)
        scale = np.maximum(deviation[kept], 1e-9) ** -0.25
        scale /= np.sqrt(np.mean(deviation[kept] * scale**2))
        project = (axes[:, kept] * scale).astype(np.float32)
        parts, mean = np.array_split(self.features, 64), mean.astype(np.float32)
        self.features = np.concatenate([(part.astype(np.float32) - mean) @ project for part in parts])


def real_sounds(clips: list[Clip], speeds=SPEEDS) -> SoundGroups:
    """Groups of the sounds of clips at 16 kHz, each clip once at every one of `speeds`."""

    def make() -> Iterator[np.ndarray]:
        for speed in speeds:
            yield from grouped(played(_level(clip.audio.resample(SAMPLE_RATE).samples), speed) for clip in clips)

    return SoundGroups({"clips": clips_digest(clips), "speeds": speeds}, make)


def synthetic_sounds(shard: Path) -> SoundGroups:
    """Groups of recordings of a shard of synthetic speech, each recording at one of SYNTHETIC_SPEEDS."""

    def make() -> Iterator[np.ndarray]:
        random = np.random.default_rng([SPEED_SEED, *shard.stem.encode()])
        sounds = [sound for sound, _ in join_rows(list(read_shard(shard)), random)][:RECORDINGS_A_SHARD]
        yield from grouped(played(sound, float(random.choice(SYNTHETIC_SPEEDS))) for sound in sounds)

    made_of = {"shard": file_digest(shard), "name": shard.stem, "speeds": SYNTHETIC_SPEEDS, "recordings": RECORDINGS_A_SHARD}
    return SoundGroups(made_of, make)


def filmed_measures(clips: list[Clip]) -> tuple[SoundGroups, dict[str, np.ndarray]]:
    """Groups of the sounds of filmed clips as far as their measures go, and the `gap` and `width` of all frames end to end with the
    number of `frames` of each clip."""
    cut = [cut_to_measures(clip) for clip in clips]
    measures = {
        "gap": np.concatenate([clip.measures.lip_gap[:frames] for clip, (_, frames) in zip(clips, cut, strict=True)]),
        "width": np.concatenate([clip.measures.mouth_width[:frames] for clip, (_, frames) in zip(clips, cut, strict=True)]),
        "frames": np.array([frames for _, frames in cut], np.int32),
    }
    return SoundGroups({"clips": clips_digest(clips)}, lambda: grouped(_level(sound) for sound, _ in cut)), measures


def prepare_recogniser_features(sounds: SoundGroups, recognise: Recognise, path: Path, measures: dict | None = None) -> Path:
    """The file of groups of sounds with what `recognise` makes of them, and arrays of `measures`; kept when it is there."""

    def make(part: Path) -> None:
        mels, features = [], []
        for sound in sounds:
            encoded = recognise(sound)
            mels.append(mel_power(sound, 4 * len(encoded)).astype(np.float16))
            features.append(encoded.astype(np.float16))
        lengths = np.array([len(each) for each in features], np.int32)
        np.savez(part, mel=np.concatenate(mels), features=np.concatenate(features), length=lengths, **(measures or {}))

    return keep(path, {**sounds.made_of, "measures": arrays_digest(measures or {}), "recogniser": which_recogniser(recognise)}, make)


def which_recogniser(recognise: Recognise) -> str:
    """The hash of its weights that a recogniser states, else the name of what it is."""
    return getattr(recognise, "digest", None) or getattr(recognise, "__qualname__", type(recognise).__qualname__)


def played(sound: np.ndarray, speed: float) -> np.ndarray:
    """`sound` played at `speed`: pitch and formants move with the tempo."""
    ratio = Fraction(speed).limit_denominator(25)
    return sound if ratio == 1 else resample_poly(sound, ratio.denominator, ratio.numerator).astype(np.float32)


def grouped(sounds: Iterator[np.ndarray], most: int = MOST) -> Iterator[np.ndarray]:
    """The sounds end to end, in whole frames, in groups of at most `most` samples; longer ones are cut."""
    group, size = [], 0
    for sound in sounds:
        sound = sound[: sound.size // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME]
        for piece in np.split(sound, range(most, sound.size, most)):
            if group and size + piece.size > most:
                yield np.concatenate(group)
                group, size = [], 0
            group.append(piece)
            size += piece.size
    if size:
        yield np.concatenate(group)


def _level(sound: np.ndarray) -> np.ndarray:
    return (sound / max(float(np.abs(sound).max(initial=0)), 1e-6) * PEAK).astype(np.float32)

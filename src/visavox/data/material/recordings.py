"""Recordings: utterances of one voice joined with pauses into stretches long enough for heads to move, with everything a training
step needs: log-mel features, phones, articulations and the rule-based animator's motion. Made once from shards, then read as plain arrays.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from visavox.data.store.shards import Row
from visavox.data.synth.articulation import articulate, loudness_of, to_frames
from visavox.data.synth.phones import INDEX, Phone
from visavox.data.synth.rule_based_animator import Manner, move_face
from visavox.errors import FileError
from visavox.io.arrays import npz_shape
from visavox.models.log_mel import mel_power
from visavox.windows import FPS, SAMPLE_RATE, SAMPLES_PER_FRAME

SECONDS = 12.0  # about the length of a recording
ARRAYS = ("mel", "phones", "articulation", "motion", "style", "length")
ENCODED = ("features", "motion", "style", "length")
AGAIN = "delete it, and run the recipe again"


@dataclass(frozen=True, eq=False)
class Recording:
    """One stretch of T motion frames: mel (4 T, 80), phones (2 T,) numbers at 50 Hz, articulation (T, 10), motion (T, 55), style number."""

    mel: np.ndarray
    phones: np.ndarray
    articulation: np.ndarray
    motion: np.ndarray
    style: int


def join_rows(rows: list[Row], random: np.random.Generator, seconds: float = SECONDS) -> list[tuple[np.ndarray, list[Phone]]]:
    """Sounds (S,) at 16 kHz of whole frames with their phones: rows in random order, pauses of 0.05 to 1.6 s, faint noise throughout."""
    joined = []
    samples, phones, time = [], [], 0.0
    for position in random.permutation(len(rows)):
        row = rows[position]
        pause = round(random.choice((0.05, 0.15, 0.3, 0.6, 1.0, 1.6)) * SAMPLE_RATE)
        level = 10 ** random.uniform(-0.6, 0.2)
        samples += [np.zeros(pause, np.float32), row.samples * level]
        start = time + pause / SAMPLE_RATE
        phones += [(time, start, "SIL"), *((start + a, start + b, name) for a, b, name in row.phones)]
        time = start + row.samples.size / SAMPLE_RATE
        if time > seconds:
            joined.append(_finish(samples, phones, random))
            samples, phones, time = [], [], 0.0
    if time > 4:
        joined.append(_finish(samples, phones, random))
    return joined


def _finish(samples: list, phones: list, random: np.random.Generator) -> tuple[np.ndarray, list[Phone]]:
    sound = np.concatenate(samples)
    sound = np.pad(sound, (0, -sound.size % SAMPLES_PER_FRAME + SAMPLES_PER_FRAME * int(random.integers(0, 20))))
    noise = random.normal(0, 10 ** random.uniform(-5, -3.2), sound.size)
    return (sound + noise).astype(np.float32), [*phones, (phones[-1][1], sound.size / SAMPLE_RATE, "SIL")]


def record(sound: np.ndarray, phones: list[Phone], manner: Manner, style: int, random: np.random.Generator, warp: float = 1.0) -> Recording:
    """The recording of a sound of whole frames: features under a vocal-tract `warp`, and the rule-based animator's motion in `manner`."""
    frames = sound.size // SAMPLES_PER_FRAME
    mel = mel_power(sound, 4 * frames, warp)
    loudness = loudness_of(mel)
    articulation = articulate(phones, loudness)
    motion = move_face(articulation, loudness, manner, random)
    return Recording(mel, phone_numbers(phones, 2 * frames), to_frames(articulation), to_frames(motion), style)


def phone_numbers(phones: list[Phone], frames: int) -> np.ndarray:
    """The number of the phone (frames,) uint8 that sounds at the middle of each 20 ms."""
    numbers = np.full(frames, INDEX["SIL"], np.uint8)
    for start, end, name in phones:
        numbers[max(round(start * 50), 0) : max(round(end * 50), 0)] = INDEX[name]
    return numbers


def save_recordings(recordings: list[Recording], path: Path) -> None:
    """Writes recordings as one .npz of half-precision arrays, end to end, with the length of each in frames."""
    columns = {
        "mel": np.concatenate([recording.mel for recording in recordings]).astype(np.float16),
        "phones": np.concatenate([recording.phones for recording in recordings]),
        "articulation": np.concatenate([recording.articulation for recording in recordings]).astype(np.float16),
        "motion": np.concatenate([recording.motion for recording in recordings]).astype(np.float16),
        "style": np.array([recording.style for recording in recordings], np.int32),
        "length": np.array([len(recording.motion) for recording in recordings], np.int32),
    }
    np.savez(path, **columns)


class Joined:
    """Many files as one sequence of frames in memory: an attribute for each of `names`, and where each recording starts."""

    def __init__(self, paths: list[Path], names: tuple[str, ...]):
        if not paths:
            raise FileError("no recordings to train on; run the prepare step of the recipe first")
        self.names = names
        kinds = {name: [npz_shape(path, name, AGAIN) for path in paths] for name in names}  # damage is told before the rest is read
        for name in names:
            setattr(self, name, _joined(paths, name, kinds[name]))
        self.start = np.concatenate([[0], np.cumsum(self.length)[:-1]])

    @property
    def digest(self) -> str:
        """A hash (16 digits) of all arrays."""
        found = hashlib.sha256()
        for name in self.names:
            found.update(name.encode())
            found.update(np.ascontiguousarray(getattr(self, name)).data)
        return found.hexdigest()[:16]

    @property
    def hours(self) -> float:
        """The length of all recordings in hours at 25 frames a second."""
        return float(self.length.sum()) / FPS / 3600

    def draw(self, count: int, frames: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """The first frames (count,) of random windows of `frames` frames, each within one recording, and those recordings' numbers."""
        fitting = np.flatnonzero(self.length >= frames)
        share = self.length[fitting] / self.length[fitting].sum()
        chosen = random.choice(fitting, count, p=share)
        offset = (random.random(count) * (self.length[chosen] - frames + 1)).astype(int)
        return self.start[chosen] + offset, chosen


def _joined(paths: list[Path], name: str, kinds: list[tuple[tuple[int, ...], np.dtype]]) -> np.ndarray:
    """The arrays `name` of files end to end, each of which has its shape and type: together they are gigabytes, which must not be there
    twice, so that each is read into its place."""
    shapes, types = zip(*kinds, strict=True)
    whole, first = np.empty((sum(shape[0] for shape in shapes), *shapes[0][1:]), np.result_type(*types)), 0
    for path in paths:
        with np.load(path, allow_pickle=False) as arrays:
            part = arrays[name]
        whole[first : first + len(part)] = part
        first += len(part)
    return whole


class RecordingSet(Joined):
    """Recordings: mel (4 N, 80), phones (2 N,), articulation and motion (N, .), and each recording's style and length."""

    def __init__(self, paths: list[Path]):
        super().__init__(paths, ARRAYS)


class EncodedSet(Joined):
    """Recordings as a frozen audio encoder encodes them: features (N, copies, D), motion (N, C), and each recording's style and length."""

    def __init__(self, paths: list[Path]):
        super().__init__(paths, ENCODED)

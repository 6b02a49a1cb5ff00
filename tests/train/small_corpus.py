"""A corpus of a minute, made without a speech engine: hums whose phones are known, with rule-based motion in several manners."""

from pathlib import Path

import numpy as np

from visavox.data.material.encoded_recordings import encode_recordings
from visavox.data.material.recordings import EncodedSet, RecordingSet, record, save_recordings
from visavox.data.material.synthetic_recordings import manners
from visavox.models.face_config import FaceConfig
from visavox.models.face_model import FaceModel
from visavox.models.sizes import AudioEncoderConfig, DenoiserConfig, StyleEncoderConfig
from visavox.rigs.arkit import ARKIT
from visavox.windows import SAMPLES_PER_FRAME

RATE = 16000


def hummed(frames: int, random: np.random.Generator) -> tuple[np.ndarray, list]:
    """Sound (S,) of `frames` frames: AA hums low, IY hums high, M is faint; and its phones."""
    sound, phones, time = [], [], 0.0
    while time < frames * SAMPLES_PER_FRAME / RATE:
        name = ("SIL", "AA", "M", "IY", "M")[random.integers(5)]
        seconds = round(random.uniform(0.1, 0.3), 2)
        pitch, level = {"SIL": (0, 0), "AA": (700, 0.5), "IY": (2300, 0.4), "M": (200, 0.05)}[name]
        sound.append(level * np.sin(2 * np.pi * pitch * np.arange(round(seconds * RATE)) / RATE))
        phones.append((time, time + seconds, name))
        time += seconds
    return np.concatenate(sound)[: frames * SAMPLES_PER_FRAME].astype(np.float32), phones


def write_recordings(path: Path, recordings: int = 8, frames: int = 140, styles: int = 4, seed: int = 0) -> Path:
    """The path of a file of recordings, styles taken in turn."""
    random = np.random.default_rng(seed)
    made = []
    for number in range(recordings):
        sound, phones = hummed(frames, random)
        made.append(record(sound, phones, manners()[number % styles], number % styles, random))
    save_recordings(made, path)
    return path


def small_recordings(folder: Path, recordings: int = 8, styles: int = 4) -> RecordingSet:
    """The same, read."""
    return RecordingSet([write_recordings(folder / "small.npz", recordings, styles=styles)])


def encoded_recordings(folder: Path, recordings: RecordingSet) -> EncodedSet:
    """The recordings of `small_recordings` in `folder` as the audio encoder of `small_face` encodes them."""
    return EncodedSet([encode_recordings(folder / "small.npz", folder / "encoded", small_face(recordings).audio_encoder, None)])


def small_face(recordings: RecordingSet | EncodedSet) -> FaceModel:
    """A face model of a few thousand weights that moves ARKIT, normalised by `recordings`."""
    channels = len(ARKIT)
    audio = AudioEncoderConfig(width=16, fast_dilations=(1, 2), slow_dilations=(1,), dropout=0.0)
    style = StyleEncoderConfig(channels, style=8, width=16, layers=1, heads=2, feed_forward=16, norm_first=True)
    denoiser = DenoiserConfig(channels, style=8, width=16, layers=1, heads=2, feed_forward=32, steps=50)
    model = FaceModel(FaceConfig(ARKIT, audio, style, denoiser))
    motion = recordings.motion.astype(np.float32)
    model.normalizer.set_statistics(motion.mean(0), motion.std(0))
    return model

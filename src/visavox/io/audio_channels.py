"""The channels of a sound file kept apart, for what looks for directions."""

from pathlib import Path

import numpy as np

from visavox.audio import Audio
from visavox.errors import FileError

LONGEST_SECONDS, MOST_CHANNELS = 3600, 16
HIGHEST_RATE = 768_000  # Hz
ADVICE = "save it as .wav or .flac"


def read_channels(path: str | Path, sample_rate: int) -> tuple[np.ndarray, int]:
    """The samples (channels, S) float32 of a sound file at `sample_rate`, and that rate; a FileError for what is none, or too long."""
    import soundfile

    try:
        with soundfile.SoundFile(str(path)) as file:
            rate, channels = file.samplerate, file.channels
            if not 1000 <= rate <= HIGHEST_RATE or channels > MOST_CHANNELS:
                raise FileError(f"{path} has {channels} channels at {rate} Hz; at most {MOST_CHANNELS} at {HIGHEST_RATE} Hz are read")
            if file.frames > LONGEST_SECONDS * rate:
                raise FileError(f"{path} is longer than {LONGEST_SECONDS // 60} minutes; cut it into parts")
            samples = file.read(LONGEST_SECONDS * rate, dtype="float32", always_2d=True).T
    except (soundfile.SoundFileError, OSError, TypeError, ValueError) as error:
        why = "does not exist" if not Path(str(path)).exists() else f"cannot be read as sound ({error})"
        raise FileError(f"{path} {why}; {ADVICE}") from None
    if not samples.shape[1] or not np.isfinite(samples).all():
        raise FileError(f"{path} holds {'no sound' if not samples.shape[1] else 'a value that is not a number'}; {ADVICE}")
    if rate == sample_rate:
        return samples, rate
    return np.stack([Audio(channel, rate).resample(sample_rate).samples for channel in samples]), sample_rate

"""Short sounds that lie as FLAC files inside other files."""

import io

import numpy as np
import soundfile

from visavox.errors import FileError

MOST_SAMPLES = 600 * 48_000  # ten minutes: 115 MB


def flac_samples(data: bytes, where: str, advice: str) -> tuple[np.ndarray, int]:
    """The mono samples (S,) float32 of a FLAC file and its sample rate in Hz; a FileError that says where when it is none, of several
    channels, or longer than MOST_SAMPLES."""
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as sound:
            if sound.format != "FLAC" or sound.channels != 1 or not 0 < sound.frames <= MOST_SAMPLES:
                raise FileError(f"{where} holds {sound.format} sound of {sound.frames} samples in {sound.channels} channels; {advice}")
            return sound.read(dtype="float32"), sound.samplerate
    except soundfile.LibsndfileError as error:
        raise FileError(f"{where} holds no FLAC sound that can be read ({error}); {advice}") from None

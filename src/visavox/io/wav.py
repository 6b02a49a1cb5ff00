"""`Audio` as the bytes of a .wav file, for formats that carry their sound inside."""

import io
import wave

import numpy as np

from visavox.audio import Audio


def wav_bytes(audio: Audio) -> bytes:
    """The sound as a mono 16-bit .wav at its own sample rate."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(audio.sample_rate)
        file.writeframes(np.rint(audio.samples * 32767).astype("<i2").tobytes())
    return buffer.getvalue()

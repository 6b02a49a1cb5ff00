"""The same speech under another name: a fingerprint of a sound that coding, loudness and a cut elsewhere leave as it is.

Source: Haitsma and Kalker, "A Highly Robust Audio Fingerprinting System" (2002): the signs of differences of band energies, between bands
and between moments.
"""

import numpy as np

from visavox.audio import Audio
from visavox.models.log_mel import FEATURES_PER_SECOND, log_mel

STEP, LONG = 5, 50  # frames of log-mel between moments (50 ms), and of each: long, soft ones change little when a cut lies elsewhere
BITS, FIRST, EVERY = 32, 4, 2  # bits of a moment; the first band that is compared, and how far apart they are
ALIKE = 0.3  # share of bits that differ up to which two sounds are one: unrelated ones differ in half
LEAST = 40  # moments that must overlap: 2 s


def fingerprint(audio: Audio) -> np.ndarray:
    """The fingerprint (N,) uint32 of a sound, one number for each 50 ms."""
    mel = log_mel(audio, int(audio.seconds * FEATURES_PER_SECOND))
    if len(mel) < LONG + STEP:
        return np.zeros(0, np.uint32)
    slow = np.lib.stride_tricks.sliding_window_view(mel, LONG, axis=0)[::STEP] @ np.hanning(LONG)
    bands = slow[:, FIRST : FIRST + EVERY * (BITS + 1) : EVERY]
    signs = np.diff(np.diff(bands, axis=1), axis=0) > 0
    return (signs.astype(np.uint64) << np.arange(BITS, dtype=np.uint64)).sum(1).astype(np.uint32)


class Known:
    """The fingerprints of what is kept, by name."""

    def __init__(self):
        self._sounds: dict[str, np.ndarray] = {}
        self._places: dict[int, list[tuple[str, int]]] = {}

    def find(self, sound: np.ndarray) -> str | None:
        """The name of a known sound that shares LEAST moments in a row with `sound` (N,), or None."""
        words = enumerate(sound.tolist())
        offsets = dict.fromkeys((name, place - at) for at, word in words for name, place in self._places.get(word, ()))
        return next((name for name, offset in offsets if _same(sound, self._sounds[name], offset)), None)

    def add(self, name: str, sound: np.ndarray) -> None:
        """Makes a sound known."""
        self._sounds[name] = sound
        for place, word in enumerate(sound.tolist()):
            if word not in (0, 2**BITS - 1):  # silence is like any other
                self._places.setdefault(word, []).append((name, place))


def _same(one: np.ndarray, other: np.ndarray, offset: int) -> bool:
    start, end = max(0, -offset), min(len(one), len(other) - offset)
    if end - start < min(LEAST, len(one)):
        return False
    differ = np.bitwise_count(one[start:end] ^ other[start + offset : end + offset]).mean() / BITS
    return bool(differ < ALIKE)

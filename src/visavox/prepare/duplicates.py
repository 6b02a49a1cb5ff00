"""The same speech under another name: a fingerprint of a sound that coding, loudness and a cut elsewhere leave as it is.

Source: Haitsma and Kalker, "A Highly Robust Audio Fingerprinting System" (2002): the signs of differences of band energies, between bands
and between moments.
"""

from collections.abc import Iterator
from itertools import chain

import numpy as np

from visavox.audio import Audio
from visavox.models.log_mel import FEATURES_PER_SECOND, log_mel

STEP, LONG = 5, 50  # frames of log-mel between moments (50 ms), and of each: long, soft ones change little when a cut lies elsewhere
BITS, FIRST, EVERY = 32, 4, 2  # bits of a moment; the first band that is compared, and how far apart they are
ALIKE = 0.3  # share of bits that differ up to which two sounds are one: unrelated ones differ in half
SILENCE = (0, 2**BITS - 1)
MOST_RECENT = 100_000  # moments: an hour and a half
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
    """The fingerprints of what is kept, by name, and where each moment of them stands: 16 bytes a moment, 1.2 MB for an hour of sound."""

    def __init__(self):
        self._names: list[str] = []
        self._sounds: list[np.ndarray] = []
        self._recent: dict[int, list[tuple[int, int]]] = {}  # of a word, the sounds and places where it stands, until there are many
        self._count = 0
        self._blocks: list[np.ndarray] = []  # words, sounds and places (3, N), sorted by word; each much longer than the next

    def find(self, sound: np.ndarray) -> str | None:
        """The name of a known sound that shares LEAST moments in a row with `sound` (N,), or None."""
        met = dict.fromkeys(chain(*(_met(block, sound) for block in self._blocks), self._met_recently(sound)))
        return next((self._names[number] for number, offset in met if _same(sound, self._sounds[number], offset)), None)

    def add(self, name: str, sound: np.ndarray) -> None:
        """Makes a sound known."""
        number = len(self._names)
        self._names.append(name)
        self._sounds.append(sound)
        for place, word in enumerate(sound.tolist()):
            if word not in SILENCE:  # which is like any other
                self._recent.setdefault(word, []).append((number, place))
                self._count += 1
        if self._count > MOST_RECENT:
            self._put_away()

    def _met_recently(self, sound: np.ndarray) -> Iterator[tuple[int, int]]:
        for at, word in enumerate(sound.tolist()):
            yield from ((number, place - at) for number, place in self._recent.get(word, ()))

    def _put_away(self) -> None:
        """What is recent becomes a block; blocks of nearly one length become one, so that there are few."""
        rows = [(word, number, place) for word, places in self._recent.items() for number, place in places]
        self._blocks.append(_sorted(np.array(rows, np.uint32).T))
        self._recent, self._count = {}, 0
        while len(self._blocks) > 1 and self._blocks[-2].shape[1] < 2 * self._blocks[-1].shape[1]:
            later = self._blocks.pop()
            self._blocks[-1] = _sorted(np.concatenate([self._blocks[-1], later], axis=1))


def _sorted(block: np.ndarray) -> np.ndarray:
    return block[:, np.argsort(block[0], kind="stable")]


def _met(block: np.ndarray, sound: np.ndarray) -> Iterator[tuple[int, int]]:
    """The sounds of a block that share a word with `sound` (N,), each with the offset between the two places."""
    first, last = (np.searchsorted(block[0], sound, side) for side in ("left", "right"))
    for at in np.flatnonzero(last > first).tolist():
        for number, place in block[1:, first[at] : last[at]].T.tolist():
            yield number, place - at


def _same(one: np.ndarray, other: np.ndarray, offset: int) -> bool:
    start, end = max(0, -offset), min(len(one), len(other) - offset)
    if end - start < min(LEAST, len(one)):
        return False
    differ = np.bitwise_count(one[start:end] ^ other[start + offset : end + offset]).mean() / BITS
    return bool(differ < ALIKE)

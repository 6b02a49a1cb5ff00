"""Noise by frame: what chance gives a frame depends on (seed, recording, frame) alone.

So any span can be drawn again by itself, in any order and in any pieces, with the same bytes; and two recordings that are animated with
one seed do not share a curve. The generator is Philox (Salmon et al., 2011), which is asked by a counter instead of being run.
"""

import hashlib
from dataclasses import dataclass

import numpy as np

OPENING = 0.5  # seconds of sound by which a recording is known
PIECE = 1 << 20  # samples that are looked at together


def recording_hash(samples: np.ndarray, sample_rate: int) -> int:
    """64 bits that tell one recording from another: a hash of its first OPENING seconds of `samples` (S,) from the first that is not 0.

    The opening and not the whole, since a stream has to know the number before it may show a frame. It does OPENING seconds after the
    sound begins, and at the end of a shorter one, and then agrees with the whole recording to the byte. The samples are those that came
    in, at their own rate, before anything resamples them. Leading zeros are passed over because many engines begin with them. A recording
    that goes on otherwise after the same opening keeps its noise, as a text that is edited further down keeps its beginning.
    """
    first = _first_sound(samples)
    opening = np.ascontiguousarray(samples[first : first + round(OPENING * sample_rate)], dtype="<f4")
    return int.from_bytes(hashlib.blake2b(opening.tobytes(), digest_size=8).digest(), "little")


def _first_sound(samples: np.ndarray) -> int:
    """The place of the first of `samples` (S,) that is not 0; S where none is."""
    for start in range(0, len(samples), PIECE):  # the places of all that are not would take twice the memory of the recording
        sound = np.flatnonzero(samples[start : start + PIECE])
        if sound.size:
            return start + int(sound[0])
    return len(samples)


class FrameNoise:
    """The chance of one take: of `seed`, a whole number from 0, for the recording with the hash `recording`.

    `purpose` keeps apart what is drawn for the same frame: 0 is the denoiser's noise, others are those of names.
    """

    def __init__(self, seed: int, recording: int = 0):
        self._key = np.random.SeedSequence([seed, recording]).generate_state(2, np.uint64)

    def frames(self, first: int, shape: tuple[int, int], draw: int = 0, purpose: int = 0) -> np.ndarray:
        """Standard normal noise `shape` (T, C) float32 of the frames from `first` on; `draw` counts how often a sampler has asked."""
        made = np.empty(shape, np.float32)
        generator = self.generator(first, draw, purpose)
        state = generator.bit_generator.state
        for frame, row in enumerate(made):  # one that is set to each frame's counter: a new one for each takes three times as long
            state["state"]["counter"][1] = first + frame
            generator.bit_generator.state = state
            generator.standard_normal(dtype=np.float32, out=row)
        return made

    def generator(self, frame: int = 0, draw: int = 0, purpose: int = 0) -> np.random.Generator:
        """A generator of its own for one frame, draw and purpose."""
        # the first word of the counter runs on with use; the others say for what
        return np.random.Generator(np.random.Philox(key=self._key, counter=[0, frame, draw, purpose]))

    def named(self, name: str) -> "NamedNoise":
        """What chance gives for the purpose of that name, such as a gesture's; apart from the denoiser's noise and from other names."""
        return NamedNoise(self, int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


@dataclass(frozen=True)
class NamedNoise:
    """The chance of a take for one purpose."""

    noise: FrameNoise
    purpose: int

    def generator(self) -> np.random.Generator:
        """A generator of the whole recording."""
        return self.noise.generator(purpose=self.purpose)

    def frames(self, first: int, shape: tuple[int, int]) -> np.ndarray:
        """Standard normal numbers (T, K) float32 of the frames from `first` on, the same however they are divided."""
        return self.noise.frames(first, shape, purpose=self.purpose)

"""`Engine`: what turns sound and noise into motion needs of a model, as arrays in and arrays out. No framework is imported here.

Shapes: T frames, D width of the audio features, Q cues, N numbers remembered, B takes, G guidance branches, W window, P context,
C channels, K style.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from visavox.models.conditions import Conditions
from visavox.models.face_config import FaceConfig
from visavox.models.statistics import Statistics


class Encoded(NamedTuple):
    """What is made of a sound in one pass: audio features (T, D), and the cues of the lips (T, Q), in the order of
    `FaceConfig.lip_cues`; both float32. A model without cues has Q = 0.
    """

    features: np.ndarray
    cues: np.ndarray


class Engine(Protocol):
    """Runs the networks of one model. Motion, style and identity are normalised by `motion` and `identity`.

    Several threads may ask at once. Each call runs on the thread that makes it, so that no answer depends on how many there are.
    """

    config: FaceConfig
    motion: Statistics
    identity: Statistics

    def encode(self, sound: np.ndarray) -> Encoded:
        """The features and cues of sound as the model's audio encoder takes it: normalised log-mel (4 T, 80), or samples (S,)."""

    def encode_style(self, motion: np.ndarray) -> np.ndarray:
        """Style vectors (B, K) float32 of motion (B, W, C)."""

    def prepare(self, conditions: Conditions, branches: Sequence[frozenset[str]]):
        """What stays the same over the steps of a window, for G branches that each name what they are told; the rest is null.

        A window may have fewer frames W than the configuration's, as those of a stream have: it costs what it holds.
        `conditions.context` is left to `denoise`, since windows that are drawn together learn of one another step by step.
        """

    def denoise(self, noisy: np.ndarray, step: int, prepared, context: np.ndarray | None = None) -> np.ndarray:
        """x0 (G, B, P + W, C) float32 of `noisy` (B, W, C) at `step`, for each of the branches of `prepared`.

        `context` (B, P, C) is the motion before the windows as far as it is known; None: there is none, as at the start of a recording.
        """


class BlockEncoder(Protocol):
    """Encodes a block of each of several streams and the sound ahead of it, from `past` frames before on.

    Streams share one: all that it knows of a voice is in the memory.
    """

    past: int

    def start(self) -> np.ndarray:
        """What is remembered (N,) before the first block."""

    def encode(self, sounds: Sequence[np.ndarray], memories: Sequence[np.ndarray]) -> list[tuple[Encoded, np.ndarray]]:
        """Of each stream the features and cues of its normalised log-mel (4 T, 80), and what is remembered after the block; T is less at
        first. None of it depends on which streams are beside."""


@runtime_checkable
class Remembers(Protocol):
    """An engine that encodes blocks from what it remembers of those before."""

    def block_encoder(self, made: int, ahead: int) -> BlockEncoder:
        """What encodes blocks of `made` frames with `ahead` more; the same each time."""

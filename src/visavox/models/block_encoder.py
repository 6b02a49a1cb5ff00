"""`BlockEncoder`: what encodes the sound of a stream block after block; as an engine does it that remembers, and as any engine can.

Shapes: M frames that are seen, N numbers remembered, D width of the audio features, Q cues.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from visavox.engine import Encoded, Engine
from visavox.models.face_config import FaceConfig
from visavox.models.graphs.incremental import HALF, Blocks, encode_on_graph
from visavox.models.graphs.session import Session
from visavox.models.log_mel import BANDS
from visavox.models.sizes import FEATURES_PER_FRAME

WHOLE_PAST = 31  # frames before a block that an engine encodes again each time, if it does not remember


class BlockEncoder(Protocol):
    """Encodes a block and the sound ahead of it, from `past` frames before on. Streams share one: all it knows of a voice is in the memory."""

    past: int

    def start(self) -> np.ndarray:
        """What is remembered (N,) before the first block."""

    def encode(self, sound: np.ndarray, memory: np.ndarray) -> tuple[Encoded, np.ndarray]:
        """The features and cues of normalised log-mel (4 T, 80), and what is remembered after the block; T is less than M at first."""


@runtime_checkable
class Remembers(Protocol):
    """An engine that encodes blocks from what it remembers of those before."""

    def block_encoder(self, made: int, ahead: int) -> BlockEncoder:
        """What encodes blocks of `made` frames with `ahead` more; the same each time."""


def block_encoder_of(engine: Engine, made: int, ahead: int) -> BlockEncoder:
    """The engine's own encoder of blocks, or one that has it encode the past again each time."""
    return engine.block_encoder(made, ahead) if isinstance(engine, Remembers) else Forgetful(engine)


@dataclass(frozen=True)
class Forgetful:
    """An encoder of blocks that remembers nothing: the past is encoded again."""

    engine: Engine
    past: int = WHOLE_PAST

    def start(self) -> np.ndarray:
        """Nothing."""
        return np.zeros(0, HALF)

    def encode(self, sound: np.ndarray, memory: np.ndarray) -> tuple[Encoded, np.ndarray]:
        """The features and cues of all of `sound`."""
        return Encoded(*self.engine.encode(sound)), memory


class IncrementalEncoder:
    """An encoder of blocks that remembers, by ONNX Runtime; see `models/graphs/incremental.py`."""

    def __init__(self, config: FaceConfig, weights: Mapping[str, np.ndarray], blocks: Blocks, precision: str = HALF):
        graph, self._size = encode_on_graph(config, blocks, precision)
        self._session, self._precision = Session(graph, weights), precision
        self._rows, self._cues = FEATURES_PER_FRAME * blocks.seen, len(config.lip_cues)
        self.past = blocks.seen - blocks.made - blocks.ahead

    def start(self) -> np.ndarray:
        """Nothing was there before."""
        return np.zeros(self._size, self._precision)

    def encode(self, sound: np.ndarray, memory: np.ndarray) -> tuple[Encoded, np.ndarray]:
        """The features and cues of `sound`, at most M frames of it, and what is remembered."""
        missing = self._rows - len(sound)
        known = np.zeros((self._rows, BANDS), np.float32)
        known[missing:] = sound
        exists = np.ones((1, self._rows, 1), np.float32)
        exists[:, :missing] = 0
        found = self._session({"sound": known[None], "exists": exists, "memory": memory[None]})
        first = missing // FEATURES_PER_FRAME
        features = found["features"][0, first:]
        cues = found["cues"][0, first:] if self._cues else np.zeros((len(features), 0), np.float32)
        return Encoded(features, cues), found["remembered"][0]

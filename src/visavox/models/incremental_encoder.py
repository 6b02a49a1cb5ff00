"""`IncrementalEncoder`: encodes the sound of a stream block after block from what it remembers, by ONNX Runtime.

Shapes: M frames that are seen, N numbers remembered, D width of the audio features, Q cues.
"""

from collections.abc import Mapping

import numpy as np

from visavox.models.face_config import FaceConfig
from visavox.models.graphs.incremental import HALF, Blocks, encode_on_graph
from visavox.models.graphs.session import Session
from visavox.models.log_mel import BANDS
from visavox.models.precision import FLOAT32, INT8
from visavox.models.sizes import FEATURES_PER_FRAME


class IncrementalEncoder:
    """An encoder of blocks that remembers, by ONNX Runtime, in a `precision`, what it remembers in another; see
    `models/graphs/incremental.py`."""

    def __init__(
        self, config: FaceConfig, weights: Mapping[str, np.ndarray], blocks: Blocks, precision: str = FLOAT32, remember: str = HALF
    ):
        graph, self._size = encode_on_graph(config, blocks, remember, precision == INT8)
        self._session, self._remember = Session(graph, weights), remember
        self._rows, self._cues = FEATURES_PER_FRAME * blocks.seen, len(config.lip_cues)
        self.past = blocks.seen - blocks.made - blocks.ahead

    def start(self) -> np.ndarray:
        """Nothing was there before."""
        return np.zeros(self._size, self._remember)

    def encode(self, sound: np.ndarray, memory: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
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
        return (features, cues), found["remembered"][0]

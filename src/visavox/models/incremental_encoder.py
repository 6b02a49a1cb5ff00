"""`IncrementalEncoder`: encodes the sound of streams block after block from what it remembers of each, by ONNX Runtime.

Shapes: B voices, M frames that are seen, N numbers remembered, D width of the audio features, Q cues.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from visavox.models.face_config import FaceConfig
from visavox.models.graphs.incremental import HALF, Blocks, encode_on_graph
from visavox.models.graphs.session import Session
from visavox.models.log_mel import BANDS
from visavox.models.precision import FLOAT32, INT8
from visavox.models.sizes import FEATURES_PER_FRAME

TOGETHER = 16  # voices in one call: what more of them take leaves the caches


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

    def encode(
        self, sounds: Sequence[np.ndarray], memories: Sequence[np.ndarray]
    ) -> list[tuple[tuple[np.ndarray, np.ndarray], np.ndarray]]:
        """Of each of B voices the features and cues of its sound, at most M frames of it, and what is remembered."""
        made = []
        for first in range(0, len(sounds), TOGETHER):
            made += self._encode(sounds[first : first + TOGETHER], memories[first : first + TOGETHER])
        return made

    def _encode(self, sounds: Sequence[np.ndarray], memories: Sequence[np.ndarray]):
        known = np.zeros((len(sounds), self._rows, BANDS), np.float32)
        exists, missing = np.ones((len(sounds), self._rows, 1), np.float32), [self._rows - len(sound) for sound in sounds]
        for voice, sound in enumerate(sounds):
            known[voice, missing[voice] :], exists[voice, : missing[voice]] = sound, 0
        found = self._session({"sound": known, "exists": exists, "memory": np.stack(memories)})
        cues = found["cues"] if self._cues else np.zeros((*found["features"].shape[:2], 0), np.float32)
        starts = [each // FEATURES_PER_FRAME for each in missing]
        # copies: what a voice keeps must not hold on to what the others got
        return [
            ((found["features"][voice, start:].copy(), cues[voice, start:].copy()), found["remembered"][voice].copy())
            for voice, start in enumerate(starts)
        ]

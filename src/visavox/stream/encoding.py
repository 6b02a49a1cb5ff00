"""What encodes the sound of a stream block after block: the engine's own encoder of blocks, or one that encodes the past again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from visavox.engine import BlockEncoder, Encoded, Engine, Remembers

WHOLE_PAST = 31  # frames before a block that an engine encodes again each time, if it does not remember


def block_encoder_of(engine: Engine, made: int, ahead: int) -> BlockEncoder:
    """The encoder of blocks of `made` frames with `ahead` more that an engine has, or Forgetful of it."""
    return engine.block_encoder(made, ahead) if isinstance(engine, Remembers) else Forgetful(engine)


@dataclass(frozen=True)
class Forgetful:
    """An encoder of blocks that remembers nothing: the past is encoded again."""

    engine: Engine
    past: int = WHOLE_PAST

    def start(self) -> np.ndarray:
        """Nothing."""
        return np.zeros(0, np.float16)

    def encode(self, sounds: Sequence[np.ndarray], memories: Sequence[np.ndarray]) -> list[tuple[Encoded, np.ndarray]]:
        """The features and cues of all of each sound, one after the other."""
        return [(Encoded(*self.engine.encode(sound)), memory) for sound, memory in zip(sounds, memories, strict=True)]

"""The chance of a take for tests of gestures."""

import numpy as np

from visavox.diffusion.noise import FrameNoise


class FrameChance:
    """What is random for one purpose."""

    def __init__(self, seed: int, purpose: int = 1):
        self.noise, self.purpose = FrameNoise(seed, 7), purpose

    def generator(self) -> np.random.Generator:
        return self.noise.generator(purpose=self.purpose)

    def frames(self, first: int, shape: tuple[int, int]) -> np.ndarray:
        return self.noise.frames(first, shape, purpose=self.purpose)

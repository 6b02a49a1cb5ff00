"""The chance of a take for tests of gestures."""

from visavox.diffusion.noise import FrameNoise, NamedNoise


def frame_chance(seed: int) -> NamedNoise:
    """What is random for one purpose."""
    return NamedNoise(FrameNoise(seed, 7), 1)

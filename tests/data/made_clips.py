"""Clips known by construction, for tests of stores: every sample and every frame says which frame it is."""

import numpy as np

from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.data.measures import Measures
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

SAMPLE_RATE, FPS = 16_000, 25.0
PER_FRAME = 640


def made_clip(name, speaker="ann", frames=60, channel="jawOpen", **words):
    """Sound whose samples are frame / 32768 and motion whose `channel` is frame / 256, both exact as stored."""
    count = np.arange(frames)
    sound = Audio(np.repeat(count, PER_FRAME) / 32768, SAMPLE_RATE)
    motion = Motion(np.zeros((frames, len(ARKIT))), FPS, ARKIT).with_channels({channel: count / 256})
    stated = {"source": "made", "licence": "CC0", "consent": "synthetic voice"} | words
    return Clip(name, sound, speaker, motion=motion, **stated)


def full_clip(name="full", speaker="ann"):
    """A clip with everything that a clip can have."""
    frames = 40
    measures = Measures(np.linspace(0, 0.5, frames), np.full(frames, 0.75), np.arange(frames) % 5 > 0, FPS)
    return made_clip(
        name, speaker, frames, phones=[(0.0, 0.5, "SIL"), (0.5, 1.25, "AA")], transcript="ähem", measures=measures, style="calm",
        language="de", quality=0.75, identity=np.arange(3, dtype=np.float32),
    )  # fmt: skip

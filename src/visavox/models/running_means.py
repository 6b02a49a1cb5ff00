"""The mean of each band over the loud parts of the sound so far: `models.log_mel.band_means` of a voice whose end is not known.

Shapes: L log-mel frames of BANDS.
"""

from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from visavox.models.log_mel import ACTIVE, BANDS, QUIET

LOWEST, STEP, STEPS = -23.5, 1.0, 20  # nats: the levels that are told apart
LOUD_SHARE = 0.05  # of the sound is louder than the level of the loud parts
HALF_LIFE = 6000  # frames of 10 ms: a minute of speech halves what came before
# what speech sounds like until it is known: the mean of bands in nats (medians of 21 recordings), levels of frames, and their weight
USUAL_BANDS = (
    (0, -14.5),
    (4, -11.1),
    (8, -10.0),
    (16, -10.0),
    (24, -12.2),
    (32, -14.1),
    (52, -13.6),
    (56, -14.5),
    (60, -13.6),
    (65, -15.7),
    (79, -16.1),
)
USUAL_LEVELS, USUAL_WEIGHT = (-16.5, -10.5), 50.0


@dataclass
class BandMemory:
    """How many rows there were of each level (STEPS,), and the sums of the bands in it (STEPS, BANDS)."""

    weights: np.ndarray = field(default_factory=lambda: np.zeros(STEPS))
    sums: np.ndarray = field(default_factory=lambda: np.zeros((STEPS, BANDS), np.float32))


def usual_voice() -> BandMemory:
    """The memory after half a second of usual speech."""
    memory = BandMemory()
    usual = np.interp(np.arange(BANDS), *zip(*USUAL_BANDS, strict=True))
    levels = np.linspace(*USUAL_LEVELS, 13)
    _take_in(memory, (usual + levels[:, None] - usual.mean()).astype(np.float32), USUAL_WEIGHT / len(levels))
    return memory


def means_with(memory: BandMemory, features: np.ndarray) -> np.ndarray:
    """The means (BANDS,) float32 after `features` (L, BANDS) came as well.

    What is far below the loud parts is not taken in, so that a long silence does not wash the voice away.
    """
    loud = features[features.mean(axis=1) >= _loud(memory) - ACTIVE]
    memory.weights *= 0.5 ** (len(loud) / HALF_LIFE)
    memory.sums *= np.float32(0.5 ** (len(loud) / HALF_LIFE))
    _take_in(memory, loud, 1.0)
    least = _loud(memory) - ACTIVE
    first = next(step for step in range(STEPS) if LOWEST + STEP * (step + 1) > least)  # that counts, with all louder ones
    means = memory.sums[first:].sum(axis=0) / memory.weights[first:].sum()
    return np.maximum(means, QUIET).astype(np.float32)


def _take_in(memory: BandMemory, features: np.ndarray, weight: float) -> None:
    steps = np.clip(((features.mean(axis=1) - LOWEST) / STEP).astype(int), 0, STEPS - 1)
    for step, bands in zip(steps.tolist(), np.float32(weight) * features, strict=True):
        memory.weights[step] += weight
        memory.sums[step] += bands


def _loud(memory: BandMemory) -> float:
    """The level that LOUD_SHARE of the sound reaches."""
    weights = memory.weights.tolist()
    above = list(accumulate(reversed(weights)))  # of each step and all louder ones, from the loudest on
    place = next(place for place, sound in enumerate(above) if sound >= LOUD_SHARE * above[-1])
    step, beyond = STEPS - 1 - place, above[place - 1] if place else 0.0
    return LOWEST + STEP * (step + 1 - (LOUD_SHARE * above[-1] - beyond) / weights[step])

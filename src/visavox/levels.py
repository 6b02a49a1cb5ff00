"""How loud a sound is, in decibels of full scale: the one home of the formula and of what counts as quiet.

Which stretches of sound are taken, and what follows from their level, is the business of those who ask.
"""

import numpy as np

SILENCE = 1e-10  # of full power, added to every power: -100 dB is digital silence


def decibels(power, floor: float = SILENCE):
    """The level of a `power`, 0 dB at 1, numbers or arrays; `floor` is added, so that nothing has a level too."""
    return 10 * np.log10(power + floor)


def level_of(pieces: np.ndarray) -> np.ndarray:
    """The level (N,) in dB of pieces (N, S) of sound whose full scale is 1."""
    return decibels(np.square(pieces).mean(1))


def quiet_below(level: np.ndarray, under: float, least: float = -np.inf, percentile: float = 95.0) -> float:
    """The level in dB below which a sound is quiet: so far `under` its loud parts, which `percentile` of `level` (N,) tells, and at
    least `least`."""
    return max(np.percentile(level, percentile) - under, least)

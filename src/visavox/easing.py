"""The curves by which something comes and goes: from 0 to 1 while a `share` of its time, or of its way, goes from 0 to 1."""

import numpy as np


def half_cosine(share):
    """From 0 to 1 by half a cosine (the raised cosine), numbers or arrays; as it ends outside."""
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(share, 0, 1))


def smooth_step(share):
    """From 0 to 1 by the cubic that begins and ends level, numbers or arrays; as it ends outside."""
    share = np.clip(share, 0, 1)
    return share * share * (3 - 2 * share)

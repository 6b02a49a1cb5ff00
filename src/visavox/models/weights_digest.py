"""A hash that says which weights a network has."""

import hashlib

import numpy as np
from torch import nn

DIGITS = 16


def weights_digest(model: nn.Module) -> str:
    """A hash (16 digits) of the names and values of all weights of `model`."""
    digest = hashlib.sha256()
    for name, value in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(value.detach().float().numpy(force=True)).tobytes())
    return digest.hexdigest()[:DIGITS]

"""Changes of weights as a checkpoint keeps them: whole new ones under their names, or the factors of what is added to them.

Small weights are kept whole. Of a large one two factors take less room: NAME + UP (rows, rank) and NAME + DOWN (rank, columns). Their
product is added to the weight (rows, ...).

Source: Hu et al. (2021), "LoRA: Low-Rank Adaptation of Large Language Models", arXiv 2106.09685.
"""

from collections.abc import Mapping

import numpy as np

UP, DOWN = ".up", ".down"


def misfits(changes: Mapping[str, np.ndarray], weights: Mapping[str, np.ndarray]) -> list[str]:
    """The names of `changes` that fit none of the `weights`, or lack their other factor."""
    return [name for name, array in changes.items() if not _fits(name, array, changes, weights)]


def with_changes(weights: Mapping[str, np.ndarray], changes: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """`weights` with `changes` made."""
    made = dict(weights)
    for name, array in changes.items():
        if name.endswith(UP):
            whole = name.removesuffix(UP)
            made[whole] = weights[whole] + (array @ changes[whole + DOWN]).reshape(weights[whole].shape)
        elif not name.endswith(DOWN):
            made[name] = array
    return made


def _fits(name: str, array: np.ndarray, changes: Mapping[str, np.ndarray], weights: Mapping[str, np.ndarray]) -> bool:
    if name in weights:
        return weights[name].shape == array.shape
    end = next((each for each in (UP, DOWN) if name.endswith(each)), "")
    whole = name.removesuffix(end)
    up, down, weight = (each.get(key) for each, key in ((changes, whole + UP), (changes, whole + DOWN), (weights, whole)))
    if not end or up is None or down is None or weight is None or weight.ndim < 2:
        return False
    flat = len(weight), weight[0].size
    return up.ndim == down.ndim == 2 and up.shape[1] == down.shape[0] and (up.shape[0], down.shape[1]) == flat

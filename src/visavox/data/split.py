"""Splits by speaker: nobody who is trained on is validated or tested on."""

from dataclasses import dataclass

import numpy as np

from visavox.errors import OptionError


@dataclass(frozen=True)
class Split:
    """Speakers to train on, to validate on and to test on, each sorted; no speaker is in two."""

    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]


def split_speakers(speakers: list[str], held_out: int, seed: int) -> Split:
    """A split with `held_out` speakers for validation and as many for test, drawn by `seed`; an OptionError when too few are left."""
    if held_out < 0 or len(speakers) - 2 * held_out < 1:
        raise OptionError(
            f"{held_out} speakers each for validation and test leave {len(speakers) - 2 * held_out} of {len(speakers)} to train on; "
            "hold out fewer"
        )
    shuffled = list(np.random.default_rng(seed).permutation(sorted(set(speakers))))
    kept = len(shuffled) - 2 * held_out
    parts = shuffled[:kept], shuffled[kept : kept + held_out], shuffled[kept + held_out :]
    return Split(*(tuple(sorted(str(name) for name in part)) for part in parts))

"""Changes of weights: whole ones take their place, factors are added, and what fits nothing is named."""

import numpy as np
import pytest

from visavox.models.changes import misfits, with_changes

random = np.random.default_rng(3)
WEIGHTS = {"mix": random.normal(size=(6, 4, 3)).astype(np.float32), "gain": np.ones(6, np.float32), "other": np.zeros((2, 2), np.float32)}
FACTORS = {"mix.up": random.normal(size=(6, 2)).astype(np.float32), "mix.down": random.normal(size=(2, 12)).astype(np.float32)}


def test_factors_are_added_and_whole_ones_take_their_place():
    made = with_changes(WEIGHTS, {**FACTORS, "gain": np.full(6, 2.0)})
    expected = WEIGHTS["mix"] + np.einsum("or,rik->oik", FACTORS["mix.up"], FACTORS["mix.down"].reshape(2, 4, 3))
    np.testing.assert_allclose(made["mix"], expected, atol=1e-6)
    assert (made["gain"] == 2).all() and made["other"] is WEIGHTS["other"] and (WEIGHTS["gain"] == 1).all()


def test_what_fits_is_not_named():
    assert not misfits({**FACTORS, "gain": np.zeros(6)}, WEIGHTS)


@pytest.mark.parametrize(
    "changes",
    [
        {"gain": np.zeros(5)},
        {"nobody": np.zeros(3)},
        {"mix.up": FACTORS["mix.up"]},
        {"mix.down": FACTORS["mix.down"]},
        {"mix.up": FACTORS["mix.up"], "mix.down": FACTORS["mix.down"][:1]},
        {"mix.up": FACTORS["mix.up"][:5], "mix.down": FACTORS["mix.down"]},
        {"mix.up": FACTORS["mix.up"], "mix.down": FACTORS["mix.down"].reshape(2, 4, 3)},
        {"gain.up": np.zeros((6, 1)), "gain.down": np.zeros((1, 1))},
        {"nobody.up": np.zeros((6, 1)), "nobody.down": np.zeros((1, 4))},
        {".up": np.zeros((6, 1)), ".down": np.zeros((1, 4))},
    ],
)
def test_what_fits_nothing_is_named(changes):
    assert misfits(changes, WEIGHTS) == list(changes)

"""Normalisation: there and back, on tensors and arrays alike, and statistics that do not fit are refused."""

import numpy as np
import pytest
import torch

from visavox.errors import CheckpointError
from visavox.models.normalizer import FLOOR, Normalizer


def test_there_and_back_on_arrays_and_tensors():
    random = np.random.default_rng(0)
    normalizer = Normalizer(3)
    normalizer.set_statistics([0.5, -1.0, 2.0], [0.1, 2.0, 0.0])
    values = random.normal(size=(4, 7, 3)).astype(np.float32)
    unit = normalizer.normalise(values)
    assert unit.dtype == np.float32
    assert np.allclose(unit[..., 0], (values[..., 0] - 0.5) / 0.1, rtol=1e-5, atol=1e-6)
    assert np.allclose(unit[..., 2], (values[..., 2] - 2) / FLOOR, rtol=1e-5, atol=1e-3), "a still channel is not blown up"
    assert np.allclose(normalizer.restore(unit), values, atol=1e-5)
    assert np.allclose(normalizer.normalise(torch.from_numpy(values)).numpy(), unit, atol=1e-5)


def test_it_starts_as_the_identity():
    values = np.ones((2, 3), np.float32)
    assert np.array_equal(Normalizer(3).restore(values), values)


def test_statistics_come_back_unchanged_and_are_no_weights():
    normalizer, other = Normalizer(2), Normalizer(2)
    normalizer.set_statistics([1 / 3, 2], [1e-4, 0.7], floor=0)
    kept = normalizer.statistics()
    other.set_statistics(kept["mean"], kept["std"], floor=0)
    assert other.statistics() == kept and not normalizer.state_dict()


@pytest.mark.parametrize(
    ("mean", "std", "floor"),
    [
        ([1.0], [1.0], FLOOR),
        ([0.0, 0.0], [1.0], FLOOR),
        ([np.nan, 0.0], [1.0, 1.0], FLOOR),
        ([0.0, 0.0], [1.0, 0.0], 0),
    ],
)
def test_statistics_that_do_not_fit_are_refused(mean, std, floor):
    with pytest.raises(CheckpointError, match="statistics"):
        Normalizer(2).set_statistics(mean, std, floor)

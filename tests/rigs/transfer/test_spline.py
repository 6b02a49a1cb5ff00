"""The spline of a transfer is SciPy's, sooner."""

import numpy as np
import pytest
from scipy.interpolate import RBFInterpolator

from visavox.rigs.transfer.spline import CHUNK, Spline


@pytest.mark.parametrize("smoothing", [0.0, 0.05, "each"])
def test_it_is_that_of_scipy(smoothing):
    generator = np.random.default_rng(3)
    places, values = generator.normal(size=(60, 3)), generator.normal(size=(60, 2))
    smoothing = generator.uniform(0, 0.1, 60) if smoothing == "each" else smoothing
    points = generator.normal(size=(2 * CHUNK + 5, 3))
    theirs = RBFInterpolator(places, values, kernel="linear", degree=1, smoothing=smoothing)(points)
    ours = Spline.through(places, values, smoothing)
    assert np.abs(ours(points) - theirs).max() < 1e-11
    assert np.abs(ours(places) - values).max() < 1e-11 or np.max(smoothing) > 0


def test_places_in_one_plane_have_none():
    with pytest.raises(np.linalg.LinAlgError):
        Spline.through(np.random.default_rng(0).normal(size=(9, 3)) * (1, 1, 0), np.ones((9, 1)))

"""The nearest point: as SciPy's tree finds it, the first of several, and far from all."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from visavox.render.nearest import nearest


@pytest.mark.parametrize("count", [1, 2, 300])
@pytest.mark.parametrize("spread", [(1, 1, 1), (1, 0, 1), (0.01, 5, 0.01)])  # a plane of one height is the dearest to search
def test_it_is_what_a_tree_finds(count, spread):
    random = np.random.default_rng(count)
    points, places = random.normal(0, spread, (count, 3)).astype(np.float32), random.normal(0, spread, (200, 3))
    distance, found = nearest(points, places)
    expected, which = cKDTree(points).query(places)
    assert np.allclose(distance, expected, rtol=1e-12)
    assert np.array_equal(found, which)


def test_of_several_the_first_is_taken():
    points = np.array([(9, 9, 9), (1, 1, 0), (1, -1, 0), (1, 1, 0)], float)
    assert nearest(points, np.array([(0, 0, 0), (1, 1, 0)], float))[1].tolist() == [1, 1]


def test_far_above_and_below_all_points():
    distance, found = nearest(np.array([(0, 0, 0), (0, 1, 0)], float), np.array([(0, -50, 0), (0, 50, 0)], float))
    assert distance.tolist() == [50, 49]
    assert found.tolist() == [0, 1]


def test_no_points_are_infinitely_far():
    assert nearest(np.zeros((0, 3)), np.zeros((2, 3)))[0].tolist() == [np.inf, np.inf]
    assert nearest(np.zeros((2, 3)), np.zeros((0, 3)))[1].shape == (0,)

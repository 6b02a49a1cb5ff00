"""What covers what: shapes whose every sample is known by construction."""

import numpy as np
import pytest

from visavox.render.camera import Screen
from visavox.render.compiled import compiled
from visavox.render.raster import NOTHING, Cover, cover_lashes, cover_strands, cover_triangles

SIZE = 32


def screen(points) -> Screen:
    """Points (x, y, depth) in samples and metres."""
    return Screen(*(np.ascontiguousarray(column) for column in np.array(points, np.float32).T))


def square(left, top, right, bottom, depth):
    """Four points and two triangles that face the viewer: on screen, y down, a front turns against the clock."""
    points = [(left, top, depth), (right, top, depth), (right, bottom, depth), (left, bottom, depth)]
    return points, np.array([[0, 3, 2], [0, 2, 1]], np.int32)


def test_a_square_covers_exactly_its_samples_without_a_gap_on_its_diagonal():
    points, faces = square(3, 5, 20, 29, 1.0)
    cover = Cover.empty(SIZE)
    cover_triangles(screen(points), faces, cover, 0)
    expected = np.zeros((SIZE, SIZE), bool)
    expected[5:29, 3:20] = True
    assert np.array_equal(cover.item != NOTHING, expected)
    assert np.allclose(cover.depth[expected], 1.0) and np.isinf(cover.depth[~expected]).all()
    assert set(cover.item[expected]) == {0, 1}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_nearer_surface_hides_the_farther_whatever_the_order(order):
    near, faces = square(8, 8, 24, 24, 0.5)
    far, _ = square(0, 0, 32, 16, 0.9)
    parts = {0: faces, 1: faces + 4}
    drawn = np.concatenate([parts[part] for part in order])
    cover = Cover.empty(SIZE)
    cover_triangles(screen(near + far), drawn, cover, 0)
    assert (cover.depth[8:24, 8:24] == 0.5).all()
    assert np.allclose(cover.depth[:8], 0.9) and np.allclose(cover.depth[8:16, :8], 0.9)
    assert np.isinf(cover.depth[24:]).all()


def test_surfaces_that_cross_share_the_picture_along_their_line():
    points, faces = square(0, 0, 32, 32, 1.0)
    tilted = [(0, 0, 0.8), (32, 0, 1.2), (32, 32, 1.2), (0, 32, 0.8)]
    cover = Cover.empty(SIZE)
    cover_triangles(screen(points + tilted), np.concatenate([faces, faces + 4]), cover, 0)
    assert (cover.item[:, :16] >= 2).all() and (cover.item[:, 16:] < 2).all()


def test_backs_what_is_behind_the_viewer_and_what_is_outside_are_not_drawn():
    points, faces = square(3, 3, 20, 20, 1.0)
    cover = Cover.empty(SIZE)
    cover_triangles(screen(points), np.ascontiguousarray(faces[:, ::-1]), cover, 0)
    cover_triangles(screen(square(3, 3, 20, 20, 0.001)[0]), faces, cover, 0)
    cover_triangles(screen(square(-90, -90, -3, 60, 1.0)[0]), faces, cover, 0)
    cover_triangles(screen(square(5, 5, 5, 5, 1.0)[0]), faces, cover, 0)
    assert (cover.item == NOTHING).all()


def test_a_surface_larger_than_the_picture_fills_it():
    points, faces = square(-500, -300, 700, 900, 2.0)
    cover = Cover.empty(SIZE)
    cover_triangles(screen(points), faces, cover, 7)
    assert (cover.item >= 7).all() and np.allclose(cover.depth, 2.0, atol=1e-4)


def test_a_strand_is_as_wide_as_it_says_and_hides_by_depth():
    strand = screen([(4, 16, 0.5), (28, 16, 0.5)])
    cover = Cover.empty(SIZE)
    cover_strands(strand, np.full((1, 2), 2.0, np.float32), np.ones((1, 2), bool), cover, 40)
    expected = np.zeros((SIZE, SIZE), bool)
    expected[14:18, 4:28] = True
    assert np.array_equal(cover.item == 40, expected)
    points, faces = square(0, 0, 32, 32, 0.4)
    cover_triangles(screen(points), faces, cover, 0)
    cover_strands(strand, np.full((1, 2), 2.0, np.float32), np.ones((1, 2), bool), cover, 40)
    assert (cover.item != 40).all()
    hidden = Cover.empty(SIZE)
    cover_strands(strand, np.full((1, 2), 2.0, np.float32), np.zeros((1, 2), bool), hidden, 40)
    assert (hidden.item == NOTHING).all()


def test_lashes_darken_from_root_to_tip_and_only_where_nothing_is_in_front():
    points, faces = square(0, 0, 32, 32, 1.0)
    uv = np.array([[[0, 0], [1, 0], [1, 0]], [[0, 0], [1, 0], [0, 0]]], np.float32)  # root above, tip below
    cover, shade = Cover.empty(SIZE), np.zeros((SIZE, SIZE), np.float32)
    cover_lashes(screen(points), faces, uv, np.ones(2, np.float32), cover, shade)
    rows = shade.mean(1)
    assert 0.5 < rows[0] <= 1 and rows[-1] < 0.1 and np.all(np.diff(rows) < 1e-3)
    half = np.zeros_like(shade)
    cover_lashes(screen(points), faces, uv, np.full(2, 0.5, np.float32), cover, half)
    assert np.allclose(half, shade / 2, atol=1e-6)
    near, front = square(0, 0, 16, 32, 0.5)
    cover_triangles(screen(near), front, cover, 0)
    behind = np.zeros_like(shade)
    cover_lashes(screen(points), faces, uv, np.ones(2, np.float32), cover, behind)
    assert (behind[:, :16] == 0).all() and np.array_equal(behind[:, 16:], shade[:, 16:])


def test_a_loop_compiles_where_no_cache_can_be_kept():
    """Numba refuses to cache code that has no file, as it does where no folder can be written."""
    space = {}
    exec("def third(values):\n    return values[2]", space)
    assert compiled(space["third"])(np.array([1.0, 2.0, 3.0])) == 3.0

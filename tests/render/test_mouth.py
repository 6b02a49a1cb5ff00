"""Light in the mouth: ordered by how open the lips are and by how deep a point lies, whatever the head does."""

import numpy as np
import pytest

from visavox.render.mouth import (
    CHEEK,
    DARKEST,
    beside_front,
    inner_lips,
    lip_share,
    lips_parted,
    mouth_corners,
    mouth_light,
    reddened,
    tongue_sides,
)


def lips(gap: float, forward: float = 0.0) -> np.ndarray:
    """Lips `gap` metres apart whose middle stands `forward` metres before their corners, 50 mm apart."""
    return np.array([[0, gap / 2, forward], [0, -gap / 2, forward], [0.025, 0, 0], [-0.025, 0, 0]], np.float32)


def at(depth: float, aside: float = 0.0) -> np.ndarray:
    return np.array([[aside, 0, -depth]], np.float32)


def test_it_darkens_with_depth_and_brightens_with_the_gap():
    depths = [mouth_light(at(depth), lips(0.008))[0] for depth in (0.0, 0.003, 0.008, 0.02, 0.04)]
    assert depths[0] == pytest.approx(1) and np.all(np.diff(depths) < 0)
    gaps = [mouth_light(at(0.005), lips(gap))[0] for gap in (0.0, 0.002, 0.006, 0.02)]
    assert np.all(np.diff(gaps) > 0)


def test_front_teeth_read_as_teeth_and_the_throat_is_dark():
    assert mouth_light(at(0.0025), lips(0.004))[0] > 0.8
    assert mouth_light(at(0.06), lips(0.02))[0] == pytest.approx(DARKEST, abs=0.03)


def test_what_comes_out_between_the_lips_is_in_the_light():
    assert mouth_light(at(-0.01), lips(0.0))[0] == pytest.approx(1)


def test_depth_counts_from_the_lips_of_the_frame():
    """Lips pushed forward leave the same tooth deeper in the mouth; at the corners there is less gap."""
    assert mouth_light(at(0.002), lips(0.004, forward=0.006))[0] < mouth_light(at(0.002), lips(0.004))[0]
    assert mouth_light(at(0.01, aside=0.02), lips(0.006))[0] < mouth_light(at(0.01), lips(0.006))[0]


def test_deep_light_is_redder():
    red, green, blue = reddened(np.ones((1, 3), np.float32), np.array([0.1], np.float32))[0]
    assert red == pytest.approx(1) and red > green > blue


def test_lips_clear_one_another_as_they_part_but_not_at_their_corners():
    places = np.concatenate([at(0.0, aside) for aside in (0.0, 0.012, 0.025)])
    shut, ajar, wide = (lips_parted(places, lips(gap)) for gap in (0.0, 0.002, 0.02))
    assert not shut.any() and np.all(ajar[:2] > 0) and np.all(wide[:2] > ajar[:2])
    assert wide[0] == pytest.approx(1) and wide[2] == pytest.approx(0, abs=1e-6)


def test_red_and_shade_of_lips_end_a_little_way_from_their_edge():
    edge = np.array([[x, 0, 0] for x in np.linspace(-0.025, 0.025, 51)], np.float32)
    red = inner_lips(np.concatenate([at(depth) for depth in (0.0, 0.004, 0.03)]), edge)
    assert red[0] == pytest.approx(1) and 1 > red[1] > 0.3 and red[2] < 1e-6
    near = lip_share(np.float32([[0, 0, 0], [0, 0.003, 0], [0, 0.02, 0]]), edge)
    assert near[0] == 1 and 0 < near[1] < 1 and near[2] == 0
    assert not inner_lips(at(0.0), edge[:0]).any() and not lip_share(at(0.0), edge[:0]).any(), "a head without an inside"


def test_the_fold_of_a_corner_is_dull_and_the_middle_of_the_lips_is_not():
    corners = lips(0.0)[2:]
    kept = mouth_corners(np.float32([[0.025, 0, 0], [-0.025, 0, 0], [0, 0, 0]]), corners)
    assert np.all(kept[:2] < 0.6) and kept[2] == pytest.approx(1)


def test_side_teeth_lie_in_the_shade_of_the_cheeks():
    light = beside_front(np.concatenate([at(0.0, aside) for aside in (0.0, 0.005, 0.014, -0.014, 0.025)]))
    assert light[0] == light[1] == 1 and 1 > light[2] > CHEEK and light[2] == light[3] and light[4] == pytest.approx(CHEEK)


def test_sides_of_the_tongue_fade_inside_the_mouth_and_not_outside():
    half = 0.015
    power = tongue_sides(np.array([[0.0, 0, 0], [0.5 * half, 0, 0], [half, 0, 0], [-half, 0, 0]]))
    assert power[0] == 1 < power[1] < power[2] == power[3]
    assert 0.3 ** power[3] < 0.5 * 0.3 and 1.0 ** power[3] == 1

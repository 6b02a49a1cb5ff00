"""The picture of a mouth: cut out upright, however the head is held; and what is read of it on our own heads, whose gap is known."""

import numpy as np

from drawn_faces import drawn, head, landmarker
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.lip_measures import lip_gap
from visavox.track.alignment import aligned
from visavox.track.mouth_picture import COLUMNS, ROWS, mouth_strips
from visavox.track.solver import packaged_solver

OPENED = np.array([0.0, 0.2, 0.4, 0.7])


def strips_of(picture):
    (face,) = landmarker().detect(picture)
    return mouth_strips(picture, face, aligned(face.points, packaged_solver().canonical)[1])


def test_the_gap_is_read_in_the_picture():
    pictures = drawn({"jawOpen": OPENED})
    values = np.zeros((len(OPENED), len(ARKIT)), np.float32)
    values[:, ARKIT.index("jawOpen")] = OPENED
    true = lip_gap(head(), Motion(values, 25, ARKIT))
    read = [packaged_solver().lips.gap(strips_of(picture)) for picture in pictures]
    np.testing.assert_allclose(read, true, atol=0.02)  # 2 mm of some 94


def test_a_mouth_is_cut_out_upright_and_says_the_same_in_another_light():
    picture = drawn({"jawOpen": np.array([0.5])})[0]
    strips = strips_of(picture)
    assert strips.shape == (ROWS, COLUMNS, 3) and strips.dtype == np.uint8
    rolled = strips_of(drawn({"jawOpen": np.array([0.5]), "headRoll": np.array([0.3])})[0])
    assert np.abs(strips.astype(float) - rolled).mean() < 12  # the light stays where it was
    lips, dark = packaged_solver().lips, (picture * 0.6).astype(np.uint8)
    assert abs(lips.gap(strips_of(dark)) - lips.gap(strips)) < 0.02 and abs(lips.gap(rolled) - lips.gap(strips)) < 0.02


def test_nothing_to_see_is_a_gap_within_bounds():
    chance = np.random.default_rng(0)
    for strips in (np.zeros((ROWS, COLUMNS, 3), np.uint8), chance.integers(0, 256, (ROWS, COLUMNS, 3)).astype(np.uint8)):
        assert 0 <= packaged_solver().lips.gap(strips) <= 0.5

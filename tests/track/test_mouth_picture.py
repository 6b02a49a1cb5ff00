"""The picture of a mouth: cut out upright, however the head is held; and what is read of it on our own heads, whose gap is known."""

import numpy as np
import pytest

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
    mouths = np.stack([strips_of(picture) for picture in pictures])
    np.testing.assert_allclose(packaged_solver().lips.opened(mouths, mouths[0]), true - true[0], atol=0.02)  # 2 mm of some 94
    assert packaged_solver().lips.opened(mouths[:1], mouths[0])[0] == pytest.approx(0, abs=1e-6)


def test_a_mouth_is_cut_out_upright_and_says_the_same_in_another_light():
    picture = drawn({"jawOpen": np.array([0.5])})[0]
    strips = strips_of(picture)
    assert strips.shape == (ROWS, COLUMNS, 3) and strips.dtype == np.uint8
    rolled = strips_of(drawn({"jawOpen": np.array([0.5]), "headRoll": np.array([0.3])})[0])
    assert np.abs(strips.astype(float) - rolled).mean() < 12  # the light stays where it was
    lips, dark = packaged_solver().lips, (picture * 0.6).astype(np.uint8)
    shut = drawn({"jawOpen": np.array([0.0])})[0]
    seen, turned = (lips.opened(each[None], strips_of(shut)) for each in (strips, rolled))
    dimmed = lips.opened(strips_of(dark)[None], strips_of((shut * 0.6).astype(np.uint8)))
    assert abs(seen - dimmed) < 0.02 and abs(seen - turned) < 0.02


def test_every_shot_has_its_own_shut_mouth_unless_lips_stay_apart_in_it():
    opening = drawn({"jawOpen": np.array([0.0, 0.0, 0.5])})
    light = np.stack([strips_of(picture) for picture in opening])
    dark = (light * 0.35 + 20).astype(np.uint8)  # another light
    lips, gap = packaged_solver().lips, np.array([0.0, 0.0, 0.1])
    both, shots = np.concatenate([light, dark]), np.repeat([0, 1], 3)
    found = lips.gaps(both, np.tile(gap, 2), shots)
    np.testing.assert_allclose(found[3:], lips.gaps(dark, gap, np.zeros(3)), atol=1e-6)  # as if it were alone
    apart = lips.gaps(np.concatenate([light, light[2:]]), np.append(gap, 0.1), np.array([0, 0, 0, 1]))
    assert apart[3] == pytest.approx(apart[2], abs=1e-6) and apart[3] > 0.03  # one frame, wide open: beside the other shot's
    assert lips.gaps(light[2:], np.array([0.1]), np.zeros(1)) == pytest.approx(0.1)  # who never shuts the lips is believed


def test_nothing_to_see_is_a_gap_within_bounds():
    chance = np.random.default_rng(0)
    for mouths in (np.zeros((3, ROWS, COLUMNS, 3), np.uint8), chance.integers(0, 256, (3, ROWS, COLUMNS, 3)).astype(np.uint8)):
        found = packaged_solver().lips.gaps(mouths, np.array([0.0, 0.1, 0.2]), np.zeros(3))
        assert np.isfinite(found).all() and (found >= 0).all() and (found <= 0.5).all()

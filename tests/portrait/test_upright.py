"""A head that is tilted in its photo blinks, glances and speaks as it does upright."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from sitter import SIZE, landmarks, motion_of, picture, portrait

from visavox.portrait import PortraitRenderer, build
from visavox.portrait.upright import Upright

TILT = 35.0  # degrees
POSES = {
    "blink": ({"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}, 42),
    "glance": ({"eyeLookOutLeft": 0.8, "eyeLookInRight": 0.8}, 38),
    "speech": ({"jawOpen": 0.4}, 40),
}


def tilted(pixels: np.ndarray) -> np.ndarray:
    """The picture turned about its middle, counter-clockwise."""
    return np.array(Image.fromarray(pixels).rotate(TILT, Image.BICUBIC))


def drawn(made, pose) -> np.ndarray:
    return next(iter(PortraitRenderer(made, 1).frames(motion_of(pose))))


@pytest.fixture(scope="module")
def leaning():
    angle, middle, upright = np.radians(TILT), SIZE / 2, landmarks()
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return build(tilted(picture()), replace(upright, points=(upright.points - middle) @ turn.T + middle))


@pytest.mark.parametrize("name", POSES)
def test_a_tilted_head_moves_as_an_upright_one(leaning, name):
    pose, least = POSES[name]
    across, down = np.meshgrid(np.arange(SIZE), np.arange(SIZE))
    face = np.hypot(across - SIZE / 2, down - SIZE / 2) < 0.3 * SIZE
    error = drawn(leaning, pose)[face].astype(float) - tilted(drawn(portrait(), pose))[face]
    assert 10 * np.log10(255**2 / np.square(error).mean()) > least


def test_what_is_painted_comes_back_to_where_it_was(leaning):
    """Nothing but the eyes of a tilted photo is painted over, and its colours stay skin's."""
    changed = (leaning.parts.painted != leaning.parts.photo).any(2)
    assert 0.005 < changed.mean() < 0.025
    straight = tilted(portrait().parts.painted)
    assert np.abs(leaning.parts.painted[changed].astype(float) - straight[changed]).mean() < 3


def test_level_eyes_leave_a_photo_as_it_is():
    upright = Upright.of(landmarks())
    assert upright.picture(picture()) is not None and upright.side is None
    np.testing.assert_array_equal(upright.back(upright.landmarks(landmarks()).points), landmarks().points)

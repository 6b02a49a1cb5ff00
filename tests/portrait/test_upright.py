"""A head that is tilted in its photo blinks, glances and speaks as it does upright."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from sitter import SIZE, landmarks, motion_of, picture, portrait, posed

from visavox.portrait import PortraitRenderer, build
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.upright import Upright

TILT = 35.0  # degrees
POSES = {
    "blink": ({"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}, 42),
    "glance": ({"eyeLookOutLeft": 0.8, "eyeLookInRight": 0.8}, 38),
    "speech": ({"jawOpen": 0.4}, 40),
}


def leant(upright: Landmarks) -> Landmarks:
    """The landmarks of the picture so tilted."""
    angle, middle = np.radians(TILT), SIZE / 2
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return replace(upright, points=(upright.points - middle) @ turn.T + middle)


def tilted(pixels: np.ndarray) -> np.ndarray:
    """The picture turned about its middle, counter-clockwise."""
    return np.array(Image.fromarray(pixels).rotate(TILT, Image.BICUBIC))


def drawn(made, pose) -> np.ndarray:
    return next(iter(PortraitRenderer(made, 1).frames(motion_of(pose))))


@pytest.fixture(scope="module")
def leaning():
    return build(tilted(picture()), leant(landmarks()))


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


def test_a_tilt_changes_neither_how_far_a_head_is_turned_nor_how_far_it_nods():
    """So it may turn back as far, and is refused as early."""
    pose = {"headYaw": 0.25, "headPitch": 0.3}
    straight, sloping = build(posed(pose), landmarks(pose)), build(tilted(posed(pose)), leant(landmarks(pose)))
    np.testing.assert_allclose(sloping.camera.angles(), straight.camera.angles() + (0, 0, TILT), atol=1)
    back = motion_of({"headYaw": -0.3})
    np.testing.assert_allclose(sloping.within_reach(back).values, straight.within_reach(back).values, atol=0.005)

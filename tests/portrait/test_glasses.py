"""Glasses: seen where they are drawn and nowhere else, and stiff before a face that moves."""

from functools import cache

import numpy as np
import pytest
from scipy.ndimage import binary_dilation
from sitter import landmarks, motion_of, picture

from visavox.portrait import PortraitRenderer, build
from visavox.portrait.glasses import frame_seen, wears_glasses
from visavox.portrait.planar import depth_inside

INK = (30, 26, 28)


@cache
def frame() -> np.ndarray:
    """The pixels (H, W) of a frame before the sitter's eyes: two rings and a bridge, 3 pixels thick."""
    eyes, rings = landmarks().eyes, []
    y, x = np.mgrid[: len(picture()), : len(picture())] + 0.5
    for eye in range(2):
        middle = landmarks().eye(eye).mean(0)
        rings.append(np.hypot((x - middle[0]) / (0.30 * eyes), (y - middle[1]) / (0.22 * eyes)))
    right, left = sorted(landmarks().eye(eye)[:, 0].mean() for eye in range(2))
    row = landmarks().eye(0)[:, 1].mean() - 0.02 * eyes
    bridge = (np.abs(y - row) < 1.5) & (x > right) & (x < left) & (rings[0] > 1) & (rings[1] > 1)
    return (np.min([np.abs(ring - 1) for ring in rings], 0) < 1.5 / (0.26 * eyes)) & (np.min(rings, 0) > 0.9) | bridge


@cache
def worn() -> np.ndarray:
    return np.where(frame()[..., None], np.uint8(INK), picture())


@cache
def renderer() -> PortraitRenderer:
    return PortraitRenderer(build(worn(), landmarks()), 1)


def test_glasses_are_seen_where_they_are():
    assert wears_glasses(worn(), landmarks()) and not wears_glasses(picture(), landmarks())
    assert frame_seen(worn(), landmarks()) > 10 * frame_seen(picture(), landmarks())


@pytest.mark.parametrize(
    "pose", [{"mouthSmileLeft": 1, "mouthSmileRight": 1, "cheekSquintLeft": 1}, {"browInnerUp": 1, "browOuterUpLeft": 1}, {"jawOpen": 0.6}]
)
def test_a_frame_does_not_bend(pose):
    rest, moved = (next(iter(renderer().frames(motion_of(each)))).astype(int) for each in ({}, pose))
    assert np.abs(moved - rest)[binary_dilation(frame())].mean() < 1.0
    assert np.abs(moved - rest).max() > 40  # and yet the face moves


def test_eyes_shut_behind_a_frame_that_stays():
    rest, shut = (next(iter(renderer().frames(motion_of({"eyeBlinkLeft": each, "eyeBlinkRight": each})))).astype(int) for each in (0, 1))
    y, x = np.mgrid[: len(rest), : len(rest)] + 0.5
    within = depth_inside(landmarks().eye(0), np.stack([x.ravel(), y.ravel()], 1)).reshape(x.shape) > 1
    assert np.abs(shut - rest)[within].mean() > 20
    assert np.abs(shut - rest)[frame()].mean() < 3

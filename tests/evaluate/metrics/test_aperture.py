"""Apertures of the channels and of the default head."""

import numpy as np
import pytest

from visavox.evaluate.metrics.aperture import curve_aperture, gap_aperture, head_measures, rounding
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head


def pose(**channels):
    return Motion(np.zeros((1, len(ARKIT))), 25, ARKIT).with_channels(channels)


@pytest.fixture(scope="module")
def head():
    return Head.from_asset(read_head_asset())


def test_channel_aperture_by_hand():
    opened = pose(jawOpen=0.5, mouthLowerDownLeft=0.4, mouthLowerDownRight=0.2, mouthUpperUpLeft=0.2, mouthUpperUpRight=0.2)
    assert curve_aperture(opened).values == pytest.approx([0.6 * 0.5 + 0.35 * 0.3 + 0.25 * 0.2])


@pytest.mark.parametrize(("close", "left"), [(0.0, 1.0), (0.2, 0.5), (0.4, 0.0), (0.9, 0.0)])
def test_mouth_close_takes_the_jaw_back(close, left):
    assert curve_aperture(pose(jawOpen=0.4, mouthClose=close)).values == pytest.approx([0.24 * left])


def test_a_resting_channel_mouth_is_shut():
    shut = curve_aperture(pose())
    assert shut.values[0] == 0 < shut.closed


def test_gap_aperture_is_one_at_a_quarter_of_the_eye_distance_and_closed_under_2_percent():
    aperture = gap_aperture(np.array([-0.01, 0.019, 0.021, 0.25]), 25)
    assert aperture.values == pytest.approx([0, 0.076, 0.084, 1])
    assert (aperture.values < aperture.closed).tolist() == [True, True, False, False]


def test_the_default_head_opens_shuts_and_rounds_as_the_channels_say(head):
    moves = [
        {},
        {"jawOpen": 0.4},
        {"jawOpen": 0.4, "mouthClose": 0.4},
        {"mouthPucker": 0.8},
        {"mouthSmileLeft": 0.8, "mouthSmileRight": 0.8},
    ]
    (rest, opened, sealed, _, _), (width, _, _, puckered, smiling) = np.array([head_measures(head, pose(**move)) for move in moves])[
        ..., 0
    ].T
    assert rest < 0.02 and sealed < 0.02 and opened > 0.1
    assert puckered < width < smiling


def test_the_turn_of_the_head_does_not_change_the_measures(head):
    straight = head_measures(head, pose(jawOpen=0.3))
    turned = head_measures(head, pose(jawOpen=0.3, headYaw=0.4, headPitch=0.3))
    assert np.allclose(straight, turned)


def test_rounding_adds_pucker_and_funnel():
    assert rounding(pose(mouthPucker=0.3, mouthFunnel=0.2)) == pytest.approx([0.5])

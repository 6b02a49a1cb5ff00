"""Lips that follow a measured face: the wanted gap is reached on the default head, closures stay shut, a known fit is recovered."""

import numpy as np
import pytest

from visavox.data.follow import REACH, fit_lips, follow_gap, follow_width
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.gap import lip_gap, mouth_width
from visavox.rigs.head import Head

FRAMES = 200


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.from_asset(read_head_asset())


def talking(jaw: np.ndarray) -> Motion:
    motion = Motion(np.zeros((jaw.size, len(ARKIT))), 25, ARKIT)
    return motion.with_channels({"jawOpen": jaw, "mouthLowerDownLeft": 0.5 * jaw, "mouthLowerDownRight": 0.5 * jaw})


def swing(low: float, high: float) -> np.ndarray:
    return low + (high - low) * (0.5 - 0.5 * np.cos(np.arange(FRAMES) / 12))


def test_the_wanted_gap_is_reached(head):
    motion = talking(swing(0.2, 0.4))
    wanted = lip_gap(head, motion) * np.linspace(0.6, 1.6, FRAMES)
    error = np.abs(lip_gap(head, follow_gap(motion, wanted, head)) - wanted)
    assert np.median(error) < 0.006 and error.max() < 0.03


def test_a_gap_that_is_right_changes_nothing(head):
    motion = talking(swing(0.2, 0.4))
    wanted = lip_gap(head, motion)
    assert np.abs(lip_gap(head, follow_gap(motion, wanted, head)) - wanted).max() < 0.02


def test_closed_lips_stay_closed_whatever_was_measured(head):
    jaw = swing(0.2, 0.4)
    jaw[80:100] = 0
    made = follow_gap(talking(jaw), np.full(FRAMES, 0.1), head)
    assert lip_gap(head, made)[84:96].max() < 0.005


def test_channels_that_open_no_lips_are_left_alone(head):
    motion = talking(swing(0.2, 0.4)).with_channels({"browInnerUp": np.full(FRAMES, 0.3), "headYaw": np.full(FRAMES, 0.1)})
    made = follow_gap(motion, np.full(FRAMES, 0.05), head)
    for name in ("browInnerUp", "headYaw", "mouthPucker"):
        np.testing.assert_array_equal(made.channel(name), motion.channel(name))
    assert made.values.max() <= 1 and made.channel("jawOpen").min() >= 0


def test_width_moves_as_measured_around_its_own_median(head):
    motion = talking(np.full(FRAMES, 0.2))
    resting = np.median(mouth_width(head, motion))
    wanted = 0.9 + 0.06 * np.sin(np.arange(FRAMES) / 10)
    made = mouth_width(head, follow_width(motion, wanted, head)) - resting
    assert np.corrcoef(made, wanted - 0.9)[0, 1] > 0.97
    assert 0.7 < np.std(made) / np.std(wanted) < 1.3


def test_a_known_linear_reading_is_recovered():
    random = np.random.default_rng(0)
    articulations = [random.random((400, 10)) for _ in range(5)]
    loudnesses = [random.uniform(-30, 5, 400) for _ in range(5)]
    gaps = [0.2 * a[:, 0] + 0.1 * a[:, 1] + 0.02 for a in articulations]
    fit = fit_lips(articulations, loudnesses, gaps, ridge=1e-6)
    other = random.random((300, 10))
    wanted = 0.2 * other[:, 0] + 0.1 * other[:, 1] + 0.02
    assert np.abs(fit.gap(other, np.zeros(300)) - wanted).max() < 1e-3
    centre = np.zeros((2 * REACH + 1, 11))
    centre[REACH, :2] = 0.2, 0.1
    np.testing.assert_allclose(fit.weights.reshape(2 * REACH + 1, 11), centre, atol=1e-3)


def test_a_fit_never_gives_a_negative_gap_and_keeps_the_spread():
    random = np.random.default_rng(1)
    articulation, loudness = random.random((2000, 10)), random.uniform(-30, 5, 2000)
    gap = np.maximum(0.3 * articulation[:, 0] - 0.1 + random.normal(0, 0.05, 2000), 0)
    fit = fit_lips([articulation], [loudness], [gap])
    made = fit.gap(articulation, loudness)
    assert made.min() >= 0 and np.std(made) == pytest.approx(np.std(gap), rel=0.15)

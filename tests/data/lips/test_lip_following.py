"""Lips that follow a measured face: the wanted gap is reached on the default head, closures stay shut, a known fit is recovered."""

import numpy as np
import pytest

from visavox.data.lips.lip_following import (
    NARROWED,
    REACH,
    STRETCH,
    WIDTH_GAIN,
    WIDTH_TRUST,
    fit_lips,
    follow_gap,
    follow_width,
    share_of,
    shared_width,
)
from visavox.data.synth.phones import INDEX
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap, mouth_width

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
    features = [random.normal(size=(400, 6)) for _ in range(5)]
    gaps = [0.2 * f[:, 0] + 0.1 * f[:, 1] + 0.02 for f in features]
    widths = [0.7 + number + 0.3 * f[:, 2] for number, f in enumerate(features)]  # each clip's camera sees another width at rest
    reading = fit_lips(features, gaps, widths, ridge=1e-9)
    centre = np.zeros((2 * REACH + 1, 6, 2))
    centre[REACH, :2, 0], centre[REACH, 2, 1] = (0.2, 0.1), 0.3
    np.testing.assert_allclose(reading.weights.reshape(centre.shape), centre, atol=3e-3)
    other = random.normal(size=(300, 6))
    gap, width = reading.lips(other)
    np.testing.assert_allclose(gap, np.maximum(0.2 * other[:, 0] + 0.1 * other[:, 1] + 0.02, 0), atol=0.01)
    assert np.corrcoef(width, other[:, 2])[0, 1] > 0.999


def test_a_reading_never_gives_a_negative_gap_and_keeps_the_spread():
    random = np.random.default_rng(1)
    features = random.normal(size=(2000, 5))
    gap = np.maximum(0.3 * features[:, 0] - 0.1 + random.normal(0, 0.2, 2000), 0)
    made, _ = fit_lips([features], [gap], [gap]).lips(features)
    assert made.min() >= 0 and np.std(made) == pytest.approx(np.std(gap), rel=0.25)


def test_in_small_openings_the_lips_still_show_the_teeth(head):
    motion = talking(swing(0.3, 0.4))
    made = follow_gap(motion, 0.5 * lip_gap(head, motion), head)
    shares = [np.median(made.channel(name) / motion.channel(name)) for name in ("jawOpen", "mouthLowerDownLeft")]
    assert shares[0] < 0.5 < shares[1] < 0.8


def test_the_jaw_of_a_rounded_vowel_opens_instead_of_the_funnel_alone(head):
    """Funnelled lips part by themselves: without a limit the measured gap is met with the jaw shut."""
    motion = talking(np.full(FRAMES, 0.15)).with_channels({"mouthFunnel": np.full(FRAMES, 0.5)})
    made = follow_gap(motion, np.full(FRAMES, 0.07), head)
    assert np.abs(lip_gap(head, made) - 0.07).max() < 0.012
    assert made.channel("jawOpen").mean() > 0.08 and 0.1 < made.channel("mouthFunnel").mean() < 0.3


def test_the_shared_width_is_a_mean_of_the_animated_and_the_filmed_one(head):
    swinging, vowels = 0.02 * np.sin(np.arange(FRAMES) / 10), np.full(2 * FRAMES, INDEX["AA"])
    still = talking(np.full(FRAMES, 0.2))
    np.testing.assert_allclose(
        shared_width(still, swinging, vowels, 1.3, head), STRETCH * WIDTH_TRUST * WIDTH_GAIN * 1.3 * swinging, atol=1e-6
    )
    smiling = still.with_channels(dict.fromkeys(("mouthStretchLeft", "mouthStretchRight"), np.clip(swinging * 20, 0, 1)))
    taught = mouth_width(head, smiling)
    made = shared_width(smiling, np.zeros(FRAMES), vowels, 1.0, head)
    np.testing.assert_allclose(made, STRETCH * (1 - WIDTH_TRUST) * (taught - np.median(taught)), atol=1e-6)


def test_pressed_lips_do_not_widen_the_mouth(head):
    phones = np.full(2 * FRAMES, INDEX["AA"])
    phones[100:120] = INDEX["M"]
    made = shared_width(talking(np.full(FRAMES, 0.2)), np.zeros(FRAMES), phones, 1.0, head)
    assert made[53:57].max() < -0.9 * NARROWED and np.abs(made[:45]).max() < 1e-3


def test_a_share_is_one_inside_and_fades_at_its_ends():
    phones = np.full(40, INDEX["AA"])
    phones[16:32] = INDEX["SIL"]
    silent = share_of(phones, ("SIL",))
    assert silent.shape == (20,) and silent[11:13].min() > 0.99 and silent[:5].max() < 0.01 and 0.2 < silent[8] < 0.9

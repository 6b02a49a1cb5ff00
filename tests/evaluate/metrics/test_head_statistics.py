"""The numbers of a head, on heads whose movement is known by construction."""

import numpy as np
import pytest

from visavox.evaluate.metrics.head_statistics import (
    BANDS,
    EVENTS,
    about_events,
    band,
    band_deviations,
    head_statistics,
    memory,
    nods,
    speed_curve,
)

FPS = 25.0
TIME = np.arange(1500) / FPS


def swinging(hertz: float, degrees: float = 3.0) -> np.ndarray:
    """A head whose three angles swing out of step."""
    return np.stack([degrees * np.sin(2 * np.pi * hertz * TIME + shift) for shift in (0, 1, 2)], 1)


@pytest.mark.parametrize(("hertz", "number"), [(0.2, 0), (0.72, 1), (1.4, 2), (2.8, 3)])
def test_a_swing_lies_in_its_band(hertz, number):
    deviations = band_deviations(swinging(hertz), FPS)
    assert deviations[number] == pytest.approx(3 / np.sqrt(2), rel=0.1)
    assert np.delete(deviations, number, 0).max() < 0.45 * deviations[number].min()
    assert len(BANDS) == len(deviations)


def test_speed_is_that_of_a_steady_turn_and_a_band_has_no_delay():
    turning = np.stack([3 * TIME, 4 * TIME, 0 * TIME], 1)
    np.testing.assert_allclose(speed_curve(turning, FPS)[20:-20], 5.0, rtol=1e-6)
    bump = np.exp(-((TIME - 30) ** 2) / 0.1)
    assert abs(band(bump, FPS, 0.3, 5.0).argmax() / FPS - 30) < 0.05


def test_memory_is_long_of_a_slow_swing_and_short_of_a_fast_one():
    slow, fast = (memory(swinging(hertz)[:, 0], FPS) for hertz in (0.3, 1.5))
    assert slow == pytest.approx(np.arccos(1 / np.e) / (2 * np.pi * 0.3), abs=0.06)
    assert fast == pytest.approx(np.arccos(1 / np.e) / (2 * np.pi * 1.5), abs=0.06)


def test_nods_are_counted_with_their_depth_and_time():
    pitch = sum(4 * np.exp(-((TIME - place) ** 2) / (2 * 0.17**2)) for place in range(3, 57, 3))
    depth, lasts = nods(pitch, FPS)
    assert len(depth) == 18
    assert np.median(depth) == pytest.approx(4, rel=0.12) and np.median(lasts) == pytest.approx(2.355 * 0.17, rel=0.15)
    found = head_statistics(np.stack([pitch, 0.01 * TIME, 0.01 * TIME], 1), FPS, np.ones(TIME.size))
    assert found["nods a minute"] == pytest.approx(18)
    assert found["skew of pitch"] > 0.5, "down is positive"
    assert np.isnan(found["pauses to speech"]), "there is no pause"
    up = head_statistics(np.stack([-pitch, 0.01 * TIME, 0.01 * TIME], 1), FPS, np.ones(TIME.size))
    assert up["skew of pitch"] == pytest.approx(-found["skew of pitch"], rel=1e-3)


def test_a_head_that_rests_in_pauses_is_known_by_it():
    speech = (TIME % 4 < 2).astype(float)
    moved = np.cumsum(np.random.default_rng(0).normal(0, 1, (1500, 3)) * (0.1 + 0.9 * speech[:, None]), 0)
    assert head_statistics(moved, FPS, speech)["pauses to speech"] < 0.4
    assert head_statistics(np.roll(moved, 50, axis=0), FPS, speech)["pauses to speech"] > 1.5


def test_what_a_head_does_about_events_is_read_where_it_does_it():
    onset = np.zeros(1500)
    onset[100:1400:100] = 1
    lifted = -sum(3 * np.exp(-((TIME - place / FPS - 0.2) ** 2) / 0.02) for place in np.flatnonzero(onset))
    pose = np.stack([lifted, 0 * TIME, 0 * TIME], 1)
    found = about_events(pose, FPS, {"onset": onset, "offset": np.roll(onset, 50), "accent": np.zeros(1500)})
    assert {name: len(values) for name, values in found.items()} == {name: 0 if "accent" in name else 13 for name in EVENTS}
    assert np.mean(found["pitch after onset"]) < -1 < 0.2 + np.mean(found["pitch at offset"])
    assert np.mean(found["burst after onset"]) > 0.8 > np.mean(found["still before onset"])

"""Curves against curves: correlation, lag, range, silence."""

import numpy as np
import pytest

from visavox.evaluate.metrics import curves as tracks

WAVE = np.sin(np.arange(100) * 0.4) + 0.3 * np.sin(np.arange(100) * 0.07)
OK = np.ones(100, bool)


def test_correlation_agrees_with_numpy_and_knows_its_signs():
    other = WAVE + np.random.default_rng(0).normal(size=100)
    assert tracks.correlation(other, WAVE, OK) == pytest.approx(np.corrcoef(other, WAVE)[0, 1])
    assert tracks.correlation(-3 * WAVE + 2, WAVE, OK) == pytest.approx(-1)


def test_a_still_mouth_correlates_with_nothing_and_few_frames_say_nothing():
    assert tracks.correlation(np.full(100, 0.3), WAVE, OK) == 0
    assert np.isnan(tracks.correlation(WAVE, WAVE, np.arange(100) < 9))


def test_frames_without_a_face_do_not_count():
    spoiled, ok = WAVE.copy(), OK.copy()
    spoiled[40:60], ok[40:60] = 50.0, False
    assert tracks.correlation(WAVE, spoiled, ok) == pytest.approx(1)


@pytest.mark.parametrize("late", [-3, -1, 0, 2, 5])
def test_best_lag_is_positive_when_the_generated_curve_is_late(late):
    assert tracks.best_lag(np.roll(WAVE, late), WAVE, OK) == late


def test_articulation_ratio_is_the_ratio_of_ranges():
    assert tracks.articulation_ratio(0.5 * WAVE + 7, WAVE, OK) == pytest.approx(0.5)
    assert np.isnan(tracks.articulation_ratio(WAVE, np.zeros(100), OK))


def test_spread_ignores_outliers():
    values = np.concatenate([np.linspace(0, 1, 1001), [1000]])
    assert tracks.spread(values) == pytest.approx(0.9, abs=0.01)


def test_at_times_reads_between_frames():
    assert tracks.at_times(np.array([0.0, 1.0]), 1.0, np.array([0.0, 0.5, 1.0, 1.5])) == pytest.approx([0, 0, 0.5, 1])


def test_silence_leak():
    assert tracks.silence_leak(np.array([0.1, 0.3, 9.0]), np.array([True, True, False])) == pytest.approx(0.2)
    assert np.isnan(tracks.silence_leak(WAVE, ~OK))

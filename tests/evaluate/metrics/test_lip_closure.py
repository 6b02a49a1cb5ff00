"""Lip metrics on mouths whose score is known by construction."""

import numpy as np
import pytest

from visavox.evaluate.metrics import lip_closure as lips
from visavox.evaluate.metrics.aperture import Aperture

FPS = 50.0
PHONES = [(0.0, 0.5, "SIL"), (0.5, 0.7, "AA"), (0.7, 0.8, "P"), (0.8, 1.0, "AE"), (1.0, 1.1, "F"), (1.1, 1.3, "UW"),
          (1.3, 1.5, "IY"), (1.5, 1.6, "B"), (1.6, 1.8, "EH"), (1.8, 2.4, "SIL")]  # fmt: skip
TIMES = (np.arange(120) + 0.5) / FPS


def within(start, end):
    return (TIMES >= start) & (TIMES < end)


def mouth(closed_at=(), silence=0.0, opened=0.6):
    values = np.full(120, opened)
    for start, end, name in PHONES:
        if name == "SIL":
            values[within(start, end)] = silence
    for start, end in closed_at:
        values[within(start, end)] = 0.0
    return Aperture(values, 0.12, FPS)


def test_recall_counts_bilabials_that_close():
    assert lips.closures(mouth([(0.7, 0.8), (1.5, 1.6)]), PHONES).tolist() == [True, True]
    assert lips.closures(mouth([(0.7, 0.8)]), PHONES).tolist() == [True, False]
    assert lips.closures(mouth(), PHONES).tolist() == [False, False]


def test_a_closure_may_come_40_ms_early_but_not_100():
    assert lips.closures(mouth([(0.66, 0.70)]), PHONES)[0]
    assert not lips.closures(mouth([(0.56, 0.60)]), PHONES)[0]


def test_a_phone_between_two_frames_is_judged_on_the_nearest_and_one_outside_not_at_all():
    coarse = Aperture(np.array([0.0, 1.0, 1.0]), 0.12, 5.0)  # frames at 0.1, 0.3, 0.5 s
    assert lips.closures(coarse, [(0.14, 0.16, "M")]).tolist() == [True]
    assert lips.closures(coarse, [(0.20, 0.24, "M")]).tolist() == [False]
    assert lips.closures(coarse, [(3.0, 3.1, "M")]).size == 0


def test_false_closure_looks_at_the_middle_of_long_open_vowels_only():
    assert lips.false_closures(mouth([(0.68, 0.82)]), PHONES).tolist() == [False, False, False]
    assert lips.false_closures(mouth([(0.59, 0.61)]), PHONES).tolist() == [True, False, False]
    assert lips.false_closures(mouth([(0.5, 0.6)]), [(0.5, 0.57, "AA")]).size == 0


def test_precision_is_the_share_of_closed_speech_frames_near_bilabials():
    right = lips.closed_frames(mouth([(0.7, 0.8), (1.5, 1.6)]), PHONES)
    assert right.size == 10 and right.all()
    mixed = lips.closed_frames(mouth([(0.7, 0.8), (1.2, 1.3)]), PHONES)
    assert mixed.size == 10 and mixed.sum() == 5
    assert lips.closed_frames(mouth(), PHONES).size == 0, "rest in silence is neither right nor wrong"
    assert lips.closed_frames(mouth([(1.0, 1.1)]), PHONES).size == 0, "nearly shut in F is neither right nor wrong"


def test_tucks():
    roll = np.zeros(120)
    assert lips.tucks(roll, FPS, PHONES).tolist() == [False]
    roll[within(1.04, 1.06)] = 0.5
    assert lips.tucks(roll, FPS, PHONES).tolist() == [True]


def test_rounding_is_measured_on_the_phones_it_names():
    level = np.zeros(120)
    level[within(1.1, 1.3)] = 0.8
    rounded, spread = lips.vowel_rounding(level, FPS, PHONES)
    assert rounded == pytest.approx([0.8]) and spread == pytest.approx([0.0, 0.0, 0.0])


@pytest.mark.parametrize(("higher", "lower", "area"), [([1, 2], [0, 0.5], 1.0), ([0], [1], 0.0), ([1, 1], [1, 1], 0.5), ([0, 2], [1], 0.5)])
def test_area_under_curve(higher, lower, area):
    assert lips.area_under_curve(np.array(higher), np.array(lower)) == area


def test_area_under_curve_of_nothing_is_not_a_number():
    assert np.isnan(lips.area_under_curve(np.array([]), np.array([1.0])))


def test_long_silence_leaves_its_ends_to_the_lips_that_move_and_short_ones_count_not():
    values = np.full(150, 0.03)
    values[:14] = values[-14:] = 1.0  # 0.28 s at either end
    silence = Aperture(values, 0.12, FPS)
    assert lips.silence_apertures(silence, [(0.0, 3.0, "SIL")]) == pytest.approx([0.03])
    assert lips.silence_apertures(silence, [(0.0, 0.95, "SIL")]).size == 0

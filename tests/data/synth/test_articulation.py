"""The rule-based animator's lips: p, b, m close fully and f, v tuck, however short; silence rests; loudness opens."""

import numpy as np
import pytest

from visavox.data.synth.articulation import ARTICULATIONS, RATE, TARGETS, articulate, loudness_of, to_frames
from visavox.data.synth.phones import PHONES

LOUD = np.zeros(200)
AT = {name: position for position, name in enumerate(ARTICULATIONS)}


def curve(phones, name: str, loudness: np.ndarray = LOUD) -> np.ndarray:
    return articulate(phones, loudness)[:, AT[name]]


def between(middle: str, start: float = 0.9, end: float = 1.1) -> list:
    return [(0.0, 0.3, "SIL"), (0.3, start, "AA"), (start, end, middle), (end, 1.7, "AA"), (1.7, 2.0, "SIL")]


def test_every_phone_has_a_target_in_range():
    assert set(TARGETS) == set(PHONES)
    for target in TARGETS.values():
        assert target.values.shape == (10,) and 0 <= target.values.min() and target.values.max() <= 1


@pytest.mark.parametrize("phone", ["P", "B", "M"])
@pytest.mark.parametrize("seconds", [0.01, 0.04, 0.15])
def test_bilabials_close_fully_however_short(phone, seconds):
    made = articulate(between(phone, 1.0, 1.0 + seconds), LOUD)
    middle = round((1.0 + seconds / 2) * RATE)
    closed = made[middle - 2 : middle + 3]
    assert closed[:, AT["closure"]].min() > 0.99
    assert closed[:, [AT["lower"], AT["upper"]]].max() < 0.01
    assert made[70, AT["closure"]] < 0.05 and made[140, AT["closure"]] < 0.05  # and open again


@pytest.mark.parametrize("phone", ["F", "V"])
def test_labiodentals_tuck_without_closing(phone):
    made = articulate(between(phone, 1.0, 1.05), LOUD)[102:104]
    assert made[:, AT["roll"]].min() > 0.85 and made[:, AT["lower"]].max() < 0.02
    assert made[:, AT["closure"]].max() < 0.5 and made[:, AT["upper"]].min() > 0.1


def test_silence_rests():
    made = articulate([(0.0, 2.0, "SIL")], np.full(200, -30.0))
    opening = made[:, [AT[name] for name in ("jaw", "lower", "upper", "pucker", "funnel", "tongue")]]
    assert opening.max() < 0.03


def test_vowels_open_and_round_as_they_should():
    vowels = ("AA", "IY", "UW", "W")
    jaw, pucker, wide = ({vowel: curve(between(vowel), name)[100] for vowel in vowels} for name in ("jaw", "pucker", "wide"))
    assert jaw["AA"] > 0.5 > jaw["IY"] > jaw["UW"]
    assert min(pucker["UW"], pucker["W"]) > 0.6 > 0.15 > pucker["IY"]
    assert wide["IY"] > 0.2 > 0.05 > wide["UW"]


def test_louder_speech_opens_further_and_closures_stay_full():
    quiet, loud = (articulate(between("M"), np.full(200, level)) for level in (-20.0, 5.0))
    assert loud[70, AT["jaw"]] > 1.2 * quiet[70, AT["jaw"]]
    assert min(quiet[100, AT["closure"]], loud[100, AT["closure"]]) > 0.99


def test_neighbours_pull_a_phone():
    """Coarticulation: the same T is rounder between UWs than between AAs."""
    rounded = [(0.0, 0.95, "UW"), (0.95, 1.05, "T"), (1.05, 2.0, "UW")]
    plain = [(0.0, 0.95, "AA"), (0.95, 1.05, "T"), (1.05, 2.0, "AA")]
    assert curve(rounded, "pucker")[100] > 1.5 * curve(plain, "pucker")[100]


def test_lips_move_smoothly():
    made = articulate(between("S"), LOUD)
    assert np.abs(np.diff(made, axis=0)).max() < 0.12  # of full scale in 10 ms


def test_loudness_is_relative_to_the_loud_parts_and_bounded():
    features = np.where(np.arange(100)[:, None] < 80, 0.0, -4.0) * np.ones(80)
    level = loudness_of(features)
    assert np.abs(level[:70]).max() < 0.01 and level[90:].mean() == pytest.approx(-40 / np.log(10), abs=0.1)
    np.testing.assert_allclose(loudness_of(features + 3.0), level, atol=1e-6)
    assert loudness_of(np.where(np.arange(100)[:, None] < 80, 0.0, -20.0) * np.ones(80)).min() == -30


def test_frames_are_the_mean_of_their_middle():
    assert to_frames(np.arange(8.0)).tolist() == [1.5, 5.5]
    assert to_frames(np.zeros((12, 3))).shape == (3, 3)

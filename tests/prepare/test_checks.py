"""Each check passes what is good and names what is wrong with its number; all of them see one segment in turn."""

from dataclasses import replace

import numpy as np
import pytest

from visavox.data.measures import Measures
from visavox.motion import Motion
from visavox.prepare.checks import CHECKS, Limits, Segment, likeness_and_lag, why_not
from visavox.rigs.arkit import ARKIT

FRAMES, FPS = 200, 25.0


def curve(seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=FRAMES + 20)
    return np.convolve(noise, np.hanning(9), "same")[10 : FRAMES + 10]


def good() -> Segment:
    gap = 0.1 + 0.02 * curve()
    measures = Measures(gap, gap, np.ones(FRAMES, bool), FPS)
    motion = Motion(np.zeros((FRAMES, len(ARKIT))), FPS, ARKIT)
    speech = np.ones(FRAMES, bool)
    return Segment(motion, np.full(FRAMES, 0.9), measures, 120.0, 0, curve(), speech, np.full(FRAMES, 0.7))


def turned(segment: Segment) -> Segment:
    values = segment.motion.values.copy()
    values[:, ARKIT.index("headYaw")] = 0.9
    return replace(segment, motion=Motion(values, FPS, ARKIT))


def lost(segment: Segment) -> Segment:
    ok = segment.measures.ok.copy()
    ok[:40] = False
    return replace(segment, measures=Measures(segment.measures.lip_gap, segment.measures.mouth_width, ok, FPS))


def resting(segment: Segment) -> Segment:
    gap = segment.measures.lip_gap.copy()
    gap[70:] = 0.1
    return replace(segment, measures=Measures(gap, gap, segment.measures.ok, FPS))


WRONG = {
    "small face": lambda segment: replace(segment, side=30.0),
    "face lost": lost,
    "turned away": turned,
    "several faces": lambda segment: replace(segment, others=1),
    "noise": lambda segment: replace(segment, certainty=np.full(FRAMES, 0.3)),
    "out of time": lambda segment: replace(segment, reading=curve(9)),
    "two voices": resting,
}


def test_a_good_segment_passes_every_check():
    assert why_not(good(), Limits()) is None


@pytest.mark.parametrize("name", list(CHECKS))
def test_each_fault_is_named_by_its_own_check(name):
    found = why_not(WRONG[name](good()), Limits())
    assert found is not None and found[0] == name and any(character.isdigit() for character in found[1])
    assert CHECKS[name](good(), Limits()) is None


def test_unsure_sight_and_no_speech_have_their_words():
    assert "confidence 0.30" in why_not(replace(good(), confidence=np.full(FRAMES, 0.3)), Limits())[1]
    assert why_not(replace(good(), speech=np.zeros(FRAMES, bool)), Limits())[0] == "noise"


@pytest.mark.parametrize("late", [-6, 0, 5])
def test_a_late_sound_is_found(late):
    segment = good()
    reading = np.roll(segment.measures.lip_gap, late)
    r, lag = likeness_and_lag(segment.measures, reading)
    assert lag == pytest.approx(late / FPS) and r > 0.99


def test_a_face_that_lies_on_its_side_is_turned_away_and_a_weak_likeness_is_another_voice():
    values = np.zeros((FRAMES, len(ARKIT)), np.float32)
    values[:, ARKIT.index("headRoll")] = 1.5
    assert why_not(replace(good(), motion=Motion(values, FPS, ARKIT)), Limits())[0] == "turned away"
    chance = np.random.default_rng(3)
    reading = good().measures.lip_gap + 4 * good().measures.lip_gap.std() * chance.normal(size=FRAMES)
    assert 0.1 < likeness_and_lag(good().measures, reading)[0] < 0.4
    assert why_not(replace(good(), reading=reading), Limits())[0] == "out of time"

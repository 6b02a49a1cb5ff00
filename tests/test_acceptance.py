"""What the packaged weights must do at least, on synthetic speech that no training heard: a loose version of the benchmarks.

The sounds: `acceptance/speech.flac` with its phones, made by the script beside it; noise; digital silence.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from visavox.audio import Audio
from visavox.errors import FileError
from visavox.evaluate.metrics.aperture import Aperture, curve_aperture, gap_aperture, rounding
from visavox.evaluate.metrics.blinks import blink_times
from visavox.evaluate.metrics.lip_closure import (
    area_under_curve,
    closed_frames,
    closures,
    false_closures,
    silence_apertures,
    tucks,
    vowel_rounding,
)
from visavox.evaluate.metrics.smoothness import seam_ratio
from visavox.io.assets import built_in_style, default_checkpoint, read_head_asset, style_names
from visavox.io.audio import read_audio
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD, MOUTH
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap

FOLDER = Path(__file__).with_name("acceptance")
PHONES = [tuple(phone) for phone in json.loads((FOLDER / "speech.json").read_text())["phones"]]
RATE = 16000


def has_checkpoint() -> bool:
    try:
        default_checkpoint()
    except FileError:
        return False
    return True


pytestmark = pytest.mark.skipif(not has_checkpoint(), reason="this checkout carries no default checkpoint")


@pytest.fixture(scope="module")
def animator():
    from visavox.loading import load

    return load()


@pytest.fixture(scope="module")
def speech() -> Audio:
    return read_audio(FOLDER / "speech.flac")


@pytest.fixture(scope="module")
def spoken(animator, speech) -> Motion:
    return animator.animate(speech, seed=0)


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.from_asset(read_head_asset())


@pytest.fixture(scope="module")
def opened(spoken, head) -> Aperture:
    return gap_aperture(lip_gap(head, spoken), spoken.fps)


def test_lips_close_where_they_must_and_only_there(opened):
    assert closures(opened, PHONES).mean() >= 0.75  # of 26 P, B and M
    assert closed_frames(opened, PHONES).mean() >= 0.6
    assert false_closures(opened, PHONES).mean() <= 0.1  # two of 22 open vowels
    assert np.percentile(opened.values, 95) > 0.4


def test_it_is_these_phones_that_close_them(opened):
    """The control: the same phones a quarter of a second later find the lips closed far less often."""
    late = [(start + 0.25, end + 0.25, name) for start, end, name in PHONES if end < 14]
    assert closures(opened, late).mean() < closures(opened, PHONES).mean() - 0.2


def test_the_lower_lip_tucks_for_f_and_v(spoken):
    assert tucks(spoken.channel("mouthRollLower"), spoken.fps, PHONES).mean() >= 0.6


def test_round_vowels_are_round(spoken):
    assert area_under_curve(*vowel_rounding(rounding(spoken), spoken.fps, PHONES)) > 0.7


@pytest.mark.parametrize("hiss", [0.0, 1e-4])
def test_the_mouth_rests_in_long_silence(animator, speech, head, hiss):
    quiet = np.random.default_rng(0).normal(0, hiss, 3 * RATE).astype(np.float32)
    motion = animator.animate(Audio(np.concatenate([speech.samples, quiet, speech.samples]), RATE))
    silence = [(speech.seconds, speech.seconds + 3, "SIL")]
    by_gap = gap_aperture(lip_gap(head, motion), motion.fps)
    assert max(silence_apertures(aperture, silence).max() for aperture in (curve_aperture(motion), by_gap)) <= 0.02


@pytest.mark.parametrize("sound", ["digital silence", "white noise", "hum"])
def test_what_is_no_speech_gives_a_closed_and_living_face(animator, sound):
    samples = {
        "digital silence": np.zeros(12 * RATE),
        "white noise": np.random.default_rng(0).normal(0, 0.1, 12 * RATE),
        "hum": 0.2 * np.sin(2 * np.pi * 50 * np.arange(12 * RATE) / RATE),
    }[sound]
    motion = animator.animate(Audio(samples.astype(np.float32), RATE), seed=1)
    aperture = curve_aperture(motion).values
    assert np.median(aperture) <= 0.04 and np.percentile(aperture, 95) < 0.12
    assert blink_times(motion.select(("eyeBlinkLeft", "eyeBlinkRight")).mean(1), motion.fps).size >= 1
    assert motion.select(HEAD).std(0).max() > 2e-4  # a breath of motion


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_take(animator, speech, spoken):
    short = Audio(speech.samples[: 3 * speech.sample_rate], speech.sample_rate)
    one, again, other = (animator.animate(short, seed=seed) for seed in (0, 0, 5))
    assert one.values.tobytes() == again.values.tobytes()
    assert np.abs(one.select(HEAD) - other.select(HEAD)).max() > 0.01
    lips = [curve_aperture(motion).values for motion in (one, other)]
    assert np.corrcoef(*lips)[0, 1] > 0.7  # the head is free, the lips are not


def test_windows_join_without_a_seam(animator, speech):
    long = Audio(np.tile(speech.samples, 2), speech.sample_rate)
    motion = animator.animate(long, seed=2)
    lively = motion.select([*MOUTH, "jawOpen", *HEAD])
    assert seam_ratio(lively, animator.window) < 1.25


def test_styles_differ_and_keep_the_lips(animator, speech, head):
    """All built-in styles on half a sentence: openness, smile and brows differ, closures stay."""
    short = Audio(speech.samples[: 4 * speech.sample_rate], speech.sample_rate)
    phones = [phone for phone in PHONES if phone[1] < 3.9]
    faces = {name: animator.animate(short, built_in_style(name), seed=0) for name in style_names()}
    assert len(faces) >= 6
    closed = [closures(gap_aperture(lip_gap(head, motion), motion.fps), phones).mean() for motion in faces.values()]
    assert np.mean(closed) >= 0.75 and min(closed) >= 0.5
    for channel, least in (("jawOpen", 0.04), ("mouthSmileLeft", 0.04), ("browInnerUp", 0.015)):
        means = [motion.channel(channel).mean() for motion in faces.values()]
        assert max(means) - min(means) > least, channel

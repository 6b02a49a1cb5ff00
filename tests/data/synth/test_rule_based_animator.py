"""The rule-based animator's face: in range, seeded, shut where the lips are shut, and every manner does what its name says."""

from dataclasses import fields, replace

import numpy as np
import pytest

from visavox.data.synth.articulation import articulate
from visavox.data.synth.rule_based_animator import Manner, move_face, random_manner, slow_noise, stress_of
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, HEAD
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap

SPOKEN = [(0.0, 1.0, "SIL")]
for number in range(20):  # ten seconds of "ama", stressed now and then
    at = 1.0 + 0.5 * number
    SPOKEN += [(at, at + 0.2, "AA"), (at + 0.2, at + 0.3, "M"), (at + 0.3, at + 0.5, "IY")]
SPOKEN += [(11.0, 12.0, "SIL")]
TIME = np.arange(1200) / 100
LOUDNESS = np.where((TIME > 1) & (TIME < 11), 3 * np.sin(2 * np.pi * TIME / 1.3), -30.0)
ARTICULATION = articulate(SPOKEN, LOUDNESS)


def face(manner: Manner = Manner(), seed: int = 0) -> Motion:  # noqa: B008 - a frozen value
    return Motion(move_face(ARTICULATION, LOUDNESS, manner, np.random.default_rng(seed)), 100, ARKIT)


def test_shape_range_and_finite():
    for seed in range(8):
        motion = face(random_manner(np.random.default_rng(seed)), seed)
        assert motion.values.shape == (1200, len(ARKIT)) and np.isfinite(motion.values).all()
        np.testing.assert_array_equal(motion.clamped().values, motion.values)


def test_a_seed_is_a_face_and_lips_do_not_depend_on_it():
    one, again, other = face(seed=1), face(seed=1), face(seed=2)
    np.testing.assert_array_equal(one.values, again.values)
    np.testing.assert_array_equal(one.channel("jawOpen"), other.channel("jawOpen"))
    assert np.abs(one.channel("headYaw") - other.channel("headYaw")).max() > 0.01


def test_closed_lips_are_closed_on_the_default_head_in_every_manner():
    head = Head.from_asset(read_head_asset())
    middle = [round(100 * (1.25 + 0.5 * number)) for number in range(20)]
    for seed in range(6):
        gap = lip_gap(head, face(random_manner(np.random.default_rng(seed)), seed))
        assert gap[middle].max() < 0.012, seed
        assert np.median(gap[[m - 15 for m in middle]]) > 0.02, seed  # and open before it


def test_silence_rests_and_still_lives():
    quiet = face().between(0.0, 0.8)
    assert quiet.channel("jawOpen").max() < 0.03
    assert np.ptp(face().channel("headYaw")[:80]) > 1e-4


def test_gaze_and_blinks_are_left_to_gestures():
    motion = face()
    for name in ARKIT.names:
        if name.startswith(("eyeLook", "eyeBlink")):
            assert not motion.channel(name).any(), name


@pytest.mark.parametrize(
    ("manner", "channel", "sign"),
    [
        ({"opening": 1.5}, "jawOpen", 1), ({"rounding": 0.5}, "mouthPucker", 0), ({"smile": 0.5}, "mouthSmileLeft", 1),
        ({"frown": 0.3}, "mouthFrownLeft", 1), ({"brow_rest": 0.3}, "browInnerUp", 1), ({"brow_rest": -0.3}, "browDownLeft", 1),
        ({"squint": 0.4}, "eyeSquintLeft", 1), ({"tilt": 0.2}, "headRoll", 1), ({"pitch": 0.2}, "headPitch", 1),
        ({"yaw": 0.2}, "headYaw", 1), ({"effort": 0.5}, "noseSneerLeft", 1),
    ],
)  # fmt: skip
def test_a_manner_does_what_it_says(manner, channel, sign):
    plain, changed = (face(replace(Manner(), **given)).channel(channel).mean() for given in ({}, manner))
    assert changed > plain + 0.005 if sign else changed == pytest.approx(plain, abs=0.02)


def test_a_lively_head_moves_more():
    def swing(manner: Manner) -> float:
        return float(np.mean([face(manner, seed).channel(name).std() for seed in range(4) for name in HEAD]))

    assert swing(Manner(head=2.0)) > 1.5 * swing(Manner()) > 2 * swing(Manner(head=0.3))


def test_asymmetry_lifts_one_side():
    motion = face(Manner(asymmetry=0.25, smile=0.3))
    assert motion.channel("mouthSmileLeft").mean() > 1.1 * motion.channel("mouthSmileRight").mean()


def test_random_manners_differ_and_are_seeded():
    manners = [random_manner(np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert manners[0] == manners[1] != manners[2]
    drawn = [random_manner(np.random.default_rng(seed)) for seed in range(200)]
    for name in (field.name for field in fields(Manner)):
        assert np.std([getattr(manner, name) for manner in drawn]) > 0, name


def test_stress_falls_on_open_loud_syllables():
    stress = stress_of(ARTICULATION, LOUDNESS)
    assert stress.min() >= 0 and stress.max() <= 1 and stress[:80].max() == 0 and stress[100:1100].max() > 0.3


def test_slow_noise_is_slow_and_of_unit_deviation():
    noise = slow_noise(200_000, 0.5, np.random.default_rng(0))
    assert noise.std() == pytest.approx(1, rel=0.1)
    power = np.abs(np.fft.rfft(noise)) ** 2
    frequency = np.fft.rfftfreq(noise.size, 0.01)
    assert power[frequency > 1.5].sum() < 0.01 * power.sum()

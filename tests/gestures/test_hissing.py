"""Teeth that nearly meet for hissed and hushed sounds: the jaw goes up, the lips keep what they can of the gap."""

import numpy as np
import pytest

from visavox.gestures.lip_closure import PHONES, PhonesOfRecording, shape_lips
from visavox.gestures.lip_reading import gap_of
from visavox.gestures.teeth import HUSHED, MOST, NEAR, TONGUE, close_teeth
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

FRAMES = 4


def phones(**heard) -> dict[str, np.ndarray]:
    return {name: np.full(FRAMES, heard.get(name, 0.0)) for name in PHONES}


def speaking(**channels) -> Motion:
    """A mouth that stands open; `channels`, or both of their sides, otherwise."""
    values = np.zeros((FRAMES, len(ARKIT)), np.float32)
    for name, value in ({"jawOpen": 0.25, "mouthLowerDown": 0.3, "mouthUpperUp": 0.2, "mouthSmile": 0.1} | channels).items():
        for side in (name,) if name in ARKIT else (f"{name}Left", f"{name}Right"):
            values[:, ARKIT.index(side)] = value
    return Motion(values, 25, ARKIT)


def closed(motion: Motion, free: float = 1.0, **heard) -> Motion:
    return close_teeth(motion, phones(**heard), np.full(FRAMES, free))


def test_the_jaw_goes_up_for_s_and_the_lips_part_in_its_place():
    before, after = speaking(), closed(speaking(), S=1.0)
    assert after.channel("jawOpen") == pytest.approx(NEAR)
    for name in ("mouthLowerDown", "mouthUpperUp"):
        for side in ("Left", "Right"):
            assert (before.channel(name + side) < after.channel(name + side)).all()
            assert (after.channel(name + side) <= MOST[name] + 1e-6).all()
    assert (gap_of(after) > 0.6 * gap_of(before)).all() and (gap_of(after) <= gap_of(before) + 1e-6).all()
    assert not after.channel("mouthFunnel").any()


@pytest.mark.parametrize("phone", HUSHED)
def test_lips_make_a_funnel_for_sh(phone):
    after = closed(speaking(), **{phone: 1.0})
    assert after.channel("jawOpen") == pytest.approx(NEAR) and (after.channel("mouthFunnel") > 0.25).all()
    assert after.channel("mouthLowerDownLeft") == pytest.approx(0.3, abs=1e-6)


def test_teeth_close_as_far_as_a_phone_is_likely_and_lips_are_free():
    half, whole = (closed(speaking(), S=share).channel("jawOpen") for share in (0.5, 1.0))
    assert half == pytest.approx((0.25 + whole) / 2, abs=1e-6)
    np.testing.assert_allclose(closed(speaking(), free=0.0, S=1.0, TH=1.0).values, speaking().values, atol=1e-6)
    np.testing.assert_allclose(closed(speaking(), AA=1.0).values, speaking().values, atol=1e-6)


def test_a_jaw_that_hardly_opens_stays():
    still = speaking(jawOpen=NEAR / 2)
    np.testing.assert_allclose(closed(still, S=1.0).values, still.values, atol=1e-6)


def test_lips_that_hold_the_jaw_shut_stay_shut():
    held = speaking(mouthClose=0.25, mouthLowerDown=0.0, mouthUpperUp=0.0)
    after = closed(held, S=1.0)
    assert after.channel("mouthClose") == pytest.approx(after.channel("jawOpen"))
    assert gap_of(after) == pytest.approx(gap_of(held), abs=1e-3)


def test_the_tongue_shows_for_th_between_parted_lips_alone():
    assert closed(speaking(), TH=1.0).channel("tongueOut") == pytest.approx(TONGUE)
    assert closed(speaking(), DH=0.2).channel("tongueOut") == pytest.approx(0.3 * TONGUE)
    shut = speaking(jawOpen=0.0, mouthLowerDown=0.0, mouthUpperUp=0.0)
    assert not closed(shut, TH=1.0).channel("tongueOut").any()


def test_a_p_closes_lips_though_an_s_is_as_likely():
    heard = PhonesOfRecording(phones(P=0.5, S=0.5), 25)
    assert gap_of(shape_lips(speaking(), heard, 0.2)) == pytest.approx(0, abs=2e-3)

"""The sharing of an opening among muscles: what is seen of the lips stays, whatever the motion; the numbers are those of the head."""

import numpy as np
import pytest

from visavox.gestures.muscles import GAP, WIDTH, share_opening
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap, lip_maps, mouth_width

SPEAKING = ("jawOpen", "mouthFunnel", "mouthPucker", "mouthLowerDown", "mouthUpperUp", "mouthSmile", "mouthStretch")


@pytest.fixture(scope="module")
def head():
    return Head.default()


def motion(**channels) -> Motion:
    """A motion whose channels, or both sides of them, are the given curves (T,)."""
    values = np.zeros((len(next(iter(channels.values()))), len(ARKIT)), np.float32)
    for name, curve in channels.items():
        for side in (name,) if name in ARKIT else (f"{name}Left", f"{name}Right"):
            values[:, ARKIT.index(side)] = curve
    return Motion(values, 25, ARKIT)


def speech(frames: int = 400) -> Motion:
    """Weights as large as speech has them, every third frame held shut against its jaw."""
    random = np.random.default_rng(5)
    curves = {name: random.uniform(0, 0.5, frames) for name in SPEAKING}
    shut = np.arange(frames) % 3 == 0
    for name in ("mouthFunnel", "mouthLowerDown", "mouthUpperUp"):
        curves[name] = curves[name] * ~shut
    return motion(**curves, mouthClose=curves["jawOpen"] * shut)


def shared(before: Motion) -> Motion:
    return share_opening(before)


def test_the_numbers_of_gap_and_width_are_those_of_the_default_head(head):
    rest, maps = lip_maps(head)
    eyes = np.linalg.norm(rest[4] - rest[5])
    for name in {*GAP, *WIDTH}:
        both = sum(maps[SHAPES.index(side)] for side in SHAPES if side in (name, f"{name}Left", f"{name}Right"))
        gap, width = (both[0, 1] - both[1, 1]) / eyes, (both[2, 0] - both[3, 0]) / eyes
        assert GAP.get(name, 0) == pytest.approx(gap, abs=0.002), name
        if name in WIDTH:
            assert WIDTH[name] == pytest.approx(width, abs=0.003), name


def test_gap_and_width_of_every_frame_stay(head):
    before = speech()
    after = shared(before)
    assert np.abs(lip_gap(head, after) - lip_gap(head, before)).max() < 0.002
    assert np.abs(mouth_width(head, after) - mouth_width(head, before)).max() < 0.006
    shut = np.flatnonzero(lip_gap(head, before) < 1e-3)
    assert len(shut) > 100 and lip_gap(head, after)[shut].max() < 2e-3, "what was shut is shut"


def test_a_wide_mouth_is_the_jaws_work_and_a_narrow_one_the_lips():
    narrow, wide = (motion(jawOpen=np.full(3, jaw), mouthLowerDown=np.full(3, 0.5), mouthUpperUp=np.full(3, 0.3)) for jaw in (0.02, 0.3))
    for before, kept in ((narrow, 0.9), (wide, 0.55)):
        after = shared(before)
        assert after.channel("mouthLowerDownLeft")[0] / 0.5 == pytest.approx(kept, abs=0.1)
        assert after.channel("jawOpen")[0] > before.channel("jawOpen")[0]


def test_small_muscles_go_along_as_far_as_a_style_says_and_the_lips_part_all_the_same(head):
    before, usual = speech(), share_opening(speech())
    still, half = (share_opening(before, along) for along in (0.0, 0.5))
    for name in ("mouthFrownLeft", "mouthPressLeft", "noseSneerLeft", "cheekSquintLeft"):
        assert not still.channel(name).any() and 0.4 < half.channel(name).mean() / usual.channel(name).mean() < 0.6, name
    assert np.abs(lip_gap(head, still) - lip_gap(head, before)).max() < 0.002


def test_neighbours_move_with_what_they_belong_to_and_a_still_face_stays_still():
    still = shared(motion(jawOpen=np.zeros(2)))
    assert not still.values.any()
    held = shared(motion(jawOpen=np.full(2, 0.1), mouthClose=np.full(2, 0.1)))
    rounded = shared(motion(jawOpen=np.full(2, 0.15), mouthPucker=np.full(2, 0.6)))
    raised = shared(motion(jawOpen=np.full(2, 0.05), mouthUpperUp=np.full(2, 0.4)))
    assert held.channel("mouthPressLeft")[0] > 0.1 and held.channel("mouthShrugLower")[0] > 0.1
    assert rounded.channel("mouthFunnel")[0] > 0.05 and rounded.channel("jawForward")[0] > 0.1
    assert raised.channel("noseSneerLeft")[0] > 0.08 and not held.channel("noseSneerLeft").any()


def test_a_smile_gives_way_before_the_lips_of_a_spread_vowel_pucker(head):
    spread = dict(jawOpen=np.full(3, 0.15), mouthLowerDown=np.full(3, 0.5), mouthPucker=np.full(3, 0.05))
    smiling, none = (motion(**spread, mouthSmile=np.full(3, smile)) for smile in (0.1, 0.0))
    after, alone = shared(smiling), shared(none)
    assert after.channel("mouthPucker")[0] < 0.055 < 0.06 < alone.channel("mouthPucker")[0]
    assert 0.05 <= after.channel("mouthSmileLeft")[0] < 0.1 and not alone.channel("mouthSmileLeft").any()
    assert np.abs(mouth_width(head, after) - mouth_width(head, smiling)).max() < 0.006


def test_any_chunking_gives_the_same_frames():
    before = speech(90)
    parts = [shared(Motion(before.values[start : start + 13], 25, ARKIT)).values for start in range(0, 90, 13)]
    assert np.array_equal(np.concatenate(parts), shared(before).values)

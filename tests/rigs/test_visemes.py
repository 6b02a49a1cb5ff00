"""Visemes and mouth cues of mouths whose sound is known."""

import numpy as np
import pytest

from visavox.errors import RigError
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs import visemes
from visavox.rigs.arkit import ARKIT
from visavox.rigs.visemes import ARTICULATIONS, POSES, VISEMES, mouth_cues, viseme_motion

SAID = {  # a mouth of the rule-based animator's and the visemes that may win
    "sil": {},
    "PP": {
        "jawOpen": 0.08,
        "mouthClose": 0.08,
        "mouthPressLeft": 0.12,
        "mouthPressRight": 0.12,
        "mouthRollLower": 0.18,
        "mouthRollUpper": 0.11,
    },
    "FF": {"jawOpen": 0.14, "mouthClose": 0.04, "mouthRollLower": 0.55, "mouthUpperUpLeft": 0.17, "mouthUpperUpRight": 0.17},
    "aa": {"jawOpen": 0.6, "mouthLowerDownLeft": 0.3, "mouthLowerDownRight": 0.3},
    "ou": {"jawOpen": 0.1, "mouthPucker": 0.7, "mouthFunnel": 0.12},
    "CH": {"jawOpen": 0.1, "mouthFunnel": 0.5, "mouthPucker": 0.25, "mouthLowerDownLeft": 0.2, "mouthLowerDownRight": 0.2},
    "TH": {"jawOpen": 0.15, "tongueOut": 0.25, "mouthLowerDownLeft": 0.2, "mouthLowerDownRight": 0.2},
}


def frames(*poses: dict, fps: float = 25) -> Motion:
    motion = Motion(np.zeros((len(poses), len(ARKIT))), fps, ARKIT)
    for frame, pose in enumerate(poses):
        motion.values[frame, ARKIT.indices(pose)] = list(pose.values())
    return motion


def both_sides(**values: float) -> dict:
    return {f"{name}{side}": value for name, value in values.items() for side in ("Left", "Right")}


@pytest.mark.parametrize("viseme", SAID)
def test_a_mouth_is_heard_as_its_sound(viseme):
    weights = viseme_motion(frames(SAID[viseme])).values[0]
    assert VISEMES[weights.argmax()] == viseme and weights.max() > 0.5


@pytest.mark.parametrize("viseme", POSES)
def test_every_pose_is_its_own_viseme(viseme):
    pose = {}
    for name, value in zip(ARTICULATIONS, POSES[viseme], strict=True):
        pose |= {name: value} if name in ARKIT else {f"{name}Left": value, f"{name}Right": value}
    weights = dict(zip(VISEMES, viseme_motion(frames(pose)).values[0], strict=True))
    assert max(weights, key=weights.get) == viseme and weights[viseme] > 0.4


def test_weights_are_shares_and_grow_with_the_mouth():
    random = Motion(np.random.default_rng(0).random((50, len(ARKIT))), 25, ARKIT)
    weights = viseme_motion(random).values
    assert weights.min() >= 0 and np.allclose(weights.sum(1), 1, atol=1e-6)
    opening = viseme_motion(frames(*({"jawOpen": 0.04 * step} for step in range(11)))).channel("viseme_aa")
    assert np.all(np.diff(opening) >= -1e-6) and opening[-1] > 0.5


def test_mouths_as_the_packaged_model_makes_them_are_open_and_round():
    """Its lips part further and its funnel is smaller than those of the rule-based animator."""
    wide = {"jawOpen": 0.47} | both_sides(mouthLowerDown=0.32, mouthUpperUp=0.17, mouthStretch=0.06)
    rounded = {"jawOpen": 0.4, "mouthPucker": 0.5, "mouthFunnel": 0.08} | both_sides(mouthLowerDown=0.32, mouthUpperUp=0.17)
    weights = viseme_motion(frames(wide, rounded))
    assert weights.channel("viseme_aa")[0] > 0.6 and weights.channel("viseme_oh")[1] > 0.6


def test_no_other_weights_explain_a_mouth_better():
    """At the least sum no weight wants to grow, and one above 0 wants nothing: the conditions of Karush, Kuhn and Tucker."""
    seen, poses = np.random.default_rng(3).random((200, len(ARTICULATIONS))), np.array(list(POSES.values()))
    weights = visemes.shares_of(seen, poses)
    wish = (seen - weights @ poses) @ poses.T - visemes.SPARSE * np.linalg.norm(poses, axis=1)
    assert weights.min() >= 0 and wish.max() < 1e-6 and np.abs(wish * weights).max() < 1e-6


def test_cues_are_contiguous_and_keep_a_closure_of_one_frame():
    cues = mouth_cues(frames(*[SAID["sil"]] * 10, *[SAID["aa"]] * 5, SAID["PP"], *[SAID["aa"]] * 5, *[SAID["ou"]] * 4))
    assert [cue.shape for cue in cues] == ["X", "D", "A", "D", "F"]
    assert cues[0].start == 0 and cues[-1].end == 1.0
    assert all(one.end == other.start for one, other in zip(cues, cues[1:], strict=False))


def test_flicker_is_removed():
    cues = mouth_cues(frames(*[SAID["aa"]] * 10, SAID["ou"], *[SAID["aa"]] * 10))
    assert [cue.shape for cue in cues] == ["D"]


def test_missing_channels_are_named():
    with pytest.raises(RigError, match="'jaw' lacks mouthClose, mouthFunnel, mouthPucker"):
        viseme_motion(Motion(np.zeros((1, 1)), 25, Rig("jaw", (Channel("jawOpen"),))))

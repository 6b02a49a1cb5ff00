"""Rotations of head and eyes: the same as the default head turns by, and without jumps."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.rotations import eye_quaternions, head_quaternions, turning, turns_eyes, turns_head

STILL = Motion(np.zeros((6, len(ARKIT))), 25, ARKIT)


def test_the_head_turns_as_the_default_head_does():
    head = Head.from_asset(read_head_asset())
    random = np.random.default_rng(0)
    motion = STILL.with_channels({name: random.uniform(-0.6, 0.6, 6) for name in ("headPitch", "headYaw", "headRoll")})
    skull = np.flatnonzero(head.head_weight == 1)[::500]
    rest = head.vertices(STILL.values)[0, skull] - head.pivot
    there = head.vertices(motion.values)[:, skull] - head.pivot
    for frame, rotation in enumerate(Rotation.from_quat(head_quaternions(motion))):
        assert np.allclose(rotation.apply(rest), there[frame], atol=1e-5)


@pytest.mark.parametrize(("eye", "side"), [(0, "Left"), (1, "Right")])
def test_the_eyes_turn_as_the_default_head_turns_them(eye, side):
    head = Head.from_asset(read_head_asset())
    motion = STILL.with_channels({f"eyeLook{way}{side}": weight for way, weight in (("Out", 0.7), ("Up", 0.4))})
    pitch, yaw = head.gaze(motion.values)[0, eye]
    assert np.allclose(Rotation.from_quat(eye_quaternions(motion, side)[0]).as_euler("YXZ"), [yaw, pitch, 0], atol=1e-3)


def test_signs_are_those_of_the_rig():
    """A turn to the own left moves the nose to +X, a nod moves it down, a tilt to the left shoulder moves the crown to +X."""
    nose, crown = np.array([0, 0, 1.0]), np.array([0, 1.0, 0])
    moved = {
        name: Rotation.from_quat(head_quaternions(STILL.with_channels({name: 0.3}))[0]) for name in ("headYaw", "headPitch", "headRoll")
    }
    assert moved["headYaw"].apply(nose)[0] > 0.2 and moved["headPitch"].apply(nose)[1] < -0.2 and moved["headRoll"].apply(crown)[0] > 0.2


def test_quaternions_continue_one_another_through_a_full_circle():
    rig = Rig("free", (Channel("headYaw", "head", "rad", -10, 10),))
    spinning = Motion(np.linspace(0, 9, 60)[:, None], 25, rig)
    quaternions = head_quaternions(spinning)
    assert np.all((quaternions[1:] * quaternions[:-1]).sum(1) > 0.9) and quaternions[:, 3].min() < -0.9


def test_what_a_rig_can_turn():
    assert turns_head(STILL) and turns_eyes(STILL)
    jaw = Motion(np.zeros((1, 1)), 25, Rig("jaw", (Channel("jawOpen"),)))
    assert not turns_head(jaw) and not turns_eyes(jaw) and np.allclose(head_quaternions(jaw), [0, 0, 0, 1])


@pytest.mark.parametrize("axes", ["YXZ", "YX", "XZY", "Z"])
def test_matrices_are_those_of_scipy(axes):
    angles = np.random.default_rng(1).normal(0, 2, (40, len(axes)))
    made = turning(axes, angles)
    assert made.dtype == np.float32
    assert np.allclose(made, Rotation.from_euler(axes, angles).as_matrix().reshape(-1, 3, 3), atol=1e-7)
    assert turning(axes, angles[:0]).shape == (0, 3, 3)

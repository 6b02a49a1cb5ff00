"""FLAME's head: its mathematics against a five-joint skinning written out vertex by vertex, its gradients, its two faces."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from flame_like import egg, flame_like, head_arrays
from visavox.errors import OptionError, RigError
from visavox.rigs import RIGS
from visavox.rigs.flame import EXPRESSION, FLAME, FLAME_GENERATED, FLAME_STILL_HEAD, POSE
from visavox.rigs.heads.flame_head import FlameHead
from visavox.rigs.heads.flame_skinning import FlameSkinning, rotation
from visavox.style import FlameIdentity

MODEL = flame_like(*egg())
HEAD = FlameHead.from_arrays(head_arrays(MODEL))


def five_joint_skinning(shape, expression, pose) -> np.ndarray:
    """FLAME's vertices (V, 3) in double precision from its own file's entries; pose (15,) for root, neck, jaw and both eyes."""
    betas = np.zeros(400)
    betas[:100], betas[300:350] = shape, expression
    shaped = MODEL["v_template"] + MODEL["shapedirs"] @ betas
    joints = MODEL["J_regressor"] @ shaped
    turns = Rotation.from_rotvec(pose.reshape(5, 3)).as_matrix()
    shaped = shaped + MODEL["posedirs"] @ (turns[1:] - np.eye(3)).ravel()
    world = []
    for joint, parent in enumerate([None, 0, 1, 1, 1]):
        here = np.eye(4)
        here[:3, :3], here[:3, 3] = turns[joint], joints[joint] - (joints[parent] if parent is not None else 0)
        world.append(here if parent is None else world[parent] @ here)
    moved = np.zeros_like(shaped)
    for number, vertex in enumerate(shaped):
        for joint in range(5):
            at_rest = np.append(vertex - joints[joint], 1)
            moved[number] += MODEL["weights"][number, joint] * (world[joint] @ at_rest)[:3]
    return moved


@pytest.fixture
def frames():
    random = np.random.default_rng(4)
    values = np.concatenate([random.normal(size=(3, 50)), random.normal(0, 0.3, (3, 6))], 1).astype(np.float32)
    return values, random.normal(size=100).astype(np.float32)


def expected(values, shape):
    zero = np.zeros(3)
    poses = [np.concatenate([frame[50:53], zero, frame[53:56], zero, zero]) for frame in values]
    return np.stack([five_joint_skinning(shape, frame[:50], pose) for frame, pose in zip(values, poses, strict=True)])


def test_both_faces_agree_with_five_joint_skinning(frames):
    values, shape = frames
    wanted = expected(values, shape)
    np.testing.assert_allclose(HEAD.vertices(values, FlameIdentity(shape, "someone")), wanted, atol=2e-7)
    skinning = FlameSkinning(HEAD)
    parts = torch.tensor(values).split([50, 3, 3], -1)
    made = skinning(torch.tensor(shape), parts[0], parts[2], parts[1])
    np.testing.assert_allclose(made.numpy(), wanted, atol=2e-7)


def test_ignoring_the_head_is_a_head_rotation_of_zero(frames):
    """Sheet 1.2: ignore_global_rot zeros the head's rotation."""
    values, shape = frames
    parts = torch.tensor(values).split([50, 3, 3], -1)
    made = FlameSkinning(HEAD)(torch.tensor(shape), parts[0], parts[2])
    values[:, 50:53] = 0
    np.testing.assert_allclose(made.numpy(), expected(values, shape), atol=2e-7)


def test_gradients_are_those_of_the_function():
    """Also at rotations of exactly zero, where the length of a rotation vector has no derivative."""
    small = FlameSkinning(FlameHead.from_arrays(head_arrays(flame_like(*egg(4, 5))))).double()
    random = torch.Generator().manual_seed(2)
    inputs = [torch.randn(1, size, generator=random, dtype=torch.double).requires_grad_() for size in (100, 50, 3, 3)]
    assert torch.autograd.gradcheck(small, inputs)
    at_rest = [torch.zeros(1, size, dtype=torch.double).requires_grad_() for size in (100, 50, 3, 3)]
    assert torch.autograd.gradcheck(small, at_rest)


def test_rotations_are_scipys():
    vectors = np.random.default_rng(0).normal(size=(20, 3)) * np.linspace(0, 3, 20)[:, None]
    made = rotation(torch.tensor(vectors)).numpy()
    np.testing.assert_allclose(made, Rotation.from_rotvec(vectors).as_matrix(), atol=1e-12)


def test_what_the_rotations_mean():
    """headX nods down, headY turns to the face's own left (+X), headZ tilts to its right shoulder; jawX opens."""
    chin = np.argmax(HEAD.skin_weights[:, 2])
    top, front = np.argmax(HEAD.template[:, 1]), np.argmax(HEAD.template[:, 2])
    rest = HEAD.neutral()

    def moved(name):
        values = np.zeros((1, len(FLAME)), np.float32)
        values[0, FLAME.index(name)] = 0.2
        return HEAD.vertices(values)[0] - rest

    assert moved("headX")[top, 2] > 0.01 and moved("headY")[front, 0] > 0.005 and moved("headZ")[top, 0] < -0.01
    assert moved("jawX")[chin, 1] < -0.005 and np.abs(moved("jawX")[top]).max() < 2e-3


def test_rigs_name_what_the_sheet_counts():
    """Sheet 1.2: 54 values with the head, 51 without; jaw y and z always dropped, no translation, 50 expressions."""
    assert FLAME_GENERATED.names == (*EXPRESSION, "headX", "headY", "headZ", "jawX") and len(FLAME_GENERATED) == 54
    assert FLAME_STILL_HEAD.names == (*EXPRESSION, "jawX") and len(FLAME_STILL_HEAD) == 51
    assert FLAME.names == EXPRESSION + POSE and len(EXPRESSION) == 50
    assert RIGS["flame"] == FLAME


def test_a_rig_without_a_channel_leaves_it_at_zero(frames):
    values, shape = frames
    still = FlameHead.from_arrays(head_arrays(MODEL), FLAME_STILL_HEAD)
    values[:, [50, 51, 52, 54, 55]] = 0
    only = values[:, FLAME.indices(FLAME_STILL_HEAD.names)]
    np.testing.assert_array_equal(still.vertices(only), HEAD.vertices(values))


def test_wrong_sizes_are_refused():
    with pytest.raises(RigError, match="needs .T, 56."):
        HEAD.vertices(np.zeros((2, 54)))
    with pytest.raises(OptionError, match="100"):
        HEAD.neutral(FlameIdentity(np.zeros(50), "someone"))

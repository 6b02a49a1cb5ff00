"""Vertex metrics by hand, against torchmetrics, and on the default head."""

import numpy as np
import pytest

from visavox.evaluate.metrics import vertices
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head


@pytest.fixture(scope="module")
def head():
    return Head.from_asset(read_head_asset())


def still(frames, **channels):
    return Motion(np.zeros((frames, len(ARKIT))), 25, ARKIT).with_channels(channels)


def test_lve_is_the_mean_of_the_frames_largest_distances():
    true, generated = np.zeros((2, 3, 3)), np.zeros((2, 3, 3))
    generated[0, 1] = [0.003, 0.004, 0]  # 5 mm
    generated[0, 2] = [0.001, 0, 0]
    generated[1, 0] = [0, 0, -0.001]
    assert vertices.lip_vertex_error(generated, true) == pytest.approx(3.0)
    assert vertices.squared_lip_vertex_error(generated, true) == pytest.approx((25e-6 + 1e-6) / 2)


def test_lve_agrees_with_torchmetrics():
    torch = pytest.importorskip("torch")
    lve = pytest.importorskip("torchmetrics.functional.multimodal.lve").lip_vertex_error
    random = np.random.default_rng(1)
    generated, true = random.normal(0, 0.002, (2, 40, 30, 3)).astype(np.float32)
    lips = [3, 5, 8, 13, 21]
    theirs = float(lve(torch.from_numpy(generated), torch.from_numpy(true), lips))
    ours = vertices.squared_lip_vertex_error(generated[:, lips], true[:, lips])
    assert ours == pytest.approx(theirs, rel=1e-5)
    one_frame = slice(0, 1)  # of one frame, the plain distance is the root of the squared one
    theirs = float(lve(torch.from_numpy(generated[one_frame]), torch.from_numpy(true[one_frame]), lips))
    assert vertices.lip_vertex_error(generated[one_frame][:, lips], true[one_frame][:, lips]) == pytest.approx(1000 * theirs**0.5, rel=1e-5)


def test_fdd_is_positive_for_a_face_that_is_too_still():
    neutral = np.zeros((4, 3))
    true = np.zeros((100, 4, 3))
    true[::2, :, 1] = 0.002  # 0 and 2 mm in turn: a deviation of 1 mm
    assert vertices.upper_face_dynamics(np.zeros_like(true), true, neutral) == pytest.approx(1.0)
    assert vertices.upper_face_dynamics(2 * true, true, neutral) == pytest.approx(-1.0)


def test_mod_is_the_difference_of_lip_heights():
    true = np.array([[[0, 0, 0], [0, 0.010, 0]], [[0, 0, 0], [0, 0.002, 0]]])
    generated = np.array([[[0, 0.5, 0], [0, 0.503, 0]], [[0, 0, 0], [0, 0.003, 0]]])
    assert vertices.mouth_opening_difference(generated, true) == pytest.approx((7 + 1) / 2)


def test_still_positions_are_those_of_the_head_itself(head):
    motion = still(2, jawOpen=0.4, mouthPucker=0.5, browInnerUp=0.3)
    chosen = np.concatenate([vertices.lip_positions(head)[::50], vertices.upper_face_positions(head)[::200]])
    assert np.allclose(vertices.still_positions(head, motion, chosen), head.vertices(motion.values)[:, chosen], atol=1e-6)


def test_the_regions_are_where_their_names_say(head):
    neutral, lips, upper = head.neutral(), vertices.lip_positions(head), vertices.upper_face_positions(head)
    assert 100 < lips.size < 3000 and 500 < upper.size
    assert not np.intersect1d(lips, upper).size
    assert neutral[lips, 1].max() < neutral[upper, 1].min()
    opened = np.linalg.norm(vertices.still_positions(head, still(1, jawOpen=0.5), lips)[0] - neutral[lips], axis=1)
    browed = np.linalg.norm(vertices.still_positions(head, still(1, browInnerUp=1), upper)[0] - neutral[upper], axis=1)
    assert opened.max() > 0.005 and browed.max() > 0.003
    assert np.allclose(vertices.still_positions(head, still(1, jawOpen=0.5), upper)[0], neutral[upper], atol=0.003)

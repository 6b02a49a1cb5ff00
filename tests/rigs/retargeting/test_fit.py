"""FLAME <-> ARKit: a FLAME-like head made from the default head's own points, so that the true answer is known."""

import numpy as np
import pytest
from scipy.optimize import lsq_linear
from scipy.spatial.transform import Rotation

from flame_like import egg, flame_from_head, flame_like, head_arrays
from visavox.cli import main
from visavox.errors import RigError
from visavox.io.assets import read_head_asset
from visavox.io.head import write_head
from visavox.io.motion import read_motion, write_motion
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, HEAD
from visavox.rigs.flame import FLAME
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.flame_head import FlameHead
from visavox.rigs.retargeting.correspondence import found_pairs, given_pairs, similarity
from visavox.rigs.retargeting.fit import bounded_least_squares, fit_motion, head_rotation, with_head_rotation

SCALE, SHIFT = 1.1, np.array([0.002, 0.03, 0.01])


@pytest.fixture(scope="module")
def arkit():
    return Head.from_asset(read_head_asset())


@pytest.fixture(scope="module")
def flame(arkit):
    arrays, kept = flame_from_head(arkit, SCALE, SHIFT)
    return FlameHead.from_arrays(arrays), kept, arrays


def speaking(rig, frames=12):
    """Motion of the ARKit rig with mouth, brows and head."""
    random = np.random.default_rng(3)
    values = np.zeros((frames, len(rig)), np.float32)
    for name in ("mouthFunnel", "mouthSmileLeft", "mouthSmileRight", "browInnerUp", "mouthPucker", "mouthUpperUpLeft", "cheekPuff"):
        values[:, rig.index(name)] = random.uniform(0, 0.8, frames)
    for name in HEAD:
        values[:, rig.index(name)] = random.normal(0, 0.2, frames)
    return Motion(values, 25, rig)


def test_there_and_back_with_the_user_s_pairs(arkit, flame):
    """Shapes that the other head can mix come back, the head's rotation exactly, within a tenth of a millimetre."""
    head, kept, _ = flame
    face = np.flatnonzero(arkit.neutral()[kept][:, 2] > 0.0)[::7]
    motion = speaking(ARKIT)
    there = fit_motion(motion, arkit, head, given_pairs(arkit, head, (kept[face], face)))
    assert there.motion.rig == FLAME and np.median(there.residual) < 0.15
    back = fit_motion(there.motion, head, arkit, given_pairs(head, arkit, (face, kept[face])))
    assert np.median(back.residual) < 0.15
    moved = np.abs(arkit.vertices(back.motion.values) - arkit.vertices(motion.values))[:, kept[face]]
    assert np.median(moved.max((1, 2))) < 0.002
    np.testing.assert_allclose(back.motion.select(HEAD), motion.select(HEAD), atol=1e-4)


def test_the_jaw_s_turn_becomes_jaw_open_within_its_range(arkit, flame):
    head, kept, _ = flame
    face = np.flatnonzero(arkit.neutral()[kept][:, 2] > 0.0)[::7]
    values = np.zeros((3, len(FLAME)), np.float32)
    values[:, FLAME.index("jawX")] = (0.0, 0.1, 0.2)
    fitted = fit_motion(Motion(values, 25, FLAME), head, arkit, given_pairs(head, arkit, (face, kept[face])))
    opened = fitted.motion.channel("jawOpen")
    assert opened[0] < 0.01 and 0.1 < opened[1] < opened[2]
    assert fitted.motion.values.min() >= -1e-6 and fitted.motion.select(ARKIT.of_kind("expression", "jaw", "eyelids")).max() <= 1
    assert "tongueOut" in fitted.unseen and fitted.residual[0] < 0.01


def test_residuals_are_measured_on_the_real_vertices(arkit, flame):
    head, kept, _ = flame
    face = np.flatnonzero(arkit.neutral()[kept][:, 2] > 0.0)[::7]
    values = np.zeros((2, len(FLAME)), np.float32)
    values[:, :50] = np.random.default_rng(1).normal(0, 1, (2, 50))
    fitted = fit_motion(Motion(values, 25, FLAME), head, arkit, given_pairs(head, arkit, (face, kept[face])))
    wanted = (head.vertices(values) - head.neutral())[:, face] / SCALE
    shown = (arkit.vertices(fitted.motion.values) - arkit.neutral())[:, kept[face]]
    distances = np.linalg.norm(shown - wanted, axis=-1)
    np.testing.assert_allclose(fitted.residual, np.sqrt((distances**2).mean(1)) * 1000, rtol=0.02)


def test_pairs_are_found_without_help(arkit, flame):
    """The heads differ by scale and place: nearest points after laying over are the true ones."""
    head, kept, _ = flame
    pairs = found_pairs(head, arkit)
    assert len(pairs.source) > 500 and pairs.scale == pytest.approx(1 / SCALE, rel=0.01)
    apart = np.linalg.norm(arkit.neutral()[kept[pairs.source]] - arkit.neutral()[pairs.target], axis=1)
    assert np.percentile(apart, 95) < 0.001


def test_heads_that_do_not_meet_are_refused(arkit):
    with pytest.raises(RigError, match="--pairs"):
        found_pairs(FlameHead.from_arrays(head_arrays(flame_like(*egg(6, 8)))), arkit)


def test_bounded_least_squares_is_scipys():
    random = np.random.default_rng(5)
    system, aims = random.normal(size=(30, 8)), random.normal(size=(30, 6)) * 3
    low, high = np.full((8, 1), -0.3), np.full((8, 1), 0.5)
    found = bounded_least_squares(system.T @ system, system.T @ aims, (low, high), np.zeros((8, 6)))
    for column in range(6):
        wanted = lsq_linear(system, aims[:, column], (low[:, 0], high[:, 0]), tol=1e-12).x
        np.testing.assert_allclose(found[:, column], wanted, atol=1e-4)
    assert (found == low).any() and (found == high).any()


def test_similarity_is_found_exactly():
    random = np.random.default_rng(0)
    points, turn = random.normal(size=(20, 3)), Rotation.random(random_state=1).as_matrix()
    scale, rotation, shift = similarity(points, 1.7 * points @ turn.T + [1, 2, 3])
    assert scale == pytest.approx(1.7)
    np.testing.assert_allclose(rotation, turn, atol=1e-9)
    np.testing.assert_allclose(shift, [1, 2, 3], atol=1e-9)


def test_head_rotations_mean_the_same_on_both_rigs(arkit, flame):
    """The same rotation turns the tip of either face the same way."""
    motion = speaking(ARKIT)
    turn = head_rotation(motion)
    there = with_head_rotation(Motion(np.zeros((12, len(FLAME))), 25, FLAME), turn)
    back = with_head_rotation(motion, head_rotation(there))
    np.testing.assert_allclose(back.select(HEAD), motion.select(HEAD), atol=1e-6)
    only = np.zeros((12, len(ARKIT)), np.float32)
    only[:, ARKIT.indices(HEAD)] = motion.select(HEAD)
    top = np.flatnonzero(arkit.head_weight > 0.999)
    rest = arkit.neutral()[top] - arkit.pivot
    np.testing.assert_allclose(arkit.vertices(only)[:, top] - arkit.pivot, np.einsum("tij,vj->tvi", turn.as_matrix(), rest), atol=2e-4)


def test_wrong_pairs_are_refused(arkit, flame):
    head, kept, _ = flame
    with pytest.raises(RigError, match="as many of each"):
        given_pairs(arkit, head, (np.arange(20), np.arange(21)))
    with pytest.raises(RigError, match="target points reach"):
        given_pairs(arkit, head, (np.arange(20), np.arange(20) + 10**6))
    with pytest.raises(RigError, match="too few"):
        given_pairs(arkit, head, (np.arange(3), np.arange(3)))


def test_the_command(arkit, flame, tmp_path, capsys):
    head, kept, arrays = flame
    write_head(arrays, "made", tmp_path / "flame.safetensors")
    face = np.flatnonzero(arkit.neutral()[kept][:, 2] > 0.0)[::7]
    np.savez(tmp_path / "pairs.npz", flame=face, arkit=kept[face])
    write_motion(speaking(ARKIT, 6), tmp_path / "a.npz")
    flags = ["--flame", str(tmp_path / "flame.safetensors"), "--pairs", str(tmp_path / "pairs.npz")]
    assert main(["retarget", str(tmp_path / "a.npz"), "--to", "flame", *flags, "-o", str(tmp_path / "f.npz")]) == 0
    assert main(["retarget", str(tmp_path / "f.npz"), "--to", "arkit", *flags, "-o", str(tmp_path / "b.npz")]) == 0
    said = capsys.readouterr().out
    assert said.count(" mm") >= 2 and read_motion(tmp_path / "b.npz").rig == ARKIT
    assert main(["retarget", str(tmp_path / "a.npz"), "--to", "flame", "-o", str(tmp_path / "x.npz")]) == 2
    assert main(["retarget", str(tmp_path / "a.npz"), "--to", "arkit", *flags, "-o", str(tmp_path / "x.npz")]) == 2
    said = capsys.readouterr().err
    assert "--flame" in said and "already" in said

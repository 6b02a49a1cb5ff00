"""The corners of the mouth stand as high as they were seen to, where the solver and the landmarks do not agree."""

import numpy as np
import pytest

from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.track.contact import lip_rows
from visavox.track.corners import CORNERS, MOST_RAISED, corner_heights, corner_row, heights_as_seen, raised
from visavox.track.mouth_picture import COLUMNS, ROWS
from visavox.track.solver import Readings, packaged_solver

WAVE = np.sin(np.arange(100) / 5)


@pytest.fixture
def smiling() -> np.ndarray:
    """A mouth that smiles in waves while it is half open."""
    weights = np.zeros((100, len(SHAPES)))
    for name, values in (
        ("mouthSmileLeft", 0.4 + 0.08 * WAVE),
        ("mouthSmileRight", 0.3 + 0.08 * WAVE),
        ("jawOpen", 0.2),
        ("browInnerUp", 0.3),
    ):
        weights[:, SHAPES.index(name)] = values
    weights[:, SHAPES.index("mouthStretchLeft")] = weights[:, SHAPES.index("mouthStretchRight")] = 0.1
    return weights


def test_corners_stand_as_high_as_is_asked_for_and_as_far_apart_as_before(smiling):
    head = Head.default()
    row, (_, wide) = corner_row(head), lip_rows(head)
    heights = smiling @ row - 0.015 - 0.01 * WAVE
    moved = raised(smiling, heights, head)
    np.testing.assert_allclose(moved @ row, heights, atol=5e-4)
    np.testing.assert_allclose(moved @ wide, smiling @ wide, atol=1e-3)
    assert moved.min() >= 0 and moved.max() <= 1 and (moved[:, SHAPES.index("browInnerUp")] == 0.3).all()
    assert (moved[:, SHAPES.index("mouthSmileLeft")] < smiling[:, SHAPES.index("mouthSmileLeft")]).all()
    lean = moved[:, SHAPES.index("mouthSmileLeft")] - moved[:, SHAPES.index("mouthSmileRight")]
    np.testing.assert_allclose(lean, 0.1, atol=0.01)  # a crooked smile stays one
    np.testing.assert_allclose(raised(smiling, smiling @ row, head), smiling, atol=1e-6)
    assert np.isfinite(raised(smiling, np.full(100, -9.0), head)).all() and len(raised(smiling[:0], heights[:0], head)) == 0


def test_who_is_believed_depends_on_how_well_they_agree(smiling):
    head, calm = Head.default(), np.arange(100) < 20
    made = smiling @ corner_row(head)
    np.testing.assert_allclose(heights_as_seen(smiling, 1.3 * made + 0.7, calm, head), made)  # its size is each face's own
    other = -0.5 * (made - made[calm].mean())  # falls where the network smiles
    found = heights_as_seen(smiling, other + 5, calm, head)
    assert np.corrcoef(found, other)[0, 1] > 0.99 and np.median(found[calm]) == pytest.approx(np.median(made[calm]), abs=0.002)
    wild = heights_as_seen(smiling, 1e6 * np.cos(np.arange(100)), calm, head)
    assert np.abs(wild - made).max() <= MOST_RAISED + 1e-9
    assert np.isfinite(heights_as_seen(smiling[:1], other[:1], calm[:1], head)).all()
    assert np.isfinite(heights_as_seen(smiling, other, np.zeros(100, bool), head)).all()


def test_heights_are_read_of_the_straightened_face():
    solver = packaged_solver()
    points = solver.canonical.astype(float)[None].repeat(2, 0)
    weights = np.zeros((2, len(solver.basis)), np.float32)
    weights[1, :3] = 1.0
    points[1] += ((weights[1] * solver.spread) @ solver.basis).reshape(-1, 3)
    rest = np.zeros((2, 11)), np.zeros((2, 52)), np.zeros((2, 3)), np.zeros((2, ROWS, COLUMNS, 3), np.uint8)
    np.testing.assert_allclose(corner_heights(Readings(weights, *rest), solver), points[:, CORNERS, 1].mean(1), atol=1e-5)

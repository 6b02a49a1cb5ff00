"""How high the eyes look, levelled."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from visavox.rigs.arkit import GAZE, GAZE_ANGLES, SHAPES, gaze_channels
from visavox.track.gaze import AWAY, NEAR, level_gaze


def eyes(lowered):
    """Weights (T, 52) of eyes that look down by angles (T,), in radians; all else is .4."""
    weights = np.full((len(lowered), len(SHAPES)), 0.4)
    for name, weight in gaze_channels(lowered, np.full(len(lowered), 0.1)).items():
        weights[:, SHAPES.index(name)] = weight
    return weights


def lowered(weights):
    """How far (T,) the left eye looks down."""
    return sum(sign * GAZE_ANGLES[way] * weights[:, SHAPES.index(f"eyeLook{way}Left")] for way, sign in (("Down", 1), ("Up", -1)))


@pytest.mark.parametrize("pitch, read", ((-0.1, -0.03), (0.08, 0.0), (-0.2, 0.2)))
def test_the_middle_look_is_at_the_cameras_height_and_what_moves_stays(pitch, read):
    moves = 0.05 * np.sin(np.arange(60) / 5)
    turns = Rotation.from_euler("YXZ", np.tile([0.3, pitch, 0.05], (60, 1)))
    levelled = level_gaze(eyes(read + moves), turns)
    np.testing.assert_allclose(lowered(levelled), moves - np.median(moves) - pitch, atol=1e-9)
    others = [place for place, name in enumerate(SHAPES) if name not in GAZE or "In" in name or "Out" in name]
    np.testing.assert_array_equal(levelled[:, others], eyes(read + moves)[:, others])


@pytest.mark.parametrize("look, kept", ((NEAR, 0.0), ((NEAR + AWAY) / 2, 0.5), (AWAY, 1.0), (-AWAY, 1.0)))
def test_somebody_who_looks_elsewhere_goes_on_to(look, kept):
    turns = Rotation.from_euler("YXZ", np.zeros((9, 3)))
    assert lowered(level_gaze(eyes(np.full(9, look)), turns)) == pytest.approx(kept * look)

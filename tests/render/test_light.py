"""The key light's shadow: which painted map counts when the head turns under the lamp."""

import numpy as np
import pytest

from visavox.render.light import LIT_AROUND, LIT_UP, lamp_towards, lamp_turns, lit_between, studio


def test_the_lamp_at_rest_reads_the_map_painted_for_rest():
    maps = np.arange(len(LIT_UP) * len(LIT_AROUND), dtype=np.float32).reshape(len(LIT_UP), len(LIT_AROUND), 1)
    key = studio().direction[0]
    assert np.allclose(lamp_towards(0, 0), key, atol=1e-6)
    assert lit_between(maps, key)[0] == pytest.approx(maps[LIT_UP.index(0), LIT_AROUND.index(0), 0], abs=1e-3)


@pytest.mark.parametrize(("around", "up"), [(-40, -20), (20, 0), (40, 20), (-10, 10)])
def test_maps_are_mixed_by_where_the_lamp_stands(around, up):
    """With maps that hold their own degrees, mixing gives the lamp's degrees back; beyond the last map, the last counts."""
    high, wide = np.meshgrid(LIT_UP, LIT_AROUND, indexing="ij")
    maps = np.stack([wide, high], -1).astype(np.float32)
    assert np.allclose(lit_between(maps, lamp_towards(around, up)), (around, up), atol=1e-2)
    assert np.allclose(lit_between(maps, lamp_towards(90, up)), (LIT_AROUND[-1], up), atol=1e-2)


def test_a_head_that_turns_to_its_left_has_the_lamp_further_to_its_right():
    angle = 0.3
    turn = np.array([[np.cos(angle), 0, -np.sin(angle)], [0, 1, 0], [np.sin(angle), 0, np.cos(angle)]])  # rows left, up, front
    key = studio().direction[0]
    assert (lamp_turns(turn @ key) - lamp_turns(key))[0] == pytest.approx(-np.degrees(angle), abs=1e-3)

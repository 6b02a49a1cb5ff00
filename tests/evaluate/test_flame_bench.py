"""The field's metrics on a FLAME-like head, known by construction."""

from dataclasses import replace

import numpy as np
import pytest

from flame_like import egg, flame_like, head_arrays
from visavox.data.store.motion_clips import MotionClip
from visavox.errors import OptionError
from visavox.evaluate.flame_bench import Regions, Ruler, evaluate_flame, pooled
from visavox.motion import Motion
from visavox.rigs.flame import FLAME, FLAME_GENERATED, FLAME_STILL_HEAD, HEAD_ROTATION
from visavox.rigs.heads.flame_head import FlameHead

HEAD = FlameHead.from_arrays(head_arrays(flame_like(*egg(16, 20))))
REGIONS = Regions.near(HEAD)
RULER = Ruler(HEAD, REGIONS, {})


def clip(name: str, frames: int, seed: int) -> MotionClip:
    random = np.random.default_rng(seed)
    values = np.cumsum(random.normal(0, 0.05, (frames, len(FLAME))), 0).astype(np.float32)
    return MotionClip(name, name, np.zeros(640 * frames, np.int16), values, np.zeros(100, np.float32))


CLIPS = [clip("one", 60, 1), clip("two", 90, 2)]


def truth(clip: MotionClip, seed: int = 0) -> Motion:
    return Motion(clip.motion, 25, FLAME)


def test_the_truth_scores_nothing_and_its_beats_align():
    columns = evaluate_flame(truth, CLIPS, RULER).tables[0].columns
    assert {name: value for name, value in columns["generated"].items() if value} == {"beat_alignment": 1.0}
    for control in ("shuffled", "still"):
        assert columns[control]["flame_lve"] > 1 and columns[control]["flame_mod"] > 0.1
    assert columns["still"]["flame_fdd"] > 0 and np.isnan(columns["still"]["beat_alignment"])


def test_numbers_by_hand():
    """One expression off by one in every frame moves each vertex by its shape, whatever else the face does."""
    number = int(np.linalg.norm(HEAD.expression_shapes[:, REGIONS.lips], axis=-1).max(1).argmax())
    still = Motion(np.zeros((30, len(FLAME))), 25, FLAME)
    moved = still.with_channels({FLAME.names[number]: 1.0})
    scores = RULER.score(moved, still)
    away = 1000 * np.linalg.norm(HEAD.expression_shapes[number, REGIONS.lips], axis=-1).max()
    assert scores["flame_lve"] == pytest.approx(away, rel=1e-4) and scores["flame_lve_squared"] == pytest.approx(away**2, rel=1e-4)
    assert abs(scores["flame_fdd"]) < 1e-4  # displaced, but without motion

    number = int(np.linalg.norm(HEAD.expression_shapes[:, REGIONS.upper], axis=-1).mean(1).argmax())
    wave = np.where(np.arange(30) % 2, 1.0, 0.0)
    scores = RULER.score(still, still.with_channels({FLAME.names[number]: wave}))
    sizes = 1000 * np.linalg.norm(HEAD.expression_shapes[number, REGIONS.upper], axis=-1)
    assert scores["flame_fdd"] == pytest.approx(sizes.mean() / 2, rel=1e-4)
    assert scores["flame_fdd_squared"] == pytest.approx((sizes**2).mean() / 2, rel=1e-4)


def test_opening_the_jaw_is_the_lips_height():
    still = Motion(np.zeros((10, len(FLAME))), 25, FLAME)
    opened = still.with_channels({"jawX": 0.2})
    height = [np.ptp(HEAD.vertices(each.values[:1])[0, REGIONS.lips, 1]) for each in (opened, still)]
    assert RULER.score(opened, still)["flame_mod"] == pytest.approx(1000 * abs(height[0] - height[1]), rel=1e-3) and height[0] > height[1]


def test_the_head_s_rotation_counts_for_beats_alone():
    turned = truth(CLIPS[0]).with_channels(dict.fromkeys(HEAD_ROTATION, np.sin(np.arange(60) / 4)))
    scores = RULER.score(turned, truth(CLIPS[0]))
    assert scores["flame_lve"] == scores["flame_fdd"] == scores["flame_mod"] == 0 and scores["beat_alignment"] < 1


@pytest.mark.parametrize("rig", [FLAME_GENERATED, FLAME_STILL_HEAD])
def test_channels_that_a_model_lacks_rest(rig):
    only = CLIPS[0].motion.copy()
    only[:, FLAME.indices([name for name in FLAME.names if name not in rig])] = 0
    only[:, FLAME.index("jawY")] = 0.02
    without = Motion(only[:, FLAME.indices(rig.names)], 25, rig)
    scores = replace(RULER, rest={"jawY": 0.02}).score(without, Motion(only, 25, FLAME))
    assert scores["flame_lve"] == 0 and np.isnan(scores["beat_alignment"]) == (rig is FLAME_STILL_HEAD)
    assert RULER.score(without, Motion(only, 25, FLAME))["flame_lve"] > 0.1


def test_lips_pool_frames_and_the_upper_face_clips():
    scores = [{"flame_lve": 1.0, "flame_fdd": 1.0, "beat_alignment": np.nan}, {"flame_lve": 4.0, "flame_fdd": 4.0, "beat_alignment": 0.5}]
    assert pooled(scores, [200, 100]) == {"flame_lve": 2.0, "flame_fdd": 2.5, "beat_alignment": 0.5}


def test_takes_have_a_mean_and_an_interval():
    def wide(clip, seed):
        return truth(clip).with_channels({"expression01": clip.motion[:, 0] + seed})

    one, two, both = (evaluate_flame(wide, CLIPS, RULER, seeds).tables[0] for seeds in ((1,), (2,), (1, 2)))
    lve = [table.columns["generated"]["flame_lve"] for table in (one, two, both)]
    assert lve[2] == pytest.approx((lve[0] + lve[1]) / 2)
    half = 12.7062 * abs(lve[1] - lve[0]) / 2  # Student's t for two values
    assert f"mean of 2 takes, 95 % interval +- lve {half:.3g}" in both.note and "takes" not in one.note


def test_regions_of_masks_and_of_the_head():
    masks = {"lips": np.array([3, 7]), "forehead": np.array([1, 2]), "eye_region": np.array([2, 4])}
    found = Regions.of_masks(masks, "FLAME_masks.pkl")
    assert found.lips.tolist() == [3, 7] and found.upper.tolist() == [1, 2, 4] and "FLAME_masks.pkl" in found.origin
    assert set(HEAD.lip_points[:4]) <= set(REGIONS.lips) and not set(REGIONS.lips) & set(REGIONS.upper)
    assert HEAD.template[REGIONS.upper, 1].min() > HEAD.template[REGIONS.lips, 1].mean() and "not comparable" in REGIONS.origin


def test_nothing_to_evaluate():
    with pytest.raises(OptionError, match="0 clips"):
        evaluate_flame(truth, [], RULER)

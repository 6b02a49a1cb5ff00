"""UsdSkel: read with Pixar's own library, its skinning baked and held against the head's vertices."""

import json
import time
import zipfile

import numpy as np
import pytest

from visavox.errors import DependencyError, RigError
from visavox.export import Accompaniment, export
from visavox.export.gltf.default_head import target_weights
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head

pxr = pytest.importorskip("pxr", reason="usd-core is not installed")
SUFFIXES = (".usda", ".usdc", ".usdz")
CURVES = {
    "jawOpen": [0, 0.8, 0.1], "mouthSmileLeft": [0, 0.7, 0], "eyeBlinkLeft": [0, 0, 1], "eyeBlinkRight": [0, 0, 1],
    "eyeLookOutLeft": [0, 0.8, 0], "headYaw": [0, 0.4, 0], "headPitch": [0, 0.2, 0], "headRoll": [0, -0.3, 0], "tongueOut": [0, 0, 0.5],
}  # fmt: skip


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.from_asset(read_head_asset())


@pytest.fixture(scope="module")
def motion() -> Motion:
    still = Motion(np.zeros((3, len(ARKIT))), 30000 / 1001, ARKIT)
    return still.with_channels({name: np.array(curve) for name, curve in CURVES.items()})


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_weights_times_and_provenance_come_back(tmp_path, motion, head, suffix):
    from pxr import Usd, UsdGeom, UsdSkel

    export(motion, tmp_path / f"a{suffix}", Accompaniment(head=head, provenance={"seed": 7}))
    stage = Usd.Stage.Open(str(tmp_path / f"a{suffix}"))
    assert stage.GetTimeCodesPerSecond() == 30000 / 1001 and stage.GetEndTimeCode() == 2
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1 and UsdGeom.GetStageUpAxis(stage) == "Y"
    said = stage.GetRootLayer().customLayerData["visavox"]
    assert json.loads(said["provenance"]) == {"seed": 7}
    animation = UsdSkel.Animation(stage.GetPrimAtPath("/Face/Animation"))
    names = list(animation.GetBlendShapesAttr().Get())
    assert names == target_weights(motion)[0]
    for frame in range(3):
        there = dict(zip(names, animation.GetBlendShapeWeightsAttr().Get(frame), strict=True))
        for channel in ARKIT.channels:
            if channel.unit == "weight":
                assert there.get(channel.name, 0) == motion.channel(channel.name)[frame], channel.name


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the local clock cannot be moved here")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_bytes_do_not_depend_on_the_clock(tmp_path, motion, head, suffix, monkeypatch):
    """Local time is what a zip holds, so a zone nine hours ahead stands for a file that is written nine hours later."""
    for zone in ("UTC0", "JST-9"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        export(motion, tmp_path / f"{zone}{suffix}", Accompaniment(head=head))
    monkeypatch.undo()
    time.tzset()
    first, second = (tmp_path / f"{zone}{suffix}" for zone in ("UTC0", "JST-9"))
    assert first.read_bytes() == second.read_bytes()
    if suffix == ".usdz":
        (entry,) = zipfile.ZipFile(first).infolist()
        assert entry.date_time == (2000, 1, 1, 0, 0, 0) and entry.header_offset == 0


def test_the_file_moves_as_the_head_does(tmp_path, motion, head):
    from pxr import Gf, Usd, UsdGeom, UsdSkel

    export(motion, tmp_path / "a.usdc", Accompaniment(head=head))
    stage = Usd.Stage.Open(str(tmp_path / "a.usdc"))
    assert UsdSkel.BakeSkinning(UsdSkel.Root(stage.GetPrimAtPath("/Face")), Gf.Interval(0, 2))
    points = UsdGeom.Mesh(stage.GetPrimAtPath("/Face/Skin")).GetPointsAttr()
    expected = head.vertices(motion.values)
    for frame in range(3):
        off = np.abs(np.array(points.Get(frame)) - expected[frame]).max()
        assert off < 3e-4, f"frame {frame}: {off * 1000:.2f} mm off"


def test_a_rig_without_arkit_shapes_is_refused(tmp_path):
    rig = Rig("odd", (Channel("wiggle"),))
    with pytest.raises(RigError, match="'odd'"):
        export(Motion(np.ones((2, 1)), 25, rig), tmp_path / "a.usda")


def test_without_the_library_the_error_names_the_extra(tmp_path, motion, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pxr", None)
    with pytest.raises(DependencyError, match=r"visavox\[usd\]"):
        export(motion, tmp_path / "a.usdc")

"""The contract of all exporters: a format that loses nothing of a channel gives it back by name, within its own precision.

Each format is read with a reader that is not ours. `READERS` lists every suffix: a new exporter without an entry fails here.
"""

import csv
import json
import math
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from visavox.errors import RigError
from visavox.export import Accompaniment, export, suffixes
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT, HEAD, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.visemes import VISEMES, mouth_cues, viseme_motion

FPS = 60
CLIMB = 0.4 * np.random.default_rng(2).random((12, len(ARKIT))) * np.linspace(0, 1, 12)[:, None]
CLIMB[:, ARKIT.index("mouthClose")] *= CLIMB[:, ARKIT.index("jawOpen")]  # it holds the lips against the jaw, so is never above it
MOTION = Motion(CLIMB, FPS, ARKIT)


def from_npz(path: Path) -> dict:
    with np.load(path) as file:
        return dict(zip(file["channels"].tolist(), file["values"].T, strict=True))


def from_csv(path: Path) -> dict:
    rows = list(csv.DictReader(path.open()))
    found = {name[0].lower() + name[1:]: np.array([float(row[name]) for row in rows]) for name in rows[0] if name != "Timecode"}
    found["headYaw"] = -found["headYaw"]
    return found


def from_a2f(path: Path) -> dict:
    data = json.loads(path.read_text())
    assert (data["numPoses"], data["numFrames"], data["exportFps"]) == (52, 12, FPS)
    weights = np.array(data["weightMat"])
    return dict(zip(data["facsNames"], weights.T, strict=True)) | {k: np.array(v) for k, v in data["visavox"]["head_radians"].items()}


def from_arkit(path: Path) -> dict:
    data = json.loads(path.read_text())
    return dict(zip(data["channels"], np.array(data["frames"]).T, strict=True))


def from_azure(path: Path) -> dict:
    data = json.loads(path.read_text())
    frames = np.array(data["BlendShapes"])
    assert frames.shape == (12, 55)
    return dict(zip([*SHAPES, "headRoll"], frames.T[:53], strict=True))


def from_parquet(path: Path) -> dict:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(path)
    assert np.allclose(table["seconds"], (np.arange(12) + 0.5) / FPS, atol=1e-12)
    return {name: table[name].to_numpy() for name in table.column_names}


def from_bvh(path: Path) -> dict:
    bvh = pytest.importorskip("bvh").Bvh(path.read_text())
    assert bvh.nframes == 12 and abs(bvh.frame_time - 1 / FPS) < 1e-9
    axes = ("Xrotation", "Yrotation", "Zrotation")
    pitch, yaw, roll = np.radians([[bvh.frame_joint_channel(frame, "Head", axis) for frame in range(12)] for axis in axes])
    return {"headPitch": pitch, "headYaw": yaw, "headRoll": -roll}


def from_glb(path: Path) -> dict:
    pygltflib = pytest.importorskip("pygltflib")
    from scipy.spatial.transform import Rotation

    from gltf_curves import curves

    there = curves(pygltflib.GLTF2().load(str(path)))
    yaw, pitch, roll = Rotation.from_quat(there["Head"]).as_euler("YXZ").T
    return there | {"headYaw": yaw, "headPitch": pitch, "headRoll": -roll}


def from_usd(path: Path) -> dict:
    pytest.importorskip("pxr")
    from pxr import Usd, UsdSkel
    from scipy.spatial.transform import Rotation

    stage = Usd.Stage.Open(str(path))
    animation = UsdSkel.Animation(stage.GetPrimAtPath("/Face/Animation"))
    weights = np.array([animation.GetBlendShapeWeightsAttr().Get(frame) for frame in range(12)])
    heads = [animation.GetRotationsAttr().Get(frame)[1] for frame in range(12)]
    yaw, pitch, roll = Rotation.from_quat([[*head.imaginary, head.real] for head in heads]).as_euler("YXZ").T
    found = dict(zip(animation.GetBlendShapesAttr().Get(), weights.T, strict=True))
    return found | {"headYaw": yaw, "headPitch": pitch, "headRoll": -roll}


EVERYTHING, NO_HEAD_BUT_ROLL = ARKIT.names, (*SHAPES, "headRoll")
READERS = {  # suffix: reader, the channels that come back, and how exactly
    ".npz": (from_npz, EVERYTHING, 0),
    ".csv": (from_csv, EVERYTHING, 6e-11),
    ".a2f.json": (from_a2f, EVERYTHING, 6e-8),
    ".arkit.json": (from_arkit, EVERYTHING, 3e-8),
    ".azure.json": (from_azure, NO_HEAD_BUT_ROLL, 3e-8),
    ".parquet": (from_parquet, EVERYTHING, 0),
    ".bvh": (from_bvh, HEAD, 2e-8),
    ".glb": (from_glb, EVERYTHING, 3e-7),
    ".usda": (from_usd, EVERYTHING, 1e-6),
    ".usdc": (from_usd, EVERYTHING, 3e-7),
    ".usdz": (from_usd, EVERYTHING, 3e-7),
}
LOSSY = (".mp4", ".vrma", ".vmd", ".svg", ".visemes.json", ".tsv", ".xml", ".json")


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.from_asset(read_head_asset())


@pytest.mark.parametrize("suffix", READERS)
def test_channels_come_back_by_name(tmp_path, suffix, head):
    read, names, tolerance = READERS[suffix]
    export(MOTION, tmp_path / f"a{suffix}", Accompaniment(head=head))
    there = read(tmp_path / f"a{suffix}")
    for name in names:
        off = np.abs(np.float64(there[name]) - MOTION.channel(name)).max()
        assert off <= tolerance, f"{name} is {off:.2g} off"


def test_every_exporter_is_held_to_it():
    assert set(READERS) | set(LOSSY) == set(suffixes()) and not set(READERS) & set(LOSSY)


def test_visemes_come_back(tmp_path):
    export(MOTION, tmp_path / "a.visemes.json")
    there = from_arkit(tmp_path / "a.visemes.json")
    assert list(there) == [f"viseme_{name}" for name in VISEMES]
    assert np.allclose(sum(there.values()), 1, atol=1e-5)
    assert all(np.allclose(there[name], viseme_motion(MOTION).channel(name), atol=1e-6) for name in there)


def test_mouth_cues_come_back_from_all_three_tables(tmp_path):
    expected = [(round(cue.start, 2), round(cue.end, 2), cue.shape) for cue in mouth_cues(MOTION)]
    for suffix in (".tsv", ".xml", ".json"):
        export(MOTION, tmp_path / f"a{suffix}")
    root = ElementTree.parse(tmp_path / "a.xml").getroot()
    tree = [(float(cue.get("start")), float(cue.get("end")), cue.text) for cue in root.find("mouthCues")]
    data = [(cue["start"], cue["end"], cue["value"]) for cue in json.loads((tmp_path / "a.json").read_text())["mouthCues"]]
    lines = [line.split("\t") for line in (tmp_path / "a.tsv").read_text().splitlines()]
    table = [(float(start), float(end), shape) for (start, shape), (end, _) in zip(lines, lines[1:], strict=False)]
    assert tree == data == table == expected
    assert root.find("metadata/duration").text == "0.20" and root.find("metadata/soundFile").text == "a.wav"


def test_vrm_expressions_head_and_gaze(tmp_path):
    pygltflib = pytest.importorskip("pygltflib")
    from gltf_curves import array

    export(MOTION, tmp_path / "a.vrma")
    file = pygltflib.GLTF2().load_binary(str(tmp_path / "a.vrma"))
    vrm = file.extensions["VRMC_vrm_animation"]
    assert vrm["specVersion"] == "1.0" and set(vrm["humanoid"]["humanBones"]) >= {"hips", "head"}
    assert set(vrm["expressions"]["preset"]) == {"aa", "ih", "ou", "ee", "oh", "blinkLeft", "blinkRight"}
    assert not any(name.startswith(("eyeLook", "mouth", "jaw")) for name in vrm["expressions"]["custom"])
    animation = file.animations[0]
    moved = {channel.target.node: array(file, animation.samplers[channel.sampler].output) for channel in animation.channels}
    blink = moved[vrm["expressions"]["preset"]["blinkLeft"]["node"]]
    assert np.allclose(blink[:, 0], MOTION.channel("eyeBlinkLeft")) and not blink[:, 1:].any()
    brow = moved[vrm["expressions"]["custom"]["browInnerUp"]["node"]]
    assert np.allclose(brow[:, 0], MOTION.channel("browInnerUp"))
    angle = 2 * math.acos(min(abs(moved[vrm["humanoid"]["humanBones"]["head"]["node"]][-1, 3]), 1))
    assert angle > 0.1 and moved[vrm["lookAt"]["node"]].shape == (12, 4)


@pytest.mark.parametrize("suffix", [suffix for suffix in suffixes() if suffix not in (".mp4", ".npz", ".arkit.json", ".parquet", ".svg")])
def test_a_rig_that_lacks_what_a_format_needs_is_named_with_its_channels(tmp_path, suffix):
    odd = Motion(np.ones((2, 1)), 25, Rig("odd", (Channel("wiggle"),)))
    with pytest.raises(RigError, match="(?s)'odd'.*(jawOpen|headPitch|eyeBlinkLeft)"):
        export(odd, tmp_path / f"a{suffix}")
    assert not list(tmp_path.iterdir())

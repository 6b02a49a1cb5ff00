"""A user's own character: its morph targets found by name, its bones turned about the world's axes, the rest left alone."""

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gltf_curves import array, curves
from visavox.errors import FileError, RigError
from visavox.export import Accompaniment, export
from visavox.io.gltf import Gltf, glb_bytes, read_gltf
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.rotations import head_quaternions
from visavox.rigs.retargeting.rig_map import MappedChannel, RigMap
from web_tools import validator_messages

pygltflib = pytest.importorskip("pygltflib")
CHARACTER = Path(__file__).resolve().parents[1] / "character.glb"
RANDOM = Motion(np.random.default_rng(5).random((4, len(ARKIT))) * 0.5, 30, ARKIT)


@pytest.fixture
def written(tmp_path):
    path = tmp_path / "speaks.glb"
    export(RANDOM, path, Accompaniment(character=read_gltf(CHARACTER)))
    return path


def test_targets_in_any_spelling_follow_their_channels(written):
    file = pygltflib.GLTF2().load(str(written))
    there = curves(file)
    expected = {
        "Jaw_Open": "jawOpen", "eyeBlink_L": "eyeBlinkLeft", "CTRL_expressions_mouthCornerPullR": "mouthSmileRight",
        "Face.blendShape1.MouthPucker": "mouthPucker", "JAWOPEN": "jawOpen",
    }  # fmt: skip
    for target, channel in expected.items():
        assert np.allclose(there[target], RANDOM.channel(channel), atol=1e-7), target
    assert np.allclose(there["hairWind"], 0.25), "a shape that is none of the face's keeps its weight"


def test_the_head_turns_about_the_axes_of_the_world(written):
    there = curves(pygltflib.GLTF2().load(str(written)))
    parent, rest = (Rotation.from_quat(q) for q in ([-(0.5**0.5), 0, 0, 0.5**0.5], [0, 0, 0.5**0.5, 0.5**0.5]))
    world = parent * Rotation.from_quat(there["mixamorig:Head"])
    turned = Rotation.from_quat(head_quaternions(RANDOM)) * (parent * rest)
    assert np.allclose((world * turned.inv()).magnitude(), 0, atol=1e-6)


def test_the_rest_of_the_character_stays(written):
    before, after = (pygltflib.GLTF2().load(str(path)) for path in (CHARACTER, written))
    assert [animation.name for animation in after.animations] == ["speech", "idle"]
    assert np.array_equal(array(before, 0), array(after, 0)) and len(before.nodes) == len(after.nodes)


def test_a_rig_map_of_the_user_replaces_the_names(tmp_path):
    rig_map = RigMap("mine", (MappedChannel("hairWind", {"jawOpen": 0.5}, offset=0.1),))
    export(RANDOM, tmp_path / "a.glb", Accompaniment(character=read_gltf(CHARACTER), rig_map=rig_map))
    there = curves(pygltflib.GLTF2().load(str(tmp_path / "a.glb")))
    assert np.allclose(there["hairWind"], 0.1 + 0.5 * RANDOM.channel("jawOpen"), atol=1e-6) and not there["Jaw_Open"].any()


def test_faces_without_known_shapes_are_refused(tmp_path):
    character = read_gltf(CHARACTER)
    strange = json.loads(json.dumps(character.document).replace("Jaw_Open", "x1").replace("JAWOPEN", "x2"))
    strange["meshes"][0]["extras"]["targetNames"] = [f"x{number}" for number in range(5)]
    with pytest.raises(RigError, match="x0.*known spelling.*--rig"):
        export(RANDOM, tmp_path / "a.glb", Accompaniment(character=Gltf(strange, character.binary)))
    for mesh in strange["meshes"]:
        del mesh["primitives"][0]["targets"]
    with pytest.raises(RigError, match="no named morph targets"):
        export(RANDOM, tmp_path / "a.glb", Accompaniment(character=Gltf(strange, character.binary)))


def test_the_validator_finds_no_fault(written):
    for messages in validator_messages(CHARACTER, written):
        assert not [message for message in messages if message["severity"] < 2]


def test_a_gltf_with_its_data_elsewhere_is_read_as_one(tmp_path):
    whole = read_gltf(CHARACTER)
    document = whole.document | {"buffers": [{"byteLength": len(whole.binary), "uri": "character.bin"}]}
    (tmp_path / "character.bin").write_bytes(whole.binary)
    (tmp_path / "beside.gltf").write_text(json.dumps(document))
    document["buffers"][0]["uri"] = "data:application/octet-stream;base64," + base64.b64encode(whole.binary).decode()
    (tmp_path / "inline.gltf").write_text(json.dumps(document))
    for name in ("beside.gltf", "inline.gltf"):
        assert read_gltf(tmp_path / name).binary == whole.binary
    document["buffers"][0]["uri"] = "../character.bin"
    (tmp_path / "outside.gltf").write_text(json.dumps(document))
    with pytest.raises(FileError, match="outside its own folder"):
        read_gltf(tmp_path / "outside.gltf")


@pytest.mark.parametrize("damage", ["empty", "cut", "text", "old", "other"])
def test_damaged_files_are_refused_by_name(tmp_path, damage):
    good = CHARACTER.read_bytes()
    old = glb_bytes(Gltf({"asset": {"version": "1.0"}}, b""))
    data = {"empty": b"", "cut": good[:200], "text": b'{"asset": 3}', "old": old, "other": b"\x89PNG" + good}[damage]
    (tmp_path / "bad.glb").write_bytes(data)
    with pytest.raises(FileError, match="bad.glb"):
        read_gltf(tmp_path / "bad.glb")
    with pytest.raises(FileError, match="does not exist"):
        read_gltf(tmp_path / "none.glb")

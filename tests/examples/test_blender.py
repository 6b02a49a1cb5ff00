"""The Blender script: its readers and its matching as plain Python; the rest in Blender itself where its module is installed."""

import importlib.util
import math
from pathlib import Path

import numpy as np
import pytest

from visavox.export import Accompaniment, export
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT

SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "blender" / "visavox_import.py"
MOTION = Motion(np.random.default_rng(6).random((8, len(ARKIT))) * 0.6, 60, ARKIT)


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("visavox_import", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("suffix", [".arkit.json", ".a2f.json", ".npz", ".csv", ".azure.json"])
def test_it_reads_what_we_write(tmp_path, script, suffix):
    export(MOTION, tmp_path / f"a{suffix}")
    fps, curves = script.read_curves(str(tmp_path / f"a{suffix}"))
    assert fps == pytest.approx(60, rel=1e-3)
    for name in ARKIT.names:
        if not (suffix == ".azure.json" and name in ("headYaw", "headPitch")):
            assert np.allclose(curves[name], MOTION.channel(name), atol=1e-6), name


def test_it_reads_visemes(tmp_path, script):
    export(MOTION, tmp_path / "a.visemes.json")
    assert "viseme_PP" in script.read_curves(str(tmp_path / "a.visemes.json"))[1]


def test_it_matches_names_in_their_spellings(script):
    keys = ["Basis", "Jaw_Open", "eyeBlink_L", "EYE_BLINK_RIGHT", "eyeBlink.R", "mouthleft", "hair"]
    assert script.match(keys, ARKIT.names) == {
        "Jaw_Open": "jawOpen", "eyeBlink_L": "eyeBlinkLeft", "EYE_BLINK_RIGHT": "eyeBlinkRight", "eyeBlink.R": "eyeBlinkRight",
        "mouthleft": "mouthLeft",
    }  # fmt: skip


def test_it_knows_a_head_by_its_name(script):
    heads = "head Head HEAD mixamorig:Head J_Bip_C_Head CC_Base_Head head.x Head_M head_jnt Character1_Head Bip01~Head1 頭".split()
    others = "forehead DEF-forehead.L HeadTop_End Head_End HeadNub 頭先 neck ahead".split()
    assert all(script.is_head(name.replace("~", " ")) for name in heads) and not any(map(script.is_head, others))


@pytest.mark.parametrize("content", ["{}", "[]", "not json", "PK\x03\x04 cut", '{"fps": "x", "channels": 3, "frames": []}'])
def test_another_file_is_one_sentence(tmp_path, script, content):
    for suffix in (".json", ".arkit.json", ".csv", ".npz"):
        (tmp_path / f"a{suffix}").write_text(content)
        with pytest.raises(ValueError, match="holds no curves of Visavox"):
            script.read_curves(str(tmp_path / f"a{suffix}"))


def test_in_blender_keys_and_the_head_bone_move(tmp_path, script):
    bpy = pytest.importorskip("bpy", reason="Blender's module is not installed")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    mesh = bpy.data.meshes.new("Face")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 0, 1)], [], [(0, 1, 2)])
    face = bpy.data.objects.new("Face", mesh)
    bpy.context.scene.collection.objects.link(face)
    for name in ("Basis", "Jaw_Open", "eyeBlink_L", "hair"):
        face.shape_key_add(name=name).value = 0
    armature = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
    bpy.context.scene.collection.objects.link(armature)
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    bone = armature.data.edit_bones.new("head")
    bone.head, bone.tail = (0, 0, 0), (0, 0, 1)
    bpy.ops.object.mode_set(mode="OBJECT")
    for thing in (face, armature):
        thing.select_set(True)
    bpy.context.scene.render.fps = 30
    turned = MOTION.with_channels({"headYaw": 0.5, "headPitch": 0.0, "headRoll": 0.0})
    export(turned, tmp_path / "a.arkit.json")
    assert script.apply(bpy.context, str(tmp_path / "a.arkit.json")) == 2
    for index in range(8):
        place = script.frame_of(index, 60, 30)
        bpy.context.scene.frame_set(math.floor(place), subframe=place % 1)
        keys = face.data.shape_keys.key_blocks
        assert keys["Jaw_Open"].value == pytest.approx(float(MOTION.channel("jawOpen")[index]), abs=1e-3)
        assert keys["hair"].value == 0
    nose = armature.pose.bones["head"].matrix.to_3x3() @ armature.data.bones["head"].matrix_local.to_3x3().inverted()
    looked = nose @ __import__("mathutils").Vector((0, -1, 0))
    assert looked.x == pytest.approx(math.sin(0.5), abs=1e-3), "the face does not turn to its own left, which is +X in Blender"


def test_in_blender_the_glb_opens_as_it_is(tmp_path):
    bpy = pytest.importorskip("bpy", reason="Blender's module is not installed")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    export(MOTION, tmp_path / "face.glb", Accompaniment())
    bpy.ops.import_scene.gltf(filepath=str(tmp_path / "face.glb"))
    (face,) = [thing for thing in bpy.data.objects if thing.type == "MESH" and thing.data.shape_keys]
    keys = face.data.shape_keys.key_blocks
    assert {"jawOpen", "mouthSmileLeft", "eyeBlinkRight"} <= set(keys.keys())
    fps = bpy.context.scene.render.fps
    for index in (1, 4, 6):
        place = (index + 0.5) / 60 * fps
        bpy.context.scene.frame_set(math.floor(place), subframe=place % 1)
        assert keys["jawOpen"].value == pytest.approx(float(MOTION.channel("jawOpen")[index]), abs=2e-2)
    assert {"LeftEye", "RightEye"} <= set(bpy.data.objects.keys())
    (armature,) = [thing for thing in bpy.data.objects if thing.type == "ARMATURE"]
    assert {"Trunk", "Head"} <= set(armature.data.bones.keys()) and armature.animation_data.action


def test_in_blender_the_usd_opens_as_it_is(tmp_path):
    bpy = pytest.importorskip("bpy", reason="Blender's module is not installed")
    pytest.importorskip("pxr", reason="usd-core is not installed")
    bpy.ops.wm.read_factory_settings(use_empty=True)
    export(MOTION, tmp_path / "face.usdc", Accompaniment())
    bpy.ops.wm.usd_import(filepath=str(tmp_path / "face.usdc"))
    (face,) = [thing for thing in bpy.data.objects if thing.type == "MESH" and thing.data.shape_keys]
    for index in (1, 4, 6):
        bpy.context.scene.frame_set(index)
        value = face.data.shape_keys.key_blocks["jawOpen"].value
        assert value == pytest.approx(float(MOTION.channel("jawOpen")[index]), abs=1e-5)

"""Head, eyes and jaw of characters: found by the real names of every promised family, turned as the face stands, and said."""

import json

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from gltf_curves import curves
from made_character import MadeCharacter
from visavox.cli import main
from visavox.errors import RigError
from visavox.export import Accompaniment, export
from visavox.export.gltf.bones import BONES, find_bones
from visavox.export.gltf.character import description, plan_of, target_names
from visavox.io.gltf import Gltf, read_gltf
from visavox.io.motion import write_motion
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.rotations import JAW_OPEN

pygltflib = pytest.importorskip("pygltflib")

FAMILIES = {  # head, left eye, right eye, jaw; then bones beside them that are none of these
    "VRoid": "J_Bip_C_Head J_Adj_L_FaceEye J_Adj_R_FaceEye - J_Bip_C_Neck J_Sec_Hair1_01 HeadTop_End",
    "VRM": "Head LeftEye RightEye Jaw Neck EyeLid_L",
    "Ready Player Me": "Head LeftEye RightEye - HeadTop_End Neck LeftHand",
    "Mixamo": "mixamorig:Head mixamorig:LeftEye mixamorig:RightEye mixamorig:Jaw mixamorig:HeadTop_End mixamorig:Neck",
    "Mixamo, numbered": "mixamorig1:Head mixamorig1:LeftEye mixamorig1:RightEye - mixamorig1:HeadTop_End",
    "Mixamo in three.js": "mixamorigHead mixamorigLeftEye mixamorigRightEye - mixamorigHeadTop_End",
    "Character Creator": "CC_Base_Head CC_Base_L_Eye CC_Base_R_Eye CC_Base_JawRoot CC_Base_UpperJaw CC_Base_FacialBone CC_Base_Teeth02",
    "MetaHuman": "head FACIAL_L_Eye FACIAL_R_Eye FACIAL_C_Jaw FACIAL_C_FacialRoot FACIAL_L_EyelidUpperA FACIAL_C_Jawline",
    "Unreal": "head eye_l eye_r jaw neck_01 spine_03",
    "Daz Genesis 8": "head lEye rEye lowerJaw upperFaceRig lEyelidUpper lowerFaceRig upperTeeth",
    "Daz Genesis 9": "head l_eye r_eye lowerjaw l_eyelidupper upperteeth",
    "Rigify": "DEF-spine.006 DEF-eye.L DEF-eye.R DEF-jaw DEF-spine.005 DEF-lid.T.L DEF-jaw.L",
    "Rigify with controls": "DEF-spine.006 DEF-eye.L DEF-eye.R DEF-jaw head eye.L eye.R jaw ORG-spine.006 ORG-eye.L MCH-eye.L",
    "Rigify in three.js": "DEF-spine006 DEF-eyeL DEF-eyeR DEF-jaw DEF-spine005 DEF-lidTL",
    "Biped": "Bip001_Head Bip001_L_Eye Bip001_R_Eye Bip001_Jaw Bip001_HeadNub Bip001_Neck Bip001_Ponytail1",
    "Biped, spaced": "Bip01~Head Bip01~L~Eye Bip01~R~Eye Bip01~Jaw Bip01~HeadNub",
    "Source": "ValveBiped.Bip01_Head1 ValveBiped.Bip01_L_Eye ValveBiped.Bip01_R_Eye ValveBiped.Bip01_Jaw ValveBiped.Bip01_Neck1",
    "MakeHuman": "head eye.L eye.R jaw neck01 levator06.L orbicularis03.R",
    "Auto-Rig Pro": "head.x c_eye.l c_eye.r c_jawbone.x c_eyelid_top.l neck.x",
    "Advanced Skeleton": "Head_M Eye_L Eye_R Jaw_M HeadEnd_M EyeEnd_L",
    "Maya": "head_jnt L_eye_jnt R_eye_jnt jaw_jnt head_end_jnt L_eyelid_jnt",
    "HumanIK": "Character1_Head Character1_LeftEye Character1_RightEye Character1_Jaw Character1_Neck",
    "MikuMikuDance": "頭 左目 右目 - 首 両目 頭先 左目先 左目光 頭飾り 左目戻 前髪 左髪1 下半身 左足ＩＫ",
    "MikuMikuDance in Blender": "頭 目.L 目.R あご 首 両目 _dummy_目.L _shadow_目.L 目.L_先",
    "Chinese": "头 左眼 右眼 下顎 脖子 头发 左眼皮",
    "lower case": "head lefteye righteye jaw neck",
    "capitals": "HEAD LEFT_EYE RIGHT_EYE JAW NECK",
}
EDGES = {
    "Mixamo, copied": "mixamorig:Head.001 mixamorig:LeftEye.001 mixamorig:RightEye.001 -",
    "a name before": "Hero_Head Hero_Eye_L Hero_Eye_R Hero_Jaw",
}


def moving(**held: float) -> Motion:
    values = np.zeros((5, len(ARKIT)), np.float32)
    for name, value in held.items():
        values[:, ARKIT.index(name)] = value
    return Motion(values, 25, ARKIT)


def skinned(names: list[str]) -> MadeCharacter:
    """A face whose skin has bones of these names, the first not among them a neck above all others."""
    character = MadeCharacter()
    top = character.node("Armature")
    joints = [character.node(name, parent=top) for name in names]
    mesh = character.mesh(SHAPES)
    character.node("Head_Mesh", mesh=mesh, skin=character.skin(mesh, joints))
    return character


def turns(character: MadeCharacter, motion: Motion, tmp_path, name: str = "c.glb"):
    """The rotations (T, 4) by the node's name, and the file, of a character moved by the motion."""
    export(motion, tmp_path / "out.glb", Accompaniment(character=read_gltf(character.save(tmp_path / name))))
    file = pygltflib.GLTF2().load(str(tmp_path / "out.glb"))
    found = curves(file)
    return {node.name: found[node.name] for node in file.nodes if node.name in found and found[node.name].ndim == 2}, file


@pytest.mark.parametrize("family", [*FAMILIES, *EDGES])
@pytest.mark.parametrize("last", [False, True])
def test_the_bones_of_every_family_are_found(family, last):
    names = [name.replace("~", " ") for name in (FAMILIES | EDGES)[family].split()]
    bones = dict(zip(BONES, names, strict=False))
    listed = [name for name in (names[4:] + names[:4] if last else names) if name != "-"]
    character = skinned(listed)
    found = find_bones(Gltf(character.whole(), b""))
    assert {bone: character.document["nodes"][node]["name"] for bone, node in found.items()} == {b: n for b, n in bones.items() if n != "-"}


def test_joints_come_before_other_nodes_and_a_skinned_mesh_is_no_bone():
    character = MadeCharacter()
    character.node("Head")
    mesh = character.mesh(SHAPES)
    joint = character.node("CC_Base_Head")
    character.node("Head", mesh=mesh, skin=character.skin(mesh, [joint]))
    assert find_bones(Gltf(character.whole(), b"")) == {"head": joint}
    character = MadeCharacter(SHAPES)
    assert find_bones(Gltf(character.whole(), b"")) == {}
    head = character.node("Head", mesh=0)
    assert find_bones(Gltf(character.whole(), b"")) == {"head": head}, "a mesh without a skin turns with its node"


@pytest.mark.parametrize("version", ["VRM", "VRMC_vrm"])
def test_what_a_vrm_says_comes_first_and_its_face_nods_forwards(tmp_path, version):
    character = MadeCharacter(SHAPES, ["Head", "LeftEye"])
    head, eye = character.node("Kopf"), character.node("Auge")
    said = {"head": {"node": head}, "leftEye": {"node": eye}, "jaw": {"node": 999}, "hips": "?"}
    bones = [{"bone": name, **entry} if entry != "?" else "?" for name, entry in said.items()] if version == "VRM" else said
    character.document["extensions"] = {version: {"humanoid": {"humanBones": bones}}}
    there, _ = turns(character, moving(headPitch=0.3, headYaw=0.2, eyeLookUpLeft=0.8), tmp_path, "a.vrm")
    assert set(there) == {"Kopf", "Auge"}
    ahead = np.array([0, 0, -1.0 if version == "VRM" else 1.0])
    left = np.array([-1.0 if version == "VRM" else 1.0, 0, 0])
    nose, gaze = (Rotation.from_quat(there[name][2]).apply(ahead) for name in ("Kopf", "Auge"))
    assert nose[1] < -0.2 and gaze[1] > 0.1 and nose @ left > 0.1, "down in a nod, up with the gaze, to its own left"
    tilt, _ = turns(character, moving(headRoll=0.3), tmp_path, "a.vrm")
    assert Rotation.from_quat(tilt["Kopf"][2]).apply([0, 1, 0]) @ left > 0.2, "to its own left shoulder"


@pytest.mark.parametrize(
    "humanoid", [None, [], {"humanBones": None}, {"humanBones": [None, {"bone": "head", "node": "1"}]}, {"humanBones": {"head": 3}}]
)
@pytest.mark.parametrize("version", ["VRM", "VRMC_vrm"])
def test_a_vrm_that_says_nonsense_is_found_by_names(version, humanoid):
    character = MadeCharacter(SHAPES, ["Head"])
    character.document["extensions"] = {version: {"humanoid": humanoid}}
    assert find_bones(Gltf(character.whole(), b"")) == {"head": 1}


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_bone_with_a_matrix_turns_and_stays_where_it_was(tmp_path, mirrored):
    placed = np.eye(4)
    rest = Rotation.from_euler("XYZ", [0.3, -0.5, 0.2])
    placed[:3, :3] = rest.as_matrix() * (-2 if mirrored else 2) * np.array([1, 1, 0.5])
    placed[:3, 3] = 0, 1.5, 0
    character = MadeCharacter(SHAPES)
    top = np.diag([-1.0 if mirrored else 1.0, 1, 1, 1])
    above = character.node("Armature", matrix=top.T.reshape(-1).tolist())
    character.node("Head", parent=above, matrix=placed.T.reshape(-1).tolist())
    there, file = turns(character, moving(headYaw=0.4), tmp_path)
    node = next(node for node in file.nodes if node.name == "Head")
    assert node.matrix is None and np.allclose(node.translation, [0, 1.5, 0])
    before = Rotation.from_quat(node.rotation).as_matrix() * node.scale
    assert np.allclose(before, placed[:3, :3], atol=1e-6)
    after = top[:3, :3] @ (Rotation.from_quat(there["Head"][2]).as_matrix() * node.scale)
    assert np.allclose(after, Rotation.from_euler("Y", 0.4).as_matrix() @ top[:3, :3] @ placed[:3, :3], atol=1e-5)


def test_a_jaw_bone_opens_a_mouth_without_shapes_for_it(tmp_path):
    character = MadeCharacter(["eyeBlinkLeft"], ["Head", "CC_Base_JawRoot"])
    there, _ = turns(character, moving(jawOpen=0.6, mouthClose=0.2, jawLeft=0.5), tmp_path)
    chin = Rotation.from_quat(there["CC_Base_JawRoot"][2]).apply([0, -0.5, 1.0])
    assert chin[1] < -0.6 and chin[0] > 0.02
    turned = Rotation.from_quat(there["CC_Base_JawRoot"][2]).as_euler("YXZ")[1]
    assert np.isclose(turned, JAW_OPEN * 0.4, atol=1e-5), "no further than lips that stay together allow"
    for shapes in (["jawOpen"], ["Mouth_Open"], ["A", "I", "U", "E", "O"]):
        there, _ = turns(MadeCharacter(shapes, ["Head", "jaw"]), moving(jawOpen=0.6), tmp_path)
        assert "jaw" not in there, f"{shapes} open it already"


def test_bones_alone_make_a_character(tmp_path):
    character = MadeCharacter(["hairWind"], ["Head", "LeftEye", "RightEye", "Jaw"])
    there, _ = turns(character, moving(jawOpen=0.6, headYaw=0.1), tmp_path)
    assert set(there) == {"Head", "LeftEye", "RightEye", "Jaw"}
    with pytest.raises(RigError, match="hairWind.*known spelling"):
        turns(MadeCharacter(["hairWind"], ["Head"]), moving(), tmp_path)


def eyed(of: str) -> MadeCharacter:
    """A face and an eyeball on the bone LeftEye, with gaze shapes: on two meshes, or (`of` is "one") on one of two primitives."""
    character = MadeCharacter()
    head = character.node("Head")
    eye = character.node("LeftEye", parent=head)
    ball, face = character.mesh(SHAPES), character.mesh(SHAPES)
    if of == "rigid":
        character.node("Ball", mesh=ball, parent=eye)
        character.node("Face", mesh=face)
        return character
    skin = character.skin(ball, [head, eye], joint=1)
    character.skin(face, [head, eye], joint=0)
    meshes = character.document["meshes"]
    if of == "one":
        meshes[ball]["primitives"] += meshes.pop(face)["primitives"]
    for mesh in range(len(meshes)):
        character.node(("Ball", "Face")[mesh], mesh=mesh, skin=skin)
    return character


@pytest.mark.parametrize("of", ["two", "rigid"])
def test_an_eyeball_is_turned_by_its_bone_and_not_by_its_shapes_as_well(tmp_path, of):
    there, file = turns(eyed(of), moving(eyeLookUpLeft=0.7, jawOpen=0.4), tmp_path)
    assert np.abs(Rotation.from_quat(there["LeftEye"][2]).as_rotvec()[0]) > 0.1
    weights = {}
    for channel in file.animations[0].channels:
        if channel.target.path == "weights":
            output = file.accessors[file.animations[0].samplers[channel.sampler].output]
            view = file.bufferViews[output.bufferView]
            raw = np.frombuffer(file.binary_blob(), "<f4", output.count, view.byteOffset).reshape(5, -1)
            weights[file.nodes[channel.target.node].name] = dict(zip(SHAPES, raw[2], strict=True))
    assert weights["Ball"]["eyeLookUpLeft"] == 0 and np.isclose(weights["Face"]["eyeLookUpLeft"], 0.7), "the lids follow, on the face"
    assert np.isclose(weights["Face"]["jawOpen"], 0.4)


def test_an_eyeball_in_one_mesh_with_the_face_is_turned_by_shapes_and_that_is_said(tmp_path):
    there, _ = turns(eyed("one"), moving(eyeLookUpLeft=0.7), tmp_path)
    assert "LeftEye" not in there
    asset = read_gltf(tmp_path / "c.glb")
    assert "left eye: moved by shapes" in description(asset, plan_of(asset, "it"))[0]


def test_a_second_shape_of_one_name_rests_and_all_primitives_count(tmp_path):
    character = MadeCharacter()
    mesh = character.mesh(["jawOpen", "jawOpen", "mouthSmileLeft"], counts=[0, 3])
    character.node("Face", mesh=mesh)
    character.node("Again", mesh=mesh)
    export(
        moving(jawOpen=0.5, mouthSmileLeft=0.3), tmp_path / "o.glb", Accompaniment(character=read_gltf(character.save(tmp_path / "c.glb")))
    )
    document = read_gltf(tmp_path / "o.glb").document
    (animation,) = document["animations"]
    assert [channel["target"]["node"] for channel in animation["channels"]] == [0, 1] and len(animation["samplers"]) == 1
    view = document["bufferViews"][document["accessors"][animation["samplers"][0]["output"]]["bufferView"]]
    weights = np.frombuffer(read_gltf(tmp_path / "o.glb").binary, "<f4", 15, view["byteOffset"]).reshape(5, 3)
    assert np.allclose(weights, [0.5, 0, 0.3])


def test_the_command_says_what_moves_and_what_is_missing(tmp_path, capsys):
    write_motion(moving(jawOpen=0.5), tmp_path / "m.npz")
    MadeCharacter(["jawOpen", "eyeBlinkLeft", "eyeBlinkRight", "hairWind"], ["Bip001 Head", None]).save(tmp_path / "c.glb")
    assert main(["export", str(tmp_path / "m.npz"), "-o", str(tmp_path / "o.glb"), "--head", str(tmp_path / "c.glb")]) == 0
    said = capsys.readouterr().out
    assert "c.glb: moves 3 of 4 shapes; head: Bip001 Head, left eye: none, right eye: none, jaw: none" in said
    assert "nothing of the character shows jawForward, jawLeft, jawRight, mouthClose, mouthFunnel" in said and "more" in said
    MadeCharacter(SHAPES, ["Head", "LeftEye", "RightEye", "jaw"]).save(tmp_path / "c.glb")
    assert main(["rig", "init", str(tmp_path / "c.glb"), "-o", str(tmp_path / "c.toml")]) == 0
    said = capsys.readouterr().out
    assert "moves 52 of 52 shapes; head: Head, left eye: LeftEye, right eye: RightEye, jaw: moved by shapes" in said
    assert "nothing of the character" not in said


def test_extras_of_any_kind_do_not_stop_an_export(tmp_path):
    character = MadeCharacter(["jawOpen"], ["Head"])
    character.document["asset"]["extras"] = "made in a hurry"
    for extras in ("text", [1, 2], None, {"targetNames": 3}, {"targetNames": None}):
        character.document["meshes"].append(json.loads(json.dumps(character.document["meshes"][0])) | {"extras": extras})
    export(moving(jawOpen=0.5), tmp_path / "o.glb", Accompaniment(character=read_gltf(character.save(tmp_path / "c.glb"))))
    assert read_gltf(tmp_path / "o.glb").document["asset"]["extras"]["visavox"]["frames"] == 5


def test_names_from_strangers_cannot_write_on_the_terminal(tmp_path):
    character = MadeCharacter(["jawOpen", "\x1b[2J\n" + "x" * 10000], ["Head\x1b \x07"])
    asset = read_gltf(character.save(tmp_path / "c.glb"))
    said = "".join(description(asset, plan_of(asset, "it")))
    assert said.isprintable() and len(said) < 600


def test_shapes_that_only_their_accessors_name_are_found(tmp_path):
    character = MadeCharacter(["a", "b"])
    del character.document["meshes"][0]["extras"]
    offsets = character.document["meshes"][0]["primitives"][0]["targets"]
    for number, name in enumerate(("jawOpen", None)):
        character.document["accessors"].append(character.document["accessors"][0] | ({"name": name} if name else {}))
        offsets[number] = {"POSITION": len(character.document["accessors"]) - 1}
    assert target_names(read_gltf(character.save(tmp_path / "c.glb"))) == {0: ["jawOpen", "target_1"]}


@pytest.mark.parametrize("version", ["VRM", "VRMC_vrm"])
def test_a_vrm_says_what_its_shapes_of_other_names_show(tmp_path, version):
    names = ["\u3042", "\u3044", "\u3046", "\u3048", "\u304a", "w_l", "w_r", "joy", "jaw drop?"]
    character = MadeCharacter(names, ["Head"])
    presets = dict(zip(("a i u e o" if version == "VRM" else "aa ih ou ee oh").split(), range(5), strict=True))
    presets |= {"blink_l" if version == "VRM" else "blinkLeft": 5, "blink_r" if version == "VRM" else "blinkRight": 6, "joy": 7}
    if version == "VRM":
        groups = [{"presetName": name, "binds": [{"mesh": 0, "index": index, "weight": 100}]} for name, index in presets.items()]
        groups += [{"presetName": "unknown", "name": "JawOpen", "binds": [{"mesh": 0, "index": 8, "weight": 100}]}]
        groups += [None, {"binds": 3}, {"presetName": "i", "binds": [None, {"mesh": 9, "index": 0, "weight": 100}, {"mesh": 0}]}]
        character.document["extensions"] = {"VRM": {"blendShapeMaster": {"blendShapeGroups": groups}}}
    else:
        preset = {name: {"morphTargetBinds": [{"node": 0, "index": index, "weight": 1}]} for name, index in presets.items()}
        custom = {"jawOpen": {"morphTargetBinds": [{"node": 0, "index": 8, "weight": 1.0}]}, "no": None, "none": {"morphTargetBinds": [3]}}
        preset["blink"] = {"morphTargetBinds": [{"node": 0, "index": index, "weight": 1.0} for index in (5, 6)]}
        character.document["extensions"] = {"VRMC_vrm": {"expressions": {"preset": preset, "custom": custom}}}
    rig_map = plan_of(read_gltf(character.save(tmp_path / "c.vrm")), "it").rig_map
    sources = {channel.name: channel.sources for channel in rig_map.channels}
    assert set(sources) == set(names[:7]) and sources["w_l"] == {"eyeBlinkLeft": 1.0} and "viseme_aa" in sources["\u3042"]

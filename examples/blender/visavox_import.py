"""Blender add-on: curves of Visavox onto the selected meshes, by the names of their shape keys, and onto a bone called head.

As an add-on: Edit > Preferences > Add-ons > Install from Disk, then File > Import > Visavox curves.
Without a window: blender -b face.blend --python visavox_import.py -- curves.arkit.json -o moving.blend
Reads .arkit.json, .a2f.json, .visemes.json, .azure.json, .npz and Live Link Face .csv; a .glb or .usdc needs no script, Blender opens it.
"""

import csv
import json
import math
import re
import sys
import zipfile

bl_info = {
    "name": "Visavox curves", "author": "Visavox", "version": (1, 0, 0), "blender": (3, 6, 0), "category": "Import-Export",
    "location": "File > Import > Visavox curves", "description": "Facial curves onto shape keys by name",
}  # fmt: skip
SUFFIXES = (".arkit.json", ".a2f.json", ".visemes.json", ".azure.json", ".npz", ".csv")
HEAD = ("headYaw", "headPitch", "headRoll")
NO_CURVES = "holds no curves of Visavox; give .arkit.json, .a2f.json, .visemes.json, .azure.json, .npz or Live Link's .csv"


def read_curves(path):
    """The frames per second and the curves, {channel: [values]}, of a file; angles in radians with Visavox's signs.

    A ValueError for any other file.
    """
    try:
        return _read(path)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError, EOFError, zipfile.BadZipFile):
        raise ValueError(f"{path} {NO_CURVES}") from None


def _read(path):
    if path.endswith(".npz"):
        import numpy

        with numpy.load(path, allow_pickle=False) as file:
            return float(file["fps"]), {
                str(name): column.tolist() for name, column in zip(file["channels"], file["values"].T, strict=False)
            }
    if path.endswith(".csv"):
        return _read_live_link(path)
    with open(path, encoding="utf-8") as file:
        data = json.load(file)
    if "facsNames" in data:
        curves = dict(zip(data["facsNames"], map(list, zip(*data["weightMat"], strict=False)), strict=False))
        return float(data["exportFps"]), curves | data.get("visavox", {}).get("head_radians", {})
    if "BlendShapes" in data:
        return 60.0, dict(zip(AZURE, map(list, zip(*data["BlendShapes"], strict=False)), strict=False))
    return float(data["fps"]), dict(zip(data["channels"], map(list, zip(*data["frames"], strict=False)), strict=False))


def _read_live_link(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    curves = {
        name[0].lower() + name[1:]: [float(row[name]) for row in rows] for name in rows[0] if name not in ("Timecode", "BlendshapeCount")
    }
    curves["headYaw"] = [-value for value in curves["headYaw"]]
    seconds = [_seconds(row["Timecode"]) for row in (rows[0], rows[-1])]
    return (len(rows) - 1) / (seconds[1] - seconds[0]) if len(rows) > 1 else 60.0, curves


def _seconds(timecode):
    hours, minutes, seconds, frames = timecode.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + int(seconds) + float(frames) / 60  # frames count on a base of 60


def bare(name):
    """A name in lower case without separators, its side written out and last: jaw_open, Eye_Blink_L and eyeBlinkLeft."""
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name.split(".")[-1] if name.count(".") and len(name.split(".")[-1]) > 1 else name)
    words = [{"l": "left", "r": "right"}.get(word, word) for word in re.split(r"[^a-z0-9]+", name.lower()) if word]
    return "".join(sorted(words, key=lambda word: word in ("left", "right")))


def is_head(name):
    """Whether a bone is the head by its name, whatever rigs write around it: mixamorig:Head, head.x, Head_M, 頭; a forehead is none."""
    words = re.findall(r"[^\W\d_]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", name).lower())
    while words and words[-1] in ("x", "m", "c", "jnt", "joint", "bone"):
        words.pop()
    return words[-1:] in (["head"], ["頭"])


def match(keys, channels):
    """{shape key: channel} for the keys whose names are a spelling of a channel's."""
    known = {bare(channel): channel for channel in channels}
    return {key: known[bare(key)] for key in keys if bare(key) in known}


def frame_of(index, fps, scene_fps):
    """The scene's frame at the middle of frame number `index`; the scene begins at frame 1."""
    return 1 + (index + 0.5) / fps * scene_fps


def apply(context, path):
    """Puts the curves on the selected objects; the number of shape keys that move."""
    fps, curves = read_curves(path)
    scene_fps = context.scene.render.fps / context.scene.render.fps_base
    moved = 0
    for thing in context.selected_objects:
        if thing.type == "MESH" and thing.data.shape_keys:
            blocks = thing.data.shape_keys.key_blocks
            for key, channel in match(blocks.keys(), curves).items():
                for index, value in enumerate(curves[channel]):
                    blocks[key].value = value
                    blocks[key].keyframe_insert("value", frame=frame_of(index, fps, scene_fps))
                moved += 1
        if thing.type == "ARMATURE" and all(name in curves for name in HEAD):
            _turn_head(thing, [curves[name] for name in HEAD], fps, scene_fps)
    length = max(map(len, curves.values()))
    context.scene.frame_end = max(context.scene.frame_end, math.ceil(frame_of(length, fps, scene_fps)))
    return moved


def _turn_head(armature, turns, fps, scene_fps):
    """Turns the bone called head about the axes of the world: yaw about Z, pitch about X, roll about Y (Blender looks along -Y)."""
    from mathutils import Euler

    bone = next((bone for bone in armature.pose.bones if is_head(bone.name)), armature.pose.bones.get("DEF-spine.006"))
    if bone is None:
        return
    bone.rotation_mode = "QUATERNION"
    rest = (armature.matrix_world @ bone.bone.matrix_local).to_quaternion()
    for index, (yaw, pitch, roll) in enumerate(zip(*turns, strict=False)):
        world = Euler((0, 0, yaw)).to_quaternion() @ Euler((pitch, 0, 0)).to_quaternion() @ Euler((0, roll, 0)).to_quaternion()
        bone.rotation_quaternion = rest.inverted() @ world @ rest
        bone.keyframe_insert("rotation_quaternion", frame=frame_of(index, fps, scene_fps))


AZURE = (
    "eyeBlinkLeft eyeLookDownLeft eyeLookInLeft eyeLookOutLeft eyeLookUpLeft eyeSquintLeft eyeWideLeft eyeBlinkRight eyeLookDownRight "
    "eyeLookInRight eyeLookOutRight eyeLookUpRight eyeSquintRight eyeWideRight jawForward jawLeft jawRight jawOpen mouthClose mouthFunnel "
    "mouthPucker mouthLeft mouthRight mouthSmileLeft mouthSmileRight mouthFrownLeft mouthFrownRight mouthDimpleLeft mouthDimpleRight "
    "mouthStretchLeft mouthStretchRight mouthRollLower mouthRollUpper mouthShrugLower mouthShrugUpper mouthPressLeft mouthPressRight "
    "mouthLowerDownLeft mouthLowerDownRight mouthUpperUpLeft mouthUpperUpRight browDownLeft browDownRight browInnerUp browOuterUpLeft "
    "browOuterUpRight cheekPuff cheekSquintLeft cheekSquintRight noseSneerLeft noseSneerRight tongueOut headRoll"
).split()


def register():
    """Adds File > Import > Visavox curves."""
    import bpy
    from bpy_extras.io_utils import ImportHelper

    class VisavoxImport(bpy.types.Operator, ImportHelper):
        """Put facial curves on the selected meshes by the names of their shape keys"""

        bl_idname, bl_label = "import_anim.visavox", "Visavox curves"
        filter_glob: bpy.props.StringProperty(default="*.json;*.npz;*.csv", options={"HIDDEN"})

        def execute(self, context):
            try:
                moved = apply(context, self.filepath)
            except (OSError, ValueError) as error:
                self.report({"ERROR"}, str(error))
                return {"CANCELLED"}
            self.report({"INFO"} if moved else {"WARNING"}, f"{moved} shape keys follow {self.filepath}")
            return {"FINISHED"} if moved else {"CANCELLED"}

    bpy.utils.register_class(VisavoxImport)
    bpy.types.TOPBAR_MT_file_import.append(lambda menu, context: menu.layout.operator(VisavoxImport.bl_idname, text="Visavox curves"))


def main(arguments):
    """Moves every object of the open file, and saves it where -o says."""
    import bpy

    for thing in bpy.context.scene.objects:
        thing.select_set(True)
    moved = apply(bpy.context, arguments[0])
    print(f"{moved} shape keys follow {arguments[0]}")
    if "-o" in arguments:
        bpy.ops.wm.save_as_mainfile(filepath=arguments[arguments.index("-o") + 1])


if __name__ == "__main__":
    main(sys.argv[sys.argv.index("--") + 1 :]) if "--" in sys.argv else register()

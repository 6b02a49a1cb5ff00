"""Writes golden.usda, .vrma, .glb, .visemes.json, .parquet and .npz: `python tests/export/make_golden_files.py`.

Nothing of Visavox is used: USD is authored with pxr, glTF with pygltflib, the table with pyarrow, from the numbers below and those of
`make_golden`. Quaternions are multiplied out here; visemes are known in closed form, since a mouth that is just one pose p is
explained by that pose at 1 - 0.01 / |p|, its price being a hundredth of its size, and by silence for the rest.
"""

import io
import json
from math import cos, sin, sqrt
from pathlib import Path

import numpy as np
from make_character import build
from make_golden import ARKIT, FRAMES, HEAD, SIDEWAYS

FOLDER = Path(__file__).with_name("golden")
FPS, SAID = 60, {"seed": 1}
TIMES = [0.5 / FPS, 1.5 / FPS, 2.5 / FPS]

# A head of 14 points in centimetres: a mouth of two triangles, a triangle between the lids, and an eye of one on each side.
POINTS = [
    (0, -4, 2), (2, -6, 2), (-2, -6, 2), (0, -5, 2), (2, -8, 2), (-2, -8, 2), (3, 1, 2), (-3, 1, 2),
    (2, 0, 1), (4, 0, 1), (3, 1, 1), (-2, 0, 1), (-4, 0, 1), (-3, 1, 1),
]  # fmt: skip
TRIANGLES = [(0, 2, 1), (3, 5, 4), (6, 7, 0), (8, 9, 10), (11, 13, 12)]  # three of skin, then the eyes
SHAPES_CM = {  # how far points move up
    "jawOpen": {3: -2, 4: -2, 5: -2}, "mouthClose": {3: 2, 4: 2, 5: 2}, "mouthLowerDownLeft": {4: -0.4}, "mouthLowerDownRight": {5: -0.4},
    "eyeBlinkLeft": {6: -1}, "eyeBlinkRight": {7: -1},
}  # fmt: skip
ON_HEAD = [1, 1, 1, 1, 0.5, 0.5, 1, 1, 1, 1, 1, 1, 1, 1]  # how much of each point the head carries, the trunk the rest
PIVOT, EYES = (0, -12, -8), ((3, 0, 0), (-3, 0, 0))
SKIN, EYE = (205, 158, 135), (240, 240, 240)  # sRGB

# Two mouths of one pose each: the channels, and how much each counts in what a mouth looks like.
AA = {"jawOpen": (0.44, 1), "mouthPucker": (0.03, 1), "mouthLowerDown": (0.31, 1), "mouthUpperUp": (0.16, 1), "mouthStretch": (0.05, 1.5)}
PP = {
    "jawOpen": (0.07, 1), "mouthClose": (0.07, 1), "mouthPress": (0.14, 2.5), "mouthRollLower": (0.20, 1.2), "mouthRollUpper": (0.12, 1.5),
    "mouthPucker": (0.04, 1),
}  # fmt: skip
BOTH_SIDES = ("mouthLowerDown", "mouthUpperUp", "mouthStretch", "mouthPress")
OCULUS = "sil PP FF TH DD kk CH SS nn RR aa E ih oh ou".split()
TURNS = {"headYaw": 0.25, "headPitch": 0.125, "headRoll": 0.5, "eyeLookOutLeft": 0.5, "eyeLookInRight": 0.5, "eyeBlinkLeft": 0.75}


def mouth(pose: dict) -> dict:
    """The channels of a mouth, sides written out."""
    sided = {name: [f"{name}Left", f"{name}Right"] if name in BOTH_SIDES else [name] for name in pose}
    return {channel: pose[name][0] for name, channels in sided.items() for channel in channels}


def share(pose: dict) -> float:
    """How much of the mouth its own pose explains."""
    return 1 - 0.01 / sqrt(sum(counts * value**2 for value, counts in pose.values()))


SPOKEN = [{}, mouth(AA) | TURNS, mouth(PP)]  # the frames of the .vrma and of the visemes


def times(first: tuple, second: tuple) -> tuple:
    """The product of two quaternions (x, y, z, w)."""
    (a, b, c, d), (e, f, g, h) = first, second
    return (d * e + a * h + b * g - c * f, d * f - a * g + b * h + c * e, d * g + a * f - b * e + c * h, d * h - a * e - b * f - c * g)


def about(axis: int, angle: float) -> tuple:
    """The quaternion of a turn about X, Y or Z."""
    turn = [0.0, 0.0, 0.0, cos(angle / 2)]
    turn[axis] = sin(angle / 2)
    return tuple(turn)


def head_turn(frame: dict) -> tuple:
    """Yaw, then pitch, then roll, which is towards the left shoulder and so the other way about +Z."""
    yaw, pitch, roll = (frame.get(name, 0) for name in ("headYaw", "headPitch", "headRoll"))
    return times(times(about(1, yaw), about(0, pitch)), about(2, -roll))


def eye_turn(frame: dict, channel: str) -> tuple:
    """Towards the face's left, which is outwards for its left eye and inwards for its right."""
    return about(1, SIDEWAYS * frame.get(channel, 0))


EYE_CHANNELS = ("eyeLookOutLeft", "eyeLookInRight")


def write_usda(path: Path) -> None:
    """The small head, moved as in FRAMES."""
    from pxr import Gf, Sdf, Usd, UsdGeom, UsdSkel, Vt

    stage = Usd.Stage.CreateInMemory()
    UsdGeom.SetStageUpAxis(stage, "Y")
    UsdGeom.SetStageMetersPerUnit(stage, 1)
    stage.SetTimeCodesPerSecond(FPS)
    stage.SetFramesPerSecond(FPS)
    stage.SetStartTimeCode(0)
    stage.SetEndTimeCode(len(FRAMES) - 1)
    stage.SetDefaultPrim(UsdSkel.Root.Define(stage, "/Face").GetPrim())
    stage.GetRootLayer().customLayerData = {"visavox": {"generator": "Visavox", "provenance": json.dumps(SAID)}}
    names = [name for name in ARKIT if any(frame.get(name) for frame in FRAMES)]
    skeleton = UsdSkel.Skeleton.Define(stage, "/Face/Skeleton")
    joints = Vt.TokenArray(["Trunk", "Trunk/Head", "Trunk/Head/LeftEye", "Trunk/Head/RightEye"])
    world = [Gf.Vec3d(place) / 100 for place in ((0, 0, 0), PIVOT, *EYES)]
    local = [world[0], world[1], world[2] - world[1], world[3] - world[1]]
    skeleton.CreateJointsAttr(joints)
    skeleton.CreateBindTransformsAttr([Gf.Matrix4d(1).SetTranslate(place) for place in world])
    skeleton.CreateRestTransformsAttr([Gf.Matrix4d(1).SetTranslate(place) for place in local])
    animation = UsdSkel.Animation.Define(stage, "/Face/Animation")
    animation.CreateJointsAttr(joints)
    animation.CreateTranslationsAttr([Gf.Vec3f(place) for place in local])
    animation.CreateScalesAttr([Gf.Vec3h(1, 1, 1)] * 4)
    animation.CreateBlendShapesAttr(names)
    for number, frame in enumerate(FRAMES):
        turns = [about(0, 0), head_turn(frame), *(eye_turn(frame, channel) for channel in EYE_CHANNELS)]
        animation.CreateRotationsAttr().Set(Vt.QuatfArray([Gf.Quatf(w, x, y, z) for x, y, z, w in turns]), number)
        animation.CreateBlendShapeWeightsAttr().Set([float(frame.get(name, 0)) for name in names], number)
    mesh = UsdGeom.Mesh.Define(stage, "/Face/Skin")
    mesh.CreatePointsAttr([Gf.Vec3f(*point) / 100 for point in POINTS])
    mesh.CreateFaceVertexIndicesAttr([corner for triangle in TRIANGLES for corner in triangle])
    mesh.CreateFaceVertexCountsAttr([3] * len(TRIANGLES))
    mesh.CreateSubdivisionSchemeAttr("none")
    mesh.CreateExtentAttr([Gf.Vec3f(-4, -8, 1) / 100, Gf.Vec3f(4, 1, 2) / 100])
    paint = [Gf.Vec3f(*((level / 255) ** 2.2 for level in colour)) for colour in (SKIN, SKIN, SKIN, EYE, EYE)]
    mesh.CreateDisplayColorPrimvar("uniform").Set(Vt.Vec3fArray(paint))
    binding = UsdSkel.BindingAPI.Apply(mesh.GetPrim())
    UsdSkel.BindingAPI.Apply(skeleton.GetPrim()).CreateAnimationSourceRel().SetTargets([Sdf.Path("/Face/Animation")])
    carried = [(2, 1.0) if 8 <= point < 11 else (3, 1.0) if point >= 11 else (1, on) for point, on in enumerate(ON_HEAD)]
    binding.CreateJointIndicesPrimvar(False, 2).Set(Vt.IntArray([joint for pair in ((head, 0) for head, _ in carried) for joint in pair]))
    binding.CreateJointWeightsPrimvar(False, 2).Set(Vt.FloatArray([part for _, on in carried for part in (on, 1 - on)]))
    binding.CreateSkeletonRel().SetTargets([Sdf.Path("/Face/Skeleton")])
    binding.CreateBlendShapesAttr(names)
    binding.CreateBlendShapeTargetsRel().SetTargets([Sdf.Path(f"/Face/Skin/{name}") for name in names])
    for name in names:
        moved = SHAPES_CM.get(name, {})
        shape = UsdSkel.BlendShape.Define(stage, f"/Face/Skin/{name}")
        shape.CreateOffsetsAttr([Gf.Vec3f(0, up / 100, 0) for up in moved.values()])
        shape.CreatePointIndicesAttr(list(moved))
    stage.GetRootLayer().Export(str(path))


class Curves:
    """A glTF file that grows an animation called "speech"."""

    def __init__(self, file):
        import pygltflib

        self.g, self.file, self.blob = pygltflib, file, bytearray(file.binary_blob() or b"")
        self.animation = pygltflib.Animation(name="speech", samplers=[], channels=[])
        self.file.animations.insert(0, self.animation)
        self.times = self.accessor(np.array(TIMES, np.float32), "SCALAR")
        file.accessors[self.times].min, file.accessors[self.times].max = [float(np.float32(TIMES[0]))], [float(np.float32(TIMES[-1]))]

    def accessor(self, values: np.ndarray, kind: str) -> int:
        """The index of an accessor of float32 `values`."""
        g, data = self.g, values.astype("<f4")
        self.file.bufferViews.append(g.BufferView(buffer=0, byteOffset=len(self.blob), byteLength=data.nbytes))
        self.blob += data.tobytes()
        last = len(self.file.bufferViews) - 1
        count = values.size if kind == "SCALAR" else len(values)
        self.file.accessors.append(g.Accessor(bufferView=last, componentType=g.FLOAT, count=count, type=kind))
        return len(self.file.accessors) - 1

    def move(self, node: int, path: str, values: list) -> None:
        """Adds a channel."""
        kind = {"rotation": "VEC4", "translation": "VEC3", "weights": "SCALAR"}[path]
        output = self.accessor(np.array(values), kind)
        self.animation.samplers.append(self.g.AnimationSampler(input=self.times, output=output))
        target = self.g.AnimationChannelTarget(node=node, path=path)
        self.animation.channels.append(self.g.AnimationChannel(sampler=len(self.animation.samplers) - 1, target=target))

    def write(self, path: Path) -> None:
        """Writes the file as a .glb."""
        self.file.buffers = [self.g.Buffer(byteLength=len(self.blob))]
        self.file.set_binary_blob(bytes(self.blob))
        path.write_bytes(b"".join(self.file.save_to_bytes()))


def write_vrma(path: Path) -> None:
    """SPOKEN as a VRM animation."""
    import pygltflib as g

    bones = {"hips": (0, 0.9, 0), "spine": (0, 0.15, 0), "chest": (0, 0.15, 0), "neck": (0, 0.25, 0), "head": (0, 0.1, 0.02)}
    weights = dict.fromkeys(("aa", "ih", "ou", "ee", "oh", "blinkLeft", "blinkRight"), (0, 0, 0))
    weights |= {"aa": (0, share(AA), 0), "blinkLeft": (0, TURNS["eyeBlinkLeft"], 0)}
    nodes = [g.Node(name=name, translation=list(place), children=[number + 1]) for number, (name, place) in enumerate(bones.items())]
    nodes[4].children = []
    nodes += [g.Node(name=name) for name in ("lookAt", *weights)]
    place = {node.name: number for number, node in enumerate(nodes)}
    file = g.GLTF2(scene=0, scenes=[g.Scene(nodes=[0, *range(5, len(nodes))])], nodes=nodes, extensionsUsed=["VRMC_vrm_animation"])
    file.asset.extras = {"visavox": {"fps": 60.0, "provenance": SAID}}
    file.extensions = {"VRMC_vrm_animation": {
        "specVersion": "1.0", "humanoid": {"humanBones": {name: {"node": place[name]} for name in bones}},
        "expressions": {"preset": {name: {"node": place[name]} for name in weights}, "custom": {}},
        "lookAt": {"node": place["lookAt"], "offsetFromHeadBone": [0, 0.06, 0]},
    }}  # fmt: skip
    curves = Curves(file)
    curves.move(place["head"], "rotation", [head_turn(frame) for frame in SPOKEN])
    curves.move(place["lookAt"], "rotation", [eye_turn(frame, "eyeLookOutLeft") for frame in SPOKEN])
    for name, curve in weights.items():
        curves.move(place[name], "translation", [(value, 0, 0) for value in curve])
    curves.write(path)


def write_glb(path: Path) -> None:
    """FRAMES on the character of `make_character`, whose head lies on its side under a parent that does so too."""
    import pygltflib as g

    curves, half = Curves(g.GLTF2.load_from_bytes(build())), sqrt(0.5)
    curves.file.asset.extras = {"visavox": {"fps": 60.0, "frames": 3, "provenance": SAID}}
    wakes = [[frame.get("jawOpen", 0), 0, 0, 0, 0.25] for frame in FRAMES]  # of the five targets only the jaw moves; hairWind rests
    curves.move(4, "weights", wakes)
    curves.move(5, "weights", [[frame.get("jawOpen", 0)] for frame in FRAMES])
    armature, rest = (-half, 0, 0, half), (0, 0, half, half)
    back = (half, 0, 0, half)
    curves.move(1, "rotation", [times(times(times(back, head_turn(frame)), armature), rest) for frame in FRAMES])
    above = times(armature, rest)
    under = (-above[0], -above[1], -above[2], above[3])
    for node, channel in zip((2, 3), EYE_CHANNELS, strict=True):
        curves.move(node, "rotation", [times(times(under, eye_turn(frame, channel)), above) for frame in FRAMES])
    curves.write(path)


def write_visemes(path: Path) -> None:
    """SPOKEN as visemes."""
    rows = [{"sil": 1.0}, {"sil": 1 - share(AA), "aa": share(AA)}, {"sil": 1 - share(PP), "PP": share(PP)}]
    said = {
        "fps": 60.0, "rig": "visemes", "channels": [f"viseme_{name}" for name in OCULUS], "units": ["weight"] * 15, "provenance": SAID,
        "frames": [[row.get(name, 0.0) for name in OCULUS] for row in rows],
    }  # fmt: skip
    path.write_text(json.dumps(said, indent=1) + "\n")


def write_table(path: Path) -> None:
    """FRAMES as a Parquet table, column by column."""
    import pyarrow
    from pyarrow import parquet

    columns = {"seconds": TIMES} | {name: np.array([frame.get(name, 0) for frame in FRAMES], np.float32) for name in [*ARKIT, *HEAD]}
    said = {"visavox.fps": "60.0", "visavox.provenance": json.dumps(SAID)}
    parquet.write_table(pyarrow.table(columns).replace_schema_metadata(said), path)


def write_npz(path: Path) -> None:
    """FRAMES as NumPy arrays."""
    buffer = io.BytesIO()
    values = np.float32([[frame.get(name, 0) for name in [*ARKIT, *HEAD]] for frame in FRAMES])
    np.savez(buffer, values=values, channels=np.array([*ARKIT, *HEAD]), fps=np.array(60.0), provenance=np.array(json.dumps(SAID)))
    path.write_bytes(buffer.getvalue())


WRITERS = {
    ".usda": write_usda, ".vrma": write_vrma, ".glb": write_glb, ".visemes.json": write_visemes, ".parquet": write_table, ".npz": write_npz,
}  # fmt: skip

if __name__ == "__main__":
    for suffix, write in WRITERS.items():
        write(FOLDER / f"golden{suffix}")

"""Universal Scene Description (.usda, .usdc, .usdz): the default head as UsdSkel with blend shapes, for Omniverse, Maya, Houdini, Unreal.

One SkelAnimation drives the face and the joints `Trunk/Head/LeftEye` and so on, since a skeleton follows only one. Metres, Y up;
time codes are frame numbers, and timeCodesPerSecond is the motion's fps. The layer's custom data say what made the file.
"""

import errno
import json
import os
import time
from pathlib import Path

import numpy as np

from visavox.errors import DependencyError
from visavox.export.accompaniment import Accompaniment
from visavox.export.gltf.default_head import STILL, target_offsets, target_weights
from visavox.export.gltf.paint import PAINT
from visavox.export.required_shapes import need_shapes
from visavox.gamma import GAMMA
from visavox.io.atomic import replacing
from visavox.motion import Motion
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.rotations import SIDES, eye_quaternions, head_quaternions

JOINTS = ("Trunk", "Trunk/Head", "Trunk/Head/LeftEye", "Trunk/Head/RightEye")
ROOT = "/Face"
REFUSALS = tuple(os.strerror(code) for code in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO, errno.EACCES, errno.EROFS))
UNTOLD = "the USD library could not write it"
ZIPPED = (2000, 1, 1, 0, 0, 0, 0, 1, -1)  # the local time at which every .usdz says that its layer was written: its bytes repeat


def write_usd(motion: Motion, path: str | Path, accompaniment: Accompaniment) -> None:
    """Writes the accompaniment's head, or the default one, moved by `motion`.

    A RigError when the rig has no ARKit shape; a DependencyError when usd-core is not installed.
    """
    need_shapes(motion, "the head in a USD file")
    try:
        from pxr import Tf, Usd
    except ImportError:
        raise DependencyError(f"writing {path} needs usd-core; install it with: pip install 'visavox[usd]'") from None
    head = accompaniment.head or Head.default()
    stage = Usd.Stage.CreateInMemory()
    _describe(stage, motion, accompaniment)
    names, weights = target_weights(motion)
    centres = _add_skeleton(stage, head, accompaniment)
    _add_animation(stage, motion, names, weights, centres)
    _add_mesh(stage, head, head.neutral(accompaniment.identity), names)
    with replacing(path) as temporary:
        try:
            written = _write_stage(stage, temporary)
        except Tf.ErrorException as error:  # its text is pages of C++; what the system said stands in it
            raise OSError(next((reason for reason in REFUSALS if reason in str(error)), UNTOLD)) from None
        if not written:
            raise OSError(UNTOLD)


def _write_stage(stage, path: Path) -> bool:
    """Writes the stage to `path`, by its suffix; whether the library says that it did."""
    from pxr import UsdUtils

    if path.suffix.lower() != ".usdz":
        return stage.GetRootLayer().Export(str(path))
    layer = path.with_name("face.usdc")  # in the hidden folder of the unfinished file, which is removed whole
    if not stage.GetRootLayer().Export(str(layer)):
        return False
    os.utime(layer, (time.mktime(ZIPPED),) * 2)
    return UsdUtils.CreateNewUsdzPackage(str(layer), str(path), "face.usdc")


def _describe(stage, motion: Motion, accompaniment: Accompaniment) -> None:
    """Units, times, and where the file comes from."""
    from pxr import UsdGeom, UsdSkel

    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    UsdGeom.SetStageMetersPerUnit(stage, 1.0)
    stage.SetTimeCodesPerSecond(motion.fps)
    stage.SetFramesPerSecond(motion.fps)
    stage.SetStartTimeCode(0)
    stage.SetEndTimeCode(motion.frames - 1)
    stage.SetDefaultPrim(UsdSkel.Root.Define(stage, ROOT).GetPrim())
    stated = {"generator": "Visavox"} | (
        {"provenance": json.dumps(accompaniment.provenance, sort_keys=True)} if accompaniment.provenance else {}
    )
    stage.GetRootLayer().customLayerData = {"visavox": stated}


def _add_skeleton(stage, head: Head, accompaniment: Accompaniment) -> list[np.ndarray]:
    """Adds the skeleton at rest; the places (4, 3) of its joints relative to their parents."""
    from pxr import Gf, UsdSkel, Vt

    preset = head.preset_index(accompaniment.identity)
    moved = head.neutral(accompaniment.identity) - head.preset_positions[preset]
    eyes = [head.eye_centre[preset, eye] + moved[head.eyeballs[eye]].mean(0) for eye in range(2)]
    worlds = [np.zeros(3), head.pivot, *eyes]
    local = [worlds[0], worlds[1], worlds[2] - worlds[1], worlds[3] - worlds[1]]
    skeleton = UsdSkel.Skeleton.Define(stage, f"{ROOT}/Skeleton")
    skeleton.CreateJointsAttr(Vt.TokenArray(JOINTS))
    for attribute, places in ((skeleton.CreateBindTransformsAttr(), worlds), (skeleton.CreateRestTransformsAttr(), local)):
        attribute.Set(Vt.Matrix4dArray([Gf.Matrix4d(1).SetTranslate(Gf.Vec3d(*map(float, place))) for place in places]))
    return local


def _add_animation(stage, motion: Motion, names: list[str], weights: np.ndarray, places: list[np.ndarray]) -> None:
    """Adds the one SkelAnimation: weights and rotations at every frame."""
    from pxr import Gf, UsdSkel, Vt

    animation = UsdSkel.Animation.Define(stage, f"{ROOT}/Animation")
    animation.CreateJointsAttr(Vt.TokenArray(JOINTS))
    animation.CreateTranslationsAttr(Vt.Vec3fArray([Gf.Vec3f(*map(float, place)) for place in places]))
    animation.CreateScalesAttr(Vt.Vec3hArray([Gf.Vec3h(1, 1, 1)] * len(JOINTS)))
    animation.CreateBlendShapesAttr(Vt.TokenArray(names))
    turns = np.stack([head_quaternions(motion), *(eye_quaternions(motion, side) for side in SIDES)], axis=1)
    rotated, weighed = animation.CreateRotationsAttr(), animation.CreateBlendShapeWeightsAttr()
    for frame in range(motion.frames):
        quaternions = [Gf.Quatf(1), *(Gf.Quatf(float(w), float(x), float(y), float(z)) for x, y, z, w in turns[frame])]
        rotated.Set(Vt.QuatfArray(quaternions), frame)
        weighed.Set(Vt.FloatArray.FromNumpy(np.ascontiguousarray(weights[frame], np.float32)), frame)


def _add_mesh(stage, head: Head, neutral: np.ndarray, names: list[str]) -> None:
    """Adds the whole head as one mesh, bound to the joints, with a BlendShape prim for each of `names`."""
    from pxr import Sdf, UsdGeom, UsdSkel, Vt

    mesh = UsdGeom.Mesh.Define(stage, f"{ROOT}/Skin")
    mesh.CreatePointsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(neutral, np.float32)))
    mesh.CreateFaceVertexIndicesAttr(Vt.IntArray.FromNumpy(head.position_index[head.faces].reshape(-1).astype(np.int32)))
    mesh.CreateFaceVertexCountsAttr(Vt.IntArray.FromNumpy(np.full(len(head.faces), 3, np.int32)))
    mesh.CreateSubdivisionSchemeAttr(UsdGeom.Tokens.none)
    mesh.CreateExtentAttr(Vt.Vec3fArray.FromNumpy(np.stack([neutral.min(0), neutral.max(0)]).astype(np.float32)))
    paint = np.array([PAINT.get(group, (240, 240, 240) if group == "eyes" else PAINT["skin"]) for group in head.groups]) / 255
    mesh.CreateDisplayColorPrimvar(UsdGeom.Tokens.uniform).Set(
        Vt.Vec3fArray.FromNumpy((paint[head.face_group] ** GAMMA).astype(np.float32))
    )
    binding = UsdSkel.BindingAPI.Apply(mesh.GetPrim())
    joints, weights = _influences(head)
    binding.CreateJointIndicesPrimvar(False, 2).Set(Vt.IntArray.FromNumpy(joints))
    binding.CreateJointWeightsPrimvar(False, 2).Set(Vt.FloatArray.FromNumpy(weights))
    binding.CreateSkeletonRel().SetTargets([Sdf.Path(f"{ROOT}/Skeleton")])
    skeleton = UsdSkel.BindingAPI.Apply(stage.GetPrimAtPath(f"{ROOT}/Skeleton"))
    skeleton.CreateAnimationSourceRel().SetTargets([Sdf.Path(f"{ROOT}/Animation")])
    binding.CreateBlendShapesAttr(Vt.TokenArray(names))
    binding.CreateBlendShapeTargetsRel().SetTargets([Sdf.Path(f"{ROOT}/Skin/{name}") for name in names])
    for name in names:
        offsets = target_offsets(head, neutral, name)
        moving = np.flatnonzero(np.abs(offsets).max(1) > STILL)
        shape = UsdSkel.BlendShape.Define(stage, f"{ROOT}/Skin/{name}")
        shape.CreateOffsetsAttr(Vt.Vec3fArray.FromNumpy(np.ascontiguousarray(offsets[moving], np.float32)))
        shape.CreatePointIndicesAttr(Vt.IntArray.FromNumpy(moving.astype(np.int32)))


def _influences(head: Head) -> tuple[np.ndarray, np.ndarray]:
    """Two joints and their weights a position, flat (2 V,): an eyeball follows its eye, all else the head and the trunk."""
    weights = np.stack([head.head_weight, 1 - head.head_weight], axis=1).astype(np.float32)
    joints = np.tile(np.array([1, 0], np.int32), (len(weights), 1))
    for eye, ball in enumerate(head.eyeballs):
        joints[ball], weights[ball] = (2 + eye, 0), (1, 0)
    return joints.reshape(-1), weights.reshape(-1)

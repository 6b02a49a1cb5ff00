"""The default head as a glTF asset that moves: one skinned face with a morph target per shape, two eyes, four nodes.

Nodes: `Trunk` > `Head` (at the pivot of the neck) > `LeftEye`, `RightEye`, `Hair`. The face follows Trunk and Head by its weights, so
that the neck bends as `visavox.rigs.heads.default_head` bends it. Only the shapes that the motion moves are written, each as a sparse
accessor: all 52 take 5 MB, an ordinary recording 4 MB.
"""

import numpy as np

from visavox.export.gltf.builder import INDICES, VERTICES, Builder
from visavox.export.gltf.hair import add_hair
from visavox.export.gltf.paint import FACE_MATERIAL, Look, eye_material, lash_material, skin_material, vertex_colours, wrapped
from visavox.io.gltf import Gltf
from visavox.motion import Motion
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lids import shut_lids
from visavox.rigs.heads.rotations import SIDES, channel_or_zero, eye_quaternions, head_quaternions
from visavox.rigs.heads.tongue import CORRECTIVES, corrective_weights
from visavox.style import Identity
from visavox.windows import frame_times

TRUNK, HEAD, FACE = 0, 1, 2  # nodes
STILL = 1e-4  # metres: what moves less is left out of a morph target


def moving_head(motion: Motion, head: Head, identity: Identity, look: Look | None) -> Builder:
    """The asset of `head` as `identity`, animated by `motion` with the keys at the centres of its frames."""
    builder = Builder(Gltf({"asset": {"version": "2.0"}, "scene": 0}, b""))
    names, weights = target_weights(motion)
    neutral = head.neutral(identity)
    if look is not None:
        neutral = neutral + vertex_normals(neutral, head.position_index[head.faces]) * look.lift[:, None]
    skin = _add_face(builder, head, neutral, names, look)
    white = builder.add("materials", eye_material(builder, look))
    eyes = [_add_eye(builder, head, identity, side, white) for side in range(2)]
    builder.document |= {
        "scenes": [{"nodes": [TRUNK, FACE]}],
        "nodes": [
            {"name": "Trunk", "children": [HEAD]},
            {"name": "Head", "translation": head.pivot.tolist(), "children": [FACE + 1, FACE + 2]},
            {"name": "Face", "mesh": 0, "skin": skin},
            *eyes,
        ],
    }
    if look is not None and look.hair is not None:
        builder.add("nodes", {"name": "Hair", "mesh": add_hair(builder, look.hair, head.pivot)})
        builder.document["nodes"][HEAD]["children"].append(len(builder.document["nodes"]) - 1)
    times = frame_times(motion.frames, motion.fps)
    if names:
        builder.animate(FACE, "weights", weights, times)
    builder.animate(HEAD, "rotation", head_quaternions(motion), times)
    for eye, side in enumerate(SIDES):
        builder.animate(FACE + 1 + eye, "rotation", eye_quaternions(motion, side), times)
    return builder


def target_weights(motion: Motion) -> tuple[list[str], np.ndarray]:
    """The shapes of the head that the motion moves, in order, the tongue's correctives last, and their weights (T, n).

    mouthClose goes no further than jawOpen, as on the head: beyond it the lower lip would pass through the upper one.
    """
    tongue = corrective_weights(channel_or_zero(motion, "tongueOut"), channel_or_zero(motion, "jawOpen"))
    curves = {channel.name: motion.channel(channel.name) for channel in motion.rig.channels if channel.unit == "weight"}
    if "mouthClose" in curves:
        curves["mouthClose"] = np.minimum(curves["mouthClose"], channel_or_zero(motion, "jawOpen"))
    curves |= dict(zip(CORRECTIVES, tongue.T, strict=True))
    moving = {name: curve for name, curve in curves.items() if np.any(curve)}
    return list(moving), np.stack(list(moving.values()), axis=1) if moving else np.zeros((motion.frames, 0))


def target_offsets(head: Head, neutral: np.ndarray, name: str) -> np.ndarray:
    """How the shape `name` moves the positions (V, 3) of a head at rest; a blink goes just as far as this face's lids are apart."""
    if name in CORRECTIVES:
        return head.corrective_shapes[CORRECTIVES.index(name)]
    if name not in head.shape_names:
        return np.zeros_like(neutral)
    shape = head.shape_names.index(name)
    lids = head.lid_points
    whole = shut_lids(np.eye(len(head.shape_names))[[shape]], head.shape_names, head.shapes[:, lids], neutral[lids])
    return head.shapes[shape] * np.float32(whole[0, shape])


def vertex_normals(positions: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """The unit normals (V, 3) of a mesh: the mean of the triangles around each position, weighted by their areas."""
    corners = positions[faces]
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(positions)
    for corner in range(3):
        np.add.at(normals, faces[:, corner], flat)
    return (normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)).astype(np.float32)


def part(head: Head, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The render vertices (n,) of the triangles `chosen` (F,) and the triangles (f, 3) over them."""
    used, faces = np.unique(head.faces[chosen], return_inverse=True)
    return used, faces.reshape(-1, 3)


def _add_face(builder: Builder, head: Head, neutral: np.ndarray, names: list[str], look: Look | None) -> int:
    """Adds all but the eyes as mesh 0, of three primitives: skin, what is inside and beside it, lashes; the index of its skin."""
    group = np.array(head.groups)[head.face_group]
    lashes, skin = group == "lashes", group == "skin"
    parts = [part(head, chosen) for chosen in (skin, ~skin & ~lashes & (group != "eyes"), lashes)]
    pictures = [None, None, head.uv[parts[2][0]]]
    if look is not None:
        used, faces = parts[0]
        which, pictures[0], faces = wrapped(look.place[head.position_index[used]], faces)
        parts[0] = used[which], faces
    materials = [skin_material(builder, look), FACE_MATERIAL, lash_material(builder)]
    normals = vertex_normals(neutral, head.position_index[head.faces])
    primitives = []
    for (used, faces), picture, material in zip(parts, pictures, materials, strict=True):
        primitive = _primitive(builder, head, neutral, normals, used)
        primitive["attributes"]["COLOR_0"] = builder.accessor(vertex_colours(head, used, look), VERTICES, normalized=True)
        if picture is not None:
            primitive["attributes"]["TEXCOORD_0"] = builder.accessor(picture.astype("<f4"), VERTICES)
        primitive["indices"] = builder.accessor(faces.reshape(-1).astype("<u4"), INDICES)
        primitive["material"] = builder.add("materials", material)
        if names:
            primitive["targets"] = [{"POSITION": _target(builder, head, neutral, used, name)} for name in names]
        primitives.append(primitive)
    named = {"weights": [0.0] * len(names), "extras": {"targetNames": names}} if names else {}
    builder.add("meshes", {"name": "Face", "primitives": primitives, **named})
    binds = np.stack([np.eye(4), np.eye(4)])
    binds[0, 3, :3] = -head.pivot  # a column-major matrix that moves the pivot to the origin
    matrices = builder.accessor(binds.reshape(2, 16).astype("<f4"))
    return builder.add("skins", {"joints": [HEAD, TRUNK], "inverseBindMatrices": matrices, "skeleton": TRUNK})


def _primitive(builder: Builder, head: Head, neutral: np.ndarray, normals: np.ndarray, used: np.ndarray) -> dict:
    """A primitive of the render vertices `used` (n,), without its triangles: where they are, their paint, and what they follow."""
    place = head.position_index[used]
    weights = np.zeros((len(used), 4), "<u2")
    weights[:, 0] = np.rint(head.head_weight[place] * 65535)
    weights[:, 1] = 65535 - weights[:, 0]
    joints = np.zeros((len(used), 4), "u1")
    joints[:, 1] = np.where(weights[:, 1] > 0, 1, 0)
    attributes = {
        "POSITION": builder.accessor(neutral[place].astype("<f4"), VERTICES, bounds=True),
        "NORMAL": builder.accessor(normals[place], VERTICES),
        "JOINTS_0": builder.accessor(joints, VERTICES),
        "WEIGHTS_0": builder.accessor(weights, VERTICES, normalized=True),
    }
    return {"attributes": attributes}


def _target(builder: Builder, head: Head, neutral: np.ndarray, used: np.ndarray, name: str) -> int:
    """The accessor of one morph target over the render vertices `used`."""
    offsets = target_offsets(head, neutral, name)[head.position_index[used]].astype("<f4")
    return builder.sparse(offsets, np.flatnonzero(np.abs(offsets).max(1) > STILL))


def _add_eye(builder: Builder, head: Head, identity: Identity, side: int, material: int) -> dict:
    """Adds one eyeball as a mesh about its centre; its node."""
    neutral = head.neutral(identity)
    ball = np.isin(head.position_index[head.faces[:, 0]], head.eyeballs[side])
    used, faces = part(head, ball & (head.face_group == head.groups.index("eyes")))
    place = head.position_index[used]
    preset = head.preset_index(identity)
    ours, plain = neutral[head.eyeballs[side]], head.preset_positions[preset][head.eyeballs[side]]
    centre = head.eye_centre[preset, side] + (ours - plain).mean(0)
    normals = vertex_normals(neutral, head.position_index[head.faces])[place]
    attributes = {
        "POSITION": builder.accessor((neutral[place] - centre).astype("<f4"), VERTICES, bounds=True),
        "NORMAL": builder.accessor(normals.astype("<f4"), VERTICES),
        "TEXCOORD_0": builder.accessor(head.uv[used].astype("<f4"), VERTICES),
    }
    indices = builder.accessor(faces.reshape(-1).astype("<u4"), INDICES)
    name = f"{SIDES[side]}Eye"
    mesh = builder.add("meshes", {"name": name, "primitives": [{"attributes": attributes, "indices": indices, "material": material}]})
    return {"name": name, "mesh": mesh, "translation": (centre - head.pivot).tolist()}

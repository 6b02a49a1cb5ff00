"""The user's own character as a glTF asset that moves: its morph targets by their names, its head and its eyes by theirs."""

import re

import numpy as np
from scipy.spatial.transform import Rotation

from visavox.errors import RigError
from visavox.export.gltf.builder import Builder
from visavox.io.gltf import Gltf
from visavox.motion import Motion
from visavox.rigs.heads.rotations import eye_quaternions, head_quaternions, turns_eyes, turns_head
from visavox.rigs.retargeting.proposal import propose
from visavox.rigs.retargeting.rig_map import RigMap
from visavox.windows import frame_times

BONES = {  # bare names of nodes, after VRM, Ready Player Me, Character Creator, Unreal and Mixamo
    "Head": ("head", "jbiphead", "jbichead", "ccbasehead", "mixamorighead"),
    "LeftEye": ("lefteye", "eyeleft", "eyel", "jadjlfaceeye", "ccbaseleye", "leye", "mixamoriglefteye", "faciallleye"),
    "RightEye": ("righteye", "eyeright", "eyer", "jadjrfaceeye", "ccbasereye", "reye", "mixamorigrighteye", "facialreye"),
}  # fmt: skip


def moving_character(motion: Motion, character: Gltf, rig_map: RigMap | None = None) -> Builder:
    """The character animated by `motion`, as `rig_map` says or else as the names of its morph targets suggest.

    Its other animations stay, behind ours. A RigError when it has no morph target whose name is understood.
    """
    builder = Builder(character)
    times = frame_times(motion.frames, motion.fps)
    names = target_names(character)
    worn = (rig_map or map_of(character, "the character")).apply(motion)
    everyone = [name for each in names.values() for name in each]
    if not any(name in worn.rig for name in everyone):
        raise RigError(f"the rig map moves {', '.join(worn.rig.names[:6])}, the character has {', '.join(everyone[:6])}; correct the map")
    for node, entry in enumerate(character.document.get("nodes", [])):
        if entry.get("mesh") in names:
            mesh = character.document["meshes"][entry["mesh"]]
            builder.animate(node, "weights", _weights(worn, names[entry["mesh"]], entry.get("weights", mesh.get("weights"))), times)
    _turn(builder, character, motion, times)
    return builder


def map_of(character: Gltf, name: str) -> RigMap:
    """The rig map, called `name`, that the names of the character's morph targets suggest.

    A RigError when it has no morph targets, or none whose name is understood.
    """
    meshes = list(target_names(character).values())
    if not meshes:
        raise RigError(f"{name} has no named morph targets (mesh.extras.targetNames); export it with its shape keys")
    return propose([target for each in meshes for target in each], name, meshes)


def target_names(character: Gltf) -> dict[int, list[str]]:
    """The names of the morph targets of each mesh that has any, by the mesh's index; unnamed ones are called by their number."""
    found = {}
    for index, mesh in enumerate(character.document.get("meshes", [])):
        primitives = mesh["primitives"]
        count = max(len(primitive.get("targets", [])) for primitive in primitives)
        said = next((names for holder in (mesh, *primitives) if (names := _names_in(holder))), [])
        if count:
            found[index] = [_name(said[target] if target < len(said) else None, target) for target in range(count)]
    return found


def _names_in(holder: dict) -> list:
    extras = holder.get("extras")
    names = extras.get("targetNames") if isinstance(extras, dict) else None
    return names if isinstance(names, list) else []


def _name(said: object, target: int) -> str:
    """The name as text that any file can hold: half a character (a lone surrogate) becomes a question mark."""
    return said.encode("utf-8", "replace").decode() if isinstance(said, str) else f"target_{target}"


def bone(character: Gltf, name: str) -> int | None:
    """The index of the node that is the character's `name` ("Head", "LeftEye", "RightEye"); None when no name fits."""
    humanoid = character.document.get("extensions", {}).get("VRMC_vrm", {}).get("humanoid", {}).get("humanBones", {})
    said = humanoid.get(name[0].lower() + name[1:], {}).get("node")
    if said is not None:
        return said
    bare = [re.sub("[^a-z]", "", node.get("name", "").lower()) for node in character.document.get("nodes", [])]
    return next((bare.index(known) for known in BONES[name] if known in bare), None)


def _weights(worn: Motion, names: list[str], rest: list[float] | None) -> np.ndarray:
    """The weights (T, n) of targets called `names`; a target that the map leaves alone keeps its weight at `rest`."""
    rest = rest or [0.0] * len(names)
    still = np.ones(worn.frames)
    return np.stack([worn.channel(name) if name in worn.rig else value * still for name, value in zip(names, rest, strict=True)], axis=1)


def _turn(builder: Builder, character: Gltf, motion: Motion, times: np.ndarray) -> None:
    """Animates the head and the eyes, where the character has such nodes."""
    turns = {"Head": head_quaternions(motion)} if turns_head(motion) else {}
    if turns_eyes(motion):
        turns |= {"LeftEye": eye_quaternions(motion, "Left"), "RightEye": eye_quaternions(motion, "Right")}
    for name, quaternions in turns.items():
        node = bone(character, name)
        if node is not None and "matrix" not in character.document["nodes"][node]:
            frame, rest = _world_rotation(character, node)
            turned = frame.inv() * Rotation.from_quat(quaternions) * frame * rest
            builder.animate(node, "rotation", turned.as_quat(), times)


def _world_rotation(character: Gltf, node: int) -> tuple[Rotation, Rotation]:
    """The rotation of the node's parent in the world, and the node's own at rest: a turn is about the world's axes."""
    nodes = character.document["nodes"]
    parents = {child: parent for parent, entry in enumerate(nodes) for child in entry.get("children", [])}
    above, rotation = parents.get(node), Rotation.identity()
    while above is not None:
        rotation = _own_rotation(nodes[above]) * rotation
        above = parents.get(above)
    return rotation, _own_rotation(nodes[node])


def _own_rotation(entry: dict) -> Rotation:
    if "matrix" in entry:
        matrix = np.array(entry["matrix"]).reshape(4, 4).T[:3, :3]
        return Rotation.from_matrix(matrix / np.linalg.norm(matrix, axis=0))
    return Rotation.from_quat(entry.get("rotation", [0, 0, 0, 1]))

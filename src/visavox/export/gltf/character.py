"""The user's own character as a glTF asset that moves: its morph targets by their names, its head, eyes and jaw by their bones."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from visavox.errors import RigError
from visavox.export.gltf.bones import BONES, HEAD, JAW, LEFT_EYE, RIGHT_EYE, find_bones, looks_back, parents_of
from visavox.export.gltf.builder import Builder
from visavox.export.gltf.expressions import expressions_of_targets
from visavox.export.gltf.gaze import doubled_gaze
from visavox.export.gltf.mesh import own_matrix
from visavox.fields import few
from visavox.io.gltf import Gltf
from visavox.motion import Motion
from visavox.rigs.arkit import GAZE, SHAPES
from visavox.rigs.heads.rotations import eye_quaternions, head_quaternions, jaw_quaternions, turns_eyes, turns_head
from visavox.rigs.retargeting.proposal import propose, unused_channels
from visavox.rigs.retargeting.rig_map import RigMap
from visavox.rigs.retargeting.shape_names import understood
from visavox.rigs.visemes import VISEME_RIG
from visavox.windows import frame_times

if TYPE_CHECKING:
    from scipy.spatial.transform import Rotation

MOST_VALUES = 1 << 27  # weights of shapes, each a float32: ten minutes of the largest characters are a quarter of it
FLAT = 1e-9  # a scale below this has no way back


@dataclass(frozen=True, eq=False)
class Plan:
    """What of a character moves: `names` of the targets of each mesh under `rig_map` (None: no shape does), and nodes by the bone.

    `bones` are those that turn, `by_shapes` those that shapes turn instead, and `resting` the targets by mesh that rest because bones
    do what they show.
    """

    names: dict[int, list[str]]
    rig_map: RigMap | None
    bones: dict[str, int]
    by_shapes: frozenset[str] = frozenset()
    resting: dict[int, set[int]] = field(default_factory=dict)


def plan_of(character: Gltf, name: str, rig_map: RigMap | None = None) -> Plan:
    """How the character, called `name` in messages, moves: as `rig_map` says or else as the names of its morph targets suggest.

    A RigError when nothing of it is understood: no shape, and no jaw bone either.
    """
    names, bones = target_names(character), find_bones(character)
    everyone = list(dict.fromkeys(target for each in names.values() for target in each))
    if rig_map is None:
        try:
            rig_map = map_of(character, name)
        except RigError:
            if JAW not in bones:
                raise
    elif not any(channel.name in everyone for channel in rig_map.channels):
        moves, has = few([channel.name for channel in rig_map.channels], 6), few(everyone, 6) or "no shapes"
        raise RigError(f"the rig map moves {moves}, the character has {has}; correct the map")
    channels = [channel for channel in rig_map.channels if channel.name in everyone] if rig_map else []
    sources = {source for channel in channels for source in channel.sources}
    opened = "jawOpen" in sources or any(source in VISEME_RIG for source in sources)
    opened = opened or any("jawOpen" in found[0].gains for target in everyone if (found := understood(target)))
    gaze = {channel.name for channel in channels if channel.sources and set(channel.sources) <= set(GAZE)}
    resting, turned = doubled_gaze(character, bones, gaze, names)
    by_shapes = turned | ({JAW} if opened and JAW in bones else set())
    turning = {bone: node for bone, node in bones.items() if bone not in by_shapes}
    return Plan(names, rig_map, turning, frozenset(by_shapes), resting)


def moving_character(motion: Motion, character: Gltf, rig_map: RigMap | None = None) -> Builder:
    """The character animated by `motion`, as `rig_map` says or else as the names of its morph targets suggest.

    Its other animations stay, behind ours. A RigError when nothing of it is understood.
    """
    builder = Builder(character)
    builder.document["nodes"] = list(character.document.get("nodes", []))
    times = frame_times(motion.frames, motion.fps)
    plan = plan_of(character, "the character", rig_map)
    if plan.rig_map:
        _shape(builder, character, plan, plan.rig_map.apply(motion), times)
    closes = plan.rig_map is not None and any("mouthClose" in channel.sources for channel in plan.rig_map.channels)
    turns = {HEAD: head_quaternions(motion)} if turns_head(motion) else {}
    if turns_eyes(motion):
        turns |= {LEFT_EYE: eye_quaternions(motion, "Left"), RIGHT_EYE: eye_quaternions(motion, "Right")}
    if "jawOpen" in motion.rig:
        turns[JAW] = jaw_quaternions(motion, closes)
    for bone, node in plan.bones.items():
        if bone in turns:
            _turn(builder, character, node, turns[bone], times)
    return builder


def map_of(character: Gltf, name: str) -> RigMap:
    """The rig map, called `name`, that the names of the character's morph targets suggest, or what a VRM file says of them.

    A RigError when it has no morph targets, or none whose name is understood.
    """
    names = target_names(character)
    if not names:
        raise RigError(f"{name} has no named morph targets (mesh.extras.targetNames); export it with its shape keys")
    return propose(
        [target for each in names.values() for target in each], name, list(names.values()), expressions_of_targets(character, names)
    )


def target_names(character: Gltf) -> dict[int, list[str]]:
    """The names of the morph targets of each mesh that has any, by the mesh's index; unnamed ones are called by their number."""
    found = {}
    for index, mesh in enumerate(character.document.get("meshes", [])):
        primitives = mesh["primitives"]
        count = max(len(primitive.get("targets", [])) for primitive in primitives)
        stated = next((names for holder in (mesh, *primitives) if (names := _names_in(holder))), None)
        stated = stated or _accessor_names(character, max(primitives, key=lambda primitive: len(primitive.get("targets", []))))
        if count:
            found[index] = [_name(stated[target] if target < len(stated) else None, target) for target in range(count)]
    return found


def description(character: Gltf, plan: Plan) -> list[str]:
    """Lines that say what of the character moves, which bones turn, and what a mouth needs and nothing shows."""
    names = list(dict.fromkeys(name for each in plan.names.values() for name in each))
    moved = [name for name in names if plan.rig_map and any(channel.name == name for channel in plan.rig_map.channels)]
    stated = {bone: "none" for bone in BONES}
    for bone, node in plan.bones.items():
        named = character.document["nodes"][node].get("name")
        stated[bone] = few([named]) if isinstance(named, str) and named else f"node {node}"
    stated |= dict.fromkeys(plan.by_shapes, "moved by shapes")
    words = {HEAD: "head", LEFT_EYE: "left eye", RIGHT_EYE: "right eye", JAW: "jaw"}
    lines = [f"moves {len(moved)} of {len(names)} shapes; " + ", ".join(f"{words[bone]}: {stated[bone]}" for bone in BONES)]
    missing = unused_channels(plan.rig_map) if plan.rig_map else list(SHAPES)
    by_bones = [*(("jawOpen", "jawLeft", "jawRight") if JAW in plan.bones else ())]
    by_bones += [name for name in GAZE if (LEFT_EYE if name.endswith("Left") else RIGHT_EYE) in plan.bones]
    missing = sorted(set(missing) - set(by_bones), key=lambda name: (not name.startswith(("jaw", "mouth")), SHAPES.index(name)))
    return lines + ([f"nothing of the character shows {few(missing)}"] if missing else [])


def _names_in(holder: dict) -> list:
    extras = holder.get("extras")
    names = extras.get("targetNames") if isinstance(extras, dict) else None
    return names if isinstance(names, list) else []


def _accessor_names(character: Gltf, primitive: dict) -> list:
    """The names of the accessors of a primitive's targets, where exporters without targetNames leave those of the shapes."""
    places = [target.get("POSITION") for target in primitive.get("targets", [])]
    return [None if place is None else character.document["accessors"][place].get("name") for place in places]


def _name(stated: object, target: int) -> str:
    """The name as text that any file can hold: half a character (a lone surrogate) becomes a question mark."""
    return stated.encode("utf-8", "replace").decode() if isinstance(stated, str) else f"target_{target}"


def _shape(builder: Builder, character: Gltf, plan: Plan, worn: Motion, times: np.ndarray) -> None:
    """Animates the weights of every node that shows a mesh with targets; nodes that rest alike share one movement."""
    samplers: dict[tuple, int] = {}
    values = 0
    for node, entry in enumerate(character.document.get("nodes", [])):
        mesh = entry.get("mesh")
        if mesh not in plan.names:
            continue
        rest = entry.get("weights") or character.document["meshes"][mesh].get("weights") or [0.0] * len(plan.names[mesh])
        key = (mesh, *rest)
        if key not in samplers:
            values += worn.frames * len(rest)
            if values > MOST_VALUES:
                raise RigError(f"the character has so many shapes that {worn.frames} frames of them do not fit a file; cut the motion")
            weights = _weights(worn, plan.names[mesh], rest, plan.resting.get(mesh, set()))
            samplers[key] = builder.sampler(weights.reshape(-1), times)
        builder.follow(node, "weights", samplers[key])


def _weights(worn: Motion, names: list[str], rest: list[float], resting: set[int]) -> np.ndarray:
    """The weights (T, n) of targets called `names`; one that the map leaves alone, or a second of the same name, keeps its `rest`."""
    weights = np.tile(np.float32(rest), (worn.frames, 1))
    for target, name in enumerate(names):
        if name in worn.rig and target not in resting and names.index(name) == target:
            weights[:, target] = worn.channel(name)
    return weights


def _turn(builder: Builder, character: Gltf, node: int, quaternions: np.ndarray, times: np.ndarray) -> None:
    """Animates the rotation of `node` by turns (T, 4) about the axes of the face, which are the world's, or turned about for VRM 0.

    A node that is placed by a matrix is placed by translation, rotation and scale instead, which alone can move.
    """
    from scipy.spatial.transform import Rotation  # here: SciPy is slow to import

    nodes = character.document["nodes"]
    if "matrix" in nodes[node]:
        builder.document["nodes"][node] = _taken_apart(nodes[node])
    frame, rest = _above(nodes, node), Rotation.from_quat(builder.document["nodes"][node].get("rotation", [0, 0, 0, 1]))
    if looks_back(character):
        frame = Rotation.from_euler("Y", 180, degrees=True) * frame
    turned = frame.inv() * Rotation.from_quat(quaternions) * frame * rest
    builder.animate(node, "rotation", turned.as_quat(), times)


def _above(nodes: list[dict], node: int) -> "Rotation":
    """The rotation of the node's parent in the world; of a mirrored one, that of its mirror image, which turns alike."""
    parents, linear = parents_of(nodes), np.eye(3)
    while node in parents:
        node = parents[node]
        linear = own_matrix(nodes[node])[:3, :3] @ linear
        linear = linear / max(float(np.abs(linear).max()), FLAT)
    return _nearest_rotation(linear)


def _nearest_rotation(linear: np.ndarray) -> "Rotation":
    from scipy.spatial.transform import Rotation  # here: SciPy is slow to import

    left, _, right = np.linalg.svd(linear)
    turned = left @ right
    return Rotation.from_matrix(turned if np.linalg.det(turned) > 0 else -turned)


def _taken_apart(entry: dict) -> dict:
    """The node with translation, rotation and scale in place of its matrix."""
    matrix = own_matrix(entry)
    scale = np.linalg.norm(matrix[:3, :3], axis=0)
    if np.linalg.det(matrix[:3, :3]) < 0:
        scale = -scale
    rotation = _nearest_rotation(matrix[:3, :3] / np.where(np.abs(scale) < FLAT, 1.0, scale))
    placed = {"translation": matrix[:3, 3].tolist(), "rotation": rotation.as_quat().tolist(), "scale": scale.tolist()}
    return {key: value for key, value in entry.items() if key != "matrix"} | placed

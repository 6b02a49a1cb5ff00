"""Which eyes are turned by shapes already: an eyeball that follows a bone and a gaze shape would look twice as far."""

import numpy as np

from visavox.export.gltf.bones import LEFT_EYE, RIGHT_EYE
from visavox.export.gltf.mesh import PACKED, read_accessor
from visavox.io.gltf import Gltf

ALL = 0.9  # of what a shape moves: more of it on eyeballs, and the shape shows nothing else (no lids)
SOME = 0.05  # of its farthest move: less on the eyeball is not a turned eye


def doubled_gaze(character: Gltf, bones: dict[str, int], gaze: set[str], names: dict[int, list[str]]) -> tuple[dict, set[str]]:
    """The targets by mesh that should rest because they move eyeballs alone, which bones turn; and the eyes that shapes turn.

    `gaze` names the shapes that show where the eyes look, `names` the targets of each mesh. What is compressed is not looked into.
    """
    nodes = character.document.get("nodes", [])
    eyes = [eye for eye in (LEFT_EYE, RIGHT_EYE) if eye in bones]
    resting: dict[int, set[int]] = {}
    turned: set[str] = set()
    if not eyes or PACKED & set(character.document.get("extensionsUsed", [])):
        return resting, turned
    below = {eye: _below(nodes, bones[eye]) for eye in eyes}
    for mesh, node in {entry["mesh"]: index for index, entry in enumerate(nodes) if entry.get("mesh") in names}.items():
        targets = [target for target, name in enumerate(names[mesh]) if name in gaze and names[mesh].index(name) == target]
        balls = {eye: _follows(character, mesh, node, below[eye]) for eye in eyes}
        if not any(ball.any() for ball in balls.values()):
            continue
        for target in targets:
            far = _moves(character, mesh, target)
            either = np.any(list(balls.values()), axis=0)
            if far[either].sum() > ALL * far.sum():
                resting.setdefault(mesh, set()).add(target)
            else:
                turned |= {eye for eye in eyes if far[balls[eye]].max(initial=0) > SOME * far.max(initial=0)}
    return resting, turned


def _below(nodes: list[dict], top: int) -> set[int]:
    """The node `top` and all that hang on it."""
    found = [top]
    for index in found:
        found.extend(nodes[index].get("children", []))
    return set(found)


def _follows(character: Gltf, mesh: int, node: int, bones: set[int]) -> np.ndarray:
    """Which vertices (V,) of the mesh, through all its primitives, follow one of `bones` more than all others."""
    entry, found = character.document["nodes"][node], []
    skin = character.document["skins"][entry["skin"]]["joints"] if "skin" in entry else None
    places = [place for place, joint in enumerate(skin or ()) if joint in bones]
    for primitive in character.document["meshes"][mesh]["primitives"]:
        attributes = primitive["attributes"]
        count = character.document["accessors"][attributes["POSITION"]]["count"] if "POSITION" in attributes else 0
        share = np.full(count, float(skin is None and node in bones))
        for layer in range(4 if places else 0):
            if f"JOINTS_{layer}" in attributes and f"WEIGHTS_{layer}" in attributes:
                mine = np.isin(read_accessor(character, attributes[f"JOINTS_{layer}"]), places)
                share += (mine * read_accessor(character, attributes[f"WEIGHTS_{layer}"])).sum(1)
        found.append(share > 0.5)
    return np.concatenate(found)


def _moves(character: Gltf, mesh: int, target: int) -> np.ndarray:
    """How far (V,) the target moves each vertex of the mesh, through all its primitives."""
    found = []
    for primitive in character.document["meshes"][mesh]["primitives"]:
        attributes, targets = primitive["attributes"], primitive.get("targets", [])
        count = character.document["accessors"][attributes["POSITION"]]["count"] if "POSITION" in attributes else 0
        moved = targets[target].get("POSITION") if target < len(targets) else None
        offsets = np.zeros((count, 3)) if moved is None else np.float64(read_accessor(character, moved))
        found.append(np.nan_to_num(np.linalg.norm(offsets, axis=1), posinf=0.0))
    return np.concatenate(found)

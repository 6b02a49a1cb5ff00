"""What a VRM file says of its morph targets: which of them its expressions (aa, blinkLeft, jawOpen ...) consist of."""

from visavox.io.gltf import Gltf
from visavox.io.gltf_document import extension

WHOLE = 0.99  # of a target that an expression moves: with less of it, the two are not the same


def expressions_of_targets(character: Gltf, names: dict[int, list[str]]) -> dict[str, str]:
    """The name of the expression that is one morph target and nothing else on its mesh, by the target's name.

    `names` has the targets of each mesh. What is no expression is not believed.
    """
    found: dict[str, str] = {}
    for expression, binds in _expressions(character.document):
        held = [(mesh, index, weight) for mesh, index, weight in binds if mesh in names and 0 <= index < len(names[mesh])]
        for mesh, index, weight in held:
            if weight >= WHOLE and sum(other == mesh for other, _, _ in held) == 1:
                found.setdefault(names[mesh][index], expression)
    return found


def _expressions(document: dict) -> list[tuple[str, list[tuple[int, int, float]]]]:
    """(name, [(mesh, target, weight up to 1)]) of each expression of VRM 1, or else of VRM 0."""
    vrm1 = extension(document, "VRMC_vrm").get("expressions")
    found = []
    if isinstance(vrm1, dict):
        for kind in ("preset", "custom"):
            group = vrm1.get(kind)
            for name, entry in (group if isinstance(group, dict) else {}).items():
                found.append((name, _binds(document, entry, "morphTargetBinds", 1.0)))
        return found
    master = extension(document, "VRM").get("blendShapeMaster")
    groups = master.get("blendShapeGroups") if isinstance(master, dict) else None
    for entry in groups if isinstance(groups, list) else []:
        names = [entry.get(key) for key in ("presetName", "name")] if isinstance(entry, dict) else []
        name = next((name for name in names if isinstance(name, str) and name not in ("", "unknown")), "")
        found.append((name, _binds(document, entry, "binds", 100.0)))
    return found


def _binds(document: dict, entry: object, key: str, whole: float) -> list[tuple[int, int, float]]:
    binds = entry.get(key) if isinstance(entry, dict) else None
    found, nodes = [], document.get("nodes", [])
    for bind in binds if isinstance(binds, list) else []:
        values = [bind.get(part) for part in ("mesh", "node", "index", "weight")] if isinstance(bind, dict) else [None] * 4
        mesh, node, index, weight = values
        if type(node) is int and 0 <= node < len(nodes):
            mesh = nodes[node].get("mesh")
        if type(mesh) is int and type(index) is int and isinstance(weight, int | float):
            found.append((mesh, index, weight / whole))
    return found

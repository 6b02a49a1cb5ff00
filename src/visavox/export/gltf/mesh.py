"""The geometry of a glTF asset as arrays: where each vertex of each mesh lies in the world, at rest, and how its offsets get there."""

from dataclasses import dataclass

import numpy as np

from visavox.errors import RigError
from visavox.io.gltf import Gltf

COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
TRIANGLES = 4
GREY = (0.75, 0.72, 0.70)
LEAST_WEIGHT, FARTHEST = 1e-6, 1e9
MOST_VERTICES = 2_000_000  # of a character whose geometry is read: each takes some 400 bytes on the way
MOST_CORNERS = 20_000_000
PACKED = {"KHR_draco_mesh_compression", "EXT_meshopt_compression", "KHR_meshopt_compression"}


@dataclass(frozen=True, eq=False)
class Part:
    """The vertices behind one POSITION accessor of one mesh: `primitives` are those that use it.

    `points` (V, 3) in the world, `faces` (F, 3), `linear` (V, 3, 3) from the mesh's offsets to the world's, `colour` of its material.
    """

    mesh: int
    primitives: tuple[int, ...]
    points: np.ndarray
    faces: np.ndarray
    linear: np.ndarray
    colour: tuple[float, float, float]


def parts(asset: Gltf) -> list[Part]:
    """The parts of all meshes that a node shows, in the file's order; a mesh shown twice stands where its first node is.

    A RigError when the file is compressed, has no triangles, or names data that it does not hold.
    """
    document = asset.document
    packed = PACKED & set(document.get("extensionsRequired", []))
    if packed:
        raise RigError(f"the character is compressed ({', '.join(sorted(packed))}); export it again without compression")
    shown: dict[int, int] = {}  # the first node that shows a mesh
    for index, node in enumerate(document.get("nodes", [])):
        if "mesh" in node:
            shown.setdefault(node["mesh"], index)
    _check_size(document, shown)
    worlds = world_matrices(document)
    found = []
    for mesh in sorted(shown):
        try:
            found += _mesh_parts(asset, mesh, shown[mesh], worlds)
        except ValueError as error:
            raise RigError(f"the geometry of meshes[{mesh}] of the character cannot be read: {error}; export it again as .glb") from None
    if not found:
        raise RigError("the character has no mesh of triangles; export it with its geometry")
    return found


def _check_size(document: dict, shown: dict[int, int]) -> None:
    drawn = [primitive for mesh in shown for primitive in document["meshes"][mesh]["primitives"] if "POSITION" in primitive["attributes"]]
    accessors = document["accessors"] if drawn else []
    vertices = sum(accessors[place]["count"] for place in {primitive["attributes"]["POSITION"] for primitive in drawn})
    corners = sum(accessors[primitive.get("indices", primitive["attributes"]["POSITION"])]["count"] for primitive in drawn)
    for what, count, most in (("vertices", vertices, MOST_VERTICES), ("corners of triangles", corners, MOST_CORNERS)):
        if count > most:
            raise RigError(f"the character has {count} {what}; {most} are read at most; simplify it")


def read_accessor(asset: Gltf, index: int) -> np.ndarray:
    """The values (n, k) of an accessor, sparse and interleaved ones too, floats where it is normalised."""
    accessor = asset.document["accessors"][index]
    kind, width = np.dtype(COMPONENTS[accessor["componentType"]]), WIDTHS[accessor["type"]]
    values = np.zeros((accessor["count"], width), kind)
    if "bufferView" in accessor:
        values = _strided(asset, accessor, accessor["count"], width, kind)
    if "sparse" in accessor:
        entry = accessor["sparse"]
        rows = _strided(asset, entry["indices"], entry["count"], 1, np.dtype(COMPONENTS[entry["indices"]["componentType"]]))[:, 0]
        if rows.max(initial=0) >= len(values):
            raise ValueError(f"accessors[{index}].sparse changes element {rows.max()} of {len(values)}")
        values = values.copy()
        values[rows] = _strided(asset, entry["values"], entry["count"], width, kind)
    if accessor.get("normalized") and kind.kind != "f":
        return np.maximum(values / np.iinfo(kind).max, -1)
    return values


def _strided(asset: Gltf, entry: dict, count: int, width: int, kind: np.dtype) -> np.ndarray:
    view = asset.document["bufferViews"][entry["bufferView"]]
    if view["buffer"] != 0:
        raise ValueError("it is compressed (meshopt)")
    start = view.get("byteOffset", 0) + entry.get("byteOffset", 0)
    stride = view.get("byteStride", width * kind.itemsize)
    if count and start + stride * (count - 1) + width * kind.itemsize > len(asset.binary):
        raise ValueError(f"{count} values from byte {start} reach beyond the file's {len(asset.binary)} bytes")
    return np.ndarray((count, width), kind, asset.binary, start, (stride, kind.itemsize))


def _mesh_parts(asset: Gltf, mesh: int, node: int, worlds: list[np.ndarray]) -> list[Part]:
    primitives = asset.document["meshes"][mesh]["primitives"]
    sharing: dict[int, list[int]] = {}
    for index, primitive in enumerate(primitives):
        if primitive.get("mode", TRIANGLES) == TRIANGLES and "POSITION" in primitive["attributes"]:
            sharing.setdefault(primitive["attributes"]["POSITION"], []).append(index)
    return [_part(asset, mesh, tuple(users), node, worlds) for users in sharing.values()]


def _part(asset: Gltf, mesh: int, users: tuple[int, ...], node: int, worlds: list[np.ndarray]) -> Part:
    document = asset.document
    primitives = [document["meshes"][mesh]["primitives"][user] for user in users]
    local = np.float64(read_accessor(asset, primitives[0]["attributes"]["POSITION"]))
    matrices = _matrices(asset, primitives[0], node, worlds, len(local))
    points = np.einsum("vij,vj->vi", matrices[:, :3, :3], local) + matrices[:, :3, 3]
    if not np.isfinite(points).all() or np.abs(points).max(initial=0) > FARTHEST:
        raise ValueError("some of its vertices lie nowhere (their places are no numbers of an ordinary size)")
    faces = [_triangles(asset, entry, len(local)) for entry in primitives]
    material = document["materials"][primitives[0]["material"]] if "material" in primitives[0] else {}
    paint = material.get("pbrMetallicRoughness", {})
    colour = GREY if "baseColorTexture" in paint or "baseColorFactor" not in paint else tuple(paint["baseColorFactor"][:3])
    return Part(mesh, users, points, np.concatenate(faces), matrices[:, :3, :3], colour)


def _triangles(asset: Gltf, primitive: dict, count: int) -> np.ndarray:
    """The corners (F, 3) of the triangles of a primitive of `count` vertices."""
    corners = read_accessor(asset, primitive["indices"])[:, 0] if "indices" in primitive else np.arange(count)
    if len(corners) % 3:
        raise ValueError(f"its triangles have {len(corners)} corners, which is no multiple of 3")
    if corners.max(initial=0) >= count:
        raise ValueError(f"a triangle has the vertex {corners.max()} of {count}")
    return corners.reshape(-1, 3).astype(np.int64)


def _matrices(asset: Gltf, primitive: dict, node: int, worlds: list[np.ndarray], count: int) -> np.ndarray:
    """The matrix (V, 4, 4) from the mesh to the world of each vertex: its joints' where it has a skin, else its node's."""
    entry = asset.document["nodes"][node]
    if "skin" not in entry or "JOINTS_0" not in primitive["attributes"]:
        return np.broadcast_to(worlds[node], (count, 4, 4))
    skin = asset.document["skins"][entry["skin"]]
    joints = np.stack([worlds[joint] for joint in skin["joints"]])
    if "inverseBindMatrices" in skin:
        joints = joints @ np.float64(read_accessor(asset, skin["inverseBindMatrices"])).reshape(-1, 4, 4)[: len(joints)].transpose(0, 2, 1)
    total, weights = np.zeros((count, 4, 4)), np.zeros(count)
    for layer in range(4):
        if {f"JOINTS_{layer}", f"WEIGHTS_{layer}"} <= set(primitive["attributes"]):
            numbers = read_accessor(asset, primitive["attributes"][f"JOINTS_{layer}"]).astype(int)
            if numbers.min(initial=0) < 0 or numbers.max(initial=0) >= len(joints):
                raise ValueError(f"a vertex follows the joint {numbers.max()} of {len(joints)}")
            shares = np.float64(read_accessor(asset, primitive["attributes"][f"WEIGHTS_{layer}"]))
            weights += shares.sum(1)
            for corner in range(4):
                total += shares[:, corner, None, None] * joints[numbers[:, corner]]
    free = ~(weights > LEAST_WEIGHT)  # vertices that follow no joint stay with the node
    total[free], weights[free] = worlds[node], 1.0
    return total / weights[:, None, None]


def world_matrices(document: dict) -> list[np.ndarray]:
    """The matrix (4, 4) from each node to the world."""
    nodes = document.get("nodes", [])
    parents = {child: parent for parent, node in enumerate(nodes) for child in node.get("children", [])}
    found: list = [None] * len(nodes)
    waiting = [index for index in range(len(nodes)) if index not in parents]
    for index in waiting:  # parents first
        own = own_matrix(nodes[index])
        found[index] = found[parents[index]] @ own if index in parents else own
        waiting.extend(nodes[index].get("children", []))
    return found


def own_matrix(node: dict) -> np.ndarray:
    """The matrix (4, 4) from a node to its parent."""
    if "matrix" in node:
        return np.array(node["matrix"], float).reshape(4, 4).T
    from scipy.spatial.transform import Rotation  # here: SciPy is slow to import

    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_quat(node.get("rotation", [0, 0, 0, 1])).as_matrix() * node.get("scale", [1, 1, 1])
    matrix[:3, 3] = node.get("translation", [0, 0, 0])
    return matrix

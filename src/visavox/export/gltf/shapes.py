"""A character as one surface, and the same character with shapes added: what `visavox rig transfer` reads and writes."""

import copy
from dataclasses import dataclass

import numpy as np

from visavox.errors import RigError
from visavox.export.gltf.bones import LEFT_EYE, RIGHT_EYE, find_bones
from visavox.export.gltf.builder import Builder
from visavox.export.gltf.character import target_names
from visavox.export.gltf.mesh import Part, parts, read_accessor, world_matrices
from visavox.fields import few, shown
from visavox.io.gltf import Gltf
from visavox.rigs.transfer.surface import Surface, welded

STILL = 5e-5  # of the face's height: what moves less is left out


@dataclass(frozen=True, eq=False)
class Character:
    """A glTF asset, its parts, its surface in the world (V vertices), and for each part the vertices that its own became."""

    asset: Gltf
    parts: tuple[Part, ...]
    surface: Surface
    vertices: tuple[np.ndarray, ...]

    @staticmethod
    def from_asset(asset: Gltf) -> "Character":
        """The character in `asset`; a RigError when its geometry cannot be read."""
        found = parts(asset)
        starts = np.cumsum([0, *(len(part.points) for part in found)])
        faces = np.concatenate([part.faces + start for part, start in zip(found, starts, strict=False)])
        surface, vertex = welded(np.concatenate([part.points for part in found]), faces)
        return Character(asset, tuple(found), surface, tuple(np.split(vertex, starts[1:-1])))

    def place(self, mesh: str, vertex: int) -> np.ndarray:
        """Where (3,) the vertex of the mesh called `mesh` lies; a ValueError says which meshes there are, or how many vertices."""
        stated = [entry.get("name") for entry in self.asset.document["meshes"]]
        names = [name if isinstance(name, str) and name else f"mesh_{index}" for index, name in enumerate(stated)]
        points = [part.points for part in self.parts if names[part.mesh] == mesh]
        if not points:
            raise ValueError(f"there is no mesh {shown(mesh)}; the character has {few(names)}")
        every = np.concatenate(points)
        if not 0 <= vertex < len(every):
            raise ValueError(f"the mesh {shown(mesh)} has {len(every)} vertices, 0 to {len(every) - 1}, not {vertex}")
        return every[vertex]

    def colours(self) -> np.ndarray:
        """The colour (F, 3) of each triangle of the surface, from its part's material."""
        paint = np.zeros((len(self.surface.points), 3))
        for part, vertices in zip(self.parts, self.vertices, strict=True):
            paint[vertices] = part.colour
        return paint[self.surface.faces].mean(1)

    def with_shapes(self, names: tuple[str, ...], offsets: np.ndarray) -> Gltf:
        """The asset with the shapes `names` added, which move the surface by `offsets` (n, V, 3), to the meshes that they move.

        Targets, animations and everything else that it had stay. A RigError when it has a shape of one of these names.
        """
        taken = sorted({name for each in target_names(self.asset).values() for name in each} & set(names))
        if taken:
            raise RigError(f"the character has the shapes {', '.join(taken[:6])} already; remove them, or use it as it is")
        builder = Builder(Gltf(copy.deepcopy(self.asset.document), self.asset.binary))
        smallest = STILL * float(np.ptp(self.surface.points[np.abs(offsets).max((0, 2)) > 0], axis=0).max(initial=0))
        before = {mesh: len(found) for mesh, found in target_names(self.asset).items()}
        for mesh in sorted({part.mesh for part in self.parts}):
            mine = [(part, offsets[:, at]) for part, at in zip(self.parts, self.vertices, strict=True) if part.mesh == mesh]
            moved = [shape for shape in range(len(names)) if any(np.abs(off[shape]).max(initial=0) > smallest for _, off in mine)]
            if moved:
                _add_targets(builder, mesh, mine, moved, smallest)
                _name_targets(builder, self.asset, mesh, [names[shape] for shape in moved])
                _lengthen_animations(builder, self.asset, mesh, before.get(mesh, 0), len(moved))
        return builder.gltf("")


def eye_places(asset: Gltf) -> np.ndarray | None:
    """Where the left and the right eye's node stand (2, 3); None when the character has no such pair."""
    bones = find_bones(asset)
    if LEFT_EYE not in bones or RIGHT_EYE not in bones:
        return None
    worlds = world_matrices(asset.document)
    return np.stack([worlds[bones[eye]][:3, 3] for eye in (LEFT_EYE, RIGHT_EYE)])


def _add_targets(builder: Builder, mesh: int, mine: list, moved: list[int], smallest: float) -> None:
    """Appends the targets `moved` to every primitive of the mesh; one that is not of triangles gets targets that move nothing."""
    primitives = builder.document["meshes"][mesh]["primitives"]
    added: dict[int, list[dict]] = {}
    for part, offsets in mine:
        back = _back(part.linear)
        entries = []
        for shape in moved:
            local = np.einsum("vij,vj->vi", back, offsets[shape]).astype("<f4")
            entries.append({"POSITION": builder.sparse(local, np.flatnonzero(np.abs(offsets[shape]).max(1) > smallest))})
        added |= dict.fromkeys(part.primitives, entries)
    for index, primitive in enumerate(primitives):
        count = builder.document["accessors"][primitive["attributes"]["POSITION"]]["count"]
        nothing = np.zeros((count, 3), "<f4")
        entries = added.get(index) or [{"POSITION": builder.sparse(nothing, np.zeros(0, int))} for _ in moved]
        also = {name for target in primitive.get("targets", []) for name in target} & {"NORMAL", "TANGENT"}
        zeros = {name: builder.sparse(nothing, np.zeros(0, int)) for name in sorted(also)}
        primitive["targets"] = [*primitive.get("targets", []), *(entry | zeros for entry in entries)]


def _back(linear: np.ndarray) -> np.ndarray:
    """The ways back (V, 3, 3) of the maps `linear`; of one that flattens, the shortest."""
    try:
        return np.linalg.inv(linear)
    except np.linalg.LinAlgError:
        return np.linalg.pinv(linear)


def _name_targets(builder: Builder, asset: Gltf, mesh: int, names: list[str]) -> None:
    entry = builder.document["meshes"][mesh]
    had = target_names(asset).get(mesh, [])
    held = entry.get("extras")
    entry["extras"] = {**(held if isinstance(held, dict) else {}), "targetNames": [*had, *names]}
    for holder in (entry, *(node for node in builder.document["nodes"] if node.get("mesh") == mesh)):
        if "weights" in holder or holder is entry:
            holder["weights"] = [*holder.get("weights", [0.0] * len(had)), *[0.0] * len(names)]


def _lengthen_animations(builder: Builder, asset: Gltf, mesh: int, had: int, added: int) -> None:
    """Gives the new targets weight 0 in the animations that move the mesh's weights: every key states all of them."""
    nodes = [index for index, node in enumerate(builder.document["nodes"]) if node.get("mesh") == mesh]
    for animation in builder.document.get("animations", []):
        for channel in animation["channels"]:
            if channel["target"]["path"] == "weights" and channel["target"].get("node") in nodes:
                sampler = dict(animation["samplers"][channel["sampler"]])
                weights = np.float64(read_accessor(asset, sampler["output"])).reshape(-1, had)
                longer = np.concatenate([weights, np.zeros((len(weights), added))], axis=1)
                sampler["output"] = builder.accessor(longer.reshape(-1).astype("<f4"))
                animation["samplers"].append(sampler)
                channel["sampler"] = len(animation["samplers"]) - 1

"""A small glTF character made by a test: a triangle with morph targets, bones by name, whatever else a test puts into `document`."""

import json
import struct
from pathlib import Path

import numpy as np

FLOATS, BYTES, SHORTS = 5126, 5121, 5123
TYPES = {1: "SCALAR", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], "<f4")


class MadeCharacter:
    """Grows by `mesh` and `node`; `save` writes it as .glb, or as .gltf with its data beside it."""

    def __init__(self, targets: list[str] | tuple[str, ...] = (), bones: list[str] | tuple[str, ...] = ()):
        self.binary = bytearray()
        self.document = {"asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": []}], "nodes": []}
        self.document |= {"meshes": [], "accessors": [], "bufferViews": []}
        if targets:
            self.node("Face", mesh=self.mesh(targets))
        for bone in bones:
            self.node(bone)

    def accessor(self, array: np.ndarray) -> int:
        """The index of an accessor of `array` (n, k)."""
        self.document["bufferViews"].append({"buffer": 0, "byteOffset": len(self.binary), "byteLength": array.nbytes})
        self.binary += array.tobytes() + b"\0" * (-array.nbytes % 4)
        kind = {"<f4": FLOATS, "|u1": BYTES, "<u2": SHORTS}[array.dtype.str]
        entry = {"bufferView": len(self.document["bufferViews"]) - 1, "componentType": kind, "count": len(array)}
        bounds = {"min": array.min(0).tolist(), "max": array.max(0).tolist()}
        self.document["accessors"].append(entry | {"type": TYPES[array.shape[1]]} | bounds)
        return len(self.document["accessors"]) - 1

    def mesh(self, targets: list[str] | tuple[str, ...], counts: list[int] | None = None, moves: np.ndarray | None = None) -> int:
        """The index of a mesh with `targets`, or with `counts` of them on its primitives; each moves the corners by `moves` (3, 3)."""
        moves = np.full((3, 3), 0.01, "<f4") if moves is None else moves.astype("<f4")
        primitives = []
        for count in counts or [len(targets)]:
            primitive = {"attributes": {"POSITION": self.accessor(CORNERS)}}
            if count:
                offsets = self.accessor(moves)
                primitive["targets"] = [{"POSITION": offsets} for _ in range(count)]
            primitives.append(primitive)
        mesh = {"name": "Face", "primitives": primitives}
        self.document["meshes"].append(mesh | ({"extras": {"targetNames": list(targets)}} if targets else {}))
        return len(self.document["meshes"]) - 1

    def node(self, name: str | None, **more) -> int:
        """The index of a new node of the scene; with `parent`, a child of that node."""
        parent = more.pop("parent", None)
        self.document["nodes"].append({**({"name": name} if name is not None else {}), **more})
        index = len(self.document["nodes"]) - 1
        if parent is None:
            self.document["scenes"][0]["nodes"].append(index)
        else:
            self.document["nodes"][parent].setdefault("children", []).append(index)
        return index

    def skin(self, mesh: int, joints: list[int], joint: int = 0) -> int:
        """The index of a skin of `joints`; every vertex of the mesh follows the one at place `joint` in it."""
        for primitive in self.document["meshes"][mesh]["primitives"]:
            followed = np.zeros((3, 4), "u1")
            followed[:, 0] = joint
            shares = np.zeros((3, 4), "<f4")
            shares[:, 0] = 1
            primitive["attributes"] |= {"JOINTS_0": self.accessor(followed), "WEIGHTS_0": self.accessor(shares)}
        self.document.setdefault("skins", []).append({"joints": joints})
        return len(self.document["skins"]) - 1

    def whole(self) -> dict:
        """The document as a .glb has it."""
        return {"buffers": [{"byteLength": len(self.binary)}], **self.document}

    def save(self, path: Path) -> Path:
        """Writes the character; what `document` says of buffers is kept."""
        if path.suffix == ".gltf":
            path.with_suffix(".bin").write_bytes(self.binary)
            document = {"buffers": [{"byteLength": len(self.binary), "uri": path.with_suffix(".bin").name}], **self.document}
            path.write_text(json.dumps(document))
        else:
            path.write_bytes(glb(self.whole(), bytes(self.binary)))
        return path


def glb(document: dict | bytes, binary: bytes = b"") -> bytes:
    """A .glb of any document, sound or not."""
    text = document if isinstance(document, bytes) else json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<I4s", len(text), b"JSON") + text
    if binary:
        binary += b"\0" * (-len(binary) % 4)
        body += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body

"""Writes character.glb, a stand-in for a user's own face: `python tests/export/make_character.py` (needs pygltflib).

A body of two triangles with five morph targets in five spellings, a second mesh (teeth) with one, and a neck that lies on its
side as exporters leave it: the Head node's rest rotation and its parent's are not the identity. It has an animation of its own.
"""

from pathlib import Path

import numpy as np
import pygltflib as g

TARGETS = ["Jaw_Open", "eyeBlink_L", "CTRL_expressions_mouthCornerPullR", "Face.blendShape1.MouthPucker", "hairWind"]
HALF = float(np.sqrt(0.5))


def build() -> bytes:
    """The file."""
    blob, views, accessors = b"", [], []

    def accessor(array: np.ndarray, kind: str, bounds: bool = False) -> int:
        nonlocal blob
        component = {"f": g.FLOAT, "u": g.UNSIGNED_SHORT}[array.dtype.kind]
        views.append(g.BufferView(buffer=0, byteOffset=len(blob), byteLength=array.nbytes))
        blob += array.tobytes() + b"\0" * (-array.nbytes % 4)
        entry = g.Accessor(bufferView=len(views) - 1, componentType=component, count=len(array), type=kind)
        if bounds:
            rows = array.reshape(len(array), -1)
            entry.min, entry.max = rows.min(0).tolist(), rows.max(0).tolist()
        accessors.append(entry)
        return len(accessors) - 1

    corners = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], np.float32)
    position, indices = accessor(corners, "VEC3", True), accessor(np.array([0, 1, 2, 0, 2, 3], np.uint16), "SCALAR")
    moved = [accessor(np.full((4, 3), 0.1 * (number + 1), np.float32), "VEC3", True) for number in range(len(TARGETS))]
    times = accessor(np.array([0, 1], np.float32), "SCALAR", True)
    sway = accessor(np.array([[0, 0, 0], [0, 0.1, 0]], np.float32), "VEC3")
    primitive = {"attributes": g.Attributes(POSITION=position), "indices": indices}
    body = g.Mesh(name="Body", primitives=[g.Primitive(**primitive, targets=[{"POSITION": m} for m in moved])])
    body.extras, body.weights = {"targetNames": TARGETS}, [0, 0, 0, 0, 0.25]
    teeth = g.Mesh(name="Teeth", primitives=[g.Primitive(**primitive, targets=[{"POSITION": moved[0]}])], weights=[0])
    teeth.extras = {"targetNames": ["JAWOPEN"]}
    nodes = [
        g.Node(name="Armature", rotation=[-HALF, 0, 0, HALF], children=[1]),
        g.Node(name="mixamorig:Head", rotation=[0, 0, HALF, HALF], children=[2, 3]),
        g.Node(name="LeftEye"),
        g.Node(name="RightEye"),
        g.Node(name="Body", mesh=0),
        g.Node(name="Teeth", mesh=1),
    ]
    idle = g.Animation(name="idle", samplers=[g.AnimationSampler(input=times, output=sway)])
    idle.channels = [g.AnimationChannel(sampler=0, target=g.AnimationChannelTarget(node=0, path="translation"))]
    file = g.GLTF2(
        scene=0, scenes=[g.Scene(nodes=[0, 4, 5])], nodes=nodes, meshes=[body, teeth], animations=[idle],
        accessors=accessors, bufferViews=views, buffers=[g.Buffer(byteLength=len(blob))],
    )  # fmt: skip
    file.set_binary_blob(blob)
    return b"".join(file.save_to_bytes())


if __name__ == "__main__":
    Path(__file__).with_name("character.glb").write_bytes(build())

"""Hair in glTF: each strand a ribbon that lies on the head, as one mesh that turns with the skull."""

import numpy as np

from visavox.export.gltf.builder import INDICES, VERTICES, Builder
from visavox.export.gltf.paint import Hair

MIDDLE = np.array((0.0, 0.015, -0.085))  # metres: the middle of the neutral skull, from which hair faces outwards
ROOT, TIP = 0.3, 1.0  # how light hair is where other hair shades it, and outside
MOST = 65535  # vertices that numbers of 16 bits can name; glTF keeps the last number for itself
MATERIAL = {"name": "hair", "doubleSided": True, "pbrMetallicRoughness": {"metallicFactor": 0, "roughnessFactor": 0.6}}


def add_hair(builder: Builder, hair: Hair, pivot: np.ndarray) -> int:
    """The index of a mesh of `hair` about `pivot` (3,), the place of the node that carries it."""
    points, normals, colours, faces = ribbons(hair)
    attributes = {
        "POSITION": builder.accessor((points - pivot).astype("<f4"), VERTICES, bounds=True),
        "NORMAL": builder.accessor(normals.astype("<f4"), VERTICES),
        "COLOR_0": builder.accessor(np.uint8(np.rint(255 * np.clip(colours, 0, 1))), VERTICES, normalized=True),
    }
    indices = builder.accessor(faces.reshape(-1).astype("<u2" if len(points) <= MOST else "<u4"), INDICES)
    material = builder.add("materials", MATERIAL)
    return builder.add("meshes", {"name": "Hair", "primitives": [{"attributes": attributes, "indices": indices, "material": material}]})


def ribbons(hair: Hair) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Points (n, 3) in metres, normals (n, 3), colours (n, 4) of linear light and triangles (f, 3) of flat strands that face outwards.

    Normals lean from outwards to the strand's own bend, so that light runs over locks and not over facets.
    """
    strands, knots = hair.points.shape[:2]
    along = np.gradient(hair.points, axis=1)
    along /= np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-9)
    outward = hair.points - MIDDLE
    outward /= np.maximum(np.linalg.norm(outward, axis=-1, keepdims=True), 1e-9)
    across = np.cross(along, outward)
    across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-9)
    edge = across * hair.width[..., None] / 2
    facing = np.cross(across, along)
    normal = [facing + 0.5 * sign * across for sign in (-1, 1)]  # rounded, as a lock is
    points = np.stack([hair.points - edge, hair.points + edge], axis=2)
    normals = np.stack(normal, axis=2)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    light = ROOT + (TIP - ROOT) * hair.depth[..., None]
    colour = np.concatenate([hair.colour[:, None] * light, np.ones((strands, knots, 1))], axis=-1)
    start = (np.arange(strands)[:, None] * knots + np.arange(knots - 1)) * 2
    faces = np.stack([start, start + 1, start + 3, start, start + 3, start + 2], axis=-1)
    return points.reshape(-1, 3), normals.reshape(-1, 3), colour.repeat(2, axis=1).reshape(-1, 4), faces.reshape(-1, 3)

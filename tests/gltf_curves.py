"""What an animated glTF file holds, from the plain structures that pygltflib reads."""

import numpy as np

TYPES = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


def array(file, index: int) -> np.ndarray:
    """The values of an accessor, sparse ones too, from the plain structures that pygltflib reads."""
    accessor = file.accessors[index]
    width = WIDTHS[accessor.type]
    values = np.zeros((accessor.count, width), TYPES[accessor.componentType])
    if accessor.bufferView is not None:
        values = _view(file, accessor.bufferView, values.dtype, accessor.count * width).reshape(accessor.count, width)
    if accessor.sparse:
        values = values.copy()
        rows = _view(file, accessor.sparse.indices.bufferView, TYPES[accessor.sparse.indices.componentType], accessor.sparse.count)
        values[rows] = _view(file, accessor.sparse.values.bufferView, values.dtype, accessor.sparse.count * width).reshape(-1, width)
    return values


def _view(file, index: int, dtype, count: int) -> np.ndarray:
    return np.frombuffer(file.binary_blob(), dtype, count, file.bufferViews[index].byteOffset or 0)


def curves(file) -> dict[str, np.ndarray]:
    """The weights (T,) of each morph target, and the rotations (T, 4) of each node, by name."""
    found = {}
    animation = file.animations[0]
    for channel in animation.channels:
        node, sampler = file.nodes[channel.target.node], animation.samplers[channel.sampler]
        values = array(file, sampler.output)
        if channel.target.path == "weights":
            names = file.meshes[node.mesh].extras["targetNames"]
            found |= dict(zip(names, values.reshape(-1, len(names)).T, strict=True))
        else:
            found[node.name] = values
        found["times"] = array(file, sampler.input)[:, 0]
    return found

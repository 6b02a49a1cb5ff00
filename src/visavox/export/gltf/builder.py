"""`Builder`: a glTF document that grows: arrays become accessors, and movements become channels of one animation."""

import numpy as np

from visavox.io.gltf import Gltf

TYPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
COMPONENTS = {"u1": 5121, "u2": 5123, "u4": 5125, "f4": 5126}
VERTICES, INDICES = 34962, 34963  # what a buffer view is for


class Builder:
    """Collects the parts of an asset; `gltf()` returns what was collected. Nothing that a `Gltf` given to it holds is lost."""

    def __init__(self, start: Gltf):
        self.document = {**start.document}
        self.binary = bytearray(start.binary)
        self.samplers, self.channels = [], []
        self.times = None

    def add(self, key: str, entry: dict) -> int:
        """The index of `entry`, now the last of the document's list `key`."""
        self.document[key] = [*self.document.get(key, []), entry]
        return len(self.document[key]) - 1

    def view(self, data: bytes, target: int | None = None) -> int:
        """The index of a buffer view that holds `data`."""
        self.binary += b"\0" * (-len(self.binary) % 4)
        view = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(data)}
        self.binary += data
        return self.add("bufferViews", view if target is None else view | {"target": target})

    def accessor(self, array: np.ndarray, target: int | None = None, bounds: bool = False, normalized: bool = False) -> int:
        """The index of an accessor of `array` (n,) or (n, k) in its own type; `bounds` states its least and greatest values."""
        array = np.ascontiguousarray(array)
        entry = {"bufferView": self.view(array.tobytes(), target), **_described(array)}
        if normalized:
            entry["normalized"] = True
        return self.add("accessors", entry | _bounds(array) if bounds else entry)

    def sparse(self, offsets: np.ndarray, moving: np.ndarray) -> int:
        """The index of an accessor of `offsets` (V, 3) that stores only the rows `moving` (n,), the others being zero."""
        kept = np.zeros_like(offsets)
        kept[moving] = offsets[moving]
        entry = {**_described(offsets), **_bounds(kept)}
        if moving.size:
            indices = moving.astype("<u2" if len(offsets) <= 65535 else "<u4")
            entry["sparse"] = {
                "count": int(moving.size),
                "indices": {"bufferView": self.view(indices.tobytes()), "componentType": COMPONENTS[indices.dtype.str[1:]]},
                "values": {"bufferView": self.view(np.ascontiguousarray(offsets[moving]).tobytes())},
            }
        return self.add("accessors", entry)

    def animate(self, node: int, path: str, values: np.ndarray, times: np.ndarray) -> None:
        """Moves `node`: `path` is "weights", "rotation" or "translation", `values` (T, k) at `times` (T,) in seconds."""
        self.follow(node, path, self.sampler(values.reshape(-1) if path == "weights" else values, times))

    def sampler(self, values: np.ndarray, times: np.ndarray) -> int:
        """The index of a movement that nodes may `follow`: `values` (n,) or (T, k) as float32, at `times` (T,) in seconds."""
        if self.times is None:
            self.times = self.accessor(times.astype("<f4"), bounds=True)
        output = self.accessor(values.astype("<f4", copy=False))
        self.samplers.append({"input": self.times, "output": output, "interpolation": "LINEAR"})
        return len(self.samplers) - 1

    def follow(self, node: int, path: str, sampler: int) -> None:
        """Moves `node` along `path` as `sampler` says."""
        self.channels.append({"sampler": sampler, "target": {"node": node, "path": path}})

    def gltf(self, name: str) -> Gltf:
        """The asset, its animation called `name` before any that it had: players take the first."""
        document = dict(self.document)
        if self.channels:
            ours = {"name": name, "samplers": self.samplers, "channels": self.channels}
            document["animations"] = [ours, *document.get("animations", [])]
        return Gltf(document, memoryview(self.binary).toreadonly())


def _described(array: np.ndarray) -> dict:
    width = 1 if array.ndim == 1 else array.shape[1]
    return {"componentType": COMPONENTS[array.dtype.str[1:]], "count": len(array), "type": TYPES[width]}


def _bounds(array: np.ndarray) -> dict:
    rows = array.reshape(len(array), -1)
    return {"min": rows.min(0).tolist(), "max": rows.max(0).tolist()}

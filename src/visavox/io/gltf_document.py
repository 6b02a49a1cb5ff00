"""The check of a foreign glTF document before anything relies on it: one pass over structure, types, indices, ranges and sizes.

Each fault is a ValueError that names its place ("accessors[3].count is -1, not ..."). What nothing reads (extras, textures, foreign
extensions, names that are no text) is passed on as it is; whole numbers written as 4.0 become 4 in place.
"""

import math
import re
from typing import Any, NoReturn

COMPONENTS = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}  # bytes of each component type
UNSIGNED = (5121, 5123, 5125)
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
VECTORS = {"POSITION": "VEC3", "JOINTS": "VEC4", "WEIGHTS": "VEC4"}  # the attributes that are read
MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
LISTS = (
    "buffers", "bufferViews", "accessors", "images", "materials", "meshes", "nodes", "skins", "animations", "scenes",
)  # in the order in which they are checked: each after those that it points at, nodes excepted  # fmt: skip
MOST_BYTES = 1 << 29  # of one buffer
MOST_ZEROS = 1 << 26  # bytes that an accessor without data may stand for
MOST_ELEMENTS, MOST_NODES, MOST_TARGETS, MOST_DEPTH = 1 << 28, 100_000, 4096, 200
MOST_NUMBER, LEAST_ROTATION = 1e9, 1e-6
SHOWN = 40  # characters of a wrong value


def check_document(document: Any) -> None:
    """Raises a ValueError naming the first thing in `document` that a glTF 2.0 file cannot have."""
    _check_depth(document)
    version = _object(_object(document, "the document").get("asset"), "asset").get("version")
    if not isinstance(version, str | float | int) or not re.fullmatch(r"2(\.\d+)?", str(version)):  # some write a number
        _fail("asset.version", version, "2.0")
    for key in ("extensionsUsed", "extensionsRequired"):
        if any(not isinstance(name, str) for name in _list(document.get(key, []), key)):
            _fail(key, document[key], "a list of names")
    for key in LISTS:
        for number, entry in enumerate(_list(document.get(key, []), key)):
            _object(entry, f"{key}[{number}]")
    checks = (_buffer, _view, _accessor, _image, _material, _mesh, _node, _skin, _animation, _scene)
    if len(document.get("nodes", [])) > MOST_NODES:
        raise ValueError(f"nodes has {len(document['nodes'])} entries; {MOST_NODES} are read at most")
    for key, check in zip(LISTS, checks, strict=True):
        for number, entry in enumerate(document.get(key, [])):
            check(document, entry, f"{key}[{number}]")
    _index(document, "scene", "", document, "scenes")
    _check_tree(document.get("nodes", []))


def extension(entry: dict, *names: str) -> dict:
    """The first of the extensions `names` of an entry that is there and is an object; else an empty one."""
    held = entry.get("extensions")
    found = [held.get(name) for name in names] if isinstance(held, dict) else []
    return next((each for each in found if isinstance(each, dict)), {})


def is_fallback(buffer: dict) -> bool:
    """Whether the buffer has no bytes of its own, but stands for what meshopt's compression unpacks to."""
    return extension(buffer, *MESHOPT).get("fallback") is True


def _buffer(document: dict, entry: dict, place: str) -> None:
    _whole(entry, "byteLength", place, 0, MOST_BYTES)
    if "uri" in entry and not isinstance(entry["uri"], str):
        _fail(f"{place}.uri", entry["uri"], "a text")


def _view(document: dict, entry: dict, place: str) -> None:
    packed = extension(entry, *MESHOPT)
    if packed:
        _in_buffer(document, packed, f"{place}.extensions (meshopt)")
        for key in ("buffer", "byteOffset", "byteLength"):
            _whole(entry, key, place, 0, MOST_BYTES, 0 if key == "byteOffset" else None)
        _index(entry, "buffer", place, document, "buffers")
    else:
        _in_buffer(document, entry, place)
    if "byteStride" in entry:
        _whole(entry, "byteStride", place, 1, 252)


def _in_buffer(document: dict, entry: dict, place: str) -> None:
    """Checks that the bytes which `entry` names lie in its buffer."""
    start, length = _whole(entry, "byteOffset", place, 0, MOST_BYTES, 0), _whole(entry, "byteLength", place, 0, MOST_BYTES)
    buffer = _index(entry, "buffer", place, document, "buffers", needed=True)
    held = document["buffers"][buffer]["byteLength"]
    if start + length > held:
        raise ValueError(f"{place} ends at byte {start + length} of buffers[{buffer}], which has {held}")


def _accessor(document: dict, entry: dict, place: str) -> None:
    size = _choice(entry, "componentType", place, COMPONENTS) * _choice(entry, "type", place, WIDTHS)
    count = _whole(entry, "count", place, 1, MOST_ELEMENTS)
    if not isinstance(entry.get("normalized", False), bool):
        _fail(f"{place}.normalized", entry["normalized"], "true or false")
    if "bufferView" in entry:
        _in_view(document, entry, place, count, size)
    elif count * size > MOST_ZEROS:
        raise ValueError(f"{place}.count is {count}, and there are no data for so many; {MOST_ZEROS >> 20} MB are filled up at most")
    if "sparse" not in entry:
        return
    sparse = _object(entry["sparse"], f"{place}.sparse")
    few = _whole(sparse, "count", f"{place}.sparse", 1, count)
    for key in ("indices", "values"):
        part, where = _object(sparse.get(key), f"{place}.sparse.{key}"), f"{place}.sparse.{key}"
        if key == "indices" and _choice(part, "componentType", where, COMPONENTS) and part["componentType"] not in UNSIGNED:
            _fail(f"{where}.componentType", part["componentType"], "unsigned")
        _index(part, "bufferView", where, document, "bufferViews", needed=True)
        _in_view(document, part, where, few, COMPONENTS[part["componentType"]] if key == "indices" else size)


def _in_view(document: dict, entry: dict, place: str, count: int, size: int) -> None:
    """Checks that `count` elements of `size` bytes from the entry's offset lie in its view."""
    number = _index(entry, "bufferView", place, document, "bufferViews", needed=True)
    view = document["bufferViews"][number]
    start, stride = _whole(entry, "byteOffset", place, 0, MOST_BYTES, 0), view.get("byteStride", size)
    if stride < size:
        raise ValueError(f"bufferViews[{number}].byteStride is {stride}, less than the {size} bytes of each element of {place}")
    if start + stride * (count - 1) + size > view["byteLength"]:
        ends = start + stride * (count - 1) + size
        raise ValueError(f"{place} ends at byte {ends} of bufferViews[{number}], which has {view['byteLength']}")


def _image(document: dict, entry: dict, place: str) -> None:
    for key in ("uri", "mimeType"):
        if key in entry and not isinstance(entry[key], str):
            _fail(f"{place}.{key}", entry[key], "a text")
    _index(entry, "bufferView", place, document, "bufferViews")


def _material(document: dict, entry: dict, place: str) -> None:
    paint = _object(entry.get("pbrMetallicRoughness", {}), f"{place}.pbrMetallicRoughness")
    if "baseColorFactor" in paint:
        _numbers(paint["baseColorFactor"], f"{place}.pbrMetallicRoughness.baseColorFactor", 4)


def _mesh(document: dict, entry: dict, place: str) -> None:
    targets = 0
    primitives = _list(entry.get("primitives"), f"{place}.primitives")
    if not primitives:
        raise ValueError(f"{place}.primitives is empty; a mesh has at least one")
    for number, primitive in enumerate(primitives):
        where = f"{place}.primitives[{number}]"
        targets = max(targets, _primitive(document, _object(primitive, where), where))
    _weights(entry, place, targets)


def _primitive(document: dict, entry: dict, place: str) -> int:
    """Checks one primitive; how many morph targets it has."""
    attributes = _object(entry.get("attributes"), f"{place}.attributes")
    count = None
    for name in sorted(attributes):
        found = _accessor_at(document, attributes, name, f"{place}.attributes")
        wanted = VECTORS.get(name.split("_")[0], found["type"])
        if found["type"] != wanted:
            _fail(f"the type of {place}.attributes.{name}", found["type"], wanted)
        if name == "POSITION":
            count = found["count"]
    for name in attributes:
        _as_many(document, attributes[name], f"{place}.attributes.{name}", count if name.split("_")[0] in VECTORS else None)
    if "indices" in entry:
        found = _accessor_at(document, entry, "indices", place)
        if found["type"] != "SCALAR" or found["componentType"] not in UNSIGNED:
            _fail(f"the type of {place}.indices", f"{found['type']} of {found['componentType']}", "unsigned scalars")
    _index(entry, "material", place, document, "materials")
    _whole(entry, "mode", place, 0, 6, 4)
    targets = _list(entry.get("targets", []), f"{place}.targets")
    if len(targets) > MOST_TARGETS:
        raise ValueError(f"{place}.targets has {len(targets)} morph targets; {MOST_TARGETS} are read at most")
    for number, target in enumerate(targets):
        where = f"{place}.targets[{number}]"
        for name in _object(target, where):
            if name != "extras":
                _as_many(document, _index(target, name, where, document, "accessors", needed=True), f"{where}.{name}", count)
    return len(targets)


def _accessor_at(document: dict, entry: dict, key: str, place: str) -> dict:
    number = _index(entry, key, place, document, "accessors", needed=True)
    return document["accessors"][number]


def _as_many(document: dict, accessor: int, place: str, count: int | None) -> None:
    held = document["accessors"][accessor]["count"]
    if count is not None and held != count:
        raise ValueError(f"{place} has {held} elements, and POSITION of the same primitive {count}")


def _weights(entry: dict, place: str, targets: int) -> None:
    if "weights" in entry and _list(entry["weights"], f"{place}.weights"):
        if len(entry["weights"]) != targets:
            raise ValueError(f"{place}.weights has {len(entry['weights'])} numbers for {targets} morph targets")
        _numbers(entry["weights"], f"{place}.weights", targets)


def _node(document: dict, entry: dict, place: str) -> None:
    for key, kind in (("mesh", "meshes"), ("skin", "skins")):
        _index(entry, key, place, document, kind)
    _indices(entry, "children", place, document, "nodes")
    for key, count in (("matrix", 16), ("rotation", 4), ("translation", 3), ("scale", 3)):
        if key in entry:
            _numbers(entry[key], f"{place}.{key}", count)
    if math.hypot(*entry.get("rotation", [1])) < LEAST_ROTATION:
        _fail(f"{place}.rotation", entry["rotation"], "a rotation")
    if "mesh" in entry:
        _weights(entry, place, max(len(each.get("targets", [])) for each in document["meshes"][entry["mesh"]]["primitives"]))


def _skin(document: dict, entry: dict, place: str) -> None:
    if not _indices(entry, "joints", place, document, "nodes"):
        raise ValueError(f"{place}.joints is missing or empty; a skin has at least one joint")
    matrices = _index(entry, "inverseBindMatrices", place, document, "accessors")
    if matrices is not None:
        found = document["accessors"][matrices]
        if found["type"] != "MAT4" or found["componentType"] != 5126 or found["count"] < len(entry["joints"]):
            stated = f"{found['count']} {found['type']} of {found['componentType']}"
            _fail(f"{place}.inverseBindMatrices", stated, f"{len(entry['joints'])} MAT4 of 5126")


def _animation(document: dict, entry: dict, place: str) -> None:
    samplers = _list(entry.get("samplers", []), f"{place}.samplers")
    for number, sampler in enumerate(samplers):
        where = f"{place}.samplers[{number}]"
        for key in ("input", "output"):
            _index(_object(sampler, where), key, where, document, "accessors", needed=True)
    for number, channel in enumerate(_list(entry.get("channels", []), f"{place}.channels")):
        where = f"{place}.channels[{number}]"
        _index(_object(channel, where), "sampler", where, entry, "samplers", needed=True)
        target = _object(channel.get("target"), f"{where}.target")
        _index(target, "node", f"{where}.target", document, "nodes")
        if not isinstance(target.get("path"), str):
            _fail(f"{where}.target.path", target.get("path"), "a text")


def _scene(document: dict, entry: dict, place: str) -> None:
    _indices(entry, "nodes", place, document, "nodes")


def _check_tree(nodes: list[dict]) -> None:
    """Each node hangs on one other at most, and none on itself, however far round."""
    parents: dict[int, int] = {}
    for parent, node in enumerate(nodes):
        for child in node.get("children", []):
            if child in parents:
                raise ValueError(f"nodes[{child}] is a child of nodes[{parents[child]}] and of nodes[{parent}]; a node has one parent")
            parents[child] = parent
    reached = [number for number in range(len(nodes)) if number not in parents]
    for number in reached:
        reached.extend(nodes[number].get("children", []))
    if len(reached) < len(nodes):
        lost = min(set(range(len(nodes))) - set(reached))
        raise ValueError(f"nodes[{lost}] hangs in a circle of nodes that are their own parents")


def _check_depth(document: Any) -> None:
    level = [document]
    for _ in range(MOST_DEPTH):
        inner = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level = [value for values in inner for value in values if isinstance(value, dict | list)]
    if level:
        raise ValueError(f"it is nested more than {MOST_DEPTH} deep")


def _object(value: Any, place: str) -> dict:
    return value if isinstance(value, dict) else _fail(place, value, "an object")


def _list(value: Any, place: str) -> list:
    return value if isinstance(value, list) else _fail(place, value, "a list")


def _whole(entry: dict, key: str, place: str, low: int, high: int, default: int | None = None) -> int:
    """The whole number `entry[key]`, from `low` to `high`."""
    if key not in entry and default is not None:
        return default
    value = entry.get(key)
    if isinstance(value, float) and value.is_integer():
        value = entry[key] = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        _fail(f"{place}.{key}".lstrip("."), value, f"a whole number from {low} to {high}")
    return value


def _index(entry: dict, key: str, place: str, document: dict, kind: str, needed: bool = False) -> int | None:
    """The number of an entry of the document's list `kind`; None when it is not there and need not be."""
    if key not in entry and not needed:
        return None
    count = len(document.get(kind, []))
    if not count:
        raise ValueError(f"{place}.{key} is {_short(entry.get(key))}, and the file has no {kind}".lstrip("."))
    return _whole(entry, key, place, 0, count - 1)


def _indices(entry: dict, key: str, place: str, document: dict, kind: str) -> list[int]:
    values = _list(entry.get(key, []), f"{place}.{key}")
    for number in range(len(values)):
        held = {f"{key}[{number}]": values[number]}
        values[number] = _index(held, f"{key}[{number}]", place, document, kind, needed=True)
    return values


def _numbers(values: Any, place: str, count: int) -> None:
    if len(_list(values, place)) != count:
        _fail(place, values, f"{count} numbers")
    for value in values:
        if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= MOST_NUMBER or not math.isfinite(value):
            _fail(place, values, f"{count} numbers of an ordinary size")


def _choice(entry: dict, key: str, place: str, known: dict) -> int:
    value = entry.get(key)
    if isinstance(value, bool | list | dict) or value not in known:
        _fail(f"{place}.{key}", value, f"one of {', '.join(map(str, known))}")
    return known[value]


def _fail(place: str, value: Any, wanted: str) -> NoReturn:
    raise ValueError(f"{place} is {'missing or null' if value is None else _short(value)}, not {wanted}")


def _short(value: Any) -> str:
    """The value as it stands in the message: on one line, and cut."""
    try:
        text = repr(value)
    except ValueError:  # a number of more digits than Python prints
        text = "a huge number"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."

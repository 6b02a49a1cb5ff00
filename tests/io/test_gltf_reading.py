"""glTF files from strangers: what is legal is read, however odd; what is not is one sentence that names the place."""

import base64
import copy
import json
import random
import struct

import pytest

from made_character import MadeCharacter, glb
from visavox.errors import FileError
from visavox.io.gltf import Gltf, glb_bytes, read_gltf, write_glb

NAMES = ["jawOpen", "eyeBlinkLeft"]


def made() -> MadeCharacter:
    """A character with a skin, an animation, a sparse accessor, a material and a picture: something of each kind that is checked."""
    character = MadeCharacter()
    head = character.node("Head", rotation=[0, 0, 0, 1], translation=[0, 1, 0])
    character.node("LeftEye", parent=head)
    mesh = character.mesh(NAMES)
    character.node("Face", mesh=mesh, skin=character.skin(mesh, [head]))
    document = character.document
    document["meshes"][0]["primitives"][0]["material"] = 0
    document["materials"] = [{"pbrMetallicRoughness": {"baseColorFactor": [1, 0.5, 0.5, 1]}}]
    view = len(document["bufferViews"]) - 1
    document["images"] = [{"bufferView": view, "mimeType": "image/png"}]
    sparse = {"count": 1, "indices": {"bufferView": view - 1, "componentType": 5121}, "values": {"bufferView": 0}}
    document["accessors"].append({"componentType": 5126, "count": 3, "type": "VEC3", "sparse": sparse})
    channel = {"sampler": 0, "target": {"node": head, "path": "translation"}}
    document["animations"] = [{"samplers": [{"input": 0, "output": 0}], "channels": [channel]}]
    return character


def at(document: dict, place: str):
    """The holder and the key of a place such as "nodes/0/name"."""
    *above, last = [int(part) if part.isdigit() else part for part in place.split("/")]
    for part in above:
        document = document[part]
    return document, last


def read(tmp_path, document, binary: bytes = b""):
    (tmp_path / "a.glb").write_bytes(glb(document, binary))
    return read_gltf(tmp_path / "a.glb")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("extras", "made in a hurry"), ("meshes/0/extras/other", [1, None]), ("nodes/0/extras", None), ("nodes/1/name", None),
        ("nodes/1/name", 7), ("extensions", None), ("materials/0/extensions", "x"), ("accessors/0/max", ["?"]),
        ("nodes/0/scale", [1.0, 2, 3]), ("accessors/0/count", 3.0), ("meshes/0/weights", []), ("unknown", {"a": [1]}),
        ("textures", [{"source": 99}]), ("asset/extras", [1]), ("asset/version", "2.1"), ("asset/version", 2.0),
        ("bufferViews/0/byteStride", 12),
    ],
)  # fmt: skip
def test_what_is_legal_is_read(tmp_path, place, value):
    character = made()
    document = character.whole()
    holder, key = at(document, place)
    holder[key] = value
    assert read(tmp_path, document, bytes(character.binary)).document["nodes"]


FAULTS = [
    ("asset", None), ("asset/version", "1.0"), ("nodes", None), ("nodes", {}), ("nodes/0", "x"), ("scene", 9),
    ("scene", -1),
    ("scenes/0/nodes/0", 99), ("nodes/0/children", [0]), ("nodes/0/children", [1, 1]), ("nodes/1/children", [0]),
    ("nodes/0/rotation", [0, 0, 0, 0]), ("nodes/0/rotation", [0, 0, 1]), ("nodes/0/rotation/2", "x"), ("nodes/0/translation/0", 1e300),
    ("nodes/0/matrix", [1]), ("nodes/2/mesh", 5), ("nodes/2/mesh", True), ("nodes/2/skin", "0"), ("nodes/2/weights", [1]),
    ("meshes/0/primitives", []), ("meshes/0/primitives", "../../etc/passwd"), ("meshes/0/weights", [0.1]), ("meshes/0/weights/x", 1),
    ("meshes/0/primitives/0/attributes", [0]), ("meshes/0/primitives/0/attributes/POSITION", 10**6),
    ("meshes/0/primitives/0/attributes/JOINTS_0", 0), ("meshes/0/primitives/0/indices", 0), ("meshes/0/primitives/0/targets/1", -1e308),
    ("meshes/0/primitives/0/targets/0/POSITION", "x"), ("meshes/0/primitives/0/material", 3), ("meshes/0/primitives/0/mode", 7),
    ("materials/0/pbrMetallicRoughness/baseColorFactor", [1, 2]), ("images/0/bufferView", 10**9), ("images/0/mimeType", 3),
    ("skins/0/joints", []), ("skins/0/joints/0", 88), ("skins/0/inverseBindMatrices", 0), ("accessors/0/componentType", "5126"),
    ("accessors/0/componentType", 5124), ("accessors/0/type", ["VEC3"]), ("accessors/0/count", 4), ("accessors/0/count", 2**45),
    ("accessors/0/count", 0), ("accessors/0/count", 10**400), ("accessors/0/bufferView", 99), ("accessors/0/byteOffset", -4),
    ("accessors/0/normalized", "x"), ("accessors/4/sparse/count", 9), ("accessors/4/sparse/indices", None), ("accessors/4/count", 2**27),
    ("accessors/4/sparse/indices/componentType", 5126), ("bufferViews/0", [[]]), ("bufferViews/0/buffer", 1),
    ("bufferViews/0/byteLength", 10**6), ("bufferViews/0/byteStride", 4), ("bufferViews/0/byteOffset", 2**31),
    ("buffers/0/byteLength", 2**40), ("buffers/0/byteLength", 4), ("buffers/0/uri", ["x"]), ("animations/0/samplers", None),
    ("animations/0/samplers/0/input", None),
    ("animations/0/channels/0/sampler", 2), ("animations/0/channels/0/target", None), ("animations/0/channels/0/target/node", 77),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value"), FAULTS)
def test_what_is_not_is_refused_with_its_place(tmp_path, place, value):
    character = made()
    document = character.whole()
    holder, key = at(document, place if not place.endswith("weights/x") else "meshes/0/weights")
    holder[key] = value if not place.endswith("weights/x") else ["x", 0]
    with pytest.raises(FileError) as caught:
        read(tmp_path, document, bytes(character.binary))
    said = str(caught.value)
    assert "a.glb" in said and place.split("/")[0] in said and len(said) < 400 and "\n" not in said
    assert not any(word in said for word in ("KeyError", "IndexError", "object is not", "lacks '"))


@pytest.mark.parametrize("key", ["accessors", "bufferViews", "buffers", "meshes", "nodes", "skins", "materials", "scenes"])
def test_a_list_that_others_point_into_is_missed(tmp_path, key):
    character = made()
    for gone in ({}, {key: []}):
        document = {name: value for name, value in character.whole().items() if name != key} | gone
        with pytest.raises(FileError, match=f"a.glb.*(the file has no {key}|not a whole number|no {key})"):
            read(tmp_path, document, bytes(character.binary))


def test_circles_of_nodes_and_two_parents_are_found_and_long_chains_are_not(tmp_path):
    character = MadeCharacter(NAMES)
    character.document["nodes"] += [{"children": [number + 2]} for number in range(20000)] + [{}]
    assert len(read(tmp_path, character.whole(), bytes(character.binary)).document["nodes"]) == 20002
    character.document["nodes"][20001]["children"] = [1]
    with pytest.raises(FileError, match=r"nodes\[1\] hangs in a circle"):
        read(tmp_path, character.whole(), bytes(character.binary))
    character.document["nodes"][20001]["children"] = [500]
    with pytest.raises(FileError, match=r"nodes\[500\] is a child of nodes"):
        read(tmp_path, character.whole(), bytes(character.binary))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"asset": {"version": "2.0"}, "extras": NaN}', "NaN"), (b'{"asset": {"version": "2.0"}, "extras": 1e999}', "1e999"),
        (b"[" * 100000 + b"]" * 100000, "nested"),
        (b'{"asset": {"version": "2.0"}, "extras": ' + b"[" * 300 + b"]" * 300 + b"}", "nested"),
        (b'{"asset": {"version": "2.0"}, "scene": ' + b"9" * 5000 + b"}", "is not a glTF"), (b"[]", "the document"), (b"{", "JSON"),
        (b'{"extras": [' + b"{}," * 1_000_000 + b"{}]}", "values"), (b"\xff\xfe{", "JSON"), (b'"2.0"', "the document"),
    ],
)  # fmt: skip
def test_json_that_is_none_is_refused(tmp_path, text, said):
    (tmp_path / "a.glb").write_bytes(glb(text))
    (tmp_path / "a.gltf").write_bytes(text)
    for name in ("a.glb", "a.gltf"):
        with pytest.raises(FileError, match=f"(?s){name}.*{said}"):
            read_gltf(tmp_path / name)


def test_containers_that_are_cut_or_lie_about_their_length_are_refused(tmp_path):
    whole = glb(made().whole(), bytes(made().binary))
    for damage in (whole[:10], whole[:200], whole[:-40], whole[:12] + struct.pack("<I", 2**31) + whole[16:], whole[:4] + b"\1" + whole[5:]):
        (tmp_path / "a.glb").write_bytes(damage)
        with pytest.raises(FileError, match="a.glb"):
            read_gltf(tmp_path / "a.glb")


HOSTILE = [
    None, True, "", "../../../etc/passwd",
    "9" * 500, -1, 0, 2**31, 2**63, 1e308, [], {}, [[]], [None], {"": 0}, [1e308] * 3, "A" * 100000,
    1.5, "\ud83d",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_put_where_it_does_not_belong(tmp_path, seed):
    """Any value of the document replaced, left out or doubled: it is read, and can be written, or it is refused."""

    def places(tree, here=()):
        if here:
            yield here
        for key in tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ():
            yield from places(tree[key], (*here, key))

    character, chance = made(), random.Random(seed)
    known = list(places(character.whole()))
    refused = 0
    for _ in range(150):
        document = copy.deepcopy(character.whole())
        for place in chance.sample(known, chance.choice((1, 1, 2))):
            holder = document
            try:
                for key in place[:-1]:
                    holder = holder[key]
                old = holder[place[-1]]
            except (KeyError, IndexError, TypeError):
                continue
            new = chance.choice([*HOSTILE, old * 3 if isinstance(old, list | int) else old, "gone"])
            if new == "gone":
                del holder[place[-1]]
            else:
                holder[place[-1]] = new
        try:
            glb_bytes(read(tmp_path, document, bytes(character.binary)))
        except FileError:
            refused += 1
    assert refused > 50


def test_a_name_of_half_a_character_is_written_again(tmp_path):
    character = MadeCharacter(["jawOpen", "half \ud83d"])
    write_glb(read(tmp_path, character.whole(), bytes(character.binary)), tmp_path / "b.glb")
    assert read_gltf(tmp_path / "b.glb").document["meshes"][0]["extras"]["targetNames"][1] == "half \ud83d"


def test_the_buffer_that_stands_for_unpacked_data_is_kept(tmp_path):
    character = MadeCharacter(NAMES)
    for view in character.document["bufferViews"]:
        packed = {"buffer": 0, "byteOffset": view["byteOffset"], "byteLength": view["byteLength"], "count": 3, "byteStride": 12}
        view |= {"extensions": {"EXT_meshopt_compression": packed}, "buffer": 1}
    length = len(character.binary)
    fallback = {"byteLength": length, "extensions": {"EXT_meshopt_compression": {"fallback": True}}}
    character.document["buffers"] = [{"byteLength": length}, fallback]
    for first in (False, True):
        if first:  # the buffers the other way round, and the data in a file
            character.document["buffers"] = [fallback, {"byteLength": length, "uri": "a.bin"}]
            for view in character.document["bufferViews"]:
                view["buffer"] = 0
                view["extensions"]["EXT_meshopt_compression"]["buffer"] = 1
            character.save(tmp_path / "a.gltf")
        found = read_gltf(tmp_path / "a.gltf") if first else read(tmp_path, character.document, bytes(character.binary))
        write_glb(Gltf(found.document, bytes(found.binary) + b"more"), tmp_path / "b.glb")
        again = read_gltf(tmp_path / "b.glb").document
        assert again["buffers"] == [{"byteLength": length + 4}, fallback]
        assert {view["buffer"] for view in again["bufferViews"]} == {1}
        assert {view["extensions"]["EXT_meshopt_compression"]["buffer"] for view in again["bufferViews"]} == {0}


@pytest.mark.parametrize(
    ("uri", "stated", "kind"),
    [
        ("t.png", None, "image/png"), ("t.JPG", None, "image/jpeg"), ("t.webp", None, "image/webp"),
        ("t.ktx2", None, "image/ktx2"), ("t", "image/png", "image/png"), ("a%20b.png", None, "image/png"),
        ("sub/t.png", None, "image/png"), ("sub\\t.png", None, "image/png"),
        ("data:image/webp;base64,cGlj\n  dHVyZQ==", None, "image/webp"), ("data:image/png;base64,cGljdHVyZQ", None, "image/png"),
        ("data:;base64,cGljdHVyZQ==", "image/png", "image/png"), ("data:image/png,picture", None, "image/png"),
        ("DATA:image/png;BASE64,cGlj%0AdHVyZQ==", None, "image/png"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".gltf", ".glb"])
def test_pictures_are_taken_in_with_their_own_type(tmp_path, uri, stated, kind, suffix):
    (tmp_path / "sub").mkdir()
    for name in ("t.png", "t.JPG", "t.webp", "t.ktx2", "t", "a b.png", "sub/t.png"):
        (tmp_path / name).write_bytes(b"picture")
    character = MadeCharacter(NAMES)
    character.document["images"] = [{"uri": uri, **({"mimeType": stated} if stated else {})}]
    found = read_gltf(character.save(tmp_path / f"c{suffix}"))
    (image,) = found.document["images"]
    view = found.document["bufferViews"][image["bufferView"]]
    assert image["mimeType"] == kind and "uri" not in image
    assert bytes(found.binary[view["byteOffset"] :][: view["byteLength"]]) == b"picture"


def test_a_picture_on_the_web_stays_where_it_is(tmp_path):
    character = MadeCharacter(NAMES)
    character.document["images"] = [{"uri": "https://example.org/t.png"}]
    assert read_gltf(character.save(tmp_path / "c.gltf")).document["images"] == [{"uri": "https://example.org/t.png"}]


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("none.png", "not beside it"), ("../t.png", "outside its own folder"), ("/etc/hostname", "outside its own folder"),
        ("t.xyz", "no known kind"),
        ("data:image/png;base64,c", "damaged"), ("data:image/png;base64", "without data"), ("a" * 5000, "cannot be a file|not beside"),
        ("a%00b.png", "cannot be a file|not beside"), ("sub", "not beside it"),
    ],
)  # fmt: skip
def test_a_picture_that_cannot_be_had_is_named(tmp_path, uri, said):
    (tmp_path / "here" / "sub").mkdir(parents=True)
    (tmp_path / "t.png").write_bytes(b"secret")
    (tmp_path / "here" / "t.xyz").write_bytes(b"?")
    character = MadeCharacter(NAMES)
    character.document["images"] = [{"uri": uri}]
    with pytest.raises(FileError, match=rf"c.gltf.*images\[0\].*({said})") as caught:
        read_gltf(character.save(tmp_path / "here" / "c.gltf"))
    assert len(str(caught.value)) < 500 + len(str(tmp_path))


def test_data_of_several_files_become_one(tmp_path):
    character = MadeCharacter(NAMES)
    half = character.document["bufferViews"][1]["byteOffset"]
    (tmp_path / "one.bin").write_bytes(character.binary[:half] + b"behind")
    rest = base64.b64encode(character.binary[half:]).decode()
    buffers = [{"byteLength": half, "uri": "one.bin"}, {"byteLength": len(character.binary) - half, "uri": f"data:;base64,{rest}"}]
    for view in character.document["bufferViews"][1:]:
        view |= {"buffer": 1, "byteOffset": view["byteOffset"] - half}
    (tmp_path / "a.gltf").write_text(json.dumps(character.document | {"buffers": buffers}))
    found = read_gltf(tmp_path / "a.gltf")
    assert found.binary == bytes(character.binary) and {view["buffer"] for view in found.document["bufferViews"]} == {0}
    (tmp_path / "one.bin").write_bytes(b"short")
    with pytest.raises(FileError, match=rf"buffers\[0\] should have {half} bytes, and 5 are there"):
        read_gltf(tmp_path / "a.gltf")
    buffers[0]["uri"] = "https://example.org/one.bin"
    (tmp_path / "a.gltf").write_text(json.dumps(character.document | {"buffers": buffers}))
    with pytest.raises(FileError, match=r"buffers\[0\] lies at 'https://example.org/one.bin', and nothing is downloaded"):
        read_gltf(tmp_path / "a.gltf")

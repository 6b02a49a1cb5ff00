"""`rig transfer` onto a character of another mesh and of other proportions, whose true shapes are known (see make_stranger)."""

import io

import numpy as np
import pytest
from make_stranger import SCALE, TURN, Stranger, stranger

from visavox.cli import main
from visavox.errors import RigError
from visavox.io.assets import read_head_asset
from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.transfer.landmark_checks import check_closing
from visavox.rigs.transfer.landmarks import ALL, landmarks_toml
from visavox.rigs.transfer.surface import Surface
from visavox.rigs.transfer.transfer import transfer

pygltflib = pytest.importorskip("pygltflib")
trimesh = pytest.importorskip("trimesh")
MM = SCALE / 1000  # a millimetre at an adult's size, in the stranger's units
UP, FRONT = (SCALE * TURN[:, axis] for axis in (1, 2))


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.from_asset(read_head_asset())


@pytest.fixture(scope="module")
def them(head) -> Stranger:
    return stranger(head)


def test_the_mesh_is_another_and_the_face_is_another(head, them):
    from scipy.spatial import cKDTree

    assert len(them.points) < 0.6 * len(head.neutral()) and Surface(them.points, them.faces).pieces.max() > 30
    ours = SCALE * np.float64(head.neutral()) @ TURN.T
    centred = them.points - them.points.mean(0) + ours.mean(0)
    assert np.median(cKDTree(ours).query(centred[them.is_skin])[0]) > 2 * MM, "no vertex of ours lies there"
    assert np.linalg.norm(them.shapes, axis=2).max(1).min() > MM, "every shape moves"


def test_the_command_gives_it_the_shapes_that_it_should_have(tmp_path, them, capsys):
    """From a file that trimesh wrote and landmarks a millimetre off, as a hand picks them, to a file that pygltflib reads."""
    from PIL import Image

    scene = trimesh.Scene()
    scene.add_geometry(trimesh.Trimesh(them.points, them.faces, process=False), geom_name="Face", node_name="Face")
    (tmp_path / "them.glb").write_bytes(scene.export(file_type="glb"))
    shake = np.random.default_rng(11).normal(0, MM / np.sqrt(3), (len(them.landmarks), 3))
    picked = {name: place + shaken for (name, place), shaken in zip(them.landmarks.items(), shake, strict=True)}
    (tmp_path / "points.toml").write_text(landmarks_toml("them", picked))
    arguments = [str(tmp_path / "them.glb"), "--landmarks", str(tmp_path / "points.toml"), "--sheet", str(tmp_path / "sheet.png")]
    assert main(["rig", "transfer", *arguments, "-o", str(tmp_path / "shaped.glb")]) == 0
    assert "52 shapes on 14854 vertices" in capsys.readouterr().out
    assert np.asarray(Image.open(io.BytesIO((tmp_path / "sheet.png").read_bytes()))).std() > 20
    names, found = _read_shapes(tmp_path / "shaped.glb", len(them.points))
    assert names == list(SHAPES)
    off, moves = (np.linalg.norm(values, axis=2) / MM for values in (found - them.shapes, them.shapes))
    for shape, name in enumerate(SHAPES):
        skin, inside = off[shape, them.is_skin], off[shape, ~them.is_skin]
        assert np.quantile(skin, 0.99) < 2.5 and skin.max() < 4, f"{name}: {np.quantile(skin, 0.99):.1f}, at most {skin.max():.1f} mm off"
        assert np.quantile(inside, 0.99) < 6.5, f"{name}: {np.quantile(inside, 0.99):.1f} mm off in the mouth and the eyes"
        moving = moves[shape] > 1
        assert np.median(off[shape, moving] / moves[shape, moving]) < 0.2, f"{name} goes another way"


def _read_shapes(path, count: int) -> tuple[list[str], np.ndarray]:
    file = pygltflib.GLTF2().load(str(path))
    (mesh,) = file.meshes
    offsets = np.zeros((len(mesh.primitives[0].targets), count, 3))
    blob = file.binary_blob()
    for shape, target in enumerate(mesh.primitives[0].targets):
        sparse = file.accessors[target["POSITION"]].sparse
        parts = []
        for part, kind, width in ((sparse.indices, "<u2", 1), (sparse.values, "<f4", 3)):
            start = file.bufferViews[part.bufferView].byteOffset + (part.byteOffset or 0)
            parts.append(np.frombuffer(blob, kind, sparse.count * width, start))
        offsets[shape, parts[0]] = parts[1].reshape(-1, 3)
    return mesh.extras["targetNames"], offsets


MIRRORED = {name: name.replace("_left", "_right") for name in ALL if "_left" in name}
MIRRORED |= {other: name for name, other in MIRRORED.items()}


def swapped(*names: str):
    return lambda at: dict(zip(names, (at[name] for name in reversed(names)), strict=True))


BAD = {
    "sides": (lambda at: {name: at[MIRRORED.get(name, name)] for name in at}, "left and right are the face's own"),
    "corners of the mouth": (swapped("mouth_corner_left", "mouth_corner_right"), "mouth_corner_.* mm"),
    "lips": (swapped("upper_lip_top", "lower_lip_bottom"), "lip_middle lies 10 mm .*above upper_lip_top"),
    "lids": (swapped("upper_lid_left", "lower_lid_left"), "lower_lid_left lies .* above upper_lid_left"),
    "chin on the lip": (lambda at: {"chin": at["lower_lip_bottom"]}, "chin lies 0 mm .* below lower_lip_bottom and should lie 6 to 57 mm"),
    "middle of the lips on the nose": (lambda at: {"lip_middle": at["nose_tip"]}, "lip_middle lies .* above upper_lip_top"),
    "nose before the face": (lambda at: {"nose_tip": at["nose_tip"] + 0.02 * FRONT}, "nose_tip lies (19|20) mm .* off the character"),
    "brow in the air": (lambda at: {"brow_left": at["brow_left"] + 0.025 * UP + 0.01 * FRONT}, "brow_left lies .* off the character's"),
    "another's": (lambda at: {name: place + 0.02 * FRONT for name, place in at.items()}, "the landmarks lie .* off the character"),
    "one place": (lambda at: dict.fromkeys(at, at["chin"]), "mm"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_landmarks_that_cannot_be_are_named(head, them, case):
    change, said = BAD[case]
    with pytest.raises(RigError, match=said) as caught:
        transfer(head, Surface(them.points, them.faces), them.landmarks | change(them.landmarks), False)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("stretch", [0.4, 3.0])
def test_a_face_three_times_as_long_as_broad_is_refused(head, them, stretch):
    long = TURN @ np.diag([1, stretch, 1]) @ TURN.T
    marks = {name: long @ place for name, place in them.landmarks.items()}
    with pytest.raises(RigError, match="drawn out too much|lies .* mm") as caught:
        transfer(head, Surface(them.points @ long.T, them.faces), marks, False)
    assert "\n" not in str(caught.value)


def test_lips_and_lids_that_do_not_close_are_refused():
    check_closing(0.004, np.array([0.0006, -0.002]))
    with pytest.raises(RigError, match="lips of the character stay 11 mm apart .*landmarks of the mouth"):
        check_closing(0.011, np.zeros(2))
    with pytest.raises(RigError, match="right lids .* 7 mm across one another .*landmarks of the right eye"):
        check_closing(0.0, np.array([0.001, -0.007]))

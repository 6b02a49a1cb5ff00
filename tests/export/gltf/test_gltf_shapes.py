"""`rig transfer` on files: geometry read through nodes and skins, shapes added without loss, the command from end to end."""

import io
from pathlib import Path

import numpy as np
import pytest

from gltf_curves import array
from visavox.cli import main
from visavox.errors import RigError
from visavox.export import Accompaniment, export
from visavox.export.gltf.shapes import Character, eye_places
from visavox.io.assets import read_head_asset
from visavox.io.gltf import Gltf, read_gltf, write_glb
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.transfer.landmarks import head_landmarks, landmarks_toml
from visavox.style import Identity
from web_tools import validator_messages

pygltflib = pytest.importorskip("pygltflib")
CHARACTER = Path(__file__).resolve().parents[1] / "character.glb"
STILL = Motion(np.zeros((1, len(ARKIT))), 25, ARKIT)


@pytest.fixture(scope="module")
def child(tmp_path_factory):
    """The child's head as a character without shapes that lies on its back, twice as large; its landmarks there."""
    folder, head = tmp_path_factory.mktemp("child"), Head.from_asset(read_head_asset())
    export(STILL, folder / "still.glb", Accompaniment(head=head, identity=Identity("child")))
    plain = read_gltf(folder / "still.glb")
    half = float(np.sqrt(0.5))
    nodes = [*plain.document["nodes"], {"name": "Stage", "rotation": [-half, 0, 0, half], "scale": [2, 2, 2], "children": [0]}]
    document = {key: value for key, value in plain.document.items() if key != "animations"}
    write_glb(Gltf(document | {"nodes": nodes, "scenes": [{"nodes": [2, len(nodes) - 1]}]}, plain.binary), folder / "child.glb")
    rest = head.neutral(Identity("child"))
    lying = 2 * np.stack([rest[:, 0], rest[:, 2], -rest[:, 1]], axis=1)
    places = {name: lying[number] for name, number in head_landmarks(head).items()}
    (folder / "points.toml").write_text(landmarks_toml("child", places))
    return folder, head, rest, lying


def test_geometry_lies_where_nodes_and_skins_put_it(child):
    folder, head, _, lying = child
    surface = Character.from_asset(read_gltf(folder / "child.glb")).surface
    assert len(surface.points) == len(lying) and len(surface.faces) == len(head.faces), "vertices of one place are one"
    from scipy.spatial import cKDTree

    assert cKDTree(lying).query(surface.points)[0].max() < 1e-5
    eyes = eye_places(read_gltf(folder / "child.glb"))
    assert np.allclose(eyes[0] - eyes[1], 2 * (head.eye_centre[9, 0] - head.eye_centre[9, 1]), atol=1e-5)


def test_the_command_writes_a_face_that_blinks_and_a_sheet(child, capsys):
    from PIL import Image

    folder, head, rest, _ = child
    source, target, sheet = folder / "child.glb", folder / "shaped.glb", folder / "sheet.png"
    arguments = ["rig", "transfer", str(source), "--landmarks", str(folder / "points.toml"), "-o", str(target), "--sheet", str(sheet)]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "52 shapes" in said and "100% of the face covered" in said and "lids close to 0.6 and 0.6 mm" in said
    file = pygltflib.GLTF2().load(str(target))
    assert file.meshes[0].extras["targetNames"] == list(SHAPES) and not file.meshes[1].primitives[0].targets
    skin = file.meshes[0].primitives[0]
    place, blink = (array(file, index) for index in (skin.attributes.POSITION, skin.targets[SHAPES.index("eyeBlinkLeft")]["POSITION"]))
    lids = [int(np.linalg.norm(place - rest[lid], axis=1).argmin()) for lid in head.lid_points[0]]
    apart = (place + blink)[lids[0], 1] - (place + blink)[lids[1], 1]
    assert abs(apart) < 0.0012 < place[lids[0], 1] - place[lids[1], 1], "offsets are in the mesh's own space"
    picture = np.asarray(Image.open(io.BytesIO(sheet.read_bytes())))
    assert picture.std() > 20 and picture.shape[1] == 9 * picture.shape[0] / 6
    serious = [message for messages in validator_messages(target) for message in messages if message["severity"] < 2]
    assert not serious, serious[:3]
    moved = Motion(np.full((3, len(ARKIT)), 0.2), 25, ARKIT)
    export(moved, folder / "speaks.glb", Accompaniment(character=read_gltf(target)))


def test_shapes_are_added_to_those_that_a_character_has(tmp_path):
    character = Character.from_asset(read_gltf(CHARACTER))
    offsets = np.zeros((2, len(character.surface.points), 3))
    offsets[0] = [0, 0, 0.5]
    made = character.with_shapes(("jawOpen", "mouthLeft"), offsets)
    write_glb(made, tmp_path / "a.glb")
    before, after = (pygltflib.GLTF2().load(str(path)) for path in (CHARACTER, tmp_path / "a.glb"))
    for mesh in range(2):
        assert after.meshes[mesh].extras["targetNames"] == [*before.meshes[mesh].extras["targetNames"], "jawOpen"]
        assert np.allclose(array(after, after.meshes[mesh].primitives[0].targets[-1]["POSITION"]), [0, 0, 0.5])
        assert after.meshes[mesh].weights == [*before.meshes[mesh].weights, 0]
    with pytest.raises(RigError, match="has the shapes hairWind already"):
        character.with_shapes(("hairWind",), offsets[:1])


def test_animated_weights_keep_their_targets_apart(tmp_path):
    export(Motion(np.full((3, len(ARKIT)), 0.4), 25, ARKIT), tmp_path / "moving.glb", Accompaniment(character=read_gltf(CHARACTER)))
    character = Character.from_asset(read_gltf(tmp_path / "moving.glb"))
    offsets = np.ones((1, len(character.surface.points), 3))
    write_glb(character.with_shapes(("tongueOut",), offsets), tmp_path / "more.glb")
    file = pygltflib.GLTF2().load(str(tmp_path / "more.glb"))
    for channel in file.animations[0].channels:
        if channel.target.path == "weights":
            names = file.meshes[file.nodes[channel.target.node].mesh].extras["targetNames"]
            weights = array(file, file.animations[0].samplers[channel.sampler].output).reshape(3, len(names))
            assert not weights[:, -1].any() and names[-1] == "tongueOut" and weights[:, 0].any()
    assert not [message for messages in validator_messages(tmp_path / "more.glb") for message in messages if message["severity"] < 2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rig", "transfer", str(CHARACTER), "-o", "a.glb"], "needs --landmarks"),
        (["rig", "init", str(CHARACTER), "-o", "a.toml", "--landmarks", "l.toml"], "takes no --landmarks"),
        (["rig", "landmarks", str(CHARACTER), "-o", "a.toml", "--sheet", "s.png"], "draws no sheet"),
        (["rig", "transfer", str(CHARACTER), "-o", "a.glb", "--landmarks", "none.toml"], "none.toml does not exist"),
    ],
)
def test_bad_input_costs_one_line(tmp_path, monkeypatch, capsys, arguments, said):
    import re

    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert re.search(said, err) and err.count("\n") == 1, err
    assert not list(tmp_path.iterdir())


def test_a_character_without_a_face_gets_lines_to_fill_in(tmp_path, capsys):
    assert main(["rig", "landmarks", str(CHARACTER), "-o", str(tmp_path / "a.toml")]) == 0
    assert "nothing can be proposed" in capsys.readouterr().out
    assert "# nose_tip = [?, ?, ?]" in (tmp_path / "a.toml").read_text()

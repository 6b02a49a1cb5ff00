"""glTF: read back with pygltflib and trimesh, judged by Khronos' validator, and played by three.js in a browser."""

import functools
import http.server
import io
import json
import subprocess
import threading
import wave
from pathlib import Path

import numpy as np
import pytest

from gltf_curves import array, curves
from visavox.audio import Audio
from visavox.cli.options.look import look_of
from visavox.errors import RigError
from visavox.export import Accompaniment, export
from visavox.export.gltf.default_head import target_weights
from visavox.io.assets import read_head_asset
from visavox.motion import Motion
from visavox.rig import Channel, Rig
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.rotations import eye_quaternions, head_quaternions
from visavox.style import Identity
from visavox.windows import frame_times
from web_tools import WEB, node_package, screenshot, validator_messages

pygltflib = pytest.importorskip("pygltflib")
AUDIO = Audio(0.3 * np.sin(np.arange(8000) / 5), 16000)
PROVENANCE = {"generator": "visavox test", "seed": 3, "consent": "self"}


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.from_asset(read_head_asset())


@pytest.fixture(scope="module")
def motion() -> Motion:
    """Five frames: rest; a wide mouth; a blink; a look and a turn; the tongue between the teeth."""
    values = Motion(np.zeros((5, len(ARKIT))), 25, ARKIT)
    curves = {
        "jawOpen": [0, 0.8, 0, 0.1, 0.3], "mouthSmileLeft": [0, 0.7, 0, 0, 0], "eyeBlinkLeft": [0, 0, 1, 0, 0],
        "eyeBlinkRight": [0, 0, 1, 0, 0], "eyeLookOutLeft": [0, 0, 0, 0.8, 0], "eyeLookInRight": [0, 0, 0, 0.8, 0],
        "headYaw": [0, 0, 0, 0.4, 0], "headPitch": [0, 0, 0, 0.2, 0], "headRoll": [0, 0, 0, -0.3, 0], "tongueOut": [0, 0, 0, 0, 0.5],
    }  # fmt: skip
    return values.with_channels({name: np.array(curve) for name, curve in curves.items()})


@pytest.fixture(scope="module")
def written(tmp_path_factory, motion, head) -> Path:
    path = tmp_path_factory.mktemp("glb") / "face.glb"
    export(motion, path, Accompaniment(AUDIO, head, provenance=PROVENANCE, look=look_of(Identity())))
    return path


def test_curves_come_back_by_name(written, motion):
    there = curves(pygltflib.GLTF2().load(str(written)))
    for channel in ARKIT.channels:
        if channel.unit == "weight":
            expected = motion.channel(channel.name)
            assert np.array_equal(there.get(channel.name, np.zeros(5, np.float32)), expected), channel.name
    assert np.allclose(there["times"], frame_times(5, 25), atol=1e-7)


def test_lips_close_no_further_than_the_jaw_is_open(tmp_path, head):
    """As on the head: a mouthClose of its own would push the lower lip through the upper one."""
    still = Motion(np.zeros((3, len(ARKIT))), 25, ARKIT)
    pressed = still.with_channels({"jawOpen": np.array([0, 0.2, 0.2]), "mouthClose": np.full(3, 0.3)})
    export(pressed, tmp_path / "a.glb", Accompaniment(head=head))
    there = curves(pygltflib.GLTF2().load(str(tmp_path / "a.glb")))
    assert np.allclose(there["mouthClose"], [0, 0.2, 0.2], atol=1e-7) and np.allclose(there["jawOpen"], [0, 0.2, 0.2], atol=1e-7)


def test_only_shapes_that_move_are_written(written, motion):
    file = pygltflib.GLTF2().load(str(written))
    names = file.meshes[0].extras["targetNames"]
    assert names == target_weights(motion)[0] and "mouthFrownLeft" not in names and "jawOpen" in names
    assert all(len(primitive.targets) == len(names) for primitive in file.meshes[0].primitives)
    assert written.stat().st_size < 4_500_000


def test_hair_is_a_mesh_that_turns_with_the_head_and_lies_on_it(written, head):
    file = pygltflib.GLTF2().load(str(written))
    (number,) = [number for number, node in enumerate(file.nodes) if node.name == "Hair"]
    assert number in next(node for node in file.nodes if node.name == "Head").children
    hair = file.meshes[file.nodes[number].mesh].primitives[0]
    points, normals = (array(file, getattr(hair.attributes, name)) for name in ("POSITION", "NORMAL"))
    faces = array(file, hair.indices)[:, 0].reshape(-1, 3)
    assert 5000 < len(points) < 30_000 and faces.max() < len(points) and np.allclose(np.linalg.norm(normals, axis=1), 1, atol=1e-5)
    away = _nearest((points + head.pivot)[::50], head.neutral())
    assert np.median(away) < 0.02 and away.max() < 0.08, "metres from the skin"
    assert file.materials[hair.material].doubleSided


def test_eyes_have_a_light_in_them_and_skin_shines_where_it_is_wet(written):
    from PIL import Image

    file = pygltflib.GLTF2().load(str(written))
    pictures = {}
    for image in file.images:
        view = file.bufferViews[image.bufferView]
        pictures[image.name] = np.asarray(Image.open(io.BytesIO(file.binary_blob()[view.byteOffset : view.byteOffset + view.byteLength])))
    eye = pictures["eye"].astype(int)
    middle = eye[len(eye) // 2 - 30 : len(eye) // 2 + 30, len(eye) // 2 - 30 : len(eye) // 2 + 30].sum(2)
    assert middle.min() < 60 and middle.max() > 640, "a dark pupil and a window in it"
    rough = pictures["gloss"][..., 1]
    assert rough.max() - rough.min() > 60 and not pictures["gloss"][..., 2].any()


def test_sound_and_provenance_lie_in_the_asset_extras(written):
    file = pygltflib.GLTF2().load(str(written))
    said = file.asset.extras["visavox"]
    assert said["provenance"] == PROVENANCE and said["fps"] == 25 and file.asset.generator == "Visavox"
    view = file.bufferViews[said["audio"]["bufferView"]]
    sound = wave.open(io.BytesIO(file.binary_blob()[view.byteOffset : view.byteOffset + view.byteLength]))
    samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16) / 32767
    assert sound.getframerate() == 16000 and np.abs(samples - AUDIO.samples).max() < 1e-4


@pytest.mark.parametrize("identity", ["neutral", "child"])
def test_the_file_moves_as_the_head_does(tmp_path, motion, head, identity):
    """The formulas of glTF (targets, then joints) on the file's own numbers, against the head's own vertices."""
    look = look_of(Identity(identity))
    assert 0.004 < look.lift.max() < 0.04 and (look.lift == 0).mean() > 0.5, "hair raises the skin under it, and no other"
    look = look._replace(lift=np.zeros_like(look.lift))
    export(motion, tmp_path / "a.glb", Accompaniment(head=head, identity=Identity(identity), look=look))
    file = pygltflib.GLTF2().load(str(tmp_path / "a.glb"))
    there, expected = curves(file), head.vertices(motion.values, Identity(identity))
    for frame in range(5):
        for mesh, place in ((0, _face), (1, _eye), (2, _eye)):
            points = place(file, there, mesh, frame)
            distance = _nearest(points[::7], expected[frame])
            assert distance.max() < 3e-4, f"frame {frame}, mesh {mesh}: {distance.max() * 1000:.2f} mm off"


def test_the_skin_has_its_picture_and_no_seam(tmp_path, motion, head):
    """Across every triangle the picture runs less than half around the head: none smears the whole of it at the back."""
    look = look_of(Identity("female"))
    export(motion, tmp_path / "a.glb", Accompaniment(head=head, identity=Identity("female"), look=look))
    file = pygltflib.GLTF2().load(str(tmp_path / "a.glb"))
    skin = file.meshes[0].primitives[0]
    places = array(file, skin.attributes.TEXCOORD_0)[array(file, skin.indices)[:, 0].reshape(-1, 3)]
    across, below_crown = places[..., 0], places[..., 1].min(1) > 0.1  # at the crown all ways around the head meet
    assert np.ptp(across[below_crown], axis=1).max() < 0.3 and across.max() > 1
    material = file.materials[skin.material]
    image = file.images[file.textures[material.pbrMetallicRoughness.baseColorTexture.index].source]
    view = file.bufferViews[image.bufferView]
    from PIL import Image

    picture = np.asarray(Image.open(io.BytesIO(file.binary_blob()[view.byteOffset : view.byteOffset + view.byteLength])))
    assert np.array_equal(picture, look.skin) and look.skin.std() > 10


def _nearest(points: np.ndarray, mesh: np.ndarray) -> np.ndarray:
    from scipy.spatial import cKDTree

    return cKDTree(mesh).query(points)[0]


def _matrix(file, there: dict, node: int, frame: int) -> np.ndarray:
    from scipy.spatial.transform import Rotation

    entry, matrix = file.nodes[node], np.eye(4)
    if entry.name in there:
        matrix[:3, :3] = Rotation.from_quat(there[entry.name][frame]).as_matrix()
    matrix[:3, 3] = entry.translation or 0
    parent = next((index for index, other in enumerate(file.nodes) if node in (other.children or [])), None)
    return matrix if parent is None else _matrix(file, there, parent, frame) @ matrix


def _face(file, there: dict, mesh: int, frame: int) -> np.ndarray:
    names = file.meshes[mesh].extras["targetNames"]
    return np.concatenate([_skinned(file, there, primitive, names, frame) for primitive in file.meshes[mesh].primitives])


def _skinned(file, there: dict, primitive, names: list[str], frame: int) -> np.ndarray:
    skin = file.skins[0]
    points = array(file, primitive.attributes.POSITION).copy()
    for name, target in zip(names, primitive.targets, strict=True):
        points += there[name][frame] * array(file, target["POSITION"])
    binds = array(file, skin.inverseBindMatrices).reshape(-1, 4, 4).transpose(0, 2, 1)
    joints = [_matrix(file, there, joint, frame) @ bind for joint, bind in zip(skin.joints, binds, strict=True)]
    weights = array(file, primitive.attributes.WEIGHTS_0) / 65535
    assert np.allclose(weights.sum(1), 1)
    followed = np.stack(joints)[array(file, primitive.attributes.JOINTS_0)]
    matrices = (weights[..., None, None] * followed).sum(1)
    return np.einsum("vij,vj->vi", matrices[:, :3], np.c_[points, np.ones(len(points))])


def _eye(file, there: dict, mesh: int, frame: int) -> np.ndarray:
    node = next(index for index, entry in enumerate(file.nodes) if entry.mesh == mesh)
    points = array(file, file.meshes[mesh].primitives[0].attributes.POSITION)
    return (np.c_[points, np.ones(len(points))] @ _matrix(file, there, node, frame).T)[:, :3]


def test_trimesh_reads_the_geometry(written, head):
    trimesh = pytest.importorskip("trimesh")
    scene = trimesh.load(written)
    faces = {name: len(mesh.faces) for name, mesh in scene.geometry.items()}
    assert sum(faces.values()) - faces["Hair"] == len(head.faces)
    assert {"Head", "LeftEye", "RightEye", "Hair", "Trunk"} <= set(scene.graph.nodes)


def test_a_rig_without_arkit_shapes_is_refused_by_name(tmp_path):
    rig = Rig("odd", (Channel("wiggle"),))
    with pytest.raises(RigError, match="the default head .*'odd' has none of the 52 .eyeBlinkLeft.*--head"):
        export(Motion(np.ones((2, 1)), 25, rig), tmp_path / "a.glb")


def test_the_validator_finds_no_fault(written, tmp_path, head):
    everything = Motion(np.random.default_rng(0).random((3, len(ARKIT))), 60, ARKIT)
    export(everything, tmp_path / "all.glb", Accompaniment(head=head))
    still = Motion(np.zeros((1, len(ARKIT))), 25, ARKIT)
    export(still, tmp_path / "still.glb", Accompaniment(head=head))
    for path, messages in zip(
        ("face", "all", "still"), validator_messages(written, tmp_path / "all.glb", tmp_path / "still.glb"), strict=True
    ):
        serious = [message for message in messages if message["severity"] < 2]
        assert not serious, f"{path}: {serious[:3]}"


def test_three_js_plays_it(written, tmp_path):
    """The example page draws three moments; the mouth opens, the eyes close, the head turns."""
    from PIL import Image

    node_package("three")
    page = Path(__file__).resolve().parents[3] / "examples" / "three_js" / "index.html"
    for name in ("index.html", "live.js"):
        (tmp_path / name).write_bytes(page.with_name(name).read_bytes())
    (tmp_path / "face.glb").write_bytes(written.read_bytes())
    (tmp_path / "node_modules").symlink_to(WEB / "node_modules")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seen = []
    for frame in (0, 1, 3):
        picture = tmp_path / f"{frame}.png"
        for _ in range(3):  # on a busy machine the browser may take its picture before the page has drawn
            screenshot(f"http://127.0.0.1:{server.server_port}/?at={(frame + 0.5) / 25}", picture)
            shot = np.asarray(Image.open(picture).convert("RGB")).astype(int)[:768, :768]
            if there := np.abs(shot[300, 384] - (159, 176, 192)).sum() > 60:
                break
        assert there, "there is no face in the middle of the picture"
        seen.append(shot)
    server.shutdown()
    rest, opened, turned = seen
    changed = np.abs(opened - rest).sum(2) > 60
    assert changed[430:640].mean() > 3 * changed[60:300].mean() + 1e-4, "the mouth did not open"
    assert (np.abs(turned - rest).sum(2) > 60).mean() > 0.02, "the head did not turn"


def test_live_channels_pose_shapes_head_and_eyes_as_the_file_does(motion):
    """examples/three_js/live.js on three.js's own objects, against the rotations that the exporter writes."""
    node_package("three")
    live = motion.with_channels({"mouthClose": np.full(5, 0.5)})
    for frame, parent, rest in ((1, [0, 0, 0, 1], [0, 0, 0, 1]), (3, [0.5, 0.5, 0.5, 0.5], [0, 0.6, 0, 0.8])):
        targets = ["jawOpen", "mouthClose", "tongueUp"]
        given = {"channels": list(ARKIT.names), "values": live.values[frame].tolist(), "targets": targets, "parent": parent, "rest": rest}
        said = subprocess.run(["node", "pose.mjs", json.dumps(given)], cwd=WEB, capture_output=True, text=True, check=True, timeout=600)
        posed = json.loads(said.stdout)
        jaw = live.channel("jawOpen")[frame]
        assert np.allclose(posed["weights"], [jaw, min(0.5, jaw), 0], atol=1e-6)
        expected = {"Head": head_quaternions(live), "LeftEye": eye_quaternions(live, "Left"), "RightEye": eye_quaternions(live, "Right")}
        for name, turns in expected.items():
            assert abs(np.dot(posed["turns"][name], turns[frame])) == pytest.approx(1, abs=1e-5), name
        assert frame == 1 or abs(posed["turns"]["Head"][1]) > 0.1


def test_the_page_of_three_js_shows_what_can_be_run():
    """Every name that the live part of the page uses is imported from the example or declared there."""
    root = Path(__file__).resolve().parents[3]
    page, script = (root / "docs/three_js.md").read_text(), (root / "examples/three_js/live.js").read_text()
    live = page[page.index("**Live**") :]
    assert 'import { follow } from "./live.js"' in live and "export function follow" in script
    for declared in ("const face =", "const socket ="):
        assert declared in live

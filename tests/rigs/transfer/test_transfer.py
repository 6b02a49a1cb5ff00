"""Deformation transfer: onto the default head itself in another place, size and mesh, and onto another face."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from visavox.errors import RigError, VisavoxError
from visavox.io.assets import read_head_asset
from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.transfer.landmark_proposal import proposed_landmarks
from visavox.rigs.transfer.landmarks import ALL, NEEDED, head_landmarks, landmarks_toml, read_landmarks
from visavox.rigs.transfer.surface import Surface, closest_weights, welded
from visavox.rigs.transfer.transfer import head_offsets, transfer
from visavox.style import Identity

SCALE, TURN = 1.7, Rotation.from_euler("xyz", [10, 160, 5], degrees=True).as_matrix()
SHIFT = np.array([0.3, 1.5, -0.2])


@pytest.fixture(scope="module")
def head() -> Head:
    return Head.from_asset(read_head_asset())


def collapsed(faces: np.ndarray, keep: set[int], count: int) -> tuple[np.ndarray, np.ndarray]:
    """The triangles after `count` edges shrank to their first end, no two of them neighbours, and the vertices that are left."""
    order = np.random.default_rng(4).permutation(len(faces))
    becomes, busy = np.arange(faces.max() + 1), set(keep)
    around: dict[int, list[int]] = {}
    for face, corners in enumerate(faces):
        for corner in corners:
            around.setdefault(int(corner), []).append(face)
    for face in order:
        kept, gone = map(int, faces[face, :2])
        ring = {int(v) for near in (*around[kept], *around[gone]) for v in faces[near]}
        if len(busy & ring) == 0 and count:
            becomes[gone] = kept
            busy |= ring
            count -= 1
    smaller = becomes[faces]
    whole = (smaller[:, 0] != smaller[:, 1]) & (smaller[:, 1] != smaller[:, 2]) & (smaller[:, 2] != smaller[:, 0])
    left, again = np.unique(smaller[whole], return_inverse=True)
    return again.reshape(-1, 3), left


def test_its_own_shapes_come_back_on_another_mesh_in_another_place(head):
    rest, numbers = np.float64(head.neutral()), head_landmarks(head)
    faces, left = collapsed(head.position_index[head.faces], set(numbers.values()), 1500)
    assert len(left) < len(rest) - 1000, "the mesh is a coarser one"
    surface = Surface(SCALE * rest[left] @ TURN.T + SHIFT, faces)
    landmarks = {name: SCALE * TURN @ rest[number] + SHIFT for name, number in numbers.items()}
    found = transfer(head, surface, landmarks, eye_bones=False)
    expected = head_offsets(head)[:, left]
    off = np.linalg.norm(np.float64(found.offsets) @ TURN / SCALE - expected, axis=2)
    for shape, name in enumerate(SHAPES):
        exact, most = np.quantile(off[shape], 0.99), off[shape].max()
        assert exact < 3e-4 and most < 0.001, f"{name}: {exact * 1000:.2f} mm, at most {most * 1000:.2f} mm off"
    assert found.coverage > 0.99 and np.quantile(found.residual, 0.95) < 2e-4
    behind = left[rest[left, 2] < -0.08]
    assert len(behind) > 1000 and np.abs(found.offsets[:, rest[left, 2] < -0.08]).max() < 1e-6, "nothing moves behind the ears"


@pytest.fixture(scope="module")
def child(head):
    rest = np.float64(head.neutral(Identity("child")))
    landmarks = {name: rest[number] for name, number in head_landmarks(head).items()}
    return rest, transfer(head, Surface(rest, head.position_index[head.faces]), landmarks, eye_bones=True)


def test_on_a_child_the_eyes_shut_and_the_mouth_opens_and_closes(head, child):
    rest, found = child
    lids = head.lid_points
    for eye, side in enumerate(("Left", "Right")):
        moved = rest + found.offsets[SHAPES.index(f"eyeBlink{side}")]
        assert abs(moved[lids[eye, 0], 1] - moved[lids[eye, 1], 1]) < 0.0012
        assert np.abs(found.offsets[SHAPES.index(f"eyeBlink{side}"), lids[1 - eye]]).max() < 2e-4, "the other eye stays open"
    upper, lower = head.lip_points[:2]
    opened = rest + found.offsets[SHAPES.index("jawOpen")]
    assert opened[upper, 1] - opened[lower, 1] > 0.02
    closed = opened + found.offsets[SHAPES.index("mouthClose")]
    assert closed[upper, 1] - closed[lower, 1] < rest[upper, 1] - rest[lower, 1] + 0.001
    assert found.mouth_opens > 0.02 and found.lips_left < 0.0015 and found.lids_left.max() < 0.001


def test_on_a_child_teeth_stay_whole_and_follow_their_own_jaw(head, child):
    rest, found = child
    jaw = found.offsets[SHAPES.index("jawOpen")]
    teeth = np.unique(head.position_index[head.faces[np.isin(head.face_group, [head.groups.index(n) for n in ("teeth", "gums")])]])
    falls = np.linalg.norm(head.shapes[head.shape_names.index("jawOpen")], axis=1) > 0.005
    assert np.abs(jaw[teeth[~falls[teeth]]]).max() < 1e-3, "the upper teeth stay"
    assert np.linalg.norm(jaw[teeth[falls[teeth]]], axis=1).min() > 0.005, "the lower teeth fall"
    assert not found.offsets[:, np.concatenate(head.eyeballs)].any(), "bones turn the eyes"


def test_a_landmark_in_the_wrong_place_is_named(head):
    rest = np.float64(head.neutral())
    surface = Surface(rest, head.position_index[head.faces])
    landmarks = {name: rest[number] for name, number in head_landmarks(head).items()}
    with pytest.raises(RigError, match="landmark chin lies .* mm"):
        transfer(head, surface, landmarks | {"chin": np.array([0, 0.1, 0])}, True)
    faceless = Surface(rest, surface.faces[rest[surface.faces, 2].max(1) < -0.02])
    with pytest.raises(RigError, match="faces do not lie on one another.*landmarks"):
        transfer(head, faceless, landmarks, True)
    patches = np.min([np.linalg.norm(rest - place, axis=1) for place in landmarks.values()], axis=0) < 0.001
    with pytest.raises(RigError, match="faces do not lie on one another: [0-9]+% of the default face"):
        transfer(head, Surface(rest, surface.faces[patches[surface.faces].any(1)]), landmarks, True)


def test_landmarks_are_written_and_read(head):
    places = {name: np.array([1.5, number, -0.25]) for number, name in enumerate(ALL)}
    found = read_landmarks(landmarks_toml("me", places), "me.toml", lambda mesh, vertex: np.zeros(3))
    assert list(found) == list(ALL) and all(np.allclose(found[name], places[name]) for name in ALL)
    by_vertex = landmarks_toml("me", {name: places[name] for name in NEEDED}).replace(
        "chin = [1.5, 16, -0.25]", 'chin = { mesh = "Face", vertex = 7 }'
    )
    found = read_landmarks(by_vertex, "me.toml", lambda mesh, vertex: np.array([len(mesh), vertex, 0.0]))
    assert found["chin"].tolist() == [4, 7, 0] and set(found) == set(NEEDED)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (landmarks_toml("me", {"chin": np.zeros(3)}), "me.toml lacks eye_outer_left.*nose_tip"),
        ("[landmarks]\nnose = [0, 0, 0]", "'nose', which is no landmark; known are eye_outer_left"),
        ("[landmarks]\nchin = [0, 0]", "2 numbers for landmarks.chin|2 numbers for chin"),
        ("[landmarks]\nchin = [0, 0, nan]", r"NaN for landmarks.chin\[2\], not a number"),
        ("[landmarks]\nchin = [0, 0, '1']", r"'1' for landmarks.chin\[2\], not a number"),
        ("[landmarks]\nchin = [0, 0, 1e300]", r"landmarks.chin\[2\], not a number"),
        ("[landmarks]\nchin = [0, 0, 1" + "0" * 400 + "]", "a huge number"),
        ("[landmarks]\nchin = [[0, 0, 0]]", "not a number"),
        ("[landmarks]\nchin = 1979-05-27", "landmarks.chin, not a list"),
        ("[landmarks]\nchin = { mesh = 'Face', vertex = 1.5 }", "1.5 for landmarks.chin.vertex, not a whole number"),
        ("[landmarks]\nchin = { mesh = 3, vertex = 1 }", "3 for landmarks.chin.mesh, not a text"),
        ("[landmarks]\nchin = { mesh = 'Face', vertex = 1 }", "no place for chin: there is none"),
        ("[landmarks]\nchin = { mesh = 'Face' }", "lacks landmarks.chin.vertex"),
        ("chin = 3", "unknown entry chin"),
        ("landmarks = 3", "3 for landmarks, not an object"),
        ("", "lacks landmarks"),
        ("[", "me.toml is not TOML"),
        ("x = " + "{a=" * 5000 + "1" + "}" * 5000, "nested too deeply"),
    ],
)
def test_bad_landmarks_are_refused_by_name(text, said):
    def nowhere(mesh, vertex):
        raise ValueError("there is none")

    with pytest.raises(VisavoxError, match=said) as caught:
        read_landmarks(text, "me.toml", nowhere)
    assert "me.toml" in str(caught.value) and "\n" not in str(caught.value)


def test_a_landmarks_file_has_room_for_any_name():
    for name in ("\U0001f600 girl", "new\nline", "del\x7f", "half \ud83d", "\x00\u2028"):
        text = landmarks_toml(name, {landmark: np.zeros(3) for landmark in ALL})
        text.encode()
        assert set(read_landmarks(text, "me.toml", lambda mesh, vertex: np.zeros(3))) == set(ALL)


@pytest.mark.parametrize(("who", "eyes"), [("female", True), ("child", False)])
def test_proposed_landmarks_lie_near_the_right_places(head, who, eyes):
    rest = SCALE * np.float64(head.neutral(Identity(who)))
    centres = SCALE * head.eye_centre[head.presets.index(who)] if eyes else None
    found = proposed_landmarks(head, Surface(rest, head.position_index[head.faces]), centres)
    for name, number in head_landmarks(head).items():
        assert np.linalg.norm(found[name] - rest[number]) < 0.008 * SCALE, name
    assert proposed_landmarks(head, Surface(rest * [1, 0.2, 1], head.position_index[head.faces]), centres) == {}


def test_the_nearest_point_of_a_triangle_is_within_it():
    """Against the least of a fine grid over the triangle."""
    generator = np.random.default_rng(0)
    corners, points = generator.normal(size=(40, 1, 3, 3)), 2 * generator.normal(size=(40, 3))
    weight = closest_weights(points, corners)[:, 0]
    assert weight.min() >= -1e-9 and np.allclose(weight.sum(1), 1)
    grid = np.array([(a, b, 60 - a - b) for a in range(61) for b in range(61 - a)]) / 60
    least = np.linalg.norm(grid @ corners[:, 0] - points[:, None], axis=2).min(1)
    ours = np.linalg.norm((weight[:, :, None] * corners[:, 0]).sum(1) - points, axis=1)
    assert (ours <= least + 1e-9).all() and np.abs(ours - least).max() < 0.05


def test_vertices_of_one_place_become_one_but_lips_stay_two():
    square = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 0, 0], [1, 1, 0], [0, 1, 0]], float)
    surface, vertex = welded(square, np.array([[0, 1, 2], [3, 4, 5]]))
    assert len(surface.points) == 4 and vertex[0] == vertex[3] and vertex[2] == vertex[4]
    assert np.allclose(surface.points[vertex], square)
    apart, _ = welded(square[[0, 1, 2, 0, 1, 2]], np.array([[0, 1, 2], [3, 5, 4]]))
    assert len(apart.points) == 6 and apart.pieces.max() == 1

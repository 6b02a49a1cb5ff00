"""The default head: what its channels do, known by construction, on the packaged asset."""

import numpy as np
import pytest
from rays import first_seen, window

from visavox.errors import OptionError, RigError
from visavox.io.assets import asset_path, read_head_asset
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads import tongue
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import face_points, lip_gap, lip_maps, mouth_width
from visavox.style import Identity

INSIDE = ("mouth", "teeth", "gums", "tongue")
SEALED = {
    "rest": {},
    "M with a still jaw": {
        "mouthPressLeft": 0.35,
        "mouthPressRight": 0.35,
        "mouthRollLower": 0.25,
        "mouthRollUpper": 0.25,
    },
    "B with an open jaw": {"jawOpen": 0.3, "mouthClose": 0.3},
    "P while rounding": {
        "jawOpen": 0.1,
        "mouthClose": 0.1,
        "mouthPucker": 0.5,
        "mouthPressLeft": 0.3,
        "mouthPressRight": 0.3,
    },
    "M while smiling": {"jawOpen": 0.08, "mouthClose": 0.08, "mouthSmileLeft": 0.5, "mouthSmileRight": 0.5},
    "too much mouthClose": {"jawOpen": 0.1, "mouthClose": 0.4},
}


@pytest.fixture(scope="module")
def head():
    return Head.from_asset(read_head_asset())


def frames(*poses: dict) -> np.ndarray:
    values = np.zeros((len(poses), len(ARKIT)), np.float32)
    for row, pose in zip(values, poses, strict=True):
        for name, value in pose.items():
            row[ARKIT.index(name)] = value
    return values


def seen_inside(head, positions) -> set:
    places = window(positions[head.lip_points[:2]].mean(0), 0.06, 0.02, 25, 26)
    return {head.groups[group] for group in set(first_seen(head, positions, places).tolist()) if group >= 0} & set(INSIDE)


def test_asset_is_small_complete_and_of_the_arkit_shapes(head):
    assert asset_path("head.npz").stat().st_size <= 5_000_000
    assert asset_path("HEAD_LICENSE.md").read_text().count("CC0") > 3
    assert head.shape_names == SHAPES
    assert set(head.faces.ravel()) == set(range(len(head.uv)))
    assert set(head.position_index) == set(range(len(head.head_weight)))
    assert np.isfinite(head.preset_positions).all() and np.ptp(head.preset_positions[0, :, 1]) < 1.0  # metres
    assert {"skin", "mouth", "eyes", "lashes", "teeth", "gums", "tongue", "shirt"} == set(head.groups)


def test_every_preset_is_upright_faces_forward_and_differs(head):
    assert len(head.presets) >= 12
    for positions in head.preset_positions:
        face = positions[np.abs(positions[:, 1]) < 0.1]
        nose = face[np.argmax(face[:, 2])]
        assert abs(nose[0]) < 0.005 and -0.07 < nose[1] < 0  # the tip of the nose: in front, between and below the eyes
    flat = head.preset_positions.reshape(len(head.presets), -1)
    for number, one in enumerate(flat):
        assert min(np.abs(one - other).max() for other in np.delete(flat, number, 0)) > 0.002


@pytest.mark.parametrize("name", [name for name in SHAPES if name.endswith("Left") and not name.startswith("eyeLook")])
def test_a_left_shape_moves_the_faces_own_left_and_the_right_one_mirrors_it(head, name):
    left, right = (head.shapes[SHAPES.index(other)] for other in (name, name.replace("Left", "Right")))
    rest = head.preset_positions[0]
    moved = np.abs(left).sum(1)
    if name not in ("jawLeft", "mouthLeft"):
        assert (moved * rest[:, 0]).sum() > 0.3 * (moved * np.abs(rest[:, 0])).sum()
    else:
        assert (moved * left[:, 0]).sum() > 0
    assert np.abs(right).sum() == pytest.approx(np.abs(left).sum(), rel=0.05)


@pytest.mark.parametrize("preset", ["neutral", "female", "male_af", "female_as", "old_m", "child"])
def test_sealed_mouths_show_nothing_of_the_inside(head, preset):
    positions = head.vertices(frames(*SEALED.values()), Identity(preset))
    for name, frame in zip(SEALED, positions, strict=True):
        assert not seen_inside(head, frame), f"{preset}: {name}"


def test_lips_rest_closed_on_every_preset_by_rays(head):
    for preset in head.presets:
        assert not seen_inside(head, head.neutral(Identity(preset))), preset


def test_an_open_mouth_shows_its_inside(head):
    """The rays that see nothing above do see teeth and tongue when the jaw falls, so those tests can fail."""
    wide = head.vertices(frames({"jawOpen": 0.5, "mouthUpperUpLeft": 0.3, "mouthUpperUpRight": 0.3}))[0]
    assert {"teeth", "tongue"} <= seen_inside(head, wide)


@pytest.mark.parametrize("preset", ["neutral", "female", "male_af", "old_m", "child"])
def test_a_mouth_that_speaks_shows_the_edge_of_the_upper_teeth_and_none_of_the_lower(head, preset):
    lowered = {"mouthLowerDownLeft": 0.3, "mouthLowerDownRight": 0.3}
    opened = head.vertices(frames({}, {"jawOpen": 0.1}, {"jawOpen": 0.25, **lowered}, {"jawOpen": 0.4}), Identity(preset))
    teeth = np.unique(head.position_index[head.faces[head.face_group == head.groups.index("teeth")]])
    falls = np.abs(head.shapes[SHAPES.index("jawOpen"), teeth]).max(1) > 1e-3
    front = np.abs(opened[0][teeth, 0]) < 0.008
    for frame in opened[1:]:
        upper, lower = frame[head.lip_points[:2], 1]
        assert 0.0005 < upper - frame[teeth[~falls], 1].min() < 0.004, "a strip of the upper row"
        assert frame[teeth[falls & front], 1].max() < lower + 0.001, "the lower row behind the lip"


@pytest.mark.parametrize("name", ["mouthSmileLeft", "mouthSmileRight", "mouthPucker", "mouthPressLeft", "cheekPuff", "mouthRollLower"])
def test_teeth_stay_behind_closed_lips(head, name):
    assert not seen_inside(head, head.vertices(frames({name: 1.0}), Identity("female"))[0])


@pytest.mark.parametrize("preset", ["neutral", "male_as", "old_f"])
@pytest.mark.parametrize("with_it", [{}, {"eyeLookDown": 0.5}, {"eyeSquint": 0.6}, {"eyeLookUp": 0.5}])
def test_a_blink_shuts_the_eye_whatever_else_the_lids_do(head, preset, with_it):
    pose = {f"{name}{side}": value for name, value in {**with_it, "eyeBlink": 1.0}.items() for side in ("Left", "Right")}
    shut, ajar = head.vertices(frames(pose, {**pose, "eyeBlinkLeft": 0.2}), Identity(preset))
    centre = head.eye_centre[head.presets.index(preset), 0]
    places = window(centre, 0.026, 0.02, 14, 20)
    eyes = head.groups.index("eyes")
    assert eyes not in first_seen(head, shut, places)
    assert eyes in first_seen(head, ajar, places)
    gap = shut[head.lid_points[0, 0], 1] - shut[head.lid_points[0, 1], 1]
    assert 0 <= gap <= 0.001


def test_eyeballs_turn_rigidly_about_their_centres(head):
    names = [f"eyeLook{way}{side}" for side in ("Left", "Right") for way in ("Down", "In", "Out", "Up")]
    rest, *looks = head.vertices(frames({}, *({name: 1.0} for name in names)))
    for name, look in zip(names, looks, strict=True):
        eye = 0 if name.endswith("Left") else 1
        ball, centre = head.eyeballs[eye], head.eye_centre[0, eye]
        arms, turned = rest[ball] - centre, look[ball] - centre
        np.testing.assert_allclose(np.linalg.norm(turned, axis=1), np.linalg.norm(arms, axis=1), atol=2e-6)
        np.testing.assert_allclose(turned @ turned.T, arms @ arms.T, atol=1e-7)  # all angles kept
        pupil = np.argmax(arms[:, 2])
        moved = turned[pupil] - arms[pupil]
        way = {"Down": (1, -1), "Up": (1, 1), "In": (0, -1 if eye == 0 else 1), "Out": (0, 1 if eye == 0 else -1)}
        axis, sign = way[name[7:-4] if eye == 0 else name[7:-5]]
        assert moved[axis] * sign > 0.003
        other = head.eyeballs[1 - eye]
        np.testing.assert_allclose(look[other], rest[other], atol=1e-7)


def test_the_head_turns_rigidly_and_the_trunk_stays(head):
    skull, trunk = head.head_weight > 0.999, head.head_weight < 0.001
    poses = [
        {"headPitch": 0.4},
        {"headYaw": 0.4},
        {"headRoll": 0.4},
        {"headPitch": -0.3, "headYaw": 0.5, "headRoll": 0.2},
    ]
    rest, *turned = head.vertices(frames({}, *poses))
    for frame in turned:
        np.testing.assert_allclose(frame[trunk], rest[trunk], atol=4e-4)
        a, b = rest[skull] - head.pivot, frame[skull] - head.pivot
        turn, residual, *_ = np.linalg.lstsq(a, b, rcond=None)
        np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=2e-3)
        assert np.linalg.det(turn) == pytest.approx(1, abs=2e-3) and np.abs(a @ turn - b).max() < 3e-4
    nose, crown = np.argmax(rest[:, 2]), np.argmax(rest[:, 1])
    assert turned[0][nose, 1] < rest[nose, 1] - 0.02  # pitch nods down
    assert turned[1][nose, 0] > rest[nose, 0] + 0.02  # yaw turns to the face's own left
    assert turned[2][crown, 0] > rest[crown, 0] + 0.02  # roll tilts to the face's own left shoulder


def test_rotations_apply_as_yaw_then_pitch_then_roll_in_the_heads_own_axes(head):
    pitch, yaw, roll = 0.3, -0.5, 0.2
    frame = head.vertices(frames({"headPitch": pitch, "headYaw": yaw, "headRoll": roll}))[0]
    c, s = np.cos, np.sin
    about_x = np.array([[1, 0, 0], [0, c(pitch), -s(pitch)], [0, s(pitch), c(pitch)]])
    about_y = np.array([[c(yaw), 0, s(yaw)], [0, 1, 0], [-s(yaw), 0, c(yaw)]])
    about_z = np.array([[c(-roll), -s(-roll), 0], [s(-roll), c(-roll), 0], [0, 0, 1]])
    crown = np.argmax(head.preset_positions[0, :, 1])
    expected = about_y @ about_x @ about_z @ (head.preset_positions[0, crown] - head.pivot) + head.pivot
    np.testing.assert_allclose(frame[crown], expected, atol=1e-5)


def test_many_frames_equal_single_frames(head):
    values = np.random.default_rng(0).uniform(0, 0.4, (5, len(ARKIT))).astype(np.float32)
    together = head.vertices(values, Identity("male"))
    for number, row in enumerate(values):
        np.testing.assert_allclose(together[number], head.vertices(row[None], Identity("male"))[0], atol=1e-6)


def test_identity_weights_move_the_face_linearly_and_keep_the_lips_shut(head):
    weights = np.zeros(len(head.identity_names), np.float32)
    weights[head.identity_names.index("nose-scale-depth")] = 1
    one, half = (head.neutral(Identity("female", weights * share)) for share in (1, 0.5))
    base = head.neutral(Identity("female"))
    np.testing.assert_allclose(half - base, (one - base) / 2, atol=1e-6)
    assert np.abs(one - base).max() > 0.001
    for name in ("mouth-lowerlip-height", "mouth-scale-horiz", "mouth-upperlip-volume"):
        weights[:] = 0
        weights[head.identity_names.index(name)] = 0.6
        assert not seen_inside(head, head.neutral(Identity("neutral", weights)))


def test_tongue_tip_rises_then_comes_between_the_teeth_then_over_the_lip(head):
    jaw = {"jawOpen": 0.2}
    rest, raised, between, out = head.vertices(frames(jaw, *({**jaw, "tongueOut": t} for t in (tongue.TIP_UP, tongue.TIP_BETWEEN, 1.0))))
    teeth = np.unique(head.position_index[head.faces[head.face_group == head.groups.index("teeth")]])
    licking = np.unique(head.position_index[head.faces[head.face_group == head.groups.index("tongue")]])
    upper = teeth[np.abs(head.shapes[SHAPES.index("jawOpen"), teeth]).max(1) < 1e-4]
    front = upper[rest[upper, 2] > rest[upper, 2].max() - 0.004]
    edge, face = rest[front, 1].min(), rest[front, 2].max()

    def tip(frame):
        return frame[licking[np.argmax(frame[licking, 2])]]

    assert tip(rest)[1] < edge - 0.004 and tip(rest)[2] < face - 0.004
    assert raised[licking, 1][raised[licking, 2] > tip(raised)[2] - 0.006].max() > edge and tip(raised)[2] < face
    assert abs(tip(between)[1] - edge) < 0.004 and tip(between)[2] > face
    assert tip(out)[2] > rest[head.lip_points[1], 2] + 0.008


@pytest.mark.parametrize("preset", ["neutral", "female_af", "child"])
def test_tongue_goes_out_below_the_upper_teeth_not_through_them(head, preset):
    parted = {"jawOpen": 0.2} | {f"mouth{name}{side}": 0.35 for name in ("UpperUp", "LowerDown") for side in ("Left", "Right")}
    on_the_way = np.linspace(tongue.TIP_UP, tongue.TIP_BETWEEN, 11)
    positions = head.vertices(frames(parted, *({**parted, "tongueOut": float(out)} for out in on_the_way)), Identity(preset))
    across = window(positions[0, head.lip_points[0]] - (0, 0.004, 0), 0.024, 0.012, 9, 9)
    rest, *seen = (first_seen(head, each, across) for each in positions)
    teeth = rest == head.groups.index("teeth")
    hidden = [int((each[teeth] == head.groups.index("tongue")).sum()) for each in seen]
    assert teeth.sum() > 12 and hidden[-1] == max(hidden) and hidden[6] < teeth.sum() / 4


@pytest.mark.parametrize("preset", ["neutral", "female_af", "male_as"])
def test_tongue_lies_on_the_lower_lip_not_in_it(head, preset):
    positions = head.vertices(frames({"jawOpen": 0.3, "tongueOut": 1.0}), Identity(preset))[0]
    licking = head.groups.index("tongue")
    lip = positions[head.lip_points[1]]
    across = window((0.0, lip[1] - 0.001), 0.008, 0.004, 7, 7)
    assert set(first_seen(head, positions, across).tolist()) == {licking}


def test_jaw_opens_the_lips_and_mouth_close_shuts_them(head):
    motion = Motion(frames({}, {"jawOpen": 0.05}, {"jawOpen": 0.3}, {"jawOpen": 0.3, "mouthClose": 0.3}), 25, ARKIT)
    for preset in head.presets:
        gap = lip_gap(head, motion, Identity(preset))
        assert gap[0] == 0 and 0.008 < gap[1] < gap[2] and gap[3] < 0.003


def test_mouth_width_narrows_in_a_pucker_widens_in_a_smile_and_ignores_the_head(head):
    poses = (
        {},
        {"mouthPucker": 0.8},
        {"mouthSmileLeft": 0.8, "mouthSmileRight": 0.8},
        {"headYaw": 0.6, "headPitch": 0.3},
    )
    rest, pucker, smile, turned = mouth_width(head, Motion(frames(*poses), 25, ARKIT))
    assert pucker < 0.9 * rest and smile > 1.05 * rest and turned == pytest.approx(rest)


def test_lip_maps_are_the_linear_part_of_the_measured_points(head):
    motion = Motion(frames({"jawOpen": 0.4, "mouthFunnel": 0.3}), 25, ARKIT)
    rest, maps = lip_maps(head)
    points = rest + 0.4 * maps[SHAPES.index("jawOpen")] + 0.3 * maps[SHAPES.index("mouthFunnel")]
    np.testing.assert_allclose(face_points(head, motion)[0], points, atol=1e-6)


def test_wrong_calls_name_the_value_and_the_way_out(head):
    with pytest.raises(OptionError, match="nobody.*neutral, female"):
        head.neutral(Identity("nobody"))
    with pytest.raises(OptionError, match="has 3 weights"):
        head.neutral(Identity("female", np.zeros(3)))
    with pytest.raises(RigError, match=r"\(T, 55\)"):
        head.vertices(np.zeros((4, 52)))
    with pytest.raises(RigError, match="lacks the array"):
        Head.from_asset({})


def offsets_at(head, name: str, places: list[tuple[float, float]]) -> np.ndarray:
    """What both sides of a shape do (n, 3), in millimetres, to the foremost skin at (x, y) millimetres of the neutral face."""
    skin = np.unique(head.position_index[head.faces[head.face_group == head.groups.index("skin")]])
    rest = head.preset_positions[0][skin] * 1000
    both = [SHAPES.index(part) for part in SHAPES if part in (name, f"{name}Left", f"{name}Right")]
    found = []
    for place in places:
        near = np.flatnonzero(np.hypot(*(rest[:, :2] - place).T) < 4)
        found.append(skin[near[np.argmax(rest[near, 2])]])
    return head.shapes[both].sum(0)[found] * 1000


def test_brows_frown_and_plead_with_their_inner_ends(head):
    inner, outer = offsets_at(head, "browDown", [(14, 24), (42, 24)])
    assert inner[1] < 2 * outer[1] < 0 and inner[0] < -1, "down and towards the middle"
    inner, outer = offsets_at(head, "browInnerUp", [(14, 24), (42, 24)])
    assert inner[1] > 4 and outer[1] < inner[1] / 3


def test_cheeks_bulge_and_noses_wrinkle(head):
    for name in ("mouthSmile", "cheekSquint"):
        (apple,) = offsets_at(head, name, [(36, -36)])
        assert apple[1] > 2 and apple[2] > 0.8, f"{name}: up and forward"
    wing, brow = offsets_at(head, "noseSneer", [(15, -32), (14, 24)])
    assert wing[1] > 3 and wing[1] > -3 * brow[1]


def test_pressed_lips_and_a_dimple_do_not_smile(head):
    corner = head.lip_points[2]
    for name in ("mouthPress", "mouthDimple"):
        moved = (head.shapes[SHAPES.index(f"{name}Left")] + head.shapes[SHAPES.index(f"{name}Right")])[corner] * 1000
        assert abs(moved[1]) < 1 and abs(moved[0]) < 2.5, name
    above, below = offsets_at(head, "mouthPress", [(0, -70), (0, -79)])
    assert above[1] < -0.4 and below[1] > 0.4, "the red grows narrow"


def test_no_preset_stares(head):
    for preset, positions in zip(head.presets, head.preset_positions, strict=True):
        lids, corners = positions[head.lid_points], positions[head.lip_points[4:]]
        assert (lids[:, 0, 1] - lids[:, 1, 1]).max() < 0.15 * np.linalg.norm(corners[0] - corners[1]), preset

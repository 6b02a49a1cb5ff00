"""A photo that is a head: it looks like the photo at rest, moves as the motion says, and nothing shows through lids or lips."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from sitter import SIZE, landmarks, motion_of, picture, portrait, posed

from visavox.errors import FileError, RigError
from visavox.portrait import PortraitRenderer, build
from visavox.portrait.layout import BROWS, eye_distance
from visavox.portrait.lids import painted_over
from visavox.portrait.mouth import light_of
from visavox.render.photo import PhotoPainter
from visavox.render.photo_loops import BELOW, by_green, show_map, show_solid_map
from visavox.render.photo_map import INSIDE, clear_map, map_sheet, map_triangles
from visavox.render.photo_soft import bell, soften_edges
from visavox.rig import Channel, Rig
from visavox.rigs.heads.lip_measures import lip_gap
from visavox.style import Identity

SHUT = {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}
PRESSED = {"jawOpen": 0.12, "mouthClose": 0.12, "mouthPressLeft": 0.3, "mouthPressRight": 0.3}


@pytest.fixture(scope="module")
def renderer():
    return PortraitRenderer(portrait(), 1)


def drawn(renderer, **pose) -> np.ndarray:
    return next(iter(renderer.frames(motion_of(pose)))).astype(float)


def inside_samples(renderer, pose) -> int:
    """How many samples show the inside of the mouth."""
    drawn(renderer, **pose)
    return int((renderer.painter.mouth_window.field[..., 0] < BELOW).sum())


def eye_samples(renderer, pose) -> int:
    """How many samples of both eyes show the patch behind the lids: counted by lending it places that the photo lacks."""
    painter = renderer.painter
    parts = painter.parts
    kept = [eye.uv.copy() for eye in parts.eyes]
    try:
        for eye in parts.eyes:
            eye.uv[:] = -1e5 * 5
        drawn(renderer, **pose)
        return sum(int((window.field[..., 0] < BELOW).sum()) for window in painter.eye_windows)
    finally:
        for eye, uv in zip(parts.eyes, kept, strict=True):
            eye.uv[:] = uv


def test_at_rest_it_is_the_photo(renderer):
    error = drawn(renderer) - picture()
    assert 10 * np.log10(255**2 / np.square(error).mean()) > 40


def test_it_follows_the_head_that_it_was_made_of():
    """The lips of a portrait part as far, over the distance of the eyes, as those of the default head do."""
    from visavox.portrait.correspondence import packaged

    head, _ = packaged()
    motion = motion_of({}, {"jawOpen": 0.2}, {"jawOpen": 0.5}, PRESSED, {"jawOpen": 0.3, "mouthFunnel": 0.6})
    theirs, ours = lip_gap(head, motion, Identity("female")), lip_gap(portrait().head, motion, Identity("photo"))
    np.testing.assert_allclose(ours - ours[0], theirs - theirs[0], atol=0.03)


def test_what_lies_outside_its_box_keeps_its_bytes(renderer):
    left, top, right, bottom = portrait().parts.box
    moved = drawn(renderer, headYaw=0.2, headRoll=0.1, jawOpen=0.5)
    outside = np.ones((SIZE, SIZE), bool)
    outside[top:bottom, left:right] = False
    assert np.array_equal(moved[outside], picture()[outside])
    assert (moved != picture()).any(2).mean() > 0.1


def test_the_mouth_opens_and_nothing_of_it_shows_when_it_is_shut(renderer):
    assert inside_samples(renderer, {"jawOpen": 0.5}) > 300
    for shut in ({}, PRESSED, {"headYaw": 0.35}, {"headYaw": -0.35, **PRESSED}, {"headPitch": 0.2, **PRESSED}):
        assert inside_samples(renderer, shut) == 0, shut


@pytest.mark.parametrize("yaw", [-0.45, 0.35])
def test_skin_over_the_mouth_of_a_turned_photo_is_skin(yaw):
    """Half opaque skin would show a place halfway to where the inside of the mouth is marked: the far border of the photo."""
    turned = {"headYaw": yaw, "jawOpen": 0.2, "mouthSmileLeft": 0.7, "mouthSmileRight": 0.7}
    renderer = PortraitRenderer(build(posed(turned), landmarks(turned)), 1)
    drawn(renderer, jawOpen=0.3)
    place = renderer.painter.mouth_window.field[..., 0]
    assert (place < BELOW).sum() > 300 and not ((place < -SIZE / 8) & (place >= BELOW)).any() and place[place < BELOW].max() == INSIDE


def test_lips_that_part_show_an_inside_and_the_count_sees_it():
    """What the test above counts is there to be counted: lips whose insides are drawn apart leave a crack."""
    made = portrait()
    apart = replace(made.parts.mouth, tuck=-8 * made.parts.mouth.tuck)
    assert inside_samples(PortraitRenderer(replace(made, parts=replace(made.parts, mouth=apart)), 1), {}) > 10


def test_lips_of_a_smile_that_shut_shade_their_line():
    """The photo of an open mouth shows no line between shut lips, so one is shaded; that of a closed mouth shows its own."""
    open_mouth = {"jawOpen": 0.35}
    made = build(posed(open_mouth), landmarks(open_mouth))
    mouth = made.parts.mouth
    assert len(portrait().parts.mouth.touching) == 0 and len(mouth.touching) > 50
    bare = replace(made, parts=replace(made.parts, mouth=replace(mouth, contact=0 * mouth.contact)))
    with_line, without = (drawn(PortraitRenderer(each, 1)) for each in (made, bare))
    darker = (without - with_line).mean(2)
    assert darker.min() >= 0 and darker.max() > 20 and 20 < (darker > 5).sum() < 600
    parted = [drawn(PortraitRenderer(each, 1), jawOpen=0.6) for each in (made, bare)]
    assert np.abs(parted[0] - parted[1]).max() <= 1


def test_past_its_border_a_photo_goes_on_as_its_mirror_image():
    """A head cut off at the left: when it turns, what comes into view there is no second copy of the border; at rest all is the photo."""
    left = 70
    close = np.ascontiguousarray(picture()[:, left:])
    made = build(close, landmarks().moved(np.array([left, 0.0]), 1.0))
    uv, places = made.parts.sheet.uv[-4000:], made.camera.project(made.head.preset_positions[0])[:, 0]
    assert places.min() < -10 and uv.min() >= 0
    renderer = PortraitRenderer(made, 1)
    rest, turned = renderer.frames(motion_of({}, {"headYaw": 0.25}))
    assert (np.abs(rest.astype(int) - close).max(2) > 2).mean() < 0.02
    field = renderer.painter.whole_window.field
    own = np.abs(field[60:120, 0, 0] - 0.5)
    assert own.min() > 1, "nothing at the border stands still"


def solid(maps, box, photos, scratch, out):
    show_solid_map(maps, box, (*photos, by_green(photos[0])), scratch, out)


def test_a_lid_that_begins_to_fall_is_the_photos_own_with_its_lashes(renderer):
    """No painted skin shows until a tenth of a blink, which lasts for seconds after one; of a whole blink the lid is all painted."""
    painted = {}
    for blink in (0.1, 1.0):
        moved = drawn(renderer, eyeBlinkLeft=blink, eyeBlinkRight=blink) - drawn(renderer)
        drawn(renderer, eyeBlinkLeft=blink, eyeBlinkRight=blink)
        painted[blink] = renderer.painter.whole_window.field[..., 3].max()
        assert np.abs(moved).max() > 20, blink
    assert painted[0.1] == 0 and painted[1.0] > 0.99


def test_lids_that_are_shut_by_a_blink_do_not_fall_past_one_another(renderer):
    """A whole blink is hardly more than the one that was fitted to these eyes; it was a quarter more."""
    full = renderer.portrait.full
    assert 1 < full.min() and full.max() < 1.1


@pytest.mark.parametrize("show", [show_map, solid])
def test_what_covers_has_no_steps(show):
    """Two flat sides of a map that show black and white: the pixels where they meet are grey, on either side alike; others are whole."""
    field, depth = np.zeros((9, 9, 4), np.float32)[:6, :8], np.zeros((9, 9), np.float32)[:6, :8]
    clear_map(field, depth, np.float32(0), np.float32(0), np.float32(1))
    field[:, :4, 0] += 20
    photo = np.zeros((30, 40, 4), np.float32)
    photo[:, :15, :3], photo[..., 3] = 255, 1
    out, marks = np.uint8(photo)[:6, :8, :3].copy(), np.zeros((6, 8), np.uint8)
    show((field, marks), (0, 0), (photo, photo, photo), np.zeros((3, 4), np.float32), out)
    assert set(out[..., 0].ravel().tolist()) == {0, 255}
    soften_edges(marks, bell(0.7), out.copy(), out)
    row = out[2, :, 0].astype(int)
    assert (out[..., 0] == row).all() and row[[0, 7]].tolist() == [0, 255]
    assert (np.diff(row) >= 0).all() and np.diff(row).max() < 180 and abs(row[3] + row[4] - 255) <= 1


def test_a_solid_photo_is_drawn_as_any_other(renderer):
    """Bent, lit and under a lid, with all of what either loop does; their sums are of another order, so a byte may differ by one. One loop
    looks sharply at the green alone, so the photo is grey; a coloured one differs where its colours change."""
    drawn(renderer, headYaw=0.2, jawOpen=0.3, eyeBlinkLeft=0.7)
    field, rng = renderer.painter.whole_window.field, np.random.default_rng(0)
    photos = tuple(np.float32(rng.uniform(0, 255, (SIZE, SIZE, 4))) for _ in range(3))
    photos[0][..., :3] = photos[0][..., :1]
    photos[0][..., 3] = photos[1][..., 3] = 1
    made = [np.uint8(photos[0])[..., :3].copy() for _ in range(2)]
    for show, out in zip((show_map, solid), made, strict=True):
        show((field, np.zeros(field.shape[:2], np.uint8)), (0, 0), photos, np.zeros((3, 4), np.float32), out)
    one, other = (out.astype(int) for out in made)
    assert np.abs(one - other).max() <= 1 and (one != other).mean() < 1e-3 and (one != np.uint8(photos[0])[..., :3]).mean() > 0.2


def test_no_skin_joins_the_lips_but_at_the_corners():
    """A triangle between both lips would draw what lies between them in the photo, such as teeth, on shut lips."""
    from visavox.portrait.correspondence import packaged

    head, correspondence = packaged()
    rest = head.preset_positions[0]
    corner = np.abs(correspondence.at(rest.astype(float), (78, 308))[:, 0]).mean()
    above = correspondence.upper[correspondence.skin]
    mixed = above.any(1) & ~above.all(1)
    x, y, z = rest[correspondence.skin].transpose(2, 0, 1)
    middle = (np.abs(x).max(1) < 0.8 * corner) & (y.max(1) < -0.06) & (y.min(1) > -0.09) & (z.min(1) > 0)
    assert middle.sum() > 500 and not mixed[middle].any()


def test_no_eye_shows_through_a_shut_lid(renderer):
    assert eye_samples(renderer, {}) > 300
    for turned in ({}, {"headYaw": 0.35}, {"headYaw": -0.35}, {"headPitch": 0.15}):
        assert eye_samples(renderer, SHUT | turned) == 0, turned


@pytest.mark.parametrize(("pose", "way"), [({"headYaw": 0.2}, (1, 0)), ({"headPitch": 0.2}, (0, 1))], ids=["yaw", "pitch"])
def test_the_head_turns_the_way_that_the_motion_says(pose, way):
    """To the face's left is to the right in the picture; down is down."""
    moments = PortraitRenderer(portrait()).moments(motion_of({}, pose))
    rest, turned = (portrait().camera.project(moment.positions[portrait().head.lip_points[:2]])[:, :2].mean(0) for moment in moments)
    assert (turned - rest) @ np.array(way) > 0.05 * eye_distance(landmarks().points)


def test_a_head_that_is_turned_in_the_photo_turns_about_its_own_axes():
    """From a photo at 12 degrees, the opposite turn brings the face to the front."""
    turned = build(picture(), landmarks({"headYaw": np.radians(12)}))
    assert turned.camera.angles()[0] == pytest.approx(12, abs=2)


def test_limits_of_a_turn_are_eased(renderer):
    angles = np.radians([2, 10, 15, 25, 40])
    eased = portrait().within_reach(motion_of(*({"headYaw": angle} for angle in angles))).channel("headYaw")
    np.testing.assert_allclose(eased[:2], angles[:2], rtol=1e-5)
    assert np.degrees(angles[2] - eased[2]) < 0.5 and (np.diff(eased) > 0).all() and eased[-1] < np.radians(18)
    pitch = portrait().within_reach(motion_of({"headPitch": np.radians(10)})).channel("headPitch")
    assert np.degrees(pitch[0]) == pytest.approx(10, abs=0.2)


def test_a_head_that_is_turned_in_its_photo_turns_back_less_far():
    turned = {"headYaw": 0.4}
    made = build(posed(turned), landmarks(turned))
    reached = made.within_reach(motion_of({"headYaw": 0.3}, {"headYaw": -0.3}, {"headYaw": -0.02}, {"headYaw": 0.0})).channel("headYaw")
    straight = portrait().within_reach(motion_of({"headYaw": 0.3}, {"headYaw": -0.3})).channel("headYaw")
    np.testing.assert_allclose(straight[0], -straight[1])
    np.testing.assert_allclose(reached[[0, 2, 3]], [straight[0], -0.02, 0], atol=1e-6)
    assert 0.3 * straight[0] < -reached[1] < 0.7 * straight[0]


def test_a_glance_moves_the_iris_and_not_the_lid(renderer):
    left = drawn(renderer, eyeLookOutLeft=0.5, eyeLookInRight=0.5) - drawn(renderer)
    changed = np.abs(left).max(2) > 8
    rows, columns = np.nonzero(changed)
    outlines = np.concatenate([landmarks().eye(eye) for eye in range(2)])
    assert changed.sum() > 20
    assert outlines[:, 1].min() - 3 < rows.min() and rows.max() < outlines[:, 1].max() + 3


def test_a_profile_is_refused_with_its_angle():
    with pytest.raises(FileError, match="turned by 4[0-9] degrees"):
        build(picture(), landmarks({"headYaw": np.radians(43)}))


@pytest.mark.parametrize(
    ("turn", "said"), [(("headPitch", 42), "looks down by [45][0-9] degrees"), (("headRoll", 80), "lies on its side, by [78][0-9] degrees")]
)
def test_a_face_from_above_or_lying_is_refused_with_its_angle(turn, said):
    name, degrees = turn
    with pytest.raises(FileError, match=said):
        build(picture(), landmarks({name: np.radians(degrees)}))


def test_teeth_do_not_shine_in_a_dark_photo():
    """What a photo shows at a twentieth of the light has teeth at a fraction of it, while a dark skin in good light keeps them white."""
    bright, dark = (light_of(np.uint8(picture() * share), landmarks()) for share in (1.0, 0.05 ** (1 / 2.2)))
    assert dark.max() < 0.45 * bright.max()


def test_a_rig_without_the_face_is_refused():
    with pytest.raises(RigError, match="'other' has none of ARKit's shapes"):
        portrait().on(Rig("other", (Channel("x"),)))


def test_frames_next_to_each_other_do_not_flicker(renderer):
    """A head that hardly moves gives pictures that hardly differ."""
    one, other = drawn(renderer, headYaw=0.05, jawOpen=0.1), drawn(renderer, headYaw=0.0505, jawOpen=0.101)
    assert np.abs(one - other).mean() < 0.5


def test_threads_change_no_byte(renderer):
    motion = motion_of(*({"jawOpen": 0.05 * step, "headYaw": 0.02 * step, "eyeBlinkLeft": 0.1 * step} for step in range(9)))
    alone = list(renderer.frames(motion))
    assert all(np.array_equal(*both) for both in zip(alone, PortraitRenderer(portrait(), 3).frames(motion), strict=True))


def test_the_quick_way_to_draw_the_sheet_draws_what_the_general_one_draws():
    made = portrait()
    sheet, (moment,) = made.parts.sheet, PortraitRenderer(made, 1).moments(motion_of({"headYaw": 0.25, "headRoll": 0.1}))
    screen = made.camera.project(moment.positions).astype(np.float32)
    look = np.ones((len(sheet.uv), 5), np.float32)
    look[:, :2], look[:, 3] = sheet.uv, 0
    drawn = []
    for places, draw in ((look, map_triangles), (np.ascontiguousarray(look[:, :2]), map_sheet)):
        field, depth = np.zeros((SIZE, SIZE, 4), np.float32), np.zeros((SIZE, SIZE), np.float32)
        clear_map(field, depth, np.float32(0), np.float32(0), np.float32(1))
        draw(screen, sheet.grid, places, depth, field)
        drawn.append((field, depth))
    away = np.abs(drawn[0][0] - drawn[1][0]).max(2)
    assert (drawn[0][1] < np.inf).mean() > 0.3 and np.array_equal(drawn[0][1] < np.inf, drawn[1][1] < np.inf)
    assert (away > 0.01).mean() < 1e-4 and away.max() < 60, "samples on the fold of two triangles may fall to either"


def test_a_face_that_turns_to_the_light_grows_lighter():
    """The studio's light comes from above: the sitter nods up into it, or down out of it; at rest nothing changes."""
    painter = PhotoPainter(portrait().parts, portrait().camera)
    light = []
    for moment in PortraitRenderer(portrait(), 1).moments(motion_of({}, {"headPitch": -0.15}, {"headPitch": 0.15})):
        painter.relight(moment.turn)
        light.append(painter.light[: len(portrait().parts.relight.normals)].mean())
    assert light[0] == pytest.approx(1, abs=1e-5) and light[1] > 1.005 and light[2] < 0.995


def test_with_an_alpha_the_background_stays_still():
    """Before a grid of lines, a head that tilts bends none of them: every pixel that shows background is that of the photo there."""
    person = np.zeros((SIZE, SIZE), np.uint8)
    y, x = np.mgrid[:SIZE, :SIZE]
    person[((x - 128) / 75) ** 2 + ((y - 120) / 105) ** 2 < 1] = 255
    person[200:, 40:216] = 255
    lines = np.uint8(np.where(((x // 8) + (y // 8)) % 2, 230, 20))[..., None]
    photo = np.where(person[..., None] > 0, picture(), np.broadcast_to(lines, (SIZE, SIZE, 3))).astype(np.uint8)
    pose = motion_of({"headRoll": 0.15})
    still, bent = (next(iter(PortraitRenderer(build(photo, landmarks(), alpha)).frames(pose))) for alpha in (person, None))
    away = gaussian_filter((person > 0).astype(float), 12) < 0.01  # beyond the person's rim, which moves with the head
    changed, bent_change = (np.abs(frame[away].astype(int) - photo[away]).mean() for frame in (still, bent))
    assert changed < 0.2 and bent_change > 5 * changed + 0.5
    assert np.abs(still[person > 0].astype(int) - photo[person > 0]).mean() > 2, "the head moves all the same"


def test_an_eye_that_is_nearly_shut_lies_in_the_shadow_of_its_lashes(renderer):
    """What is left of an eye between falling lids grows dark, and is as in the photo while they are open."""
    painter = renderer.painter
    lights = {}
    for blink in (0.0, 0.1, 0.7):
        drawn(renderer, eyeBlinkLeft=blink, eyeBlinkRight=blink)
        window = painter.eye_windows[0]
        field = window.field[window.stencil > 0]
        lights[blink] = field[:, 2].min()
    assert lights[0.0] == lights[0.1] == 1 and lights[0.7] < 0.75, lights


def test_the_rim_of_a_face_that_is_seen_from_its_edge_gives_way(renderer):
    """At rest it is as opaque as it was made; turned, what of it no longer faces the viewer is not drawn, and nothing else changes."""
    painter, alphas = renderer.painter, []
    count = len(painter.parts.relight.normals)
    for moment in renderer.moments(motion_of({}, {"headYaw": 0.25})):
        painter.draw(moment)
        alphas.append(painter.opaque[:count].copy())
        away = painter.parts.relight.normals @ (moment.turn.T @ painter.camera.turn[2]) < 0.1
    made = painter.parts.sheet.alpha[:count]
    faint = (made > 0.05) & (made < 0.5) & away
    assert faint.any() and alphas[1][faint].max() == 0 and alphas[0][faint].max() > 0
    assert (alphas[1][made == 1] == 1).all()


def test_a_low_brow_stays_as_its_eye_is_painted_over():
    """A black brow right above an eye: its lower hairs are not painted with skin, and the eye is."""
    drawn_on, given = picture().copy(), landmarks()
    line, eye = given.points[list(BROWS[0])], given.eye(0)
    height = np.ptp(eye[:, 1])
    lower = eye[:, 1].min() - 0.25 * height
    points = given.points.copy()
    points[list(BROWS[0]), 1] = lower - 0.1 * height
    low, high = np.sort(line[:, 0])[[1, 3]].astype(int)
    brow = slice(int(lower - 0.5 * height), int(lower)), slice(low, high)
    drawn_on[brow] = 12
    painted = painted_over(drawn_on, replace(given, points=points), 0.5)
    assert np.median(painted[brow].mean(2)) < 40 and painted[tuple(eye.mean(0).astype(int)[::-1])].mean() > 90

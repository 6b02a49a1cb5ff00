"""Faces in pictures: what moves a face moves its points alike, and what holds no face gives none."""

import numpy as np
import pytest

from drawn_faces import drawn, landmarker
from visavox.errors import OptionError
from visavox.track.landmarks import POINTS, SCORES, SIDES


@pytest.fixture(scope="module")
def picture():
    return drawn()[0]


@pytest.fixture(scope="module")
def face(picture):
    (found,) = landmarker().detect(picture)
    return found


def apart(one, other) -> float:
    """The mean distance of two faces' points in pixels."""
    return float(np.hypot(*(one.points[:, :2] - other.points[:, :2]).T).mean())


def test_a_face_is_found_where_it_is(picture, face):
    assert face.points.shape == (POINTS, 3) and face.scores.shape == (len(SCORES),) and face.presence > 0.9
    left, top, right, bottom = face.box
    assert 0.25 * 256 < right - left < 0.8 * 256 and 0 < top < bottom < 256
    assert face.points[SIDES[0], 0] < 128 < face.points[SIDES[1], 0]  # the person's right eye stands left
    assert face.lip_gap < 0.03 < face.mouth_width


def test_lips_eyes_and_brows_that_move_are_seen_to_move(face):
    (open_,) = landmarker().detect(drawn({"jawOpen": 0.7})[0])
    assert open_.lip_gap > face.lip_gap + 0.15 and open_.score("jawOpen") > face.score("jawOpen") + 0.2
    (shut,) = landmarker().detect(drawn({"eyeBlinkLeft": 1, "eyeBlinkRight": 1})[0])
    assert min(shut.score("eyeBlinkLeft"), shut.score("eyeBlinkRight")) > 0.4 > face.score("eyeBlinkLeft")


@pytest.mark.parametrize("kind", ["fortran", "mirrored twice", "every second row", "part of a wider one", "four channels", "BGR"])
def test_how_a_picture_lies_in_memory_is_no_matter(picture, face, kind):
    """A runtime that is handed a view reads what lies beside it: a plausible, wrong face, and nothing says so."""
    wide = np.zeros((256, 400, 3), np.uint8)
    wide[:, 100:356] = picture
    twice = np.repeat(picture, 2, axis=0)
    views = {
        "fortran": np.asfortranarray(picture),
        "mirrored twice": picture[:, ::-1].copy()[:, ::-1],
        "every second row": twice[::2],
        "part of a wider one": wide[:, 100:356],
        "four channels": np.concatenate([picture, picture[..., :1]], axis=2)[..., :3],
        "BGR": picture[..., ::-1].copy()[..., ::-1],
    }
    assert kind == "every second row" or not views[kind].flags.c_contiguous
    (found,) = landmarker().detect(views[kind])
    np.testing.assert_array_equal(found.points, face.points)
    np.testing.assert_array_equal(found.scores, face.scores)


def test_a_face_that_is_moved_turned_or_enlarged_keeps_its_points(picture, face):
    moved = np.full((300, 420, 3), 90, np.uint8)
    moved[30:286, 120:376] = picture
    (found,) = landmarker().detect(moved)
    assert np.abs(found.points[:, :2] - face.points[:, :2] - [120, 30]).max() < 1.5
    (turned,) = landmarker().detect(np.rot90(picture, 1))  # a quarter to the left: (x, y) comes to (y, 255 - x)
    assert np.hypot(turned.points[:, 0] - face.points[:, 1], turned.points[:, 1] - 255 + face.points[:, 0]).mean() < 3
    (large,) = landmarker().detect(np.kron(picture, np.ones((8, 8, 1), np.uint8)))
    assert np.hypot(*(large.points[:, :2] / 8 - 0.4375 - face.points[:, :2]).T).mean() < 1
    np.testing.assert_allclose(large.scores, face.scores, atol=0.1)


def test_following_a_face_that_moves_finds_what_detecting_it_finds(picture, face):
    before = face
    for shift in range(0, 40, 8):
        image = np.roll(picture, shift, axis=1)
        before = landmarker().follow(image, before)
        (found,) = landmarker().detect(image)
        assert apart(before, found) < 1.0, shift
    assert landmarker().follow(np.full_like(picture, 128), before) is None


def test_twelve_faces_are_all_found_the_largest_first(picture):
    small = picture[::2, ::2]
    sheet = np.full((3 * 256, 4 * 256, 3), 128, np.uint8)
    for place in range(12):
        row, column = divmod(place, 4)
        sheet[row * 256 : (row + 1) * 256, column * 256 : (column + 1) * 256] = (
            picture if place % 2 else np.pad(small, ((64, 64), (64, 64), (0, 0)), mode="edge")
        )
    found = landmarker().detect(sheet)
    assert len(found) == 12
    assert [face.size for face in found] == sorted((face.size for face in found), reverse=True)
    middles = {(int((f.box[1] + f.box[3]) / 512), int((f.box[0] + f.box[2]) / 512)) for f in found}
    assert len(middles) == 12


def test_without_a_face_there_is_none():
    noise = np.random.default_rng(0).integers(0, 256, (240, 320, 3), np.uint8)
    for image in (np.zeros((128, 128, 3), np.uint8), noise, np.full((16, 3000, 3), 200, np.uint8)):
        assert landmarker().detect(image) == []


@pytest.mark.parametrize(
    "image",
    [np.zeros((8, 8, 3), np.uint8), np.zeros((64, 64), np.uint8), np.zeros((64, 64, 4), np.uint8), np.zeros((64, 64, 3), np.float32), None],
)
def test_what_is_no_picture_is_refused_in_a_sentence(image):
    with pytest.raises(OptionError, match="picture of"):
        landmarker().detect(image)

"""The packaged head in pictures: what must be where, whatever the taste of the light; and the same bytes every time."""

import hashlib
import tracemalloc

import numpy as np
import pytest

from visavox.errors import OptionError, RigError
from visavox.io.assets import asset_arrays, asset_path, read_head_asset
from visavox.motion import Motion
from visavox.render import Camera, render
from visavox.render.appearance import Appearance
from visavox.render.painter import Painter, backdrop
from visavox.render.skin_map import skin_map
from visavox.render.video import packaged_appearance
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head
from visavox.style import Identity

SIZE = 192


@pytest.fixture(scope="module")
def head():
    return Head.from_asset(read_head_asset())


@pytest.fixture(scope="module")
def painter(head):
    identity = Identity("neutral")
    return Painter(head, identity, packaged_appearance(identity), Camera.portrait(head, identity, SIZE))


def motion(*poses: dict) -> Motion:
    values = np.zeros((len(poses), len(ARKIT)), np.float32)
    for row, pose in zip(values, poses, strict=True):
        row[ARKIT.indices(pose)] = list(pose.values())
    return Motion(values, 25, ARKIT)


def draw(head, painter, **pose) -> np.ndarray:
    return painter.draw(head.vertices(motion(pose).values)[0]).astype(float)


def place(painter, head, positions, point) -> tuple[int, int]:
    """The row and column of a position of the head."""
    at = painter.camera.project(positions[[point]])
    return int(at.y[0]), int(at.x[0])


def test_a_frame_is_a_picture_of_a_face_before_the_background(head, painter):
    picture, background = draw(head, painter), backdrop(SIZE)
    assert picture.shape == (SIZE, SIZE, 3) and 0 <= picture.min() and picture.max() <= 255
    for corner in (np.s_[:20, :20], np.s_[:20, -20:], np.s_[80:100, :10]):
        assert np.array_equal(picture[corner], background[corner])
    face = picture[90:110, 80:112].mean((0, 1))
    assert face[0] > face[1] > face[2] > 40, "skin is warmer than it is blue"
    assert (picture.sum(2) > 740).sum() < 0.01 * SIZE**2, "hardly anything is burnt out"


def test_the_same_motion_gives_the_same_bytes(head):
    moves = motion({}, {"jawOpen": 0.4, "headYaw": 0.3}, {"eyeBlinkLeft": 1.0})
    digests = {
        hashlib.sha256(b"".join(frame.tobytes() for frame in render(moves, head, Camera.portrait(head, size=64)))).hexdigest()
        for _ in range(2)
    }
    assert len(digests) == 1


def test_a_frame_does_not_depend_on_the_frames_before(head, painter):
    alone = draw(head, painter, jawOpen=0.2)
    draw(head, painter, headYaw=0.8, jawOpen=1.0)
    assert np.array_equal(draw(head, painter, jawOpen=0.2), alone)


def test_edges_are_smoothed(head):
    """Against an even background, pixels on the outline of a plain head lie between head and background."""
    identity = Identity("neutral")
    plain = Appearance.plain((0.9, 0.9, 0.9))
    painter = Painter(head, identity, plain, Camera.portrait(head, identity, SIZE))
    painter.background[:] = 0
    crown = draw(head, painter)[: SIZE // 4].sum(2)
    full = np.median(crown[crown > 0])
    inside, between = crown > 0.8 * full, (crown > 0) & (crown <= 0.8 * full)
    assert inside.sum() > 500
    assert 0.25 * SIZE // 4 < between.sum() < 4 * SIZE // 4, "about one pixel a row on either side"
    near = inside.copy()
    for axis in (0, 1):
        near |= np.roll(inside, 1, axis) | np.roll(inside, -1, axis)
    assert near[between].mean() > 0.95, "what is between lies along the outline"
    assert len(set(np.round(4 * crown[between] / full))) >= 3, "in quarters, as four samples give"


def test_an_open_mouth_is_dark_and_a_closed_one_is_not(head, painter):
    positions = head.vertices(motion({"jawOpen": 0.5}).values)[0]
    upper, lower = (place(painter, head, positions, point) for point in head.lip_points[:2])
    row, column = (upper[0] * 2 + lower[0]) // 3, upper[1]
    shut, opened = draw(head, painter), draw(head, painter, jawOpen=0.5)
    patch = np.s_[row - 1 : row + 2, column - 2 : column + 3]
    assert opened[patch].mean() < 0.5 * shut[patch].mean()


def test_a_blink_covers_the_eye(head, painter):
    positions = head.vertices(motion({}).values)[0]
    at = painter.camera.project(head.eye_centre[0])
    rows, columns = at.y.astype(int), at.x.astype(int)
    opened, shut = draw(head, painter), draw(head, painter, eyeBlinkLeft=1.0, eyeBlinkRight=1.0)
    half = draw(head, painter, eyeBlinkLeft=1.0)
    for row, column in zip(rows, columns, strict=True):
        eye = np.s_[row - 4 : row + 5, column - 8 : column + 9]
        assert opened[eye].std() > 1.5 * shut[eye].std(), "white, iris and pupil against an even lid"
    left, right = (np.s_[r - 4 : r + 5, c - 8 : c + 9] for r, c in zip(rows, columns, strict=True))
    assert np.abs(half[left] - shut[left]).mean() < 2 and np.abs(half[right] - opened[right]).mean() < 2
    assert columns[0] > SIZE / 2 > columns[1], "the face's left is on the right of the picture"
    assert len(positions)


def test_the_pupil_follows_the_gaze(head, painter):
    def darkest(picture):
        at = painter.camera.project(head.eye_centre[0])
        row, column = int(at.y[0]), int(at.x[0])
        eye = 255 - picture[row - 3 : row + 4, column - 9 : column + 10].mean(2)
        weight = np.clip(eye - np.percentile(eye, 70), 0, None)
        return (weight * np.arange(19)).sum() / weight.sum()

    ahead = darkest(draw(head, painter))
    assert darkest(draw(head, painter, eyeLookOutLeft=0.8)) > ahead + 1 > darkest(draw(head, painter, eyeLookInLeft=0.8)) + 2


def test_a_turned_head_turns_and_the_shoulders_stay(head, painter):
    still, turned = draw(head, painter), draw(head, painter, headYaw=0.5)
    assert np.abs(still - turned)[SIZE // 3 : SIZE // 2].mean() > 8
    corner = np.s_[-12:, :24]
    assert np.abs(still - turned)[corner].mean() < 1


@pytest.mark.parametrize("name", ["female", "male_af", "old_m", "child"])
def test_every_preset_has_its_own_look(head, painter, name):
    identity = Identity(name)
    other = Painter(head, identity, packaged_appearance(identity), Camera.portrait(head, identity, SIZE))
    picture = other.draw(head.vertices(motion({}).values, identity)[0]).astype(float)
    assert np.abs(picture - draw(head, painter)).mean() > 5


def test_looks_cover_the_presets_and_the_assets_are_small(head):
    arrays = asset_arrays("skin.npz")
    assert tuple(arrays["look_names"]) == head.presets
    assert asset_path("head.npz").stat().st_size + asset_path("skin.npz").stat().st_size <= 5_000_000
    skins = {name: Appearance.from_asset(arrays, name).skin[..., :3].mean() for name in ("female", "neutral", "male_af")}
    assert skins["female"] > skins["neutral"] > skins["male_af"] + 20
    stranger = Appearance.from_asset(arrays, "somebody else")
    assert np.array_equal(stranger.skin, Appearance.from_asset(arrays, str(arrays["look_names"][0])).skin)


def test_an_incomplete_asset_is_named():
    arrays = asset_arrays("skin.npz")
    del arrays["layer_lips"]
    with pytest.raises(RigError, match="lips"):
        Appearance.from_asset(arrays, "neutral")


def test_memory_does_not_grow_with_length(head):
    """The traced peak of 200 small frames is about that of 40: chunks, not the whole motion, are in memory; threads differ a little."""
    peaks = []
    for frames in (40, 200):
        moves = motion(*[{"jawOpen": 0.3 * (frame % 5) / 5} for frame in range(frames)])
        drawn = render(moves, head, Camera(64), appearance=Appearance.plain())
        tracemalloc.start()
        assert sum(1 for _ in drawn) == frames
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5 + 1e5


@pytest.mark.parametrize("size", [0, 63, 65, 2050, -2])
def test_sizes_that_cannot_be_drawn(size):
    with pytest.raises(OptionError, match=f"{size} is not an even number"):
        Camera(size)


def test_an_unknown_identity_is_refused_before_the_first_frame(head):
    with pytest.raises(OptionError, match="nobody"):
        render(motion({}), head, Camera(64), Identity("nobody"))


@pytest.mark.parametrize("size", [64, 130, 258])
def test_every_size_frames_the_same_picture(head, size):
    (small,) = render(motion({}), head, Camera.portrait(head, size=size))
    (large,) = render(motion({}), head, Camera.portrait(head, size=256))
    assert small.shape == (size, size, 3)
    bands = [[band.mean() for band in np.array_split(picture, 8)] for picture in (small, large)]
    assert np.abs(np.subtract(*bands)).max() < 4


def test_the_skin_map_goes_round_the_head():
    around = np.array([[0, 0, 0.03], [0.08, 0, -0.075], [-0.08, 0, -0.075], [0, 0.13, 0.02], [0, -0.18, 0.02]], np.float32)
    uv = skin_map(around)
    assert np.allclose(uv[0], (0.5, 0.13 / 0.31), atol=1e-6)
    assert uv[1, 0] > 0.5 > uv[2, 0] and np.isclose(uv[1, 0] - 0.5, 0.5 - uv[2, 0])
    assert np.allclose(uv[3:, 1], (0, 1), atol=1e-6)

"""Points by hand: a file of them comes back as it was, and faces that cannot be are one clear line."""

from dataclasses import replace

import numpy as np
import pytest
from sitter import SIZE as SIDE
from sitter import landmarks, motion_of, picture, source

from visavox.errors import FileError
from visavox.portrait import PortraitRenderer, build
from visavox.portrait.files import read_portrait, write_portrait
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import EYES, OUTER_LIPS
from visavox.portrait.planar import depth_inside
from visavox.portrait.points import MUZZLE_MAY_LACK, PLACES, default_landmarks, points_toml, read_points

SIZE = (256, 256)
POSES = {"jawOpen": 0.6}, {"headYaw": 0.26}, {"headPitch": 0.17}


def written(**changed: str) -> str:
    """The points of the sitter as a file, with lines replaced."""
    lines = points_toml("a.png", landmarks(), True).splitlines()
    return "\n".join(next((f"{name} = {value}" for name, value in changed.items() if line.startswith(f"{name} =")), line) for line in lines)


def test_points_come_back_and_all_others_follow_them():
    read = read_points(written(), "p.toml", SIZE)
    assert read.by_hand and not read.scores
    truth = landmarks().points
    for name, (number, _) in PLACES.items():
        assert np.linalg.norm(read.points[number] - truth[number]) < 2.5, name
    skin = np.linalg.norm(read.points - truth, axis=1)[:468]
    assert np.median(skin) < 3
    for eye in range(2):
        assert (depth_inside(read.points[list(EYES[eye])], read.points[[473, 468]][eye : eye + 1]) > 0).all()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"nose": "[900, 100]"}, "nose at [900.0, 100.0], outside"),
        ({"nose": "[1, 2, 3]"}, "list of 2"),
        ({"nose": "'there'"}, "list"),
        ({"nose": "[nan, 1]"}, "p.toml"),
        ({"chin": "[128, 10]"}, "lower_lip not above chin"),
        ({"eye_outer_left": "[1, 100]"}, "not"),
        ({"mouth_corner_left": "[20, 180]"}, "mouth_corner_right not left of mouth_corner_left"),
        ({"iris_left": "[100, 100, 0]"}, "radius 0"),
        ({"lip_middle": "[128"}, "p.toml"),
    ],
)
def test_points_that_no_face_has_are_one_clear_line(changed, said):
    with pytest.raises(FileError) as error:
        read_points(written(**changed), "p.toml", SIZE)
    assert said in str(error.value)


def test_points_that_are_missing_or_unknown_are_named():
    lines = written().splitlines()
    with pytest.raises(FileError, match="lacks chin"):
        read_points("\n".join(line for line in lines if not line.startswith("chin")), "p.toml", SIZE)
    with pytest.raises(FileError, match="'beard', which is no point"):
        read_points("\n".join([*lines, "beard = [1, 2]"]), "p.toml", SIZE)


def muzzle_text() -> str:
    """The points of a muzzle that leave out what it may lack."""
    lines = (line for line in written().splitlines() if not line.startswith(MUZZLE_MAY_LACK))
    return 'layout = "muzzle"\n' + "\n".join(lines)


def test_a_muzzle_lacks_lips_brows_and_human_teeth(tmp_path):
    read = read_points(muzzle_text(), "p.toml", SIZE)
    assert read.muzzle and read.by_hand and read.closed
    face, muzzle = build(picture(), Landmarks(landmarks().points, by_hand=True)), build(picture(), read)
    shown = muzzle.parts.mouth.teeth[muzzle.parts.mouth.triangles]
    assert not shown.any() and len(shown) > 100 and face.parts.mouth.teeth[face.parts.mouth.triangles].any()
    rounded = muzzle.head.shape_names.index("mouthPucker")
    jaw = muzzle.head.shape_names.index("jawOpen")
    stiff, soft = (np.abs(each.head.shapes[:, each.head.lip_points]).max((1, 2)) for each in (muzzle, face))
    assert stiff[rounded] < 0.6 * soft[rounded] and stiff[jaw] > 0.6 * soft[jaw]
    rest, opened = (each.astype(int) for each in PortraitRenderer(muzzle, 1).frames(motion_of({}, {"jawOpen": 0.5})))
    outline = read.points[list(OUTER_LIPS)].astype(int)
    (left, top), (right, bottom) = outline.min(0), outline.max(0)
    mouth = np.s_[top:bottom, left:right]
    assert np.abs(rest - picture())[mouth].max() <= 2 and np.abs(opened - picture())[mouth].mean() > 10  # shut, it is the photo
    write_portrait(replace(source(), landmarks=read), tmp_path / "cat.portrait")
    assert read_portrait(tmp_path / "cat.portrait").landmarks.muzzle


@pytest.mark.parametrize(("line", "said"), [('layout = "beak"', "known are face and muzzle"), ("layout = 3", "a text")])
def test_a_layout_that_is_not_known_is_one_clear_line(line, said):
    with pytest.raises(FileError, match=said):
        read_points(f"{line}\n{written()}", "p.toml", SIZE)
    with pytest.raises(FileError, match="lacks brow_left"):  # a face lacks nothing
        read_points(muzzle_text().replace("muzzle", "face"), "p.toml", SIZE)


def ring(given: Landmarks) -> np.ndarray:
    """A flat face with a line of ink around it."""
    y, x = np.mgrid[:SIDE, :SIDE]
    depth = depth_inside(given.oval, np.stack([x.ravel() + 0.5, y.ravel() + 0.5], 1)).reshape(SIDE, SIDE)
    drawing = np.full((SIDE, SIDE, 3), (220, 220, 225), np.uint8)
    drawing[depth > 0] = (230, 190, 150)
    drawing[np.abs(depth + 1) < 1.5] = 20
    return drawing


def test_a_drawn_outline_goes_with_its_face():
    """As much ink as at rest is left when the jaw drops or the head turns; of a photo, whose edge is where skin ends, it is less."""
    left = []
    for by_hand in (True, False):
        given = Landmarks(landmarks().points, {} if by_hand else {"_": 0.0}, by_hand)
        frames = PortraitRenderer(build(ring(given), given), 1).frames(motion_of({}, *POSES))
        rest, *ink = (int((frame.max(2) < 120).sum()) for frame in frames)
        left.append(np.array(ink) / rest)
    assert left[0].min() > 0.9 and (left[0] > left[1]).all(), left


def test_the_guess_lies_in_the_picture():
    points = default_landmarks(SIZE).points
    assert (points > 0).all() and (points < 256).all()
    assert read_points(points_toml("a", default_landmarks(SIZE), False), "p.toml", SIZE).closed


def test_a_drawn_eye_shuts_to_skin_and_one_line():
    """White eyes with a dark rim on flat skin: shut, nothing white is left, skin lies flat above, and a dark line runs along the lid."""
    given = Landmarks(landmarks().points, by_hand=True)
    y, x = np.mgrid[:SIDE, :SIDE]
    places = np.stack([x.ravel() + 0.5, y.ravel() + 0.5], 1)
    depth = np.max([depth_inside(given.eye(eye), places) for eye in range(2)], 0).reshape(SIDE, SIDE)
    drawing = np.full((SIDE, SIDE, 3), (230, 190, 150), np.uint8)
    drawing[depth > -1.2] = (30, 20, 20)
    drawing[depth > 0] = 255
    renderer = PortraitRenderer(build(drawing, given), 1)
    blinks = [{"eyeBlinkLeft": share, "eyeBlinkRight": share} for share in (0.0, 0.75, 1.0)]
    opened, half, shut = renderer.frames(motion_of(*blinks))
    assert (opened[depth > 0.5].min(1) > 200).mean() > 0.8 and (shut[depth > -2].min(1) > 200).sum() == 0
    changed = np.abs(shut[depth > 0].astype(int) - (230, 190, 150)).max(1)
    assert (changed < 3).mean() > 0.5 and 0.05 < (shut[depth > -2].max(1) < 120).mean() < 0.4
    smeared = (np.abs(half[depth > -2].mean(1) - 130) < 50).mean()
    assert smeared < 0.2, "a lid that falls is skin, with a thin line below it"

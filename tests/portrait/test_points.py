"""Points by hand: a file of them comes back as it was, and faces that cannot be are one clear line."""

import numpy as np
import pytest
from sitter import SIZE as SIDE
from sitter import landmarks, motion_of

from visavox.errors import FileError
from visavox.portrait import PortraitRenderer, build
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import EYES
from visavox.portrait.planar import depth_inside
from visavox.portrait.points import PLACES, default_landmarks, points_toml, read_points

SIZE = (256, 256)


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
    opened, shut = renderer.frames(motion_of({}, {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}))
    assert (opened[depth > 0.5].min(1) > 200).mean() > 0.8 and (shut[depth > -2].min(1) > 200).sum() == 0
    changed = np.abs(shut[depth > 0].astype(int) - (230, 190, 150)).max(1)
    assert (changed < 3).mean() > 0.5 and 0.05 < (shut[depth > -2].max(1) < 120).mean() < 0.4

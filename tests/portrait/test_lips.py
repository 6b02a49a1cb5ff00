"""Lips that shut over what the photo shows between them: no streaks, no teeth, and nothing changed where they keep their size."""

from dataclasses import replace

import numpy as np
from sitter import SIZE, landmarks, picture, portrait, posed

from visavox.portrait import build
from visavox.portrait.layout import LOWER_LIP, OUTER_LIPS, UPPER_LIP
from visavox.portrait.lips import MOST, evened_lips, grown
from visavox.portrait.planar import depth_inside

OPEN = {"jawOpen": 0.35}


def test_lines_across_parted_lips_are_evened_and_nothing_else_changes():
    points = landmarks(OPEN)
    striped = np.full((SIZE, SIZE, 3), 160, np.uint8)
    striped[:, ::2] = 100
    y, x = np.mgrid[:SIZE, :SIZE] + 0.5
    at = np.stack([x.ravel(), y.ravel()], 1)
    outer, inner = points.points[list(OUTER_LIPS)], points.points[[*UPPER_LIP, *LOWER_LIP[::-1]]]
    within, opening = (depth_inside(line, at).reshape(SIZE, SIZE) for line in (outer, inner))
    made = evened_lips(striped, striped, points, 1.0)
    middle = np.abs(x - outer[:, 0].mean()) < 0.3 * np.ptp(outer[:, 0])
    lips = (within > 1.5) & (opening < -0.5) & middle
    assert lips.sum() > 50 and np.abs(np.diff(made.astype(int), axis=1))[lips[:, 1:] & lips[:, :-1]].max() < 15
    assert (made == striped)[within < -1].all()


def test_lips_show_the_evened_picture_the_more_they_grow():
    square, triangles = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float), np.array([[0, 1, 2], [0, 2, 3]])
    assert grown(square, square, triangles).max() == 0
    assert np.allclose(grown(square * (1, 3), square, triangles), MOST)


def test_only_a_photo_of_parted_lips_has_them_evened():
    closed, parted = portrait().parts, build(posed(OPEN), landmarks(OPEN)).parts
    assert closed.sheet.painted.max() == 0 and (closed.painted[150:] == picture()[150:]).all()
    assert 20 < (parted.sheet.painted > 0.1).sum() < 2000


def test_a_mouth_outside_the_picture_has_no_lips_to_even():
    picture = np.full((SIZE, SIZE, 3), 160, np.uint8)
    for away in ((SIZE * 2, 0), (0, SIZE * 2), (-SIZE * 2, 0), (0, -SIZE * 2)):
        points = landmarks(OPEN)
        assert (evened_lips(picture, picture, replace(points, points=points.points + away), 1.0) == picture).all()

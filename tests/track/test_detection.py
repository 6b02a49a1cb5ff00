"""What the detector's numbers mean, by construction: no network is needed."""

import numpy as np
import pytest

from visavox.track.crop import Crop, cut_out
from visavox.track.detection import SIZE, Detection, anchors, decode, joined, views


def test_anchors_are_the_middles_of_two_grids():
    middles = anchors()
    assert middles.shape == (896, 2)
    np.testing.assert_array_equal(middles[[0, 1, 2, 511]], [[4, 4], [4, 4], [12, 4], [124, 124]])
    np.testing.assert_array_equal(middles[[512, 517, 518, 895]], [[8, 8], [8, 8], [24, 8], [120, 120]])


def test_an_answer_is_decoded_into_pixels_of_the_picture():
    answers, logits = np.zeros((896, 16), np.float32), np.full(896, -9, np.float32)
    logits[511] = 3
    answers[511] = [-60, -60, 32, 40, *[-70, -64, -50, -64], *[0] * 8]  # a middle of (64, 64) from the anchor at (124, 124)
    (found,) = decode(answers, logits, Crop((320, 180), 640))  # a picture of 640 x 360 in a square of 640
    unit = 640 / SIZE
    np.testing.assert_allclose(found.box, [320 - 16 * unit, 180 - 20 * unit, 320 + 16 * unit, 180 + 20 * unit])
    np.testing.assert_allclose(found.points[:2], [[320 - 10 * unit, 180 - 4 * unit], [320 + 10 * unit, 180 - 4 * unit]])
    assert found.crop().roll == 0 and found.crop().side == pytest.approx(1.5 * 40 * unit) and found.score == pytest.approx(0.9526, abs=1e-4)


def test_detections_of_one_face_are_joined_by_score():
    points = np.zeros((6, 2))
    one, two = Detection(np.array([0.0, 0, 10, 10]), points, 0.9), Detection(np.array([1.0, 0, 11, 10]), points + 1, 0.6)
    far = Detection(np.array([50.0, 50, 60, 60]), points, 0.8)
    first, second = joined([two, far, one])
    np.testing.assert_allclose(first.box, [0.4, 0, 10.4, 10])
    np.testing.assert_allclose(first.points, 0.4)
    assert first.score == 0.9
    np.testing.assert_array_equal(second.box, far.box)


def test_a_cut_out_and_its_way_back_agree_however_it_is_turned():
    y, x = np.mgrid[:200, :300]
    image = np.stack([x % 256, y, 0 * x], -1).astype(np.uint8)
    crop = Crop((150, 100), 90, 0.6)
    cut = cut_out(image, crop, 64)
    places = np.array([[10.0, 20], [32, 32], [50, 5], [3, 60]])
    back = crop.to_picture(places, 64)
    rows, columns = places[:, 1].astype(int), places[:, 0].astype(int)
    np.testing.assert_allclose(cut[rows, columns, :2], back, atol=0.05)


def test_beyond_the_picture_is_its_edge_or_black():
    image = np.full((40, 40, 3), 200, np.uint8)
    crop = Crop((20, 20), 80)
    assert (cut_out(image, crop, 32) == 200).all()
    black = cut_out(image, crop, 32, repeat_edge=False)
    assert black[0, 0, 0] == 0 and black[16, 16, 0] == 200


def test_a_large_picture_is_averaged_not_skipped_over():
    stripes = np.zeros((512, 512, 3), np.uint8)
    stripes[:, ::2] = 200
    assert np.abs(cut_out(stripes, Crop((256, 256), 512), 128)[:, 1:] - 100).max() < 1  # the first column repeats the edge


@pytest.mark.parametrize(("height", "width"), [(360, 640), (640, 360), (100, 3000), (64, 64)])
def test_views_cover_every_place_of_a_picture(height, width):
    for share in (1.0, 0.5, 0.25):
        covered = np.zeros((height, width), bool)
        for view in views(height, width, share):
            x, y = view.middle
            half = view.side / 2
            covered[max(int(y - half), 0) : int(np.ceil(y + half)), max(int(x - half), 0) : int(np.ceil(x + half))] = True
        assert covered.all()

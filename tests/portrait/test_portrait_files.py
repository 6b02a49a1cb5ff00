"""`.portrait` files: what was written comes back, and what a stranger made of them is one clear line."""

import json
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import save
from sitter import landmarks, picture, source

from visavox.errors import FileError, OptionError
from visavox.io.photo import Photo
from visavox.io.tensors import read_header
from visavox.portrait.files import AGAIN, read_portrait, write_portrait
from visavox.portrait.finding import chosen, detected, faces_in
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.source import Source
from visavox.track.landmarks import FaceLandmarks


def photo(pixels=None) -> Photo:
    return Photo(picture() if pixels is None else pixels, None, "me.jpg", "ab" * 32)


def test_what_was_written_comes_back(tmp_path):
    alpha = np.arange(256 * 256, dtype=np.uint32).astype(np.uint8).reshape(256, 256)
    written = replace(source("mine"), alpha=alpha).looking("warm light")
    write_portrait(written, tmp_path / "a.portrait")
    read = read_portrait(tmp_path / "a.portrait")
    assert np.array_equal(read.photo, written.photo) and np.array_equal(read.alpha, alpha)
    np.testing.assert_allclose(read.landmarks.points, written.landmarks.points, atol=1e-4)
    assert (read.name, read.sha256, read.consent) == (written.name, written.sha256, "mine")
    assert read.provenance() == {"portrait": "sitter.png", "portrait_sha256": "0" * 64, "consent": "mine", "look": "warm light"}


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"photo": None}, "its photo is no picture"),
        ({"photo": np.zeros((300, 300), np.uint8)}, "its photo is no picture"),
        ({"photo": np.zeros((300, 300, 3), np.float32)}, "its photo is no picture"),
        ({"photo": np.zeros((300, 5000, 3), np.uint8)}, "5000x300 pixels"),
        ({"points": None}, "lacks 478 points"),
        ({"points": np.zeros((12, 2), np.float32)}, "lacks 478 points"),
        ({"points": np.full((478, 2), np.nan, np.float32)}, "not a number"),
        ({"points": np.full((478, 2), 1e9, np.float32)}, "1e+09"),
        ({"scores": np.zeros(3, np.float32)}, "scores of shape"),
        ({"alpha": np.zeros((99, 99), np.uint8)}, "alpha of shape"),
        ({"header": {"kind": "style"}}, "is a style"),
        ({"header": {"version": 9}}, "version 9"),
        ({"header": {"name": 5}}, "name"),
        ({"header": {"consent": None}}, "consent"),
    ],
)  # fmt: skip
def test_what_a_stranger_made_is_one_clear_line(broken, said, tmp_path):
    arrays = {"photo": picture(), "points": np.float32(landmarks().points)} | {k: v for k, v in broken.items() if k != "header"}
    arrays = {name: array for name, array in arrays.items() if array is not None}
    header = {"kind": "portrait", "version": 1, "name": "a", "sha256": "", "consent": "", "by_hand": False, "look": ""} | broken.get(
        "header", {}
    )
    (tmp_path / "a.portrait").write_bytes(save(arrays, metadata={"visavox": json.dumps(header)}))
    with pytest.raises(FileError) as error:
        read_portrait(tmp_path / "a.portrait")
    assert said in str(error.value)


def test_a_damaged_portrait_is_called_a_portrait(tmp_path):
    """Never a checkpoint or a style; and what is cut off is told of by whoever reads no more than its header."""
    path = tmp_path / "a.portrait"
    write_portrait(source(), path)
    whole = path.read_bytes()
    damaged = ((b"no portrait at all, but a text", "not a .portrait file"), (whole[:99], "truncated"), (whole[:-9], "truncated"))
    for content, said in damaged:
        path.write_bytes(content)
        for read in (read_portrait, read_header):
            with pytest.raises(FileError) as error:
                read(path, *([AGAIN] if read is read_header else []))
            assert said in str(error.value) and "checkpoint" not in str(error.value) and "\n" not in str(error.value)


class Finds:
    """A landmarker that finds what it is told to find."""

    licence = ""

    def __init__(self, *faces: FaceLandmarks):
        self.faces = sorted(faces, key=lambda face: -face.size)

    def detect(self, image):
        return self.faces

    def surest(self, image):
        return 1.0

    def follow(self, image, before):
        return None


def face_at(x: float, size: float) -> FaceLandmarks:
    points = np.zeros((478, 3), np.float32)
    points[:, :2] = (landmarks().points - landmarks().points.min(0)) / 128 * size + (x, 10)
    return FaceLandmarks(points, 1.0, np.zeros(52, np.float32))


def test_faces_are_counted_from_the_left_and_chosen():
    finds = Finds(face_at(100, 50), face_at(10, 60), face_at(200, 10))
    with pytest.raises(OptionError, match="shows 3 faces.*--face 1 to --face 3"):
        detected(photo(), finds)
    assert detected(photo(), finds, 1).points[:, 0].min() == pytest.approx(10.5, abs=0.1)
    assert detected(photo(), finds, 3).points[:, 0].min() == pytest.approx(200.5, abs=0.1)
    with pytest.raises(OptionError, match="shows 3 faces, and --face is 4"):
        detected(photo(), finds, 4)
    with pytest.raises(FileError, match="me.jpg shows no face"):
        detected(photo(), Finds())


class Near(Finds):
    """A landmarker that knows a face by its brightest pixel, and only in pictures up to `most` pixels across."""

    def __init__(self, most: int):
        self.most = most

    def detect(self, image):
        if max(image.shape[:2]) > self.most or image.max() < 255:
            return []
        row, column = np.argwhere(image.max(2) == 255)[0].tolist()
        return [face_at(column, 60)]


def test_a_small_face_in_a_large_photo_is_found_once():
    large = np.zeros((900, 4000, 3), np.uint8)
    large[500, 2500] = 255
    (found,) = faces_in(large, Near(900))
    assert found.box[0] == pytest.approx(2500, abs=0.5)
    assert faces_in(large, Near(4000))[0].box[0] == found.box[0]
    assert not faces_in(np.zeros_like(large), Near(900))


class Surer(Finds):
    """A landmarker that is the surer of a face, the brighter a picture is above."""

    def surest(self, image):
        return image[: len(image) // 2].mean() / 255


class Upright(Finds):
    """A landmarker that knows a face where the brightest half of a picture is above."""

    def detect(self, image):
        return [face_at(50, 60)] if image[: len(image) // 2].mean() > 1.5 * image[len(image) // 2 :].mean() else []


@pytest.mark.parametrize(("quarters", "said"), [(2, "stands on its head"), (1, "lies on its side"), (3, "lies on its side")])
def test_a_photo_that_was_not_turned_is_told_of(quarters, said):
    upright = np.zeros((200, 200, 3), np.uint8)
    upright[:100] = 200
    assert detected(photo(upright), Upright())
    with pytest.raises(FileError, match=f"me.jpg {said}; turn the photo"):
        detected(photo(np.ascontiguousarray(np.rot90(upright, quarters))), Upright())


def test_a_face_that_is_found_in_a_photo_on_its_head_is_told_of():
    upright = np.zeros((200, 200, 3), np.uint8)
    upright[:100] = 200
    assert detected(photo(upright), Surer(face_at(50, 60)))
    with pytest.raises(FileError, match="me.jpg stands on its head; turn the photo"):
        detected(photo(np.ascontiguousarray(upright[::-1, ::-1])), Surer(face_at(50, 60)))


def test_one_large_face_among_small_ones_need_not_be_chosen():
    assert chosen(Finds(face_at(100, 60), face_at(10, 12)).faces, "a", None).points[:, 0].min() == pytest.approx(100.5, abs=0.1)


def test_a_face_of_forty_pixels_or_over_the_edge_is_refused():
    small = landmarks().moved(np.zeros(2), 40 / np.ptp(landmarks().oval[:, 0]))
    with pytest.raises(FileError, match="is 40 pixels wide"):
        Source.of(photo(), small)
    with pytest.raises(FileError, match="over the edge"):
        Source.of(photo(), landmarks().moved(np.array([120.0, 0.0]), 1.0))
    with pytest.raises(OptionError, match="478 points"):
        Landmarks(np.zeros((3, 2)))


def test_a_large_photo_is_kept_no_larger_than_it_is_of_use():
    large = np.kron(picture(), np.ones((18, 18, 1), np.uint8))
    kept = Source.of(photo(large), landmarks().moved(np.zeros(2), 18.0))
    assert max(kept.photo.shape[:2]) <= 4096
    scale = kept.photo.shape[0] / 256
    np.testing.assert_allclose(kept.landmarks.points / scale, landmarks().points, atol=0.05)


def test_sizes_and_frames_have_bounds():
    for frame, size, said in (("square", 512, "'square'"), ("crop", 2048, "2048"), ("crop", 101, "101")):
        with pytest.raises(OptionError, match=said):
            source().portrait(frame, size)
    assert source().portrait("crop", 128).parts.photo.shape == (128, 128, 3)

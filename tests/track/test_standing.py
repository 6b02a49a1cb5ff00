"""How a film stands, by what a landmarker would say of it: no network is needed."""

import numpy as np
import pytest

from visavox.track.landmarks import SIDES, FaceLandmarks
from visavox.track.standing import VOTES, Standing

PICTURE = np.zeros((20, 30, 3), np.uint8)
PICTURE[0, 0], PICTURE[0, -1], PICTURE[-1, -1], PICTURE[-1, 0] = 0, 1, 2, 3  # the corner that comes to the top left tells how it was turned


def upright_face() -> FaceLandmarks:
    points = np.zeros((478, 3), np.float32)
    points[SIDES[0]], points[SIDES[1]] = (5, 9, 0), (15, 9, 0)
    return FaceLandmarks(points, 1.0, np.zeros(52, np.float32))


class Sure:
    """A landmarker that is so sure of a face after so many quarter turns."""

    licence = "none"

    def __init__(self, *sure: float):
        self.sure = sure

    def surest(self, image: np.ndarray) -> float:
        return self.sure[int(image[0, 0, 0])]

    def detect(self, image: np.ndarray) -> list[FaceLandmarks]:
        return [upright_face()] if self.surest(image) > 0.5 else []


@pytest.mark.parametrize(("sure", "turn"), [
    ((0.95, 0.0, 0.0, 0.0), 0), ((0.0, 0.9, 0.0, 0.0), 1), ((0.6, 0.0, 0.9, 0.0), 2), ((0.8, 0.0, 0.0, 0.82), 0),
    ((0.0, 0.0, 0.0, 0.62), None), ((0.0, 0.69, 0.0, 0.62), None), ((0.0, 0.0, 0.0, 0.0), None),
])  # fmt: skip
def test_a_film_is_turned_for_a_face_that_is_surely_there(sure, turn):
    standing = Standing(Sure(*sure))
    for _ in range(VOTES):
        assert standing.turn is None
        standing.look(PICTURE, Sure(*sure).detect(PICTURE))
    assert standing.turn == turn and standing.so_far == (turn or 0)


def test_what_looks_a_little_like_a_face_before_the_film_does_not_count():
    landmarker = Sure()
    standing = Standing(landmarker)
    for sure in ((0.0, 0.0, 0.0, 0.62),) * 9 + ((0.95, 0.0, 0.0, 0.0),) * VOTES:
        landmarker.sure = sure
        standing.look(PICTURE, landmarker.detect(PICTURE))
    assert standing.turn == 0

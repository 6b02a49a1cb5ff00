"""PNG files hold the picture that they were made of."""

import io

import numpy as np
import pytest

from visavox.io.png import png_bytes


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 5, 4), (64, 33, 3)])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_picture_comes_back(shape, mirrored):
    pillow = pytest.importorskip("PIL.Image")
    picture = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    picture = picture[::-1, ::-1] if mirrored else picture
    assert np.array_equal(np.asarray(pillow.open(io.BytesIO(png_bytes(picture)))), picture)


def test_a_smooth_picture_becomes_small():
    """A painted skin is smooth: rows that are told by those above them take a fraction of the bytes."""
    row = np.arange(256, dtype=np.uint8)
    picture = np.repeat((row[:, None] ^ row)[..., None] // 16 + row[:, None, None] // 2, 3, 2).astype(np.uint8)
    assert len(png_bytes(picture)) < picture.size // 20

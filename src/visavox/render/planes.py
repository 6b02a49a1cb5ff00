"""`in_planes`: a picture as a video stores it, brightness for each pixel and colour for each two by two.

The video library converts pictures as well, in four times the time and after a copy, which was a twentieth of what a video cost.
"""

import numpy as np

from visavox.io.video import Planes
from visavox.render.compiled import compiled

# BT.601 in the range of television, 65536 for 1: brightness from 16 to 235, colour from 16 to 240 about 128.
RED, GREEN, BLUE = np.int32(16829), np.int32(33039), np.int32(6416)
BLUE_RED, BLUE_GREEN, STRONG = np.int32(9714), np.int32(19071), np.int32(28785)
RED_GREEN, RED_BLUE = np.int32(24104), np.int32(4681)
BLACK, GREY = np.int32((16 << 16) + (1 << 15)), np.int32((128 << 18) + (1 << 17))  # with the half that rounds; colour is a sum of four
ONE_PIXEL, FOUR_PIXELS = np.int32(16), np.int32(18)  # bits to leave out


def in_planes(picture: np.ndarray) -> Planes:
    """The picture (H, W, 3) bytes, of even sides, in YUV 4:2:0."""
    height, width = picture.shape[:2]
    stored = np.empty((height * 3 // 2, width), np.uint8)
    light, u, v = np.split(stored.reshape(-1), (height * width, height * width * 5 // 4))
    store_planes(np.ascontiguousarray(picture).reshape(-1), width, light, u, v)
    return Planes(stored)


@compiled
def store_planes(picture, width, light, u, v):
    """Fills `light` (H W,), `u` and `v` (H W / 4,) from `picture` (H W 3,) of rows of `width` pixels, one entry after the other.

    Arrays of one axis, whose entries the compiler knows to lie side by side: it then works on many at once.
    """
    for pixel in range(light.size):
        red, green, blue = np.int32(picture[3 * pixel]), np.int32(picture[3 * pixel + 1]), np.int32(picture[3 * pixel + 2])
        light[pixel] = np.uint8((RED * red + GREEN * green + BLUE * blue + BLACK) >> ONE_PIXEL)
    half = width // 2
    for row in range(light.size // (2 * width)):
        upper, to = 6 * width * row, half * row
        lower = upper + 3 * width
        for column in range(half):
            a, b = upper + 6 * column, lower + 6 * column
            red = np.int32(picture[a]) + np.int32(picture[a + 3]) + np.int32(picture[b]) + np.int32(picture[b + 3])
            green = np.int32(picture[a + 1]) + np.int32(picture[a + 4]) + np.int32(picture[b + 1]) + np.int32(picture[b + 4])
            blue = np.int32(picture[a + 2]) + np.int32(picture[a + 5]) + np.int32(picture[b + 2]) + np.int32(picture[b + 5])
            u[to + column] = np.uint8((STRONG * blue - BLUE_RED * red - BLUE_GREEN * green + GREY) >> FOUR_PIXELS)
            v[to + column] = np.uint8((STRONG * red - RED_GREEN * green - RED_BLUE * blue + GREY) >> FOUR_PIXELS)

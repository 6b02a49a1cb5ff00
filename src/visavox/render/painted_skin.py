"""The light of painted skin, in two walks along a row of pixels: where each pixel lies on the paint, then what is there.

Between the two the memory of a pixel is on its way: skin reads more of it than all else, and half of what it cost was waiting.
"""

import numpy as np

from visavox.render.compiled import fetch, inlined
from visavox.render.mixing import mix_light, mix_texels

ZERO, HALF, ONE, TWO = np.float32(0), np.float32(0.5), np.float32(1), np.float32(2)
MIDDLE = np.float32(128 / 255)  # the byte of a bump that leans nowhere
COLUMN, LEFT, TOP, CORNERS = 0, 1, 2, 3  # of `noted`: the pixel, its texel, and its triangle's first corner
NOTED, SHARES = 6, 5  # numbers that are noted of a pixel
DOWN = np.uint64(2)  # texels from a row of pixels to the next, or nearly


@inlined
def note_skin(scene, column, item, corners, weights, number):
    """Notes, as the row's pixel `number`, where pixel `column` lies: in the triangle `item` with `corners`, of which it has `weights`."""
    left, top, right, low = _texel(scene, item, weights)
    last = np.uint64(scene.skin.shape[0] - 1)
    fetch(scene.skin, min(top + DOWN, last), left)  # of the next row of pixels: the texels of this one were asked for by the row before
    fetch(scene.skin, min(top + DOWN + np.uint64(1), last), left)
    noted, shares = scene.noted, scene.noted_shares
    noted[number, COLUMN], noted[number, LEFT], noted[number, TOP] = np.uint32(column), np.uint32(left), np.uint32(top)
    for corner in range(3):
        fetch(scene.reflected, corners[corner], np.uint64(0))
        noted[number, CORNERS + corner] = np.uint32(corners[corner])
        shares[number, corner] = weights[corner]
    shares[number, 3], shares[number, 4] = right, low


@inlined
def noted_skin(scene, number):
    """The light (red, green, blue) from the row's pixel `number` as noted."""
    noted, shares = scene.noted, scene.noted_shares
    corners = np.uint64(noted[number, CORNERS]), np.uint64(noted[number, CORNERS + 1]), np.uint64(noted[number, CORNERS + 2])
    texel = np.uint64(noted[number, LEFT]), np.uint64(noted[number, TOP]), shares[number, 3], shares[number, 4]
    return _light(scene, texel, corners, (shares[number, 0], shares[number, 1], shares[number, 2]))


@inlined
def skin_light(scene, item, corners, weights):
    """The light (red, green, blue) from skin at once."""
    return _light(scene, _texel(scene, item, weights), corners, weights)


@inlined
def _texel(scene, item, weights):
    """The column and the row of the texel up left of a point, and how far it is on to the next of each."""
    u, v, w = weights
    uv, high, wide = scene.uv, scene.skin.shape[0], scene.skin.shape[1]
    across = (u * uv[item, 0, 0] + v * uv[item, 1, 0] + w * uv[item, 2, 0]) * np.float32(wide) - HALF
    down = (u * uv[item, 0, 1] + v * uv[item, 1, 1] + w * uv[item, 2, 1]) * np.float32(high) - HALF
    across = min(max(across, ZERO), np.float32(wide) - np.float32(1.001))
    down = min(max(down, ZERO), np.float32(high) - np.float32(1.001))
    left, top = np.uint64(across), np.uint64(down)
    return left, top, across - np.float32(left), down - np.float32(top)


@inlined
def _light(scene, texel, corners, weights):
    left, top, fx, fy = texel
    mixed = scene.mixed
    mix_texels(scene.skin, (left, top), ((ONE - fx) * (ONE - fy), fx * (ONE - fy), (ONE - fx) * fy, fx * fy), mixed)
    mix_light(scene.reflected, corners, weights, mixed)
    lean = (mixed[0, 4] - MIDDLE) * mixed[1, 4] + (mixed[0, 5] - MIDDLE) * mixed[1, 5]
    shine = max(mixed[1, 3] * (ONE + np.float32(3) * lean), ZERO) * mixed[0, 3] * TWO
    bump = max(ONE + lean, np.float32(0.2))
    red = mixed[0, 0] * mixed[0, 0] * mixed[1, 0] * bump + shine
    green = mixed[0, 1] * mixed[0, 1] * mixed[1, 1] * bump + shine
    blue = mixed[0, 2] * mixed[0, 2] * mixed[1, 2] * bump + shine
    return red, green, blue

"""What lies between texels, and between the corners of a triangle: eight numbers at once, as many as a processor takes.

All of a row is read before any of it is written: the compiler then sees that no written number is read, and takes eight together.
"""

import numpy as np

from visavox.render.compiled import inlined

CHANNELS = 8  # of the painted skin and of the light
BYTE = np.float32(1 / 255)


@inlined
def mix_texels(skin, place, shares, mixed):
    """The painted skin between four texels, 0 to 1, into the first row of `mixed`: all channels at once, which a processor can."""
    left, top = place
    texel = (skin, left, top, (shares[0] * BYTE, shares[1] * BYTE, shares[2] * BYTE, shares[3] * BYTE))
    c0 = _one_texel(texel, np.uint64(0))
    c1 = _one_texel(texel, np.uint64(1))
    c2 = _one_texel(texel, np.uint64(2))
    c3 = _one_texel(texel, np.uint64(3))
    c4 = _one_texel(texel, np.uint64(4))
    c5 = _one_texel(texel, np.uint64(5))
    c6 = _one_texel(texel, np.uint64(6))
    c7 = _one_texel(texel, np.uint64(7))
    mixed[0, 0] = c0
    mixed[0, 1] = c1
    mixed[0, 2] = c2
    mixed[0, 3] = c3
    mixed[0, 4] = c4
    mixed[0, 5] = c5
    mixed[0, 6] = c6
    mixed[0, 7] = c7


@inlined
def _one_texel(texel, channel):
    skin, left, top, (nw, ne, sw, se) = texel
    right, low = left + np.uint64(1), top + np.uint64(1)
    upper = nw * np.float32(skin[top, left, channel]) + ne * np.float32(skin[top, right, channel])
    lower = sw * np.float32(skin[low, left, channel]) + se * np.float32(skin[low, right, channel])
    return upper + lower


@inlined
def mix_light(light, corners, weights, mixed):
    """The light between three corners into the second row of `mixed`, all columns at once."""
    a, b, c = corners
    u, v, w = weights
    c0 = u * light[a, 0] + v * light[b, 0] + w * light[c, 0]
    c1 = u * light[a, 1] + v * light[b, 1] + w * light[c, 1]
    c2 = u * light[a, 2] + v * light[b, 2] + w * light[c, 2]
    c3 = u * light[a, 3] + v * light[b, 3] + w * light[c, 3]
    c4 = u * light[a, 4] + v * light[b, 4] + w * light[c, 4]
    c5 = u * light[a, 5] + v * light[b, 5] + w * light[c, 5]
    c6 = u * light[a, 6] + v * light[b, 6] + w * light[c, 6]
    c7 = u * light[a, 7] + v * light[b, 7] + w * light[c, 7]
    mixed[1, 0] = c0
    mixed[1, 1] = c1
    mixed[1, 2] = c2
    mixed[1, 3] = c3
    mixed[1, 4] = c4
    mixed[1, 5] = c5
    mixed[1, 6] = c6
    mixed[1, 7] = c7

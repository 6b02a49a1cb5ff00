"""The compiled loops of a speaking photo that make the picture of a map: each sample shows the photo at its place (see `photo_map`)."""

import numpy as np

from visavox.render.compiled import compiled, inlined

ZERO, HALF, ONE, TWO = np.float32(0), np.float32(0.5), np.float32(1), np.float32(2)
BELOW = np.float32(-1e5)  # a place so far out is none: the sample shows the inside of the mouth
QUARTER = np.float32(0.25)
SAME = np.float32(2e-3)  # pixels: a sample that shows its own place
EVEN = np.float32(1e-3)  # light and lid that change no byte
DIM, WARM = np.float32(0.67), np.float32(0.9)  # of the photo's light: what is darker is lit through flesh, and loses green and blue so fast
BESIDE, UNDER, LID = 1, 2, 4  # marks of a pixel: it differs from the one on its right, from the one below it; it shows a lid
APART = np.float32(3)  # pixels: samples of one pixel that are farther apart show different things


@inlined
def _tinted(light, k):
    """The `light` on colour k of a pixel: in the folds of lips and lids it is red."""
    return light if k == 0 or light >= DIM else light * (ONE - WARM * (DIM - light))


@inlined
def _near(photo, x, y, look, out):
    """Adds the photo at (x, y), between its pixels, to `out`, under its `look`: how much it counts and how lit it is."""
    weight, light = look
    height, width = photo.shape[0], photo.shape[1]
    x = min(max(x - HALF, ZERO), np.float32(width) - np.float32(1.01))
    y = min(max(y - HALF, ZERO), np.float32(height) - np.float32(1.01))
    i, j = int(x), int(y)
    f, g = x - np.float32(i), y - np.float32(j)
    for k in range(4):
        above = photo[j, i, k] * (ONE - f) + photo[j, i + 1, k] * f
        below = photo[j + 1, i, k] * (ONE - f) + photo[j + 1, i + 1, k] * f
        out[k] += weight * _tinted(light, k) * (above + (below - above) * g)


@inlined
def _sharp(photo, x, y, out):
    """Sets `out` to the photo at (x, y). Source: Catmull and Rom 1974."""
    height, width = photo.shape[0], photo.shape[1]
    x = min(max(x - HALF, ONE), np.float32(width) - np.float32(3.01))
    y = min(max(y - HALF, ONE), np.float32(height) - np.float32(3.01))
    i, j = int(x), int(y)
    f, g = x - np.float32(i), y - np.float32(j)
    across, down = _cubic(f), _cubic(g)
    first, second = _row(photo, j - 1, i, across), _row(photo, j, i, across)
    third, fourth = _row(photo, j + 1, i, across), _row(photo, j + 2, i, across)
    for k in range(4):
        out[k] = down[0] * first[k] + down[1] * second[k] + down[2] * third[k] + down[3] * fourth[k]


@inlined
def _row(photo, line, i, across):
    """What four neighbours of a row, from i - 1 on, make together by the weights `across`."""
    red, green = _four(photo, line, i, across, 0), _four(photo, line, i, across, 1)
    return red, green, _four(photo, line, i, across, 2), _four(photo, line, i, across, 3)


@inlined
def _four(photo, line, i, across, k):
    return (
        across[0] * photo[line, i - 1, k] + across[1] * photo[line, i, k]
        + across[2] * photo[line, i + 1, k] + across[3] * photo[line, i + 2, k]
    )  # fmt: skip


@inlined
def _cubic(f):
    return (
        HALF * f * (-ONE + f * (TWO - f)),
        ONE + f * f * (np.float32(1.5) * f - np.float32(2.5)),
        HALF * f * (ONE + f * (np.float32(4) - np.float32(3) * f)),
        HALF * f * f * (f - ONE),
    )


@inlined
def _shade(photos, pixel, place, look, scratch):
    """Sets scratch[0] to the photo at `place` under its `look`: how lit it is, and how much of the painted photo is shown. Where it is not
    the person alone, its background gives way to that of the `pixel`."""
    (u, v), (light, lid) = place, look
    scratch[0, 3] = ONE
    if lid < ONE - EVEN:
        _sharp(photos[0], u, v, scratch[0])
    behind = ONE - scratch[0, 3]
    if behind > EVEN:
        _sharp(photos[2], u, v, scratch[1])
        for k in range(3):
            scratch[0, k] += min(behind, ONE) * (photos[2][pixel[1], pixel[0], k] - scratch[1, k])
    if lid > EVEN:
        _sharp(photos[1], u, v, scratch[1])
        for k in range(3):
            scratch[0, k] = scratch[1, k] if lid >= ONE - EVEN else scratch[0, k] + lid * (scratch[1, k] - scratch[0, k])
    for k in range(3):
        scratch[0, k] *= _tinted(light, k)


@inlined
def _put(colour, out, row, column):
    for k in range(3):
        out[row, column, k] = np.uint8(min(max(colour[k] + HALF, ZERO), np.float32(255)))


@compiled
def show_map(maps, box, photos, scratch, out):
    """Draws a map of one sample a pixel, whose corner lies at `box`, from the photo and the painted one (H, W, 4) float32 into `out`
    (H, W, 3) bytes, which already holds the photo. `maps` is the map and, of its size, bytes that are then the marks of each pixel; the
    `scratch` has three rows."""
    field, marks = maps
    height, width = field.shape[0], field.shape[1]
    left, top = box
    for row in range(height):
        for column in range(width):
            u, v = field[row, column, 0], field[row, column, 1]
            light, lid = field[row, column, 2], field[row, column, 3]
            if not (_own(u, v, left + column, top + row) and light > ONE - EVEN and lid < EVEN):
                _shade(photos, (left + column, top + row), (u, v), (light, lid), scratch)
                _put(scratch[0], out, top + row, left + column)
    _mark(field, marks)


@compiled
def show_solid_map(maps, box, photos, scratch, out):
    """Draws a map as `show_map` does, of a photo that is opaque throughout. What shows the photo alone comes first, in a loop that is as
    short as it can be; lids come after it, where they were marked. `photos` has a fourth, the first one `by_green`."""
    field, marks = maps
    height, width = field.shape[0], field.shape[1]
    left, top = box
    for row in range(height):
        for column in range(width):
            u, v, light = field[row, column, 0], field[row, column, 1], field[row, column, 2]
            if not (_own(u, v, left + column, top + row) and light > ONE - EVEN):
                _put_sharp(photos[3], (u, v, light), out, top + row, left + column)
    _mark(field, marks)
    for row in range(height):
        for column in range(width):
            if marks[row, column] & LID:
                place, look = (field[row, column, 0], field[row, column, 1]), (field[row, column, 2], field[row, column, 3])
                _shade(photos, (left + column, top + row), place, look, scratch)
                _put(scratch[0], out, top + row, left + column)


@inlined
def _mark(field, marks):
    """Marks each pixel that shows another thing than the one on its right, or than the one below it, or a lid."""
    height, width = field.shape[0], field.shape[1]
    for row in range(height):
        under = min(row + 1, height - 1)
        for column in range(width):
            right = min(column + 1, width - 1)
            mark = BESIDE if _apart(field, row, column, row, right) else 0
            mark |= UNDER if _apart(field, row, column, under, column) else 0
            marks[row, column] = mark | (LID if field[row, column, 3] > EVEN else 0)


def by_green(photo: np.ndarray) -> np.ndarray:
    """The `photo` (H, W, 4) as its green, and how much more red and blue it has than that (H, W, 3) float32.

    Colours have fewer and softer edges than light, so a look at the green alone need be sharp.
    """
    green = photo[..., 1]
    return np.ascontiguousarray(np.stack([green, photo[..., 0] - green, photo[..., 2] - green], -1), np.float32)


@inlined
def _put_sharp(photo, look, out, row, column):
    """Sets a pixel of `out` to the photo `by_green` at a place in a light: the green as `_sharp` finds it, the rest between four pixels."""
    height, width = photo.shape[0], photo.shape[1]
    x = min(max(look[0] - HALF, ONE), np.float32(width) - np.float32(3.01))
    y = min(max(look[1] - HALF, ONE), np.float32(height) - np.float32(3.01))
    i, j = int(x), int(y)
    f, g = x - np.float32(i), y - np.float32(j)
    across, down = _cubic(f), _cubic(g)
    green = ZERO
    for step in range(4):
        green += down[step] * _four(photo, j - 1 + step, i, across, 0)
    shares = (ONE - f) * (ONE - g), f * (ONE - g), (ONE - f) * g, f * g
    red, blue = green + _between(photo, (j, i), shares, 1), green + _between(photo, (j, i), shares, 2)
    light, tint = look[2], _tinted(look[2], 1)
    out[row, column, 0] = np.uint8(min(max(red * light + HALF, ZERO), np.float32(255)))
    out[row, column, 1] = np.uint8(min(max(green * tint + HALF, ZERO), np.float32(255)))
    out[row, column, 2] = np.uint8(min(max(blue * tint + HALF, ZERO), np.float32(255)))


@inlined
def _between(photo, pixel, shares, k):
    j, i = pixel
    above = shares[0] * photo[j, i, k] + shares[1] * photo[j, i + 1, k]
    return above + shares[2] * photo[j + 1, i, k] + shares[3] * photo[j + 1, i + 1, k]


@inlined
def _apart(field, row, column, beside, along):
    return abs(field[row, column, 0] - field[beside, along, 0]) + abs(field[row, column, 1] - field[beside, along, 1]) > APART


@compiled
def show_fine_map(maps, box, photos, scratch, out):
    """Draws a map of two by two samples a pixel, as `show_map` does. Four samples that agree are one sharp look at the photo; others, at
    the edges of lips and lids, are averaged."""
    field = maps[0]
    height, width = field.shape[0] // 2, field.shape[1] // 2
    left, top = box
    for row in range(height):
        for column in range(width):
            if _agree(field, row, column, scratch[1]):
                _look(photos, (left + column, top + row), scratch)
            else:
                _mix(maps, (row, column), photos, scratch)
            _put(scratch[0], out, top + row, left + column)


@inlined
def _look(photos, pixel, scratch):
    """Turns what a pixel shows (place, light and lid in scratch[1]) into its colour in scratch[0]."""
    u, v, light, lid = scratch[1, 0], scratch[1, 1], scratch[1, 2], scratch[1, 3]
    _shade(photos, pixel, (u, v), (light, lid), scratch)
    if _own(u, v, pixel[0], pixel[1]) and light > ONE - EVEN and lid < EVEN:
        _copy(photos[0], pixel[1], pixel[0], scratch[0])


@inlined
def _own(u, v, column, row):
    """Whether (u, v) is the middle of the pixel."""
    return abs(u - np.float32(column) - HALF) < SAME and abs(v - np.float32(row) - HALF) < SAME


@inlined
def _copy(photo, row, column, scratch):
    for k in range(3):
        scratch[k] = photo[row, column, k]


@inlined
def _agree(field, row, column, mean):
    """Whether the four samples of a pixel show one place of the photo, whose `mean` look is then set."""
    low_u = low_v = np.float32(1e9)
    high_u = high_v = np.float32(-1e9)
    for k in range(4):
        mean[k] = ZERO
    for sample in range(4):
        at, across = 2 * row + sample // 2, 2 * column + sample % 2
        u, v = field[at, across, 0], field[at, across, 1]
        low_u, high_u, low_v, high_v = min(low_u, u), max(high_u, u), min(low_v, v), max(high_v, v)
        for k in range(4):
            mean[k] += QUARTER * field[at, across, k]
    return low_u > BELOW and high_u - low_u < APART and high_v - low_v < APART


@inlined
def _mix(maps, pixel, photos, scratch):
    row, column = pixel
    field, inside = maps
    for k in range(4):
        scratch[0, k] = ZERO
    for sample in range(4):
        at, across = 2 * row + sample // 2, 2 * column + sample % 2
        u, v, light, lid = field[at, across, 0], field[at, across, 1], field[at, across, 2], field[at, across, 3]
        if u > BELOW:
            _near(photos[0], u, v, (QUARTER * (ONE - lid), light), scratch[0])
            _near(photos[1], u, v, (QUARTER * lid, light), scratch[0])
        else:
            for k in range(3):
                scratch[0, k] += QUARTER * inside[at, across, k]

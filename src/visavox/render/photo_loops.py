"""The compiled loops of a speaking photo: a map of which pixel of the photo each sample shows, and the picture that it makes.

A map (H, W, 4) holds per sample the photo's x and y, how lit it is, and how much of the lid's colour covers it. Where x is `INSIDE` the
sample shows the inside of the mouth, whose colour stands in a second picture.
"""

from math import ceil, floor

import numpy as np

from visavox.render.compiled import compiled, inlined

ZERO, HALF, ONE, TWO = np.float32(0), np.float32(0.5), np.float32(1), np.float32(2)
INSIDE = np.float32(-1e6)
BELOW = np.float32(-1e5)
SOLID = np.float32(0.999)
OUTSIDE = np.float32(-1e-5)  # a share of a corner below it: the sample is beside the triangle
QUARTER = np.float32(0.25)
SAME = np.float32(2e-3)  # pixels: a sample that shows its own place
EVEN = np.float32(1e-3)  # light and lid that change no byte
APART = np.float32(3)  # pixels: samples of one pixel that are farther apart show different things


@compiled
def clear_map(field, depth, left, top, step):
    """Lets every sample of the map `field` show its own place, and nothing cover it; `step` is a sample in pixels."""
    height, width = depth.shape
    for row in range(height):
        y = top + (np.float32(row) + HALF) * step
        for column in range(width):
            field[row, column, 0] = left + (np.float32(column) + HALF) * step
            field[row, column, 1] = y
            field[row, column, 2] = ONE
            field[row, column, 3] = ZERO
            depth[row, column] = np.inf


@inlined
def _corners(screen, triangles, triangle):
    a, b, c = triangles[triangle, 0], triangles[triangle, 1], triangles[triangle, 2]
    return (a, b, c), (screen[a, 0], screen[a, 1], screen[b, 0], screen[b, 1], screen[c, 0], screen[c, 1])


@inlined
def _area(corners):
    """Twice the area of a triangle; negative when its front faces the viewer, since y points down."""
    ax, ay, bx, by, cx, cy = corners
    return (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)


@inlined
def _extent(corners, height, width):
    """The first and last column, and the first and last row, of the samples that a triangle may cover."""
    ax, ay, bx, by, cx, cy = corners
    left, right = max(ceil(min(ax, bx, cx) - HALF), 0), min(floor(max(ax, bx, cx) - HALF), width - 1)
    top, bottom = max(ceil(min(ay, by, cy) - HALF), 0), min(floor(max(ay, by, cy) - HALF), height - 1)
    return left, right, top, bottom


@inlined
def _shares(corners, inverse, column, row):
    """What the three corners of a triangle count at a sample; a share is negative outside."""
    ax, ay, bx, by, cx, cy = corners
    x, y = np.float32(column) + HALF, np.float32(row) + HALF
    u = ((bx - x) * (cy - y) - (cx - x) * (by - y)) * inverse
    v = ((cx - x) * (ay - y) - (ax - x) * (cy - y)) * inverse
    return u, v, ONE - u - v


@compiled
def map_triangles(screen, triangles, look, depth, field):
    """Draws triangles (n, 3) whose front faces the viewer into the map, where nearer than what is there.

    `screen` (V, 3) is x, y in samples and depth in metres; `look` (V, 5) is x, y, light, lid, and how opaque they are: what is not
    solid mixes the coordinates, not the colours, with those that are there.
    """
    height, width = depth.shape
    for triangle in range(triangles.shape[0]):
        numbers, corners = _corners(screen, triangles, triangle)
        area = _area(corners)
        left, right, top, bottom = _extent(corners, height, width)
        if area >= ZERO or right < left or bottom < top:
            continue
        for row in range(top, bottom + 1):
            _map_row(screen, look, (numbers, corners, ONE / area), (row, left, right), (depth, field))


@inlined
def _map_row(screen, look, triangle, span, into):
    (a, b, c), corners, inverse = triangle
    row, left, right = span
    depth, field = into
    for column in range(left, right + 1):
        u, v, w = _shares(corners, inverse, column, row)
        away = u * screen[a, 2] + v * screen[b, 2] + w * screen[c, 2]
        if min(min(u, v), w) >= OUTSIDE and away < depth[row, column]:
            depth[row, column] = away
            alpha = u * look[a, 4] + v * look[b, 4] + w * look[c, 4]
            if alpha > SOLID:
                alpha = ONE
            for k in range(4):
                value = u * look[a, k] + v * look[b, k] + w * look[c, k]
                field[row, column, k] += alpha * (value - field[row, column, k])


@compiled
def map_patch(screen, triangles, look, stencil, field):
    """Draws a patch into the map where the `stencil` is set, over what is there; see `map_triangles`."""
    height, width = stencil.shape
    for triangle in range(triangles.shape[0]):
        numbers, corners = _corners(screen, triangles, triangle)
        area = _area(corners)
        left, right, top, bottom = _extent(corners, height, width)
        if area >= ZERO:
            continue
        for row in range(top, bottom + 1):
            _patch_row(look, (numbers, corners, ONE / area), (row, left, right), stencil, field)


@inlined
def _patch_row(look, triangle, span, stencil, field):
    (a, b, c), corners, inverse = triangle
    row, left, right = span
    for column in range(left, right + 1):
        u, v, w = _shares(corners, inverse, column, row)
        if min(min(u, v), w) >= OUTSIDE and stencil[row, column]:
            for k in range(3):
                field[row, column, k] = u * look[a, k] + v * look[b, k] + w * look[c, k]
            field[row, column, 3] = ZERO


@compiled
def colour_triangles(screen, triangles, colour, limits, into):
    """Draws triangles of `colour` (n, 3) `into` a map and a picture (H, W, 3) of what it marks as `INSIDE`; `limits` are the stencil (H, W)
    and the depth (H, W)."""
    height, width = limits[1].shape
    for triangle in range(triangles.shape[0]):
        numbers, corners = _corners(screen, triangles, triangle)
        area = _area(corners)
        left, right, top, bottom = _extent(corners, height, width)
        if area >= ZERO:
            continue
        for row in range(top, bottom + 1):
            _colour_row(screen, colour, (numbers, corners, ONE / area), (row, left, right), (limits, into))


@inlined
def _colour_row(screen, colour, triangle, span, maps):
    (a, b, c), corners, inverse = triangle
    row, left, right = span
    (stencil, depth), (field, inside) = maps
    for column in range(left, right + 1):
        u, v, w = _shares(corners, inverse, column, row)
        away = u * screen[a, 2] + v * screen[b, 2] + w * screen[c, 2]
        if min(min(u, v), w) >= OUTSIDE and stencil[row, column] and away < depth[row, column]:
            depth[row, column] = away
            field[row, column, 0] = INSIDE
            for k in range(3):
                inside[row, column, k] = u * colour[a, k] + v * colour[b, k] + w * colour[c, k]


@compiled
def fill_polygon(polygon, stencil):
    """Sets the samples of `stencil` (H, W) whose middle lies inside the `polygon` (n, 2) to 1, the others to 0."""
    height, width = stencil.shape
    count = polygon.shape[0]
    for row in range(height):
        y = np.float32(row) + HALF
        for column in range(width):
            stencil[row, column] = 0
        for edge in range(count):
            after = edge + 1 if edge + 1 < count else 0
            first, second = polygon[edge, 1], polygon[after, 1]
            if (first > y) == (second > y):
                continue
            crossing = polygon[edge, 0] + (y - first) / (second - first) * (polygon[after, 0] - polygon[edge, 0])
            for column in range(min(max(ceil(crossing - HALF), 0), width), width):
                stencil[row, column] ^= 1


@inlined
def _near(photo, x, y, weight, out):
    """Adds the photo at (x, y), between its pixels, times `weight` to `out`."""
    height, width = photo.shape[0], photo.shape[1]
    x = min(max(x - HALF, ZERO), np.float32(width) - np.float32(1.01))
    y = min(max(y - HALF, ZERO), np.float32(height) - np.float32(1.01))
    i, j = int(x), int(y)
    f, g = x - np.float32(i), y - np.float32(j)
    for k in range(4):
        above = photo[j, i, k] * (ONE - f) + photo[j, i + 1, k] * f
        below = photo[j + 1, i, k] * (ONE - f) + photo[j + 1, i + 1, k] * f
        out[k] += weight * (above + (below - above) * g)


@inlined
def _sharp(photo, x, y, out):
    """Sets `out` to the photo at (x, y). Source: Catmull and Rom 1974."""
    height, width = photo.shape[0], photo.shape[1]
    x = min(max(x - HALF, ONE), np.float32(width) - np.float32(3.01))
    y = min(max(y - HALF, ONE), np.float32(height) - np.float32(3.01))
    i, j = int(x), int(y)
    f, g = x - np.float32(i), y - np.float32(j)
    across, down = _cubic(f), _cubic(g)
    for k in range(4):
        out[k] = ZERO
    for row in range(4):
        line = j + row - 1
        for k in range(4):
            out[k] += down[row] * (
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
        scratch[0, k] *= light


@inlined
def _put(colour, out, row, column):
    for k in range(3):
        out[row, column, k] = np.uint8(min(max(colour[k] + HALF, ZERO), np.float32(255)))


@compiled
def show_map(field, box, photos, scratch, out):
    """Draws a map of one sample a pixel, whose corner lies at `box`, from the photo and the painted one (H, W, 4) float32 into `out`
    (H, W, 3) bytes, which already holds the photo."""
    height, width = field.shape[0], field.shape[1]
    left, top = box
    for row in range(height):
        for column in range(width):
            u, v = field[row, column, 0], field[row, column, 1]
            light, lid = field[row, column, 2], field[row, column, 3]
            if _own(u, v, left + column, top + row) and light > ONE - EVEN and lid < EVEN:
                continue
            _shade(photos, (left + column, top + row), (u, v), (light, lid), scratch)
            _put(scratch[0], out, top + row, left + column)


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
            _near(photos[0], u, v, QUARTER * light * (ONE - lid), scratch[0])
            _near(photos[1], u, v, QUARTER * light * lid, scratch[0])
        else:
            for k in range(3):
                scratch[0, k] += QUARTER * inside[at, across, k]

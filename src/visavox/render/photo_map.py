"""The compiled loops of a speaking photo that draw a map: which pixel of the photo each sample shows.

A map (H, W, 4) holds per sample the photo's x and y, how lit it is, and how much of the lid's colour covers it. Where x is `INSIDE` the
sample shows the inside of the mouth, whose colour stands in a second picture.
"""

from math import ceil, floor

import numpy as np

from visavox.render.compiled import compiled, inlined

ZERO, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)
INSIDE = np.float32(-1e6)
SOLID = np.float32(0.999)
OUTSIDE = np.float32(-1e-5)  # a share of a corner below it: the sample is beside the triangle
TINY = np.float32(1e-6)  # a share that changes less from sample to sample bounds no row


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


@inlined
def _span(corners, inverse, row, columns):
    """The first and the last of the `columns` (first, last) of a row that a triangle may cover, no more than one too many at each end."""
    ax, ay, bx, by, cx, cy = corners
    left, right = columns
    u, v, w = _shares(corners, inverse, left, row)
    first, last = ZERO, np.float32(right - left)
    for share, step in ((u, (by - cy) * inverse), (v, (cy - ay) * inverse), (w, (ay - by) * inverse)):
        if step > TINY:
            first = max(first, (OUTSIDE - share) / step - ONE)
        elif step < -TINY:
            last = min(last, (OUTSIDE - share) / step + ONE)
    return left + int(first), left + int(max(last, -ONE))


@compiled
def map_sheet(screen, triangles, places, depth, field):
    """Draws solid triangles as `map_triangles` does, with `places` (V, 2) of the photo alone, into a map that was cleared: light and lid
    stay as they are. The shares are asked at the ends of a row only, between which all is inside and changes evenly."""
    height, width = depth.shape
    for triangle in range(triangles.shape[0]):
        numbers, corners = _corners(screen, triangles, triangle)
        area = _area(corners)
        left, right, top, bottom = _extent(corners, height, width)
        if area >= ZERO or right < left or bottom < top:
            continue
        values = _of(screen, numbers, 2), _of(places, numbers, 0), _of(places, numbers, 1)
        steps = _steps(corners, ONE / area, values)
        for row in range(top, bottom + 1):
            first, last = _span(corners, ONE / area, row, (left, right))
            while first <= last and _outside(corners, ONE / area, first, row):
                first += 1
            while first <= last and _outside(corners, ONE / area, last, row):
                last -= 1
            if first <= last:
                shares = _shares(corners, ONE / area, first, row)
                starts = _mixed(shares, values[0]), _mixed(shares, values[1]), _mixed(shares, values[2])
                _even_row((starts, steps), (row, first, last), depth, field)


@inlined
def _outside(corners, inverse, column, row):
    u, v, w = _shares(corners, inverse, column, row)
    return min(min(u, v), w) < OUTSIDE


@inlined
def _steps(corners, inverse, values):
    """By how much each of three values changes from one sample to the next."""
    ax, ay, bx, by, cx, cy = corners
    slopes = (by - cy) * inverse, (cy - ay) * inverse, (ay - by) * inverse
    return _mixed(slopes, values[0]), _mixed(slopes, values[1]), _mixed(slopes, values[2])


@inlined
def _even_row(line, span, depth, field):
    (away, x, y), (away_step, x_step, y_step) = line
    row, first, last = span
    for column in range(first, last + 1):
        along = np.float32(column - first)
        if away + along * away_step < depth[row, column]:
            depth[row, column] = away + along * away_step
            field[row, column, 0] = x + along * x_step
            field[row, column, 1] = y + along * y_step


@compiled
def map_triangles(screen, triangles, look, depth, field):
    """Draws triangles (n, 3) whose front faces the viewer into the map, where nearer than what is there.

    `screen` (V, 3) is x, y in samples and depth in metres; `look` (V, 5) is x, y, light, lid, and how opaque they are. What is not
    solid mixes the coordinates, not the colours, with those that are there.
    """
    height, width = depth.shape
    for triangle in range(triangles.shape[0]):
        numbers, corners = _corners(screen, triangles, triangle)
        area = _area(corners)
        left, right, top, bottom = _extent(corners, height, width)
        if area >= ZERO or right < left or bottom < top:
            continue
        values = (
            _of(screen, numbers, 2), _of(look, numbers, 0), _of(look, numbers, 1), _of(look, numbers, 2), _of(look, numbers, 3),
            _of(look, numbers, 4),
        )  # fmt: skip
        for row in range(top, bottom + 1):
            first, last = _span(corners, ONE / area, row, (left, right))
            _map_row(((corners, ONE / area), values), (row, first, last), (depth, field))


@inlined
def _map_row(triangle, span, into):
    (corners, inverse), (aways, us, vs, lights, lids, alphas) = triangle
    row, left, right = span
    depth, field = into
    for column in range(left, right + 1):
        shares = _shares(corners, inverse, column, row)
        away = _mixed(shares, aways)
        if min(min(shares[0], shares[1]), shares[2]) >= OUTSIDE and away < depth[row, column]:
            depth[row, column] = away
            alpha = _mixed(shares, alphas)
            if alpha > SOLID:
                alpha = ONE
            _add(field, row, column, alpha, (_mixed(shares, us), _mixed(shares, vs), _mixed(shares, lights), _mixed(shares, lids)))


@inlined
def _mixed(shares, values):
    return shares[0] * values[0] + shares[1] * values[1] + shares[2] * values[2]


@inlined
def _add(field, row, column, alpha, values):
    for k in range(4):
        field[row, column, k] += alpha * (values[k] - field[row, column, k])


@inlined
def _of(array, numbers, k):
    """Column `k` of `array` at the three `numbers`, once for a whole triangle."""
    return array[numbers[0], k], array[numbers[1], k], array[numbers[2], k]


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
            first, last = _span(corners, ONE / area, row, (left, right))
            _colour_row(screen, colour, (numbers, corners, ONE / area), (row, first, last), (limits, into))


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

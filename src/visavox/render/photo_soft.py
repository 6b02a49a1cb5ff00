"""The compiled loops that give what is drawn the softness of its photo: the inside of a mouth, and edges of what covers something."""

import numpy as np

from visavox.render.compiled import compiled, inlined
from visavox.render.photo_loops import APART, BESIDE, UNDER
from visavox.render.photo_map import INSIDE

ZERO, QUARTER, HALF, ONE, TWO = np.float32(0), np.float32(0.25), np.float32(0.5), np.float32(1), np.float32(2)
FAR = np.float32(1e9)
REACHES = 2.5  # times its width that a bell is added up
EDGE, NEAR = 8, 16  # marks of a pixel beside an edge, and of one that such a pixel's bell reaches


def bell(softness: float) -> np.ndarray:
    """The weights (n,) float32 of a pixel and of those beside it on one side, n >= 2, of a bell curve `softness` pixels wide."""
    steps = np.arange(max(int(np.ceil(REACHES * softness)), 1) + 1)
    weights = np.exp(-0.5 * (steps / softness) ** 2)
    return np.float32(weights / (2 * weights.sum() - weights[0]))


@compiled
def soften_inside(field, box, weights, rows, out):
    """Blurs what of `out` (H, W, 3) bytes shows the inside of the mouth, and the less of what is beside it the farther it is away. The map
    `field` (2h, 2w, 4) of two by two samples a pixel has its corner at `box`; `weights` as of `bell`; `rows` (2, h, w, 4) is scratch."""
    height, width = field.shape[0] // 2, field.shape[1] // 2
    left, top = box
    for row in range(height):
        for column in range(width):
            for k in range(3):
                rows[0, row, column, k] = np.float32(out[top + row, left + column, k])
            rows[0, row, column, 3] = _inside(field, 2 * row, 2 * column)
    for row in range(height):
        for column in range(width):
            _along(rows, weights, row, column)
    for row in range(height):
        for column in range(width):
            share = _down(rows, weights, row, column, 3)
            if share > ZERO:
                _blend(rows, weights, (row, column), min(TWO * share, ONE), (out, top + row, left + column))


@inlined
def _inside(field, row, column):
    """How much of a pixel, whose first sample is at `row` and `column`, shows the inside; half where skin covers other skin."""
    count, low_u, high_u = ZERO, FAR, -FAR
    low_v, high_v = low_u, high_u
    for sample in range(4):
        u, v = field[row + sample // 2, column + sample % 2, 0], field[row + sample // 2, column + sample % 2, 1]
        if u == INSIDE:
            count += QUARTER
        low_u, high_u, low_v, high_v = min(low_u, u), max(high_u, u), min(low_v, v), max(high_v, v)
    folds = count == ZERO and max(high_u - low_u, high_v - low_v) > APART
    return HALF if folds else count


@inlined
def _along(rows, weights, row, column):
    last = rows.shape[2] - 1
    for k in range(4):
        rows[1, row, column, k] = weights[0] * rows[0, row, column, k]
    for step in range(1, weights.shape[0]):
        before, after = max(column - step, 0), min(column + step, last)
        for k in range(4):
            rows[1, row, column, k] += weights[step] * (rows[0, row, before, k] + rows[0, row, after, k])


@inlined
def _down(rows, weights, row, column, k):
    last = rows.shape[1] - 1
    total = weights[0] * rows[1, row, column, k]
    for step in range(1, weights.shape[0]):
        total += weights[step] * (rows[1, max(row - step, 0), column, k] + rows[1, min(row + step, last), column, k])
    return total


@inlined
def _blend(rows, weights, pixel, share, into):
    row, column = pixel
    out, y, x = into
    for k in range(3):
        own = rows[0, row, column, k]
        out[y, x, k] = np.uint8(own + share * (_down(rows, weights, row, column, k) - own) + HALF)


@compiled
def soften_edges(marks, weights, before, out):
    """Blurs of `out` (H, W, 3) bytes, which `before` is a copy of, what lies beside an edge, and the rest the less the farther away it is.

    An edge is where by `marks` (H, W), as `show_map` leaves them, pixels show different things. `weights` as of `bell`.
    """
    height, width = marks.shape
    for row in range(height):
        for column in range(width):
            if marks[row, column] & (BESIDE | UNDER):
                _edges(marks, weights, row, column)
    for row in range(height):
        for column in range(width):
            if marks[row, column] & NEAR:
                _soften(marks, weights, before, (out, row, column))


@inlined
def _edges(marks, weights, row, column):
    mark = marks[row, column]
    _edge(marks, weights, row, column)
    if mark & BESIDE and column + 1 < marks.shape[1]:
        _edge(marks, weights, row, column + 1)
    if mark & UNDER and row + 1 < marks.shape[0]:
        _edge(marks, weights, row + 1, column)


@inlined
def _edge(marks, weights, row, column):
    reach = weights.shape[0] - 1
    if marks[row, column] & EDGE:
        return
    marks[row, column] |= EDGE
    for y in range(max(row - reach, 0), min(row + reach + 1, marks.shape[0])):
        for x in range(max(column - reach, 0), min(column + reach + 1, marks.shape[1])):
            marks[y, x] |= NEAR


@inlined
def _soften(marks, weights, before, into):
    out, row, column = into
    red, green, blue, edge, reach = ZERO, ZERO, ZERO, ZERO, weights.shape[0] - 1
    for down in range(-reach, reach + 1):
        y = min(max(row + down, 0), marks.shape[0] - 1)
        for aside in range(-reach, reach + 1):
            x = min(max(column + aside, 0), marks.shape[1] - 1)
            weight = weights[abs(down)] * weights[abs(aside)]
            edge += weight if marks[y, x] & EDGE else ZERO
            red += weight * np.float32(before[y, x, 0])
            green += weight * np.float32(before[y, x, 1])
            blue += weight * np.float32(before[y, x, 2])
    share = min(TWO * edge, ONE)
    out[row, column, 0] = _between(before[row, column, 0], red, share)
    out[row, column, 1] = _between(before[row, column, 1], green, share)
    out[row, column, 2] = _between(before[row, column, 2], blue, share)


@inlined
def _between(own, soft, share):
    return np.uint8(np.float32(own) + share * (soft - np.float32(own)) + HALF)

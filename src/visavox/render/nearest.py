"""`nearest`: which of many points lies nearest to each of others, found without the quarter of a second that loading SciPy takes."""

import numpy as np

from visavox.render.compiled import compiled, inlined


def nearest(points: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distance (m,) from each of `places` (m, 3) to the nearest of `points` (n, 3), and its number (m,): of several the first.

    Infinity where there are no points.
    """
    order = np.argsort(points[:, 1], kind="stable")
    ordered, asked = np.ascontiguousarray(points[order], np.float64), np.ascontiguousarray(places, np.float64)
    squares, found = np.full(len(asked), np.inf), np.zeros(len(asked), np.int64)
    find_nearest(ordered, order, asked, np.searchsorted(ordered[:, 1], asked[:, 1]), squares, found)
    return np.sqrt(squares), found


@compiled
def find_nearest(points, numbers, places, starts, squares, found):
    """Fills `squares` (m,), infinity before, and `found` (m,) for `places` (m, 3): the squared distance and number of the nearest point.

    `points` (n, 3) rise in y and have `numbers` (n,); `starts` (m,) say where each place would stand among them. From there points are
    tried up and down until their height alone is farther than what was found.
    """
    for place in range(places.shape[0]):
        _search(points, numbers, (places, place), (starts[place] - 1, -1), (squares, found))
        _search(points, numbers, (places, place), (starts[place], 1), (squares, found))


@inlined
def _search(points, numbers, asked, walk, best):
    places, place = asked
    at, way = walk
    squares, found = best
    while 0 <= at < points.shape[0]:
        x, y, z = points[at, 0] - places[place, 0], points[at, 1] - places[place, 1], points[at, 2] - places[place, 2]
        if y * y > squares[place]:
            break
        square = x * x + y * y + z * z
        if square < squares[place] or (square == squares[place] and numbers[at] < found[place]):
            squares[place], found[place] = square, numbers[at]
        at += way

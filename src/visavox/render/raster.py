"""What covers each sample of the picture: triangles of the mesh and strands of hair against one depth buffer."""

from math import ceil, floor
from typing import NamedTuple

import numpy as np

from visavox.render.camera import Screen
from visavox.render.compiled import compiled, inlined

SAMPLES = 2  # a side of a pixel: four samples a pixel
NOTHING = -1
ZERO, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)  # a plain number would widen the arithmetic to 64 bits
SHORTEST = np.float32(1e-6)  # squared samples: a shorter piece of hair is not drawn
LEVEL = np.float32(0.01)  # samples between its ends below which a piece of hair lies along a row
LANES = 8  # samples that a processor works on at once
BLOCK = 8  # samples a side within which the farthest one is known
SLACK = np.float32(1e-5)  # metres by which walking a triangle may round its depth
NEAREST = np.float32(0.02)  # metres: what is closer to the viewer is not drawn


class Cover(NamedTuple):
    """What each sample (H, W) shows: `depth` in metres (infinity where nothing is) and `item`, or NOTHING.

    An item below the number of triangles F is a triangle; F + i is the piece of hair that begins at point i.
    """

    depth: np.ndarray
    item: np.ndarray

    @staticmethod
    def empty(size: int) -> "Cover":
        """A cover of `size` by `size` samples where nothing is."""
        return Cover(np.full((size, size), np.inf, np.float32), np.full((size, size), NOTHING, np.int32))


@compiled
def cover_triangles(screen: Screen, faces, cover: Cover, item_offset):
    """Draws the triangles `faces` (F, 3) whose front faces the viewer into `cover`, where nearer than what is there.

    A sample belongs to a triangle when its centre does, borders included; on equal depth the first triangle wins.
    """
    for face in range(faces.shape[0]):
        _cover_triangle(screen, (faces[face, 0], faces[face, 1], faces[face, 2]), cover, face + item_offset)


@compiled
def cover_mesh(screen: Screen, faces, likely, cover: Cover, farthest):
    """Draws `faces` (F, 3) into an empty `cover` as `cover_triangles` does; the first `likely` of them should hide most of the others.

    Of those others, what lies behind all that it touches is left out. `farthest` (H / BLOCK, W / BLOCK), rounded up, is overwritten
    with the farthest sample of each block under the first. One loop draws all, so that `likely` changes the cost and no sample.
    """
    x, y = screen.x, screen.y
    for face in range(faces.shape[0]):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        if face == likely:
            _find_farthest(cover.depth, farthest)
        if face >= likely:
            front = (x[b] - x[a]) * (y[c] - y[a]) - (x[c] - x[a]) * (y[b] - y[a]) < ZERO
            if not front or _hidden(screen, (a, b, c), farthest):
                continue
        _cover_triangle(screen, (a, b, c), cover, face)


@inlined
def _find_farthest(depth, farthest):
    for top in range(farthest.shape[0]):
        for left in range(farthest.shape[1]):
            farthest[top, left] = _farthest_of(depth, top * BLOCK, left * BLOCK)


@inlined
def _farthest_of(depth, top, left):
    if top + BLOCK > depth.shape[0] or left + BLOCK > depth.shape[1]:
        return np.float32(np.inf)  # a block cut by the border hides nothing
    most = ZERO
    for row in range(np.uint64(top), np.uint64(top + BLOCK)):
        for column in range(BLOCK):
            most = max(most, depth[row, np.uint64(left + column)])
    return most


@inlined
def _hidden(screen, corners, farthest):
    """Whether a triangle lies behind all samples of the blocks that it touches."""
    a, b, c = corners
    height, width = farthest.shape
    x, y, depth = screen
    nearest = min(depth[a], depth[b], depth[c]) - SLACK
    left, right = max(int(min(x[a], x[b], x[c])) // BLOCK, 0), min(int(max(x[a], x[b], x[c])) // BLOCK, width - 1)
    top, bottom = max(int(min(y[a], y[b], y[c])) // BLOCK, 0), min(int(max(y[a], y[b], y[c])) // BLOCK, height - 1)
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if nearest <= farthest[row, column]:
                return False
    return True


@inlined
def _cover_triangle(screen, corners, cover, item):
    height, width = cover.depth.shape
    x, y, depth = screen
    a, b, c = corners
    ax, ay, bx, by, cx, cy = x[a], y[a], x[b], y[b], x[c], y[c]
    area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
    if area >= ZERO or min(depth[a], depth[b], depth[c]) < NEAREST:  # y points down: a front turns the other way
        return
    left, right = max(ceil(min(ax, bx, cx) - HALF), 0), min(floor(max(ax, bx, cx) - HALF), width - 1)
    top, bottom = max(ceil(min(ay, by, cy) - HALF), 0), min(floor(max(ay, by, cy) - HALF), height - 1)
    if right < left or bottom < top:
        return
    inverse = ONE / area
    u_x, u_y, v_x, v_y = (by - cy) * inverse, (cx - bx) * inverse, (cy - ay) * inverse, (ax - cx) * inverse
    px, py = np.float32(left) + HALF, np.float32(top) + HALF
    u_row = ONE + (px - ax) * u_x + (py - ay) * u_y
    v_row = ONE + (px - bx) * v_x + (py - by) * v_y
    far = depth[c]
    u_depth, v_depth = depth[a] - far, depth[b] - far
    depth_x = u_x * u_depth + v_x * v_depth
    for row in range(top, bottom + 1):
        start = far + u_row * u_depth + v_row * v_depth
        _cover_row(cover, row, (left, right), item, (u_row, u_x, v_row, v_x, start, depth_x))
        u_row += u_y
        v_row += v_y


@inlined
def _cover_row(cover, row, ends, item, walk):
    u, u_x, v, v_x, depth, depth_x = walk
    line, items = np.uint64(row), np.int32(item)
    before, left, count = _vectors(ends, cover.depth.shape[1])
    for step in range(count):
        walked = np.float32(step - before)
        at_u, at_v, at_depth = u + walked * u_x, v + walked * v_x, depth + walked * depth_x
        column = left + np.uint64(step)
        here, shown = cover.depth[line, column], cover.item[line, column]
        wins = (min(min(at_u, at_v), ONE - at_u - at_v) >= ZERO) & (at_depth < here)
        cover.depth[line, column] = at_depth if wins else here
        cover.item[line, column] = items if wins else shown


@inlined
def _vectors(ends, width):
    """The steps before the first end, the column that they begin at and the number of steps that walk a row in whole vectors.

    What is covered in a row is shorter than a vector for most triangles: a loop over just that would seldom fill one.
    """
    wanted = (ends[1] - ends[0]) // LANES * LANES + LANES
    start = max(min(ends[0], width - wanted), 0)
    return np.int32(ends[0] - start), np.uint64(start), np.int32(min(wanted, width - start))


@compiled
def cover_strands(screen: Screen, half_width, visible, cover: Cover, item_offset):
    """Draws hair into `cover`: `screen` holds S strands of K points each, flattened, `half_width` (S, K) is in samples.

    Only pieces whose first point is `visible` (S, K) are drawn. Item: item_offset + the number of the piece's first point.
    """
    strands, points = half_width.shape
    for strand in range(strands):
        for point in range(points - 1):
            if not visible[strand, point]:
                continue
            first = strand * points + point
            widths = (half_width[strand, point], half_width[strand, point + 1])
            _cover_piece(screen, first, widths, cover, item_offset + first)


@inlined
def _cover_piece(screen, first, widths, cover, item):
    height, width = cover.depth.shape
    ax, ay, az = screen.x[first], screen.y[first], screen.depth[first]
    dx, dy, dz = screen.x[first + 1] - ax, screen.y[first + 1] - ay, screen.depth[first + 1] - az
    square = dx * dx + dy * dy
    wide = max(widths[0], widths[1])
    left, right = max(ceil(min(ax, ax + dx) - wide - HALF), 0), min(floor(max(ax, ax + dx) + wide - HALF), width - 1)
    top, bottom = max(ceil(min(ay, ay + dy) - wide - HALF), 0), min(floor(max(ay, ay + dy) + wide - HALF), height - 1)
    if square < SHORTEST or az < NEAREST or right < left or bottom < top:
        return
    inverse, across = ONE / square, ONE / np.sqrt(square)
    thin, grow, items = widths[0], widths[1] - widths[0], np.int32(item)
    # where a row crosses the piece: no farther from its line than it is wide
    steep = abs(dy) > LEVEL
    slope, reach = (dx / dy, wide / (abs(dy) * across) + ONE) if steep else (ZERO, np.float32(width))
    for row in range(np.uint64(top), np.uint64(bottom + 1)):
        px, py = np.float32(left) + HALF - ax, np.float32(row) + HALF - ay
        along, away = (px * dx + py * dy) * inverse, (px * dy - py * dx) * across
        middle = ax + py * slope - HALF
        first, last = max(left, int(middle - reach)), min(right, int(middle + reach) + 1)
        if last < first:
            continue
        offset, start, count = _vectors((first, last), width)
        begin = np.int32(first - left) - offset
        for step in range(count):
            walked, column = np.float32(np.int32(step) + begin), start + np.uint64(step)
            at, aside = along + walked * dx * inverse, away + walked * dy * across
            here, shown = cover.depth[row, column], cover.item[row, column]
            wins = (min(min(at, ONE - at), thin + at * grow - abs(aside)) >= ZERO) & (az + at * dz < here)
            cover.depth[row, column] = az + at * dz if wins else here
            cover.item[row, column] = items if wins else shown


@compiled
def mark_shown(cover: Cover, faces, items, positions, points):
    """Marks what `cover` shows: `positions` (V,) of the triangles `faces` (F, 3), and `points` (N,) of the hair; all else is unmarked.

    Light is needed nowhere else. A piece of hair has its first point and the next one. `items` (1 + F + N,) is overwritten.
    """
    items[:], positions[:], points[:] = False, False, False
    for row in range(np.uint64(cover.item.shape[0])):
        for column in range(np.uint64(cover.item.shape[1])):
            items[np.uint64(cover.item[row, column] - NOTHING)] = True
    for face in range(faces.shape[0]):
        if items[face - NOTHING]:
            positions[faces[face, 0]] = positions[faces[face, 1]] = positions[faces[face, 2]] = True
    for point in range(points.shape[0] - 1):
        if items[point + faces.shape[0] - NOTHING]:
            points[point] = points[point + 1] = True


@compiled
def cover_lashes(screen: Screen, faces, uv, strength, cover: Cover, shade):
    """Darkens `shade` (H, W) in [0, 1] where lashes lie: `uv` (F, 3, 2) runs from root 0 to tip 1, and along the lid;
    `strength` (F,) is how dark they are.

    Both sides are drawn, up to LASH_REACH behind what `cover` holds, since roots lie inside the lid.
    """
    height, width = shade.shape
    x, y, depth = screen
    for face in range(faces.shape[0]):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        area = (x[b] - x[a]) * (y[c] - y[a]) - (x[c] - x[a]) * (y[b] - y[a])
        if abs(area) < 1e-3:
            continue
        left, right = max(int(min(x[a], x[b], x[c])), 0), min(int(max(x[a], x[b], x[c])) + 1, width - 1)
        top, bottom = max(int(min(y[a], y[b], y[c])), 0), min(int(max(y[a], y[b], y[c])) + 1, height - 1)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                _lash_sample(screen, (a, b, c, face), (uv, strength), (row, column), cover, shade)


LASH_REACH = np.float32(0.001)  # metres


@inlined
def _lash_sample(screen, corners, look, sample, cover, shade):
    a, b, c, face = corners
    uv, strength = look
    row, column = sample
    px, py = np.float32(column) + HALF, np.float32(row) + HALF
    x, y, depth = screen.x, screen.y, screen.depth
    inverse = ONE / ((x[b] - x[a]) * (y[c] - y[a]) - (x[c] - x[a]) * (y[b] - y[a]))
    u = ((x[b] - px) * (y[c] - py) - (x[c] - px) * (y[b] - py)) * inverse
    v = ((x[c] - px) * (y[a] - py) - (x[a] - px) * (y[c] - py)) * inverse
    w = ONE - u - v
    if min(min(u, v), w) < ZERO:
        return
    if u * depth[a] + v * depth[b] + w * depth[c] > cover.depth[row, column] + LASH_REACH:
        return
    tip = u * uv[face, 0, 0] + v * uv[face, 1, 0] + w * uv[face, 2, 0]
    along = u * uv[face, 0, 1] + v * uv[face, 1, 1] + w * uv[face, 2, 1]
    wave = HALF + HALF * np.sin(along * np.float32(236) + np.float32(1.6) * np.sin(along * np.float32(31)))
    hair = min(max((wave - np.float32(0.25) - np.float32(0.70) * tip) * np.float32(3), ZERO), ONE)  # it thins to its tip
    line = (ONE - tip) * (ONE - tip) * (ONE - tip) * (ONE - tip)
    dark = hair * (np.float32(0.95) - np.float32(0.45) * tip) * (ONE - line) + np.float32(0.85) * line
    shade[row, column] = max(shade[row, column], dark * strength[face])

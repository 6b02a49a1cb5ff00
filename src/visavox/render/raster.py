"""What covers each sample of the picture: triangles of the mesh and strands of hair against one depth buffer."""

from math import ceil, floor
from typing import NamedTuple

import numpy as np

from visavox.render.camera import Screen
from visavox.render.compiled import compiled, inlined

NOTHING = -1
ZERO, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)  # a plain number would widen the arithmetic to 64 bits
SHORTEST = np.float32(1e-6)  # squared samples: a shorter piece of hair is not drawn
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
    height, width = cover.depth.shape
    x, y, depth = screen
    for face in range(faces.shape[0]):
        a, b, c = faces[face, 0], faces[face, 1], faces[face, 2]
        ax, ay, bx, by, cx, cy = x[a], y[a], x[b], y[b], x[c], y[c]
        area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
        if area >= ZERO or min(depth[a], depth[b], depth[c]) < NEAREST:  # y points down: a front turns the other way
            continue
        left, right = max(ceil(min(ax, bx, cx) - HALF), 0), min(floor(max(ax, bx, cx) - HALF), width - 1)
        top, bottom = max(ceil(min(ay, by, cy) - HALF), 0), min(floor(max(ay, by, cy) - HALF), height - 1)
        if right < left or bottom < top:
            continue
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
            _cover_row(cover, row, (left, right), face + item_offset, (u_row, u_x, v_row, v_x, start, depth_x))
            u_row += u_y
            v_row += v_y


@inlined
def _cover_row(cover, row, ends, item, walk):
    u, u_x, v, v_x, depth, depth_x = walk
    line, items = np.uint64(row), np.int32(item)
    for column in range(np.uint64(ends[0]), np.uint64(ends[1] + 1)):
        if min(min(u, v), ONE - u - v) >= ZERO and depth < cover.depth[line, column]:
            cover.depth[line, column] = depth
            cover.item[line, column] = items
        u += u_x
        v += v_x
        depth += depth_x


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
    thin, grow = widths[0], widths[1] - widths[0]
    for row in range(np.uint64(top), np.uint64(bottom + 1)):
        px, py = np.float32(left) + HALF - ax, np.float32(row) + HALF - ay
        along, away = (px * dx + py * dy) * inverse, (px * dy - py * dx) * across
        for column in range(np.uint64(left), np.uint64(right + 1)):
            inside = min(min(along, ONE - along), thin + along * grow - abs(away)) >= ZERO
            if inside and az + along * dz < cover.depth[row, column]:
                cover.depth[row, column] = az + along * dz
                cover.item[row, column] = item
            along += dx * inverse
            away += dy * across


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
    wave = HALF + HALF * np.sin(along * np.float32(165) + np.float32(1.6) * np.sin(along * np.float32(31)))
    hair = min(max((wave - np.float32(0.25) - np.float32(0.70) * tip) * np.float32(3), ZERO), ONE)  # it thins to its tip
    line = (ONE - tip) * (ONE - tip) * (ONE - tip) * (ONE - tip)
    dark = hair * (np.float32(0.95) - np.float32(0.45) * tip) * (ONE - line) + np.float32(0.85) * line
    shade[row, column] = max(shade[row, column], dark * strength[face])

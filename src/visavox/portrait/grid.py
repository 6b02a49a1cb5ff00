"""The grid around the face: hair, ears, neck and background as one sheet that follows the head the less the farther away it is.

Its points lie on the photo at rest. Those on the fitted head move as it does there, the neck by the model's own neck. What the head does
not cover is the smoothest continuation (harmonic) between the head and a border where nothing moves.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from visavox.easing import smooth_step
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import CHIN, EYE_CORNERS, FOREHEAD
from visavox.portrait.planar import depth_inside, grid_triangles, laplacian, spread
from visavox.portrait.rest import Rest
from visavox.render.camera import Screen
from visavox.render.photo_camera import PhotoCamera
from visavox.render.raster import Cover, cover_triangles
from visavox.rigs.heads.default_head import Head

STEP = 26  # points across the face
AIR_ABOVE, AIR = 0.85, 0.75  # of the face's width around the oval that the grid covers
HAIR = 0.16  # of the face's height: hair that moves as one with the skull
BEYOND, BEYOND_HAIR = 0.50, 0.6  # of the face's width, and of the hair: where nothing moves any more
SKULL, TRUNK = 0.97, 0.03  # head weights
LOW, FOREHEAD_UP = 0.12, 0.30  # of the way from chin to eyes: skull begins; moves as the model does
BORDER = 0.35  # of the face's width: the photo's own border moves with a head that touches it this closely
FAR, HEAD_ON = -0.06, 0.5  # metres: the depth of what is far from the head; head weight from which its depth counts
ROUNDS, ROUND = 12, 0.6  # how the depth around the face is smoothed
INTO = 0.06  # of the face's width on either side of its outline, where the head may show jaw or neck: both pass into one another
PAST_BORDER = 0.35  # of the face's width that the grid goes on beyond the photo's own border
MIRRORED = 0.5  # of the way past it that its mirror image lies inside
LINE = 0.05  # of the face's width that a drawn outline may lie outside the face
ANCHOR = 0.03  # how strongly shapes die out beyond the head
STILL, STILL_SHAPE = 1e-3, 1e-5


@dataclass(frozen=True, eq=False)
class Grid:
    """positions (G, 3) at rest; weight (G,) how much of the head's turn a point takes; shapes (52, G, 3); uv (G, 2) pixels of the photo;
    triangles (n, 3) that ever move; box (left, top, right, bottom) in pixels that holds it.
    """

    positions: np.ndarray
    weight: np.ndarray
    shapes: np.ndarray
    uv: np.ndarray
    triangles: np.ndarray
    box: tuple[int, int, int, int]


@dataclass(frozen=True, eq=False)
class _OnHead:
    """What the fitted head shows at each grid point: `hit` (G,), and there its depth, head weight, shapes (52, G, 3) and the way (G, 3)
    from the photo's geometry to the rest.
    """

    hit: np.ndarray
    depth: np.ndarray
    weight: np.ndarray
    shapes: np.ndarray
    rest: np.ndarray


def grid_around(head: Head, landmarks: Landmarks, rest: Rest, shapes: np.ndarray, camera: PhotoCamera, size: tuple[int, int]) -> Grid:
    """The grid of a photo of `size` (height, width) around the face that its `landmarks` show."""
    layout = _Layout(landmarks, size)
    on = _on_head(head, rest, shapes, camera, layout)
    into = depth_inside(landmarks.oval, layout.points)
    if landmarks.by_hand:
        on, into = _with_outline(on, layout, into)
    rigid, far = layout.zones(on)
    inside = into > 0
    mesh = laplacian(layout.edges(), np.ones(len(layout.edges())), len(layout.points))
    seed = rigid | inside
    neck = on.hit & (on.weight < SKULL) & (layout.up < LOW * layout.face_height) & (into < -INTO * layout.face_width) & ~rigid & ~far
    weight = spread(mesh, seed | far | neck, np.where(seed, 1.0, np.where(neck, on.weight, 0.0)))
    depth = spread(mesh, (on.hit & (on.weight > HEAD_ON)) | far, np.where(far & ~on.hit, FAR, on.depth))
    depth = _rounded(mesh, depth, into < INTO * layout.face_width)
    fixed = inside | far | neck | (on.hit & (on.weight > SKULL) & (layout.up > FOREHEAD_UP * layout.face_height))
    known = np.concatenate([on.shapes.transpose(1, 0, 2).reshape(len(weight), -1), on.rest], 1)
    known[far | ~on.hit] = 0
    moves = spread(mesh, fixed, known, ANCHOR)
    spread_shapes = moves[:, :-3].reshape(len(weight), len(shapes), 3).transpose(1, 0, 2)
    still = (np.abs(weight) < STILL) & (np.abs(spread_shapes).max((0, 2)) < STILL_SHAPE)
    weight[still] = 0
    moves[still] = 0
    triangles = grid_triangles(layout.columns, layout.rows)
    return Grid(
        camera.place(layout.points, depth) + moves[:, -3:], weight, spread_shapes, layout.shown(),
        triangles[~still[triangles].all(1)].astype(np.int32), layout.box,
    )  # fmt: skip


class _Layout:
    """Where the grid's points lie, and what that means: how far up the face, how near to skull, trunk and border."""

    def __init__(self, landmarks: Landmarks, size: tuple[int, int]):
        oval, (height, width) = landmarks.oval, size
        self.face_width = face = np.ptp(oval[:, 0])
        low, high = oval.min(0) - (AIR * face, AIR_ABOVE * face), oval.max(0) + AIR * face
        left, top = (np.maximum(np.floor(low), 0).astype(int) // 2 * 2).tolist()
        right, bottom = np.minimum((np.ceil(high).astype(int) + 1) // 2 * 2, (width, height)).tolist()
        self.box, self.size = (left, top, right, bottom), size
        step = face / STEP
        more = np.array([left <= 0, top <= 0, right >= width, bottom >= height]) * PAST_BORDER * face
        self.reach = (left - more[0], top - more[1], right + more[2], bottom + more[3])
        across, down = _marks(left, right, more[[0, 2]], step), _marks(top, bottom, more[[1, 3]], step)
        self.columns, self.rows = len(across), len(down)
        x, y = np.meshgrid(across, down)
        self.points = np.stack([x.ravel(), y.ravel()], 1)
        chin, forehead = landmarks.points[CHIN], landmarks.points[FOREHEAD]
        upward = landmarks.points[list(EYE_CORNERS)].mean(0) - chin
        self.up = (self.points - chin) @ (upward / np.linalg.norm(upward))
        self.face_height = float(np.linalg.norm(forehead - chin))

    def shown(self) -> np.ndarray:
        """The photo's pixel (G, 2) of every point. Beyond its border that is its mirror image, so that no border comes into view."""
        last = np.array(self.size[::-1], float)
        before, after = np.minimum(self.points, 0), np.maximum(self.points - last, 0)
        return np.clip(self.points, 0, last) - MIRRORED * (before + after)

    def edges(self) -> np.ndarray:
        """The neighbours (e, 2) among the points."""
        index = np.arange(self.columns * self.rows).reshape(self.rows, self.columns)
        return np.concatenate([
            np.c_[index[:, :-1].ravel(), index[:, 1:].ravel()], np.c_[index[:-1].ravel(), index[1:].ravel()],
        ])  # fmt: skip

    def zones(self, on: _OnHead) -> tuple[np.ndarray, np.ndarray]:
        """Which points (G,) are one with the skull, hair included, and which never move."""
        skull = on.hit & (on.weight > SKULL) & (self.up > LOW * self.face_height)
        away, _ = cKDTree(self.points[skull]).query(self.points)
        hair = HAIR * self.face_height
        rigid = skull | (away < hair * smooth_step((self.up - 0.25 * self.face_height) / (0.5 * self.face_height)))
        far = ((away > BEYOND * self.face_width + hair * BEYOND_HAIR) | (on.hit & (on.weight < TRUNK))) & ~rigid
        rim, photo_border = self._borders()
        far |= rim & ~rigid & ~(photo_border & (away < BORDER * self.face_width))
        return rigid, far

    def _borders(self) -> tuple[np.ndarray, np.ndarray]:
        """Which points lie on the rim of the grid, and which of them on the photo's own border."""
        (x, y), (left, top, right, bottom), (height, width) = self.points.T, self.reach, self.size
        sides = (x <= left + 1, left <= 0), (y <= top + 1, top <= 0), (x >= right - 1, right >= width), (y >= bottom - 1, bottom >= height)
        rim = np.any([side for side, _ in sides], 0)
        return rim, np.any([side & own for side, own in sides], 0)


def _on_head(head: Head, rest: Rest, shapes: np.ndarray, camera: PhotoCamera, layout: _Layout) -> _OnHead:
    names = np.array(head.groups)[head.face_group]
    triangles = head.position_index[head.faces[np.isin(names, ("skin", "shirt"))]].astype(np.int32)
    left, top, right, bottom = layout.box
    side = int(max(right - left, bottom - top)) + 2
    place = camera.project(rest.shown) - (left, top, 0)
    cover = Cover.empty(side)
    cover_triangles(Screen(*np.ascontiguousarray(place.T.astype(np.float32))), triangles, cover, 0)
    points = layout.points - (left, top)
    pixel = np.clip(np.rint(points - 0.5).astype(int), 0, side - 1)
    item = cover.item[pixel[:, 1], pixel[:, 0]]
    corners = triangles[np.maximum(item, 0)]
    shares = _shares(place[corners, :2], points)
    seen = camera.seen(rest.shown)[..., 2]
    return _OnHead(
        item >= 0, (shares * seen[corners]).sum(1), (shares * head.head_weight[corners]).sum(1),
        np.stack([(shares[..., None] * shape[corners]).sum(1) for shape in shapes]),
        (shares[..., None] * (rest.positions - rest.shown)[corners]).sum(1),
    )  # fmt: skip


def _marks(low: float, high: float, past: np.ndarray, step: float) -> np.ndarray:
    """Places (n,) about a `step` apart from `low` to `high`, both among them, and on by `past` (2,) at either end."""
    before, after = (np.linspace(0, way, int(np.ceil(way / step)) + 1)[1:] for way in past)
    return np.concatenate([low - before[::-1], np.linspace(low, high, int((high - low) / step) + 2), high + after])


def _with_outline(on: _OnHead, layout: _Layout, into: np.ndarray) -> tuple[_OnHead, np.ndarray]:
    """`on` and `into` (G,) of a drawing whose outline lies on its face's edge. A line of ink moves with the face that it goes round: points
    just outside move as the nearest point of the face does."""
    width = LINE * layout.face_width
    outline, face = (into <= 0) & (into > -width), np.flatnonzero((into > 0) & on.hit)
    if not len(face):
        return on, into
    _, nearest = cKDTree(layout.points[face]).query(layout.points)
    source = np.where(outline, face[nearest], np.arange(len(into)))
    moved = _OnHead(on.hit[source], on.depth[source], on.weight[source], on.shapes[:, source], on.rest[source])
    return moved, into + width


def _shares(corners: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The barycentric shares (n, 3) of `points` (n, 2) in triangles (n, 3, 2), none of them negative."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]

    def area(p, q, r):
        return (q[:, 0] - p[:, 0]) * (r[:, 1] - p[:, 1]) - (r[:, 0] - p[:, 0]) * (q[:, 1] - p[:, 1])

    whole = area(a, b, c)
    whole = np.where(np.abs(whole) < 1e-6, 1e-6, whole)
    second, third = area(a, points, c) / whole, area(a, b, points) / whole
    shares = np.clip(np.stack([1 - second - third, second, third], 1), 0, 1)
    return shares / np.maximum(shares.sum(1, keepdims=True), 1e-9)


def _rounded(mesh: sparse.csr_matrix, depth: np.ndarray, free: np.ndarray) -> np.ndarray:
    """The `depth` (G,) of `free` points drawn towards that of their neighbours."""
    degree = mesh.diagonal()
    for _ in range(ROUNDS):
        around = depth - (mesh @ depth) / degree
        depth = np.where(free, (1 - ROUND) * depth + ROUND * around, depth)
    return depth

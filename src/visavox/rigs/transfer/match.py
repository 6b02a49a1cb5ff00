"""Which point of the laid default head each vertex of a character follows.

Pieces that hang together follow one kind of part: skin, teeth, tongue, eyes or lashes, whichever most of them lie on. On skin the
nearest point counts that faces alike. Near the mouth each lip follows its own, told apart by the ways along the skin from the middles of
the two lips, since where lips touch the nearest point is as often the other's.
"""

from dataclasses import dataclass

import numpy as np

from visavox.rigs.heads.default_head import Head
from visavox.rigs.transfer.landmarks import head_landmarks
from visavox.rigs.transfer.surface import Nearest, Surface
from visavox.rigs.transfer.warp import moving_points

KINDS = {"skin": 0, "mouth": 0, "shirt": 0, "teeth": 1, "gums": 1, "tongue": 2, "eyes": 3, "lashes": 4}
SKIN, TEETH, TONGUE, EYES, LASHES = range(5)
FACING = 0.25  # cosine between skin and its counterpart
SURE, INSIDE_SURE = 0.007, 0.020  # metres within which a counterpart is believed: on skin, and in the depth of the mouth
FAR = 0.035  # metres from the laid head beyond which nothing moves
VOTES = 0.015  # metres within which a vertex has a say in what its piece is
STILL = 1e-6  # metres
FALLS = 0.005  # metres that the lower teeth fall with an open jaw, and the upper do not
EITHER = 0.12  # of the ways to both lips: how much nearer the other lip a place may be that a lip's vertex follows
MOUTH_SPAN, MOUTH_HIGH = 1.05, 0.4  # half widths of the mouth around it where lips are told apart, and mouth widths up and down


@dataclass(frozen=True, eq=False)
class Match:
    """The counterpart of each of V vertices: `parts` by kind as (laid surface, vertices, nearest); `sureness` (V,) from 0 to 1.

    `active` (V,): may move at all; `on_face` (V,): skin with a counterpart; `distance` (V,) metres; `lip` (V,): 1 upper, -1 lower, else
    0; `eyeballs` (n,) vertices; `rigid_pieces`: the vertices of each piece that moves as a whole.
    """

    count: int
    parts: list[tuple[Surface, np.ndarray, Nearest]]
    sureness: np.ndarray
    active: np.ndarray
    on_face: np.ndarray
    distance: np.ndarray
    lip: np.ndarray
    eyeballs: np.ndarray
    rigid_pieces: list[np.ndarray]

    def carried(self, moved: np.ndarray) -> np.ndarray:
        """What the laid head's vertices do, `moved` (W, 3), at each of the V vertices; zero without a counterpart."""
        offsets = np.zeros((self.count, 3))
        for surface, vertices, nearest in self.parts:
            offsets[vertices] += surface.at(nearest, moved)
        return offsets


def match(head: Head, laid: np.ndarray, target: Surface, marks: dict[str, np.ndarray]) -> Match:
    """The counterparts of the vertices of `target` on the default head laid over it, `laid` (W, 3); `marks` are the landmarks there."""
    corners = head.position_index[head.faces]
    kind_of_face = np.array([KINDS[group] for group in head.groups])[head.face_group]
    whole = Surface(laid, corners)
    near = whole.nearest(target.points)
    group_of_face = np.array(head.groups)[head.face_group]
    kind = _kinds(target, near, group_of_face)
    active = near.distance < FAR
    count = len(target.points)
    sureness, distance = np.zeros(count), np.full(count, np.inf)
    parts = []
    for wanted in (TEETH, TONGUE, EYES, LASHES):
        vertices = np.flatnonzero(active & (kind == wanted))
        places = target.points[vertices]
        among = np.flatnonzero(kind_of_face == wanted)
        if wanted == TEETH and len(vertices):
            found = _arches(head, whole, places, target.pieces[vertices], among)
        else:
            found = whole.nearest(places, among=among)
        sureness[vertices] = 1
        parts.append((whole, vertices, found))
    lip = np.zeros(count, int)
    inside = group_of_face == "mouth"
    for side, vertices, faces in _skin_parts(head, whole, target, marks, np.flatnonzero(active & (kind == SKIN)), kind_of_face == SKIN):
        found = whole.nearest(target.points[vertices], target.normals[vertices], FACING, faces)
        reach = np.where(inside[np.maximum(found.face, 0)], INSIDE_SURE, SURE)
        sureness[vertices] = np.clip(2 - found.distance / reach, 0, 1) * (found.face >= 0)
        distance[vertices], lip[vertices] = found.distance, side
        parts.append((whole, vertices, found))
    moving = np.isin(corners, moving_points(head)).all(1)
    on_face = np.zeros(count, bool)
    for _, vertices, found in parts[-3:]:
        on_face[vertices] = moving[np.maximum(found.face, 0)] & (found.distance < SURE)
    rigid = [np.flatnonzero(target.pieces == piece) for piece in np.unique(target.pieces[active & np.isin(kind, (TEETH, EYES))])]
    return Match(count, parts, sureness, active, on_face, distance, lip, np.flatnonzero(kind == EYES), rigid)


def _arches(head: Head, whole: Surface, teeth: np.ndarray, pieces: np.ndarray, among: np.ndarray) -> Nearest:
    """The counterparts of `teeth` (n, 3), whose pieces follow the upper or the lower arch as most of their vertices do.

    Teeth lie deeper or higher in another face, so they are set over the laid ones as a whole where they fit better so.
    """
    ours = whole.points[np.unique(whole.faces[among])]
    scale = np.ptp(ours, axis=0) / np.maximum(np.ptp(teeth, axis=0), 1e-6)
    placed = (teeth - teeth.min(0)) * scale + ours.min(0)
    direct, over = (whole.nearest(places, among=among) for places in (teeth, placed))
    places, found = (placed, over) if np.median(over.distance) < np.median(direct.distance) else (teeth, direct)
    falls = np.linalg.norm(head.shapes[head.shape_names.index("jawOpen")], axis=1) > FALLS
    below = falls[whole.faces[found.face, 0]]
    for piece in np.unique(pieces):
        mine = np.flatnonzero(pieces == piece)
        arch = among[falls[whole.faces[among, 0]] == (below[mine].mean() > 0.5)]
        again = whole.nearest(places[mine], among=arch)
        found.face[mine], found.weight[mine], found.distance[mine] = again.face, again.weight, again.distance
    return found


def _kinds(target: Surface, near: Nearest, group_of_face: np.ndarray) -> np.ndarray:
    """The kind (V,) of each vertex: what most vertices of its piece lie on; pieces that lie on nothing count as skin.

    What lies on the inside of the mouth and does not hang together with the rest is a tooth that sits elsewhere in this face.
    """
    says = near.distance < VOTES
    names, group = np.unique(group_of_face, return_inverse=True)
    votes = np.zeros((target.pieces.max() + 1, len(names)), int)
    np.add.at(votes, (target.pieces[says], group[near.face[says]]), 1)
    kinds = np.array([KINDS[names[most]] for most in votes.argmax(1)])
    largest = np.bincount(target.pieces, minlength=len(votes)).argmax()
    kinds[(names[votes.argmax(1)] == "mouth") & (np.arange(len(votes)) != largest)] = TEETH
    return kinds[target.pieces]


def _skin_parts(head, whole: Surface, target: Surface, marks: dict, vertices: np.ndarray, is_skin: np.ndarray):
    """Yields (lip, vertices, triangles): those of each lip, which follow their own, and the rest, which follow all skin.

    Where a lip goes over into the other, at the corners and in the pouches behind them, a vertex may follow either. There the ways
    to both are about as long, and which is shorter is a matter of the mesh.
    """
    faces = np.flatnonzero(is_skin)
    theirs = _lips(target, marks)
    ours = _lips(Surface(whole.points, whole.faces[faces]), {name: whole.points[at] for name, at in head_landmarks(head).items()})
    side_of_face = ours[whole.faces[faces]].mean(1)
    for side in (1, -1):
        yield side, vertices[theirs[vertices] * side > 0], faces[side_of_face * side > -EITHER]
    yield 0, vertices[theirs[vertices] == 0], faces


def _lips(surface: Surface, marks: dict[str, np.ndarray]) -> np.ndarray:
    """From 1 in the middle of the upper lip to -1 in that of the lower (V,), and so around and inside the mouth; 0 elsewhere.

    It is the difference of the ways to both middles as a share of their sum.
    """
    points, used = surface.points, np.unique(surface.faces)
    seeds = [used[np.linalg.norm(points[used] - marks[name], axis=1).argmin()] for name in ("upper_lip_top", "lower_lip_bottom")]
    upper, lower = (surface.along(int(seed)) for seed in seeds)
    left, right = marks["mouth_corner_left"], marks["mouth_corner_right"]
    middle, half = (left + right) / 2, np.linalg.norm(left - right) / 2
    across = np.abs((points - middle) @ ((left - right) / (2 * half)))
    zone = (across < MOUTH_SPAN * half) & (np.abs(points[:, 1] - middle[1]) < MOUTH_HIGH * 2 * half)
    measured = zone & np.isfinite(upper) & np.isfinite(lower)
    sides = np.zeros(len(points))
    sides[measured] = (lower[measured] - upper[measured]) / np.maximum(lower[measured] + upper[measured], 1e-9)
    return sides

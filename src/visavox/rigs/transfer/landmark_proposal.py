"""Landmarks proposed for a character: the default head laid on it by its eyes or its proportions, then by its surface.

First as it is, in another size and place. Then bent, stiffly at first, towards places that lie near and whose surface faces alike, which
is what a nose, a lip and a chin of another length have in common (Amberg and others, 2007). Right for people of ordinary proportions: to
2 mm on average over eleven other faces, to 11 mm at the worst, where a cheek or the corner of a jaw has no feature. A proposal is there to
be corrected.
"""

import numpy as np
from scipy.spatial import cKDTree

from visavox.rigs.heads.default_head import Head
from visavox.rigs.retargeting.correspondence import similarity
from visavox.rigs.transfer.landmarks import head_landmarks
from visavox.rigs.transfer.spline import Spline
from visavox.rigs.transfer.surface import Surface
from visavox.rigs.transfer.warp import moving_points

ROUNDS = 15
KEPT = 0.7  # of the points, the nearest: hair and glasses lie over the others
FACING = 0.4
HEADS_TALL = (1.0, 1.35, 2.0, 4.0, 6.0, 7.5)  # how many heads high the figure may be, from a mask to an adult
CROWN_TO_CHIN = (0.1144, -0.1182)  # metres, of the default head
FARTHEST = 0.03  # metres at an adult's size: a point without a counterpart counts as this far
TOO_FAR, BENT_TOO_FAR = 0.008, 0.0012  # metres on average, at an adult's size, before and after bending: nothing is proposed
STIFF = (0.1, 0.05, 0.02, 0.01, 0.005, 0.002)  # how stiffly the head is bent, round by round
SPACING = 0.008  # metres between the points that bend it
NORMAL = 0.03  # metres of way that count as much as normals a radian apart
BENT_KEPT, BENT_FACING = 0.9, 0.5  # the same as KEPT and FACING while it is bent
AROUND, WITHIN = np.array([0.0, -0.03, 0.0]), np.array([0.11, 0.14, 0.10])  # metres: middle and half size of the head's box
TURN = np.diag([-1.0, 1.0, -1.0])  # a character that looks to -Z, as VRM 0 does


def proposed_landmarks(head: Head, surface: Surface, eyes: np.ndarray | None) -> dict[str, np.ndarray]:
    """The places (3,) by name, on the surface; empty when the head fits nowhere.

    `eyes` (2, 3) are the middles of the left and the right eye, if the character says where they are; else the head is looked for
    at the top. The character stands upright, Y up, and looks along Z.
    """
    rest = np.float64(head.neutral())
    points = moving_points(head)[::12]
    skin = head.position_index[head.faces[head.face_group == head.groups.index("skin")]]
    normals = Surface(rest, skin).normals[points]
    starts = _starts_by_eyes(head, eyes) if eyes is not None else _starts_by_height(surface)
    tried = [_settled(rest[points], normals, surface, start) for start in starts]
    off, (scale, rotation, shift) = min(tried, key=lambda found: found[0])
    if off > TOO_FAR:
        return {}
    there = Surface((surface.points - shift) @ rotation / scale, surface.faces)
    laid = _bent(head, rest, skin, there)
    apart = np.minimum(there.nearest(laid[points], Surface(laid, skin).normals[points], FACING).distance, FARTHEST)
    if apart.mean() > BENT_TOO_FAR:
        return {}
    numbers = head_landmarks(head)
    near = there.nearest(laid[list(numbers.values())])
    return dict(zip(numbers, surface.at(near, surface.points), strict=True))


def _bent(head: Head, rest: np.ndarray, skin: np.ndarray, surface: Surface) -> np.ndarray:
    """The head (V, 3) with the triangles `skin`, which lies on `surface` already, bent towards it."""
    points = moving_points(head)
    points = points[np.unique(np.floor(rest[points] / SPACING).astype(int), axis=0, return_index=True)[1]]
    used = np.unique(surface.faces)
    used = used[(np.abs(surface.points[used] - AROUND) < WITHIN).all(1)]
    places, normals = surface.points[used], surface.normals[used]
    if len(used) < len(points):
        return rest
    tree = cKDTree(np.hstack([places, NORMAL * normals]))
    laid = rest
    for stiff in STIFF:
        facing = Surface(laid, skin).normals[points]
        _, near = tree.query(np.hstack([laid[points], NORMAL * facing]))
        apart = np.linalg.norm(places[near] - laid[points], axis=1)
        good = (apart <= np.quantile(apart, BENT_KEPT)) & ((normals[near] * facing).sum(1) > BENT_FACING)
        moves = places[near][good] - rest[points[good]]
        laid = rest + Spline.through(rest[points[good]], moves, stiff)(rest)
    return laid


def _settled(points: np.ndarray, normals: np.ndarray, surface: Surface, start: tuple) -> tuple[float, tuple]:
    """How far apart, at the head's size, the face and the surface lie on average once laid together, and the similarity."""
    scale, rotation, shift = start
    off = np.inf
    for _ in range(ROUNDS):
        if not scale > 0:
            return np.inf, start
        near = surface.nearest(scale * points @ rotation.T + shift, normals @ rotation.T, FACING)
        apart = np.minimum(near.distance / scale, FARTHEST)
        good = (apart <= np.quantile(apart, KEPT)) & (near.face >= 0)
        if good.sum() < len(points) / 3:
            return np.inf, start
        off = float(apart.mean())
        scale, rotation, shift = similarity(points[good], surface.at(near, surface.points)[good])
    return off, (scale, rotation, shift)


def _starts_by_eyes(head: Head, eyes: np.ndarray) -> list[tuple]:
    ours = head.eye_centre[0]
    scale = float(np.linalg.norm(eyes[0] - eyes[1]) / np.linalg.norm(ours[0] - ours[1]))
    rotation = np.eye(3) if eyes[0, 0] > eyes[1, 0] else TURN
    return [(scale, rotation, eyes.mean(0) - scale * rotation @ ours.mean(0))]


def _starts_by_height(surface: Surface) -> list[tuple]:
    low, high = surface.points.min(0), surface.points.max(0)
    starts = []
    for tall in HEADS_TALL:
        height = (high[1] - low[1]) / tall
        scale = float(height / (CROWN_TO_CHIN[0] - CROWN_TO_CHIN[1]))
        top = surface.points[surface.points[:, 1] > high[1] - height]
        middle = (top.min(0) + top.max(0)) / 2
        for rotation in (np.eye(3), TURN):
            crown = np.array([0.0, CROWN_TO_CHIN[0], -0.06])
            starts.append((scale, rotation, np.array([middle[0], high[1], middle[2]]) - scale * rotation @ crown))
    return starts

"""Deformation transfer: the 52 shapes of the default head on a character that has none.

The default head's face is laid on the character's (visavox.rigs.transfer.warp), at rest and again in each shape: a vertex of the character
moves as the point of the laid face under it moves. What touches on the default head so touches on the character. The bending of space
carries lips and lids that meet in one place to one place, whereas displacements that are only turned and scaled (Noh and Neumann 2001)
leave a gap where the faces differ. Sumner and Popovic's gradients (2004) keep details better, but they know nothing of contact either.
Vertices without a counterpart, as in the depth of the mouth, follow their neighbours: the smoothest filling, a sparse linear system.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from visavox.easing import smooth_step
from visavox.errors import RigError
from visavox.rigs.arkit import GAZE, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lids import SHUT
from visavox.rigs.transfer.landmark_checks import check_closing, check_landmarks, check_stretch
from visavox.rigs.transfer.match import STILL, Match, match
from visavox.rigs.transfer.surface import Surface
from visavox.rigs.transfer.warp import Warp, drawn_to, moving_points, warp_by_landmarks

EYES = ("Left", "Right")
SMOOTH = 2e-4  # how much smoothness counts against a vertex's own counterpart
LEAST_COVER = 0.6  # of the face: below it the two faces do not lie on one another
LARGEST_RESIDUAL = 0.006  # metres, in the middle
BACK, BACK_END = -0.062, -0.080  # metres: from in front of the ears to behind them, where all movement fades
LOW, LOW_END = -0.150, -0.172  # metres: the same down the neck


@dataclass(frozen=True, eq=False)
class Transferred:
    """The shapes (52, V, 3) of a character, in the order of SHAPES and in its own units, and how well they fit.

    `target` and `laid_offsets` are the character and its shapes in the default head's place and size, to draw them.
    `coverage`: the share of the default face that has a counterpart; `residual` (n,): metres at an adult's size between the laid face
    and the character's surface at the vertices of its face; `lips_left` and `lids_left` (2,): metres between the lips when jawOpen and
    mouthClose are 1 and between the lids when they blink; `mouth_opens`: metres by which jawOpen opens the lips.
    """

    offsets: np.ndarray
    target: Surface
    laid_offsets: np.ndarray
    coverage: float
    residual: np.ndarray
    lips_left: float
    lids_left: np.ndarray
    mouth_opens: float


def transfer(head: Head, surface: Surface, landmarks: dict[str, np.ndarray], eye_bones: bool) -> Transferred:
    """The default head's shapes on `surface` (V vertices in the character's own units), whose face has `landmarks`.

    With `eye_bones` the eyeballs stay, since bones turn them. A RigError when a landmark is wrong or the faces do not meet.
    """
    warp = warp_by_landmarks(head, landmarks)
    target = Surface(warp.brought(surface.points), surface.faces)
    marks = {name: warp.brought(place[None])[0] for name, place in landmarks.items()}
    check_landmarks(head, marks, target)
    warp = drawn_to(warp, head, landmarks, target)
    laid = warp(np.float64(head.neutral()))
    found = match(head, laid, target, marks)
    coverage, residual = _fit(head, laid, target, found)
    check_stretch(head.neutral(), laid, _moving_triangles(head))
    moved = _laid_shapes(head, warp, laid)
    offsets = np.stack([found.carried(offset) for offset in moved])
    offsets = _filled(target, found, offsets)
    _move_rigid_pieces(target, found, offsets)
    if eye_bones:
        offsets[np.ix_([SHAPES.index(name) for name in GAZE], found.eyeballs)] = 0
    lids = _lid_vertices(target, found, marks)
    _shut(target, offsets, lids)
    close = offsets[SHAPES.index("jawOpen")] + offsets[SHAPES.index("mouthClose")]
    lips = _lip_vertices(target, found, marks)
    rest = max(_gap(target.points, lips), 0.0)
    lips_left = max(_gap(target.points + close, lips), 0.0)
    lids_left = np.array([_gap(target.points + offsets[SHAPES.index(f"eyeBlink{side}")], lids[eye]) for eye, side in enumerate(EYES)])
    check_closing(lips_left - rest, lids_left)
    opens = _gap(target.points + offsets[SHAPES.index("jawOpen")], lips) - rest
    return Transferred(np.float32(warp.sent(offsets)), target, offsets, coverage, residual, lips_left, lids_left, opens)


def head_offsets(head: Head) -> np.ndarray:
    """How each of SHAPES moves the default head (52, V, 3) at weight 1, eyeballs too; mouthClose as it follows an open jaw."""
    values = np.zeros((len(SHAPES) + 1, len(head.rig)), np.float32)
    for row, name in enumerate(SHAPES):
        values[row, head.rig.index(name)] = 1
    values[SHAPES.index("mouthClose"), head.rig.index("jawOpen")] = 1
    moved = np.float64(head.vertices(values))
    offsets = moved[:-1] - moved[-1]
    offsets[SHAPES.index("mouthClose")] -= offsets[SHAPES.index("jawOpen")]
    return offsets * _fading(moved[-1])[:, None]


def _fading(points: np.ndarray) -> np.ndarray:
    """1 on the face, 0 behind the ears and on the trunk, between them a soft step (V,)."""
    back, low = (points[:, 2] - BACK_END) / (BACK - BACK_END), (points[:, 1] - LOW_END) / (LOW - LOW_END)
    return smooth_step(back) * smooth_step(low)


def _laid_shapes(head: Head, warp: Warp, laid: np.ndarray) -> np.ndarray:
    """How the laid face (V, 3) moves in each shape (52, V, 3); mouthClose together with jawOpen, less jawOpen."""
    rest, offsets = np.float64(head.neutral()), head_offsets(head)
    jaw, close = SHAPES.index("jawOpen"), SHAPES.index("mouthClose")
    offsets[close] += offsets[jaw]
    moved = np.zeros_like(offsets)
    for shape, offset in enumerate(offsets):
        moving = np.flatnonzero(np.abs(offset).max(1) > 1e-7)
        moved[shape, moving] = warp(rest[moving] + offset[moving]) - laid[moving]
    moved[close] -= moved[jaw]
    return moved


def _moving_triangles(head: Head) -> np.ndarray:
    """The triangles (F, 3) of the skin that some shape moves."""
    skin = head.position_index[head.faces[head.face_group == head.groups.index("skin")]]
    return skin[np.isin(skin, moving_points(head)).all(1)]


def _fit(head: Head, laid: np.ndarray, target: Surface, found: Match) -> tuple[float, np.ndarray]:
    """The coverage and the residual (n,); a RigError when the faces do not lie on one another."""
    face = moving_points(head)
    skin = Surface(laid, head.position_index[head.faces[head.face_group == head.groups.index("skin")]])
    near = target.nearest(laid[face], skin.normals[face], 0.3)
    coverage = float((near.distance < 0.006).mean())
    residual = found.distance[found.on_face]
    middle = float(np.median(residual)) if len(residual) else np.inf
    if coverage < LEAST_COVER or middle > LARGEST_RESIDUAL:
        coverage_in_words = (
            f"{coverage:.0%} of the default face finds a counterpart on the character, {middle * 1000:.1f} mm apart in the middle"
        )
        raise RigError(
            f"the faces do not lie on one another: {coverage_in_words} (at an adult's size); correct the landmarks, or add those left out"
        )
    return coverage, residual


def _filled(target: Surface, found: Match, offsets: np.ndarray) -> np.ndarray:
    """`offsets` (52, V, 3) where counterparts are sure, and the smoothest filling between them."""
    active = np.flatnonzero(found.active)
    ways = (target.edges[active][:, active] > 0).astype(float)
    degree = np.maximum(np.asarray(ways.sum(1)).ravel(), 1)
    smooth = sparse.eye(len(active)) - sparse.diags(1 / degree) @ ways
    sure = found.sureness[active]
    system = sparse.diags(sure + 1e-9) + SMOOTH * (smooth.T @ smooth + 0.1 * (smooth + smooth.T) / 2)
    known = (offsets[:, active] * sure[:, None]).transpose(1, 0, 2).reshape(len(active), -1)
    factors = splu(system.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    solved = factors.solve(known).reshape(len(active), len(offsets), 3).transpose(1, 0, 2)
    filled = np.zeros_like(offsets)
    filled[:, active] = solved
    return filled


def _move_rigid_pieces(target: Surface, found: Match, offsets: np.ndarray) -> None:
    """Makes teeth and eyeballs move as whole pieces, in place."""
    for piece in found.rigid_pieces:
        points = target.points[piece]
        middle = points.mean(0)
        for shape in range(len(offsets)):
            moved = points + offsets[shape, piece]
            if np.abs(offsets[shape, piece]).max() < STILL:
                offsets[shape, piece] = 0
                continue
            left, _, right = np.linalg.svd((points - middle).T @ (moved - moved.mean(0)))
            flip = np.diag([1, 1, np.sign(np.linalg.det(left @ right))])
            offsets[shape, piece] = (points - middle) @ (left @ flip @ right) + moved.mean(0) - points


def _lid_vertices(target: Surface, found: Match, marks: dict[str, np.ndarray]) -> list[tuple[int, int]]:
    skin = np.flatnonzero(found.on_face)
    return [
        tuple(int(skin[np.linalg.norm(target.points[skin] - marks[f"{lid}_lid_{side}"], axis=1).argmin()]) for lid in ("upper", "lower"))
        for side in ("left", "right")
    ]


def _lip_vertices(target: Surface, found: Match, marks: dict[str, np.ndarray]) -> tuple[int, int]:
    """The vertex of the upper and that of the lower lip nearest to where they meet in the middle."""
    chosen = []
    for lip in (1, -1):
        at = np.flatnonzero(found.lip == lip)
        if not len(at):
            raise RigError("no vertex of a lip was found around the landmark lip_middle; correct the landmarks of the mouth")
        chosen.append(int(at[np.linalg.norm(target.points[at] - marks["lip_middle"], axis=1).argmin()]))
    return chosen[0], chosen[1]


def _gap(points: np.ndarray, pair: tuple[int, int]) -> float:
    return float(points[pair[0], 1] - points[pair[1], 1])


def _shut(target: Surface, offsets: np.ndarray, lids: list[tuple[int, int]]) -> None:
    """Scales each blink, in place, so that the lids' edges just meet in their middles."""
    for eye, side in enumerate(EYES):
        shape = SHAPES.index(f"eyeBlink{side}")
        way = -_gap(offsets[shape], lids[eye])
        if way > STILL:
            offsets[shape] *= np.clip((_gap(target.points, lids[eye]) - SHUT) / way, 0.6, 1.6)

"""Eyelids: how far a blink goes on this face, and what a lid shows when it has fallen.

A photo shows no shut lid, so a second picture is made in which both eyes are painted over with skin. It is smooth between the colours
around the eye, with the grain of the skin below it. A falling lid shows that picture in place, like a curtain with a dark hem. So what lies
before the lids, such as the frame of glasses, stays where it is.
"""

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d, grey_closing, uniform_filter1d

from visavox.easing import smooth_step
from visavox.portrait.correspondence import Correspondence
from visavox.portrait.face import FaceMesh
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import BROWS, EYES, UNDER_EYES, lids
from visavox.portrait.planar import depth_inside, height_along, laplacian, nearest_on, spread
from visavox.portrait.rest import Rest
from visavox.render.photo_camera import PhotoCamera
from visavox.render.photo_parts import Lid
from visavox.rigs.heads.default_head import SIDES, Head
from visavox.rigs.heads.lids import SHUT

NARROWEST, WIDEST = 0.3, 4.0  # bounds of the blink's scale
LEAST, MOST = 0.4, 1.4  # bounds of its scale along the lid
SLACK = 0.25  # of the eye's height by which travel and gap are softened in their ratio
RIM = 0.3  # pixels at 512 that the upper edge goes past the lower one
CURTAIN = 0.02  # of the lid's fall: what falls so far belongs to the lid, as does all skin above it
LINE_SOFT, THICK, THIN_INK = 0.8, 0.36, 0.1  # pixels at 512; of the eye's height: how thick lashes, which fade upwards, and drawn ones are
COLUMNS, ROWS = 24, 4  # samples of that line
LOWER_LID, NO_GAP = 0.6, 0.15  # of the way down to the lower lid up to which skin is the upper one's; of the eye's height a way at least
LID_ALONE = 0.4  # of the eye's height: behind glasses so much above the edge is the lid alone; beyond, their frame may lie and stays
ASIDE = 0.08  # of its width that the line goes on past either corner
LASHES = (0.38, 0.62)  # how light that line may be, over the skin
AROUND, ABOVE = 0.40, 0.08  # of the eye's height that is painted over around the opening, and more above it: lashes and their shadow
AROUND_MORE, EDGE, RING = 1.5, 0.40, 0.25  # pixels at 512 of that; of the eye's height over which it passes into the photo, and beyond
LINE = 0.5  # of the eye's height: dark lines up to so thick do not colour the painted skin
DARKEST, SHADOW = 0.62, 0.86  # of the light under the eye: skin is no darker, and what is, counts as its shadow
LASHES_REACH = 0.3  # of the eye's height: what is dark and farther from an opening behind glasses is their frame, and stays
BROW_REACH, OFF_LID = 0.4, 0.08  # of the eye's height: how far below the edge of a brow dark hairs are its own, unless so near the opening
AS_LIGHT, EVEN = 0.88, 0.15  # of the light under the eye: a lid is as light; so much of it
INK, LIFTED = 0.09, 0.12  # of a drawn eye's height: how thick the line of its shut lids is, and how far above the lower lid
ROUND_EYE = 0.4  # of what is painted over around an eye, for an animal, whose eyes are as high as wide
THIN = 0.5  # of that thickness for an animal, whose eyes are larger
LATE_AROUND, LATE_RIM = 0.25, 0.15  # of its height round a drawn eye, and another one, that gives way to the painted picture at last
WHOLE_LINE = 0.3  # of an eye's width: what goes on so far to the side is a line and no grain
GRAIN, FUR, FLAT_GRAIN = 7.0, 40.0, 0.5  # grey levels of the grain of skin and of fur at most, and of a drawing's, which is flat
FOLD, FOLD_WIDE = 0.12, 0.16  # of the eye's height: how far above the opening a shut lid has its fold, and how wide that is
BULGE, FOLDED = 0.07, 0.10  # of its light that a lid gains where it bulges, and loses in that fold
OUTLIER = 2.5  # times the usual grain: what stands out more is a line, such as the rim of glasses


def fitted_blinks(head: Head, correspondence: Correspondence, rest: Rest, camera: PhotoCamera, unit: float) -> np.ndarray:
    """The shapes (52, V, 3) at the size of this face, their blinks such that 1 shuts each eye along its whole length."""
    shapes = head.shapes.astype(float) * rest.size
    for eye, side in enumerate(SIDES):
        blink = shapes[head.shape_names.index(f"eyeBlink{side}")]
        upper, lower = head.lid_points[eye]
        closing = blink[lower, 1] - blink[upper, 1]
        blink *= np.clip((rest.positions[upper, 1] - rest.positions[lower, 1] - SHUT) / closing, NARROWEST, WIDEST)
        above, below = lids(eye)
        edge = camera.project(correspondence.at(rest.positions, above))[:, :2]
        shut = camera.project(correspondence.at(rest.positions + blink, above))[:, :2]
        shut_low = camera.project(correspondence.at(rest.positions + blink, below))[:, :2]
        goal = height_along(shut_low, shut[1:-1, 0])
        gap, fall = goal - edge[1:-1, 1], shut[1:-1, 1] - edge[1:-1, 1]
        slack = SLACK * max(gap.max(), unit)
        along = np.clip((np.maximum(gap + RIM * unit, 0) + slack) / (np.maximum(fall, 0) + slack), LEAST, MOST)
        places = camera.project(rest.positions)[:, :2]
        mine = np.flatnonzero((blink[:, 1] < 0) & (np.linalg.norm(places - edge.mean(0), axis=1) < np.ptp(edge[:, 0])))
        blink[mine] *= height_along(np.c_[edge[1:-1, 0], along], places[mine, 0])[:, None]
    return shapes


def lids_of(head: Head, face: FaceMesh, landmarks: Landmarks, rest: Rest, shapes: np.ndarray, view) -> tuple[Lid, Lid]:
    """The two upper lids. `view` is first two pictures (H, W, 3) uint8, the photo and the same painted over; then its PhotoCamera and the
    unit of its pixels. It ends with the weights (2,) at which the blinks shut the eyes, and whether the eyes are behind glasses.
    """
    pictures, camera, unit, full, glasses = view
    made = []
    for eye, side in enumerate(SIDES):
        opened = rest.positions[face.vertices]
        shut = opened + full[eye] * shapes[head.shape_names.index(f"eyeBlink{side}")][face.vertices]
        places, fallen = camera.project(opened)[:, :2], camera.project(shut)[:, :2]
        outline = landmarks.eye(eye)
        near = np.linalg.norm(places - outline.mean(0), axis=1) < np.ptp(outline[:, 0])
        fall = np.where(near, fallen[:, 1] - places[:, 1], 0)
        above = near & (places[:, 1] < height_along(landmarks.lids(eye)[1], places[:, 0]))
        moving = np.flatnonzero(above | (fall > CURTAIN * fall.max()))
        dark = 1 - _shade(pictures, places[moving], landmarks, eye, unit)
        above_edge = (height_along(landmarks.lids(eye)[0], places[moving, 0]) - places[moving, 1]) / np.ptp(outline[:, 1])
        stuck = smooth_step(1 - (above_edge - LID_ALONE) / LID_ALONE) if glasses else np.ones(len(moving))
        hidden, out = face.eyes[eye]
        apart = ~np.isin(hidden, moving)
        moves = np.where(fall[moving, None] > 0, (fallen - places)[moving], 0)
        late = np.flatnonzero(depth_inside(outline, places) > -(LATE_AROUND if landmarks.by_hand else LATE_RIM) * np.ptp(outline[:, 1]))
        made.append(Lid(moving, moves, stuck, np.ones(len(moving)), dark, hidden[apart], out[apart], late, landmarks.by_hand))
    return tuple(made)


def _shade(pictures, places: np.ndarray, landmarks: Landmarks, eye: int, unit: float) -> np.ndarray:
    """How light (n,) the edge of the photo's lid is, over the painted one, at vertices that lie at `places` (n, 2) when it is open: dark on
    the line of the lashes. What lies past the edge of the lid counts as the edge."""
    edge, lower = landmarks.lids(eye)
    height = np.ptp(landmarks.eye(eye)[:, 1])
    left, width = edge[:, 0].min(), np.ptp(edge[:, 0])
    columns = np.linspace(left, left + width, COLUMNS)
    thick = THIN_INK if landmarks.by_hand and not landmarks.muzzle else THICK
    up = np.linspace(0, thick, ROWS)[:, None] * height
    strip = np.stack(np.broadcast_arrays(columns, height_along(edge, columns) - up), -1).reshape(-1, 2)
    photo, painted = (_picked(gaussian_filter(each.astype(np.float32).mean(2), LINE_SOFT * unit), strip) for each in pictures)
    darkest = gaussian_filter1d((photo / np.maximum(painted, 1)).reshape(ROWS, -1).min(0), 1)
    light = np.interp(places[:, 0], columns, np.clip(darkest, *LASHES))
    below = (places[:, 1] - height_along(edge, places[:, 0])) / height
    opening = np.maximum(height_along(lower, places[:, 0]) - height_along(edge, places[:, 0]), NO_GAP * height) / height
    line = smooth_step((below + thick) / thick) * smooth_step((LOWER_LID - below / opening) / LOWER_LID)
    aside = np.maximum(left - places[:, 0], places[:, 0] - left - width) / width
    return 1 - smooth_step(1 - aside / ASIDE) * line * (1 - light)


def painted_over(picture: np.ndarray, landmarks: Landmarks, unit: float, glasses: bool = False) -> np.ndarray:
    """The photo (H, W, 3) uint8 with skin in place of its eyes, behind `glasses` if it shows some."""
    painted = picture.astype(np.float32)
    for eye in range(len(EYES)):
        _paint_over((painted, picture), landmarks, eye, unit, glasses)
    return np.uint8(np.clip(np.rint(painted), 0, 255))


def _paint_over(pictures, landmarks: Landmarks, eye: int, unit: float, glasses: bool) -> None:
    painted, picture = pictures
    outline = landmarks.eye(eye)
    height = np.ptp(outline[:, 1])
    part = ROUND_EYE if landmarks.muzzle else 1
    air, above = part * AROUND * height + AROUND_MORE * unit, part * ABOVE * height
    low = np.floor(outline.min(0) - 4 * air - (0, above)).astype(int)
    high = np.ceil(outline.max(0) + 4 * air).astype(int) + 1
    low, high = np.maximum(low, 0), np.minimum(high, picture.shape[1::-1])
    x, y = np.meshgrid(np.arange(low[0], high[0]) + 0.5, np.arange(low[1], high[1]) + 0.5)
    points = np.stack([x.ravel(), y.ravel()], 1)
    depth = np.max([depth_inside(outline - (0, up * above), points) for up in (0, 0.5, 1)], 0) + air
    shape = x.shape
    inside = (depth > 0).reshape(shape)
    window = (slice(low[1], high[1]), slice(low[0], high[0]))
    around = picture[window].astype(float)
    under = _under(picture, landmarks, eye, unit)
    off = -depth_inside(outline, points) / height
    brow = (points[:, 1] - height_along(landmarks.points[list(BROWS[eye])], points[:, 0])) / height
    apart = smooth_step((off - LASHES_REACH) / 0.15) if glasses else np.maximum(depth <= 0, _of_brow(brow, off))
    share = smooth_step((depth + part * RING * height) / (part * EDGE * height + unit)) * (1 - apart * _not_skin(around, under).ravel())
    if landmarks.by_hand and not landmarks.muzzle:  # nothing but the eye gives way, and a line is drawn where the lids meet
        share = smooth_step((depth_inside(outline, points) + LATE_AROUND * height) / unit)
    grain = _grain(picture, outline, points, (unit, FUR if landmarks.muzzle else GRAIN)).reshape(*shape, 1)
    if landmarks.by_hand and np.median(np.abs(grain)) < FLAT_GRAIN:
        skin = under + np.zeros((*shape, 3))  # flat as a drawing is
    else:
        soft = gaussian_filter(around, (unit, unit, 0)) if landmarks.muzzle else _without_lines(around, (unit, height))
        above_eye = smooth_step((outline[:, 1].min() - y[..., None]) / (LINE * height)) if not (glasses or landmarks.muzzle) else 1.0
        skin = _membrane(_lightened(soft, under, above_eye), inside)
        skin += (0 if landmarks.muzzle else EVEN) * (np.maximum(skin, under * AS_LIGHT) - skin)
        skin *= 1 + (0 if landmarks.by_hand else 1) * _relief(landmarks, eye, points).reshape(*shape, 1)
        skin += grain
    if landmarks.by_hand:
        _draw_lashes(skin, picture, landmarks, eye, points)
    painted[window] += share.reshape(*shape, 1) * (skin - painted[window])


def _of_brow(below: np.ndarray, off: np.ndarray) -> np.ndarray:
    """How much (n,) what is dark so far `below` the edge of a brow and `off` an eye's opening, both of the eye's height, is the brow's."""
    return smooth_step(1 - below / BROW_REACH) * smooth_step((off - OFF_LID) / OFF_LID)


def _relief(landmarks: Landmarks, eye: int, points: np.ndarray) -> np.ndarray:
    """How much lighter (n,) a shut lid is at `points` (n, 2) than flat skin: it lies on the ball of the eye, lighter where it bulges, and
    darker in the fold above."""
    above, below = landmarks.lids(eye)
    outline = landmarks.eye(eye)
    height, left, width = np.ptp(outline[:, 1]), outline[:, 0].min(), np.ptp(outline[:, 0])
    fold, lashes = height_along(above, points[:, 0]) - FOLD * height, height_along(below, points[:, 0])
    down = (points[:, 1] - fold) / np.maximum(lashes - fold, 1)
    aside = np.abs(points[:, 0] - left - width / 2) / (width / 2)
    bulge = np.clip(4 * down * (1 - down), 0, 1) * np.clip(1 - aside**2, 0, 1)
    crease = np.exp(-np.square((points[:, 1] - fold) / (FOLD_WIDE * height))) * smooth_step((1 - aside) / 0.3)
    return BULGE * bulge - FOLDED * crease


def _draw_lashes(skin: np.ndarray, picture: np.ndarray, landmarks: Landmarks, eye: int, points: np.ndarray) -> None:
    """Draws the line of shut lids on `skin` (H, W, 3), whose pixels lie at `points` (H * W, 2), in the ink of the open lids."""
    above, below = landmarks.lids(eye)
    ink = _picked(picture.astype(float), above[1:-1])
    ink = ink[ink.mean(1).argmin()]
    _, away = nearest_on(below + LIFTED * (above - below), points, closed=False)
    width = max(INK * np.ptp(landmarks.eye(eye)[:, 1]) * (THIN if landmarks.muzzle else 1), 1.0)
    share = np.clip(width / 2 + 0.5 - away, 0, 1).reshape(*skin.shape[:2], 1)
    skin += share * (ink - skin)


def _without_lines(colours: np.ndarray, measures: tuple[float, float]) -> np.ndarray:
    """The colours (H, W, 3), softened, without dark lines such as lashes and the crease of the lid; the shadows of the eye's hollow stay.
    `measures` are the unit and the height of the eye."""
    unit, height = measures
    size = 2 * max(int(LINE / 2 * height), 1) + 1
    soft = gaussian_filter(colours, (unit, unit, 0))
    return gaussian_filter(grey_closing(soft, (size, size, 1)), (size / 4, size / 4, 0))


def _lightened(colours: np.ndarray, under: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """The colours with a `share` of what is no skin as light as a shadow on the skin `under` the eye. Beside an eye without glasses what
    is dark is the side of the face."""
    return colours + share * _not_skin(colours, under) * (SHADOW * under - colours)


def _not_skin(colours: np.ndarray, under: np.ndarray) -> np.ndarray:
    """How much (H, W, 1) of each pixel is too dark for the skin `under` the eye: a brow, a frame of glasses."""
    return smooth_step((DARKEST - colours.mean(2, keepdims=True) / max(under.mean(), 1)) / 0.15)


def _membrane(colours: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """The picture (H, W, 3) with its `inside` (H, W) as smooth as its border allows. Source: Perez, Gangnet and Blake 2003."""
    index = np.arange(inside.size).reshape(inside.shape)
    edges = np.concatenate([np.c_[index[:, :-1].ravel(), index[:, 1:].ravel()], np.c_[index[:-1].ravel(), index[1:].ravel()]])
    matrix = laplacian(edges, np.ones(len(edges)), inside.size)
    return spread(matrix, ~inside.ravel(), colours.reshape(-1, 3)).reshape(colours.shape)


def _grain(picture: np.ndarray, outline: np.ndarray, points: np.ndarray, measures: tuple[float, float]) -> np.ndarray:
    """The grain (n,) of the skin below the eye, mirrored to `points` (n, 2) above; `measures` are the unit and the most it may be."""
    unit, most = measures
    grey = picture.astype(np.float32).mean(2)
    fine = np.clip(grey - gaussian_filter(grey, 2.0 * unit), -most, most)
    fine -= uniform_filter1d(fine, max(int(WHOLE_LINE * np.ptp(outline[:, 0])), 3), axis=1)  # no line of a frame is grain
    line = outline[:, 1].max() + 0.35 * np.ptp(outline[:, 1])
    grain = _picked(fine, np.stack([points[:, 0], line + np.abs(line - points[:, 1])], 1))
    usual = OUTLIER * float(np.median(np.abs(grain)))
    return np.clip(grain, -usual, usual)


def _under(picture: np.ndarray, landmarks: Landmarks, eye: int, unit: float) -> np.ndarray:
    """The colour (3,) of the skin under an eye."""
    places = landmarks.points[list(UNDER_EYES[eye])]
    reach = max(int(2 * unit), 1)
    steps = np.arange(-reach, reach + 1)
    spots = places[:, None, None] + np.stack(np.meshgrid(steps, steps), -1)[None].reshape(1, 1, -1, 2)
    return np.median(_picked(picture.astype(float), spots.reshape(-1, 2)), 0)


def _picked(picture: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The values (n, ...) of `picture` (H, W, ...) at `places` (n, 2)."""
    height, width = picture.shape[:2]
    return picture[np.clip(places[:, 1].astype(int), 0, height - 1), np.clip(places[:, 0].astype(int), 0, width - 1)]

"""The person's own upper teeth, where the photo shows them: a strip of the photo that stands where the default head has its own."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d, map_coordinates, median_filter

from visavox.gamma import GAMMA
from visavox.portrait.covered import lip_pixels
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import LOWER_LIP, UPPER_LIP
from visavox.portrait.mouth import LUMINANCE, interior, shown_teeth
from visavox.portrait.planar import grid_triangles, height_along
from visavox.portrait.rest import Rest
from visavox.portrait.softness import softness_of
from visavox.render.mouth import mouth_light
from visavox.render.photo_camera import PhotoCamera
from visavox.rigs.heads.default_head import Head

STILL = 1e-4  # metres that jawOpen moves an upper tooth at most
SPACING, ROWS = 1.25, 14  # pixels at 512 between columns of the strip; its rows
RIM = 0.9  # of the photo's softness: so near to a lip a tooth is mixed with it
TOOTH_LIGHT, GAP_LIGHT = 0.55, 0.72  # of the teeth's light: columns that are darker show none; a dip so deep ends the upper row
WIDE, HIGH = 0.30, 0.030  # of the width of the mouth and of the distance of the eyes that must show
TALLEST = 0.95  # of the height of the default head's row that a row may have: two rows that meet are taller
HANGS = 0.35  # of what lies between the lips in a column, within which the upper row begins
SURE = 0.6  # of the columns that tell must agree on a bow
SMOOTH = 0.010  # of the distance of the eyes by which the edge of the row may leave a bow
DARK_COLUMNS = 0.25  # of the columns in which it grows dark below the row: from so many on it ends there, else at the lower lip
LESS_RED, LIGHTER = 0.8, 1.35  # red over green, and light, of teeth over those of lips: one must hold, or a mouth that opens looks shut
MIRRORED = 0.7  # of the way beyond what is seen, at which the strip mirrors it
CRISP = 0.7  # how much of the sharpness that a second softening will take is given beforehand


@dataclass(frozen=True, eq=False)
class OwnTeeth:
    """A strip of the photo with its place in the mouth.

    positions (n, 3) in the head's metres; triangles (m, 3) over these n; colour (n, 3) of each in linear light. Of the light from
    outside `light` (n,) is the share that reached each in the photo.
    """

    positions: np.ndarray
    triangles: np.ndarray
    colour: np.ndarray
    light: np.ndarray


def upper_teeth(head: Head) -> np.ndarray:
    """Which (n,) of the positions of `interior` are teeth that no jaw moves."""
    positions, _, _, teeth = interior(head)
    return teeth & (np.linalg.norm(head.shapes[head.shape_names.index("jawOpen"), positions], axis=1) < STILL)


def own_teeth(photo: np.ndarray, landmarks: Landmarks, head: Head, rest: Rest, view: tuple[PhotoCamera, float]) -> OwnTeeth | None:
    """The upper teeth that the photo (H, W, 3) uint8 shows; None where it shows none, or too few. `view` is its camera and its unit."""
    camera, unit = view
    bright = shown_teeth(photo, landmarks)
    if bright is None or landmarks.by_hand:
        return None
    soft = softness_of(photo, landmarks, unit)
    seen = _Seen(photo, landmarks, float(bright @ LUMINANCE), soft)
    model = rest.shown[interior(head)[0][upper_teeth(head)]]
    places = camera.project(model)[:, :2]
    if not seen.enough(TALLEST * float(np.ptp(places[:, 1]))):
        return None
    columns = np.arange(places[:, 0].min(), places[:, 0].max() + SPACING * unit, SPACING * unit)
    low, high, depth = _arch(columns, places, camera.seen(model)[:, 2], 2 * SPACING * unit)
    x, edge, top = seen.along(columns, low)
    up = np.linspace(0, 1, ROWS)
    tall = np.maximum(low - high, edge - top)
    y = edge - up[:, None] * tall
    across = np.broadcast_to(columns, y.shape)
    positions = camera.place(np.stack([across.ravel(), y.ravel()], 1), np.tile(depth, ROWS))
    colour = _picked(photo, soft, np.broadcast_to(x, y.shape), _mirrored(edge - y, edge - top, seen.edge_at(x), seen.top_at(x)))
    if not _apart(colour, (lip_pixels(photo, landmarks) / np.float32(255)) ** GAMMA):
        return None
    lips = rest.shown[head.lip_points[:4]]
    return OwnTeeth(
        positions, grid_triangles(len(columns), ROWS)[:, ::-1].astype(np.int32), colour, mouth_light(np.float32(positions), lips)
    )


def _apart(teeth: np.ndarray, lips: np.ndarray) -> bool:
    """Whether `teeth` (n, 3) differ from `lips` (m, 3) in linear light so much that a mouth that opens shows: not where both are as dim."""
    if not len(lips):
        return False
    tooth, lip = np.median(teeth, 0), np.median(lips, 0)
    return bool(tooth[0] * lip[1] < LESS_RED * lip[0] * tooth[1] or tooth @ LUMINANCE > LIGHTER * (lip @ LUMINANCE))


class _Seen:
    """What the photo shows of the upper row: per column its edge below, its end under the upper lip, and where teeth begin and end."""

    def __init__(self, photo: np.ndarray, landmarks: Landmarks, light: float, soft: float):
        upper, lower = landmarks.points[list(UPPER_LIP)], landmarks.points[list(LOWER_LIP)]
        self.mouth, self.eyes = float(np.ptp(upper[:, 0])), landmarks.eyes
        self.x = np.arange(np.ceil(upper[:, 0].min()), upper[:, 0].max())
        self.top = height_along(upper, self.x) + RIM * soft
        bottom = height_along(lower, self.x) - RIM * soft
        lit = gaussian_filter((photo.astype(np.float32) / 255) ** GAMMA @ np.float32(LUMINANCE), 0.5)
        dips, shows = np.full(len(self.x), np.nan), np.zeros(len(self.x), bool)
        for column in np.flatnonzero(bottom - self.top > 2):
            rows = np.arange(self.top[column], bottom[column], 0.5)
            profile = map_coordinates(lit, [rows - 0.5, np.full(len(rows), self.x[column] - 0.5)], order=1, mode="nearest") / light
            dips[column], shows[column] = _row_end(rows, profile)
        self.first, self.last = _run(shows)
        part = slice(self.first, self.last)
        self.edge, self.sure = bottom.copy(), False
        if self.last - self.first > 5:
            self.edge[part], self.sure = _edge(self.x[part], dips[part], bottom[part], max(SMOOTH * self.eyes, 1.0))

    def enough(self, crown: float) -> bool:
        """Whether enough of the row is seen to stand for all of it, and no more than the `crown` of a tooth, in pixels: not both rows."""
        if not self.sure or self.last - self.first < WIDE * self.mouth:
            return False
        return HIGH * self.eyes < float(np.median((self.edge - self.top)[self.first : self.last])) < crown

    def edge_at(self, x: np.ndarray) -> np.ndarray:
        """The height of the edge of the row at `x` (n,)."""
        part = slice(self.first, self.last)
        return np.interp(x, self.x[part], self.edge[part])

    def top_at(self, x: np.ndarray) -> np.ndarray:
        """The height at `x` (n,) from which the upper lip hides the row."""
        part = slice(self.first, self.last)
        return np.interp(x, self.x[part], self.top[part])

    def along(self, columns: np.ndarray, model: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Which x (n,) of the photo each of the `columns` (n,) shows, and where in the picture its edge and its top lie.

        Beyond what is seen the row is mirrored, and its edge goes on as the edge of the `model` (n,) does.
        """
        start, end = self.x[self.first], self.x[self.last - 1]
        x = columns.copy()
        x = np.where(x < start, start + MIRRORED * (start - x), x)
        x = np.where(x > end, end - MIRRORED * (x - end), x)
        x = np.clip(x, start, end)
        inside = np.clip(columns, start, end)
        offset = self.edge_at(inside) - np.interp(inside, columns, model)
        edge = model + offset
        return x, edge, edge - (self.edge_at(x) - self.top_at(x))


def _row_end(rows: np.ndarray, profile: np.ndarray) -> tuple[float, bool]:
    """Where it grows dark below the upper row in a column, NaN where it does not, and whether the column shows teeth: its light over that
    of teeth is `profile` (n,) at `rows` (n,)."""
    upper = profile[: max(len(profile) // 2, 2)]
    level = upper.max()
    after = np.arange(len(profile)) > upper.argmax()
    dips = np.flatnonzero(after & (profile < GAP_LIGHT * level))
    hangs = (profile > TOOTH_LIGHT * level).argmax() <= HANGS * len(profile)
    return (rows[dips[0]] if len(dips) else np.nan), level > TOOTH_LIGHT and hangs


def _edge(x: np.ndarray, dips: np.ndarray, bottom: np.ndarray, size: float) -> tuple[np.ndarray, bool]:
    """The edge (n,) of the upper row along `x` (n,), and whether it is sure.

    It lies where it grows dark below the row, and at the lower lip, the `bottom`, where it does so nowhere. It is a bow, from which single
    teeth differ by no more than `size`, and by less the fewer columns tell.
    """
    dark = ~np.isnan(dips)
    if dark.mean() < DARK_COLUMNS or dark.sum() < 6:
        return gaussian_filter1d(bottom, size, mode="nearest"), True
    counts = dark.copy()
    for _ in range(4):
        bow = np.polynomial.Polynomial.fit(x[counts], dips[counts], 2 if np.ptp(x[counts]) > 0.6 * np.ptp(x) else 1)(x)
        off = np.abs(np.where(dark, dips - bow, 0))
        counts = dark & (off <= max(1.5 * np.median(off[dark]), size))
    free = size * min((dark.mean() - DARK_COLUMNS) / (1 - 2 * DARK_COLUMNS), 1)
    edge = np.clip(np.where(dark, dips, bow), bow - free, bow + free)
    sure = counts.sum() >= SURE * dark.sum() and np.median(off[dark]) < size
    return np.minimum(gaussian_filter1d(median_filter(edge, 5, mode="nearest"), size / 2, mode="nearest"), bottom), bool(sure)


def _run(shows: np.ndarray) -> tuple[int, int]:
    """The first and the last but one of the longest run of `shows` (n,), over gaps of up to two."""
    filled = shows.copy()
    for gap in (1, 2):
        filled[gap:-gap] |= shows[: -2 * gap] & shows[2 * gap :]
    edges = np.flatnonzero(np.diff(np.r_[0, filled.astype(int), 0]))
    if not len(edges):
        return 0, 0
    starts, ends = edges[::2], edges[1::2]
    longest = (ends - starts).argmax()
    return int(starts[longest]), int(ends[longest])


def _arch(columns: np.ndarray, places: np.ndarray, depth: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the model's row, at `places` (n, 2) and `depth` (n,): the height of its edge, of its top, and its front depth, at `columns`."""
    front = np.array([depth[_near(places[:, 0], x, reach)].max() for x in columns])
    low, high = [], []
    for x, nearest in zip(columns, front, strict=True):
        own = _near(places[:, 0], x, reach)
        own = own[depth[own] > nearest - 0.004]
        low.append(places[own, 1].max())
        high.append(places[own, 1].min())
    smooth = [gaussian_filter1d(np.array(line), 2, mode="nearest") for line in (low, high, front)]
    return smooth[0], smooth[1], smooth[2]


def _near(places: np.ndarray, x: float, reach: float) -> np.ndarray:
    """The numbers of the `places` (n,) within `reach` of x, or of the nearest one."""
    away = np.abs(places - x)
    return np.flatnonzero(away <= max(reach, away.min()))


def _mirrored(above: np.ndarray, visible: np.ndarray, edge: np.ndarray, top: np.ndarray) -> np.ndarray:
    """The photo's y of what lies `above` (rows, n) the edge of the row, of which so much is `visible` (n,) between `edge` and `top`."""
    beyond = np.maximum(above - visible, 0) * MIRRORED
    up = np.where(above > visible, np.maximum(visible - beyond, 0.35 * visible), above)
    return np.maximum(edge - up, top)


def _picked(photo: np.ndarray, soft: float, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The linear colours (n, 3) of the photo at (x, y), as crisp as a second softening wants them."""
    low = np.maximum(np.floor([y.min(), x.min()]).astype(int) - 8, 0)
    high = np.ceil([y.max(), x.max()]).astype(int) + 9
    part = photo[low[0] : high[0], low[1] : high[1]].astype(np.float32)
    part += CRISP * (part - gaussian_filter(part, (soft, soft, 0)))
    at = [y.ravel() - 0.5 - low[0], x.ravel() - 0.5 - low[1]]
    colours = np.stack([map_coordinates(part[..., k], at, order=1, mode="nearest") for k in range(3)], 1)
    return np.float32((np.clip(colours, 0, 255) / 255) ** GAMMA)

"""`PhotoPainter`: a photo whose face moves; positions in, a picture out, made of the photo's own pixels.

The whole box is drawn with one sample a pixel: the sheet shows the photo bent, and has no edges. Where there are edges, in windows round
the eyes and the mouth, it is drawn again with two by two. That is an opening, the patch of an eye or the inside of the mouth behind it, the
face over both.
"""

from copy import copy

import numpy as np

from visavox.easing import smooth_step
from visavox.gamma import GAMMA
from visavox.render.light import mesh_normals
from visavox.render.mouth import beside_front, mouth_light, reddened
from visavox.render.photo_camera import PhotoCamera
from visavox.render.photo_loops import by_green, show_fine_map, show_map, show_solid_map
from visavox.render.photo_map import INSIDE, clear_map, colour_triangles, fill_polygon, map_patch, map_sheet, map_triangles
from visavox.render.photo_parts import Eye, Moment, Mouth, Outline, PhotoParts
from visavox.render.photo_soft import bell, soften_edges, soften_inside

FINE = 2  # samples a pixel's side in the windows
EYE_AIR, MOUTH_AIR = 6, 8  # pixels at 512 round the outline that a window takes in
STUCK = 0.12  # of a blink up to which a lid is the photo's own, bent: lashes, crease and all
HIDDEN_BY = 0.4  # of a blink by which what was inside the eye's opening shows the skin round it
LATE = 0.8  # of a blink from which the rim of an eye, or all of a drawn one, gives way to the painted one
PAINTED_BY, LOOSE_BY = 0.3, 0.6  # of a blink by which a lid shows painted skin, and by which none of it moves along any more
LASHED, LASHED_FROM = 0.6, 0.25  # of its light that lid and lashes take from an eye that is nearly shut, and the blink from which they do
TOWARD = np.array([0.1, 0.25, 0.96], np.float32)  # where the light of the mouth comes from
AMBIENT = 0.45
HOLLOW = 25  # percentile of the colours in the mouth that is seen where nothing else is: a darker one made notches beside the teeth
CLOSED_LIGHT, PARTED = 0.12, 0.0035  # light between lips that touch; metres by which they part until all of it comes in
TUCKED_BACK = 0.006  # metres that the insides of shut lips lie back, so that each stays behind the other lip
TOOTH_LIGHT = 0.55  # power of the light on teeth: they stand in front
LIP_SHADOW, SHADOW_REACH, SLIT = 1.0, 0.002, 0.2  # of the light that a lip takes from teeth at its edge; metres, and of the gap, over which
DARK, MOST_CHANGE = 0.25, 1.5  # of the face's light: what is darker does not change; how much the light on skin changes at most
EDGEWISE = 0.15  # how much the rim of a face must face the viewer to be drawn at all; twice as much, to be as opaque as it was
LEAST_EDGE, MOST_EDGE = 0.6, 1.6  # pixels over which the edge of what covers something passes: less has steps, more takes time
INTO_LIP = 0.4  # of a lip's thickness over which the inside of the mouth may show, if no skin covers it
BESIDE = 1.0  # of the width of an eye or a mouth: skin so near to it may come to lie in its window
WIDER, OVER = np.array([1.06, 1.0], np.float32), np.array([0.5, 1.5], np.float32)  # how far the patch of an eye reaches under the lids


def _between_lips(mouth: Mouth, outer: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The outline (n, 2) within which a `mouth` may show its inside: part of the way from the lips' edges at `places` to their `outer` one.

    Where a face turns away its skin folds, and what lies between its triangles is no mouth.
    """
    upper, lower = (edge.at(places) for edge in mouth.edges)
    inner = np.concatenate([upper, lower[-2:0:-1]])
    return inner + INTO_LIP * (outer - inner)


class Window:
    """A part of the picture with a map of its own, `fine` times as fine; grows when it must."""

    def __init__(self, fine: int):
        self.fine = fine
        self._room = (0, 0)
        self.box = (0, 0)

    def place(self, left: int, top: int, right: int, bottom: int) -> None:
        """Sets where the window lies, in pixels, and clears it."""
        height, width = max(bottom - top, 0) * self.fine, max(right - left, 0) * self.fine
        if height > self._room[0] or width > self._room[1]:
            self._room = (max(height, self._room[0]) + 16 * self.fine, max(width, self._room[1]) + 16 * self.fine)
            self._field, self._inside = np.zeros((*self._room, 4), np.float32), np.zeros((*self._room, 3), np.float32)
            self._depth, self._stencil = np.zeros(self._room, np.float32), np.zeros(self._room, np.uint8)
        self.field, self.inside = self._field[:height, :width], self._inside[:height, :width]
        self.depth, self.stencil = self._depth[:height, :width], self._stencil[:height, :width]
        self.box = (left, top)
        clear_map(self.field, self.depth, np.float32(left), np.float32(top), np.float32(1 / self.fine))

    @property
    def maps(self) -> tuple[np.ndarray, np.ndarray]:
        """The map, and the picture of what lies inside."""
        return self.field, self.inside

    def samples(self, screen: np.ndarray) -> np.ndarray:
        """`screen` (n, 3) in pixels as samples of this window."""
        return ((screen - (*self.box, 0)) * (self.fine, self.fine, 1)).astype(np.float32)

    def cut(self, outline: np.ndarray) -> None:
        """Limits what is drawn next to the inside of the `outline` (n, 2) pixels."""
        fill_polygon(((outline - self.box) * self.fine).astype(np.float32), self.stencil)

    def hollow(self, colour: np.ndarray) -> None:
        """Shows an inside of `colour` (3,) within the outline, so that nothing of the photo's own mouth is left there."""
        within = self.stencil > 0
        self.field[within, 0], self.inside[within] = INSIDE, colour


class PhotoPainter:
    """Draws one photo; what does not move is prepared once. Not for use from two threads at a time.

    After a frame `whole_window`, `eye_windows` and `mouth_window` show which places of the photo it shows, and `light` how light.
    """

    def __init__(self, parts: PhotoParts, camera: PhotoCamera):
        self.whole, self.size = parts.photo, parts.photo.shape[:2]
        left, top, right, bottom = parts.box
        self._cut = (slice(top, bottom), slice(left, right))
        self.parts, self.camera = parts.cut(), camera.shifted(-np.array([left, top], float))
        along, across = camera.turn[0, 0] + camera.turn[1, 1], camera.turn[0, 1] - camera.turn[1, 0]
        self._tilt = np.array([[along, across], [-across, along]]) / np.hypot(along, across)  # of the head in the picture
        self._photo = np.zeros((bottom - top, right - left, 4), np.float32)
        self._photo[..., :3], self._photo[..., 3] = self.parts.photo, 1
        self._painted = np.zeros_like(self._photo)
        self._painted[..., :3], self._painted[..., 3] = self.parts.painted, 1
        self._plate = self._photo
        self._grey = bool((parts.photo[..., 1:] == parts.photo[..., :1]).all())  # then what lies in the dark is not red
        if self.parts.matte:
            self._photo[..., 3] = self.parts.matte.alpha.astype(np.float32) / 255
            self._plate = np.zeros_like(self._photo)
            self._plate[..., :3] = self.parts.matte.plate
        self._by_green = by_green(self._photo)
        self._beside_eyes, self._beside_mouth = [self._beside(eye.outline) for eye in parts.eyes], self._beside(parts.mouth.outline)
        sheet = self.parts.sheet
        count = len(sheet.uv)
        self._look = np.zeros((count, 5), np.float32)
        self._look[:, :2], self._look[:, 2], self._look[:, 3], self._look[:, 4] = sheet.uv, 1, sheet.painted, sheet.alpha
        self._alpha = sheet.alpha[: len(parts.relight.normals)]
        self._rim = smooth_step(2 * (1 - self._alpha))
        self._places, self._back = sheet.uv.astype(np.float32), sheet.back.astype(np.float32)
        self._allocate()

    def twin(self) -> "PhotoPainter":
        """Another painter of the same photo, for another thread: what never changes is shared."""
        other = copy(self)
        other._look = self._look.copy()
        other._allocate()
        return other

    def _allocate(self) -> None:
        parts = self.parts
        self._scratch, self._soft, self._bell = np.zeros((3, 4), np.float32), np.empty(0, np.float32), bell(parts.mouth.softness)
        self._edge = bell(min(max(parts.mouth.softness, LEAST_EDGE), MOST_EDGE))
        self.whole_window, self.eye_windows, self.mouth_window = Window(1), tuple(Window(FINE) for _ in parts.eyes), Window(FINE)
        self._normals = np.zeros((parts.mouth.end - parts.mouth.start, 3), np.float32)

    def draw(self, moment: Moment) -> np.ndarray:
        """The picture (H, W, 3) uint8 of a frame."""
        parts, sheet = self.parts, self.parts.sheet
        straight = (moment.positions - parts.pivot) @ moment.turn + parts.pivot  # the head's axes, before its turn
        screen = self.camera.project(moment.positions).astype(np.float32)
        grid = screen[: len(sheet.uv)].copy()
        grid[:, 2] += self._back
        self.relight(moment.turn)
        self._fade_rim(moment.turn)
        self._shut_lids(moment.shut)
        self._light_lips(straight)
        whole = self.whole.copy()
        picture, photos = whole[self._cut], (self._photo, self._painted, self._plate)
        window = self.whole_window
        left, top, right, bottom = parts.box
        window.place(left, top, right, bottom)
        self._sheet(window, (grid, screen), (sheet.grid, sheet.face))
        maps = window.field, window.stencil
        if parts.matte:
            show_map(maps, (left, top), photos, self._scratch, picture)
        else:
            show_solid_map(maps, (left, top), (*photos, self._by_green), self._scratch, picture)
        soften_edges(window.stencil, self._edge, picture.copy(), picture)
        looks = zip(moment.gaze, moment.shut, strict=True)
        for eye, beside, window, look in zip(parts.eyes, self._beside_eyes, self.eye_windows, looks, strict=True):
            self._draw_eye((eye, beside), window, (grid, screen), look)
            show_fine_map(window.maps, window.box, photos, self._scratch, picture)
        if self._draw_mouth(straight, (grid, screen)):
            self._show_mouth(photos, picture)
        if self._grey:
            picture[..., 1:] = picture[..., :1]
        return whole

    def _show_mouth(self, photos, picture: np.ndarray) -> None:
        """Draws the mouth's window as soft as the photo is."""
        window = self.mouth_window
        show_fine_map(window.maps, window.box, photos, self._scratch, picture)
        height, width = window.depth.shape[0] // FINE, window.depth.shape[1] // FINE
        if self._soft.size < 8 * height * width:
            self._soft = np.empty(10 * height * width, np.float32)
        rows = self._soft[: 8 * height * width].reshape(2, height, width, 4)
        soften_inside(window.field, window.box, self._bell, rows, picture)

    def _sheet(self, window: Window, screens, triangles: tuple[np.ndarray, np.ndarray], between=None) -> None:
        """Draws the grid, what is `between`, and the face over both, of either those `triangles` that may lie in the window."""
        (grid, screen), (far, near), count = screens, triangles, len(self._look)
        map_sheet(window.samples(grid), far, self._places, window.depth, window.field)
        if between:
            between()
        window.depth.fill(np.inf)
        map_triangles(window.samples(screen[:count]), near, self._look, window.depth, window.field)

    def _beside(self, outline: Outline) -> tuple[np.ndarray, np.ndarray]:
        """The triangles of the grid and of the face that may come to lie in the window round an `outline`."""
        sheet = self.parts.sheet
        line = outline.at(sheet.uv)
        reach = BESIDE * np.ptp(line[:, 0])
        near = ((sheet.uv > line.min(0) - reach) & (sheet.uv < line.max(0) + reach)).all(1)
        return tuple(np.ascontiguousarray(part[near[part].any(1)]) for part in (sheet.grid, sheet.face))

    def relight(self, turn: np.ndarray) -> None:
        """Lights the face as the photo's light falls on it after its `turn`."""
        relight = self.parts.relight
        count = len(relight.normals)
        before = relight.level + relight.normals @ relight.slope
        after = relight.level + relight.normals @ (relight.slope @ turn)
        change = np.clip(np.maximum(after, DARK) / np.maximum(before, DARK), 1 / MOST_CHANGE, MOST_CHANGE)
        self._look[:count, 2] = change**relight.power

    def _fade_rim(self, turn: np.ndarray) -> None:
        """Lets the rim of the face give way to what is around it where the `turn` shows it from its edge: single pixels of it stood out."""
        facing = self.parts.relight.normals @ (turn.T @ self.camera.turn[2])
        self._look[: len(facing), 4] = self._alpha * (1 - self._rim * (1 - smooth_step((facing - EDGEWISE) / EDGEWISE)))

    @property
    def light(self) -> np.ndarray:
        """How light (n,) each vertex of the sheet is drawn, 1 for as light as in the photo."""
        return self._look[:, 2]

    @property
    def opaque(self) -> np.ndarray:
        """How much (n,) each vertex of the sheet covers what is behind it."""
        return self._look[:, 4]

    def _shut_lids(self, shut: np.ndarray) -> None:
        """Lets the lids show what they show when they are `shut` (2,) so far."""
        look, uv = self._look, self.parts.sheet.uv
        for lid, share in zip(self.parts.lids, shut, strict=True):
            begun = smooth_step((share - STUCK) / (PAINTED_BY - STUCK))
            look[lid.hidden, :2] = uv[lid.hidden] + lid.out * smooth_step((share - STUCK) / (HIDDEN_BY - STUCK))
            loose = 1 - lid.stuck * (1 - smooth_step((share - STUCK) / (LOOSE_BY - STUCK)))
            look[lid.vertices, :2] = uv[lid.vertices] + lid.moves * (share * loose)[:, None]  # so that in the end it stays in its place
            ending = smooth_step((share - LATE) / (1 - LATE))
            look[lid.vertices, 2] *= 1 - lid.dark * begun * (1 - ending * lid.drawn)
            look[lid.late, 3] = ending
            look[lid.vertices, 3] = lid.painted * begun

    def _light_lips(self, straight: np.ndarray) -> None:
        """Darkens the insides of the lips the less light comes in, and their line as they touch."""
        mouth = self.parts.mouth
        light = mouth_light(straight[mouth.inner], straight[mouth.lips])
        if mouth.plain:  # a line without lips has nothing dark behind it until it opens
            light = 1 - self._parted(straight)
        self._look[mouth.inner, 2] *= 1 - mouth.behind * (1 - np.clip(light, 0.05, 1) ** (1 / GAMMA))
        self._look[mouth.touching, 2] *= 1 - mouth.contact * (1 - self._parted(straight))

    def _frame(self, window: Window, outline: np.ndarray, air: float) -> bool:
        """Places `window` round an `outline` (n, 2); false when nothing of it is in the picture."""
        air = air * self.parts.unit
        low, high = np.floor(outline.min(0) - air).astype(int), np.ceil(outline.max(0) + air).astype(int)
        left, top, right, bottom = self.parts.box
        window.place(*np.maximum(low, (left, top)).tolist(), *np.minimum(high, (right, bottom)).tolist())
        return window.depth.size > 0

    def _draw_eye(self, part: tuple[Eye, tuple], window: Window, screens, look_of: tuple[np.ndarray, float]) -> None:
        (eye, beside), screen, (gaze, shut) = part, screens[1], look_of
        outline = eye.outline.at(screen[:, :2])
        if not self._frame(window, outline, EYE_AIR):
            return
        middle = outline.mean(0)
        under = middle + (outline - middle) * WIDER + np.sign(outline - middle) * OVER * self.parts.unit
        look = np.ones((len(eye.uv), 5), np.float32)
        look[:, 2] = 1 - LASHED * smooth_step((shut - LASHED_FROM) / (1 - LASHED_FROM))
        look[:, :2] = eye.uv - eye.follows[:, None] * (np.sin(gaze[::-1]) @ self._tilt) * eye.radius

        def patch():
            window.cut(under)
            map_patch(window.samples(screen[eye.start : eye.end]), eye.triangles, look, window.stencil, window.field)

        self._sheet(window, screens, beside, patch)

    def _draw_mouth(self, straight: np.ndarray, screens) -> bool:
        """Draws the mouth into its window; false when nothing of it is to be shown."""
        grid, screen = screens
        mouth, window = self.parts.mouth, self.mouth_window
        outline = mouth.outline.at(screen[:, :2])
        shut = 1 - self._parted(straight)
        if not self._frame(window, outline, MOUTH_AIR) or (mouth.plain and shut == 1):
            return False

        screen = screen.copy()
        screen[mouth.inner, :2] += (mouth.tuck * shut)[:, None] * self._tilt[1]
        screen[mouth.inner, 2] += TUCKED_BACK * shut

        def inside():
            window.depth.fill(np.inf)
            window.cut(_between_lips(mouth, outline, screen[:, :2]))
            colour = self._inside(straight)
            window.hollow(np.percentile(colour, HOLLOW, axis=0))
            seen = window.samples(screen[mouth.start : mouth.end])
            colour_triangles(seen, mouth.triangles, colour, (window.stencil, window.depth), window.maps)

        self._sheet(window, (grid, screen), self._beside_mouth, inside)
        return True

    def _apart(self, straight: np.ndarray) -> float:
        """Metres that the lips are apart, over the rest."""
        upper, lower = straight[self.parts.mouth.lips[:2], 1]
        return float(upper - lower - self.parts.mouth.lips_rest)

    def _parted(self, straight: np.ndarray) -> float:
        """How far the lips are parted, from 0 (shut) to 1 (all light comes in)."""
        return smooth_step(self._apart(straight) / PARTED)

    def off_lips(self, teeth: np.ndarray, straight: np.ndarray) -> np.ndarray:
        """The share (n,) of the light that lips leave to `teeth` (n, 3) near their edges, on which their shadow lies."""
        away, reach = np.inf, np.clip(SLIT * self._apart(straight), SHADOW_REACH / 8, SHADOW_REACH)
        for edge, way in zip(self.parts.mouth.edges, (1, -1), strict=True):
            line = edge.at(straight)
            line = line[np.argsort(line[:, 0])]
            away = np.minimum(away, way * (np.interp(teeth[:, 0], line[:, 0], line[:, 1]) - teeth[:, 1]))
        return (1 - LIP_SHADOW * np.exp(-np.maximum(away, 0) / reach)).astype(np.float32)

    def _inside(self, straight: np.ndarray) -> np.ndarray:
        """The colours (n, 3) of what lies in the mouth, in sRGB of 0 to 255."""
        mouth = self.parts.mouth
        points, lips = np.ascontiguousarray(straight[mouth.start : mouth.end], np.float32), straight[mouth.lips]
        light = mouth_light(points, lips) * np.float32(CLOSED_LIGHT + (1 - CLOSED_LIGHT) * self._parted(straight))
        light = np.where(mouth.teeth, light**TOOTH_LIGHT, light).astype(np.float32)
        mesh_normals(points, mouth.triangles, self._normals)
        facing = AMBIENT + (1 - AMBIENT) * np.clip(self._normals @ TOWARD, 0, 1)
        linear = reddened(mouth.colour, light) * (light * facing)[:, None] * mouth.gain
        linear[mouth.teeth] *= beside_front(points[mouth.teeth])[:, None]
        own = len(points) - len(mouth.own_light)  # what the photo shows has its light already
        less = np.minimum(light[own:] / mouth.own_light**TOOTH_LIGHT, 1)
        less = less * self.off_lips(points[own:], straight)
        linear[own:] = reddened(mouth.colour[own:], less) * less[:, None]
        return np.float32(255 * np.clip(linear, 0, 1) ** (1 / GAMMA))

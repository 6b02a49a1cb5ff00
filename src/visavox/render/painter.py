"""`Painter`: one head in one look before one camera; positions in, a picture out."""

from copy import copy

import numpy as np

from visavox.easing import smooth_step
from visavox.errors import RigError
from visavox.render.appearance import Appearance, sample_map
from visavox.render.camera import Camera, Screen
from visavox.render.hair import light_strands, place_strands
from visavox.render.light import COLUMNS, Lights, Surface, light_positions, lit_between, mesh_normals, studio
from visavox.render.mixing import CHANNELS
from visavox.render.mouth import beside_front, inner_lips, lip_share, lips_parted, mouth_corners, mouth_light, reddened, tongue_sides
from visavox.render.nearest import nearest
from visavox.render.painted_skin import NOTED, SHARES
from visavox.render.raster import BLOCK, NOTHING, SAMPLES, Cover, cover_lashes, cover_mesh, cover_strands, mark_shown
from visavox.render.shade import CLOTH, EYE, SKIN, TOOTH, WET, Scene, shade_picture, tone_curve
from visavox.render.skin_map import skin_map
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.rotations import turning
from visavox.style import AnyIdentity

KINDS = {"skin": SKIN, "eyes": EYE, "teeth": TOOTH, "gums": WET, "tongue": WET, "mouth": WET, "shirt": CLOTH}
# Per group: how far red, green and blue light creeps, roughness, shine, and the colour of what is not painted (linear).
MATTER = {
    "skin": ((0.42, 0.20, 0.14), 0.44, 1.0, (0.45, 0.27, 0.19)),
    "mouth": ((0.40, 0.15, 0.10), 0.40, 0.5, (0.18, 0.038, 0.033)),
    "eyes": ((0.25, 0.16, 0.14), 0.12, 0.25, (0.8, 0.8, 0.8)),
    "teeth": ((0.30, 0.22, 0.15), 0.22, 0.7, (0.60, 0.50, 0.375)),
    "gums": ((0.40, 0.15, 0.10), 0.30, 0.7, (0.38, 0.11, 0.10)),
    "tongue": ((0.42, 0.18, 0.12), 0.34, 0.8, (0.37, 0.12, 0.108)),
    "shirt": ((0.15, 0.15, 0.15), 0.90, 0.15, (0.06, 0.09, 0.14)),
}
WET_LIP, OPEN_LIP = np.float32(0.85), np.float32(0.7)  # how dark lips are inside; what lips see once they have parted
LOWER_ROW = np.float32(0.78)  # how much darker the lower teeth are than the upper ones: they are the smaller and greyer ones
SHADOW = 0.0055  # metres that the shadow of a lid or lip spans
LOWER_LASHES = -0.002  # metres above the eyes of the neutral face under which a lash belongs to the lower lid
TURNS = ((0, 0), (25, 0), (-25, 0), (0, 12), (0, -12))  # degrees of yaw and pitch in which a speaker's head is seen
STEADY = 0.99  # head weight from which a position belongs to the skull


class Painter:
    """Draws one identity of a head; everything that does not move is prepared once. Not for use from two threads at a time."""

    def __init__(self, head: Head, identity: AnyIdentity, appearance: Appearance, camera: Camera):
        self.camera, self.appearance = camera, appearance
        self.lights: Lights = studio()
        self._divide(head)
        self.eye = np.array(camera.position, np.float32)
        self.reach, self.key = np.float32(SHADOW * camera.focal * SAMPLES / self.eye[2]), _window(self.lights)
        rest = head.preset_positions[0]
        neutral = head.neutral(identity)
        self._allocate_cover()
        self._order(neutral)
        self._paint(head, rest)
        self._steady(head, neutral)
        self.lip_points, self.lid_points = head.lip_points[:4], head.lid_points
        self.lids_apart = _apart(neutral[self.lid_points])
        strands = appearance.strands
        skin = np.unique(self.faces[self.kind == SKIN])
        same = np.array_equal(rest, neutral)
        self.strands = strands if strands is None or same else strands.fitted(rest[skin], neutral[skin])
        self._allocate()
        self.background = backdrop(camera.size)
        self.tone = tone_curve()
        self.skin = np.zeros((*appearance.skin.shape[:2], CHANNELS), np.uint8)
        self.skin[..., : appearance.skin.shape[2]] = appearance.skin

    def draw(self, positions: np.ndarray) -> np.ndarray:
        """The picture (size, size, 3) uint8 of `positions` (V, 3) in metres, as `Head.vertices` returns them for a frame."""
        placed = np.array(positions, np.float32)
        mesh_normals(placed, self.faces, self.normals)
        placed[self.lifted] += self.normals[self.lifted] * self.lift[:, None]
        turn, shift = self._pose(placed)
        pose, view = np.concatenate([turn, shift[None]]), np.stack([self.eye, turn[1]])
        screen = self.camera.project(placed, SAMPLES)
        self._cover_mesh(screen)
        rows = self._darken_lashes(placed, screen)
        hair_screen = self._cover_hair(pose)
        mark_shown(self.cover, self.faces, self.items, self.shown, self.hair_shown)
        self._cast_shadow(turn)
        self._light_mouth(placed, turn)
        light_positions((placed, self.normals, self.shown), self.surface, self.lights, view, self.reflected)
        self._light_hair(pose)
        scene = Scene(
            screen, self.faces, self.uv, self.kind, self.reflected, self.normals, self.colour, self.skin, self.mixed, self.noted,
            self.noted_shares, self.hair_light, hair_screen, self.shadow, rows, self.appearance.iris, turn, self.key, self.reach,
            self.tone, self.background,
        )  # fmt: skip
        picture = self.background.copy()
        shade_picture(self.cover, scene, picture)
        return picture

    def twin(self) -> "Painter":
        """A painter of the same pictures for another thread: what does not move is shared."""
        other = copy(self)
        other.surface = self.surface._replace(open=self.surface.open.copy(), lit=self.surface.lit.copy())
        other.colour = self.colour.copy()
        other._allocate()
        return other

    def _divide(self, head: Head) -> None:
        """Sorts triangles into those that are filled and lashes, with their kinds and the uv of their corners."""
        unknown = set(head.groups) - set(KINDS) - {"lashes"}
        if unknown:
            raise RigError(f"the head has parts that cannot be drawn: {', '.join(sorted(unknown))}; bake it again")
        over_positions = head.position_index[head.faces].astype(np.int32)
        names = np.array(head.groups)[head.face_group]
        lashes = names == "lashes"
        self.faces, self.names = np.ascontiguousarray(over_positions[~lashes]), names[~lashes]
        self.kind = np.array([KINDS[name] for name in self.names], np.uint8)
        self.uv = head.uv[head.faces[~lashes]].astype(np.float32)
        self.lash_faces = np.ascontiguousarray(over_positions[lashes])
        self.lash_positions = np.unique(self.lash_faces)
        self.lash_uv = head.uv[head.faces[lashes]].astype(np.float32)

    def _paint(self, head: Head, rest: np.ndarray) -> None:
        """Gives every position its matter, and skin its place in the painted map."""
        count, look = len(rest), self.appearance
        colour, scatter = np.zeros((count, 3), np.float32), np.zeros((count, 3), np.float32)
        rough, shine = np.ones(count, np.float32), np.zeros(count, np.float32)
        for name in reversed(MATTER):  # skin last: where it meets the mouth it stays skin
            at = np.unique(self.faces[self.names == name])
            scatter[at], rough[at], shine[at], colour[at] = MATTER[name]
        colour[np.unique(self.faces[self.kind == CLOTH])] = look.shirt
        middle = rest[self.lash_faces].mean(1)
        below = middle[:, 1] < LOWER_LASHES
        self.lash_strength = np.where(below, 0.40, 0.90).astype(np.float32) * np.float32(look.lashes)
        self.lower_lashes = [np.flatnonzero(below & (side * middle[:, 0] > 0)) for side in (1, -1)]
        skin = np.unique(self.faces[self.kind == SKIN])
        uv = skin_map(rest)
        self.uv[self.kind == SKIN] = uv[self.faces[self.kind == SKIN]]
        opened, lit, lift = np.ones(count, np.float32), np.ones(count, np.float32), np.zeros(count, np.float32)
        outside = np.unique(self.faces[(self.kind == SKIN) | (self.kind == CLOTH)])
        _, near = nearest(look.shade[:, :3], rest[outside])
        dull = mouth_corners(rest[outside], rest[head.lip_points[2:4]])
        opened[outside] = look.shade[near, 3] * dull
        shine[outside] *= dull
        self.outside, self.lit_maps = outside, np.ascontiguousarray(look.lit[:, :, near] * dull)
        self.turning = head.head_weight[outside].astype(np.float32)
        self.lit_rest = lit_between(self.lit_maps, self.lights.direction[0])
        lift[skin] = sample_map(look.lift, uv[skin])
        inside = np.unique(self.faces[(self.kind == WET) | (self.kind == TOOTH)])
        self.inside = np.setdiff1d(inside, skin)
        self.sides = np.ones(len(self.inside), np.float32)
        tongue = np.isin(self.inside, np.unique(self.faces[self.names == "tongue"]))
        self.sides[tongue] = tongue_sides(rest[self.inside[tongue]])
        teeth, lower = np.unique(self.faces[self.names == "teeth"]), self._lower_teeth(head)
        colour[teeth] *= beside_front(rest[teeth])[:, None]
        colour[lower] *= LOWER_ROW * beside_front(rest[lower])[:, None]
        self.lifted = np.flatnonzero(lift > 1e-5)
        self.lift, self.colour = lift[self.lifted], colour
        self.surface = Surface(scatter, rough, shine, opened, lit)
        self._redden_lips(rest, skin)

    def _lower_teeth(self, head: Head) -> np.ndarray:
        """The positions of the teeth that fall with the jaw; none on a head without teeth."""
        teeth = np.unique(self.faces[self.names == "teeth"])
        if not len(teeth):
            return teeth
        return teeth[np.abs(head.shapes[head.shape_names.index("jawOpen"), teeth]).max(1) > 1e-3]

    def _redden_lips(self, rest: np.ndarray, skin: np.ndarray) -> None:
        """Carries the red of the lips round their edge into the mouth: without it a black line runs around every opening."""
        mouth = np.unique(self.faces[self.names == "mouth"])
        edge = np.intersect1d(mouth, skin)
        share = inner_lips(rest[mouth], rest[edge])[:, None]
        self.colour[mouth] += share * (self.appearance.lips * WET_LIP - self.colour[mouth])
        self.inner_colour = self.colour[self.inside]
        near = lip_share(rest[skin], rest[edge])
        self.lips = skin[near > 0]
        self.lips_rest = self.surface.open[self.lips]
        self.lips_clear = near[near > 0] * np.maximum(OPEN_LIP - self.lips_rest, 0)

    def _steady(self, head: Head, neutral: np.ndarray) -> None:
        """Chooses the positions that tell where the skull is: moved by no shape, fully by the head."""
        still = (np.abs(head.shapes).max(0).max(1) < 1e-5) & (head.head_weight > STEADY)
        still[np.unique(self.faces[self.kind != SKIN])] = False
        still[self.lifted] = False
        found = np.flatnonzero(still)
        self.skull = found[:: max(len(found) // 200, 1)] if len(found) > 3 else np.arange(len(neutral))
        self.skull_rest = neutral[self.skull]

    def _pose(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The rotation (3, 3), rows the head's left, up and front, and the shift (3,) of the skull from its rest.

        A point p at rest is now at p @ rotation + shift. Source: Kabsch 1976.
        """
        now = positions[self.skull]
        start, end = self.skull_rest.mean(0), now.mean(0)
        left, _, right = np.linalg.svd((self.skull_rest - start).T @ (now - end))
        flip = np.diag([1, 1, np.sign(np.linalg.det(left @ right))]).astype(np.float32)
        turn = np.ascontiguousarray(left @ flip @ right, np.float32)
        return turn, (end - start @ turn).astype(np.float32)

    def _cast_shadow(self, turn: np.ndarray) -> None:
        """Lets the shadow of the key light wander over the face as the head turns under it; shoulders keep theirs."""
        now = lit_between(self.lit_maps, turn @ self.lights.direction[0])
        self.surface.lit[self.outside] = self.lit_rest + (now - self.lit_rest) * self.turning

    def _light_mouth(self, positions: np.ndarray, turn: np.ndarray) -> None:
        """Lights what is inside the mouth through the lips of this frame, where it shows: a tongue that comes out comes to light."""
        shown = np.flatnonzero(self.shown[self.inside])
        inside, around = self.inside[shown], positions[self.lip_points] @ turn.T
        light = mouth_light(positions[inside] @ turn.T, around) ** self.sides[shown]
        self.surface.open[inside] = light
        self.surface.lit[inside] = light
        self.colour[inside] = reddened(self.inner_colour[shown], light)
        shown = np.flatnonzero(self.shown[self.lips])
        lips = self.lips[shown]
        clear = lips_parted(positions[lips] @ turn.T, around) * self.lips_clear[shown]
        self.surface.open[lips] = self.lips_rest[shown] + clear
        self.surface.lit[lips] = np.maximum(self.surface.lit[lips], clear)

    def _cover_mesh(self, screen: Screen) -> None:
        """Draws the mesh into an empty cover."""
        self.cover.depth.fill(np.inf)
        self.cover.item.fill(NOTHING)
        cover_mesh(screen, self.faces, self.likely, self.cover, self.farthest)

    def _darken_lashes(self, positions: np.ndarray, screen: Screen) -> tuple[int, int]:
        """Draws the shade of the lashes; the rows of samples, whole pixels, between which all of it lies.

        No other row is cleared or read.
        """
        heights = screen.y[self.lash_positions]
        if not len(heights):
            return 0, 0
        ends = np.clip([heights.min() // SAMPLES, heights.max() // SAMPLES + 1], 0, self.camera.size)
        first, last = (int(end) * SAMPLES for end in ends)
        self.shadow[first:last] = 0
        cover_lashes(screen, self.lash_faces, self.lash_uv, self._lash_strength(positions), self.cover, self.shadow)
        return first, last

    def _lash_strength(self, positions: np.ndarray) -> np.ndarray:
        """How dark each triangle (F,) of the lashes is: lower lashes hide under the upper ones as an eye closes."""
        strength = self.lash_strength.copy()
        for lower, apart in zip(self.lower_lashes, _apart(positions[self.lid_points]) / self.lids_apart, strict=True):
            strength[lower] *= np.clip((apart - 0.15) / 0.35, 0, 1)
        return strength

    def _cover_hair(self, pose: np.ndarray) -> Screen:
        """Draws the hair of a head in `pose` (4, 3) into the cover; its screen."""
        if self.strands is None:
            return self.no_hair
        place_strands(self.strands.points, pose, self.eye, self.placed, self.visible)
        screen = self.camera.project(self.placed.reshape(-1, 3), SAMPLES)
        scale = np.float32(self.camera.focal * SAMPLES / 2) / screen.depth.reshape(self.strands.width.shape)
        cover_strands(screen, np.maximum(self.strands.width * scale, 0.42), self.visible, self.cover, len(self.faces))
        return screen

    def _light_hair(self, pose: np.ndarray) -> None:
        if self.strands is not None:
            hair = self.strands.points, self.placed, self.strands.colour, self.strands.depth
            light_strands(hair, self.hair_shown, pose, self.lights, self.eye, self.hair_light)

    def _order(self, neutral: np.ndarray) -> None:
        """Sorts the triangles: the first `likely` are seen at rest or in a turn of the head, so that most others are found hidden
        behind them. Whatever the pose, the order changes what a picture costs, and not what it shows.
        """
        everything, seen = len(self.faces), np.zeros(len(self.faces), bool)
        self.likely, self.farthest = everything, np.empty((-(-len(self.cover.item) // BLOCK),) * 2, np.float32)
        middle = neutral.mean(0)
        for turn in turning("YX", np.radians(TURNS)):
            self._cover_mesh(self.camera.project((neutral - middle) @ turn + middle, SAMPLES))
            items = self.cover.item[self.cover.item != NOTHING]
            seen[items] = True
        order = np.argsort(~seen, kind="stable")
        self.likely = int(seen.sum())
        self.faces, self.names = np.ascontiguousarray(self.faces[order]), self.names[order]
        self.kind, self.uv = self.kind[order], np.ascontiguousarray(self.uv[order])

    def _allocate(self) -> None:
        """Makes room for what belongs to one frame."""
        self._allocate_cover()
        count = len(self.surface.lit)
        self.farthest, self.shadow = self.farthest.copy(), np.zeros(self.cover.depth.shape, np.float32)
        self.normals, self.reflected = np.empty((count, 3), np.float32), np.zeros((count, COLUMNS), np.float32)
        self.shown, points = np.zeros(count, bool), np.zeros((1, 1, 3), np.float32) if self.strands is None else self.strands.points
        self.placed, self.visible = np.zeros_like(points), np.zeros(points.shape[:2], bool)
        self.hair_light, self.hair_shown = np.zeros((self.visible.size, 3), np.float32), np.zeros(self.visible.size, bool)
        self.items = np.zeros(1 + len(self.faces) + self.visible.size, bool)
        self.noted, self.noted_shares = np.zeros((self.camera.size, NOTED), np.uint32), np.zeros((self.camera.size, SHARES), np.float32)
        self.mixed = np.zeros((2, CHANNELS), np.float32)
        self.no_hair = self.camera.project(self.hair_light, SAMPLES)

    def _allocate_cover(self) -> None:
        self.cover = Cover.empty(self.camera.size * SAMPLES)


def _window(lights: Lights) -> np.ndarray:
    """The frame (3, 3) of the window that eyes mirror, a little lower than the key light: towards it, to its right, and up."""
    toward = lights.direction[0] * (1, 0.70, 1)
    toward /= np.linalg.norm(toward)
    right = np.cross((0, 1, 0), toward)
    right /= np.linalg.norm(right)
    return np.stack([toward, right, np.cross(toward, right)]).astype(np.float32)


def _apart(lids: np.ndarray) -> np.ndarray:
    """How far (2,) the lids (2, 2, 3) of each eye are apart, in metres."""
    return np.maximum(np.linalg.norm(lids[:, 0] - lids[:, 1], axis=1), 1e-6)


def backdrop(size: int) -> np.ndarray:
    """The background (size, size, 3) bytes: cool grey, lighter behind the head, with a grain that hides the steps of bytes."""
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    far = smooth_step(np.hypot(x * 0.80 + 0.10, y * 0.70 + 0.12) / 1.25)[..., None]
    shade = (np.array([0.42, 0.45, 0.49]) * (1 - far) + np.array([0.14, 0.15, 0.18]) * far) * 255
    grain = np.random.Generator(np.random.PCG64(7)).random((size, size, 1))
    return (shade + grain).astype(np.uint8)

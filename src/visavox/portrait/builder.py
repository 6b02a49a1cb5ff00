"""`build`: a photo and its landmarks to a `Portrait`."""

from dataclasses import replace

import numpy as np

from visavox.errors import FileError
from visavox.portrait.correspondence import Correspondence, packaged
from visavox.portrait.eyes import eye_patch
from visavox.portrait.face import LIP_RIM_OPEN, FaceMesh, face_mesh
from visavox.portrait.fit import Fitted, fit
from visavox.portrait.glasses import steadied, wears_glasses
from visavox.portrait.grid import Grid, grid_around
from visavox.portrait.landmarks import Landmarks
from visavox.portrait.layout import EYES, LOWER_LIP, OUTER_LIPS, UPPER_LIP
from visavox.portrait.lids import fitted_blinks, lids_of, painted_over
from visavox.portrait.lips import evened_lips, grown
from visavox.portrait.mouth import coloured, colourful, human, interior, light_of
from visavox.portrait.planar import depth_inside
from visavox.portrait.plate import plate_of
from visavox.portrait.portrait import Portrait
from visavox.portrait.relighting import relight_of
from visavox.portrait.rest import Rest, closed_lips, rest_of, without_sides
from visavox.portrait.softness import softness_of
from visavox.portrait.teeth import own_teeth, upper_teeth
from visavox.portrait.upright import Upright
from visavox.render.photo_camera import PhotoCamera
from visavox.render.photo_parts import Eye, Matte, Mouth, Outline, PhotoParts, Sheet
from visavox.rigs.heads.default_head import SIDES, Head
from visavox.rigs.heads.lids import SHUT, shut_lids

WIDEST_TURN = 30.0  # degrees of yaw from which a photo is a profile
FARTHEST_NOD, FARTHEST_TILT = 35.0, 60.0  # degrees up or down, and towards a shoulder, from which what moves a face would spoil it
TUCKED = 1.2  # pixels at 512 that the inside of a shut lip goes on behind the other one, so that no crack shows what is inside
FUR_SOFT = 2.0  # pixels at 512 over which fur passes into a mouth: it has no edge
STIFF_MUZZLE = 0.35  # of what lips do that a muzzle does: its jaw opens, but it hardly rounds or spreads
SHUT_BY, LEAST_BLINK = 1.06, 1e-4  # of the fitted blink at which an eye is shut for sure; metres of it at least
LEAST_CONTACT = 0.004  # of the light: less changes no byte
SET_BACK = 0.15  # metres that what does not move lies behind what does
SIDE, OVAL_HEIGHTS = 512, 2.3  # pixels of the picture for which widths in pixels are given, and the heights of a face in it


def build(photo: np.ndarray, landmarks: Landmarks, alpha: np.ndarray | None = None) -> Portrait:
    """The portrait of the face that `landmarks` show in `photo` (H, W, 3) uint8; a FileError for a profile, with its angle.

    With an `alpha` (H, W) uint8 of the person the background stays still behind him.
    """
    head, correspondence = packaged()
    upright = Upright.of(landmarks)
    picture, level = upright.picture(photo), upright.landmarks(landmarks)
    unit = OVAL_HEIGHTS * float(np.ptp(level.oval[:, 1])) / SIDE
    level = closed_lips(picture, level)
    fitted = fit(head, correspondence, level, unit)
    _check_turn(upright.camera(fitted.camera))
    rest = rest_of(head, correspondence, fitted, fitted.bent(_bending(head, correspondence)), level)
    if landmarks.by_hand:
        rest = without_sides(rest, np.unique(correspondence.skin), fitted.camera)
    return _Assembly(head, correspondence, level, rest, fitted).portrait(photo, (upright, picture, unit), alpha)


def _check_turn(camera: PhotoCamera) -> None:
    yaw, pitch, roll = camera.angles()
    if abs(yaw) > WIDEST_TURN:
        found = f"the face is turned by {abs(yaw):.0f} degrees to the side"
        raise FileError(f"{found}; a portrait needs a face from the front, up to {WIDEST_TURN:.0f} degrees: give another photo")
    if abs(roll) > FARTHEST_TILT:
        found = f"the face lies on its side, by {abs(roll):.0f} degrees"
        raise FileError(f"{found}; a portrait needs it upright, up to {FARTHEST_TILT:.0f} degrees: turn the photo and give it again")
    if abs(pitch) > FARTHEST_NOD:
        found = f"the face looks {'down' if pitch > 0 else 'up'} by {abs(pitch):.0f} degrees"
        raise FileError(f"{found}; a portrait needs a face from the front, up to {FARTHEST_NOD:.0f} degrees: give another photo")


def _bending(head: Head, correspondence: Correspondence) -> np.ndarray:
    """The positions that are bent onto the photo: the skin that can be seen and the mouth."""
    return np.union1d(np.unique(correspondence.skin), interior(head)[0])


class _Assembly:
    """Puts the parts of a portrait together: their positions one after the other, and the arrays of a `Head` over them."""

    def __init__(self, head: Head, correspondence: Correspondence, landmarks: Landmarks, rest: Rest, fitted: Fitted):
        self.head, self.correspondence, self.landmarks, self.rest, self.camera = head, correspondence, landmarks, rest, fitted.camera

    def portrait(self, photo: np.ndarray, view: tuple[Upright, np.ndarray, float], alpha: np.ndarray | None) -> Portrait:
        """The portrait on `photo`. It is read in its upright picture: `view` is how that is turned, the picture, and the unit."""
        head, camera, (upright, picture, unit) = self.head, self.camera, view
        self.shapes = fitted_blinks(head, self.correspondence, self.rest, camera, unit)
        glasses = not self.landmarks.by_hand and wears_glasses(picture, self.landmarks)
        if glasses:
            self.shapes = steadied(head, self.shapes, self.landmarks, camera.project(self.rest.shown)[:, :2])
        if self.landmarks.muzzle:
            self.shapes[[name.startswith("mouth") for name in head.shape_names]] *= STIFF_MUZZLE
        face = face_mesh(head, self.correspondence, self.landmarks, self.rest, camera, unit)
        own, places = upright.camera(camera), replace(self.landmarks, points=upright.back(self.landmarks.points))
        grid = grid_around(head, places, self.rest, self.shapes, own, photo.shape[:2])
        patches = [eye_patch(head, self.landmarks, self.rest, camera, eye, unit) for eye in range(len(EYES))]
        inside = interior(head)
        self.own = own_teeth(picture, self.landmarks, head, self.rest, (camera, unit))
        self.face, self.index = face, _index(face, len(head.head_weight))
        self._gather(face, grid, inside[0], patches)
        built = self._head(len(face.vertices) + len(grid.positions))
        full = self._full(built)
        painted = painted_over(picture, self.landmarks, unit, glasses)
        self.parted = not (self.landmarks.closed or self.landmarks.by_hand)
        if self.parted:
            painted = evened_lips(painted, picture, self.landmarks, LIP_RIM_OPEN * self.landmarks.eyes)
        lids = lids_of(head, face, self.landmarks, self.rest, self.shapes, ((picture, painted), camera, unit, full, glasses))
        matte = None if alpha is None else Matte(alpha, plate_of(photo, alpha, unit))
        parts = PhotoParts(
            photo, upright.painted(photo, picture, painted), matte, grid.box, unit, self._sheet(face, grid, upright),
            tuple(map(upright.lid, lids)), tuple(replace(eye, uv=upright.back(eye.uv)) for eye in self._eyes(patches)),
            self._mouth(picture, inside, unit), relight_of(picture, face, self.rest, camera, unit), built.pivot,
        )  # fmt: skip
        return Portrait(built, own, parts, full)

    def _gather(self, face: FaceMesh, grid: Grid, inside: np.ndarray, patches: list) -> None:
        """Lays all positions in one row: face, grid, mouth with the person's own teeth, if they show, eyes, and the six and four points by
        which mouths and eyes are measured."""
        head, rest, shapes = self.head, self.rest.positions, self.shapes
        measured = np.concatenate([head.lip_points, head.lid_points.ravel()])
        own = [face.vertices, None, inside, None, None, None, measured]
        teeth = self.own.positions if self.own else np.zeros((0, 3))
        rests = [grid.positions, teeth, *(patch[0] for patch in patches)]
        still = [np.zeros((len(shapes), len(part), 3)) for part in rests[1:]]
        outside, moves = iter(rests), iter([grid.shapes, *still])
        counts, row, moving = [], [], []
        for chosen in own:
            row.append(rest[chosen] if chosen is not None else next(outside))
            moving.append(shapes[:, chosen] if chosen is not None else next(moves))
            counts.append(len(row[-1]))
        self.starts = np.r_[0, np.cumsum(counts)]
        self.positions = np.concatenate(row).astype(np.float32)
        self.moves = np.concatenate(moving, 1).astype(np.float32)
        self._measure_lids()
        self.weight = np.ones(len(self.positions), np.float32)
        self.weight[self.starts[1] : self.starts[2]] = grid.weight
        self.tongue = head.corrective_shapes[:, inside] * np.float32(self.rest.size)

    def _measure_lids(self) -> None:
        """Puts the lower of the points by which an eye is measured where its lids meet. So a whole blink is the one that was fitted to
        this eye, and SHUT_BY of it; no lid falls over the other one."""
        for eye, side in enumerate(SIDES):
            upper = self.starts[6] + 6 + 2 * eye
            blink = self.moves[self.head.shape_names.index(f"eyeBlink{side}"), upper : upper + 2, 1]
            self.positions[upper + 1, 1] = self.positions[upper, 1] - SHUT - SHUT_BY * max(blink[1] - blink[0], LEAST_BLINK)

    def _head(self, sheet: int) -> Head:
        """The arrays of a `Head` over the gathered positions."""
        head, starts = self.head, self.starts
        corrective = np.zeros((len(head.corrective_shapes), *self.positions.shape), np.float32)
        corrective[:, starts[2] : starts[3]] = self.tongue
        measured = starts[6] + np.arange(10)
        triangles = np.concatenate([self.face.triangles, starts[2] + interior(head)[1]]).astype(np.int32)
        groups = np.r_[np.zeros(len(self.face.triangles), np.int32), np.full(len(triangles) - len(self.face.triangles), 1, np.int32)]
        return replace(
            head, presets=("photo",), identity_names=(), groups=("skin", "mouth", "eyes"), faces=triangles, face_group=groups,
            position_index=np.arange(len(self.positions)), uv=np.zeros((len(self.positions), 2), np.float32),
            preset_positions=self.positions[None], shapes=self.moves, corrective_shapes=corrective,
            identity_shapes=np.zeros((0, *self.positions.shape), np.float32), head_weight=self.weight,
            pivot=head.pivot * np.float32(self.rest.size), eye_centre=head.eye_centre[:1], eye_radius=head.eye_radius[:1],
            lip_points=measured[:6], lid_points=measured[6:].reshape(2, 2),
        )  # fmt: skip

    def _full(self, built: Head) -> np.ndarray:
        """The weights (2,) of the blinks at which the eyes are shut."""
        blinks = [built.shape_names.index(f"eyeBlink{side}") for side in SIDES]
        alone = np.eye(len(built.shape_names), dtype=np.float32)[blinks]
        rest = built.preset_positions[0, built.lid_points]
        shut = shut_lids(alone, built.shape_names, built.shapes[:, built.lid_points], rest)
        return np.maximum(shut[np.arange(2), blinks], 1e-3)

    def _sheet(self, face: FaceMesh, grid: Grid, upright: Upright) -> Sheet:
        count, rest = len(face.vertices), len(grid.uv)
        evened = np.zeros(count)
        if self.parted:
            places = self.camera.project(self.rest.positions[face.vertices])[:, :2]
            on_lips = depth_inside(self.landmarks.points[list(OUTER_LIPS)], face.uv) > 0
            evened[on_lips] = grown(places, face.uv, face.triangles)[on_lips]
        return Sheet(
            np.concatenate([upright.back(face.uv), grid.uv]), np.r_[face.alpha, np.ones(rest)], np.r_[evened, np.zeros(rest)],
            np.r_[np.zeros(count), SET_BACK * (1 - grid.weight)], face.triangles, grid.triangles + np.int32(count),
        )  # fmt: skip

    def _outline(self, points) -> Outline:
        points = list(points)
        return Outline(self.index[self.correspondence.corners[points]], self.correspondence.shares[points].astype(np.float32))

    def _eyes(self, patches: list) -> tuple[Eye, ...]:
        return tuple(
            Eye(int(self.starts[4 + eye]), int(self.starts[5 + eye]), uv, triangles, follows, radius, self._outline(EYES[eye]))
            for eye, (_, uv, triangles, follows, radius) in enumerate(patches)
        )

    def _mouth(self, photo: np.ndarray, inside, unit: float) -> Mouth:
        _, triangles, colour, teeth = inside
        colour = coloured(colour, colourful(photo, self.landmarks))
        if self.landmarks.muzzle:
            triangles = triangles[~human(self.head)]
        chosen = self.correspondence.inner[self.index[self.correspondence.inner] >= 0]
        inner = self.index[chosen]
        tuck = np.where(self.correspondence.upper[chosen], TUCKED, -TUCKED) * (0 if self.landmarks.muzzle else unit)
        lips = self.starts[6] + np.arange(4)
        light, own_light = light_of(photo, self.landmarks, bool(self.own)), np.zeros(0, np.float32)
        if self.own:
            triangles = np.concatenate([triangles[~upper_teeth(self.head)[triangles].any(1)], self.own.triangles + np.int32(len(colour))])
            colour, teeth = np.concatenate([colour, self.own.colour]), np.r_[teeth, np.ones(len(self.own.colour), bool)]
            own_light = self.own.light
        upper, lower = self.positions[lips[:2], 1]
        soft = max(softness_of(photo, self.landmarks, unit), FUR_SOFT * unit if self.landmarks.muzzle else 0)
        edges = self._outline(UPPER_LIP), self._outline(LOWER_LIP)
        touching = np.flatnonzero(self.face.contact > LEAST_CONTACT)
        return Mouth(
            int(self.starts[2]), int(self.starts[4]), triangles, colour, teeth, own_light, light, lips,
            float(upper - lower), self._outline(OUTER_LIPS), edges, inner, self.face.behind[inner], tuck,
            touching, self.face.contact[touching], soft, self.landmarks.muzzle,
        )  # fmt: skip


def _index(face: FaceMesh, count: int) -> np.ndarray:
    """The number in the face mesh of each of the head's `count` positions; -1 for those that it lacks."""
    index = np.full(count, -1)
    index[face.vertices] = np.arange(len(face.vertices))
    return index

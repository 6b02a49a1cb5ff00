"""What a speaking photo is made of, as values: the sheet of skin and surroundings, eyelids, eyes, and the inside of the mouth.

All over the V positions of one head, in this order: the face's F', the grid's, the rest. Pixels are those of the photo.
"""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, eq=False)
class Outline:
    """A line of points on the face: corners (n, 3) positions and shares (n, 3)."""

    corners: np.ndarray
    shares: np.ndarray

    def at(self, places: np.ndarray) -> np.ndarray:
        """The line (n, k) at `places` (V, k)."""
        return (self.shares[..., None] * places[self.corners]).sum(1)


@dataclass(frozen=True, eq=False)
class Sheet:
    """uv (n, 2) the photo's pixel that each of the first n positions shows at rest; alpha (n,) from 0, where the grid shows through the
    face, to 1; painted (n,) how much of the painted photo it shows; back (n,) metres that a point of the grid is set back, so that the head
    covers what lies behind it.
    """

    uv: np.ndarray
    alpha: np.ndarray
    painted: np.ndarray
    back: np.ndarray
    face: np.ndarray  # triangles (F', 3)
    grid: np.ndarray  # triangles (F'', 3)


@dataclass(frozen=True, eq=False)
class Lid:
    """vertices (n,) on an upper lid; moves (n, 2) pixels from where they lie at rest to where they lie shut; stuck (n,) from 0 to 1 how
    much what a vertex shows moves with it as the lid begins to fall; painted (n,) from 0 to 1 how
    much of the photo with painted eyes they show as soon as the lid falls; dark (n,) how much light the lash line takes away.
    hidden (m,) other vertices inside the eye's opening and out (m, 2) pixels to the skin around it, which they show then; late (k,)
    vertices round the eye, which show the painted photo when the lid is nearly shut, and whether that has a line of lashes `drawn` in it.
    """

    vertices: np.ndarray
    moves: np.ndarray
    stuck: np.ndarray
    painted: np.ndarray
    dark: np.ndarray
    hidden: np.ndarray
    out: np.ndarray
    late: np.ndarray
    drawn: bool


@dataclass(frozen=True, eq=False)
class Eye:
    """A patch of the photo behind an opening: positions from `start` to `end` with uv (n, 2), triangles over these n; follows (n,) how much
    of a glance a point makes; radius of the eyeball in pixels; outline of the lids.
    """

    start: int
    end: int
    uv: np.ndarray
    triangles: np.ndarray
    follows: np.ndarray
    radius: float
    outline: Outline


@dataclass(frozen=True, eq=False)
class Mouth:
    """What lies behind the lips: positions from `start` to `end`, triangles over these, colour (n, 3) in linear light, teeth (n,) which are
    teeth; own_light (o,) of the last o positions, which are the person's own teeth as the photo shows them, the share of the light outside
    that fell on each; gain (3,) the photo's light on all others; lips: the middles of the lips and the corners (4,) as positions; outline
    of the outer lips; inner (m,) vertices of the lips' insides, behind (m,) from 0 to 1 how far in they lie; tuck (m,) pixels down the face
    by which each goes on behind the other lip while both are shut; touching (k,) vertices of the lips, and contact (k,) how much light
    shut lips take from each; softness: pixels over which the photo's own edges pass, and those of the inside with them;
    plain: a line without lips, which shows nothing but the photo until it opens.
    """

    start: int
    end: int
    triangles: np.ndarray
    colour: np.ndarray
    teeth: np.ndarray
    own_light: np.ndarray
    gain: np.ndarray
    lips: np.ndarray
    lips_rest: float  # metres that the lips are apart at rest
    outline: Outline
    edges: tuple[Outline, Outline]
    inner: np.ndarray
    behind: np.ndarray
    tuck: np.ndarray
    touching: np.ndarray
    contact: np.ndarray
    softness: float
    plain: bool = False


@dataclass(frozen=True, eq=False)
class Relight:
    """Light on the first n positions: their normals (n, 3) at rest, the light `level` + `slope` (3,) . normal in the head's axes, and the
    power (n,) of its change that is shown.
    """

    normals: np.ndarray
    level: float
    slope: np.ndarray
    power: np.ndarray


@dataclass(frozen=True, eq=False)
class Matte:
    """What of a photo is the person, alpha (H, W) uint8, and the background behind, plate (H, W, 3) uint8, which does not move."""

    alpha: np.ndarray
    plate: np.ndarray


@dataclass(frozen=True, eq=False)
class PhotoParts:
    """The photo (H, W, 3) uint8, the same with its eyes painted over and parted lips evened, its matte where one is known, and all that
    moves in it.

    box (left, top, right, bottom) is what can change; `unit` is the size of a pixel: 1 where the head and its air fill 512.
    """

    photo: np.ndarray
    painted: np.ndarray
    matte: "Matte | None"
    box: tuple[int, int, int, int]
    unit: float
    sheet: Sheet
    lids: tuple[Lid, ...]
    eyes: tuple[Eye, ...]
    mouth: Mouth
    relight: Relight
    pivot: np.ndarray

    def cut(self) -> "PhotoParts":
        """The same within the box alone, whose corner becomes the origin of all pixels."""
        left, top, right, bottom = self.box
        corner = np.array([left, top], float)
        window = slice(top, bottom), slice(left, right)
        matte = self.matte and Matte(*(np.ascontiguousarray(part[window]) for part in (self.matte.alpha, self.matte.plate)))
        return replace(
            self, photo=np.ascontiguousarray(self.photo[window]), painted=np.ascontiguousarray(self.painted[window]), matte=matte,
            box=(0, 0, right - left, bottom - top), sheet=replace(self.sheet, uv=self.sheet.uv - corner),
            eyes=tuple(replace(eye, uv=eye.uv - corner) for eye in self.eyes),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Moment:
    """A frame: positions (V, 3) in metres, turn (3, 3) of the head; shut (2,) how far the lids are from 0 to 1; gaze (2, 2) radians down
    and to the face's left of each eye. Left first.
    """

    positions: np.ndarray
    turn: np.ndarray
    shut: np.ndarray
    gaze: np.ndarray

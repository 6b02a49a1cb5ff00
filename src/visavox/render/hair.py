"""Hair: strands that follow the skull, each a row of points with a width, lit along their length."""

from dataclasses import dataclass

import numpy as np

from visavox.render.compiled import compiled, inlined
from visavox.render.light import Lights

NEIGHBOURS = 24  # skin positions that say where a point of hair goes on another face
CENTRE = (0.0, 0.015, -0.085)  # metres: the middle of the neutral skull, from which hair faces outwards
SPREAD = 1.6e-3  # metres between a strand and its children
HIDDEN = np.float32(-0.25)  # cosine to the viewer under which a point of hair is taken for hidden
BELOW = np.float32(-0.045)  # metres: hair that hangs lower at rest is seen from inside too, past the neck
FEWER = 4  # one strand in so many is drawn from inside, where single strands are not told apart
INSIDE = np.float32(0.16)  # how light hair is that is seen from inside


@dataclass(frozen=True, eq=False)
class Strands:
    """Hair at rest: `points` (S, K, 3) metres from root to tip; `colour` (S, 3) linear light; `width` (S, K) metres;
    `depth` (S, K) from 0 at the skin, where other hair shades it, to 1 outside."""

    points: np.ndarray
    colour: np.ndarray
    width: np.ndarray
    depth: np.ndarray

    def grown(self, children: int) -> "Strands":
        """Fuller hair: around each strand `children` of its kind, a little apart, with half as many points again."""
        knots = self.points.shape[1]
        points = knots + knots // 2
        rng = np.random.Generator(np.random.PCG64(3))
        smooth, count = _smooth(points, knots), len(self.points) * children
        guides = np.einsum("pk,skc->spc", smooth, self.points).repeat(children, 0)
        apart = np.linspace(0.35, 1, points)[None, :, None] * SPREAD
        guides += rng.normal(0, 1, (count, 1, 3)) * apart + rng.normal(0, 0.12, (count, points, 3)) * apart
        shade = rng.uniform(0.70, 1.30, (count, 1))
        width, depth = (np.einsum("pk,sk->sp", smooth, field).repeat(children, 0) for field in (self.width, self.depth))
        colour = self.colour.repeat(children, 0) * shade
        return Strands(*(np.ascontiguousarray(field, np.float32) for field in (guides, colour, width, depth)))

    def fitted(self, neutral: np.ndarray, rest: np.ndarray) -> "Strands":
        """The same hair on a face whose skin lies at `rest` (n, 3) where that of the neutral face lies at `neutral` (n, 3)."""
        from scipy.spatial import cKDTree  # here: only other faces than the neutral one need it

        flat = self.points.reshape(-1, 3)
        distance, near = cKDTree(neutral).query(flat, k=min(NEIGHBOURS, len(neutral)))
        weight = 1 / (distance + 2e-3) ** 2
        weight /= weight.sum(1, keepdims=True)
        moved = flat + np.einsum("pn,pnc->pc", weight, (rest - neutral)[near])
        return Strands(moved.reshape(self.points.shape).astype(np.float32), self.colour, self.width, self.depth)


def _smooth(points: int, knots: int) -> np.ndarray:
    """The weights (points, knots) of a Catmull-Rom curve through the knots, evaluated evenly."""
    at = np.linspace(0, knots - 1, points)
    first = np.minimum(at.astype(int), knots - 2)
    t = at - first
    shares = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3)
    weights = np.zeros((points, knots))
    for offset, share in zip((-1, 0, 1, 2), shares, strict=True):
        np.add.at(weights, (np.arange(points), np.clip(first + offset, 0, knots - 1)), share / 2)
    return weights.astype(np.float32)


@compiled
def place_strands(points, pose, view, placed, visible):
    """Fills `placed` (S, K, 3) metres and `visible` (S, K) for strands at rest `points` (S, K, 3) seen from `view` (3,).

    `pose` (4, 3) is the head's rotation, rows applied from the right, then its shift.
    """
    middle = _moved(np.float32(CENTRE[0]), np.float32(CENTRE[1]), np.float32(CENTRE[2]), pose)
    for strand in range(points.shape[0]):
        for point in range(points.shape[1]):
            x, y, z = _moved(points[strand, point, 0], points[strand, point, 1], points[strand, point, 2], pose)
            placed[strand, point, 0], placed[strand, point, 1], placed[strand, point, 2] = x, y, z
            low = strand % FEWER == 0 and points[strand, point, 1] < BELOW
            visible[strand, point] = low or _facing((x, y, z), middle, view)[0] > HIDDEN


@compiled
def light_strands(strands, shown, pose, lights: Lights, view, light):
    """Fills `light` (S * K, 3) of the points that are `shown` (S * K,); the rows of others are left as they are.

    `strands` = (rest (S, K, 3), placed (S, K, 3), colour (S, 3), depth (S, K)); `pose` and `view` as for `place_strands`.
    Two highlights along the hair. Source: Kajiya and Kay 1989.
    """
    middle = _moved(np.float32(CENTRE[0]), np.float32(CENTRE[1]), np.float32(CENTRE[2]), pose)
    for strand in range(strands[1].shape[0]):
        for point in range(strands[1].shape[1]):
            if shown[strand * strands[1].shape[1] + point]:
                _light_point(strands, (strand, point), lights, (middle, view), light)


@inlined
def _light_point(strands, place, lights, places, light):
    rest, placed, colour, depth = strands
    strand, point = place
    count = placed.shape[1]
    index, first, second = strand * count + point, max(point - 1, 0), min(point + 1, count - 1)
    tangent = _unit(
        placed[strand, second, 0] - placed[strand, first, 0],
        placed[strand, second, 1] - placed[strand, first, 1],
        placed[strand, second, 2] - placed[strand, first, 2],
    )
    here = placed[strand, point, 0], placed[strand, point, 1], placed[strand, point, 2]
    facing, normal, towards = _facing(here, places[0], places[1])
    if facing < HIDDEN and strand % FEWER == 0 and rest[strand, point, 1] < BELOW:
        for channel in range(3):
            light[index, channel] = colour[strand, channel] * INSIDE
    else:
        _reflect(index, (colour[strand], depth[strand, point]), (tangent, normal, towards), lights, light)


@inlined
def _unit(x, y, z):
    scale = 1 / np.sqrt(x * x + y * y + z * z + np.float32(1e-12))
    return x * scale, y * scale, z * scale


@inlined
def _moved(x, y, z, pose):
    return (
        x * pose[0, 0] + y * pose[1, 0] + z * pose[2, 0] + pose[3, 0],
        x * pose[0, 1] + y * pose[1, 1] + z * pose[2, 1] + pose[3, 1],
        x * pose[0, 2] + y * pose[1, 2] + z * pose[2, 2] + pose[3, 2],
    )


@inlined
def _facing(here, middle, view):
    """The cosine to the viewer of hair that lies `here`, the direction outwards from the `middle` of the skull, and that to the viewer."""
    nx, ny, nz = _unit(here[0] - middle[0], here[1] - middle[1], here[2] - middle[2])
    vx, vy, vz = _unit(view[0] - here[0], view[1] - here[1], view[2] - here[2])
    return nx * vx + ny * vy + nz * vz, (nx, ny, nz), (vx, vy, vz)


@inlined
def _reflect(index, look, directions, lights, light):
    colour, depth = look
    (tx, ty, tz), (nx, ny, nz), (vx, vy, vz) = directions
    sky = np.float32(0.20) + np.float32(0.12) * ny
    diffuse, first, second = sky, np.float32(0), np.float32(0)
    for lamp in range(lights.direction.shape[0]):
        lx, ly, lz = lights.direction[lamp]
        bright = lights.colour[lamp, 1]
        round_ = max((nx * lx + ny * ly + nz * lz + np.float32(0.35)) / np.float32(1.35), np.float32(0))
        along = tx * lx + ty * ly + tz * lz
        diffuse += np.sqrt(max(1 - along * along, np.float32(0))) * round_ * bright * np.float32(0.62)
        hx, hy, hz = _unit(lx + vx, ly + vy, lz + vz)
        tilt = tx * hx + ty * hy + tz * hz
        first += _lobe(tilt - np.float32(0.08), np.float32(14)) * round_ * bright
        second += _lobe(tilt + np.float32(0.10), np.float32(6)) * round_ * bright
    shade = np.float32(0.22) + np.float32(0.78) * depth
    for channel in range(3):
        own = colour[channel]
        glow = np.float32(0.075) * first + np.float32(0.55) * second * np.sqrt(own) * own
        light[index, channel] = (own * diffuse + glow) * shade


@inlined
def _lobe(tilt, sharp):
    """A highlight of a cylinder: 1 where the half vector is square to the hair, falling off as exp(-(sharp tilt)^2 / 2)."""
    far = tilt * sharp
    return 1 / (1 + far * far + np.float32(0.25) * far * far * far * far)

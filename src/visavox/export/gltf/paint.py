"""The paint of the default head in glTF: pictures of the skin and its gloss when there are any, a colour for each other part, an eye,
lashes. Without a `Look` the head is a mannequin.
"""

from typing import NamedTuple

import numpy as np

from visavox.export.gltf.builder import Builder
from visavox.gamma import GAMMA
from visavox.io.png import png_bytes
from visavox.rigs.heads.default_head import Head

PAINT = {  # sRGB
    "skin": (205, 158, 135), "mouth": (120, 52, 50), "teeth": (210, 199, 181), "gums": (178, 96, 92), "tongue": (176, 92, 92),
    "shirt": (62, 74, 92), "lashes": (255, 255, 255),
}  # fmt: skip
INSIDE = ("mouth", "teeth", "gums", "tongue")
MOUTH_DEPTH, BEHIND_LIPS = 0.045, 0.012  # metres: where the mouth is dark, and how far the teeth stand behind the light
WHITE, IRIS_BROWN, LASH = (198, 191, 187), (126, 90, 60), (40, 30, 26)
ROUGHEST, SMOOTHEST = 205, 65  # of 255: skin without gloss, and wet lips
OPEN = 0.75  # power of the light that comes into a fold: the shade of the picture is softer than that of the rays that were counted
CLAMPED, REPEATED = 33071, 10497  # glTF's numbers: the back of an eye lies outside its picture, the skin goes around the head
IRIS, PUPIL = 0.150, 0.054  # radii in the eye's own uv, whose middle is the pupil's, in half turns
CATCH, CATCH_RADIUS = (-0.045, -0.055), 0.022  # where the eye mirrors a window, and how large: left of the pupil and above it
FACE_MATERIAL = {"name": "face", "pbrMetallicRoughness": {"metallicFactor": 0, "roughnessFactor": 0.6}}


class Hair(NamedTuple):
    """Strands at rest: `points` (S, K, 3) metres from root to tip; `width` (S, K) metres; `colour` (S, 3) linear light, and `depth` (S, K)
    from 0 at the skin, where other hair shades it, to 1 outside."""

    points: np.ndarray
    width: np.ndarray
    colour: np.ndarray
    depth: np.ndarray


class Look(NamedTuple):
    """The picture `skin` (H, W, 3) uint8 sRGB, where each position lies in it, `place` (V, 2) in [0, 1], u wrapping around the head at the
    back; the sRGB colours (3,) uint8 of `iris` and `shirt`; `gloss` (h, w) uint8, how much the skin shines; `shade` (V,), the share of its
    surroundings that each position sees; `lift` (V,) metres that hair raises the skin by; and the `hair`."""

    skin: np.ndarray
    place: np.ndarray
    iris: np.ndarray
    shirt: np.ndarray
    gloss: np.ndarray
    shade: np.ndarray
    lift: np.ndarray
    hair: Hair | None


def skin_material(builder: Builder, look: Look | None) -> dict:
    """The material of the skin: its picture added to `builder`, or the mannequin's colours."""
    if look is None:
        return FACE_MATERIAL
    rough = np.zeros((*look.gloss.shape, 3), np.uint8)
    rough[..., 1] = np.clip(ROUGHEST - (ROUGHEST - SMOOTHEST) * (look.gloss / 255.0), 0, 255)  # green: roughness; blue: metal, none
    coloured = {
        "baseColorTexture": {"index": _texture(builder, look.skin, "skin", wrap=REPEATED)},
        "metallicRoughnessTexture": {"index": _texture(builder, rough, "gloss", wrap=REPEATED)},
        "metallicFactor": 0,
        "roughnessFactor": 1,
    }
    return {**FACE_MATERIAL, "name": "skin", "pbrMetallicRoughness": coloured}


def wrapped(place: np.ndarray, faces: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vertices doubled where triangles cross the back of the head: which each is (m,), its place (m, 2), the triangles (f, 3).

    `place` (n, 2) are the vertices' coordinates; a doubled vertex lies one turn further, where the picture begins again.
    """
    across = place[faces, 0]
    crossing = (np.ptp(across, axis=1)[:, None] > 0.5) & (across < 0.5)
    doubled, where = np.unique(faces[crossing], return_inverse=True)
    faces = faces.copy()
    faces[crossing] = len(place) + where
    which = np.concatenate([np.arange(len(place)), doubled])
    coordinates = place[which] + np.where(np.arange(len(which)) < len(place), 0, 1)[:, None] * (1, 0)
    return which, coordinates, faces


def eye_material(builder: Builder, look: Look | None) -> dict:
    """The material of an eyeball, its picture added to `builder`."""
    iris = IRIS_BROWN if look is None else look.iris
    coloured = {"baseColorTexture": {"index": _texture(builder, _eye(iris), "eye")}, "metallicFactor": 0, "roughnessFactor": 0.08}
    return {"name": "eye", "pbrMetallicRoughness": coloured}


def lash_material(builder: Builder) -> dict:
    """The material of the lashes, hairs on glass, its picture added to `builder`."""
    coloured = {"baseColorTexture": {"index": _texture(builder, _lashes(), "lashes")}, "metallicFactor": 0, "roughnessFactor": 0.8}
    return {"name": "lashes", "doubleSided": True, "alphaMode": "BLEND", "pbrMetallicRoughness": coloured}


def vertex_colours(head: Head, used: np.ndarray, look: Look | None) -> np.ndarray:
    """The linear colours (n, 4) of 16 bits of the render vertices `used` (n,): the paint of their part, white under a picture."""
    paint = PAINT if look is None else PAINT | {"skin": (255, 255, 255), "shirt": tuple(look.shirt)}
    teeth = head.position_index[head.faces[head.face_group == head.groups.index("teeth")]]
    front = head.preset_positions[0][teeth, 2].max() + BEHIND_LIPS
    colours = np.ones((len(used), 4))
    for group, name in enumerate(head.groups):
        members = np.isin(used, head.faces[head.face_group == group])
        colours[members, :3] = (np.array(paint.get(name, PAINT["skin"])) / 255) ** GAMMA
        if name in INSIDE:
            behind = front - head.preset_positions[0][head.position_index[used[members]], 2]
            colours[members, :3] *= np.clip(1 - behind / MOUTH_DEPTH, 0.04, 1)[:, None] ** GAMMA
        elif name in ("skin", "shirt") and look is not None:
            colours[members, :3] *= look.shade[head.position_index[used[members]], None] ** OPEN
    return np.rint(colours * 65535).astype("<u2")


def _texture(builder: Builder, picture: np.ndarray, name: str, wrap: int = CLAMPED) -> int:
    image = builder.add("images", {"bufferView": builder.view(png_bytes(picture)), "mimeType": "image/png", "name": name})
    sampler = builder.add("samplers", {"wrapS": wrap, "wrapT": CLAMPED})
    return builder.add("textures", {"source": image, "sampler": sampler})


def _eye(iris: tuple | np.ndarray, size: int = 256) -> np.ndarray:
    """The picture (size, size, 3) uint8 of an eye. It has white that greys towards the corners, the fibres of the iris and its dark rim, a
    pupil, and a window mirrored in it, which is what makes an eye look alive."""
    across = (np.arange(size) + 0.5) / size - 0.5
    x, y = np.meshgrid(across, across)
    radius, turn = np.hypot(x, y)[..., None], np.arctan2(y, x)[..., None]
    white = np.array(WHITE) * (1 - np.array([0.45, 0.62, 0.66]) * np.clip((np.abs(x)[..., None] - 0.16) / 0.3, 0, 1) ** 1.5)
    fibres = 0.88 + 0.12 * np.sin(31 * turn + 3 * np.sin(7 * turn)) + 0.07 * np.sin(67 * turn + 90 * radius)
    ring = np.clip(radius / IRIS, 0, 1)
    coloured = np.array(iris) * fibres * (1.35 - 0.6 * ring**2) * (1 - 0.7 * np.clip((ring - 0.78) / 0.22, 0, 1))
    within = np.clip((IRIS - radius) / 0.012, 0, 1)
    picture = (1 - within) * white + within * coloured
    picture *= np.clip((radius - PUPIL) / 0.010, 0.05, 1)
    window = np.clip((CATCH_RADIUS - np.hypot(x - CATCH[0], y - CATCH[1])[..., None]) / 0.007, 0, 1)
    return np.uint8(np.clip(picture + (250 - picture) * 0.92 * window, 0, 255))


def _lashes(width: int = 32, height: int = 128) -> np.ndarray:
    """The picture (height, width, 4) uint8 of a row of lashes: across it from root to tip, down it along the lid."""
    tip, along = np.meshgrid((np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height)
    hairs = 0.5 + 0.5 * np.sin(along * 150 + 6 * np.sin(along * 19) + tip * 4)
    picture = np.empty((height, width, 4))
    picture[..., :3] = LASH
    picture[..., 3] = 255 * (1 - tip) * (0.15 + 0.7 * hairs)
    return np.uint8(picture)

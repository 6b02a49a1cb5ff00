"""A contact sheet: a face in each of its shapes, in plain clay, with the shape's name, as one picture."""

import numpy as np

from visavox.gamma import GAMMA
from visavox.render.camera import Camera
from visavox.render.raster import NOTHING, Cover, cover_triangles
from visavox.rigs.transfer.surface import Surface

COLUMNS, TILE, SAMPLES = 9, 216, 2
CAMERA = Camera(TILE, position=(0.0, -0.033, 0.80), view=13.0)  # the face of the default head, whose space is asked for
LIGHT, SKY, BACK = np.array([0.35, 0.55, 0.76]), 0.35, (46, 48, 54)
JAW, CLOSE = "jawOpen", "mouthClose"
ROWS = 7  # of a letter's five dots, as numbers of base 32
LETTERS = {
    "A": "ehhvhhh", "B": "uhhuhhu", "C": "ehggghe", "D": "uhhhhhu", "E": "vggugg" + "v", "F": "vggugg" + "g", "G": "ehgnhhe",
    "H": "hhhvhhh", "I": "e44444e", "J": "72222ic", "K": "hikokih", "L": "ggggggv", "M": "hrllhhh", "N": "hppljjh", "O": "ehhhhhe",
    "P": "uhhuggg", "Q": "ehhhlid", "R": "uhhukih", "S": "fgge11u", "T": "v444444", "U": "hhhhhhe", "V": "hhhhha4", "W": "hhhllla",
    "X": "hha4ahh", "Y": "hha4444", "Z": "v1248gv", " ": "0000000",
}  # fmt: skip


def contact_sheet(surface: Surface, colours: np.ndarray, names: tuple[str, ...], offsets: np.ndarray) -> np.ndarray:
    """The picture (H, W, 3) uint8: `surface` at rest, then moved by each of `offsets` (n, V, 3) under its name.

    mouthClose is drawn with jawOpen, against which it holds the lips together; alone it means nothing.
    Positions lie in the default head's space (metres, the face looks to +Z); `colours` (F, 3) are the triangles', from 0 to 1.
    """
    tiles = [_tile(surface, colours, "rest")]
    for name, offset in zip(names, offsets, strict=True):
        if name == CLOSE and JAW in names:
            name, offset = f"{CLOSE} {JAW}", offset + offsets[names.index(JAW)]
        tiles.append(_tile(Surface(surface.points + offset, surface.faces), colours, name))
    rows = -(-len(tiles) // COLUMNS)
    tiles += [np.full_like(tiles[0], BACK)] * (rows * COLUMNS - len(tiles))
    return np.concatenate([np.concatenate(tiles[row * COLUMNS : (row + 1) * COLUMNS], axis=1) for row in range(rows)])


def _tile(surface: Surface, colours: np.ndarray, name: str) -> np.ndarray:
    """One face (TILE, TILE, 3) with its name below."""
    faces = np.ascontiguousarray(surface.faces, np.int32)
    cover = Cover.empty(TILE * SAMPLES)
    cover_triangles(CAMERA.project(np.float32(surface.points), SAMPLES), faces, cover, 0)
    seen = cover.item != NOTHING
    bright = SKY + (1 - SKY) * np.clip(surface.normals[surface.faces].mean(1) @ LIGHT, 0, 1)
    picture = np.empty((*cover.item.shape, 3))
    picture[:] = (np.array(BACK) / 255) ** GAMMA
    picture[seen] = (colours * bright[:, None] * 0.8)[cover.item[seen]]
    small = picture.reshape(TILE, SAMPLES, TILE, SAMPLES, 3).mean((1, 3))
    tile = np.uint8(np.rint(255 * np.clip(small, 0, 1) ** (1 / GAMMA)))
    word = lettering(name)[:, : TILE - 8]
    tile[-ROWS - 3 : -3, 4 : 4 + word.shape[1]][word] = 235
    return tile


def lettering(name: str) -> np.ndarray:
    """The dots (7, 6 n) of a name, in capitals."""
    letters = []
    for letter in name.upper():
        rows = [int(row, 32) for row in LETTERS.get(letter, LETTERS[" "])]
        letters.append([[bool(row >> (4 - column) & 1) for column in range(5)] + [False] for row in rows])
    return np.concatenate([np.array(letter) for letter in letters], axis=1) if letters else np.zeros((ROWS, 0), bool)

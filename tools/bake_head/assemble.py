"""Puts the head together: every part modelled, joined, and the arrays that describe it."""

import numpy as np
from tools.bake_head import (
    collar,
    eyes,
    folds,
    identity,
    lashes,
    lips,
    loops,
    mesh,
    mouth,
    pieces,
    repairs,
    seal,
    source,
    teeth,
    tongue,
)

from visavox.rigs.arkit import SHAPES
from visavox.rigs.heads.tongue import CORRECTIVES

PIVOT = (0.0, -0.12, -0.08)  # metres from the point between the eyes: where the skull sits on the neck


def read_source(base) -> tuple[pieces.Source, dict]:
    """Everything the bake reads, and the names of presets, shapes and identities."""
    presets = np.stack([source.read_preset(name, base) for name in source.PRESETS])
    shapes = np.stack([source.read_shape(name) for name in SHAPES])
    labels, identities = identity.read_identities()
    eye = np.unique(np.concatenate([base.quads["helper-l-eye"], base.quads["helper-r-eye"]]))
    origins = presets[:, eye].mean(1)
    read = pieces.Source(presets, shapes, identities, source.read_head_weights(), origins)
    return read, {"presets": list(source.PRESETS), "shapes": list(SHAPES), "identities": labels}


def assemble() -> tuple[pieces.Piece, dict, dict]:
    """The whole head, the names of its presets, shapes and identities, and further arrays of the asset."""
    base = source.read_base_mesh()
    read, names = read_source(base)

    def part(name, *groups, crop=False):
        return pieces.make_piece(mesh.select(base, name, groups, crop), read)

    skin, points, lids = make_skin(base, read, names)
    blink = [names["shapes"].index(f"eyeBlink{side}") for side in ("Left", "Right")]
    eased = eyes.ease(skin, lids, points[4:], skin.shapes[blink], names["presets"])
    eyes.lower_lids(skin, eased, skin.shapes[blink])
    left_eye, right_eye = part("eyes", "helper-l-eye"), part("eyes", "helper-r-eye")
    for eye in (left_eye, right_eye):
        eye.uv = eyes.paint_coordinates(eye, 0)
        eyes.hold_still(eye)
    centres, radii = eyes.fit_eyes(left_eye, right_eye)
    for number, eye in enumerate((left_eye, right_eye)):
        eyes.aim(eye, centres[:, number], skin.preset_positions[:, lids[number]])
    inside, correctives = make_mouth(skin, part, names)
    skin, kept = collar.hide_skin(skin)
    rows = make_lashes(base, read, names, centres[0])
    for row in rows:
        eyes.lower_lids(row, eased, row.shapes[blink])
    before = [skin, left_eye, right_eye, *rows, *inside[:-1]]
    whole = pieces.join([*before, inside[-1], *make_shirt(part("shirt", "helper-tights", crop=True))])
    start = sum(len(piece.head_weight) for piece in before)
    corrective_shapes = np.zeros((len(correctives), *whole.shapes.shape[1:]))
    corrective_shapes[:, start : start + correctives.shape[1]] = correctives
    extra = {
        "head_pivot": np.array(PIVOT, np.float32),
        "eye_centre": centres.astype(np.float32),
        "eye_radius": radii.astype(np.float32),
        "gaze_angle": np.radians([eyes.GAZE_DEGREES] * 2).astype(np.float32),
        "lip_points": np.searchsorted(kept, points).astype(np.int32),
        "lid_points": np.searchsorted(kept, lids).astype(np.int32),
        "corrective_names": np.array(CORRECTIVES),
        "corrective_shapes": corrective_shapes.astype(np.float16),
    }
    return whole, names, extra


def make_lashes(base, read, names, eye_centres: np.ndarray) -> list[pieces.Piece]:
    """The four rows of lashes; `eye_centres` (2, 3) are the neutral preset's, left first."""
    rows = []
    for side, centre in zip("lr", eye_centres, strict=False):
        for row in (1, 2):  # lower, upper
            part = mesh.select(base, "lashes", (f"helper-{side}-eyelashes-{row}",))
            piece = pieces.make_piece(part, read)
            repairs.repair(piece, names["shapes"])
            piece.uv = lashes.grid_coordinates(part.quads, piece.preset_positions[0], centre)[piece.faces]
            rows.append(piece)
    return rows


def make_shirt(tights: pieces.Piece) -> list[pieces.Piece]:
    """The shirt, cut along the neckline, and its rib."""
    shirt, ring = collar.cut(tights, collar.above_neckline(tights.preset_positions[0]))
    rib = collar.rib(shirt, ring)
    shirt.uv = collar.paint_coordinates(shirt, 0.0, 0.9)
    rib.uv = collar.paint_coordinates(rib, 0.92, 1.0)
    return [shirt, rib]


def make_skin(base, read, names) -> tuple[pieces.Piece, np.ndarray, np.ndarray]:
    """The skin with sealed lips, the inside of the mouth as a group of its own; the six measuring points; the lids (2,
    2).

    The lids are the middles of the edges of the upper and the lower lid, the left eye's first.
    """
    part = mesh.select(base, "skin", ("body",), crop=True)
    skin = pieces.make_piece(part, read)
    if any(part.own(mark) != mark for mark in lips.UPPER_MIDLINE):
        raise SystemExit("the crop renumbers the lips; widen it in tools/bake_head/mesh.py")
    rings = loops.Loops(part.quads)
    rest = skin.preset_positions[0].copy()
    repairs.repair(skin, names["shapes"])
    folds.fold(skin, names["shapes"])
    repairs.at_ease(skin)
    seal.seal(seal.Lips(rings, rest), skin, names["shapes"])
    inside = loops.fill(part.quads, lips.ring(rings, rest, lips.INSIDE), lips.CAVITY)
    skin.groups[np.repeat(inside, 2)] = "mouth"
    marks = [part.own(mark) for mark in (eyes.OUTER_CORNER, *eyes.LIDS)]
    corner, *lids = ((left, mirrored(rest, left)) for left in marks)
    return skin, lips.measuring_points(rings, rest, corner), np.array(lids).T


def mirrored(rest: np.ndarray, position: int) -> int:
    """The position on the other side of the face from `position`, among `rest` (n, 3)."""
    return int(np.argmin(((rest * (-1, 1, 1) - rest[position]) ** 2).sum(1)))


def make_mouth(skin, part, names) -> tuple[list[pieces.Piece], np.ndarray]:
    """Teeth, gums and, last, the tongue; and the tongue's correctives (4, n, 3)."""
    upper, lower = part("teeth", "helper-upper-teeth"), part("teeth", "helper-lower-teeth")
    found = mouth.find_mouth(skin, upper)
    made = []
    lower.shapes[names["shapes"].index("jawOpen")] *= teeth.JAW_FOLLOW
    for arch, leader in ((teeth.UPPER, upper), (teeth.LOWER, lower)):
        made.append(mouth.hang(found, leader, *teeth.teeth(arch), "teeth"))
        made.append(mouth.hang(found, leader, *teeth.gum(arch), "gums"))
    licked, correctives = tongue.model(part("tongue", "helper-tongue"), found, names["shapes"])
    return [*made, licked], correctives

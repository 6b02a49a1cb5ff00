"""`python -m tools.bake_head [OUT]`: writes the default head asset."""

import sys
from pathlib import Path

import numpy as np

from tools.bake_head import eyes, identity, lips, loops, mesh, pieces, seal, source, write
from visavox.rigs.arkit import SHAPES

OUT = Path(__file__).parents[2] / "src/visavox/assets/head.npz"
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


def main(out: Path = OUT):
    base = source.read_base_mesh()
    read, names = read_source(base)

    def part(name, *groups, crop=False):
        return pieces.make_piece(mesh.select(base, name, groups, crop), read)

    left_eye, right_eye = part("eyes", "helper-l-eye"), part("eyes", "helper-r-eye")
    for eye in (left_eye, right_eye):
        eye.uv = eyes.paint_coordinates(eye, 0)
        eyes.hold_still(eye)
    centres, radii = eyes.fit_eyes(left_eye, right_eye)
    skin_part = mesh.select(base, "skin", ("body",), crop=True)
    skin = pieces.make_piece(skin_part, read)
    rings = loops.Loops(skin_part.quads)
    inside = loops.fill(skin_part.quads, lips.ring(rings, skin.preset_positions[0], lips.INSIDE), lips.CAVITY)
    seal.seal(seal.Lips(rings, skin.preset_positions[0]), skin, names["shapes"])
    skin.groups[np.repeat(inside, 2)] = "mouth"
    corner = eyes.OUTER_CORNER
    mirrored = np.argmin(((skin.preset_positions[0] * (-1, 1, 1) - skin.preset_positions[0][corner]) ** 2).sum(1))
    points = lips.measuring_points(rings, skin.preset_positions[0], (corner, mirrored))
    whole = pieces.join([
        skin,
        left_eye,
        right_eye,
        part("lashes", *(f"helper-{side}-eyelashes-{row}" for side in "lr" for row in (1, 2))),
        part("teeth", "helper-upper-teeth", "helper-lower-teeth"),
        part("tongue", "helper-tongue"),
        part("shirt", "helper-tights", crop=True),
    ])  # fmt: skip
    extra = {
        "head_pivot": np.array(PIVOT, np.float32),
        "eye_centre": centres.astype(np.float32),
        "eye_radius": radii.astype(np.float32),
        "gaze_angle": np.radians([eyes.GAZE_DEGREES] * 2).astype(np.float32),
        "lip_points": points,
    }
    size = write.write_asset(out, whole, names, extra)
    print(f"wrote {out}: {size / 1e6:.2f} MB, {len(whole.head_weight)} positions, {len(whole.faces)} triangles")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))

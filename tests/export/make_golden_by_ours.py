"""Writes golden.vrma, golden.usda, golden.visemes.json and golden.parquet: `python tests/export/make_golden_by_ours.py`.

The table is stated here with pyarrow and nothing of Visavox. The other three hold numbers that are not to be worked out by hand
(vowels, quaternions, skinning), so Visavox wrote them: they were read, and keep the formats from changing unnoticed.
"""

import json
from pathlib import Path

import numpy as np
from make_golden import ARKIT as NAMES
from make_golden import FRAMES, HEAD

from visavox.export import Setting, export
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.head import Head

FOLDER = Path(__file__).with_name("golden")
SAID = {"seed": 1}


def small_head() -> Head:
    """A head of 14 positions, so that its file is small: a mouth of two triangles, lids, and an eye of one triangle on each side."""
    skin = [[0, -4, 2], [2, -6, 2], [-2, -6, 2], [0, -5, 2], [2, -8, 2], [-2, -8, 2], [3, 1, 2], [-3, 1, 2]]
    eyes = [[2, 0, 1], [4, 0, 1], [3, 1, 1], [-2, 0, 1], [-4, 0, 1], [-3, 1, 1]]
    points = np.float32(skin + eyes) / 100
    faces = np.array([[0, 2, 1], [3, 5, 4], [6, 7, 0], [8, 9, 10], [11, 13, 12]])
    shapes = np.zeros((len(SHAPES), len(points), 3), np.float32)
    shapes[SHAPES.index("jawOpen"), 3:6, 1] = -0.02
    shapes[SHAPES.index("mouthClose"), 3:6, 1] = 0.02
    for eye, side in enumerate(("Left", "Right")):
        shapes[SHAPES.index(f"eyeBlink{side}"), 6 + eye, 1] = -0.01
        shapes[SHAPES.index(f"mouthLowerDown{side}"), 4 + eye, 1] = -0.004
    centres = np.float32([[[0.03, 0, 0], [-0.03, 0, 0]]])
    return Head(
        ARKIT, ("neutral",), SHAPES, (), ("skin", "eyes"), faces, np.array([0, 0, 0, 1, 1]), np.arange(len(points)),
        np.zeros((len(points), 2), np.float32), points[None], shapes, np.zeros((4, len(points), 3), np.float32),
        np.zeros((0, len(points), 3), np.float32), np.float32([1] * 4 + [0.5] * 2 + [1] * 8), np.float32([0, -0.12, -0.08]), centres,
        np.full((1, 2), 0.012, np.float32), np.full((2, 4), 0.489, np.float32), np.array([0, 3, 1, 2, 6, 7]), np.array([[6, 1], [7, 2]]),
    )  # fmt: skip


def moved() -> Motion:
    """The three frames of `make_golden` at 60 fps."""
    motion = Motion(np.zeros((len(FRAMES), len(ARKIT))), 60, ARKIT)
    for frame, weights in enumerate(FRAMES):
        motion.values[frame, ARKIT.indices(weights)] = list(weights.values())
    return motion


def write_table(path: Path) -> None:
    """The Parquet file, column by column."""
    import pyarrow
    from pyarrow import parquet

    columns = {"seconds": [0.5 / 60, 1.5 / 60, 2.5 / 60]}
    columns |= {name: np.array([frame.get(name, 0) for frame in FRAMES], np.float32) for name in [*NAMES, *HEAD]}
    said = {"visavox.fps": "60.0", "visavox.provenance": json.dumps(SAID)}
    parquet.write_table(pyarrow.table(columns).replace_schema_metadata(said), path)


if __name__ == "__main__":
    write_table(FOLDER / "golden.parquet")
    for suffix in (".vrma", ".usda", ".visemes.json"):
        export(moved(), FOLDER / f"golden{suffix}", Setting(head=small_head(), provenance=SAID))

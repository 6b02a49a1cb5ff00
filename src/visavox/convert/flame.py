"""FLAME's own model files (2020, 2023 and 2023 Open, .pkl) as the arrays of a head; read without running any of the pickle.

The names of a FLAME file: v_template (V, 3), shapedirs (V, 3, 400: 300 identity, 100 expression); posedirs (V, 3, 36: nine entries of
rotation matrices for each joint but the root); J_regressor (5, V), weights (V, 5), kintree_table (2, 5), f (F, 3); metres.
Joints: root, neck, jaw, left eye, right eye.
"""

from pathlib import Path

import numpy as np

from visavox.errors import FileError
from visavox.io.documents import read_bytes
from visavox.io.head import check_head
from visavox.io.pickled_arrays import read_pickled_arrays
from visavox.rigs.flame import EXPRESSION, IDENTITY, SHAPE_COLUMNS

PARENTS = (0, 1, 1, 1)  # of neck, jaw and eyes
COLUMNS = 400
MOST_BYTES = 1 << 28  # FLAME has a fifth of it
PUBLISHED = "give generic_model.pkl of FLAME 2020 or flame2023.pkl (or its Open edition) as published"


def read_flame_pickle(path: str | Path) -> dict[str, np.ndarray]:
    """The arrays of a head (see visavox.io.head) from FLAME's pickle: float32 in metres, faces int32.

    Raises a FileError when the file is missing, damaged, asks to run anything, or does not have FLAME's structure.
    """
    model = read_pickled_arrays(read_bytes(path, PUBLISHED, MOST_BYTES), path, PUBLISHED)
    if not isinstance(model, dict):
        raise FileError(f"{path} holds a {type(model).__name__}, not a FLAME model; {PUBLISHED}")
    return _head_arrays(model, path)


def _head_arrays(model: dict, path) -> dict[str, np.ndarray]:
    wanted = ("v_template", "shapedirs", "posedirs", "J_regressor", "weights", "kintree_table", "f")
    missing = [name for name in wanted if name not in model]
    if missing:
        raise FileError(f"{path} lacks {', '.join(missing)}; {PUBLISHED}")
    foreign = [name for name in wanted if not isinstance(model[name], np.ndarray)]
    if foreign:
        raise FileError(f"{path} is not a FLAME model: {foreign[0]} is a {type(model[foreign[0]]).__name__}, not an array; {PUBLISHED}")
    found = {name: model[name] for name in wanted}
    _check_version(found, path)
    shapes = np.moveaxis(found["shapedirs"], -1, 0)
    arrays = {
        "template": found["v_template"],
        "identity_shapes": shapes[:IDENTITY],
        "expression_shapes": shapes[SHAPE_COLUMNS : SHAPE_COLUMNS + len(EXPRESSION)],
        "pose_shapes": np.moveaxis(found["posedirs"], -1, 0),
        "joint_regressor": found["J_regressor"],
        "skin_weights": found["weights"],
        "faces": found["f"],
    }
    return check_head(arrays, path, PUBLISHED)


def _check_version(found: dict[str, np.ndarray], path) -> None:
    """Raises a FileError when the arrays are not those of a FLAME whose jaw moves; `check_head` looks at their numbers."""
    count = len(found["v_template"]) if found["v_template"].ndim else 0
    shapes = {
        "v_template": (count, 3), "shapedirs": (count, 3, COLUMNS), "posedirs": (count, 3, 36), "J_regressor": (5, count),
        "weights": (count, 5), "kintree_table": (2, 5),
    }  # fmt: skip
    for name, shape in shapes.items():
        if found[name].shape != shape:
            raise FileError(f"{path} is another version of FLAME: {name} has shape {found[name].shape}, not {shape}; {PUBLISHED}")
    parents = tuple(found["kintree_table"][0][1:].tolist())
    if parents != PARENTS:
        raise FileError(f"{path} has joints with parents {parents}, FLAME's are {PARENTS}; {PUBLISHED}")
    if not found["weights"][:, 2].max(initial=0) >= 0.1:
        raise FileError(f"{path} is a FLAME whose jaw does not move (a no-jaw edition), which speech needs; {PUBLISHED}")

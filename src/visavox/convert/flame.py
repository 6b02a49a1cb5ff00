"""FLAME's own model files (2020, 2023 and 2023 Open, .pkl) as the arrays of a head; read without running any of the pickle.

The names of a FLAME file: v_template (V, 3), shapedirs (V, 3, 400: 300 identity, 100 expression), posedirs (V, 3, 36: nine entries of
rotation matrices for each joint but the root), J_regressor (5, V), weights (V, 5), kintree_table (2, 5), f (F, 3); metres.
Joints: root, neck, jaw, left eye, right eye.
"""

from pathlib import Path

import numpy as np

from visavox.errors import FileError
from visavox.io.pickled import read_description, settle
from visavox.io.pickled_arrays import array_builders
from visavox.rigs.flame import EXPRESSION, IDENTITY, SHAPE_COLUMNS

PARENTS = (0, 1, 1, 1)  # of neck, jaw and eyes
COLUMNS = 400
MOST_BYTES = 1 << 30
PUBLISHED = "give generic_model.pkl of FLAME 2020 or flame2023.pkl (or its Open edition) as published"


def read_flame_pickle(path: str | Path) -> dict[str, np.ndarray]:
    """The arrays of a head (see visavox.io.head) from FLAME's pickle: float32 in metres, faces int32.

    Raises a FileError when the file is missing, damaged, asks to run anything, or does not have FLAME's structure.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES)
    except FileNotFoundError:
        raise FileError(f"{path} does not exist; {PUBLISHED}") from None
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror}); check its name and permissions") from None
    try:
        model = settle(read_description(data, path), array_builders(), path)
        if not isinstance(model, dict):
            raise FileError(f"{path} holds a {type(model).__name__}, not a FLAME model; {PUBLISHED}")
        return _head_arrays(model, path)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise FileError(f"{path} is not a FLAME model ({type(error).__name__}: {error}); {PUBLISHED}") from None


def _head_arrays(model: dict, path) -> dict[str, np.ndarray]:
    wanted = ("v_template", "shapedirs", "posedirs", "J_regressor", "weights", "kintree_table", "f")
    missing = [name for name in wanted if name not in model]
    if missing:
        raise FileError(f"{path} lacks {', '.join(missing)}; {PUBLISHED}")
    found = {name: np.asarray(model[name]) for name in wanted}
    _check(found, path)
    shapes = np.moveaxis(found["shapedirs"], -1, 0).astype(np.float32)
    return {
        "template": found["v_template"].astype(np.float32),
        "identity_shapes": shapes[:IDENTITY],
        "expression_shapes": shapes[SHAPE_COLUMNS : SHAPE_COLUMNS + len(EXPRESSION)],
        "pose_shapes": np.moveaxis(found["posedirs"], -1, 0).astype(np.float32),
        "joint_regressor": found["J_regressor"].astype(np.float32),
        "skin_weights": found["weights"].astype(np.float32),
        "faces": found["f"].astype(np.int32),
    }


def _check(found: dict[str, np.ndarray], path) -> None:
    count = len(found["v_template"])
    shapes = {
        "v_template": (count, 3), "shapedirs": (count, 3, COLUMNS), "posedirs": (count, 3, 36), "J_regressor": (5, count),
        "weights": (count, 5), "kintree_table": (2, 5),
    }  # fmt: skip
    for name, shape in shapes.items():
        if found[name].shape != shape:
            raise FileError(f"{path} is another version of FLAME: {name} has shape {found[name].shape}, not {shape}; {PUBLISHED}")
        if not np.isfinite(found[name]).all():
            raise FileError(f"{path} holds a value in {name} that is not a number; copy or download it again")
    parents = tuple(int(parent) for parent in found["kintree_table"][0][1:])
    if parents != PARENTS:
        raise FileError(f"{path} has joints with parents {parents}, FLAME's are {PARENTS}; {PUBLISHED}")
    faces = found["f"]
    if faces.ndim != 2 or faces.shape[1] != 3 or faces.min() < 0 or faces.max() >= count:
        raise FileError(f"{path} has triangles of shape {faces.shape} that do not fit {count} vertices; {PUBLISHED}")
    if not np.abs(found["weights"].sum(1) - 1).max() < 1e-3:
        raise FileError(f"{path} has skin weights that do not add up to 1; {PUBLISHED}")
    if found["weights"][:, 2].max() < 0.1:
        raise FileError(f"{path} is a FLAME whose jaw does not move (a no-jaw edition), which speech needs; {PUBLISHED}")

"""Head files: the arrays of a FLAME head in one .safetensors, as `visavox convert-head` writes them from the user's own FLAME file."""

from pathlib import Path

import numpy as np

from visavox.errors import FileError
from visavox.io.atomic import check_suffix
from visavox.io.tensors import read_tensors, write_tensors

KIND, VERSION = "flame-head", 1
NAMES = ("template", "identity_shapes", "expression_shapes", "pose_shapes", "joint_regressor", "skin_weights", "faces")
CONVERT = "convert your FLAME file with: visavox convert-head generic_model.pkl -o flame.safetensors"


def write_head(arrays: dict[str, np.ndarray], source: str, path: str | Path) -> None:
    """Writes the arrays of a head (NAMES) to `path` (suffix .safetensors) with the name of the file that they came from."""
    check_suffix(path, (".safetensors",), "the head file")
    write_tensors({name: arrays[name] for name in NAMES}, {"kind": KIND, "version": VERSION, "source": source}, path)


def read_head(path: str | Path) -> dict[str, np.ndarray]:
    """The arrays that `write_head` stored, as `FlameHead.from_arrays` takes them; a FileError when the file holds no head."""
    if Path(path).suffix.lower() == ".pkl":
        raise FileError(f"{path} is FLAME's pickle, which is not read here; {CONVERT}")
    arrays, header = read_tensors(path)
    if header["kind"] != KIND:
        raise FileError(f"{path} is a {header['kind']}, not a head; {CONVERT}")
    if header["version"] != VERSION:
        raise FileError(f"{path} is a head of version {header['version']}, this Visavox reads {VERSION}; {CONVERT}")
    missing = [name for name in NAMES if name not in arrays]
    if missing:
        raise FileError(f"{path} lacks {', '.join(missing)}; {CONVERT}")
    return arrays

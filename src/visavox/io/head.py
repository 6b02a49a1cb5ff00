"""Head files: the arrays of a FLAME head in one .safetensors, as `visavox convert-head` writes them from the user's own FLAME file."""

from pathlib import Path

import numpy as np

from visavox.errors import FileError
from visavox.io.arrays import checked_numbers
from visavox.io.atomic import check_suffix
from visavox.io.tensors import read_tensors, write_tensors

KIND, VERSION = "flame-head", 1
NAMES = ("template", "identity_shapes", "expression_shapes", "pose_shapes", "joint_regressor", "skin_weights", "faces")
SHAPES = {  # V vertices; five joints; how many shapes there are is for the rig to know
    "template": ("V", 3), "identity_shapes": (None, "V", 3), "expression_shapes": (None, "V", 3), "pose_shapes": (None, "V", 3),
    "joint_regressor": (5, "V"), "skin_weights": ("V", 5),
}  # fmt: skip
LARGEST, MOST_VERTICES = 1e3, 1 << 20  # metres
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
    return check_head(arrays, path, CONVERT)


def check_head(arrays: dict[str, np.ndarray], path: str | Path, advice: str) -> dict[str, np.ndarray]:
    """The arrays of a head, float32 with faces int32; a FileError that names the one that is missing, of another shape, or no geometry."""
    missing = [name for name in NAMES if name not in arrays]
    if missing:
        raise FileError(f"{path} lacks {', '.join(missing)}; {advice}")
    found = {name: checked_numbers(arrays[name], f"{path} has {name}", advice, LARGEST) for name in NAMES if name != "faces"}
    count = len(found["template"]) if found["template"].ndim else 0
    for name, shape in SHAPES.items():
        has, wanted = found[name].shape, tuple(count if size == "V" else size for size in shape)
        if len(has) != len(wanted) or any(size not in (other, None) for size, other in zip(wanted, has, strict=True)):
            raise FileError(f"{path} has {name} of shape {has}, which is not that of a head of {count} vertices; {advice}")
    faces = arrays["faces"]
    if faces.dtype.kind not in "iu" or faces.ndim != 2 or faces.shape[1] != 3 or not faces.size or not 3 <= count <= MOST_VERTICES:
        raise FileError(f"{path} has triangles of shape {faces.shape} and {count} vertices, which is no head; {advice}")
    if faces.min() < 0 or faces.max() >= count:
        raise FileError(f"{path} has triangles of vertices {faces.min()} to {faces.max()} that do not fit {count} vertices; {advice}")
    if not np.abs(found["skin_weights"].sum(1) - 1).max() < 1e-3:
        raise FileError(f"{path} has skin weights that do not add up to 1; {advice}")
    return found | {"faces": faces.astype(np.int32)}

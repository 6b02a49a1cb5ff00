"""Head files: what was written comes back; arrays that are no head are named in one line."""

import numpy as np
import pytest

from flame_like import egg, flame_like, head_arrays
from visavox.convert.diffposetalk import read_shape
from visavox.errors import FileError, RigError
from visavox.io.head import KIND, VERSION, read_head, write_head
from visavox.io.tensors import write_tensors
from visavox.rigs.heads.flame_head import FlameHead

HEAD = head_arrays(flame_like(*egg()))


def test_a_head_comes_back(tmp_path):
    write_head(HEAD, "x", tmp_path / "a.safetensors")
    back = read_head(tmp_path / "a.safetensors")
    assert all(np.array_equal(back[name], HEAD[name]) and back[name].dtype == HEAD[name].dtype for name in HEAD)


def with_value(name, value):
    changed = HEAD[name].copy()
    changed.flat[7] = value
    return {name: changed}


@pytest.mark.parametrize(("change", "says"), [
    ({"faces": None}, "lacks faces"),
    ({"template": HEAD["template"][:-1]}, "which is not that of a head of 191 vertices"),
    ({"template": np.float32(1)}, "not that of a head"),
    ({"template": HEAD["template"][:, :2]}, "template of shape"),
    ({"identity_shapes": HEAD["identity_shapes"][0]}, "identity_shapes of shape"),
    ({"joint_regressor": HEAD["joint_regressor"][:4]}, "joint_regressor of shape"),
    ({"faces": HEAD["faces"].astype(np.float32)}, "triangles of shape"),
    ({"faces": HEAD["faces"][:0]}, "triangles of shape"),
    (with_value("faces", -1), "triangles of vertices -1"),
    (with_value("faces", 2**31 - 1), "do not fit 192 vertices"),
    (with_value("template", np.nan), r"template with a value that is not a number at \[2, 1\]"),
    (with_value("expression_shapes", np.inf), "not a number"),
    (with_value("pose_shapes", 1e30), "with the value 1e.30"),
    (with_value("skin_weights", 0.5), "do not add up to 1"),
    ({name: array[:, :0] if name.endswith("shapes") else array[:, :0] if name == "joint_regressor" else array[:0]
      for name, array in HEAD.items()}, "0 vertices"),
])  # fmt: skip
def test_arrays_that_are_no_head_are_named(tmp_path, change, says):
    arrays = {name: array for name, array in (HEAD | change).items() if array is not None}
    write_tensors(arrays, {"kind": KIND, "version": VERSION, "source": "x"}, tmp_path / "a.safetensors")
    with pytest.raises(FileError, match=says) as caught:
        read_head(tmp_path / "a.safetensors")
    assert "a.safetensors" in str(caught.value) and "convert-head" in str(caught.value)


def test_a_head_of_other_counts_is_refused():
    for change, says in (({"expression_shapes": HEAD["expression_shapes"][:49]}, "49 expression shapes, FLAME has 50"),
                         ({"identity_shapes": HEAD["identity_shapes"][:9]}, "9 identity shapes"),
                         ({"skin_weights": np.eye(5, dtype=np.float32)[np.zeros(192, int)]}, "jaw that moves nothing")):  # fmt: skip
        with pytest.raises(RigError, match=says):
            FlameHead.from_arrays(HEAD | change)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("values", [
    np.full(100, 3e38), np.full(100, 1e300), np.full(100, -1e6), np.full(100, np.nan), np.zeros(99), np.zeros((0, 100)),
    np.zeros((1, 2, 100)), np.zeros(100, complex), np.array(["1"] * 100), np.array([None] * 100),
])  # fmt: skip
def test_a_face_beyond_any_face_is_refused(tmp_path, values):
    """Coefficients near the largest number once made a face whose drawing failed."""
    np.save(tmp_path / "face.npy", values)
    np.savez(tmp_path / "face.npz", shape=values)
    for name in ("face.npy", "face.npz"):
        with pytest.raises(FileError, match=name):
            read_shape(tmp_path / name)

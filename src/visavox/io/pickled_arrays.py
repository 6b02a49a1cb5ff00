"""Builders for the arrays that pickled models hold: NumPy's own, SciPy's sparse matrices and chumpy's, all without their libraries."""

import math
import re

import numpy as np

from visavox.errors import FileError
from visavox.io.pickled import UNREADABLE, Builder, Call, builder_of, read_description, settle

MOST_DIMENSIONS = 8
MOST_BYTES = 1 << 29  # of one array that is made anew
_CODE = re.compile(r"[|<>=]?(f2|f4|f8|[iu][1248]|b1)")  # types of numbers; an array of objects is refused
_NUMPY = ("numpy", "numpy.core.multiarray", "numpy._core.multiarray", "numpy.core.numeric", "numpy._core.numeric")
_SPARSE = ("csc_matrix", "csr_matrix", "csc_array", "csr_array")


def read_pickled_arrays(data: bytes, path, advice: str) -> object:
    """The value that a pickle of arrays describes, nothing of it run; a FileError that names `path` when it is damaged or asks for more."""
    try:
        return settle(read_description(data, path), array_builders(), path)
    except UNREADABLE as error:
        raise FileError(f"{path} is damaged or of another kind ({type(error).__name__}: {error}); {advice}") from None


def array_builders() -> dict[str, Builder]:
    """The builder of each name under which arrays are pickled, by NumPy 1 and 2, SciPy (as dense arrays) and chumpy."""
    builders: dict[str, Builder] = {"numpy.dtype": _dtype, "numpy.ndarray": _array}
    for module in _NUMPY:
        builders |= {f"{module}._reconstruct": _array, f"{module}.scalar": _scalar, f"{module}._frombuffer": _from_buffer}
    for kind in _SPARSE:
        module = kind[:3]
        builders |= {f"scipy.sparse.{module}.{kind}": _sparse, f"scipy.sparse._{module}.{kind}": _sparse}
    builders |= {"chumpy.ch.Ch": _chumpy, "chumpy.reordering.Select": _selected, "_codecs.encode": _encode}
    # What these libraries keep beside an array (sets of names, caches) is of no use here and becomes None.
    builders |= dict.fromkeys(("chumpy.*", "scipy.*", "collections.*", "weakref.*", "__builtin__.set", "builtins.set"), _left_out)
    for module in ("copy_reg", "copyreg"):
        builders[f"{module}._reconstructor"] = lambda call: _reconstructed(call, builders)
    return builders


def _reconstructed(call: Call, builders: dict[str, Builder]) -> object:
    """What Python 2 calls to make an instance: the class is the first argument, the state follows."""
    name = getattr(call.arguments[0], "name", "nothing")
    builder = builder_of(name, builders)
    if builder is None:
        raise FileError(f"the file holds an object of {name}, which is not an array; give the file as its makers published it")
    return builder(Call(name, (), call.state, call.items))


def _left_out(call: Call) -> None:
    """Nothing: what is not an array."""


def _dtype(call: Call) -> np.dtype:
    code, order = call.arguments[0], "="
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise FileError(f"the file holds an array of {str(code)[:20]}, not of numbers; give the file as its makers published it")
    if call.state is not None:
        order = call.state[1]
    return np.dtype(code).newbyteorder(order if order in ("<", ">") else "=")


def _array(call: Call) -> np.ndarray:
    if call.state is None:
        return np.zeros(0)
    _, shape, dtype, by_column, content = call.state
    return _shaped(content, dtype, shape, "F" if by_column else "C")


def _from_buffer(call: Call) -> np.ndarray:
    content, dtype, shape, order = call.arguments
    return _shaped(content, dtype, shape, order)


def _scalar(call: Call):
    dtype, content = call.arguments
    return _shaped(content, dtype, (), "C")[()]


def _shaped(content, dtype: np.dtype, shape: tuple, order: str) -> np.ndarray:
    content = content.encode("latin-1") if isinstance(content, str) else content
    fits = isinstance(content, bytes | bytearray) and isinstance(dtype, np.dtype) and order in ("C", "F")
    if not fits or len(shape) > MOST_DIMENSIONS or any(type(size) is not int or not 0 <= size < 1 << 40 for size in shape):
        raise ValueError("an array is not described as one")
    wanted = math.prod(shape) * dtype.itemsize
    if len(content) != wanted:
        raise FileError(f"the file holds an array of {len(content)} bytes where {shape} needs {wanted}; copy or download it again")
    return np.frombuffer(content, dtype).reshape(shape, order=order)


def _encode(call: Call) -> bytes:
    return call.arguments[0].encode("latin-1")


def _sparse(call: Call) -> np.ndarray:
    """The dense array of a compressed sparse matrix; entries at the same place add up, as SciPy has it."""
    state = call.state
    rows, columns = (int(size) for size in state.get("_shape", state.get("shape")))
    data, inner, starts = (_plain(state[name]) for name in ("data", "indices", "indptr"))
    counts, shape = np.diff(starts), (rows, columns)
    if not 0 < rows * columns * data.itemsize <= MOST_BYTES or rows < 0 or (counts < 0).any() or counts.sum() != len(inner):
        raise ValueError("a sparse array does not fit its shape")
    outer = np.repeat(np.arange(len(counts)), counts)
    dense = np.zeros(shape, data.dtype)
    np.add.at(dense, (outer, inner) if ".csr" in call.name or "._csr" in call.name else (inner, outer), data)
    return dense


def _chumpy(call: Call) -> np.ndarray:
    return _plain(call.state["x"])


def _selected(call: Call) -> np.ndarray:
    """A chumpy view: the entries `idxs` of the flattened array `a`, in `preferred_shape` where it says one."""
    state = call.state
    chosen = _plain(state["a"]).reshape(-1)[_plain(state["idxs"]).astype(np.int64)]
    return chosen.reshape(state.get("preferred_shape", chosen.shape))


def _plain(value: object) -> np.ndarray:
    """`value`, which must be an array: lists of lists can be small in a file and endless as one."""
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{type(value).__name__} in place of an array")
    return value

"""Builders for the arrays that pickled models hold: NumPy's own, SciPy's sparse matrices and chumpy's, all without their libraries."""

import numpy as np

from visavox.errors import FileError
from visavox.io.pickled import Builder, Call, builder_of

_NUMERIC = "biufc"  # kinds of numbers; an array of objects is refused
_NUMPY = ("numpy", "numpy.core.multiarray", "numpy._core.multiarray", "numpy.core.numeric", "numpy._core.numeric")
_SPARSE = ("csc_matrix", "csr_matrix", "csc_array", "csr_array")


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
    code, order = str(call.arguments[0]), "="
    if call.state is not None:
        order = call.state[1]
    dtype = np.dtype(code).newbyteorder(order if order in "<>" else "=")
    if dtype.kind not in _NUMERIC:
        raise FileError(f"the file holds an array of {code}, not of numbers; give the file as its makers published it")
    return dtype


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
    content = content.encode("latin-1") if isinstance(content, str) else bytes(content)
    wanted = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    if len(content) != wanted:
        raise FileError(f"the file holds an array of {len(content)} bytes where {shape} needs {wanted}; copy or download it again")
    return np.frombuffer(content, dtype).reshape(shape, order=order)


def _encode(call: Call) -> bytes:
    return call.arguments[0].encode("latin-1")


def _sparse(call: Call) -> np.ndarray:
    """The dense array of a compressed sparse matrix; entries at the same place add up, as SciPy has it."""
    state = call.state
    shape = tuple(int(size) for size in state.get("_shape", state.get("shape")))
    data, inner, starts = (np.asarray(state[name]) for name in ("data", "indices", "indptr"))
    outer = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    dense = np.zeros(shape, data.dtype)
    np.add.at(dense, (outer, inner) if ".csr" in call.name or "._csr" in call.name else (inner, outer), data)
    return dense


def _chumpy(call: Call) -> np.ndarray:
    return np.asarray(call.state["x"])


def _selected(call: Call) -> np.ndarray:
    """A chumpy view: the entries `idxs` of the flattened array `a`, in `preferred_shape` where it says one."""
    state = call.state
    chosen = np.asarray(state["a"]).reshape(-1)[np.asarray(state["idxs"]).astype(np.int64)]
    return chosen.reshape(state.get("preferred_shape", chosen.shape))

"""Machine code of the compiled loops that the package carries, so that nobody waits for a compiler: found, loaded and called.

`tools/bake_kernels.py` makes it with Numba: for each level of processor one shared library, which the system itself loads, and an archive
that says what is in it and of which sources it was made. Code for other processors or other sources than these is not loaded, and Numba
compiles the loops where they run.
"""

import ctypes
import hashlib
import io
import platform
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import numpy as np

from visavox.errors import FileError
from visavox.io.assets import asset_bytes, asset_path

LEVELS = {  # of the x86-64 ABI's levels, best first: what a processor must have
    "x86-64-v4": ("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "avx2", "fma", "bmi", "bmi2", "f16c", "lzcnt", "movbe"),
    "x86-64-v3": ("avx2", "fma", "bmi", "bmi2", "f16c", "lzcnt", "movbe"),
}
NAMES_IN_LINUX = {"lzcnt": "abm", "bmi": "bmi1"}  # where they differ
SOURCES = (  # within the package: every file that has to do with compiled loops
    "render/compiled.py", "render/hair.py", "render/light.py", "render/mixing.py", "render/nearest.py", "render/painted_skin.py",
    "render/photo_loops.py", "render/photo_map.py", "render/photo_soft.py", "render/planes.py", "render/raster.py", "render/shade.py",
    "track/crop.py",
)  # fmt: skip
PACKAGE = Path(__file__).resolve().parents[1]
DENSE, LOOSE = "C", "A"  # an array whose entries lie one after the other, and one that may lie in any way
NUMBERS = {bool: ("q", ctypes.c_int64), int: ("q", ctypes.c_int64), float: ("d", ctypes.c_double), np.float32: ("f", ctypes.c_float)}
C_TYPES = {letter: c_type for letter, c_type in NUMBERS.values()}


def kind_of(arguments: tuple) -> tuple:
    """What machine code must be made for to take `arguments`: a letter for each number; type, dimensions and layout of each array."""
    return tuple(
        (value.dtype.char, value.ndim, value.flags.c_contiguous) if isinstance(value, np.ndarray) else NUMBERS.get(type(value), ("?",))[0]
        for value in _parts(arguments)
    )


def flattened(arguments: tuple) -> list:
    """The arguments as Numba hands them to machine code: of an array two empty owners, size, bytes of an item, address, shape, strides."""
    flat = []
    for value in _parts(arguments):
        if isinstance(value, np.ndarray):
            flat += (None, None, value.size, value.itemsize, value.ctypes.data, *value.shape, *value.strides)
        else:
            flat.append(value)
    return flat


def _parts(arguments: tuple) -> Iterator:
    for value in arguments:
        if isinstance(value, tuple):
            yield from _parts(value)
        else:
            yield value


def sources_hash() -> str:
    """A hash of the loops as they stand."""
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((PACKAGE / name).read_text(encoding="utf-8").encode())
    return digest.hexdigest()


def entry_of(name: str, kind: tuple) -> str:
    """The name in an archive of the machine code of the loop `name` for arguments of `kind`."""
    return " ".join([name, *(part if isinstance(part, str) else f"{part[0]}{part[1]}{DENSE if part[2] else LOOSE}" for part in kind)])


def fitting(entry: str, carried: Iterable[str]) -> str | None:
    """Which of the entries `carried` takes what `entry` says: itself, or one that takes an array however it lies; None where none does."""
    if entry in carried:
        return entry
    return next((each for each in carried if _takes(each, entry)), None)


def _takes(carried: str, entry: str) -> bool:
    (name, *ours), (other, *theirs) = carried.split(), entry.split()
    if name != other or len(ours) != len(theirs):
        return False
    return all(mine in (its, its.replace(DENSE, LOOSE)) for mine, its in zip(ours, theirs, strict=True))


def shipped(name: str, kind: tuple) -> Callable | None:
    """The machine code of the loop `name` for `kind`, called with `flattened` arguments; None where the package carries none that fits."""
    symbols, code = library()
    entry = fitting(entry_of(name, kind), symbols)
    if entry is None:
        return None
    arguments = [ctypes.c_void_p, ctypes.c_void_p]
    for part in kind:
        if isinstance(part, str):
            arguments.append(C_TYPES[part])
        else:
            arguments += [ctypes.c_void_p] * 2 + [ctypes.c_int64] * 2 + [ctypes.c_void_p] + [ctypes.c_int64] * (2 * part[1])
    native = code[symbols[entry]]
    native.argtypes, native.restype = arguments, ctypes.c_int

    def call(*flat) -> None:
        nothing, fault = ctypes.c_void_p(), ctypes.c_void_p()
        if native(ctypes.addressof(nothing), ctypes.addressof(fault), *flat):
            raise RuntimeError(f"the compiled loop {name} failed")

    return call


def level() -> str | None:
    """The best of LEVELS that this processor and system have; None where the package carries no machine code for them."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return None
    has = processor_flags()
    return next((name for name, needed in LEVELS.items() if {NAMES_IN_LINUX.get(each, each) for each in needed} <= has), None)


@cache
def processor_flags() -> frozenset[str]:
    """What Linux says that its processor and itself can do; empty where it does not say."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(next((line.partition(":")[2] for line in lines if line.startswith("flags")), "").split())


def fits() -> bool:
    """Whether the package carries machine code for this processor, of the loops as they stand."""
    return bool(library()[0])


@cache
def library() -> tuple:
    """(symbols by entry, the code that holds them); ({}, None) where there is none that fits. Looked up once."""
    found = level()
    if found is None:
        return {}, None
    try:
        with np.load(io.BytesIO(asset_bytes("kernels", f"linux-{found}.npz")), allow_pickle=False) as archive:
            if str(archive["sources"]) != sources_hash():
                return {}, None
            symbols = dict(zip(map(str, archive["entries"]), map(str, archive["symbols"]), strict=True))
            path, made = asset_path("kernels", f"linux-{found}.so"), str(archive["library"])
        if hashlib.sha256(path.read_bytes()).hexdigest() != made:
            return {}, None
        return symbols, ctypes.CDLL(str(path))
    except (FileError, OSError):  # missing, or a system that loads none from there
        return {}, None

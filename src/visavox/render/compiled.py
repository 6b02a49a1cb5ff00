"""`compiled`: how the loops of this room become machine code, kept on disk between runs.

Numba compiles again when the file of a loop changes, and looks at no other: a compiled loop and all the `inlined` functions
that it calls stand in one file.
"""

from functools import partial

from numba import njit

# _nrt: no loop here allocates, so none needs the counting of references, which cost half of the time of a frame.
# error_model: a division by zero gives infinity, as in NumPy, and needs no test.
_njit = partial(njit, fastmath=True, nogil=True, error_model="numpy", _nrt=False)


def compiled(function):
    """`function` compiled by Numba on its first call, for one thread.

    The machine code is kept beside the source, or in the user's cache folder when the package is read-only. Where neither
    can be written (a service without a home), it is compiled again in each process.
    """
    try:
        return _njit(cache=True)(function)
    except RuntimeError:  # Numba found no place for its cache
        return _njit()(function)


def inlined(function):
    """`function` compiled into each compiled loop that calls it."""
    return _njit(forceinline=True)(function)

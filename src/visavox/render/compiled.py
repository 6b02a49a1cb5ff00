"""`compiled`: how the loops of this room become machine code.

What the package carries for this processor (visavox.render.machine_code) is called at once. Where it carries none, or the source has
changed since it was made, Numba compiles a loop on its first call, and keeps the result on disk between runs.
"""

from collections.abc import Callable
from functools import cached_property, partial

from visavox.errors import DependencyError
from visavox.render.machine_code import flattened, kind_of, shipped

FOR_READING, FOR_LONG, DATA = 0, 3, 1  # what LLVM's prefetch is asked for


def compiled(function: Callable) -> "Loop":
    """`function` as machine code, for one thread."""
    return Loop(function)


def inlined(function: Callable) -> "Part":
    """`function` for use by compiled loops alone, into each of which it is compiled."""
    return Part(function)


class Loop:
    """A function of arrays, numbers and tuples of them as machine code. It returns nothing: what it makes, it writes into its arguments."""

    def __init__(self, function: Callable):
        self.function, self.__doc__, self.__name__ = function, function.__doc__, function.__name__
        self._known: dict[tuple, Callable | None] = {}

    def __call__(self, *arguments) -> None:
        kind = kind_of(arguments)
        if kind not in self._known:
            self._known[kind] = shipped(self.__name__, kind)
        native = self._known[kind]
        if native is None:
            return self.jitted(*arguments)
        return native(*flattened(arguments))

    @cached_property
    def jitted(self) -> Callable:
        """The function as Numba compiles it on its first call.

        The machine code is kept beside the source, or in the user's cache folder when the package is read-only. Where neither
        can be written (a service without a home), it is compiled again in each process.
        """
        try:
            return _njit()(cache=True)(self.function)
        except RuntimeError:  # Numba found no place for its cache
            return _njit()()(self.function)


class Part:
    """A function that Numba compiles into the loops that call it; it is asked for `_numba_type_` when a loop that calls it is compiled."""

    def __init__(self, function: Callable):
        self.function, self.__doc__ = function, function.__doc__

    @cached_property
    def jitted(self) -> Callable:
        """The function as Numba takes it into a loop."""
        return _njit()(forceinline=True)(self.function)

    @property
    def _numba_type_(self):
        return self.jitted._numba_type_


class Fetch(Part):
    """A function of an array of two or more axes and the place of an entry, whose line of memory it asks for. It changes no value."""

    @cached_property
    def jitted(self):
        """The processor's own instruction, as Numba takes it into a loop."""
        return inlined(_instruction()).jitted


def _instruction():
    from llvmlite import ir
    from numba import types
    from numba.extending import intrinsic

    number, address = ir.IntType(32), ir.IntType(8).as_pointer()
    shape = ir.FunctionType(ir.VoidType(), [address, number, number, number])

    @intrinsic
    def asked(typing, array, row, column):
        def code(context, builder, signature, values):
            known = context.make_array(signature.args[0])(context, builder, values[0])
            steps = (builder.extract_value(known.strides, axis) for axis in range(2))
            parts = [builder.mul(value, step) for value, step in zip(values[1:], steps, strict=True)]
            place = builder.gep(builder.bitcast(known.data, address), [builder.add(*parts)])
            chosen = (number(each) for each in (FOR_READING, FOR_LONG, DATA))
            builder.call(builder.module.declare_intrinsic("llvm.prefetch", [address], shape), [place, *chosen])
            return context.get_dummy_value()

        return types.void(array, row, column), code

    def fetch(array, row, column):
        asked(array, row, column)

    return fetch


def _njit() -> Callable:
    try:
        from numba import njit  # here: where the package carries the machine code, Numba is not loaded
    except ImportError as error:
        reason = f"Numba cannot be loaded ({error}), and the package carries no machine code of this for this machine"
        raise DependencyError(f"{reason}; install it: pip install numba") from None

    # _nrt: no loop here allocates, so none needs the counting of references, which cost half of the time of a frame.
    # error_model: a division by zero gives infinity, as in NumPy, and needs no test.
    return partial(njit, fastmath=True, nogil=True, error_model="numpy", _nrt=False)


fetch = Fetch(None)  # asks the processor for memory that a loop will need soon, so that nothing waits for it then

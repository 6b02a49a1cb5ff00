"""What a Python pickle describes, read as inert data: no class is looked up, no function called, no code run.

A pickle is a small program whose instructions build values and call whatever they name. Here the instructions are read with
the standard library's disassembler and only their effect on plain values is carried out. A call stays on paper as a `Call`
that says what would have been called with what. `settle` then turns the few calls that a reader knows (arrays, plain
records) into values with functions of our own and refuses the rest by name. Strings of Python 2 are read as Latin-1.
"""

import pickletools
from collections.abc import Callable
from dataclasses import dataclass, field

from visavox.errors import FileError

MOST_DEPTH = 60  # of values within values; real files need about ten
MOST_STEPS = 2_000_000  # instructions; real files need some thousands
UNREADABLE = (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, MemoryError, RecursionError)


@dataclass(frozen=True)
class Named:
    """The name of a class or function that a pickle mentions."""

    name: str


@dataclass(eq=False)
class Call:
    """A call that a pickle asks for and nobody makes: `name`, its arguments, the state set afterwards, the items added."""

    name: str
    arguments: tuple
    state: object = None
    items: list = field(default_factory=list)


@dataclass(eq=False)
class Stored:
    """A persistent reference: what the pickle keeps outside itself, such as the bytes of a tensor."""

    key: object


Builder = Callable[[Call], object]
_MARK = object()
_PUSHED = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_LITERALS = {
    "INT", "LONG", "BININT", "BININT1", "BININT2", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING", "BINSTRING", "SHORT_BINSTRING",
    "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8",
}  # fmt: skip


def read_description(data: bytes | bytearray, path) -> object:
    """The value that a pickle describes, with every call left as a `Call`; a FileError that names `path` when it is malformed."""
    machine = _Machine()
    try:
        for number, (opcode, argument, _) in enumerate(pickletools.genops(data)):
            if number == MOST_STEPS:
                raise ValueError(f"it has more than {MOST_STEPS} instructions")
            machine.step(opcode.name, argument)
        return machine.result
    except UNREADABLE as error:
        raise FileError(f"{path} is damaged or not a pickle ({type(error).__name__}: {error}); copy or download it again") from None


def settle(value: object, builders: dict[str, Builder], path) -> object:
    """`value` with each `Call` replaced by what the builder of its name makes of it, inside out; a shared part is settled once.

    Raises a FileError that names `path` and what the file would have called, when no builder has that name.
    """
    return _Settling(builders, path).visit(value, 0)


class _Settling:
    def __init__(self, builders: dict[str, Builder], path):
        self.builders, self.path, self.settled = builders, path, {}

    def visit(self, value: object, depth: int) -> object:
        if depth > MOST_DEPTH:
            raise FileError(f"{self.path} nests values more than {MOST_DEPTH} deep; it is not a file of the expected kind")
        if not isinstance(value, Call | dict | list | tuple):
            return value
        if id(value) not in self.settled:
            self.settled[id(value)] = self._container(value, depth + 1)
        return self.settled[id(value)]

    def _container(self, value, depth: int) -> object:
        if isinstance(value, dict):
            return {key: self.visit(item, depth) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.visit(item, depth) for item in value)
        builder = builder_of(value.name, self.builders)
        if builder is None:
            raise FileError(
                f"{self.path} asks to run {value.name}, which no such file needs; nothing was run: get it again from its makers"
            )
        items = [(self.visit(key, depth), self.visit(item, depth)) for key, item in value.items]
        arguments = self.visit(value.arguments, depth)
        return builder(Call(value.name, arguments, self.visit(value.state, depth), items))


def builder_of(name: str, builders: dict[str, Builder]) -> Builder | None:
    """The builder of `name`, else that of its whole package ("package.*"), else None."""
    return builders.get(name) or builders.get(f"{name.split('.')[0]}.*")


class _Machine:
    """The stack and the memory of the instructions; `step` carries out one."""

    def __init__(self):
        self.stack: list = []
        self.marks: list[int] = []  # where the marks stand in the stack
        self.memory: dict[int, object] = {}
        self.result = None

    def step(self, name: str, argument) -> None:
        if name in _LITERALS:
            self.stack.append(argument)
        elif name in _PUSHED:
            self.stack.append(_PUSHED[name])
        elif name not in _STEPS:
            raise ValueError(f"instruction {name} is not one that data needs")
        else:
            _STEPS[name](self, argument)

    def since_mark(self) -> list:
        position = self.marks.pop()
        if len(self.stack) <= position:
            raise IndexError("a mark is gone")
        taken = self.stack[position + 1 :]
        del self.stack[position:]
        return taken

    def take(self, count: int) -> tuple:
        if count > len(self.stack):
            raise IndexError("the stack is too short")
        taken = tuple(self.stack[len(self.stack) - count :])
        del self.stack[len(self.stack) - count :]
        return taken

    def mark(self, _) -> None:
        self.marks.append(len(self.stack))
        self.stack.append(_MARK)

    def push(self, value) -> None:
        self.stack.append(value)

    def remember(self, key) -> None:
        self.memory[len(self.memory) if key is None else key] = self.stack[-1]

    def name(self, argument: str) -> None:
        self.push(Named(".".join(argument.split(" ", 1))))

    def name_from_stack(self, _) -> None:
        module, name = self.take(2)
        self.push(Named(f"{module}.{name}"))

    def call(self, _) -> None:
        callee, arguments = self.take(2)
        self.push(Call(callee.name, tuple(arguments)))

    def call_marked(self, _) -> None:
        callee, *arguments = self.since_mark()
        self.push(Call(callee.name, tuple(arguments)))

    def call_named(self, argument: str) -> None:
        self.push(Call(".".join(argument.split(" ", 1)), tuple(self.since_mark())))

    def call_with_names(self, _) -> None:
        callee, arguments, named = self.take(3)
        self.push(Call(callee.name, (*arguments, *named.values())))

    def build(self, _) -> None:
        (state,) = self.take(1)
        self.stack[-1].state = state

    def append(self, values) -> None:
        self.stack[-1].extend(values)

    def set_items(self, flat) -> None:
        pairs = list(zip(flat[::2], flat[1::2], strict=True))
        target = self.stack[-1]
        if isinstance(target, Call):
            target.items.extend(pairs)
        else:
            target.update(pairs)

    def stop(self, _) -> None:
        (self.result,) = self.take(1)


def _pairs(flat: list) -> dict:
    return dict(zip(flat[::2], flat[1::2], strict=True))


_STEPS: dict[str, Callable] = {
    "PROTO": lambda m, _: None,
    "FRAME": lambda m, _: None,
    "MARK": _Machine.mark,
    "POP": lambda m, _: m.take(1),
    "POP_MARK": lambda m, _: m.since_mark(),
    "DUP": lambda m, _: m.push(m.stack[-1]),
    "EMPTY_DICT": lambda m, _: m.push({}),
    "EMPTY_LIST": lambda m, _: m.push([]),
    "EMPTY_TUPLE": lambda m, _: m.push(()),
    "TUPLE": lambda m, _: m.push(tuple(m.since_mark())),
    "TUPLE1": lambda m, _: m.push(m.take(1)),
    "TUPLE2": lambda m, _: m.push(m.take(2)),
    "TUPLE3": lambda m, _: m.push(m.take(3)),
    "LIST": lambda m, _: m.push(m.since_mark()),
    "DICT": lambda m, _: m.push(_pairs(m.since_mark())),
    "APPEND": lambda m, _: m.append(m.take(1)),
    "APPENDS": lambda m, _: m.append(m.since_mark()),
    "SETITEM": lambda m, _: m.set_items(m.take(2)),
    "SETITEMS": lambda m, _: m.set_items(m.since_mark()),
    "MEMOIZE": _Machine.remember,
    "PUT": _Machine.remember,
    "BINPUT": _Machine.remember,
    "LONG_BINPUT": _Machine.remember,
    "GET": lambda m, key: m.push(m.memory[key]),
    "BINGET": lambda m, key: m.push(m.memory[key]),
    "LONG_BINGET": lambda m, key: m.push(m.memory[key]),
    "GLOBAL": _Machine.name,
    "STACK_GLOBAL": _Machine.name_from_stack,
    "REDUCE": _Machine.call,
    "NEWOBJ": _Machine.call,
    "NEWOBJ_EX": _Machine.call_with_names,
    "INST": _Machine.call_named,
    "OBJ": _Machine.call_marked,
    "BUILD": _Machine.build,
    "PERSID": lambda m, key: m.push(Stored(key)),
    "BINPERSID": lambda m, _: m.push(Stored(*m.take(1))),
    "STOP": _Machine.stop,
}

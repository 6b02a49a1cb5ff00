"""`checked`: a public function that says in one sentence which of its arguments is of the wrong kind, as its own annotations say it."""

import inspect
import os
import types
import typing
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, wraps
from itertools import chain
from numbers import Real
from typing import NamedTuple, TypeVar

from visavox.errors import OptionError

Named = TypeVar("Named", bound=Callable)
MAKES = {  # what gives a value of a class, of the text that stands in its place or of a FILE
    "Accompaniment": "Accompaniment(audio)",
    "Animator": "load()",
    "Audio": "read_audio({0}), or Audio(samples, sample_rate)",
    "Camera": "Camera.portrait(head)",
    "Cue": "read_cues({0})",
    "EmotionMix": "EmotionMix.parse({0})",
    "EmotionTrack": "EmotionTrack.steady(mix, frames, fps)",
    "Identity": "Identity({0})",
    "Instruction": "read_instruction({0}) of visavox.cues.grammar",
    "Motion": "read_motion({0})",
    "MovingHead": "Head.default()",
    "Style": "built_in_style({0}) or read_style({0})",
}
WORDS = {Real: "a number", str: "text", os.PathLike: "a path", Mapping: "a dict", Callable: "a function"}
ARRAY = "__array__"  # what an array has, of whatever library
TEXTS = (str, bytes, os.PathLike)


class Kind(NamedTuple):
    """A class whose values an argument takes; `each`, that of the elements where it takes several."""

    type: type
    each: type | None = None

    def holds(self, value: object) -> bool:
        """Whether `value` is one."""
        if self.type is not Iterable and isinstance(value, self.type):
            return True
        if self.type is Real and getattr(value, "ndim", None) == 0:  # a number of an array library
            return True
        if hasattr(self.type, ARRAY):
            return hasattr(value, ARRAY) or isinstance(value, Real | list | tuple)
        if self.type is not Iterable:
            return False
        several = isinstance(value, Iterable) and not isinstance(value, TEXTS)
        return several and not (self.each and isinstance(value, Collection) and not all(isinstance(each, self.each) for each in value))

    def __str__(self) -> str:
        if self.type is Iterable:
            return f"a list of {self.each.__name__}" if self.each else "a list"
        return "an array" if hasattr(self.type, ARRAY) else WORDS.get(self.type) or _with_article(self.type.__name__)


def checked(function: Named) -> Named:
    """`function`, or a class, which raises an OptionError for an argument that its annotation excludes, and does nothing else first.

    Numbers of any type are numbers, and an annotation that is more than classes, or a class that is not imported, is not looked at.
    """
    if isinstance(function, type):
        function.__init__ = _checked(function.__init__, function.__name__)
        return function
    return _checked(function, function.__name__)


def _checked(function: Callable, name: str) -> Callable:
    parameters = inspect.signature(function).parameters
    in_order = [name for name, each in parameters.items() if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]

    @cache  # at the first call: by then a class knows its own name
    def kinds_of(argument: str) -> tuple[Kind, ...]:
        annotation = parameters[argument].annotation
        return _kinds(function.__globals__.get(annotation, object) if isinstance(annotation, str) else annotation)

    @wraps(function)
    def call(*given, **named):
        for argument, value in chain(zip(in_order, given, strict=False), named.items()):  # `Signature.bind` would take as long again
            kinds = kinds_of(argument) if argument in parameters else ()
            if kinds and not any(kind.holds(value) for kind in kinds):
                order = ", ".join(each for each in parameters if each != "self")
                raise OptionError(f"{name}({order}): {_wrong(argument, value, kinds)}")
        return function(*given, **named)

    return call


def _kinds(annotation: object) -> tuple[Kind, ...]:
    """What an annotation takes; nothing for one of which some part cannot be looked at."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        parts = [_kinds(each) for each in typing.get_args(annotation)]
        return tuple(kind for part in parts for kind in part) if all(parts) else ()
    origin, inner = typing.get_origin(annotation) or annotation, typing.get_args(annotation)
    if origin is None:
        return (Kind(type(None)),)
    if not isinstance(origin, type) or origin in (object, bool, inspect.Parameter.empty) or _is_silent_protocol(origin):
        return ()
    if issubclass(origin, os.PathLike):
        return (Kind(os.PathLike),)
    if origin in (int, float):
        return (Kind(Real),)
    if origin is dict:
        return (Kind(Mapping),)
    if origin in (list, tuple, Sequence, Iterable):
        return (Kind(Iterable, inner[0] if inner and _is_our_class(inner[0]) else None),)
    return (Kind(origin),)


def _is_our_class(kind: object) -> bool:
    return isinstance(kind, type) and kind.__module__.startswith("visavox.") and not _is_silent_protocol(kind)


def _is_silent_protocol(kind: type) -> bool:
    """Whether it is a protocol of which Python does not say what keeps it."""
    return getattr(kind, "_is_protocol", False) and not getattr(kind, "_is_runtime_protocol", False)


def _wrong(argument: str, value: object, kinds: tuple[Kind, ...]) -> str:
    plain = value is None or isinstance(value, str | os.PathLike | Real)
    shown = repr(value) if plain else "an array" if hasattr(value, ARRAY) else _with_article(type(value).__name__)
    file = repr(os.fspath(value)) if isinstance(value, str | os.PathLike) else "FILE"
    makes = next((MAKES[each.__name__] for kind in kinds if (each := kind.each or kind.type).__name__ in MAKES), "")
    belongs = " or ".join(str(kind) for kind in kinds if kind.type is not type(None))
    return f"{argument} is {shown}, where {belongs} belongs{makes and ': '}{makes.format(file)}"


def _with_article(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"

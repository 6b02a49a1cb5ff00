"""The few kinds of error that Visavox raises on purpose.

Every message has three parts: what is wrong (with its value), where it came from (a file, a flag), and what to do.
The command line prints the message on one line and exits with code 2.
"""

from collections.abc import Collection
from difflib import get_close_matches
from math import isfinite

LONGEST = 1000  # characters of a message: what it quotes from a file may be of any length


class VisavoxError(Exception):
    """An error that a user can mend; its text is one clear sentence or two, on one line, of characters that can be printed."""

    def __init__(self, message: object = ""):
        text = "".join(character if character.isprintable() else " " for character in str(message)).strip()
        super().__init__(text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} ... {text[-LONGEST // 3 :]}")


class FileError(VisavoxError):
    """A user's file is missing, unreadable, empty, too long, or not what its name says."""


class CheckpointError(VisavoxError):
    """A checkpoint is truncated, from another version, or does not hold what it declares."""


class RigError(VisavoxError):
    """Two rigs do not fit, or a rig lacks a channel that the work needs."""


class OptionError(VisavoxError):
    """An option has a value outside what it accepts; the message lists or bounds the valid ones."""


class DependencyError(VisavoxError):
    """An optional library is not installed; the message names the extra that brings it."""


class VisavoxWarning(UserWarning):
    """What is odd about an input that is used all the same; its text is one clear sentence, and the command line prints it."""


def positive(value: object, what: str, advice: str, least: float = 0.0) -> float:
    """`value` as a finite number above 0, `least` or more; an OptionError that says `what` it is of for anything else, text and nothing
    included."""
    try:
        number = float("nan") if isinstance(value, str | bytes) else float(value)
    except (TypeError, ValueError):
        number = float("nan")
    except OverflowError:  # a whole number of hundreds of digits, which nobody wants to read
        raise OptionError(f"{what} beyond 1e308 is not positive and finite; {advice}") from None
    if not (number > 0 and isfinite(number)):
        kind = "not positive and finite" if isinstance(value, int | float) else f"{type(value).__name__}, not a positive number"
        raise OptionError(f"{what} {value!r} is {kind}; {advice}")
    if number < least:
        raise OptionError(f"{what} {value!r} is below {least:g}; {advice}")
    return number


def nearest(given: str, valid: Collection[str], likeness: float = 0.6) -> str:
    """`, did you mean ...?` with the valid names that `given` begins or resembles by `likeness`, 0 to 1, phrases in quotation marks; empty
    when none does."""
    names = list(dict.fromkeys(valid))
    matches = [name for name in names if name.startswith(given)] or get_close_matches(given, names, 2, likeness)
    shown = [repr(name) if " " in name else name for name in matches[:2]]
    return f", did you mean {' or '.join(shown)}?" if shown else ""

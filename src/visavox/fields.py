"""`Fields`: the entries of a JSON object taken by name, each checked for its kind, so that a foreign document never surprises the code."""

import json
import math
from collections.abc import Iterable

from visavox.errors import FileError, nearest

LARGEST = 1e12  # of a number in a document, whatever it counts
LONGEST = 1 << 20  # characters of a text
MOST = 10_000_000  # entries of a list


class Fields:
    """One JSON object of a document.

    `source` is the file, `place` where in it the object stands ("" at the top), `advice` what a user can do. Every method takes an entry
    by name and raises a FileError that says which entry of which file is missing or of another kind.
    """

    def __init__(self, value: object, source: object, advice: str, place: str = ""):
        self.source, self.advice, self.place = source, advice, place
        if not isinstance(value, dict):
            raise self._error(place or "its content", value, "an object of names and values")
        self.value = value

    def __contains__(self, name: str) -> bool:
        return name in self.value

    def raw(self, name: str) -> object:
        """The entry as it is."""
        if name not in self.value:
            raise FileError(f"{self.source} lacks {self._at(name)}; {self.advice}")
        return self.value[name]

    def text(self, name: str, longest: int = LONGEST) -> str:
        """A text of at most `longest` characters."""
        value = self.raw(name)
        if not isinstance(value, str) or len(value) > longest:
            raise self._error(self._at(name), value, "a text")
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.raw(name)
        if not isinstance(value, bool):
            raise self._error(self._at(name), value, "true or false")
        return value

    def number(self, name: str, low: float = -LARGEST, high: float = LARGEST) -> float:
        """A finite number within [low, high]."""
        value = self.raw(name)
        if not _is_number(value) or not low <= value <= high:
            raise self._error(self._at(name), value, f"a number from {low:g} to {high:g}")
        return float(value)

    def whole(self, name: str, low: int = 0, high: int = 1 << 53) -> int:
        """A whole number within [low, high]."""
        value = self.raw(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self._error(self._at(name), value, f"a whole number from {low} to {high}")
        return value

    def items(self, name: str, most: int = MOST) -> list:
        """A list of anything."""
        value = self.raw(name)
        if not isinstance(value, list) or len(value) > most:
            raise self._error(self._at(name), value, f"a list of at most {most} entries")
        return value

    def numbers(self, name: str, low: float = -LARGEST, high: float = LARGEST, count: int | None = None) -> list[float]:
        """A list of finite numbers within [low, high], `count` of them where that is given."""
        wanted = f"a number from {low:g} to {high:g}"
        found = [float(value) for value in self._each(name, lambda value: _is_number(value) and low <= value <= high, wanted)]
        if count not in (None, len(found)):
            raise self._error(self._at(name), found, f"a list of {count}")
        return found

    def wholes(self, name: str, low: int = 0, high: int = 1 << 53) -> list[int]:
        """A list of whole numbers within [low, high]."""
        return self._each(name, lambda value: type(value) is int and low <= value <= high, f"a whole number from {low} to {high}")

    def texts(self, name: str) -> list[str]:
        """A list of texts."""
        return self._each(name, lambda value: isinstance(value, str) and len(value) <= LONGEST, "a text")

    def fields(self, name: str) -> "Fields":
        """The object under a name."""
        return Fields(self.raw(name), self.source, self.advice, self._at(name))

    def each(self, name: str, most: int = MOST) -> list["Fields"]:
        """A list of objects."""
        return [
            Fields(value, self.source, self.advice, f"{self._at(name)}[{number}]") for number, value in enumerate(self.items(name, most))
        ]

    def only(self, names: Iterable[str]) -> None:
        """Raises when the object has an entry beside `names`."""
        known = list(names)
        extra = sorted(set(self.value) - set(known))
        if extra:
            meant = nearest(extra[0][:80], known)
            raise FileError(f"{self.source} has an unknown entry {self._at(extra[0])[:80]}{meant}; {self.advice}")

    def _each(self, name: str, fits, wanted: str) -> list:
        values = self.items(name)
        wrong = next((number for number, value in enumerate(values) if not fits(value)), None)
        if wrong is not None:
            raise self._error(f"{self._at(name)}[{wrong}]", values[wrong], wanted)
        return values

    def _at(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name

    def _error(self, place: str, value: object, wanted: str) -> FileError:
        return FileError(f"{self.source} has {shown(value)} for {place[:120]}, not {wanted}; {self.advice}")


def shown(value: object) -> str:
    """A value of a document in a few words, for a message."""
    if isinstance(value, dict | list):
        return f"{'an object' if isinstance(value, dict) else 'a list'} of {len(value)}"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST:
        return "a huge number"
    text = repr(value) if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= 40 else f"{text[:37]}..."


def few(names: Iterable[str], most: int = 8) -> str:
    """The first of the names for a message, each short and on one line, and how many more there are."""
    every = list(names)
    cut = [printable(name if len(name) <= 60 else f"{name[:57]}...") for name in every[:most]]
    return ", ".join(cut) + (f" and {len(every) - most} more" if len(every) > most else "")


def printable(text: str) -> str:
    """The text with a question mark for what a terminal would obey or cannot show."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and (isinstance(value, int) or math.isfinite(value))

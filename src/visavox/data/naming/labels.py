"""`Labels`, what the name of a file says of it, and `Naming`, the way in which a corpus names its files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Labels:
    """Who speaks in a file, in which style (emotion, then how strong) and language, and what is said; "" where the name does not tell.

    `sound` is where the sound lies when the film has none; `better` is the file that shows the same speech better, if it is there.
    """

    speaker: str
    style: str = ""
    language: str = ""
    text: str = ""
    sound: Path | None = None
    better: Path | None = None


@dataclass(frozen=True)
class Naming:
    """A corpus, by `name`; what its names tell, in words; its `licence` as its makers published it, "" where they ask for an agreement;
    and `of`, the labels of a file by its path, None when it is not named so."""

    name: str
    tells: str
    licence: str
    of: Callable[[Path], Labels | None]


def style_of(emotion: str, strength: str = "") -> str:
    """An emotion and how strong it is, as one word for people: "happy, strong"."""
    return f"{emotion}, {strength}" if strength else emotion

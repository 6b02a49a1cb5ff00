"""Prompts: free words as cues (`understood`); directors who make cues of a request are in `director`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from visavox.cue import Cue
    from visavox.cues.prompt.reader import Pauses


def understood(text: str, start: float, end: float, pauses: "Pauses | None" = None) -> "list[Cue]":
    """The cues that a prompt asks for between `start` and `end` seconds; see `reader.understood`, whose hundreds of patterns take .1 s to
    load and are loaded with the first prompt."""
    from visavox.cues.prompt import reader

    return reader.understood(text, start, end, pauses)

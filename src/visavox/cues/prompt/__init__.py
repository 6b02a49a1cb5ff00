"""Prompts: free words as cues (`understood`), and what of them says nothing (`left_out`); directors are in `director`."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from visavox.cue import Cue
    from visavox.cues.prompt.timing import Accents, Pauses, Words


def understood(
    text: str, start: float, end: float, pauses: "Pauses | None" = None, accents: "Accents | None" = None, words: "Words | None" = None
) -> "list[Cue]":
    """The cues that a prompt asks for between `start` and `end` seconds; see `reader.understood`, whose hundreds of patterns take .2 s to
    load and are loaded with the first prompt."""
    from visavox.cues.prompt import reader

    return reader.understood(text, start, end, pauses, accents, words)


def left_out(text: str) -> tuple[str, ...]:
    """What of a prompt is not understood, where a part of it is, in the words of the person; an OptionError as `understood` has it."""
    from visavox.cues.prompt import reader

    return reader.read_prompt(text).left

"""`Director`: whoever makes cues of a request. The reader of prompts is one; a language model of the user's own is another.

Visavox calls no model. `Written` asks whatever answers text with text, and holds the answer to the grammar of cues.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from visavox.cue import Cue
from visavox.cues.files import parse_cues
from visavox.cues.grammar import vocabulary
from visavox.cues.prompt.reader import understood
from visavox.errors import FileError, VisavoxError

LONGEST_ANSWER = 200_000  # characters


@dataclass(frozen=True)
class Request:
    """What is asked of a director: the `words` of the request, the `seconds` that the recording lasts; when which word is said, (start,
    end, word); what the voice does in a few words, such as where it pauses and what it stresses."""

    words: str
    seconds: float
    transcript: tuple[tuple[float, float, str], ...] = ()
    prosody: str = ""


class Director(Protocol):
    """Makes a performance of a request, in one call."""

    def direct(self, request: Request) -> list[Cue]:
        """The cues; an OptionError or FileError for a request that it cannot perform."""


class Reader:
    """The director that Visavox has: a grammar with synonyms."""

    def direct(self, request: Request) -> list[Cue]:
        """See `Director.direct`."""
        words = partial(list, request.transcript) if request.transcript else None
        return understood(request.words, 0.0, request.seconds, words=words)


class Written:
    """A director that asks `answer(message)`, such as a language model, for cues in WebVTT."""

    def __init__(self, answer: Callable[[str], str]):
        self.answer = answer

    def direct(self, request: Request) -> list[Cue]:
        """See `Director.direct`. An answer that is no cues, or none within the recording, is a FileError."""
        text = self.answer(message_of(request))[:LONGEST_ANSWER]
        start = text.find("WEBVTT")
        try:
            cues = parse_cues(text[max(start, 0) :].split("```")[0], "the director's answer")
        except VisavoxError as error:
            raise FileError(f"{error}; ask the director again, or write the cues by hand") from None
        late = next((cue for cue in cues if cue.start >= request.seconds), None)
        if late is not None or not cues:
            what = "holds no cues" if late is None else f"has a cue at {late.start:g} s, after the end ({request.seconds:.2f} s)"
            raise FileError(f"the director's answer {what}; ask again, or write the cues by hand")
        return cues


def message_of(request: Request) -> str:
    """What a director who writes is told: the request, the recording, and the whole vocabulary."""
    parts = ["You direct an animated face. Answer with cues in WebVTT alone: a line WEBVTT, then blocks of a time and instructions.",
             f"The recording lasts {request.seconds:.2f} s. Instructions:"]  # fmt: skip
    for kind, words in vocabulary():
        parts.append(f"{kind.name}, such as {'; '.join(kind.examples)}")
        parts += [f"  {word}: {meaning}" for word, meaning in words.items()]
    if request.transcript:
        parts.append("Words: " + " ".join(f"{word}@{start:.2f}" for start, _, word in request.transcript))
    if request.prosody:
        parts.append(f"Voice: {request.prosody}")
    return "\n".join([*parts, f"Request: {request.words}"])

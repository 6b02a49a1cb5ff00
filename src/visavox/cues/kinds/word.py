"""Words: `word really: lips 1.4; brows up`, instructions over the time of a word that is said."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from visavox.cue import Cue, Instruction
from visavox.errors import OptionError

_WORD = re.compile(r"word\s+(.+?)\s*:\s*(.+)", re.I | re.S)


@dataclass(frozen=True)
class Word(Instruction):
    """`instructions` over the time of `word`, all its occurrences within the cue's span, or everywhere when that is a moment."""

    word: str
    instructions: tuple[Instruction, ...]


class WordKind:
    """Instructions over the time of a word. It reads and writes them through the grammar, which it is given."""

    name = "word"
    holds = Word
    vocabulary = {"word WORD: INSTRUCTIONS": "whatever else can be asked, over the time of a word of the transcript"}
    examples = ("word really: lips 1.4; brows up",)

    def __init__(
        self, read: Callable[[str], list[Instruction]], write: Callable[[Instruction], str], explain: Callable[[Instruction], str]
    ):
        self.read_others, self.write_other, self.explain_other = read, write, explain

    def read(self, text: str) -> Word | None:
        """See `Kind.read`."""
        found = _WORD.fullmatch(text.strip())
        if not found and text.strip().lower().startswith("word "):
            lacks = "says nothing that is done then" if text.strip().endswith(":") else "lacks a colon after its word"
            raise OptionError(f"{text.strip()[:60]!r} {lacks}; write it as word really: brows up")
        if not found:
            return None
        if not plain(found[1]):
            raise OptionError(f"{found[1]!r} is no word; write it as word really: brows up")
        inner = self.read_others(found[2])
        wrong = next((one for one in inner if isinstance(one, Word)), None)
        if wrong is not None or not inner:
            raise OptionError(f"{text.strip()!r} holds a word within a word; give each a line of its own")
        return Word(plain(found[1]), tuple(inner))

    def write(self, instruction: Word) -> str:
        """See `Kind.write`."""
        return f"word {instruction.word}: {'; '.join(map(self.write_other, instruction.instructions))}"

    def explain(self, instruction: Word) -> str:
        """See `Kind.explain`."""
        return f"at the word {instruction.word!r}, {', and '.join(map(self.explain_other, instruction.instructions))}"


def plain(word: str) -> str:
    """A word as transcripts are compared: lower case, nothing but letters, digits and apostrophes within."""
    return " ".join(re.sub(r"[^\w' ]", " ", word.lower().replace("’", "'")).replace("_", " ").split()).strip("'")


def spans_of(word: str, words: list[tuple[float, float, str]]) -> list[tuple[float, float]]:
    """(start, end) in seconds of each time that `word`, which may be several, is among `words` (start, end, word)."""
    wanted, every = word.split(), [plain(each) for _, _, each in words]
    places = [place for place in range(len(every) - len(wanted) + 1) if every[place : place + len(wanted)] == wanted]
    return [(words[place][0], max(words[place + len(wanted) - 1][1], words[place][0])) for place in places]


def placed(cue: Cue, words: list[tuple[float, float, str]]) -> list[Cue]:
    """The cues of the instructions of a word cue, once for each time that the word is among `words` (start, end, word) within its span.

    An OptionError when it is never said there.
    """
    spans = [(start, end) for start, end in spans_of(cue.instruction.word, words) if cue.momentary or start < cue.end and end > cue.start]
    found = [Cue(start, end, one, cue.note, cue.line) for start, end in spans for one in cue.instruction.instructions]
    if not found:
        when = "" if cue.momentary else f" between {cue.start:g} and {cue.end:g} s"
        raise OptionError(f"{cue.place}: the word {cue.instruction.word!r} is not said{when}; check the transcript, or the cue's time")
    return found

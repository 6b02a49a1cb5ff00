"""What a person is told whose words are not understood: the words as they wrote them, what is unknown among them, what is nearest."""

import re
from difflib import SequenceMatcher

from visavox.cues.groups import GROUPS
from visavox.cues.kinds import PLAIN
from visavox.cues.moves import MOVES
from visavox.cues.prompt.beyond import missing
from visavox.cues.prompt.clause import unknown_words
from visavox.cues.words import tokens
from visavox.emotion import EMOTIONS
from visavox.errors import OptionError, nearest

WHEN = re.compile(r"(?<!\bas )\b(?:when|whenever|if|once|unless|as soon as)\b")
LOOSELY = 0.5  # likeness from which an instruction is what may have been meant
LONGEST_COMPARED = 600  # characters of a prompt in which the words of a clause are looked for
SHOWN = 60  # characters of what was asked for


class NotUnderstoodError(OptionError):
    """A clause of a prompt that is not understood."""


def left_out(clause: str, prompt: str, words: list[str]) -> str:
    """What is said of a `clause` that is left out of a `prompt`, or of the `words` of it that are, and why."""
    written = set(tokens(prompt))
    if words and written.issuperset(words):  # a picture of speech has words of its own
        return ", ".join(repr(word[:30]) for word in words)
    own = _short(own_words(clause, prompt, 0))
    beyond = missing([word for word in tokens(own) if word[:1].isalpha()])
    return f"{own!r} ({beyond[1]})" if beyond else f"{own!r}"


def refusal(clause: str, prompt: str) -> str:
    """What is said of a `clause` that is not understood, in the words of the `prompt` that it stands in."""
    own = own_words(clause, prompt)
    asked = [word for word in tokens(own) if word[:1].isalpha()]
    beyond, strange = missing(asked), [word for word in unknown_words(clause) if word in asked]
    if beyond is not None:
        why = f": {beyond[1]} ({beyond[0]!r})"
    elif WHEN.search(clause):
        why = ": when that is, the sound does not tell; give a time, 'at a pause', or a word in quotation marks"
    else:
        why = f", nothing is known of {strange[0][:30]!r}" if strange and strange != asked else ""
    near = nearest(clause, _known(), LOOSELY) if beyond is None and not WHEN.search(clause) else ""
    return f"{_short(own)!r} is not understood{why}{near}; `visavox cues list` says what can be asked for"


def own_words(clause: str, prompt: str, short: int = SHOWN) -> str:
    """The part of `prompt` that a `clause` was read from, as it is written; the whole where that cannot be told, or has up to `short`
    characters."""
    prompt = " ".join(prompt.split())
    if not short < len(prompt) <= LONGEST_COMPARED:
        return prompt
    written = prompt.split(" ")
    plain = [word.lower().replace("’", "'").strip(".,;!?\"'“”") for word in written]
    blocks = [block for block in SequenceMatcher(None, plain, clause.split(), autojunk=False).get_matching_blocks() if block.size]
    if not blocks:
        return prompt
    longest = max(blocks, key=lambda block: block.size)
    far = len(clause.split()) + 2
    near = [block for block in blocks if abs(block.a - longest.a) <= far]
    return " ".join(written[near[0].a : near[-1].a + near[-1].size]).strip(" ,;.")


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}"


def _known() -> list[str]:
    """All that can be asked for, as it is written."""
    moves = [f"{move.name} {way}".strip() for move in MOVES.values() for way in (*move.ways, "twice" if move.counted else "slowly")]
    examples = [example for kind in PLAIN for example in kind.examples]
    names = [name for move in MOVES.values() for name in move.names]
    return [*moves, *examples, *EMOTIONS, *GROUPS, *names]

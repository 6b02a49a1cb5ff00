"""A prompt cut into clauses, with what is done after what and together with what, and the times that it names."""

import re
from dataclasses import dataclass, replace

from visavox.cues.words import ALIKE, COUNTS, SPEEDS, STRENGTHS

_AFTERWARDS = (
    r"(?:,\s*)?\b(?:and\s+)?(?:then|after\s+that|afterwards|after\s+which|followed\s+by|next|finally|later|subsequently)\b,?"
    r"|;|\.\s+|,\s*(?!and\b|while\b)"
)
_TOGETHER = (
    r"(?:,\s*)?\b(?:and\s+at\s+the\s+same\s+time|at\s+the\s+same\s+time|simultaneously|while|whilst|and|as\s+(?:she|he|they|it))\b,?"
)
_SPLIT = re.compile(rf"(?P<after>{_AFTERWARDS})|(?P<before>\s*,?\bbefore\b)|(?P<together>{_TOGETHER})")
_COUNTS = {"half a": 0.5, "a": 1, "one": 1, "a couple of": 2, "two": 2, "a few": 3, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_WRITTEN = re.compile(rf"\b({'|'.join(_COUNTS)})\s+(seconds?|secs?)\b")  # a number of seconds in words
_SHORT, _LONG = (
    re.compile(r"\bfor\s+(?:just\s+)?a\s+(?:brief\s+|short\s+)?moment\b|\bbriefly\b|\bmomentarily\b"),
    re.compile(r"\bfor\s+a\s+while\b"),
)
_NUMBER = r"(\d+(?:\.\d+)?)\s*(?:s|sec|secs|second|seconds)\b"
# one movement, not two
_PAIRS = re.compile(r"\b(up|shuts?|shutting|closes?|closing|to|back|left) and (down|opens?|opening|fro|forth|right)\b")
_SPAN = re.compile(rf"\bfrom\s+(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)?\s*(?:to|until|till|-)\s*{_NUMBER}")
_FOR = re.compile(rf"\bfor\s+{_NUMBER}")
_AT = re.compile(rf"\b(?:at|after|from)\s+{_NUMBER}(?:\s+on)?|\b{_NUMBER}\s+in(?:to it)?\b")
_PLACES = {
    "start": re.compile(r"\b(?:at|in|from)\s+the\s+(?:very\s+)?(?:beginning|start|outset)\b|\b(?:initially|first|to\s+begin\s+with)\b,?"),
    "middle": re.compile(r"\b(?:in|at)\s+the\s+middle\b|\bhalfway\s+through\b|\bmidway\b"),
    "end": re.compile(r"\b(?:at|in|by|towards)\s+the\s+(?:very\s+)?end\b|\bin\s+the\s+last\s+(?:moment|second|seconds)\b|\blastly\b,?"),
}
_WHOLE = re.compile(r"\b(?:throughout|all\s+(?:the\s+time|along)|the\s+(?:whole|entire)\s+time|constantly|during\s+all\s+of\s+it)\b")


# "like a dog", "as if she knew": how something is done, never what
_LIKE = re.compile(r"(?<!look)(?<!looks)(?<!looking)(?<!seems)(?<!\bis)\s+(?:like|as\s+(?:if|though))\s+.*$")
_MANNER, _SIDES = re.compile(r"(?:very\s+)?\w{2,}ly"), ("left", "right", "up", "down")
_SMALL = {*SPEEDS, *STRENGTHS, *ALIKE, *COUNTS, "times", "time"}


@dataclass(frozen=True)
class Clause:
    """Words of a prompt: their `step` in its order, and what they say of time, in seconds: `start`, `end`, `lasting`; `where` is "start",
    "middle", "end", "whole" or ""."""

    text: str
    step: int
    start: float | None = None
    end: float | None = None
    lasting: float | None = None
    where: str = ""


def clauses_of(prompt: str) -> list[Clause]:
    """The clauses of a prompt in their order; those of one step are done together."""
    text = re.sub(r"\s+", " ", prompt.lower().replace("’", "'")).strip(" .!")
    text = re.sub(r"\bagain and again\b|\bover and over(?: again)?\b", "repeatedly", text)
    text = _PAIRS.sub(r"\1 & \2", text)
    text = re.sub(r"\bseconds?\s+(\d+(?:\.\d+)?)\b", r"\1 s", text)
    text = re.sub(r"\b(?:while|as)\s+(?:she|he|they|it)\s+(?:speaks?|talks?)\b|\s+and lets? (?:them|it) (?:fall|go)\b", " ", text)
    text = _WRITTEN.sub(lambda found: f"{_COUNTS[found[1]]:g} {found[2]}", text)
    text = _LONG.sub("for 3 seconds", _SHORT.sub("for 1 second", text))
    text = re.sub(r"^after\s+([^,]+),\s*", r"\1 then ", text)  # "after nodding, she smiles"
    text = re.sub(r"^before\s+([^,]+),\s*(.+)$", r"\2 then \1", text)  # "before nodding, she smiles"
    text = re.sub(r"^(?:while|as)\s+(\S+ing\b[^,]*?),?\s+((?:she|he|they|it|the)\b.+)$", r"\2 and \1", text)  # "while smiling she nods"
    text = re.sub(r"^(before|after)\s+(\S+ing\b.*?)\s+((?:she|he|they|it|the)\b.+)$", _turned, text)  # the same without a comma
    found, step, last = [], 0, 0
    for cut in [*_SPLIT.finditer(text), None]:
        part = text[last : cut.start() if cut else len(text)].strip(" ,")
        if part:
            found.append(_timed(Clause(part, step)))
        if cut is None:
            break
        step += bool(found) and not cut["together"]
        last = cut.end()
    return _complete(found)


def _complete(clauses: list[Clause]) -> list[Clause]:
    """Clauses that are whole: a manner by itself belongs to the one before, "twice, firmly", and a bare side does what that one does,
    "looks left, right"."""
    found: list[Clause] = []
    for clause in clauses:
        if found and set(found[-1].text.split()) <= _SMALL | {"a", "an", "the", "one"}:  # "a slow, knowing nod"
            clause = replace(clause, text=f"{found[-1].text} {clause.text}", step=found.pop().step)
        bare = clause.text.removeprefix("to the ").removeprefix("to her ").removeprefix("to his ")
        before = found[-1] if found else None
        if before and (_MANNER.fullmatch(clause.text) or bare.split() and all(word in _SMALL for word in bare.split())):
            found[-1] = replace(before, text=f"{before.text} {bare}")
        elif before and bare in _SIDES and (verb := re.match(r"(?:(?:she|he|they|it)\s+)?\w+", before.text)):
            found.append(replace(clause, text=f"{verb.group()} {bare}"))
        else:
            found.append(clause)
    return found


def _turned(found: re.Match) -> str:
    return f"{found[3]} then {found[2]}" if found[1] == "before" else f"{found[2]} then {found[3]}"


def _timed(clause: Clause) -> Clause:
    """The clause with what it says of time, which is taken out of its words."""
    text = _LIKE.sub("", clause.text)
    if found := _SPAN.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, start=float(found[1]), end=float(found[2]))
    if found := _FOR.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, lasting=float(found[1]))
    if found := _AT.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, start=float(found[1] or found[2]))
    for where, pattern in _PLACES.items():
        if found := pattern.search(text):
            text = text.replace(found.group(), " ")
            clause = replace(clause, where=where)
    if found := _WHOLE.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, where="whole")
    return replace(clause, text=" ".join(text.split()))

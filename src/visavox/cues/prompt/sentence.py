"""A prompt cut into clauses, with what is done after what and together with what, and the times that it names."""

import re
from dataclasses import dataclass, replace

_AFTERWARDS = (
    r"(?:,\s*)?\b(?:and\s+)?(?:then|after\s+that|afterwards|after\s+which|followed\s+by|next|finally|later|subsequently)\b,?"
    r"|;|\.\s+|,\s*(?!and\b|while\b)"
)
_TOGETHER = (
    r"(?:,\s*)?\b(?:and\s+at\s+the\s+same\s+time|at\s+the\s+same\s+time|simultaneously|while|whilst|and|as\s+(?:she|he|they|it))\b,?"
)
_SPLIT = re.compile(rf"(?P<after>{_AFTERWARDS})|(?P<before>\s*,?\bbefore\b)|(?P<together>{_TOGETHER})")
_NUMBER = r"(\d+(?:\.\d+)?)\s*(?:s|sec|secs|second|seconds)\b"
# one movement, not two
_PAIRS = re.compile(r"\b(up|shuts?|shutting|closes?|closing|to|back|left) and (down|opens?|opening|fro|forth|right)\b")
_SPAN = re.compile(rf"\bfrom\s+(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)?\s*(?:to|until|till|-)\s*{_NUMBER}")
_FOR = re.compile(rf"\bfor\s+{_NUMBER}")
_AT = re.compile(rf"\b(?:at|after|from)\s+{_NUMBER}(?:\s+on)?|\b{_NUMBER}\s+in(?:to it)?\b")
_PLACES = {
    "start": re.compile(r"\b(?:at|in|from)\s+the\s+(?:very\s+)?(?:beginning|start|outset)\b|\b(?:initially|first|to\s+begin\s+with)\b,?"),
    "middle": re.compile(r"\b(?:in|at)\s+the\s+middle\b|\bhalfway\s+through\b|\bmidway\b"),
    "end": re.compile(r"\b(?:at|in|by)\s+the\s+(?:very\s+)?end\b|\bin\s+the\s+last\s+moment\b|\blastly\b,?"),
}
_WHOLE = re.compile(r"\b(?:throughout|all\s+(?:the\s+time|along)|the\s+(?:whole|entire)\s+time|constantly|during\s+all\s+of\s+it)\b")


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
    text = _PAIRS.sub(r"\1 & \2", text)
    text = re.sub(r"^after\s+([^,]+),\s*", r"\1 then ", text)  # "after nodding, she smiles"
    text = re.sub(r"^before\s+([^,]+),\s*(.+)$", r"\2 then \1", text)  # "before nodding, she smiles"
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
    return found


def _turned(found: re.Match) -> str:
    return f"{found[3]} then {found[2]}" if found[1] == "before" else f"{found[2]} then {found[3]}"


def _timed(clause: Clause) -> Clause:
    """The clause with what it says of time, which is taken out of its words."""
    text = clause.text
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

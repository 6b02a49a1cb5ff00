"""A prompt cut into clauses, with what is done after what and together with what, and the times that it names."""

import re
from dataclasses import dataclass, replace

from visavox.cues.prompt.ellipsis import of_the_one_before
from visavox.cues.prompt.phrases import ALONE, SEEMING, VIEWER
from visavox.cues.prompt.wording import plain
from visavox.cues.words import ALIKE, COUNTS, SPEEDS, STRENGTHS

_AFTERWARDS = (
    r"(?:,\s*)?\b(?:and\s+)?(?:then|after\s+that|afterwards|after\s+which|followed\s+by|next|finally|subsequently)\b,?"
    r"|;|\.\s+|,(?!\s*(?:while|whilst)\b)\s*"
)
_TOGETHER = (
    r"(?:,\s*)?\b(?:and\s+at\s+the\s+same\s+time|at\s+the\s+same\s+time|simultaneously|alongside|while|whilst|and"
    r"|as\s+(?:she|he|they|it))\b,?"
)
_SPLIT = re.compile(rf"(?P<after>{_AFTERWARDS})|(?P<before>\s*,?\bbefore\b)|(?P<together>{_TOGETHER})")
_SHORT, _LONG = (
    re.compile(r"\bfor\s+(?:just\s+)?a\s+(?:brief\s+|short\s+)?moment\b|\bbriefly\b|\bmomentarily\b"),
    re.compile(r"\bfor\s+a\s+while\b"),
)
_NUMBER = r"(\d+(?:\.\d+)?)\s*(?:s|sec|secs|second|seconds)\b"
# one movement, not two
_PAIRS = re.compile(r"\b(up|shuts?|shutting|closes?|closing|to|back|left) and (down|opens?|opening|fro|forth|right)\b")
# "don't smile, nod at 2 s": the time is that of the nod
_DENIED_FIRST = re.compile(r"^(?:while\s+)?(not\s+[^,]+), ?(?! |then\b|and\b|but\b)(.+)$")
_MORE_THAN_A_DEED = re.compile(r"[\d.;-]|\b(?:at|until|till|for|from|during|in|on|when|before|after|then|and|throughout)\b")
_SPAN = re.compile(rf"\bfrom\s+(\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)?\s*(?:to|until|till|-)\s*{_NUMBER}")
_FOR = re.compile(rf"\bfor\s+{_NUMBER}")
_UNTIL = re.compile(rf"\b(?:until|till|up to)\s+{_NUMBER}")
_PAUSE = re.compile(r"\b(until|at|after)-pause\b")
_LAST = re.compile(rf"\b(?:(?:during|in|for|over|within)\s+)?the\s+(?:very\s+)?last\s+{_NUMBER}")
_AT = re.compile(rf"\b(?:at|after|from)\s+{_NUMBER}(?:\s+on)?|\b{_NUMBER}\s+in(?:to it)?\b")
_PLACES = {
    "first half": re.compile(r"\b(?:in|for|during|over)\s+the\s+first\s+half\b"),
    "second half": re.compile(r"\b(?:in|for|during|over)\s+the\s+(?:second|last|other)\s+half\b"),
    "start": re.compile(
        r"\b(?:at|in|from)\s+the\s+(?:very\s+)?(?:beginning|start|outset)\b|\b(?:initially|first(?!\s+(?:accent|stress|beat|time))|to\s+begin\s+with)\b,?"
    ),
    "middle": re.compile(r"\b(?:in|at)\s+the\s+middle\b|\bhalfway\s+through\b|\bmidway\b"),
    "end": re.compile(
        r"\b(?:at|in|by|towards)\s+the\s+(?:very\s+)?end\b(?!\s+of\b)|\bin\s+the\s+last\s+(?:moment|second|seconds)\b|\blastly\b,?"
    ),
}
_WHOLE = re.compile(r"\b(?:throughout|all\s+(?:the\s+time|along)|the\s+(?:whole|entire)\s+time|constantly|during\s+all\s+of\s+it)\b")


# "like a dog", "as if she knew": how something is done, never what
_LIKE = re.compile(r"(?<!look)(?<!looks)(?<!looking)(?<!seems)(?<!\bis)\s+(?:like|as\s+(?:if|though))\s+.*$")
_SAYING = frozenset(
    "she he they it you speak speaks talk talks say says act acts behave behaves move moves play plays react reacts do does deliver "
    "delivers perform performs answer answers respond responds this that the line".split()
)
_MANNER, _SIDES = re.compile(r"(?:very\s+)?\w{2,}ly"), ("left", "right", "up", "down")
_SMALL = {*SPEEDS, *STRENGTHS, *ALIKE, *COUNTS, "times", "time"}
_HELD = re.compile(
    r"(?:hold|stay|keep|remain)s?(?: (?:it|that|there|this|still|open|shut|closed|up|down|raised|wide|like))*"
    r"(?: a (?:beat|moment|second))?(?: (?:until|to|till) the end)?"
)
_WAIT = re.compile(r"(?:(?:she|he|they|it|a|short|long|brief)\s+)*(?:waits?|pauses?|beat)(?: a (?:beat|moment|second|bit|while))?")
_LET_GO = re.compile(
    r"(?:and )?(?:slowly |then )?(?:releases?|relax(?:es)?|lets? go|opens?|returns?|resets?"
    r"|(?:go(?:es)?|comes?|turns?) back)(?: (?:it|them|the eyes|her eyes|his eyes))?(?: again)?"
    r"(?: slowly| gently)?"
)
_AT_WORD = re.compile(r"\bsaid:(?:(\w+)(?:\.(\w+))?:)?([\w']+)")
_AT_PIECE = re.compile(r"\bpiece:(\w+):(\w+)")
_EACH = re.compile(r"\beach-(?:(pause)|(\d+(?:\.\d+)?)-s)(?!\S)")
_PART = re.compile(r"\bpart-(\d(?:\.\d+)?)-(\d(?:\.\d+)?)(?!\S)")
_UNTIL_LAST = re.compile(r"\buntil-last-(\d+(?:\.\d+)?)-s(?!\S)")
_AS_IF = re.compile(
    r"(?:just |kind of |sort of |exactly )?(?:like|as if|as though|as in)\b|(?!in |with )(?:[\w']+ ){1,3}(?:style|fashion)$"
)
_FACE = re.compile(r" (?:face|expression|look|mood)$")  # "sad face, 70 %"
_FADES = re.compile(
    r"(?:(?:drop|lose|release|stop)s? (?:it|that|(?:the|his|her|your) \w+))|(?:(?:and|it|that|the|his|her) )*(?:\w+"
    r" )?(?:fad(?:e|es|ing)|disappears?|vanish(?:es)?|dies?|ends?|stops?|drops?|melts?)(?: (?:out|away|off|to nothing))?"
)
_LATER = re.compile(r"\blater-(\d+(?:\.\d+)?)-s(?!\S)")
_CREEPING = re.compile(
    r"\b(?:creep(?:s|ing)? in|(?:bit|little) by (?:bit|little)|over time|as (?:the|her|his|your) \w+ (?:goes|progresses|continues) on?"
    r"|as (?:she|he|it|they) goes? on|steadily|build(?:s|ing)?(?: up)?(?: to)?|grow(?:s|ing)? (?:into|from))\b"
)
_COMING = re.compile(rf"{_CREEPING.pattern}|\b(?:gradually|slowly|slow)\b")
_GOING = re.compile(
    r"\b(?:(?:which|that|and|slowly|gradually) )*(?:fad(?:es?|ing)|dies|dying|ebb(?:s|ing)?|subsid(?:es?|ing)"
    r"|wear(?:s|ing) off|drain(?:s|ing)?)(?: away| out| off| from (?:her|his|the) face)?\b"
)
_ONE_MORE = re.compile(r"(?:(?:gives?|does|makes?) )?(?:a|an|the|another|one)(?: more)? ?(?:(?:much|even|very) )?([a-z]+)? ?one")
_COMPARED = {
    "bigger": "strongly", "larger": "strongly", "deeper": "strongly", "stronger": "strongly", "big": "strongly", "firmer": "strongly",
    "wider": "strongly", "broader": "strongly", "smaller": "slightly", "weaker": "slightly", "lighter": "slightly", "slower": "slowly",
    "faster": "quickly", "quicker": "quickly", "another": "", "more": "", "long": "slowly", "slow": "slowly", "quick": "quickly",
    "short": "quickly", "small": "slightly", "tiny": "slightly",
}  # fmt: skip
_SIZED = frozenset("a an one the big small bigger smaller tiny little large wide deep".split())
_ORDINAL = re.compile(r"^(?:second|third|fourth|fifth|secondly|thirdly|fourthly)\b,?\s+(?!half\b)")
_NO_DEEDS = frozenset(("", "hold", "wait", "let go", "pause", "a pause", "beat", "a beat"))
TO_THE_END = -1e-3  # seconds, counted from the end of all
HELD = 1.5  # seconds that something is held where nothing says how long


@dataclass(frozen=True)
class Clause:
    """Words of a prompt, none where it waits: their `step` in its order, and what they say of time, in seconds.

    `start`, `end` (below 0 so long before the end of all), `lasting`, the `last` ones, a `part` of the time as shares of it; that it is
    "until", "at" or "after" the `pause`, or at "each"; `where`: one of _PLACES, "whole" or ""; that it is done every so many seconds,
    `every`, or `later` than what is before it began. Or that it `lies` "at", "past", "ahead", "from" or "until" a `word`, or, without
    one, on "all" of a sentence or its "start", "middle" or "end"; `which` of several; `leads` where that stands before the deed; what is
    counted `fills` the time; `also` that a bare "and" stands before it. `listed`
    says that a comma alone stands before it; `grows`, that what is felt comes (1) or goes (-1) bit by bit; `beside`, that it has the time
    of the clause before it.
    """

    text: str
    step: int
    start: float | None = None
    end: float | None = None
    lasting: float | None = None
    where: str = ""
    last: float | None = None
    pause: str = ""
    every: float | None = None
    word: str = ""
    lies: str = ""
    which: str = ""
    leads: bool = False
    fills: bool = True
    also: bool = False
    later: float | None = None
    part: tuple[float, float] | None = None
    listed: bool = False
    grows: int = 0
    beside: bool = False

    @property
    def begins(self) -> bool:
        """Whether it says when it begins."""
        return bool(self.where or self.pause or self.lies) or any(value is not None for value in (self.start, self.last, self.part))

    @property
    def timed(self) -> bool:
        """Whether it says anything of time."""
        named = bool(self.where or self.pause or self.word or self.lies)
        return named or any(
            value is not None for value in (self.start, self.end, self.lasting, self.last, self.every, self.later, self.part)
        )


def clauses_of(prompt: str, pictures: bool = True) -> list[Clause]:
    """The clauses of a prompt in their order; those of one step are done together. `pictures` as `wording.plain` has them."""
    text = plain(prompt, pictures)
    text = _PAIRS.sub(r"\1 & \2", text)
    text = _LONG.sub("for 3 seconds", _SHORT.sub("for 1 second", text))
    text = re.sub(r"^without\s+([^,]+),\s*(.+)$", r"\2 while not \1", text)
    text = _DENIED_FIRST.sub(_denied_throughout, text)
    text = re.sub(r"^(before|after)\s+(\S+ing\b[^,]*?)\s+((?:she|he|they|it)\b.+)$", _turned, text)  # "after nodding she smiles, sighing"
    text = re.sub(rf"^after\s+(?!{_NUMBER},)([^,]+),\s*", r"\2 then ", text)  # "after nodding, she smiles"
    text = re.sub(r"^before\s+([^,]+),\s*(.+)$", r"\2 then \1", text)  # "before nodding, she smiles"
    text = re.sub(r"^(?:while|as)\s+(\S+ing\b[^,]*?),?\s+((?:she|he|they|it|the)\b.+)$", r"\2 and \1", text)  # "while smiling she nods"
    text = re.sub(r"^(before|after)\s+(\S+ing\b.*?)\s+((?:she|he|they|it|the)\b.+)$", _turned, text)  # the same without a comma
    found, step, last, listed, beside, also = [], 0, 0, False, False, False
    for cut in [*_SPLIT.finditer(text), None]:
        part = text[last : cut.start() if cut else len(text)].strip(" ,")
        whole = _timed(Clause(_ORDINAL.sub("", part), step, listed=listed and not _ORDINAL.match(part), beside=beside, also=also))
        full = of_the_one_before(whole.text, next((one.text for one in reversed(found) if one.text not in _NO_DEEDS), ""))
        if part and full != "":
            found.append(replace(whole, text=whole.text if full is None else full))
        if cut is None:
            break
        step += bool(found) and not cut["together"]
        also = cut.group().strip() == "and"
        listed, beside = cut.group().strip() in (",", ";", "."), "alongside" in cut.group()
        last = cut.end()
    return _of_one_time(_complete(found))


def _denied_throughout(found: re.Match) -> str:
    """What is asked for, and then what is not to be done, all the time; as it stands where that has a time of its own."""
    denied = found[1].replace(" while ", " throughout while ")
    return found[0] if _MORE_THAN_A_DEED.search(found[1]) else f"{found[2]} while {denied} throughout"


def _of_one_time(clauses: list[Clause]) -> list[Clause]:
    """The clauses, those that belong to one picture of speech with the time that one of them names."""
    found = list(clauses)
    for place in range(len(found) - 1, 0, -1):
        if found[place].beside and found[place].timed and not found[place - 1].timed:
            found[place - 1] = at_the_time_of(found[place - 1], found[place])
    for place in range(1, len(found)):
        if found[place].beside and found[place - 1].timed and not found[place].timed:
            found[place] = at_the_time_of(found[place], found[place - 1])
    return found


def at_the_time_of(clause: Clause, other: Clause) -> Clause:
    """The clause with the time that another one names."""
    return replace(other, text=clause.text, step=clause.step, listed=clause.listed, beside=clause.beside)


def _complete(clauses: list[Clause]) -> list[Clause]:
    """Clauses that are whole. A manner by itself belongs to the one before, "twice, firmly"; a bare side does what that one does, "looks
    left, right". A time by itself belongs to the one that it stands before, or after."""
    found: list[Clause] = []
    for clause in _with_their_times(clauses):
        before = set(found[-1].text.split()) if found else set()
        like = before <= _SMALL | SEEMING | {"a", "an", "the", "one"} and not found[-1].timed if found else False
        if like and clause.every is not None and before <= SEEMING:
            like = False  # "bored, blinks every 2 s"
        if like and (before <= _SMALL | {"a", "an", "the", "one"} or ALONE & set(clause.text.split())):  # "a slow, knowing nod"
            clause = replace(clause, text=f"{found[-1].text} {clause.text}", step=found.pop().step)
        bare = clause.text.removeprefix("to the ").removeprefix("to her ").removeprefix("to his ").removesuffix(" side")
        bare = bare.removesuffix(" again") if bare.removesuffix(" again") in _SIDES else bare
        bare = re.sub(
            r"^(up|down|left|right) (?:at|to|towards?|into|over) (?:(?!left\b|right\b|camera\b|us\b|me\b|viewer).)+$", r"\1", bare
        )
        before = found[-1] if found else None
        if before and (
            _MANNER.fullmatch(clause.text) and clause.text not in SEEMING or bare.split() and all(_is_small(word) for word in bare.split())
        ):
            if clause.begins and before.begins:  # "nods twice at 2 s and once at 5 s"
                found.append(replace(clause, text=f"{_by_itself(before.text)} {bare}"))
                continue
            done = _FACE.sub("", before.text) if bare.endswith("%") else before.text
            when = clause if clause.timed and not before.timed else before
            found[-1] = replace(when, text=f"{done} {bare}", step=before.step, listed=before.listed)
        elif before and (more := _ONE_MORE.fullmatch(clause.text)):
            found.append(replace(clause, text=f"{_by_itself(before.text)} {_COMPARED.get(more[1] or '', more[1] or '')}".strip()))
        elif before and clause.begins and clause.text in ("again", "once more"):
            found.append(replace(clause, text=before.text))  # "smiles at 2 s and again at 5 s"
        elif before and bare in _SIDES:
            found.append(replace(clause, text=_to_the_side(before.text, bare)))
        else:
            found.append(clause)
    return found


def _by_itself(text: str) -> str:
    """What `text` says is done, without how often, how fast and how strongly."""
    return " ".join(word for word in text.split() if word not in _SMALL | _SIZED)


def _is_small(word: str) -> bool:
    return word in _SMALL or word in ("intensity", "strength", "at", "with", "about") or re.fullmatch(r"\d+(?:\.\d+)?%?", word) is not None


def _to_the_side(text: str, side: str) -> str:
    """What `text` says, done to another side: in the place of the side that it names, or as it stands."""
    if set(text.split()) & VIEWER and text.split()[0] in ("look", "looks", "looking", "glance", "glances", "gaze", "gazes"):
        return f"{text.split()[0]} {side}"
    if any(word in _SIDES for word in text.split()):
        return " ".join(side if word in _SIDES else word for word in text.split())
    return f"{text} {side}"


def _with_their_times(clauses: list[Clause]) -> list[Clause]:
    """The clauses without those that only say when, or how long something is held."""
    found: list[Clause] = []
    waiting: Clause | None = None
    lead: Clause | None = None
    for place, clause in enumerate(clauses):
        if lead is not None and not clause.timed and clause.step == lead.step and clause.text:
            clause = at_the_time_of(clause, lead)  # "when she says no, shake the head and frown"
        if found and _AS_IF.match(clause.text):
            continue  # "smile a lot, like on a birthday"
        if found and clause.timed and (_FADES.fullmatch(clause.text) or _LET_GO.fullmatch(clause.text)):
            found[-1] = _ending(found[-1], clause)
        elif found and _HELD.fullmatch(clause.text) and clause.end is not None:
            found[-1] = replace(found[-1], end=clause.end)
        elif found and _HELD.fullmatch(clause.text):
            last = place + 1 == len(clauses)  # what is held last is held to the end
            if last and clause.lasting is None and found[-1].lasting is None:
                found[:] = [replace(one, end=TO_THE_END) if one.step == found[-1].step else one for one in found]
                continue
            lasting = clause.lasting if clause.lasting is not None else HELD
            found[-1] = found[-1] if found[-1].lasting is not None else replace(found[-1], lasting=lasting)
        elif _WAIT.fullmatch(clause.text) or found and _LET_GO.fullmatch(clause.text):  # what is done ends by itself
            if found and clause.start is not None:
                found[-1] = _ending(found[-1], clause)
            elif not found:  # "wait 2 seconds, then nod": what follows begins then
                waiting = Clause("", clause.step, start=clause.lasting if clause.lasting is not None else 1.0)
            else:
                found.append(replace(clause, text=""))
        elif (
            not clause.text
            and clause.timed
            and found
            and found[-1].text
            and found[-1].timed
            and clause.later is None
            and (clause.step == found[-1].step or not _begins_anew(clauses[place + 1 :]))
        ):
            found.append(replace(clause, text=found[-1].text))  # "smiles at the start and at the end"
        elif not clause.text and clause.timed:
            waiting = clause
        else:
            if waiting is not None and not clause.begins and clause.later is None:
                own = {name: value for name in ("lasting", "end", "every") if (value := getattr(clause, name)) is not None}
                clause = replace(waiting, text=clause.text, step=clause.step, **own)  # "at 3 s, smile for 2 s"
                waiting, lead = None, clause if waiting.lies else None
            found.append(clause)
    if waiting is not None and found and not found[-1].timed:  # "she smiles, at 3 seconds"
        found[-1], waiting = replace(waiting, text=found[-1].text, step=found[-1].step), None
    first = min((clause.step for clause in found), default=0)
    return [replace(clause, step=clause.step - first) for clause in found] + ([waiting] if waiting is not None else [])


def _begins_anew(following: list[Clause]) -> bool:
    """Whether what follows a time by itself is something of its own that is done then, 'on "stop", shake the head'."""
    return bool(following) and following[0].listed and bool(following[0].text) and not following[0].timed


def _ending(clause: Clause, when: Clause) -> Clause:
    """The clause with its end at the time that another one names."""
    if when.end is not None:
        return replace(clause, end=when.end)
    if when.last is not None or when.where == "end":
        return replace(clause, end=-(when.last or 1.0))
    if when.where == "middle" or when.part:
        return replace(clause, part=(0.0, when.part[0] if when.part else 0.5))
    return replace(clause, end=when.start) if when.start is not None else clause


def _turned(found: re.Match) -> str:
    return f"{found[3]} then {found[2]}" if found[1] == "before" else f"{found[2]} then {found[3]}"


def _timed(clause: Clause) -> Clause:
    """The clause with what it says of time, which is taken out of its words."""
    text = _LIKE.sub("", clause.text)
    text = clause.text if set(text.split()) <= _SAYING else text  # "speak as though ...": how it is done is all that is said
    leads = text.startswith(("said:", "piece:"))
    if found := _SPAN.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, start=float(found[1]), end=float(found[2]))
    if found := _PAUSE.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, pause=found[1])
    if found := _EACH.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, pause="each") if found[1] else replace(clause, every=max(float(found[2]), 0.5))
    if "each-accent" in text.split():
        text = text.replace("each-accent", " ")
        clause = replace(clause, pause="accent")
    if found := _AT_WORD.search(text):
        text = text.replace(found.group(), " ")
        word = " ".join(part[1:] for part in found[3].split("_"))
        clause = replace(clause, word=word, lies=found[1] or "at", which=found[2] or "", leads=leads)
    if found := _AT_PIECE.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, which=found[1], lies=found[2], leads=leads)
    if found := _LATER.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, later=float(found[1]))
    if found := _PART.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, part=(float(found[1]), float(found[2])))
    if found := _UNTIL_LAST.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, end=-float(found[1]))
    if found := _LAST.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, last=float(found[1]))
    if found := _UNTIL.search(text):
        text = text.replace(found.group(), " ")
        clause = replace(clause, end=float(found[1]))
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
    return _growing(replace(clause, text=" ".join(text.split())))


def _growing(clause: Clause) -> Clause:
    """The clause with what it says of a feeling that comes or goes bit by bit, which is taken out of its words where it is nothing else."""
    if _COMING.search(clause.text):
        return replace(clause, text=" ".join(_CREEPING.sub(" ", clause.text).split()), grows=1)
    found = None if _FADES.fullmatch(clause.text) else _GOING.search(clause.text)
    if found is None:
        return clause
    return replace(clause, text=" ".join(clause.text.replace(found.group(), " ").split()), grows=-1)

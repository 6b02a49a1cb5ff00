"""Times that are told by what is said: 'right after "thank you"', 'when she says no', 'at the start of each sentence'.

Read word by word, wherever they stand: how it lies to what is said, which of several, what is said. Each becomes one word of the prompt
that the reader of sentences takes out again: said:past.last:qthank_qyou, piece:each:start.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"[\"“”„«][^\"“”„«»]{1,60}[\"“”»]|(?:(?<=\s)|^)['‘][^'‘’]{1,60}['’](?=[\s,.;!?]|$)|[\w'-]+|[^\w\s]")
_SUBJECT = re.compile(r"^([\"“”][^\"“”]{1,60}[\"“”]):? (?:gets?|has|needs?|deserves?|comes with|is said with|with) ")  # of what is done
_QUOTES = "\"“”„«»'‘’"
_LIES = {word: "at" for word in "at on during with over upon in for through within".split()} | {
    "after": "past", "following": "past", "before": "ahead", "until": "until", "till": "until", "from": "from", "since": "from",
}  # fmt: skip
_WHEN = frozenset("when whenever while as once upon on".split())
_SOFT = frozenset("right just only exactly immediately directly shortly straight".split())
_TURNING = "look glance gaze peek peer stare turn tilt lean tip roll dart flick wink".split()  # which go to a side
_PARTS = frozenset("to the a his her their your its head eyes eye face gaze chin quickly slowly sharply".split())
_BETWEEN = frozenset(("and", "then", ",", "or", "but"))
_WHO = frozenset("she he they you i it we someone speaker character voice".split())
_SAYS = frozenset("say says saying said speak speaks speaking mention mentions mentioning hear hears hearing pronounce pronounces".split())
_ARTICLES = frozenset("the a an her his their your my our its".split())
_WHICH = {"first": "first", "last": "last", "final": "last", "second": "2", "third": "3", "fourth": "4", "fifth": "5",
          "sixth": "6", "seventh": "7",
          "eighth": "8", "ninth": "9", "tenth": "10", "opening": "first",
          "next": "2", "every": "each", "each": "each", "all": "each", "any": "each", "closing": "last"}  # fmt: skip
_UNITS = frozenset("sentence sentences line lines phrase phrases".split())
_EDGES = {"beginning": "start", "start": "start", "end": "end", "middle": "middle", "opening": "start", "outset": "start"}
_NAMING = frozenset("word words name mention mentions mentioning time times phrase line occurrence syllable".split())
_STOPS = frozenset(
    "and then while but or so she he they nod shake smile frown raise lift lower look turn tilt blink wink close open glance start stop "
    "show give make grin smirk scowl sigh purse squint narrow widen drop".split()
)  # words that may follow what is said, and are not
# what comes again and again and is no word that is said
_RECURRING = (
    _UNITS
    | _NAMING
    | frozenset(
        "pause comma period stop breath beat accent stress emphasis second minute side eye brow corner turn step point note rhythm silence "
        "other occasion opportunity chance moment cut frame blink nod question answer joke number noun verb lie list item".split()
    )
)
_VAGUE = frozenset("that this it so something anything nothing".split())
_ABOUT = frozenset("at around about after from roughly near approximately".split())
_SHARES = {("a", "third"): 0.333, ("one", "third"): 0.333, ("two", "third"): 0.667, ("a", "quarter"): 0.25, ("one", "quarter"): 0.25,
           ("three", "quarter"): 0.75}  # fmt: skip
MOST_WORDS = 6  # words, where no quotation marks end them


@dataclass(frozen=True)
class _Found:
    """A time among the tokens: `marker` stands for all of them up to `end`."""

    marker: str
    end: int


def moments_marked(text: str) -> str:
    """`text`, in lower case, with each time that is told by what is said as one word."""
    text = _SUBJECT.sub(r"on \1, ", text)
    found = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    words, parts, copied, place = [word for word, _, _ in found], [], 0, 0
    while place < len(words):
        moment = _moment(words, place)
        if moment is None:
            place += 1
            continue
        parts += [text[copied : found[place][1]], f" {moment.marker} "]
        place, copied = moment.end, found[moment.end - 1][2]
    return re.sub(r"\s+", " ", "".join([*parts, text[copied:]])).strip()


def _moment(words: list[str], place: int) -> _Found | None:
    """The time that begins at `place`; None where none does."""
    at = place
    if words[at] in _SOFT and at + 1 < len(words) and not _is_a_side(words, at):
        at += 1
    if at + 2 < len(words) and words[at : at + 3] == ["as", "soon", "as"]:
        return _word_moment(words, at + 3, "from", True)
    if (counted := _over(words, at, _ARTICLES)) + 1 < len(words) and words[counted] in _WHICH and words[counted + 1] == "time":
        return _word_moment(words, at, "at", True)
    if words[at] in _WHEN and (found := _word_moment(words, at + 1, "past" if words[at] == "once" else "at", True)):
        return found
    if words[at] == "per" and words[at + 1 : at + 2] and words[at + 1] in _UNITS:
        return _Found("piece:each:all", at + 2)
    if found := _share_of_the_time(words, place):
        return found
    if words[at] in _LIES:
        lies = _LIES[words[at]]
        return _piece(words, at + 1, lies) or _word_moment(words, at + 1, lies, False) or _every_word(words, at + 1, lies)
    return _piece(words, at, "at")  # "second sentence sad"


def _is_a_side(words: list[str], place: int) -> bool:
    """Whether the word at `place` is where something goes: "look right on", not "nod right on"."""
    if words[place] != "right" or place == 0:
        return False
    if words[place - 1] in _BETWEEN:
        return "left" in words[:place] and words[place + 1] not in ("after", "before")
    before = next((word for word in reversed(words[:place]) if word not in _PARTS), "")
    return any(before in (verb, f"{verb}s", f"{verb}ing", f"{verb[:-1]}ing") for verb in _TURNING)


def _share_of_the_time(words: list[str], place: int) -> _Found | None:
    """What begins so far through it, "at about two thirds", "a quarter of the way in"."""
    at = _over(words, place, _ABOUT)
    if at + 1 >= len(words) or (words[at], words[at + 1].removesuffix("s")) not in _SHARES:
        return None
    share, end = _SHARES[words[at], words[at + 1].removesuffix("s")], at + 2
    end = end + 3 if words[end : end + 3] == ["of", "the", "way"] else end
    through = words[end : end + 1] in (["in"], ["through"], ["into"])
    if not (through or place < at and words[place] != "about" and words[end : end + 1] != ["of"]):
        return None
    end = _over(words, end + through, frozenset(("it", "the", "clip"))) if through else end
    return _Found(f"part-{share:g}-1", end)


def _piece(words: list[str], at: int, lies: str) -> _Found | None:
    """A sentence, or one end of it: [the] [start of] [the] second sentence."""
    at, edge = _over(words, at, _ARTICLES | {"very"}), ""
    if at < len(words) and words[at] in _EDGES and words[at + 1 : at + 2] == ["of"]:
        edge = _EDGES[words[at]]
        at = _over(words, at + 2, _ARTICLES | {"of"})
    which = _WHICH.get(words[at]) if at < len(words) else None
    if which is None or at + 1 >= len(words):
        return None
    at = _over(words, at + 1, frozenset(("of", "the", "single")))
    if at >= len(words) or words[at] not in _UNITS:
        return None
    on = words[at + 1 : at + 2] == ["on"] or words[at + 1 : at + 2] == ["onwards"]
    edge = edge or {"at": "all", "past": "end", "ahead": "ahead", "until": "until", "from": "from"}[lies]
    return _Found(f"piece:{which}:{edge}", at + 2 if on else at + 1)


def _word_moment(words: list[str], at: int, lies: str, clause: bool) -> _Found | None:
    """Words that are said, from `at` on; in a `clause`, somebody has to say them, "as soon as I say", or they stand in quotation marks
    before "is said"."""
    which, at = _which_of(words, at)
    quote = _after_saying(words, at)
    if quote is not None and (found := _quoted_or_named(words, quote, lies, which)):
        return found
    named = at < len(words) and words[at] in _NAMING
    quoted = _over(words, at, _NAMING | _ARTICLES | {"of", "spoken"})
    if quoted < len(words) and _is_quoted(words[quoted]):
        passive_words = words[quoted + 1 : quoted + 3]
        passive = (
            len(passive_words) == 2
            and passive_words[0] in ("is", "gets", "are")
            and passive_words[1] in ("said", "spoken", "mentioned", "heard")
        )
        if clause and not passive and not (named or words[at - 1] in ("as", "on", "upon")):
            return None
        return _marked(lies, which, words[quoted].strip(_QUOTES), _on(words, quoted + (3 if passive else 1)))
    if not clause and not which and named and words[at] in ("word", "words", "name") and at < quoted < len(words):
        return _marked(lies, which, words[quoted], _on(words, quoted + 1)) if words[quoted][0].isalpha() else None
    return None


def _every_word(words: list[str], at: int, lies: str) -> _Found | None:
    """A word by itself each time that it is said, "at every banana", where it is nothing that a voice or a face has."""
    if words[at - 1] not in ("at", "on") or words[at : at + 1] not in (["every"], ["each"]) or at + 1 >= len(words):
        return None
    last = at + 2 == len(words) or not words[at + 2][0].isalnum() or words[at + 2] in _STOPS
    named = last and words[at + 1].isalpha() and words[at + 1].removesuffix("s") not in _RECURRING
    return _marked(lies, "", words[at + 1], (at + 2, False)) if named else None


def _which_of(words: list[str], at: int) -> tuple[str, int]:
    """Which of several, "the second time", "every mention of", and the place after it."""
    first = _over(words, at, _ARTICLES)
    if first < len(words) and words[first] in _WHICH and words[first + 1 : first + 2] and words[first + 1] in _NAMING:
        after = first + 2 if words[first + 1] in ("time", "times") else first + 1
        return _WHICH[words[first]], after
    return "", first if first < len(words) and (words[first] in _NAMING or _is_quoted(words[first])) else at


def _after_saying(words: list[str], at: int) -> int | None:
    """The place after somebody's saying, "she says", "saying the word"; None where nobody says anything."""
    first, at = at, _over(words, at, _ARTICLES | _WHO)
    if at >= len(words) or words[at] not in _SAYS or at == first and not words[at].endswith("ing"):
        return None
    at = _over(words, at + 1, frozenset(("the", "a", "word", "words", "about", "name", "of")))
    return at if at < len(words) else None


def _quoted_or_named(words: list[str], at: int, lies: str, which: str) -> _Found | None:
    if _is_quoted(words[at]):
        return _marked(lies, which, words[at].strip(_QUOTES), _on(words, at + 1))
    if words[at] in _VAGUE:
        return None
    last = at
    while last < len(words) and last - at < MOST_WORDS and words[last][0].isalnum() and not (words[last] in _STOPS and last > at):
        last += 1
    return _marked(lies, which, " ".join(words[at:last]), (last, False)) if last > at else None


def _on(words: list[str], at: int) -> tuple[int, bool]:
    """The place after "on", and whether it stands there: from that word on."""
    on = words[at : at + 1] in (["on"], ["onward"], ["onwards"])
    return (at + 1 if on else at), on


def _marked(lies: str, which: str, quote: str, end: tuple[int, bool]) -> _Found | None:
    plain = re.sub(r"[^\w' ]", " ", quote).split()
    if not plain:
        return None
    lies = "from" if end[1] else lies
    how = ".".join(part for part in (lies, which if which != "each" else "") if part)
    return _Found(f"said:{how}:{'_'.join(f'q{word}' for word in plain)}", end[0])


def _over(words: list[str], at: int, passed: frozenset) -> int:
    """The first place from `at` on whose word is none of those `passed`."""
    while at < len(words) and words[at] in passed:
        at += 1
    return at


def _is_quoted(word: str) -> bool:
    return len(word) > 2 and word[0] in _QUOTES and word[-1] in _QUOTES

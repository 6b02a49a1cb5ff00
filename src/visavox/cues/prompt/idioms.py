"""What people say in pictures, "a face like thunder", written as what is done: the table of `assets/idioms.toml`, applied to a prompt.

A phrase holds for its words in any form, whatever articles, forms of "be" or adverbs stand between them.
"""

import re
from functools import cache

from visavox.cues.prompt.phrases import FEELINGS
from visavox.cues.prompt.spelling import IRREGULAR
from visavox.emotion import EMOTIONS
from visavox.io.assets import read_idioms

_TOKEN = re.compile(r"(?:said|piece):\S+|[^\W\d_][\w']*|\d+(?:\.\d+)?|[^\w\s]")
_BETWEEN = frozenset("a an the his her hers their your my its our this that is are be was were been being some - very so".split())
_PASSED = frozenset("only just".split())  # in a prompt, though not in a phrase
_BEFORE = frozenset(
    "like as if though she he they it you i we has have had having just got look looks looking seem seems feel feels feeling would could "
    "were his her their your my its our who act acts acting be is are was a an the with in who's she's he's they're you're it's they've "
    "big huge total complete absolute real proper classic absolutely totally completely full-on you've i've we've he'd she'd".split()
)
_LIKENED = frozenset(
    "talk talks talking speak speaks speaking say says behave behaves play plays perform performs react reacts move moves do does stare "
    "stares".split()
)
_JOINING, _WAYS = frozenset("with like as though in".split()), frozenset("left right up down upward upwards downward downwards".split())
_ENDS = frozenset("shut closed close open".split())  # "eyes fall shut" do not look down
_DENIED = frozenset("not don't doesn't never no without stop stops avoid avoids less fewer isn't aren't dont doesnt won't nor".split())
_COUNTS = frozenset("one two three four five six a single couple few".split())  # "two fast blinks" are as many
_ANY, MOST_ANY = "*", 3  # stands for one to so many words
REACH = 3  # words before a phrase among which a denial takes it away


def without_idioms(text: str) -> str:
    """`text`, in lower case, with each phrase of the table as what it says is done; denied ones stay as they are."""
    words = [(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(text)]
    parts, place, copied = [], 0, 0
    while place < len(words):
        found = _phrase_at(words, place)
        if found is None:
            place += 1
            continue
        done, end, between = found
        first = _begins(words, place, copied)
        before, gone = text[copied : words[first][1]], {word for word, _, _ in words[first:place]}
        felt = before.split()[-1] if before.split() and before[-1].isspace() else ""
        beside = bool(gone & _JOINING) and before.rstrip()[-1:].isalnum()
        joined = felt in FEELINGS or felt in EMOTIONS or beside or not before.strip(" -") and bool(parts)
        parts += [f"{before.rstrip()} alongside " if joined else before, " ".join([done, *between])]
        place, copied = end, words[end - 1][2]
    return "".join([*parts, text[copied:]])


def _phrase_at(words: list[tuple[str, int, int]], place: int) -> tuple[str, int, list[str]] | None:
    """What is done by the longest phrase that begins at a word, the word after it, and the adverbs within it; None without one."""
    for stems, done in _table().get(_stem(words[place][0]), ()):
        found = _matched([word for word, _, _ in words], place, stems)
        if found is not None and not _goes_on([word for word, _, _ in words[found[0] : found[0] + 3]]):
            before = [word for word, _, _ in words[max(place - REACH, 0) : place]]
            counted = bool(before) and (before[-1] in _COUNTS or before[-1].isdigit()) and " times" in done
            return None if _DENIED & set(before) or counted else (done, *found)
    return None


def _goes_on(following: list[str]) -> bool:
    """Whether the words that follow a phrase say which way, so that it says less than they."""
    if not following:
        return False
    if following[0] in ("to", "towards", "toward"):
        return bool(_WAYS & set(following))
    return following[0] in _WAYS | _ENDS or following[0] == "of" and following[1:2] in (["your"], ["his"], ["her"], ["the"])


def _matched(words: list[str], place: int, stems: tuple[str, ...]) -> tuple[int, list[str]] | None:
    """The word after the phrase of `stems` that begins at `place`, and the adverbs within it."""
    between: list[str] = []
    at = place
    for number, stem in enumerate(stems):
        if stem == _ANY:
            following = stems[number + 1] if number + 1 < len(stems) else None
            gone = _any_until(words, at, following)
            if gone is None:
                return None
            at = gone
            continue
        while at < len(words) and number and _stem(words[at]) != stem:
            if words[at] not in _BETWEEN | _PASSED and not _is_manner(words[at]):
                return None
            between += [words[at]] if _is_manner(words[at]) else []
            at += 1
        if at >= len(words) or _stem(words[at]) != stem:
            return None
        at += 1
    return at, between


def _any_until(words: list[str], at: int, following: str | None) -> int | None:
    """The place after one to MOST_ANY words of any kind, up to the `following` one; None where there are none."""
    free = words[at : at + MOST_ANY + 1]
    count = next((number for number, word in enumerate(free) if not word[0].isalnum() or number and _stem(word) == following), len(free))
    if not count or following is not None and count > MOST_ANY:
        return None
    return at + min(count, MOST_ANY)


def _begins(words: list[tuple[str, int, int]], place: int, copied: int) -> int:
    """The first of the words before a phrase that only say that somebody is so, "looks as if she had"."""
    first = place
    while first and words[first - 1][1] >= copied and words[first - 1][0] in _BEFORE:
        first -= 1
    likened = {word for word, _, _ in words[first:place]} & {"like", "as"}
    while likened and first and words[first - 1][1] >= copied and words[first - 1][0] in _LIKENED | _BEFORE:
        first -= 1
    return first


def _is_manner(word: str) -> bool:
    return word.endswith("ly") and len(word) > 4


@cache
def _table() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """The phrases by their first word, the longest first, each as the stems of its words with what is done."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for done, phrases in read_idioms().items():
        for phrase in phrases:
            words = [word for word in re.findall(r"[\w']+|[*,]", phrase.lower()) if word not in _BETWEEN]
            stems = tuple(word if word == _ANY else _stem(word) for word in words)
            found.setdefault(stems[0], []).append((stems, done))
    return {first: sorted(entries, key=lambda entry: -len(entry[0])) for first, entries in found.items()}


def _stem(word: str) -> str:
    """A word without its endings, alike for all its forms: rolls, rolled and rolling are rol."""
    word = IRREGULAR.get(word.removesuffix("'s"), word.removesuffix("'s"))
    if word.endswith(("ies", "ied")) and len(word) > 4:
        word = f"{word[:-3]}y"
    elif word.endswith("ing") and len(word) > 5 or word.endswith("ed") and len(word) > 4:
        word = word.removesuffix("ing").removesuffix("ed")
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    word = word.removesuffix("e") if len(word) > 2 else word
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word

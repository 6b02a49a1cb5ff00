"""A clause taken apart word by word: each deed with its part, way, manner and count, wherever they stand.

"Slow push of the head to the left", "nodding twice she looks to the right": rules of whole clauses pass words over, and so lose a deed that
stands beside another. Here every word has a role, and what has none is told. `lost` asks of what any reader found whether a deed is gone.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from visavox.cue import Instruction
from visavox.cues.kinds.emotion import Emotion
from visavox.cues.kinds.gain import Gain
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.kinds.state import State
from visavox.cues.moves import MOVES
from visavox.cues.prompt.amounts import LESS, MORE, NOT
from visavox.cues.prompt.beyond import MISSING
from visavox.cues.prompt.families import head_of
from visavox.cues.prompt.parts import PART, of_a_part, stems
from visavox.cues.prompt.phrases import DOWNWARD, FEELINGS, FILLERS, LIGHT, SEEMING, SIDES, UPWARD, VIEWER
from visavox.cues.words import ALIKE, COUNTS, SPEEDS, STRENGTHS, tokens
from visavox.emotion import EMOTIONS
from visavox.errors import OptionError

Read = Callable[[str], list[Instruction] | None]  # of clauses
# a word that is a deed by itself -> what is done
DEEDS = {
    "nod": "nod", "shake": "shake", "wink": "wink", "blink": "blink", "smile": "smile", "smirk": "smile left", "grin": "smile strongly",
    "beam": "smile strongly", "frown": "frown", "scowl": "frown", "sneer": "sneer", "squint": "squint", "sigh": "breathe slowly",
    "gasp": "gasp", "yawn": "yawn", "tilt": "tilt", "pout": "pout", "wince": "wince", "laugh": "laugh", "glare": "glare",
    "look": "look", "glance": "look", "gaze": "look", "peek": "look", "peer": "look", "turn": "turn", "sway": "sway",
}  # fmt: skip
# what else shows a deed: names of gestures, groups of gains and emotions
_SHOWN = {
    "nod": "nod head turn lean",
    "shake": "shake head tremble shudder sway turn open stick",
    "wink": "wink blink",
    "blink": "blink blinks wink close lids eyes",
    "smile": "smile happy neutral contemptuous expression mouth lips open press wrinkle",
    "squint": "squint angry contemptuous eyes close",
    "frown": "frown brows angry sad neutral fearful disgusted expression contemptuous mouth purse press",
    "sneer": "wrinkle contemptuous disgusted smile frown",
    "breathe": "breathe open smile",
    "tilt": "tilt turn head lean look brows smile",
    "sway": "sway shake head tilt turn nod",
    "look": "look turn gaze eyes roll widen squint close head lean contemptuous wink blink",
    "turn": "turn look lean tilt shake nod head smile frown brows",
}  # fmt: skip
_SMALL = frozenset({*SPEEDS, *STRENGTHS, *ALIKE, *COUNTS, "times", "time", "degrees", "degree", "deg", "°"})
_BACK = frozenset("back backward backwards forward forwards".split())
_AWAY = frozenset("away elsewhere aside sideways around".split())
_NEVER = NOT | LESS | MORE | frozenset("without stop avoid other only until if when whenever unless rather instead every each".split())
_GONE, _ARTICLES = frozenset("out off into".split()), frozenset("a an the his her their your its my this that some".split())
_WHY = frozenset("because since who which whose whom although though".split())
_OWNERS = frozenset("she he they it you i we".split())
MOST_WORDS, MOST_STRANGE = 24, 2  # of a clause that is taken apart, and that may be strange in it


@dataclass
class _Deed:
    """What is done, as it is gathered: its word, the words of the part that does it, ways, manners, feelings."""

    word: str = ""
    part: str = ""
    words: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    manners: list[str] = field(default_factory=list)
    felt: list[str] = field(default_factory=list)
    back: bool = False


def taken_apart(text: str, read: Read) -> tuple[list[Instruction], list[str]] | None:
    """What the deeds of a clause ask for, as `read` has each, and the words that say nothing; None where one is not understood."""
    words = [word for word in tokens(text) if word[:1].isalnum() or word[:1] in "+-"]
    if len(words) > MOST_WORDS or set(words) & (_NEVER | _GONE) or any(word in MISSING for word in words):
        return None
    deeds, strange = _gathered(words)
    if not deeds or len(strange) > MOST_STRANGE or any(_is_object(word, words) for word in strange):
        return None
    found: list[Instruction] = []
    for deed in deeds:
        asked = _asked(deed)
        done = _safely(asked, read) if asked else None
        if not done:
            return None
        found += [one for one in done if one not in found]
    return found, strange


def _is_object(word: str, words: list[str]) -> bool:
    """Whether something is done to a strange word, "shakes the bottle"."""
    before = [other for other in words[: words.index(word)] if other not in _ARTICLES]
    return bool(before) and bool(deed_of(before[-1]))


def _gathered(words: list[str]) -> tuple[list[_Deed], list[str]]:
    """The deeds among `words`, up to what only says why or who, and the words without a role."""
    words = words[: next((place for place, word in enumerate(words) if word in _WHY), len(words))]
    deeds, strange = [_Deed()], []
    for place, word in enumerate(words):
        deed, now = deed_of(word), deeds[-1]
        if word in _OWNERS and now.word and any(deed_of(other) for other in words[place + 1 : place + 4]):
            deeds.append(_Deed())  # "nodding twice she looks"
        elif deed and not (now.word and _is_noun_of(word, now)):
            if now.word or now.part and now.ways:
                deeds.append(now := _Deed())
            now.word = deed
        elif part := PART.get(word):
            if now.part and now.part != part and (now.ways or now.word):
                deeds.append(now := _Deed())
            now.part = now.part or part
            now.words.append(word)
        elif word in SIDES | UPWARD | DOWNWARD | VIEWER | _AWAY:
            now.ways.append(word)
            now.words.append(word)
        elif word in _BACK:
            now.back = True
        elif word in _SMALL or word[0].isdigit() or word[:1] in "+-" or ALIKE.get(head_of(word) or "", head_of(word)) in _SMALL:
            now.manners.append(word if word in _SMALL or not word.isalpha() else head_of(word))
        elif felt := feeling_of(word):
            now.felt.append(felt)
        elif not (word in FILLERS or word in LIGHT or word.endswith("ly")):
            now.words.append(word)
            strange.append(word)
    deeds = [deed for deed in deeds if deed.word or deed.part or deed.felt]
    used = {word for deed in deeds if deed.part and of_a_part(_of_part(deed)) for word in deed.words if not deed.word}
    return deeds, [word for word in strange if word not in used]


def _is_noun_of(word: str, deed: _Deed) -> bool:
    """Whether a word that may be a deed belongs to the one before it, "turns her gaze", "gives a look"."""
    return word in ("gaze", "look", "glance") and deed.word == "turn"


def _asked(deed: _Deed) -> str | None:
    """What a deed asks for, as the reader of clauses has it."""
    manner = " ".join(deed.manners)
    felt = f" in {deed.felt[0]}" if deed.felt else ""
    if deed.back and (deed.part == "head" or deed.word == "tilt"):
        return None  # a head that is tipped back goes up, to no side
    if not deed.word and not deed.part:
        return f"look {' '.join(deed.felt)} {manner}".strip() if deed.felt else None
    if not deed.word or deed.part and deed.word == "turn" and deed.part != "head":
        done = of_a_part(_of_part(deed))
        return f"{done} {manner}".strip() if done else None
    if deed.part and deed.word in ("nod", "shake", "tilt", "turn", "sway") and deed.part != "head":
        return None
    ways = [way for way in deed.ways if way in SIDES] if deed.word not in ("look", "turn") else deed.ways
    if deed.word in ("look", "turn") and not ways:
        return f"look {' '.join(deed.felt)} {manner}".strip() if deed.felt and deed.word == "look" else None
    if deed.word == "turn" and set(ways) & VIEWER:
        return "look at camera"
    named = "at camera" if deed.word == "look" and set(ways) & VIEWER else " ".join(ways)
    if deed.word not in ("look", "turn", "tilt", "wink", "smile", "smile strongly", "sneer", "frown"):
        named = ""
    return f"{deed.word} {named} {manner}{felt}".strip()


def _of_part(deed: _Deed) -> str:
    rest = [word for word in deed.words if PART.get(word) != deed.part]
    name = next(word for word in deed.words if PART.get(word) == deed.part)
    return f"the {name} {' '.join(rest)}"


def deed_of(word: str) -> str:
    """What a word in any form is a deed of, as the reader has it; empty for another word."""
    return next((DEEDS[stem] for stem in stems(word) if stem in DEEDS), "")


def feeling_of(word: str) -> str:
    """The feeling that a word names, in any form, as the reader has it; empty for another word."""
    if word in EMOTIONS or word in FEELINGS or word in SEEMING:
        return word
    head = head_of(word) or ""
    return head if head in EMOTIONS or head in FEELINGS or head in SEEMING else ""


def lost(text: str, found: list[Instruction], read: Read) -> str:
    """A word for what a clause asks for that is not among what was `found` of it; empty where there is none."""
    shown = {name for one in found for name in _names(one)}
    words = tokens(text)
    if any(isinstance(one, State) for one in found) or set(words) & _NEVER:
        return ""
    deeds, _ = _gathered([word for word in words if word[:1].isalnum()])
    for deed in deeds:
        asked = _asked(deed)
        for one in _safely(asked, read) if asked and len(words) <= MOST_WORDS else []:
            name = one.name.split()[0] if isinstance(one, Gesture) else ""
            if name in _SHOWN and not (shown & set(_SHOWN[name].split()) and (one.way not in words or _goes_there(one.way, found))):
                return asked
    return ""


def _goes_there(way: str, found: list[Instruction]) -> bool:
    """Whether something of what was `found` goes to the side of a `way`, if that has one and anything of it can."""
    moved = [one for one in found if isinstance(one, Gesture) and way in MOVES[one.name].ways]
    return way not in SIDES or not moved or any(way in one.way.split() for one in found if isinstance(one, Gesture))


def to_its_side(text: str, found: list[Instruction] | None) -> list[Instruction] | None:
    """What was `found` of a clause, where that goes to no side, to the one side that the clause names."""
    sides = SIDES & set(text.split())
    moved = [one for one in found or [] if isinstance(one, Gesture)]
    if len(sides) != 1 or any(side in one.way for one in moved for side in SIDES):
        return found
    (side,) = sides
    return [
        replace(one, way=side) if one in moved and not one.way and side in MOVES[one.name].ways else one for one in found or []
    ] or found


def _safely(asked: str, read: Read) -> list[Instruction]:
    try:
        return read(asked) or []
    except OptionError:  # a number that is a time
        return []


def _names(one: Instruction) -> list[str]:
    if isinstance(one, Gesture):
        return [one.name.split()[0]] if one.name in MOVES else []
    if isinstance(one, Emotion):
        return list(one.mix.intensities)
    return [one.group] if isinstance(one, Gain) else []

"""What is understood of a clause that is not understood whole: "smiles smurfily" smiles, and who asked is told what says nothing.

A wrong face is worse than none. So what is done must be named plainly, and what is left out may not forbid, turn, place or count it.
"""

from collections.abc import Callable
from difflib import get_close_matches

from visavox.cue import Instruction
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.moves import MOVES
from visavox.cues.prompt.amounts import LESS, MORE
from visavox.cues.prompt.beyond import MISSING
from visavox.cues.prompt.families import head_of
from visavox.cues.prompt.phrases import ALONE, BROWS, EMOTIONAL, EYES, FEELINGS, FILLERS, HEAD, LIGHT, MOUTH, SEEMING, SIDES
from visavox.cues.words import tokens
from visavox.emotion import EMOTIONS
from visavox.errors import OptionError

MOST_WORDS = 18  # of a clause of which a part is looked for
MOST_LEFT = 4  # words that are left out, or as many as are kept
_PLAIN = frozenset(
    "nod smile smirk grin frown scowl wink blink squint sneer pout glare sigh laugh giggle gasp yawn wince flinch sulk grimace".split()
)
_PARTS = HEAD | EYES | BROWS | MOUTH | frozenset("nose cheek cheeks jaw tongue face eyebrows lips".split())
_GONE = frozenset("out off into".split())  # "blinks out": such a word belongs to the verb
_WITH_WAYS = ("look", "turn", "lean")
_DECIDES = (
    SIDES
    | LESS
    | MORE
    | frozenset(
        "not no never without stop avoid don't doesn't isn't can't won't neither nor less more up down away off out over back until unless "
        "if when whenever before after once twice times every each only instead rather degrees percent while opposite other".split()
    )
)
_MANNERS = "slightly slowly quickly strongly twice thrice once left right down".split()
_MISSPELT = 0.75  # likeness from which a word is one of those, written wrongly: "slihgtly"
_JOINS = frozenset(
    "and with in as like while by at for of to from on the a an her his their your greet acknowledge react respond reply answer deliver "
    "continue start begin end finish perform express show line sentence say".split()
)


def partly(text: str, read: Callable[[str], list[Instruction] | None], lemma: Callable[[str], str]) -> tuple[list[Instruction], list[str]]:
    """What the longest part of a clause asks for that `read` understands, and the words that it leaves out; both empty without one."""
    words = tokens(text)
    if len(words) > MOST_WORDS:
        return [], []
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length + 1):
            kept, left = words[start : start + length], [*words[:start], *words[start + length :]]
            if not _may_be_left(left, words[start + length :][:1], kept, lemma):
                continue
            try:
                found = read(" ".join(kept))
            except OptionError:
                continue
            if (
                found
                and _surely(found, kept, lemma)
                and not any(isinstance(one, Gesture) and one.name in _WITH_WAYS and not one.way for one in found)
            ):
                return found, [word for word in left if _tells(word, lemma)]
    return [], []


def says_nothing(text: str, lemma: Callable[[str], str]) -> bool:
    """Whether a clause that is not understood asks for nothing either: "and starts"."""
    return not any(_tells(word, lemma) or word in _DECIDES or word in _PARTS for word in tokens(text))


def _may_be_left(left: list[str], following: list[str], kept: list[str], lemma: Callable[[str], str]) -> bool:
    """Whether the words `left` may be, and the words `kept` name what is done by themselves."""
    if any(word in _DECIDES or word in _PARTS or word[0].isdigit() or word in MISSING and _is_body(word) for word in left):
        return False
    if any(lemma(word) in ALONE | _PLAIN for word in left):
        return False
    telling = [word for word in left if _tells(word, lemma)]
    if any(get_close_matches(word, _MANNERS, 1, _MISSPELT) for word in telling) or _is_instruction_misspelt(kept, telling):
        return False
    if not telling or len(telling) > max(MOST_LEFT, len(kept)):
        return False
    if _GONE & set(kept):
        return False
    named = {form for word in kept for form in (word, lemma(word))}
    felt = named & ({*EMOTIONS, *FEELINGS, *EMOTIONAL} | SEEMING) or any(head_of(word) for word in kept)
    if felt and not named & (_PLAIN | _PARTS) and following and _tells(following[0], lemma) and not following[0].endswith("ly"):
        return False  # "happy door": whose it is nobody knows
    return bool(felt or named & (_PLAIN | _PARTS) or "look" in named and len(kept) > 1)


def _is_instruction_misspelt(kept: list[str], telling: list[str]) -> bool:
    """Whether it is an instruction, as lists of them write it, with one word that is none: "nod tvize", which is no prose."""
    return len(kept) == len(telling) == 1 and kept[0] in MOVES and not telling[0].endswith("ly")


def _surely(found: list[Instruction], kept: list[str], lemma: Callable[[str], str]) -> bool:
    """Whether words that name no part and no deed but looking say which way."""
    named = {form for word in kept for form in (word, lemma(word))}
    if named & (_PLAIN | _PARTS) or any(head_of(word) for word in kept) or named & ({*EMOTIONS, *FEELINGS, *EMOTIONAL} | SEEMING):
        return True
    return all(isinstance(one, Gesture) for one in found)


def _is_body(word: str) -> bool:
    return word in ("hand", "hands", "ear", "ears", "pupils", "hair", "knees", "foot")


def _tells(word: str, lemma: Callable[[str], str]) -> bool:
    return word[0].isalnum() and not {word, lemma(word)} & (FILLERS | _JOINS | LIGHT)

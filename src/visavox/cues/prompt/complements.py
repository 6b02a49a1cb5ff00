"""A clause without what stands beside what is done: at what, by whom, with what in mind, who, which, why.

Few words of a clause say what a face does; the others say where that stands in a story. "Looks down *at the plate*", "surprised *by a
present*", "smiles *because it is over*": such words need not be known to be passed over. What asks for something by itself,"
 " what is denied
and the verb may not be.
"""

import re

from visavox.cues.prompt.beyond import MISSING
from visavox.cues.prompt.families import head_of
from visavox.cues.prompt.phrases import ALONE, BROWS, DOWNWARD, EMOTIONAL, EYES, FEELINGS, HEAD, MOUTH, SEEMING, SIDES, UPWARD, VIEWER
from visavox.cues.prompt.roles import seems_like
from visavox.emotion import EMOTIONS

MOST_WORDS, MOST_TRIED = 30, 24  # words of a clause from which nothing is left out any more, and ways of leaving something out
_BEFORE = (
    "at to toward towards for of by with about from in onto over under behind across into against beside near around through among amid "
    "despite during regarding like as upon beneath inside outside off than"
).split()
_PREPOSITION = "|".join(_BEFORE)
_PHRASE = re.compile(rf" (?:{_PREPOSITION}) (?:(?!(?:{_PREPOSITION}|on|and|while)\b)[\w'&-]++ ?)+")
_PHRASE_ON = re.compile(r" on (?:the|his|her|your|their|its) (?:face|lips)\b")
_CAUSE = re.compile(r" (?:because|since|so that|although|though|even though|even if|in case|given that) \w.*$")  # whatever it holds
_REASON = re.compile(r" (?:in order to|who|whose|which|that|where|as) \w.*$")
_PURPOSE = re.compile(r" to [a-z]{2,} ?.*$")
_TRYING = re.compile(
    r"^((?:\w+ ){0,4}?)(?:tr(?:y|ies|ying)|attempt(?:s|ing)?|struggl(?:e|es|ing)|fight(?:s|ing)?"
    r"|hold(?:s|ing)? (?:back|in)|suppress(?:es|ing)?|"
    r"stifl(?:e|es|ing)|hid(?:e|es|ing)|chok(?:e|es|ing)|forc(?:e|es|ing)|manag(?:e|es|ing)) (?:back |to |not to |down |hard to )*"
    r"(?:hide |suppress |stifle |force |hold back |fight back )?(?:an? |his |her |the |out )*"
    r"(?=(?:smil|smirk|grin|laugh|giggl|chuckl|yawn|frown|nod|wink|sneer)\w*)"
)
_WITH = re.compile(r"^(.*?) (?:with|wearing|flashing|giving|showing|and) (an? |his |her |the |their |some )(.+)$")
_SHOWN = frozenset(
    "smile grin smirk frown look expression face nod wink glance scowl sneer pout glare grimace gaze stare sigh tilt shake blink".split()
)
_BODY = HEAD | EYES | BROWS | MOUTH | {"nose", "cheek", "cheeks", "jaw", "face"}
_ASKING = ALONE | _BODY | SIDES | SEEMING | set(EMOTIONS) | set(FEELINGS) | set(EMOTIONAL) | {
    "every", "each", "whenever", "not", "no", "never", "without",
    "up", "down", "away", "camera", "times", "twice", "seconds", "open", "close", "turn", "raise", "lower",
} | UPWARD | DOWNWARD  # fmt: skip
_ESSENTIAL = frozenset("out off".split())  # "out of existence": what goes before belongs to the verb
TARGETS = {
    "down": "card cards money coin coins glass drink bag pack menu sword "
            "watch plate notes note desk paper papers page pages script keyboard phone watch food meal soup cup hand hands foot toes"
     " knees floorboards "
            "carpet grass puddle grave letter newspaper baby dog cat toy puppy child ants shoes laptop tablet ring".split(),
    "up": "cloud clouds moon sun star bird birds rafters chandelier ceiling skies plane tower roof treetops giant god gods rain"
     " skyline".split(),
    "away": "window door clock wall teleprompter monitor screen exit colleague partner friend guest neighbour neighbor opponent"
     " rival enemy other "
            "others co-host interlocutor stranger distance horizon something someone somebody sound noise doorway corridor"
            " street crowd map "
            "board whiteboard blackboard slide slides chart sea picture painting mirror tv television fire moderator panel".split(),
    "at camera": "reader readers audience's user users us everybody everyone room".split(),
}  # fmt: skip
_TARGET = {place: way for way, places in TARGETS.items() for place in places}
_GAZING = re.compile(
    r"\b(looks?|looking|glances?|glancing|gazes?|gazing|stares?|staring|peeks?|peers?|checks?|checking|eyes|watch(?:es|ing)?"
    r"|reads?|faces?)"
    r"((?: \w+ly| back| over)*)(?: (?:at|to|towards?|into|out of|over at|on|over))? "
    r"(?:(?:the|a|an|his|her|their|your|my|its|some) )?((?:[\w'-]+ )?)([\w'-]+)$"
)


_GAZING_THAT_WAY = re.compile(
    r"\b((?:look|glanc|gaz|star|peer|peek)(?:s|es|e|ing)? (?:[a-z]+ly |straight |back )?(?:up|down|away|aside)(?: [a-z]+ly)?)"
    r" ((?:at|to|towards?|into|onto|on|over) (?:the|a|an|his|her|their|your|my|its) (?:[\w'-]+ )?[\w'-]+)$"
)


def without_complements(text: str) -> list[str]:
    """The clause `text` without one or more of its complements, those first that leave most of it."""
    found, last = [], [text]
    if len(text.split()) > MOST_WORDS:
        return []
    for _ in range(3):
        last = list(dict.fromkeys(shorter for one in last for shorter in _one_less(one)))[:MOST_TRIED]
        found += [one for one in last if one not in found]
    return sorted(found, key=lambda one: -len(one.split()))


def at_a_place(text: str) -> str:
    """A clause that says at what somebody looks, with the way that it commonly lies in: a plate is below, the moon above."""
    text = _GAZING_THAT_WAY.sub(lambda found: found[0] if set(found[2].split()) & VIEWER else found[1], text)
    found = _GAZING.search(text)
    if not found or set(text.split()) & (SIDES | {"up", "down", "away", "not", "like", "so", "for"}) or found[4] not in _TARGET:
        return text
    return f"{text[: found.start()]}look{found[2]} {_TARGET[found[4]]}"


def trying(text: str) -> str:
    """What somebody tries to do or to hold back, done a little: "fights back a smile"."""
    return _TRYING.sub(lambda found: f"{found[1]}slightly ", text)


def shown_with(text: str) -> str:
    """An expression with which something unknown is done: "taunts him with a cocky grin" shows a grin."""
    found = _WITH.match(text)
    if not found or not set(found[3].split()) & _SHOWN or any(asks(word) for word in found[1].split()):
        return text
    return f"gives {found[2]}{found[3]}"


_BEING = re.compile(
    r"^(?:(?:she|he|they|it|you|the \w+) )?(?:be|is|are|act|acts|play|plays|look|looks|looking|acting|behave|behaves|appear"
    r"|appears)?(?: ?like| ?as)? ?"
    r"(?:a|an|the|some|someone|somebody) ((?:[\w'-]+ )*?[\w'-]+)(?: (?:who|that|which|whose|in|at|on|with|from|of|after|before)\b.*)?$"
)


_SPEAKING = re.compile(
    r"^(?:(?:she|he|they|it|you) )?(?:speak|talk|say|act|deliver|respond|answer|react|behave|read|sound|present|play"
    r"|perform)(?:s|es|ing)?"
    r"(?: (?:it|this|that|the line|the words|the text))?((?: (?:very|quite|rather|more|a bit|a little))?) (\w+ly)$"
)


_SPEAKING_WITH = re.compile(
    r"^(?:(?:she|he|they|it|you) )?(?:speak|talk|say|act|deliver|respond|answer|react|present|perform|play|do|read|sound)(?:s|es|ing)?"
    r"(?: (?:it|this|that|the \w+))? (?:with|in) (?:an? |some |a lot of |great |more )*(\w+)(?: (?:tone|voice|manner|way|expression))?$"
)


def speaking_as(text: str) -> str:
    """A clause that says how somebody speaks, "speaks warmly", as how that one looks."""
    if found := _SPEAKING_WITH.match(text):
        felt = (
            FEELINGS.get(found[1], found[1]) if found[1] in FEELINGS or found[1] in EMOTIONS or found[1] in SEEMING else head_of(found[1])
        )
        return f"look {felt}" if felt else text
    found = _SPEAKING.match(text)
    head = found and (head_of(found[2]) or next((form for form in (found[2][:-2], f"{found[2][:-3]}y") if form in SEEMING), None))
    return f"look{found[1]} {head}" if head else text


def seeming(text: str) -> str:
    """A clause that likens somebody to somebody else, "be a grumpy old bear", as how that one seems; as it is where it says nothing so."""
    found = _BEING.match(text)
    if not found:
        return text
    known = (word if word in SEEMING or word in FEELINGS or word in EMOTIONS else head_of(word) for word in found[1].split())
    seems = next((word for word in known if word in SEEMING or word in FEELINGS or word in EMOTIONS), None)
    acted = any(word in ALONE for word in found[1].split())
    return text if seems is None or acted else f"look {seems}"


_LIKENED = re.compile(
    r"^(?:be |is |act |look |play it |talk |speak |sound )?(?:like|as|as if (?:she|he|you) (?:is|are|was"
    r"|were)) (?:a|an|the|some) ([\w' -]+)$"
)


def in_the_mood(text: str) -> str:
    """A clause that only names somebody, "tired doctor at the end of a shift", as how that one looks, by a word or the role."""
    words = text.removeprefix("a ").removeprefix("an ").removeprefix("the ").split()
    rest = [word for word in words[1:] if word not in ("very", "in", "at", "on", "up", "down", "end")]
    if not words or {"not", "no"} & set(words) or any(_acts(word) for word in rest):
        return text
    first = words[0]
    known = first if first in SEEMING or first in FEELINGS or first in EMOTIONS else head_of(first)
    if len(words) > 1 and (known in SEEMING or known in FEELINGS or known in EMOTIONS):
        return f"look {known}"
    found = _LIKENED.match(text)
    role = next((seems for word in found[1].split() if (seems := seems_like(word))), None) if found else None
    return f"look {role}" if role else text


def _acts(word: str) -> bool:
    """Whether a word may be a deed, so that more than somebody is named."""
    forms = {word, word.removesuffix("s"), word.removesuffix("ing"), word.removesuffix("ed")}
    return bool(forms & (ALONE | _BODY | {"turn", "open", "close", "move", "look", "voice", "hair", "tone"})) or word in MISSING


def _one_less(text: str) -> list[str]:
    spans = [found.span() for pattern in (_PHRASE, _PHRASE_ON, _REASON, _PURPOSE) for found in pattern.finditer(f" {text}")]
    found = _CAUSE.search(f" {text}")
    shorter = [f" {text}"[: found.start()].strip()] if found and f" {text}"[: found.start()].strip() else []
    for start, end in spans:
        gone, before = f" {text}"[start:end].split(), f" {text}"[:start].split()
        gone = [word for word in gone if word not in ("face", "lips")] if gone[0] == "on" else gone
        if not before or before[-1] in _ESSENTIAL or any(asks(word) for word in gone[1:]):
            continue
        shorter.append(" ".join([*before, *f" {text}"[end:].split()]))
    return shorter


def asks(word: str) -> bool:
    """Whether a word asks for something by itself, so that it may not be passed over."""
    plain = word.removesuffix("s")
    forms = {word, plain, word.removesuffix("ing"), word.removesuffix("ed")}
    return bool(forms & _ASKING) or word in MISSING or head_of(word) is not None or any(letter.isdigit() for letter in word)


def familiar(text: str, known) -> str:
    """The clause with each word that is not `known` as the head of its family."""
    words = [word if known(word) else head_of(word) or word for word in text.split()]
    return " ".join(words)

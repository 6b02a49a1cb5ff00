"""A clause whose subject is a part of the face, "the left eyebrow creeps up": the part and its way say what is done, whatever the verb.

There are a thousand verbs for an eyebrow that goes up, and one word for where it goes. So a verb that nothing is known of is passed over
where a way is named, and one that has a way in it, "sinks", needs none beside it.
"""

import re

from visavox.cues.prompt.complements import asks
from visavox.cues.prompt.families import head_of
from visavox.cues.prompt.phrases import FEELINGS, SEEMING
from visavox.cues.prompt.spelling import IRREGULAR
from visavox.cues.words import ALIKE, COUNTS, SPEEDS, STRENGTHS
from visavox.emotion import EMOTIONS

_OWNER = r"(?:the|his|her|their|your|my|its|an?|one|both|one of (?:his|her|their|your|the)|all|two)"
_SIDE = r"(?:left|right|upper|lower|top|bottom|inner|outer|other|single)"
_SUBJECT = re.compile(
    rf"^(?:(?:with|and|but|only|just|even|now|so|have|let|keep|make|get) )*(?:{_OWNER} )?(?P<side>(?:{_SIDE} )*)"
    r"(?P<part>(?:corners?(?: of (?:the|his|her|their|your))?(?: (?:mouth|lips?))?|(?:mouth|lip) corners?|[a-z-]+))(?: (?P<rest>.+))?$"
)
_PARTS = {
    "brows": "brow brows eyebrow eyebrows forehead",
    "head": "head chin",
    "eyes": "eye eyes gaze eyeline",
    "lids": "eyelid eyelids lid lids",
    "mouth": "mouth",
    "lips": "lip lips",
    "jaw": "jaw jaws",
    "nose": "nose nostril nostrils",
    "cheeks": "cheek cheeks",
    "corners": "corner corners",
    "smile": "smile grin smirk",
    "frown": "frown scowl",
}
PART = {word: part for part, words in _PARTS.items() for word in words.split()}
_UP = (
    "up upward upwards upwardly skyward skywards aloft high higher rise raise lift climb shoot soar ascend hike arch perk elevate jump "
    "spring"
)
_DOWN = "down downward downwards low lower drop sink fall droop sag slump dip hang descend bow plunge plummet loll lolling downcast"
# part: (what is done, the words that say so); the first that is met counts
_WAYS = {
    "brows": (
        ("brows down", "furrow knit together pull crease pinch bunch contract frown meet gather crumple tighten crinkle wrinkle squeeze "
                       "join scrunch "
                       f"inward inwards {_DOWN}"),
        ("brows up", _UP),
        ("brows 0.3", "relax smooth unfurrow soften still flat unmoving motionless calm loosen unknit"),
    ),
    "head": (
        ("shake", "shake"), ("nod", "nod bob bobble"), ("sway", "sway rock wobble"),
        ("tilt SIDE", "tilt lean cock tip incline list side sideways loll slant"),
        ("turn SIDE", "left right"),
        ("lean back", "recoil"), ("turn up", f"back {_UP} upright tall proud"), ("lean in", "forward forwards"),
        ("turn down", _DOWN), ("turn away", "away aside"),
        ("head 0", "still freeze steady stationary motionless frozen immobile rigid"),
    ),
    "eyes": (
        ("look around", "around about everywhere room wander roam rove scan"), ("roll eyes", "roll"),
        ("look up SIDE", _UP), ("look down SIDE", _DOWN), ("look SIDE", "left right"),
        ("look away", "away aside sideways elsewhere offscreen distance avert unfocused glaze"),
        ("look at camera", "camera ahead forward forwards viewer lens audience straight front"),
        ("close eyes slightly", "half-closed half-shut half-lidded hooded heavy droopy almost-closed"),
        ("close eyes", "close shut closed"), ("squint", "narrow squint slit slits crinkle tighten thin harden sharpen"),
        ("widen eyes", "widen wide wider big bigger huge bulge pop goggle enormous round saucers enlarge"),
        ("gaze 0", "still steady fixed motionless"),
    ),
    "lids": (
        ("close eyes", "close shut closed"), ("blink 3 times", "flutter"), ("widen eyes", "wide raise lift rise up"),
        ("close eyes slightly", f"heavy heavier half half-closed half-mast close-slightly {_DOWN}"),
        ("squint", "narrow tighten tight tense squeeze"),
    ),
    "mouth": (
        ("open mouth strongly", "agape wide gape"), ("open mouth", "open ajar part drop fall hang slack"),
        ("smile SIDE", f"smile grin {_UP}"), ("frown", _DOWN), ("purse lips", "purse pucker round pinch"),
        ("press lips", "shut close closed tighten tight thin firm clamp line set press compress seal"),
        ("tremble lips", "tremble quiver wobble shake"), ("smile SIDE", "twist skew sideways side quirk twitch pull tug"),
    ),
    "lips": (
        ("purse lips", "purse pucker pout forward round pinch"), ("tremble lips", "tremble quiver wobble shake quaver"),
        ("press lips", "press thin clench straight tight tighten line clamp seal closed close shut compress together flatten"),
        ("open mouth slightly", "part parted open apart"), ("smile SIDE", f"smile twist curve curl quirk twitch spread stretch {_UP}"),
        ("frown", _DOWN),
    ),
    "jaw": (
        ("open mouth", "drop fall open slack hang slacken unhinge loosen floor sag"),
        ("press lips", "tighten clench set lock tense hard harden firm tight grit stiffen flex"),
        ("tremble lips", "tremble quiver"),
    ),
    "nose": (("wrinkle nose", "wrinkle scrunch crinkle flare dilate curl screw twitch crease"),),
    "cheeks": (("puff cheeks", "puff inflate blow fill balloon bulge"), ("squint", "raise lift"),),
    "corners": (("smile SIDE", f"{_UP} curl quirk"), ("frown", f"{_DOWN} turn-down")),
    "smile": (
        ("smile strongly", "widen broaden stretch"),
        ("smile slowly", "grow spread bloom form appear creep emerge break tug play touch cross dawn light curl linger "
                         "stay remain develop"),
    ),
    "frown": (("frown slowly", "deepen grow form appear creep cross crease spread"),),
}  # fmt: skip
_WHERE_FELT = {"eyes": "eyes", "brows": "brows", "mouth": "mouth", "lips": "mouth"}
_LIKE_THAT = re.compile(
    rf"^(?:with )?(?P<whose>{_OWNER} )?(?P<how>(?:[a-z]+ly |slightly |half-|half )?)(?P<like>[a-z-]+(?:ed|ing|wn|unk"
    rf"|ung)) (?P<part>[a-z]+)(?P<rest>(?: (?:in|with|as|like|at|from|of) .+)?)$"
)
_NO_LIKENESS = frozenset(
    "nodding shaking tilting turning blinking winking moving smiling raising lowering closing opening keeping making using being".split()
)
_WORDS = {part: tuple((done, frozenset(words.split())) for done, words in ways) for part, ways in _WAYS.items()}
_MANNERS = frozenset({*SPEEDS, *STRENGTHS, *ALIKE, *COUNTS, "times", "twice", "once"})
_STOP = frozenset(
    "as like with of for from because while if when than before after until till without not no never don't less more".split()
)
_ALSO = frozenset("brow brows eyebrow eyebrows eye eyes head chin mouth lip lips jaw gaze nod shake blink wink smile".split())
_OTHER_SIDE = {"left": "left", "right": "right"}


def of_a_part(text: str) -> str | None:
    """What a clause about a part of the face asks for, as the reader of clauses knows it, "brows up left"; None for another clause."""
    found = _SUBJECT.match(_turned_about(text))
    part = found and next((PART[word] for word in found["part"].split() if word in PART), None)
    if not part or not found["rest"]:
        return None
    if part == "corners" and "eye" in text:
        return None
    words, complement = _until_a_complement(found["rest"].split())
    if any(asks(word) and not _emotion_of(word) and not _may_follow(word, part) for word in complement):
        return None
    if not words or _ALSO & set(words):
        return None
    forms = [(word, stems(word)) for word in words]
    done = next((move for move, ways in _WORDS[part] if any(form & ways for _, form in forms)), None)
    felt = [emotion for word in complement if (emotion := _emotion_of(word))]
    if done is None and felt and len(forms) == 1 and part in _WHERE_FELT:
        return f"{felt[0]} 0.8 @ {_WHERE_FELT[part]}"  # "his eyes burned with hatred"
    if done is None or not _passed_over(forms, part):
        return None
    sides = [word for word in (*found["side"].split(), *words) if word in _OTHER_SIDE]
    one = "left" if text.startswith(("one ", "with one ", "a single ", "and one ")) and part in ("brows", "corners") else ""
    move = done.replace("SIDE", sides[0] if sides else _some_way(done))
    if part == "brows" and move == "brows up":
        move = f"{move} {sides[0] if sides else one}".strip()
    if part == "eyes" and move in ("close eyes", "close eyes slightly") and sides and not found["part"].endswith("s"):
        move = f"wink {sides[0]}"
    if not sides and (part == "corners" and one or part == "mouth" and "one side" in text):
        move = move.replace("smile", "smile left")
    manners = [word for word in words if word in _MANNERS or word.endswith("ly") or word[:1].isdigit()]
    return " ".join([*move.split(), *manners, *(f"in {emotion}" for emotion in felt[:1])])


def _turned_about(text: str) -> str:
    """A clause that says first how a part is, "narrowed eyes", with the part first."""
    found = _LIKE_THAT.match(text)
    if not found or found["part"] not in PART or found["like"] in _NO_LIKENESS:
        return text
    return f"{found['whose'] or ''}{found['part']} {found['how'] or ''}{found['like']}{found['rest']}"


def _may_follow(word: str, part: str) -> bool:
    """Whether a word that asks for something by itself is no more than what is done there looks like, "brows meet in a scowl"."""
    return head_of(word) is not None or word in SEEMING or part == "brows" and word.rstrip("s") in ("scowl", "frown", "glower", "glare")


def _some_way(done: str) -> str:
    return "left" if done.startswith("tilt") else ""


def _until_a_complement(words: list[str]) -> tuple[list[str], list[str]]:
    """The words of a clause up to what only likens or places it, and those of that: "falls open | in astonishment"."""
    for place, word in enumerate(words):
        if (
            word in _STOP
            and place
            or word in ("in", "to", "towards", "toward", "at", "into", "on")
            and place
            and not _says_where(words[place + 1 :])
        ):
            return words[:place], words[place + 1 :]
    return words, []


def _says_where(following: list[str]) -> bool:
    """Whether a place or side follows a preposition, "to the left", "to one side", which says which way."""
    return bool(set(following[:4]) & _EVERY_WAY)


_EVERY_WAY = frozenset().union(*(ways for ways in _WORDS.values() for _, ways in ways)) | {"left", "right"}


def _passed_over(forms: list[tuple[str, frozenset[str]]], part: str) -> bool:
    """Whether all words but one verb are known to say a way, a manner or nothing."""
    ways = frozenset().union(*(ways for _, ways in _WORDS[part])) | {"left", "right"}
    strange = [
        word for word, form in forms if not form & ways and not form & _CARRYING and word not in _MANNERS and not word.endswith("ly")
    ]
    return len(strange) <= 1 and not (strange and strange[0] in _NEVER)


_CARRYING = frozenset(
    "is are be was were get gets go goes become becomes begin begins start starts to the a an his her their your its stay stays remain "
    "remains keep keeps held hold holds turn turns move moves pull pulls draw draws "
    "slightly little bit very so and then slowly one both again just "
    "into in on of it all way side hang hangs set sets half almost nearly quite too even that which there still come comes "
    "grow grows itself themselves ever more less back out off together open direction".split()
)
_NEVER = frozenset("not no never without don't doesn't stop stops less fewer hardly other".split())


def stems(word: str) -> frozenset[str]:
    """A word and what it may be a form of: drawn, draws and drawing are draw."""
    found = {word, IRREGULAR.get(word, word)}
    for ending in ("ing", "ed", "es", "s", "d"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 1:
            found |= {stem, f"{stem}e"} | ({stem[:-1]} if stem[-1] == stem[-2:-1] else set())
    return frozenset(found)


def _emotion_of(word: str) -> str | None:
    """The emotion that a word names, in any of its forms; None for another word."""
    words = (word, head_of(word) or "")
    return next((FEELINGS.get(one, one) for one in words if one in EMOTIONS or one in FEELINGS), None)

"""One clause of a prompt, "she nods slowly": the instructions that it means, by their own words, or by rules of what people say."""

import re
from difflib import get_close_matches
from functools import lru_cache

from visavox.cue import Instruction
from visavox.cues.kinds import PLAIN
from visavox.cues.kinds.emotion import Emotion
from visavox.cues.kinds.gain import GainKind
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.moves import MOVES
from visavox.cues.prompt.agreeing import agrees, seen_in
from visavox.cues.prompt.amounts import AROUND, DOUBLE, HALF, LESS, MORE, MOVING, NOT, amount
from visavox.cues.prompt.beyond import MISSING
from visavox.cues.prompt.complements import at_a_place, familiar, in_the_mood, seeming, shown_with, speaking_as, trying, without_complements
from visavox.cues.prompt.families import ROOTS, head_of
from visavox.cues.prompt.parts import of_a_part
from visavox.cues.prompt.phrases import (
    ALONE,
    BROWS,
    EMOTIONAL,
    EYES,
    FACIAL,
    FEELINGS,
    FILLERS,
    HEAD,
    LIGHT,
    LOWER,
    MOUTH,
    PLACES,
    RAISE,
    RULES,
    SIDES,
    VIEWER,
)
from visavox.cues.prompt.similar import Likeness, known_phrases
from visavox.cues.prompt.spelling import IRREGULAR, mended
from visavox.cues.words import ALIKE, COUNTS, SPEEDS, STRENGTHS, Manner, number_of, read_manner, share_of, tokens
from visavox.emotion import EMOTIONS, MOST, EmotionMix

REMEMBERED = 16_384  # clauses, which many prompts share
PHRASES = {
    "a little bit": "slightly", "a little": "slightly", "a bit": "slightly", "a touch": "slightly", "a lot": "strongly",
    "with force": "strongly", "forcefully": "strongly", "wide-eyed": "wide-eyed", "in slow motion": "slowly", "at a slow pace": "slowly",
    "in a hurry": "quickly", "really": "strongly", "extremely": "strongly", "a couple of times": "twice", "couple of times": "twice",
    "a few times": "three times", "several times": "three times", "repeatedly": "three times", "over and over": "three times",
    "again & again": "three times", "two or three times": "twice", "once or twice": "once", "completely": "strongly",
    "from ear to ear": "strongly",
    "tiny slits": "slits", "thin slits": "slits", "mere slits": "slits", "at all": "", "ever so": "slightly", "no longer": "not",
    "one side": "side", "more clearly": "articulate", "more distinctly": "articulate", "time & again": "three times",
    "utterly": "strongly", "totally": "strongly", "absolutely": "strongly", "truly": "strongly",
} | {name.replace("-", " "): name for name in EMOTIONAL if "-" in name}  # fmt: skip
SIZES = {
    "slightly": ("small", "tiny", "little", "faint"),
    "strongly": ("big", "huge", "broad", "wide", "large"),
    "quickly": ("short", "brief"),
}
INTENSITY = {"slightly": 0.5, "strongly": 1.2}
# "in confusion", "with great pride": why something is done; it counts where it names a feeling
_MOOD = re.compile(r"\s\b(in|with)\s+(?:(?:a|an|some|great|pure|his|her|utter|mild)\s+)?(?P<like>(?:[^\W\d_]+\s+){0,2}?)([^\W\d_]+)$")
_AIR = re.compile(r"\s\b(?:with|wearing)\s+(?:a|an|his|her)\s+([^\W\d_]+)\s+(?:look|expression|face|air)$")
# "a brilliant smile": what it is like; an adjective that nothing is known of asks for nothing
_LIKE_WHAT = re.compile(
    r"\b(a|an|his|her|their|some)\s+((?:[^\W\d_](?:[^\W\d_]|-)*\s+){1,3})(?=(?:smile|grin|smirk|nod|look|glance|wink|frown|blink|sigh|breath|scowl)\b)"
)
_ONE_EYE = re.compile(r"\b(?:closes?|shuts?|closing|shutting)\s+(?:one|an)\s+eye\b(?!\s+(?:brow|lid))")
_TAILS = re.compile(r"\b(?:one|an|a|both)\s+(?=(?:eye)?brows?\b|eyes?\b|shoulder\b)|\bto (?:his|her|the|their) chest\b|\s+until the end$")
MISSPELT = 0.7  # likeness (of letters) from which a word is one that is known, misspelt
_AS_WHOLE = frozenset("speak talk say act be feel look seem become sound".split())
_TIMES = ("times", "time", "degrees", "degree", "deg", "°")
_IN_RULES = {word for rule in RULES for group in (*rule.needs, rule.forbids) for word in group}
_SMALL = {*SPEEDS, *STRENGTHS, *ALIKE, *COUNTS, *_TIMES}
_NAMED = {word for move in MOVES.values() for name in (move.name, *move.names) for word in name.split()}
_VOCABULARY = sorted({*_NAMED, *FEELINGS, *EMOTIONS})  # what a word may be that is misspelt
MOST_REPEATS = 6  # of a move that is held
_PLURAL = {"eyes", "brows", "eyebrows", "lids", "eyelids", "forwards", "backwards", "towards", "yes", "across"}
_NOUNS = {"happy": "joy", "sad": "sadness", "angry": "anger", "fearful": "fear", "disgusted": "disgust", "surprised": "surprise",
          "contemptuous": "contempt"}  # fmt: skip
_KNOWN = {*_IN_RULES, *EMOTIONS, *FEELINGS, *LIGHT, *SIDES, *NOT, *LESS, *MORE, *HALF, *DOUBLE, *MOVING, *AROUND} | {
    word for word in _NAMED if word in _PLURAL or not (word.removesuffix("s") != word or word.endswith("ing"))
}

DOING = ALONE | frozenset(
    "look turn raise lower close open glance seem appear act feel purse press sneer scoff glare stare lean move give roll lift puff "
    "wrinkle become get widen gaze sulk pout grimace wince laugh giggle speak keep squint cock drop narrow gape be snarl growl "
    "clench".split()
)


def _forms(verb: str) -> tuple[str, ...]:
    """A verb as it is written of somebody who does it, or is doing it."""
    stem = verb.removesuffix("e")
    return f"{verb}{'es' if verb.endswith(('sh', 'ch', 'ss')) else 's'}", f"{stem}ing"


_SPELLABLE = sorted(word for word in _KNOWN | _SMALL | LIGHT | set(ALONE) | set(EMOTIONAL) | FILLERS if word.isalpha())
_SPELLABLE += [*(word for word in PHRASES if word.isalpha())]
_SPELLABLE += [root for root in ROOTS if root.isalpha() and len(root) > 6 and not root.endswith(("ing", "ed"))]
_SPELLABLE += [form for verb in DOING | {"think", "ponder", "wonder"} for form in _forms(verb)]
_MANNERS = sorted(word for word in (*SPEEDS, *STRENGTHS, *ALIKE, *EMOTIONAL) if word.endswith("ly"))


@lru_cache(maxsize=REMEMBERED)
def read_clause(text: str) -> list[Instruction] | None:
    """The instructions that a clause means, done together; None when it is not understood whole.

    What cannot be read as it stands is read without its subject, without what an expression is for, and with slips of the keys mended."""
    found = _taken_for(text)
    if found and not agrees(text, found):
        part = of_a_part(text)
        found = _read(part) if part else None
        found = found if found and agrees(text, found) else None
    return found


def _taken_for(text: str) -> list[Instruction] | None:
    text = at_a_place(trying(text))
    if any(word in MISSING for word in tokens(text)) and not _read(text):
        part = of_a_part(text)  # "eyebrows dance up and down"
        return _read(part) if part else None
    tries = [text]
    for change in (_without_subject, _without_object, _mended, seeming, speaking_as, _familiar, _all_familiar, shown_with):
        tries += [changed for one in tries if (changed := change(one)) != one]
    found = next((found for one in tries if (found := _read(one)) is not None and not any(map(_nowhere, found))), None)
    if found is not None:
        return found
    if (part := next((part for one in tries if (part := of_a_part(one)) and _read(part) is not None), None)) is not None:
        return _read(part)
    shorter = dict.fromkeys(less for one in tries for less in without_complements(one))
    shorter |= dict.fromkeys(named for one in tries if (named := in_the_mood(one)) != one)
    return next((found for one in shorter if (found := _read(one)) is not None and not any(map(_astray, found))), None)


def _astray(one: Instruction) -> bool:
    """Whether something moves without a way, which may have been among the words that were left out."""
    return isinstance(one, Gesture) and one.way not in MOVES[one.name].ways


def _nowhere(one: Instruction) -> bool:
    """Whether something moves that has to be told which way, "look", and is not."""
    return _astray(one) and not MOVES[one.name].either


def _familiar(text: str) -> str:
    """A clause with each word that is strange as the head of its family."""
    return familiar(text, lambda word: not _strange(word))


def _all_familiar(text: str) -> str:
    """The same, of words also that by themselves say nothing."""
    return familiar(text, lambda word: lemma(word) in _IN_RULES | _SMALL | FILLERS or word in FEELINGS or word in EMOTIONS)


_OBJECT = re.compile(r"\s(?:at|to|towards?|for|of) (?:the|a|an|his|her|their|our|my|your|this|that) [\w-]+(?: [\w-]+)?$")
_EXPRESSIVE = frozenset(
    "nod smile wink frown grin smirk sneer scowl blink squint scoff glare beam pout sigh wince brow brows eyebrow".split()
)


def _without_subject(text: str) -> str:
    """A clause without who does it: one to three words before a verb in the form of the third person, "the old wizard frowns"."""
    for found in re.finditer(r"\b[a-z]+(?:s|ing)\b", text):
        before, verb = text[: found.start()].split(), lemma(found.group())
        if found.group().endswith("ing") and (verb not in DOING or any(not _strange(word) for word in before[1:-1])):
            continue  # "sneaky goblin glancing around"
        whose = before and before[0] in ("a", "an", "the", "our", "my", "this", "that", "his", "her", "your")
        if not before or len(before) > (4 if whose else 2) or verb not in DOING and verb not in ("is", "was"):
            continue
        asks = {*DOING, *MISSING, *_SMALL, *FEELINGS, *EMOTIONS} if len(before) > 1 and not whose else {*DOING, *MISSING, *_SMALL}
        if not any(word in asks or lemma(word) in DOING for word in before):
            return f"she {text[found.start() :]}"
    return text


def _without_object(text: str) -> str:
    """An expression without whom or what it is for, "smiles at the old dog": it is the same on the face."""
    found = _OBJECT.search(text)
    doing = {lemma(word) for word in text.split()}
    if found is None or not doing & _EXPRESSIVE or doing & {"look", "glance", "turn", "gaze"}:
        return text
    return text[: found.start()] if not set(found.group().split()) & {*SIDES, *MISSING} else text


def _mended(text: str) -> str:
    """A clause in which each unknown word is the known one that it is but for one slip."""
    words = [mended(word, _SPELLABLE) or word if _strange(word) else word for word in text.split()]
    return " ".join(words)


def _manner_mended(word: str) -> str:
    """A manner with a slip in it as it was meant, "slwoly"; other words as they are."""
    return mended(word, _MANNERS) or word if word.endswith("ly") and word not in _MANNERS else word


def _strange(word: str) -> bool:
    plain = lemma(word)
    return not (plain in _KNOWN or plain in _SMALL or plain in FILLERS or plain in LIGHT or plain in EMOTIONAL or plain in ALONE
                or word in MISSING or word in PHRASES or plain in PLACES)  # fmt: skip


def _read(text: str) -> list[Instruction] | None:
    """The instructions of a clause, read word by word."""
    if (gain := GainKind().read(text)) is not None:
        return [gain]  # "blinks 0" is no blink
    for phrase, plain in PHRASES.items():
        text = re.sub(rf"\b{phrase}\b", plain, text)
    text = _ONE_EYE.sub("wink", _LIKE_WHAT.sub(_likeness, text))
    text = _AIR.sub(r" in \1", text)  # "with a sceptical look"
    text = _TAILS.sub("", _MOOD.sub(_mood, text))
    words = [lemma(_manner_mended(word)) for word in tokens(text) if word[:1].isalnum() or word[:1] in "+-.@="]
    asked = " ".join(word for word in words if word not in FILLERS or word == "in")
    for kind in PLAIN if asked else ():
        found = kind.read(asked)
        if found is not None:
            return [found]
    if (found := amount(words)) is not None:
        return found
    if words[:1] in (["not"], ["without"], ["avoid"]) or "not" in words:
        return None  # what is not wanted is never done
    words = _more_of_it(words)
    moods = [EMOTIONAL[word] for word in words if word in EMOTIONAL]
    words = [word for word in words if word not in EMOTIONAL]
    for kind in PLAIN if moods and words else ():
        found = kind.read(" ".join(word for word in words if word not in FILLERS))
        if found is not None:
            return [found, Emotion(EmotionMix({moods[0]: 0.8}))]
    if moods and not set(words) - _AS_WHOLE - FILLERS:  # "speaks angrily"
        return [Emotion(EmotionMix({moods[0]: 1.0}))]
    small, rest = _small_words(words)
    done = _emotion(rest, small) or _moves(rest, small)
    if done is None and not moods:  # "a nervous smile"
        moods = [FEELINGS.get(word, word) for word in rest if word in FEELINGS or word in EMOTIONS]
        done = _moves([word for word in rest if word not in FEELINGS and word not in EMOTIONS], small) if len(moods) == 1 else None
    done = done or _alike(rest, small)
    if done is None:
        return None
    done = [*done, *seen_in(done, words)]
    return [*done, *(Emotion(EmotionMix({mood: 0.8})) for mood in moods[:1])]


def _more_of_it(words: list[str]) -> list[str]:
    """The `words`, a move or feeling of which there shall be more or less done strongly or slightly; "more slowly" is slowly."""
    found = []
    for place, word in enumerate(words):
        manner = place + 1 < len(words) and words[place + 1] in _SMALL
        if word in ("more", "bigger", "larger", "stronger"):
            found += [] if manner else ["strongly"]
        elif word == "wider":
            found += ["wide"]
        elif word in ("less", "smaller"):
            found += ["slightly"]
        else:
            found.append(word)
    return found


def _likeness(found: re.Match) -> str:
    """What is left of adjectives: those that something is known of."""
    kept = [found[1]]
    for word in found[2].split():
        size = next((manner for manner, sizes in SIZES.items() if word in sizes), None)
        known = lemma(word) in _KNOWN | _SMALL | FILLERS | LIGHT | set(EMOTIONAL) or word in MISSING or head_of(word) in _KNOWN
        kept += [size] if size else [word] if known else []
    return f"{' '.join(kept)} "


def _mood(found: re.Match) -> str:
    """What is left of why something is done: the feeling that it names, or nothing; what asks for more stays as it is."""
    noun = found[3]
    feeling = noun if noun in EMOTIONS else FEELINGS.get(noun)
    if feeling:
        return f" in-{_NOUNS[feeling]}" if feeling in _NOUNS else " "
    if found["like"]:
        return found[0]
    return found[0] if lemma(noun) in _KNOWN | _SMALL | FILLERS | LIGHT | PLACES or f"{found[1]} {noun}" in PHRASES else " "


def _small_words(words: list[str]) -> tuple[list[str], list[str]]:
    """The words that say how, and the others."""
    small = [word for word in words if word in _SMALL or number_of(word) is not None or word.rstrip("x°").isdigit() or word.endswith("%")]
    return small, [word for word in words if word not in small]


def _moves(words: list[str], small: list[str]) -> list[Instruction] | None:
    """What the first rule means whose words are all said, in the manner of the `small` words; None without one, or with words left."""
    known = FILLERS | LIGHT
    for rule in RULES:
        if not all(group & set(words) for group in rule.needs) or rule.forbids & set(words):
            continue
        side = next((word for word in words if word in SIDES), "") if rule.side else ""
        left = set(words) - frozenset().union(*rule.needs, known, SIDES if rule.side else ())
        left -= PLACES if rule.move.split()[0] in ("look", "turn") else frozenset()
        left = {word for word in left if not (word.endswith("ly") and len(word) > 4)}  # a manner asks for nothing by itself
        if left - _IN_RULES or left & ALONE:
            return None  # no word is passed over that asks for something else, or that nothing here knows
        if rule.move in FACIAL and any(one in left and other in BROWS for one, other in zip(words, words[1:], strict=False)):
            return None  # "lower the right brow", which brows cannot, is no look to the right
        found = [_in_manner(part.strip(), side, small) for part in rule.move.split(";")]
        found += [Gesture("look", way) for way in (_where(left) if rule.move in FACIAL else ())]
        return None if None in found else _often(found, small)
    return None


def _where(left: set[str]) -> list[str]:
    """Where the eyes go along with an expression, by the words that its rule left."""
    return [way for way in ("left", "right") if way in left][:1] or (["at camera"] if left & VIEWER else [])


def _alike(words: list[str], small: list[str]) -> list[Instruction] | None:
    """What the words are surely like, misspelt as they may be."""
    asked = " ".join(word for word in words if word not in FILLERS)
    if set(asked.split()) <= LOWER | RAISE | HEAD | EYES | BROWS | MOUTH | {"nose", "cheek", "cheeks", "jaw"}:
        return None  # a part of the face by itself does nothing
    meant = Likeness(known_phrases()).meant(asked) if asked and len(ALONE & set(words)) < 2 else None
    if meant is None or any(not get_close_matches(word, _VOCABULARY, 1, MISSPELT) for word in set(asked.split()) - LIGHT):
        return None
    if set(asked.split()) & {"up", "down", *SIDES} - set(meant.split()) and not VIEWER & set(asked.split()):
        return None  # another way than what it resembles
    found = _emotion([meant], small) or [_in_manner(meant, "", small)]
    return None if None in found else found


def _in_manner(move: str, side: str, small: list[str]) -> Instruction | None:
    for kind in PLAIN:
        found = kind.read(f"{move} {side}".strip())
        if isinstance(found, Gesture):
            manner = read_manner(_uncounted(small, found.name), MOVES[found.name].counted, bool(MOVES[found.name].most))
            return None if isinstance(manner, str) else Gesture(found.name, found.way, _both(found.manner, manner))
        if isinstance(found, Emotion):
            shares = [INTENSITY[plain] for word in small if (plain := ALIKE.get(word, word)) in INTENSITY]
            most = {name: min(round(value * (shares[0] if shares else 1.0), 3), MOST) for name, value in found.mix.intensities.items()}
            return Emotion(EmotionMix(most, found.mix.regions))
        if found is not None:
            return found if not set(small) - {"strongly", "very", "slightly"} else None
    return None


def _uncounted(small: list[str], name: str) -> list[str]:
    """The `small` words without how often, of a move that is held and not counted."""
    if MOVES[name].counted:
        return small
    return [
        word
        for place, word in enumerate(small)
        if not (word in COUNTS or word in ("times", "time") or small[place + 1 : place + 2] == ["times"])
    ]


def _often(found: list[Instruction], small: list[str]) -> list[Instruction]:
    """Held moves as often as the `small` words say, which are counted for the others."""
    held = [one for one in found if isinstance(one, Gesture) and not MOVES[one.name].counted]
    count = next((COUNTS[word] for word in small if word in COUNTS), 1)
    return found * count if len(held) == len(found) == 1 and 1 < count <= MOST_REPEATS else found


def _both(one: Manner, other: Manner) -> Manner:
    times = other.times if other.times is not None else one.times
    strength, speed = min(one.strength * other.strength, 2.25), one.speed if other.speed == 1 else other.speed
    return Manner(speed, round(strength, 3), times, other.degrees)


def _emotion(words: list[str], small: list[str]) -> list[Instruction] | None:
    """The emotions that are named among `words`; None when there are none, or others than small and light ones."""
    named = [FEELINGS.get(word, word) for word in words if FEELINGS.get(word, word) in EMOTIONS]
    others = [word for word in words if FEELINGS.get(word, word) not in EMOTIONS and word not in FILLERS | LIGHT | {"turn", "look"}]
    if not named or others or len(set(named)) < len(named):
        return None
    shares = [INTENSITY[plain] for word in small if (plain := ALIKE.get(word, word)) in INTENSITY]
    shares += [share for word in small if (share := share_of(word)) is not None]
    share = shares[0] if shares else 1.0 if len(named) == 1 else 0.6
    if len(shares) > 1 or not 0 <= share <= MOST:
        return None
    return [Emotion(EmotionMix(dict.fromkeys(named, share)))]


def unknown_words(text: str) -> list[str]:
    """The words of a clause that no rule and no list knows."""
    known = _KNOWN | _SMALL | FILLERS | LIGHT | set(EMOTIONAL) | ALONE
    words = [word for word in tokens(text) if word[:1].isalpha()]
    return [word for word in dict.fromkeys(words) if lemma(word) not in known]


def lemma(word: str) -> str:
    """A word in the form in which instructions have it: nods, nodding and nodded are nod."""
    word = word.removesuffix("'s")
    word = IRREGULAR.get(word, word) if word not in _KNOWN and word not in FILLERS else word
    if word in _KNOWN or word in _SMALL or word in FILLERS or word in EMOTIONAL or not word.isalpha():
        return word
    for ending, others in (("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ing", ("", "e")), ("ed", ("", "e"))):
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 2:
            continue
        forms = [stem + other for other in others] + ([stem[:-1]] if stem[-1] == stem[-2:-1] else [])
        for form in forms:
            if form in _KNOWN - NOT:
                return form
    return word

"""One clause of a prompt, "she nods slowly": the instructions that it means, by their own words, or by rules of what people say."""

import re

from visavox.cue import Instruction
from visavox.cues.kinds import PLAIN
from visavox.cues.kinds.emotion import Emotion
from visavox.cues.kinds.gesture import Gesture
from visavox.cues.moves import MOVES
from visavox.cues.prompt.phrases import ALONE, EMOTIONAL, FEELINGS, FILLERS, LIGHT, RULES, SIDES
from visavox.cues.prompt.similar import Likeness, known_phrases
from visavox.cues.words import ALIKE, COUNTS, SPEEDS, STRENGTHS, Manner, number_of, read_manner, share_of, tokens
from visavox.emotion import EMOTIONS, MOST, EmotionMix

PHRASES = {
    "a little bit": "slightly", "a little": "slightly", "a bit": "slightly", "a touch": "slightly", "a lot": "strongly",
    "with force": "strongly", "forcefully": "strongly", "wide-eyed": "wide-eyed", "in slow motion": "slowly", "at a slow pace": "slowly",
    "in a hurry": "quickly", "really": "strongly", "extremely": "strongly",
}  # fmt: skip
INTENSITY = {"slightly": 0.5, "strongly": 1.2}
_TIMES = ("times", "time", "degrees", "degree", "deg", "°")
_IN_RULES = {word for rule in RULES for group in (*rule.needs, rule.forbids) for word in group}
_SMALL = {*SPEEDS, *STRENGTHS, *ALIKE, *COUNTS, *_TIMES}
_NAMED = {word for move in MOVES.values() for name in (move.name, *move.names) for word in name.split()}
_PLURAL = {"eyes", "brows", "eyebrows", "lids", "eyelids", "forwards", "backwards", "towards", "yes", "across"}
_KNOWN = {*_IN_RULES, *EMOTIONS, *FEELINGS, *LIGHT, *SIDES} | {
    word for word in _NAMED if word in _PLURAL or not (word.removesuffix("s") != word or word.endswith("ing"))
}


def read_clause(text: str) -> list[Instruction] | None:
    """The instructions that a clause means, done together; None when it is not understood whole."""
    for phrase, plain in PHRASES.items():
        text = re.sub(rf"\b{phrase}\b", plain, text)
    words = [lemma(word) for word in tokens(text) if word[:1].isalnum() or word[:1] in "+-.@="]
    asked = " ".join(word for word in words if word not in FILLERS or word == "in")
    for kind in PLAIN if asked else ():
        found = kind.read(asked)
        if found is not None:
            return [found]
    moods = [EMOTIONAL[word] for word in words if word in EMOTIONAL]
    words = [word for word in words if word not in EMOTIONAL]
    small, rest = _small_words(words)
    done = _emotion(rest, small) or _moves(rest, small) or _alike(rest, small)
    if done is None:
        return None
    return [*done, *(Emotion(EmotionMix({mood: 0.8})) for mood in moods[:1])]


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
        if left - _IN_RULES or left & ALONE:
            return None  # no word is passed over that asks for something else, or that nothing here knows
        found = [_in_manner(part.strip(), side, small) for part in rule.move.split(";")]
        return None if None in found else found
    return None


def _alike(words: list[str], small: list[str]) -> list[Instruction] | None:
    """What the words are surely like, misspelt as they may be."""
    asked = " ".join(word for word in words if word not in FILLERS)
    meant = Likeness(known_phrases()).meant(asked) if asked and len(ALONE & set(words)) < 2 else None
    if meant is None:
        return None
    found = _emotion([meant], small) or [_in_manner(meant, "", small)]
    return None if None in found else found


def _in_manner(move: str, side: str, small: list[str]) -> Instruction | None:
    for kind in PLAIN:
        found = kind.read(f"{move} {side}".strip())
        if isinstance(found, Gesture):
            manner = read_manner(small, MOVES[found.name].counted, bool(MOVES[found.name].most))
            return None if isinstance(manner, str) else Gesture(found.name, found.way, _both(found.manner, manner))
        if found is not None:
            return found if not small else None
    return None


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


def lemma(word: str) -> str:
    """A word in the form in which instructions have it: nods, nodding and nodded are nod."""
    if word in _KNOWN or word in _SMALL or word in FILLERS or word in EMOTIONAL or not word.isalpha():
        return word
    for ending, others in (("ies", ("y",)), ("es", ("", "e")), ("s", ("",)), ("ing", ("", "e")), ("ed", ("", "e"))):
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 2:
            continue
        forms = [stem + other for other in others] + ([stem[:-1]] if stem[-1] == stem[-2:-1] else [])
        for form in forms:
            if form in _KNOWN:
                return form
    return word

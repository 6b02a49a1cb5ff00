"""One clause of a prompt, "she nods slowly": the instructions that it means, by their own words, synonyms and word forms."""

import re

from visavox.cue import Instruction
from visavox.cues.kinds import PLAIN
from visavox.cues.kinds.emotion import Emotion
from visavox.cues.moves import MOVES
from visavox.cues.prompt.phrases import EMOTIONAL, FEELINGS, FILLERS, PHRASES
from visavox.cues.words import ALIKE, COUNTS, SPEEDS, STRENGTHS, tokens
from visavox.emotion import EMOTIONS, EmotionMix

_VERBS = {"is", "was", "be", "look", "seem", "feel", "appear", "become", "get", "act", "sound", "grow", "turn"}
_DEGREES = {"a little": "slightly", "a bit": "slightly", "a touch": "slightly", "slight": "slightly", "a lot": "strongly",
            "too": "strongly", "so": "strongly", "really": "strongly", "extremely": "strongly", "quite": ""}  # fmt: skip
_INTENSITY = {"slightly": 0.5, "strongly": 1.2}
_KNOWN = {
    word
    for phrase in (*PHRASES, *EMOTIONS, *FEELINGS, *(name for move in MOVES.values() for name in (move.name, *move.names)))
    for word in phrase.split()
} | _VERBS
_SMALL = {*SPEEDS, *STRENGTHS, *ALIKE, *COUNTS}


def read_clause(text: str) -> list[Instruction] | None:
    """The instructions that a clause means, done together; None when it is not understood whole."""
    for phrase, plain in _DEGREES.items():
        text = re.sub(rf"\b{phrase}\b", plain, text)
    words = [lemma(word) for word in tokens(text)]
    words = [word for word in words if word not in FILLERS and (word[:1].isalnum() or word[:1] in "+-.@")]
    if not words:
        return None
    for mood in (word for word in words if word in EMOTIONAL):
        rest = read_words([word for word in words if word != mood])
        return None if rest is None else [*rest, Emotion(EmotionMix({EMOTIONAL[mood]: 0.8}))]
    return read_words(words)


def read_words(words: list[str]) -> list[Instruction] | None:
    """The instructions that the words of a clause mean, in their simplest forms; None when they are not understood."""
    said = " ".join(words)
    for kind in PLAIN:
        found = kind.read(said)
        if found is not None:
            return [found]
    return _emotion(words) or _phrase(words)


def _phrase(words: list[str]) -> list[Instruction] | None:
    """What a synonym in PHRASES among `words` means, with the small words around it."""
    for length in range(min(5, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            meaning = PHRASES.get(" ".join(words[start : start + length]))
            rest = words[:start] + words[start + length :]
            if meaning is None or (meaning.split(";")[0] == " ".join(words)):
                continue
            parts = [read_words([*tokens(part), *rest]) for part in meaning.split(";")]
            if all(parts):
                return [one for part in parts for one in part]
    # the small words may stand before the verb: "slowly nod"
    small = [word for word in words if word in _SMALL]
    moved = [*(word for word in words if word not in _SMALL), *small]
    return read_words(moved) if small and moved != words else None


def _emotion(words: list[str]) -> list[Instruction] | None:
    """What "be", "look" and the like with an emotion mean: "look slightly sad"."""
    rest = [word for word in words if word not in _VERBS]
    strengths = [_INTENSITY[plain] for word in rest if (plain := ALIKE.get(word, word)) in _INTENSITY]
    named = [FEELINGS.get(word, word) for word in rest if ALIKE.get(word, word) not in _INTENSITY and word != "and"]
    if not named or any(name not in EMOTIONS for name in named) or len(set(named)) < len(named):
        return None
    share = strengths[0] if strengths else 1.0 if len(named) == 1 else 0.6
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

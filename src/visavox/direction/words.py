"""What words tell of an emotion: an English lexicon with negations and degrees, sentence by sentence.

Nothing is trained. "Not happy" is a little sad, and "not afraid" nothing much. In other languages there are no words to read, and
`read_words` says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from visavox.emotion import EMOTIONS
from visavox.io.assets import read_feeling_words

REACH = 3  # words after a negation that it turns
DEGREES = {"stronger": 1.5, "weaker": 0.6}
TURNED = {"happy": ("sad", 0.9), "sad": ("happy", 0.3)}  # what a negated word tells instead, and how strongly; others tell nothing
ENGLISH = 0.15  # share of the commonest words from which a text is taken for English
ENOUGH = 5  # words from which that can be told
EVIDENCE = 0.8  # nats for each word that tells an emotion
PHRASE = 1.2  # words that a phrase counts as
ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "er", "est", "y")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@dataclass(frozen=True)
class Sentence:
    """What is said from `start` to `end` in seconds."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, eq=False)
class WordsReading:
    """What the words of some `sentences` (N) tell: the `chances` (N, 8) of the EMOTIONS, the `telling` words, and whether they are
    `english`; where not, neutral is all they tell."""

    sentences: tuple[Sentence, ...]
    chances: np.ndarray
    telling: tuple[tuple[str, ...], ...]
    english: bool


def read_words(sentences: Sequence[Sentence]) -> WordsReading:
    """What the words of `sentences` tell, each by itself."""
    sentences = tuple(sentences)
    english = is_english(" ".join(sentence.text for sentence in sentences))
    chances, telling = np.zeros((len(sentences), len(EMOTIONS))), []
    for row, sentence in zip(chances, sentences, strict=True):
        scores, words = _scores(sentence.text) if english else ({}, ())
        evidence = EVIDENCE * np.array([scores.get(name, 0.0) for name in EMOTIONS])
        if sentence.text.rstrip().endswith("!"):
            evidence *= 1.3
        evidence[0] = 0.6  # without a word that tells otherwise nothing is felt
        row[:] = np.exp(2 * evidence) / np.exp(2 * evidence).sum()
        telling.append(words)
    return WordsReading(sentences, chances, tuple(telling), english)


def is_english(text: str) -> bool:
    """Whether a text is taken for English: it holds enough of English's commonest words, or too few words to tell."""
    words = _words(text)
    common = _lists()["common"]
    return len(words) < ENOUGH and text.isascii() or sum(word in common for word in words) >= ENGLISH * max(len(words), 1)


def _scores(text: str) -> tuple[dict[str, float], tuple[str, ...]]:
    """How strongly each emotion is told, by name, and the words that tell it."""
    lists, scores, telling = _lists(), {}, []
    words, phrases = _words(text), _phrases_in(text)
    for name, phrase in phrases:
        if name in EMOTIONS:
            scores[name] = scores.get(name, 0.0) + PHRASE
            telling.append(phrase)
    within = {word for _, phrase in phrases for word in phrase.split()}
    for place, word in enumerate(words):
        before = [other for other in words[max(place - REACH, 0) : place] if other not in within or other not in lists["negations"]]
        if word in within:
            continue
        factor = 1.0
        for kind, times in DEGREES.items():
            factor *= times if before and before[-1] in lists[kind] else 1.0
        for name in _emotions_of(word):
            shown, share = (name, 1.0)
            negated = [other for other in before if other in lists["negations"]]
            if negated:
                shown, share = TURNED.get(name, ("neutral", 0.3))
            scores[shown] = scores.get(shown, 0.0) + factor * share
            telling.append(f"{negated[-1]} ... {word}" if negated else word)
    return scores, tuple(dict.fromkeys(telling))


def _phrases_in(text: str) -> list[tuple[str, str]]:
    """The phrases that a text holds, each with the emotion that it tells, or "nothing"; of two within one another the longer."""
    text, found = f" {' '.join(_words(text))} ", []
    for name, phrase in sorted(_phrases(), key=lambda pair: -len(pair[1])):
        if f" {phrase} " in text:
            text = text.replace(f" {phrase} ", " | ")
            found.append((name, phrase))
    return found


def _emotions_of(word: str) -> list[str]:
    """The emotions that a word tells: by itself or by the stem that it has with a usual ending."""
    stems = {word.removesuffix(ending) for ending in ENDINGS}
    stems |= {stem + "e" for stem in stems} | {stem[:-1] for stem in stems if len(stem) > 3 and stem[-1] == stem[-2]}
    stems |= {stem[:-1] + "y" for stem in stems if stem.endswith("i")}
    whole = [name for name in EMOTIONS[1:] if word in _lists()[name]]
    if word in _lists()["common"]:
        return whole  # "did" is no form of "die"
    return whole or [name for name in EMOTIONS[1:] if any(len(stem) > 2 and stem in _lists()[name] for stem in stems)]


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in read_feeling_words().items() if isinstance(words, str)}


@cache
def _phrases() -> tuple[tuple[str, str], ...]:
    return tuple((name, phrase) for name, phrases in read_feeling_words()["phrases"].items() for phrase in phrases)

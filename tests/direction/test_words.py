"""What words tell: plain ones, negated ones, other languages."""

import numpy as np
import pytest

from visavox.direction.words import Sentence, is_english, read_words
from visavox.emotion import EMOTIONS


def told(text: str) -> tuple[str, float]:
    """The emotion that a sentence tells first, and its chance."""
    chances = read_words([Sentence(0, 1, text)]).chances[0]
    return EMOTIONS[int(chances.argmax())], float(chances.max())


@pytest.mark.parametrize(
    "text, emotion",
    [
        ("I am so happy that we won!", "happy"),
        ("She was loved and she laughed all day.", "happy"),
        ("We miss him, and we mourn his death.", "sad"),
        ("I am not happy with any of this.", "sad"),
        ("How I hate you, you liar!", "angry"),
        ("They were terrified, and I was scared of the dark.", "fearful"),
        ("It was the most disgusting smell, it stinks.", "disgusted"),
        ("Wow, I am astonished, that is unbelievable!", "surprised"),
        ("What a pathetic and worthless attempt.", "contemptuous"),
        ("The train leaves at nine from the second platform.", "neutral"),
        ("I am not afraid of you.", "neutral"),
        ("We did it and then he did the rest.", "neutral"),
        ("I can't stop smiling.", "happy"),
        ("How dare you go through my papers?", "angry"),
        ("I couldn't believe my eyes.", "surprised"),
    ],
)
def test_sentences(text, emotion):
    assert told(text)[0] == emotion


def test_degrees_and_negation():
    assert told("I am very happy")[1] > told("I am happy")[1] > told("I am slightly happy and I say so")[1]
    reading = read_words([Sentence(0, 1, "He is not happy.")])
    assert reading.telling == (("not ... happy",),)


@pytest.mark.parametrize(
    "text",
    [
        "Ich bin so glücklich, dass wir gewonnen haben",
        "Je suis très triste de partir ce soir",
        "我今天非常高兴见到你们大家",
        "Мне очень грустно сегодня вечером",
    ],
)
def test_other_languages_say_so(text):
    reading = read_words([Sentence(0, 1, text)])
    assert not reading.english and reading.telling == ((),) and np.argmax(reading.chances[0]) == 0


def test_english_is_english():
    assert is_english("Four score and seven years ago our fathers brought forth on this continent a new nation")
    assert is_english("Great!") and read_words([]).english

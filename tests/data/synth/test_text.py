"""Sentences: the same seed says the same, every language speaks in its own letters, and English uses the words of speech."""

from random import Random

import pytest

from visavox.data.synth.corpus import ESPEAK_LANGUAGES
from visavox.data.synth.engines import FESTIVAL_VOICES
from visavox.data.synth.text import languages, sentence


@pytest.mark.parametrize("language", languages())
def test_a_seed_says_the_same_and_another_something_else(language):
    said = [[sentence(language, random) for _ in range(20)] for random in (Random(1), Random(1), Random(2))]
    assert said[0] == said[1] and not set(said[0]) & set(said[2])
    assert len(set(said[0])) == 20


@pytest.mark.parametrize("language", languages())
def test_a_sentence_is_a_sentence(language):
    random = Random(3)
    for _ in range(100):
        words = sentence(language, random)
        assert words[-1] in ".?!" and words[0] == words[0].upper() and 3 <= len(words.split()) <= 40
        assert "{" not in words and "  " not in words and '"' not in words and "\n" not in words


SCRIPTS = {"ru": ("\u0400", "\u04ff"), "hi": ("\u0900", "\u097f"), "te": ("\u0c00", "\u0c7f")}


@pytest.mark.parametrize("language", languages())
def test_letters_belong_to_the_language(language):
    low, high = SCRIPTS.get(language, ("a", "\u024f"))
    letters = {letter for _ in range(50) for letter in sentence(language, Random(_)).lower() if letter not in " ,.?!'"}
    assert all(low <= letter <= high for letter in letters), sorted(letters)


def test_lips_have_work_in_every_language():
    """A fifth of the onsets are labial everywhere, so that closures and tucks are seen often."""
    labial = {"ru": "пбмфв", "hi": "पबमफभव", "te": "పబమఫభవ"}
    for language in languages():
        text = "".join(sentence(language, Random(seed)) for seed in range(60)).lower()
        share = sum(text.count(letter) for letter in labial.get(language, "pbmfvw")) / len(text)
        assert share > 0.06, language


def test_every_engine_has_sentences_for_its_voices():
    assert set(ESPEAK_LANGUAGES.values()) | {voice.language for voice in FESTIVAL_VOICES.values()} <= set(languages())

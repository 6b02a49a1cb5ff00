"""Mandarin of the tool that speaks made-up sentences."""

from random import Random

import pytest
from tools.mandarin import WORDS, sentences, spoken


@pytest.mark.parametrize(
    ("word", "symbols"),
    [("ma1ma5", "ma→ma"), ("shi2jian1", "ʂɨ↗ʨjɛn→"), ("xue2sheng5", "ɕɥe↗ʂəŋ"), ("yi1yuan4", "i→ɥɛn↘"), ("nv3er2", "ny↓ɚ↗")],
)
def test_pinyin_is_spelled_as_kokoro_hears_it(word, symbols):
    assert spoken(word) == symbols


def test_every_word_is_spelled_and_sentences_are_functions_of_their_seed():
    assert all(spoken(word) and not any(letter.isdigit() for letter in spoken(word)) for word in WORDS)
    assert sentences(Random(1)) == sentences(Random(1)) != sentences(Random(2))

"""The maps of phones: every result is a canonical phone, and the ones a face depends on are spelt out."""

import pytest

from visavox.data.synth import phones
from visavox.data.synth.phones import INDEX, NUCLEUS, PHONES, from_arpabet, from_espeak, from_festival, split_diphthongs


def test_42_phones_each_once():
    assert len(PHONES) == len(INDEX) == 42
    for group in (phones.BILABIALS, phones.LABIODENTALS, phones.OPEN_VOWELS, phones.ROUNDED, phones.SPREAD, phones.VOWELS):
        assert set(group) < set(PHONES)


@pytest.mark.parametrize(
    ("symbol", "said"),
    [
        ("AA1", "AA"), ("p", "P"), ("AY0", "AA IY"), ("ow", "OW UW"), ("pau", "SIL"), ("+NOISE+", "SIL"), ("<sil>", "SIL"), ("em", "M"),
        ("xyz", "Q"),
    ],
)  # fmt: skip
def test_arpabet(symbol, said):
    assert from_arpabet(symbol) == said.split()


@pytest.mark.parametrize(
    ("mnemonic", "said"),
    [
        ("p", "P"), ("b", "B"), ("m", "M"), ("m-", "M"), ("f", "F"), ("v", "V"), ("", "SIL"), ("_:", "SIL"), ("(en)", ""),
        ("aI", "AA IY"), ("eI", "EH IY"), ("tS", "CH"), ("u:", "UW"), ("y", "UE"), ("B", "BX"), ("W", "UE"), ("w", "W"), ("@", "AX"),
        ("p`", "P"), ("S", "SH"),
    ],
)  # fmt: skip
def test_espeak(mnemonic, said):
    assert from_espeak(mnemonic) == said.split()


@pytest.mark.parametrize(
    ("family", "symbol", "said"),
    [
        ("english", "ao1", "AO"), ("italian", "pp", "P"), ("italian", "a1", "AA"), ("italian", "ts", "T S"), ("finnish", "mm", "M"),
        ("finnish", "#", "SIL"), ("czech", "c~", "CH"), ("czech", "p", "P"), ("catalan", "ax", "AX"), ("russian", "pp", "P"),
        ("russian", "uu", "UW"), ("indic", "bh", "B"), ("indic", "v", "V"), ("indic", "pau", "SIL"),
    ],
)  # fmt: skip
def test_festival(family, symbol, said):
    assert from_festival(symbol, family) == said.split()


def test_every_table_leads_to_canonical_phones():
    tables = [phones.ARPABET, phones.VOWEL_LETTERS, phones.CONSONANTS, phones.ESPEAK, *phones.FESTIVAL.values()]
    said = {name for table in tables for names in table.values() for name in names.split()}
    assert said <= set(PHONES)


def test_diphthongs_share_the_time_and_leave_no_hole():
    made = split_diphthongs([(0.0, 0.2, ["P"]), (0.2, 0.4, ["AA", "IY"]), (0.4, 0.5, []), (0.5, 0.8, ["T", "S", "K"])])
    assert [name for *_, name in made] == ["P", "AA", "IY", "T", "S", "K"]
    assert made[1] == (0.2, pytest.approx(0.2 + 0.2 * NUCLEUS), "AA")
    assert made[2][1] == 0.5  # what has no phone of its own belongs to the one before
    assert all(one[1] == pytest.approx(two[0]) for one, two in zip(made, made[1:], strict=False))


def test_what_lasts_no_time_is_dropped():
    assert split_diphthongs([(0.0, 0.1, ["P"]), (0.1, 0.1, ["B"]), (0.1, 0.2, ["M"])]) == [(0.0, 0.1, "P"), (0.1, 0.2, "M")]
    assert split_diphthongs([(0.0, 0.1, [])]) == []

"""The 42 canonical phones, and the maps from the alphabets of aligners and speech engines onto them.

A phone is (start, end, name) in seconds. Names follow ARPABET without stress, with five additions: UE the front rounded
vowel of French "tu", BX the half-closed bilabial of Spanish "haba", DX the flap, Q the glottal stop, SIL silence.
Diphthongs are split where the mouth is (58 % nucleus, 42 % glide), because the lips make two shapes.
"""

import re

PHONES = (
    "SIL", "AA", "AE", "AH", "AO", "EH", "EY", "IH", "IY", "OW", "UH", "UW", "UE", "ER", "AX",
    "P", "B", "M", "BX", "F", "V", "W", "R", "SH", "ZH", "CH", "JH", "S", "Z", "T", "D", "N", "DX",
    "TH", "DH", "L", "K", "G", "NG", "Y", "HH", "Q",
)  # fmt: skip
INDEX = {phone: position for position, phone in enumerate(PHONES)}
BILABIALS = ("P", "B", "M")
LABIODENTALS = ("F", "V")
OPEN_VOWELS = ("AA", "AE", "AO", "AH", "EH")
ROUNDED = ("UW", "OW", "W", "UH")
SPREAD = ("IY", "IH", "EH", "AE")
VOWELS = PHONES[1:15]
NUCLEUS = 0.58  # share of a diphthong's time given to its first vowel

Phone = tuple[float, float, str]

ARPABET = {
    "ay": "AA IY", "aw": "AA UW", "oy": "AO IY", "ey": "EH IY", "ow": "OW UW", "axr": "ER", "hv": "HH", "el": "AX L",
    "em": "M", "en": "AX N", "nx": "N", "pau": "SIL", "h#": "SIL", "brth": "SIL", "sil": "SIL", "ssil": "SIL",
}  # fmt: skip
VOWEL_LETTERS = {
    "a": "AA", "A": "AA", "E": "EH", "e": "EY", "i": "IY", "I": "IH", "o": "OW", "O": "AO", "u": "UW", "U": "UH",
    "y": "UE", "Y": "UE", "@": "AX", "V": "AH", "3": "ER", "0": "AO", "&": "AE", "8": "UH",
}  # fmt: skip
CONSONANTS = {
    "h": "HH", "j": "Y", "?": "Q", "x": "HH", "C": "SH", "N": "NG", "T": "TH", "D": "DH", "S": "SH", "Z": "ZH",
    "B": "BX", "Q": "K", "R": "K", "W": "UE", "w": "W", "c": "K", "J": "Y", "L": "L", "X": "HH",
}  # fmt: skip
ESPEAK = {
    "aI": "AA IY", "eI": "EH IY", "OI": "AO IY", "aU": "AA UW", "oU": "OW UW", "tS": "CH", "dZ": "JH", "O@": "AO ER",
    "A@": "AA ER", "e@": "EH ER", "i@": "IY ER", "U@": "UH ER", "I@": "IY AX", "@L": "AX L", "a#": "AX", "I2": "IH",
    "n-": "AX N", "r-": "R", "ts": "T S", "pF": "P F", "t#": "DX", "n^": "N", "l^": "L", "**": "DX", "*": "DX",
}  # fmt: skip
# Festival's other languages, each voice family with its own alphabet; what is absent falls through to the letters above.
FESTIVAL = {
    "italian": {"ts": "T S", "dz": "D Z", "LL": "L", "JJ": "N", "SS": "SH", "L": "L", "J": "N", "j": "Y", "w": "W"},
    "finnish": {"@": "AE", "A": "AE", "#": "SIL", "##": "SIL", "7": "ER", "N": "NG", "h": "HH", "j": "Y", "ae": "AE", "oe": "UE"},
    "czech": {
        "ch": "HH", "c": "T S", "c~": "CH", "s~": "SH", "z~": "ZH", "r~": "ZH", "R~": "SH", "d~": "D", "t~": "T", "n~": "N",
        "_": "Q", "h": "HH", "N*": "NG", "dz": "D Z", "dz~": "JH", "j": "Y", "o": "AO", "e": "EH",
    },
    "catalan": {"ax": "AX", "rr": "R", "L": "L", "J": "N", "S": "SH", "Z": "ZH", "pau": "SIL", "uw": "W", "w": "W", "y": "Y"},
    "russian": {
        "aa": "AA", "a": "AH", "ae": "AH", "ay": "IH", "ee": "EH", "e": "EH", "ii": "IY", "i": "IY", "oo": "AO", "o": "AO",
        "uu": "UW", "u": "UH", "yy": "IH", "y": "IH", "sh": "SH", "zh": "ZH", "sch": "SH", "ch": "CH", "c": "T S",
        "j": "Y", "h": "HH", "pau": "SIL",
    },
    "indic": {
        "a": "AH", "aa": "AA", "i": "IH", "ii": "IY", "iy": "IY", "ih": "IH", "u": "UH", "uh": "UH", "uw": "UW", "uu": "UW",
        "ee": "EY", "e": "EH", "eh": "EH", "ay": "EH", "oo": "OW", "o": "OW", "oh": "OW", "aw": "AO", "rx": "R", "pau": "SIL",
        "yy": "Y", "y": "Y", "h": "HH", "c": "CH", "ch": "CH", "j": "JH", "sh": "SH", "v": "V", "w": "W", "tx": "T", "dx": "D",
        "nx": "N", "lx": "L", "ng": "NG", "nj": "N", "ph": "P", "bh": "B", "th": "T", "dh": "D", "kh": "K", "gh": "G",
        "thx": "T", "dhx": "D", "hq": "HH", "f": "F", "z": "Z", "jh": "JH",
    },
}  # fmt: skip


def from_arpabet(symbol: str) -> list[str]:
    """The canonical phones of an ARPABET symbol, stress and case ignored; unknown symbols give a short glottal stop."""
    name = re.sub(r"\d", "", symbol).lower()
    if name.startswith(("+", "<")):
        return ["SIL"]
    if name in ARPABET:
        return ARPABET[name].split()
    return [name.upper()] if name.upper() in INDEX else ["Q"]


def from_espeak(mnemonic: str) -> list[str]:
    """The canonical phones of an espeak-ng mnemonic (Kirshenbaum-like); empty for language-switch marks."""
    if mnemonic == "" or mnemonic.startswith("_"):
        return ["SIL"]
    if mnemonic.startswith("("):
        return []
    mnemonic = mnemonic.rstrip("'|!")
    plain = re.sub(r"[:~#`;^\-\"]", "", mnemonic)
    for form in (mnemonic, plain):
        if form in ESPEAK:
            return ESPEAK[form].split()
    if len(plain) == 2 and plain[0] in VOWEL_LETTERS and plain[1] in VOWEL_LETTERS:
        return [VOWEL_LETTERS[plain[0]], VOWEL_LETTERS[plain[1]]]
    if plain[:2] in ("tS", "dZ"):
        return ESPEAK[plain[:2]].split()
    return _from_letter(plain[:1])


def from_festival(symbol: str, family: str) -> list[str]:
    """The canonical phones of a festival segment name; `family` is "english" or a language family of this table."""
    if family == "english":
        return from_arpabet(symbol)
    if symbol in ("#", "##", "pau", "sil", "_#"):
        return ["SIL"]
    table = FESTIVAL[family]
    plain = re.sub(r"[0-9:]+$", "", symbol)
    for form in (symbol, plain, plain[:-1] if len(plain) == 2 and plain[0] == plain[1] else plain):
        if form in table:
            return table[form].split()
    if len(plain) == 2 and plain[0] == plain[1]:  # doubled letters mark length or palatalisation
        plain = plain[0]
    return _from_letter(plain[:1])


def _from_letter(letter: str) -> list[str]:
    if letter in VOWEL_LETTERS:
        return [VOWEL_LETTERS[letter]]
    if letter and letter in "pbmtdnkglrsvfz":
        return [letter.upper()]
    return [CONSONANTS.get(letter, "AX")]


def split_diphthongs(segments) -> list[Phone]:
    """One (start, end, phone) for each canonical phone of segments (start, end, [phones]); an empty list extends its predecessor."""
    phones: list[list] = []
    for start, end, names in segments:
        if not names:
            if phones:
                phones[-1][1] = end
            continue
        shares = [1.0] if len(names) == 1 else [NUCLEUS, 1 - NUCLEUS] if len(names) == 2 else [1 / len(names)] * len(names)
        time = start
        for name, share in zip(names, shares, strict=True):
            phones.append([time, time + share * (end - start), name])
            time = phones[-1][1]
    return [(round(a, 4), round(b, 4), name) for a, b, name in phones if b - a > 1e-4]

"""What a face shape of someone else's character means: its name, in any usual spelling, as a sum of our channels.

A name is a sequence of words. The longest known spelling at its end counts (`spellings.py`); prefixes such as a mesh's name fall away,
and so do numbers and words like Shape behind it. A meaning is {channel of ARKIT or of VISEME_RIG: gain}.
"""

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

from visavox.rigs.retargeting.spellings import CREATOR_3, LONE, SIDES, Meaning, Shown, japanese, table

_SIDE_WORDS = {"l": "left", "r": "right", "lft": "left", "rgt": "right", "lf": "left", "rt": "right", "lt": "left"}
_BEHIND = re.compile(
    r"\d+|div\d*|shapes?|mesh|geo|geometry|bs|blend|blendshapes?|morphs?|morpher|targets?|keys?|shapekeys?|copy|model|obj|base\d*"
)
_GLUED = re.compile(r"^(ctrlexpressions|expressions|blendshapes?\d*|arkit|face|head|bs|fac|facsbs|a\d\d|ccbasebody)+")
_NEUTRAL = re.compile(  # what may stand before a lone vowel
    r"\d+|[a-z]\d+|v?rm|fcl|mth|m|face|head|body|mouth|blend|shapes?\d*|blendshapes?\d*|bs|arkit|expressions?|vrc|wolf3d|genesis\d*"
)
_CREATOR = re.compile(r"\d+|cc\d*|base|body|game|head")  # the same, before one of Character Creator 3's
_JAPANESE = re.compile(r"[^\x00-\x7f]+(?:\d[^\x00-\x7f]*)?")
_PARTS = {
    "eye", "eyes", "brow", "brows", "eyebrow", "mouth", "lip", "lips", "jaw", "cheek", "cheeks", "nose", "tongue", "lid", "lids", "eyelid",
    "chin", "teeth", "tooth", "ear", "ears", "hair", "lash", "lashes", "eyelash", "eyelashes", "pupil", "iris", "neck", "hand", "tail",
}  # fmt: skip
_CORRECTIONS = {  # in front of a name these say that the shape is another one's helper, or its opposite
    "cbs", "jcm", "pjcm", "mcm", "corrective", "correctives", "corr", "combo", "fix", "no", "not", "un", "anti", "inverse", "neg",
    "negative", "minus", "without",
}  # fmt: skip
_LONGEST, _MOST_WORDS = 200, 16  # characters and words at the end of a name that are looked at


def meaning(name: str) -> Meaning | None:
    """What a shape called `name` shows, as gains on our channels; None when no spelling fits."""
    found = understood(name)
    return dict(found[0].gains) if found else None


@lru_cache(maxsize=10000)
def understood(name: str) -> tuple[Shown, int] | None:
    """What the spelling at the end of `name` stands for, and how many words were left out to find it; None when no spelling fits."""
    if not name.isascii():
        runs = _JAPANESE.findall(unicodedata.normalize("NFKC", name[-_LONGEST:]))
        if runs and runs[-1] in japanese():
            return japanese()[runs[-1]], len(runs) - 1
    every = _words(name[-_LONGEST:])[-_MOST_WORDS:]
    words = list(every)
    while len(words) > 1 and _BEHIND.fullmatch(words[-1]) and not _spelled(words):
        words.pop()
    for start in range(len(words)):
        found = _at_the_end(words[:start], words[start:])
        if found:
            return found, len(every) - len(words) + start
    joined = "".join(words)
    bare = _GLUED.sub("", joined)
    found = _spelled([bare]) if bare and bare not in LONE else None
    return (found, len(every)) if found else None


def _at_the_end(before: list[str], words: list[str]) -> Shown | None:
    """What `words` stand for at the end of a name in which `before` comes first."""
    found = _spelled(words)
    sides = {word for word in before if word in SIDES}
    if len(sides) == 1 and not set(words) & set(SIDES):  # L_Face_eyeBlink
        found = _spelled([*words, *sides]) or found
    if not found or not before:
        return found
    if (joined := "".join(words)) in LONE:
        neutral = _CREATOR if joined in CREATOR_3 else _NEUTRAL
        return found if all(map(neutral.fullmatch, before)) else None
    if before[-1] in _PARTS and words[0] not in _PARTS:  # eye_smile is no smile
        return None
    combined = any("".join(before[start:]) not in LONE and _spelled(before[start:]) for start in range(len(before)))
    return None if combined or set(before) & _CORRECTIONS else found


def _spelled(words: list[str]) -> Shown | None:
    """What exactly these words stand for: as they are, with a side letter at the end, or with a number there."""
    plain = _plain(words)
    found = table().get(plain)
    if found:
        return found
    for spelled in (plain, plain.rstrip("0123456789")):
        sided = re.sub("[lr]$", lambda letter: _SIDE_WORDS[letter[0]], spelled)
        if spelled not in LONE and (spelled in table() or sided in table()):
            found = table().get(spelled) or table()[sided]
            return found if spelled == plain else replace(found, own=False)
    return None


def _plain(words: list[str]) -> str:
    """The words as one, a single side last: Eye_Blink_L and leftEyeBlink are the same."""
    sides = [word for word in words if word in SIDES]
    if len(sides) == 1 and words != sides:
        words = [word for word in words if word not in sides] + sides
    return "".join(words)


def _words(name: str) -> list[str]:
    """The words of a name in lower case, sides written out; an action unit is one word, without a leading zero."""
    name = re.sub(r"(?<![A-Za-z])e?CTRL(?=v?[A-Z])", "ctrl ", name)  # eCTRLMouthOpen, eCTRLvAA
    name = re.sub(r"\bv(?=[A-Z]{1,2}\b)", "v ", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", re.sub(r"([A-Z])([A-Z][a-z])", r"\1 \2", name))
    name = re.sub(r"[^a-z0-9]+", " ", name.lower())
    name = re.sub(r"\bau ?0*(?=\d)", "au", name)
    return [_SIDE_WORDS.get(word, word) for word in name.split()]

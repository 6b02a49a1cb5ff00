"""GRID (Cooke and others, J. Acoust. Soc. Am. 2006): six words a sentence, spelled by the name of its file.

Facts about the names: `s1/bbaf2n.mpg`, also below `video/mpg_6000`, and `s1/bbaf2n.wav` below `audio_25k`: a folder for each speaker,
then one letter for each word: command, colour, preposition, letter, digit, adverb.
"""

import re
from pathlib import Path

from visavox.data.naming.labels import Labels, Naming

COMMANDS = {"b": "bin", "l": "lay", "p": "place", "s": "set"}
COLOURS = {"b": "blue", "g": "green", "r": "red", "w": "white"}
PREPOSITIONS = {"a": "at", "b": "by", "i": "in", "w": "with"}
DIGITS = dict(zip("z123456789", "zero one two three four five six seven eight nine".split(), strict=True))
ADVERBS = {"a": "again", "n": "now", "p": "please", "s": "soon"}
NAMED = re.compile(r"([blps])([bgrw])([abiw])([a-vx-z])([z1-9])([anps])", re.ASCII)
SPEAKER = re.compile(r"s([1-9]|[12]\d|3[0-4])", re.ASCII)


def _of(path: Path) -> Labels | None:
    found = NAMED.fullmatch(path.stem)
    speaker = next((part for part in reversed(path.parts[:-1]) if SPEAKER.fullmatch(part)), None)
    if not found or speaker is None:
        return None
    command, colour, preposition, letter, digit, adverb = found.groups()
    words = (COMMANDS[command], COLOURS[colour], PREPOSITIONS[preposition], letter, DIGITS[digit], ADVERBS[adverb])
    return Labels(speaker, "", "en", " ".join(words))


GRID = Naming("GRID", "speaker and what is said", "CC BY 4.0", _of)

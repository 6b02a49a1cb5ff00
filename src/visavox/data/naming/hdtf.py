"""HDTF (Zhang and others, CVPR 2021), as its lists name the films that one fetches: the person, then the number of the piece.

Facts about the names: `RD_Radio12_000.mp4`, `WDA_JoeNeguse_001.mp4`, `WRA_JohnThune1_002.mp4`: the list, the film in it, the piece. People
of the second and third list come with their names, which a number may follow when there are several films of them.
"""

import re
from pathlib import Path

from visavox.data.naming.labels import Labels, Naming

NAMED = re.compile(r"(RD|WDA|WRA)_(\w+?)_(\d{1,3})", re.ASCII)
ANONYMOUS = "RD"  # of these only the film is known


def _of(path: Path) -> Labels | None:
    found = NAMED.fullmatch(path.stem)
    if not found:
        return None
    kind, film, _ = found.groups()
    person = film if kind == ANONYMOUS else film.rstrip("0123456789") or film
    return Labels(person, "", "en")


HDTF = Naming("HDTF", "speaker", "", _of)

"""BIWI's audiovisual corpus of affective communication (Fanelli and others, IEEE Trans. Multimedia 2010): 40 sentences by 14 people, twice.

Facts about the names: `wav/F1_01.wav`, `wav/F1_e01.wav`: the person, then the sentence, with an e where it was spoken with feeling. The
meshes beside them have a topology of their own, for which there is no rig: their motion is not read.
"""

import re
from pathlib import Path

from visavox.data.naming.labels import Labels, Naming

NAMED = re.compile(r"([FM][1-8])_(e?)(\d{2})(?:_cut)?", re.ASCII)


def _of(path: Path) -> Labels | None:
    found = NAMED.fullmatch(path.stem)
    if not found:
        return None
    person, feeling, _ = found.groups()
    return Labels(person, "emotional" if feeling else "neutral", "en")


BIWI = Naming("BIWI", "speaker and whether with feeling; its meshes are of no rig, so sound alone", "", _of)

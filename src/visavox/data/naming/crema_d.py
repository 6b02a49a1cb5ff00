"""CREMA-D (Cao and others, IEEE Trans. Affective Computing 2014): twelve sentences by 91 actors in six emotions.

Facts about the names: `VideoFlash/1001_DFA_ANG_XX.flv`, and the same name in `AudioWAV` as .wav: actor, sentence, emotion, level (LO, MD,
HI, XX where none was asked for).
"""

import re
from pathlib import Path

from visavox.data.naming.labels import Labels, Naming, style_of

EMOTIONS = {"ANG": "angry", "DIS": "disgusted", "FEA": "fearful", "HAP": "happy", "NEU": "neutral", "SAD": "sad"}
LEVELS = {"LO": "low", "MD": "medium", "HI": "high", "XX": "", "X": ""}  # one file of the corpus is called X
SENTENCES = {
    "IEO": "It's eleven o'clock", "TIE": "That is exactly what happened", "IOM": "I'm on my way to the meeting",
    "IWW": "I wonder what this is about", "TAI": "The airplane is almost full", "MTI": "Maybe tomorrow it will be cold",
    "IWL": "I would like a new alarm clock", "ITH": "I think I have a doctor's appointment", "DFA": "Don't forget a jacket",
    "ITS": "I think I've seen this before", "TSI": "The surface is slick", "WSI": "We'll stop in a couple of minutes",
}  # fmt: skip
NAMED = re.compile(rf"(1\d{{3}})_({'|'.join(SENTENCES)})_({'|'.join(EMOTIONS)})_({'|'.join(LEVELS)})", re.ASCII)


def _of(path: Path) -> Labels | None:
    found = NAMED.fullmatch(path.stem)
    if not found:
        return None
    actor, sentence, emotion, level = found.groups()
    sound = path.parent.parent / "AudioWAV" / f"{path.stem}.wav"
    return Labels(actor, style_of(EMOTIONS[emotion], LEVELS[level]), "en", SENTENCES[sentence], sound)


CREMA_D = Naming("CREMA-D", "speaker, emotion and its level, and what is said", "ODbL 1.0", _of)

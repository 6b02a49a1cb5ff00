"""RAVDESS (Livingstone and Russo, PLoS ONE 2018): two sentences by 24 actors, spoken and sung in eight emotions.

Facts about the names: `Actor_12/01-01-06-01-02-01-12.mp4`: what it holds (01 picture and sound, 02 picture, 03 sound), voice (01 speech, 02
song), emotion, how strong (01 normal, 02 strong), sentence, repetition, actor. The picture alone lies beside the film with sound, and is
the same.
"""

import re
from pathlib import Path

from visavox.data.naming.labels import Labels, Naming, style_of

EMOTIONS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgusted", "surprised")
STRENGTHS = ("normal", "strong")
SENTENCES = ("Kids are talking by the door", "Dogs are sitting by the door")
NAMED = re.compile(r"(0[123])-(0[12])-(0[1-8])-(0[12])-(0[12])-(0[12])-([01]\d|2[0-4])", re.ASCII)
FILM, PICTURE, SOUND, SONG = "01", "02", "03", "02"


def _of(path: Path) -> Labels | None:
    found = NAMED.fullmatch(path.stem)
    if not found:
        return None
    holds, voice, emotion, strength, sentence, _, actor = found.groups()
    style = style_of(EMOTIONS[int(emotion) - 1], STRENGTHS[int(strength) - 1])
    rest = path.stem[2:]
    sound = path.with_name(f"{SOUND}{rest}.wav") if holds == PICTURE else None
    better = None if holds == FILM else path.with_name(f"{FILM}{rest}.mp4")
    performed = f"sung, {style}" if voice == SONG else style
    return Labels(f"Actor_{actor}", performed, "en", SENTENCES[int(sentence) - 1], sound, better)


RAVDESS = Naming("RAVDESS", "speaker, emotion and its strength, and what is said", "CC BY-NC-SA 4.0", _of)

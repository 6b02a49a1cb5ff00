"""Films of text, and what stands for tracking them: their first word says what they are."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from visavox.audio import Audio
from visavox.data.clip import Clip, cut_name
from visavox.data.measures import Measures
from visavox.errors import FileError
from visavox.motion import Motion
from visavox.prepare.duplicates import fingerprint
from visavox.prepare.film import Dropped, Prepared
from visavox.prepare.work import Settings
from visavox.rigs.arkit import ARKIT

TERMS = ("CC0-1.0", "my own face", "tests")
SECONDS = 4.0


def film_of(source, digest: str, tools, cutting, limits) -> Prepared:
    """Stands for tracking: the text of a film is the seed of its sound, "broken" no film, "far" one that is dropped."""
    said = source.path.read_text().split()[0]
    made = Prepared(digest, SECONDS, pictures={"kept": np.zeros((4, 4, 3), np.uint8)})
    if said == "broken":
        raise FileError(f"{source.path} is broken; give another")
    if said == "odd":
        raise ZeroDivisionError("division by zero")
    if said == "far":
        made.dropped.append(Dropped((0.0, SECONDS), "small face", "the face is 9 pixels wide"))
        return made
    random, frames = np.random.default_rng(int(said)), round(SECONDS * 25)
    sound = 0.1 * random.normal(size=round(SECONDS * 16000)) * np.repeat(random.random(100), 640)
    audio = Audio(sound.astype(np.float32), 16000)
    gap = random.random(frames).astype(np.float32)
    motion = Motion(np.zeros((frames, len(ARKIT))), 25.0, ARKIT)
    measures = Measures(gap, gap, np.ones(frames, bool), 25.0)
    name = cut_name(source.speaker, digest, 0)
    clip = Clip(name, audio, source.speaker, source.source, source.licence, motion=motion, measures=measures)
    made.clips = [replace(clip, consent=source.consent)]
    made.prints = [fingerprint(audio)]
    return made


def settings(films: list[Path]) -> Settings:
    return Settings(str(films[0].parents[1] / "model.task"))

"""Sounds whose names tell who speaks and how, as corpora name them (`visavox.data.naming`)."""

from collections.abc import Iterator
from pathlib import Path

from visavox.data.clip import Clip
from visavox.data.naming import chosen
from visavox.data.naming.labels import Labels, Naming
from visavox.data.readers.transcribed import sounds_of
from visavox.io.audio import read_audio


def read_named(folder: Path, naming: Naming, source: str, licence: str) -> Iterator[Clip]:
    """The clips of the sounds of a folder with what `naming` tells of each: speaker, style, language and text; a sound that is named
    otherwise is spoken by the name of its folder. `licence` counts where the corpus states none."""
    used, _ = chosen(sounds_of(folder), naming)
    for path, found in used:
        labels = found or Labels(path.parent.name)
        name = path.relative_to(folder).with_suffix("").as_posix().replace("/", "_")
        words = {"style": labels.style, "language": labels.language, "transcript": labels.text or None}
        yield Clip(name, read_audio(path), labels.speaker, source, naming.licence or licence, **words)

"""Recordings with their text: LJSpeech's metadata.csv, sphinx transcription files, and text files beside sounds."""

import re
from pathlib import Path

from visavox.data.clip import Clip
from visavox.data.readers.tracked import SOUNDS
from visavox.data.readers.who import UNSTATED, terms_of
from visavox.errors import FileError
from visavox.io.audio import read_audio
from visavox.io.documents import read_text


def read_ljspeech(folder: Path, source: str, licence: str, texts: dict[str, str] | None = None):
    """The clips of a folder of sounds with `metadata.csv` lines "file|text|spelled out text|speaker" (or LJSpeech's
    "id|...").

    The spelled out text is the transcript. Sounds without a line are looked up in `texts` (clip name -> text), or
    have no transcript.
    """
    folder, transcripts = Path(folder), dict(texts or {})
    if not (folder / "metadata.csv").is_file():
        raise FileError(f"{folder / 'metadata.csv'} does not exist; give a folder of sounds whose texts are listed there")
    for line in read_text(folder / "metadata.csv").splitlines():
        fields = line.split("|")
        if len(fields) >= 2:
            transcripts[Path(fields[0]).stem] = fields[2] if len(fields) > 2 and fields[2] else fields[1]
    yield from _clips(folder, transcripts, source, licence)


def read_transcribed(folder: Path, source: str, licence: str, texts: dict[str, str] | None = None):
    """The clips of a folder of sounds whose text stands in `NAME.txt` or in lines "<s> text </s> (NAME)" of
    `*transcription.txt`.

    Sounds without text are looked up in `texts` (clip name -> text), or have no transcript.
    """
    folder, transcripts = Path(folder), dict(texts or {})
    for path in sorted(folder.glob("*.txt")):
        text = read_text(path)
        if path.name.lower().endswith("transcription.txt"):
            transcripts.update({name: words for words, name in re.findall(r"<s>\s*(.*?)\s*</s>\s*\((\S+)\)", text)})
        else:
            transcripts[path.stem] = text.strip()
    yield from _clips(folder, transcripts, source, licence)


def read_sounds(folder: Path, source: str = "", licence: str = UNSTATED):
    """The clips of a folder of sounds, files in folders below it included, of which nothing but the sound is known, and the source and the
    licence that its `meta.json` may state."""
    yield from _clips(Path(folder), {}, *terms_of(folder, source, licence))


def sounds_of(folder: Path) -> list[Path]:
    """The sounds in a folder and those below it, in order, one for each name: the preferred kind of it."""
    if not folder.is_dir():
        raise FileError(f"{folder} is not a folder; give a folder of recordings")
    paths = [path for path in folder.rglob("*") if path.suffix.lower() in SOUNDS]
    paths.sort(key=lambda path: SOUNDS.index(path.suffix.lower()), reverse=True)
    preferred = {path.with_suffix(""): path for path in paths}  # the sound of a silent video lies beside it under the same name
    return sorted(preferred.values())


def _clips(folder: Path, transcripts: dict[str, str], source: str, licence: str):
    for path in sounds_of(folder):
        yield Clip(path.stem, read_audio(path), path.parent.name, source, licence, transcript=transcripts.get(path.stem))

"""Clips of the GRID corpus: short commands with word times, and the speaker's tracked face.

Source: Cooke, Barker, Cunningham and Shao, "An audio-visual corpus for speech perception and automatic speech
recognition", J. Acoust. Soc. Am. 120 (2006); CC BY 4.0.
"""

from pathlib import Path

from visavox.data.clip import Clip, common_part
from visavox.data.material.spans import read_spans
from visavox.data.readers.tracked import find_sound, read_track, rest_rotation
from visavox.errors import FileError
from visavox.io.audio import read_audio

SOURCE = "GRID corpus (Cooke et al. 2006)"
LICENCE = "CC BY 4.0"
PAUSES = ("sil", "sp")


def read_grid(folder: Path, limit: int | None = None, motion: bool = True):
    """The clips of a folder with `words.jsonl`, `audio/` and `motion/`; the transcript is the words without pauses.

    Head rotations are relative to the speaker's mean over the whole folder. With `motion` false only sound and words
    are read.
    """
    folder = Path(folder)
    words = read_words(folder / "words.jsonl")
    tracks = {path.stem: path for path in sorted((folder / "motion").glob("*.npz"))} if motion else {}
    rest = rest_rotation(tracks.values()) if tracks else None
    for name in sorted(words)[:limit]:
        audio, moved, measures = read_audio(find_sound(folder, name)), None, None
        if name in tracks:
            moved, measures = read_track(tracks[name], rest)
            audio, moved, measures = common_part(audio, 0.0, moved, measures)
        sentence = " ".join(word for _, _, word in words[name] if word not in PAUSES)
        yield Clip(name, audio, folder.name, SOURCE, LICENCE, motion=moved, measures=measures, transcript=sentence)


def read_words(path: Path) -> dict[str, list[tuple[float, float, str]]]:
    """The words of each clip, (start, end, word) in seconds, pauses as "sil" and "sp", from JSON lines {"clip",
    "words"}.
    """
    if not Path(path).is_file():
        raise FileError(f"{path} does not exist; give a folder of GRID clips, which has the words of its clips there")
    return {name: spans for name, spans in read_spans(path, "words", "mend that line")}

"""Clips of the GRID corpus: short commands with word times, and the speaker's tracked face.

Source: Cooke, Barker, Cunningham and Shao, "An audio-visual corpus for speech perception and automatic speech
recognition", J. Acoust. Soc. Am. 120 (2006); CC BY 4.0.
"""

from pathlib import Path

from visavox.data.clip import Clip, common_part
from visavox.data.material.spans import read_spans
from visavox.data.readers.tracked import find_sound, read_track, rest_rotation
from visavox.data.readers.who import speaker_of
from visavox.errors import FileError
from visavox.io.audio import read_audio

SOURCE = "GRID corpus (Cooke et al. 2006)"
LICENCE = "CC BY 4.0"
PAUSES = ("sil", "sp")


def read_grid(folder: Path, limit: int | None = None, motion: bool = True):
    """The clips of a folder with `words.jsonl`, `audio/` and `motion/`; the transcript is the words without pauses, and a track without
    words has none.

    The speaker is whom `meta.json` or the names of the clips tell, else the folder's name. Head rotations are relative to the speaker's
    mean over the whole folder. With `motion` false only sound and words are read.
    """
    folder = Path(folder)
    words, speaker_in = read_words(folder / "words.jsonl"), speaker_of(folder)
    tracks = {path.stem: path for path in sorted((folder / "motion").glob("*.npz"))} if motion else {}
    chosen = sorted(words.keys() | tracks.keys())[:limit]
    speakers = {name: speaker_in(name) or folder.name for name in words.keys() | tracks.keys()}
    seen = {who: [path for name, path in tracks.items() if speakers[name] == who] for who in set(speakers.values())}
    rests = {who: rest_rotation(paths) for who, paths in seen.items() if paths}
    for name in chosen:
        audio, moved, measures = read_audio(find_sound(folder, name)), None, None
        if name in tracks:
            moved, measures = read_track(tracks[name], rests[speakers[name]])
            audio, moved, measures = common_part(audio, 0.0, moved, measures)
        sentence = " ".join(word for _, _, word in words[name] if word not in PAUSES) if name in words else None
        yield Clip(name, audio, speakers[name], SOURCE, LICENCE, motion=moved, measures=measures, transcript=sentence)


def read_words(path: Path) -> dict[str, list[tuple[float, float, str]]]:
    """The words of each clip, (start, end, word) in seconds, pauses as "sil" and "sp", from JSON lines {"clip",
    "words"}.
    """
    if not Path(path).is_file():
        raise FileError(f"{path} does not exist; give a folder of GRID clips, which has the words of its clips there")
    return {name: spans for name, spans in read_spans(path, "words", "mend that line")}

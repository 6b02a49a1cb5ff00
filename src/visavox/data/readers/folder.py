"""A folder of recordings, whatever it holds: the reader is chosen by the files that lie in it."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from visavox.data.clip import Clip
from visavox.data.material.phone_alignment import align, read_phones
from visavox.data.readers.facegood import read_facegood
from visavox.data.readers.grid import read_grid
from visavox.data.readers.live_link import read_live_link, takes
from visavox.data.readers.motion_files import motion_files, read_motion_files
from visavox.data.readers.tracked import read_tracked
from visavox.data.readers.transcribed import read_ljspeech, read_sounds, read_transcribed
from visavox.errors import DependencyError, FileError

PHONES = "phones.jsonl"


def read_folder(
    folder: Path, source: str = "", licence: str = "unstated", limit: int | None = None, report=lambda line: None
) -> list[Clip]:
    """The clips of `folder`, at most `limit` of them, with everything that is known of each.

    words.jsonl makes it a GRID folder, bs_name.json a FACEGOOD one, a motion file of Visavox
    one of these, motion/ one of tracked faces, a CSV of Live
    Link Face one of its takes, metadata.csv or *.txt one of recordings with text; else its sounds are all that is
    read. Phones come from phones.jsonl beside them, else from aligning the text where there is one; a clip that cannot
    be aligned is told to `report` and keeps no phones. `source` and `licence` are used where the folder's kind does not
    say them. A FileError when nothing is found.
    """
    clips = list(islice(clips_of(folder, source, licence), limit))
    if not clips:
        raise FileError(f"{folder} holds no recording that can be read; give a folder with sounds (flac, wav, mp3, ogg, m4a, mp4)")
    return [clip if clip.phones is not None else _aligned(clip, report) for clip in clips]


def clips_of(folder: Path, source: str = "", licence: str = "unstated") -> Iterator[Clip]:
    """The clips of `folder` one after the other, chosen as for `read_folder`; phones from phones.jsonl, none aligned."""
    folder = Path(folder)
    if not folder.is_dir():
        raise FileError(f"{folder} is not a folder; give a folder of recordings")
    known = read_phones(folder / PHONES) if (folder / PHONES).exists() else {}
    for clip in _clips(folder, source or folder.name, licence):
        yield clip.with_phones(known[clip.name]) if clip.phones is None and clip.name in known else clip


def _clips(folder: Path, source: str, licence: str) -> Iterator[Clip]:
    if (folder / "words.jsonl").exists():
        return read_grid(folder)
    if (folder / "bs_name.json").exists():
        return read_facegood(folder)
    if motion_files(folder):
        return read_motion_files(folder, source, licence)
    if (folder / "motion").is_dir():
        return read_tracked(folder, source, licence)
    if takes(folder):
        return read_live_link(folder, source, licence)
    if (folder / "metadata.csv").exists():
        return read_ljspeech(folder, source, licence)
    if any(folder.glob("*.txt")):
        return read_transcribed(folder, source, licence)
    return read_sounds(folder, source, licence)


def _aligned(clip: Clip, report) -> Clip:
    if clip.transcript is None:
        return clip
    try:
        return clip.with_phones(align(clip.audio, clip.transcript))
    except (FileError, DependencyError) as error:
        report(f"{clip.name} is not scored on phones: {error}")
        return clip

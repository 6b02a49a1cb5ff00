"""A folder of recordings, whatever it holds: the reader is chosen by the files that lie in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from visavox.data.clip import Clip
from visavox.data.material.phone_alignment import align, read_phones
from visavox.data.naming import recognised
from visavox.data.readers.facegood import read_facegood
from visavox.data.readers.grid import read_grid
from visavox.data.readers.live_link import read_live_link, takes
from visavox.data.readers.motion_files import motion_files, read_motion_files
from visavox.data.readers.named import read_named
from visavox.data.readers.tfhp import is_tfhp, read_tfhp
from visavox.data.readers.tracked import read_tracked
from visavox.data.readers.transcribed import read_ljspeech, read_sounds, read_transcribed, sounds_of
from visavox.data.readers.vocaset import is_vocaset, read_vocaset
from visavox.data.readers.who import speaker_of
from visavox.errors import DependencyError, FileError

PHONES = "phones.jsonl"
Reader = Callable[[Path, str, str], Iterator[Clip]]


@dataclass(frozen=True)
class Layout:
    """One way in which recordings lie in a folder: its `name` and what is read of it, in words; how it is recognised; and who reads it,
    given the folder, and the source and licence that count where it states none."""

    name: str
    holds: Callable[[Path], bool]
    read: Reader


MOVING = (
    Layout("GRID with words and tracked faces", lambda folder: (folder / "words.jsonl").exists(), lambda folder, *_: read_grid(folder)),
    Layout("FACEGOOD curves", lambda folder: (folder / "bs_name.json").exists(), lambda folder, *_: read_facegood(folder)),
    Layout("HDTF or TFHP of DiffPoseTalk: sound, FLAME motion and faces", is_tfhp, read_tfhp),
    Layout("VOCASET: meshes fitted with your FLAME head", is_vocaset, read_vocaset),
    Layout("motion files of Visavox with sound", lambda folder: bool(motion_files(folder)), read_motion_files),
    Layout("tracked faces with sound", lambda folder: (folder / "motion").is_dir(), read_tracked),
    Layout("takes of Live Link Face", lambda folder: bool(takes(folder)), read_live_link),
)
TEXTS = (
    Layout("sounds with texts in metadata.csv", lambda folder: (folder / "metadata.csv").exists(), read_ljspeech),
    Layout("sounds with text files", lambda folder: any(folder.glob("*.txt")), read_transcribed),
)
SOUNDS = Layout("sounds", lambda folder: True, read_sounds)


def layout_of(folder: Path) -> Layout:
    """How the recordings of `folder` lie: the first of MOVING that it has; else sounds whose names are those of a corpus; else the first of
    TEXTS, or sounds of which nothing is known. A FileError when it is no folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileError(f"{folder} is not a folder; give a folder of recordings")
    moving = next((layout for layout in MOVING if layout.holds(folder)), None)
    naming = None if moving else recognised(sounds_of(folder))
    if naming is None:
        return moving or next((layout for layout in TEXTS if layout.holds(folder)), SOUNDS)
    return Layout(f"sounds of {naming.name}: {naming.tells}", SOUNDS.holds, lambda place, *words: read_named(place, naming, *words))


def read_folder(
    folder: Path, source: str = "", licence: str = "unstated", limit: int | None = None, report=lambda line: None
) -> list[Clip]:
    """The clips of `folder`, at most `limit` of them, with everything that is known of each.

    `layout_of` says how. Phones come from phones.jsonl beside them, else from aligning the text where there is one; a clip that cannot
    be aligned is told to `report` and keeps no phones. `source` and `licence` are used where the folder's kind does not
    say them. A FileError when nothing is found.
    """
    clips = list(islice(clips_of(folder, source, licence), limit))
    if not clips:
        raise FileError(f"{folder} holds no recording that can be read; give a folder with sounds (flac, wav, mp3, ogg, m4a, mp4)")
    return [with_aligned_phones(clip, report) for clip in clips]


def clips_of(folder: Path, source: str = "", licence: str = "unstated") -> Iterator[Clip]:
    """The clips of `folder` one after the other, by the reader of its layout; phones from phones.jsonl, none aligned."""
    folder, layout = Path(folder), layout_of(folder)
    known = read_phones(folder / PHONES) if (folder / PHONES).exists() else {}
    speaker_in = speaker_of(folder)
    for clip in layout.read(folder, source or folder.name, licence):
        clip = replace(clip, speaker=speaker_in(clip.name) or clip.speaker)
        yield clip.with_phones(known[clip.name]) if clip.phones is None and clip.name in known else clip


def with_aligned_phones(clip: Clip, report: Callable[[str], None]) -> Clip:
    """The clip with the phones of its text, where it has none and a text; one that cannot be aligned is told to `report`."""
    if clip.phones is not None or not clip.transcript:
        return clip
    try:
        return clip.with_phones(align(clip.audio, clip.transcript))
    except (FileError, DependencyError) as error:
        report(f"{clip.name} has no phones: {error}")
        return clip

"""Tracked clips of several people in one folder, each clip with the name of who speaks."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from visavox.data.clip import Clip
from visavox.data.readers.tracked import read_tracked
from visavox.data.readers.who import UNSTATED, speakers_by_meta, terms_of


def read_filmed(folder: Path, source: str = "", licence: str = UNSTATED, limit: int | None = None) -> Iterator[Clip]:
    """The clips of a folder as `read_tracked` reads them, each with its speaker: whom `meta.json` of the folder names, else the clip is
    its own. Source and licence are those which `meta.json` states, if it does."""
    folder = Path(folder)
    speakers = speakers_by_meta(folder)
    for clip in read_tracked(folder, *terms_of(folder, source, licence), limit):
        yield replace(clip, speaker=speakers.get(clip.name, clip.name))

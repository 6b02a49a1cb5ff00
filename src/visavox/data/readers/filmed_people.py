"""Tracked clips of several people in one folder, each clip with the name of who speaks."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from visavox.data.clip import Clip
from visavox.data.readers.tracked import read_tracked
from visavox.errors import FileError


def read_filmed(folder: Path, source: str = "", licence: str = "unstated", limit: int | None = None) -> Iterator[Clip]:
    """The clips of a folder as `read_tracked` reads them, each with its speaker: whom `meta.json` of the folder names, else the clip is
    its own. The licence is that which `meta.json` states, if it does."""
    folder = Path(folder)
    speakers, stated = _read_meta(folder / "meta.json")
    for clip in read_tracked(folder, source or folder.name, stated or licence, limit):
        yield replace(clip, speaker=speakers.get(clip.name, clip.name))


def _read_meta(path: Path) -> tuple[dict[str, str], str]:
    if not path.is_file():
        return {}, ""
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
        return {str(entry["clip"]): str(entry["speaker"]) for entry in meta["clips"]}, str(meta.get("licence", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(f'{path} does not say who speaks ({error}); mend it as {{"clips": [{{"clip": name, "speaker": who}}]}}') from None

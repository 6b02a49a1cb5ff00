"""Who speaks in the clips of one folder and where they come from: what its `meta.json` says, or the names of the files."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from visavox.data.naming.grid import NAMED
from visavox.errors import FileError

META = "meta.json"
UNSTATED = "unstated"  # what clips have for a licence that nobody says
OF_SPEAKER = re.compile(rf"(s\d{{1,2}})_(?:{NAMED.pattern})", re.ASCII)  # sentences of several of GRID's speakers, in one folder


def speakers_by_meta(folder: Path) -> dict[str, str]:
    """The speaker of each clip whom `meta.json` of a folder names; a FileError for one that says neither that nor a licence."""
    path = Path(folder) / META
    if not path.is_file():
        return {}
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
        clips = meta.get("clips", []) if "licence" in meta else meta["clips"]
        return {str(entry["clip"]): str(entry["speaker"]) for entry in clips}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(f'{path} does not say who speaks ({error}); mend it as {{"clips": [{{"clip": name, "speaker": who}}]}}') from None


def terms_of(folder: Path, source: str = "", licence: str = UNSTATED) -> tuple[str, str]:
    """The source and the licence of the clips of a folder that its `meta.json` states; where it does not, those given, else its name."""
    try:
        stated = json.loads((Path(folder) / META).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stated = {}
    terms = stated if isinstance(stated, dict) else {}
    return str(terms.get("source") or source or Path(folder).name), str(terms.get("licence") or licence)


def speaker_of(folder: Path) -> Callable[[str], str | None]:
    """Says by the name of a clip of `folder` who speaks in it; None where neither `meta.json` nor the name tells.

    A `meta.json` that is not of this form tells nothing: other programs write files of that name too.
    """
    try:
        stated = speakers_by_meta(folder)
    except FileError:
        stated = {}

    def speaker(name: str) -> str | None:
        named = OF_SPEAKER.fullmatch(name)
        return stated.get(name) or (named[1] if named else None)

    return speaker

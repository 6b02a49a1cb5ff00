"""Who speaks in the clips of one folder: what its `meta.json` says, or the names of the files."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from visavox.data.naming.grid import NAMED
from visavox.errors import FileError

META = "meta.json"
OF_SPEAKER = re.compile(rf"(s\d{{1,2}})_(?:{NAMED.pattern})", re.ASCII)  # sentences of several of GRID's speakers, in one folder


def stated_by_meta(folder: Path) -> tuple[dict[str, str], str]:
    """The speaker of each clip whom `meta.json` of a folder names, and the licence that it states, "" for none."""
    path = Path(folder) / META
    if not path.is_file():
        return {}, ""
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
        return {str(entry["clip"]): str(entry["speaker"]) for entry in meta["clips"]}, str(meta.get("licence", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise FileError(f'{path} does not say who speaks ({error}); mend it as {{"clips": [{{"clip": name, "speaker": who}}]}}') from None


def speaker_of(folder: Path) -> Callable[[str], str | None]:
    """Says by the name of a clip of `folder` who speaks in it; None where neither `meta.json` nor the name tells.

    A `meta.json` that is not of this form tells nothing: other programs write files of that name too.
    """
    try:
        stated, _ = stated_by_meta(folder)
    except FileError:
        stated = {}

    def speaker(name: str) -> str | None:
        named = OF_SPEAKER.fullmatch(name)
        return stated.get(name) or (named[1] if named else None)

    return speaker

"""Where the landmark model is: --model, else the environment, else what `visavox track --download` put away."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.errors import FileError, OptionError

if TYPE_CHECKING:
    from visavox.track.landmarker import FaceLandmarker

MODEL = "VISAVOX_LANDMARKER"


def add_arguments(parser: ArgumentParser, flag: str = "--model") -> None:
    """Adds the place of the landmark model."""
    meaning = f"MediaPipe's face_landmarker.task (default: what {MODEL} names, else what `visavox track --download` fetched)"
    parser.add_argument(flag, metavar="FILE", dest="landmark_model", help=meaning)


def refuse_unused(given: str | None, tracks: bool) -> None:
    """An OptionError for a landmark model where no photo and no film is looked at: who names one there means another model."""
    if given and not tracks:
        raise OptionError(f"--model {given} names what finds a face in a photo or film, and there is none; what speaks is --checkpoint")


def kept_model() -> Path:
    """Where the downloaded model is put away, in the user's own cache folder."""
    from visavox.track.model_file import NAME

    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "visavox" / NAME


def find_model(given: str | None) -> Path:
    """The file of the landmark model; a FileError that says how to get one when there is none."""
    named = given or os.environ.get(MODEL)
    if named:
        if not Path(named).is_file():
            raise FileError(f"the landmark model {named} does not exist; check {'--model' if given else MODEL}")
        return Path(named)
    if not kept_model().exists():
        raise FileError(f"there is no landmark model: fetch it with `visavox track --download`, or name one with --model or {MODEL}")
    return kept_model()


def open_landmarker(given: str | None) -> "FaceLandmarker":
    """The landmarker of that model; its licence is printed on standard error."""
    from visavox.track.landmarker import load_landmarker

    landmarker = load_landmarker(find_model(given))
    print(f"visavox: landmarks by {landmarker.licence}", file=sys.stderr)
    return landmarker

"""Motion to files for other programs: each format a value, chosen by the suffix of the output.

A format's `write` is a function `(motion, path, accompaniment)`; see `visavox.export.format`. A new format is one file beside these and one
entry in `visavox.export.formats`.
"""

from dataclasses import replace
from pathlib import Path

from visavox.arguments import checked
from visavox.export.accompaniment import Accompaniment
from visavox.export.format import Format
from visavox.export.formats import FORMATS
from visavox.export.json.text import write_json
from visavox.export.required_shapes import missing_shapes
from visavox.io.atomic import check_suffix, check_writable
from visavox.motion import Motion

__all__ = ["FORMATS", "Format", "Accompaniment", "export", "format_of", "provenance_file", "suffixes", "zeroed"]


@checked
def export(motion: Motion, path: str | Path, accompaniment: Accompaniment | None = None) -> None:
    """Writes `motion` in the format of the suffix of `path`; an OptionError lists the suffixes when it has another.

    A format without a place for the provenance gets it in a file beside it, `NAME.provenance.json`; one of an earlier export goes.
    """
    accompaniment, chosen, statement = accompaniment or Accompaniment(), format_of(path), provenance_file(path)
    if accompaniment.provenance is None:
        accompaniment = replace(accompaniment, provenance=motion.provenance)
    if statement:
        check_writable(statement)
    chosen.write(motion, path, accompaniment)
    if statement and accompaniment.provenance:
        write_json(accompaniment.provenance, statement, {})
    elif statement:
        statement.unlink(missing_ok=True)  # it spoke of the file that has just been replaced


def provenance_file(path: str | Path) -> Path | None:
    """The file beside `path` that says how it was made, `NAME.provenance.json`; None where the format itself holds that."""
    return None if "provenance" in format_of(path).keeps else Path(f"{path}.provenance.json")


def zeroed(motion: Motion, path: str | Path) -> list[str]:
    """The shapes that the file `path` will hold as 0 because the motion's rig lacks them."""
    return missing_shapes(motion) if "every shape" in format_of(path).keeps else []


def suffixes() -> tuple[str, ...]:
    """The suffixes of `FORMATS`, in their order."""
    return tuple(each.suffix for each in FORMATS)


def format_of(path: str | Path) -> Format:
    """The format whose suffix the name of `path` ends with, the longest of several: `a.a2f.json` is .a2f.json, not .json.

    An OptionError lists the suffixes when it ends with none.
    """
    suffix = check_suffix(path, suffixes())
    return next(each for each in FORMATS if each.suffix == suffix)

"""`Format`: a file format as a value: its suffix, what writes it, what it keeps, what it needs and which options it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from visavox.export.accompaniment import Accompaniment
from visavox.motion import Motion

KEEPS = ("any rig", "every shape", "head", "eyes", "sound", "geometry", "picture", "provenance")
OPTIONS = ("character", "degrees", "picture")  # groups of the command line's options that only some formats have a use for
NEEDS = ("renderer",)  # of a `Accompaniment`


@dataclass(frozen=True)
class Format:
    """One format.

    suffix: what the names of its files end with; write: (motion, path, accompaniment) -> None; what: the format in a few words.
    keeps: which of `KEEPS` a file holds ("every shape": all 52 of ARKit, 0 where the rig lacks one; "any rig": all channels of any rig).
    kept, lost: the same for people; needs: what of `NEEDS` the accompaniment must have; options: which of `OPTIONS` it takes;
    example: a command.
    """

    suffix: str
    write: Callable[[Motion, Path, Accompaniment], None]
    what: str
    keeps: frozenset[str]
    kept: str
    lost: str
    example: str
    needs: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()


def table(formats: tuple[Format, ...]) -> str:
    """The formats as a table in Markdown; formats that differ in nothing but the suffix share a row."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for each in formats:
        rows.setdefault((each.what, each.kept, each.lost, each.example), []).append(f"`{each.suffix}`")
    lines = [f"| {' '.join(suffixes)} | {' | '.join(cells[:-1])} | `{cells[-1]}` |" for cells, suffixes in rows.items()]
    return "\n".join(["| suffix | what it is | keeps | loses | example |", "|---|---|---|---|---|", *lines])

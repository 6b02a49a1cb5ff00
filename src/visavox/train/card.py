"""The model card of a checkpoint that training wrote: what it is made of, whose data and consent it rests on, and what was measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from visavox.checkpoint import Checkpoint
from visavox.history import NOT_STATED, Source
from visavox.io.atomic import write_bytes

SUFFIX = ".md"
LARGE = 10.0  # from which a number needs no decimals but one


@dataclass(frozen=True)
class Comparison:
    """One table of a card: a `title`, what was compared on what (`note`), and for each measure its value in every column, in order."""

    title: str
    note: str
    columns: tuple[str, ...]
    rows: Mapping[str, Sequence[float]]


def write_card(path: Path, checkpoint: Checkpoint, name: str, about: Sequence[str] = (), tables: Sequence[Comparison] = ()) -> Path:
    """`path`, at which the card of `checkpoint`, called `name`, was written; `about` are sentences on what it is for."""
    write_bytes(card(checkpoint, name, about, tables).encode(), path)
    return path


def card(checkpoint: Checkpoint, name: str, about: Sequence[str] = (), tables: Sequence[Comparison] = ()) -> str:
    """The card as Markdown. Sources, licences and consent are those that the clips stated; the last training's come first and whole."""
    last, before = checkpoint.history[-1], checkpoint.history[:-1]
    lines = [f"# Model card: {_cell(name)}", "", *(f"{_cell(line)}" for line in about), ""]
    lines += [f"Licence of the weights: {_cell(checkpoint.licence or NOT_STATED)}.", ""]
    if checkpoint.licence == NOT_STATED:
        lines += ["Give them one before they are passed on; they are bound by the licences below.", ""]
    lines += ["## What it learned from", "", "The last training:", "", *_sources(last.sources), ""]
    earlier = [source for training in before for source in training.sources]
    if earlier:
        lines += [f"Before that, {len(before)} trainings:", "", *_sources(earlier), ""]
    distilled_from = dict.fromkeys(
        f"{each['name']} ({each['licence']})" for training in checkpoint.history for each in training.distilled_from
    )
    if distilled_from:
        lines += [f"Distilled from {_cell(', '.join(distilled_from))}.", ""]
    lines += ["## How the last training went", "", *_recipe(last.recipe), ""]
    lines += [f"- data: {last.data}", f"- Visavox: {last.visavox}", ""]
    for table in tables:
        lines += [f"## {_cell(table.title)}", "", table.note, "", "| measure | " + " | ".join(table.columns) + " |"]
        lines += ["|---" * (len(table.columns) + 1) + "|"]
        lines += [f"| {_cell(measure)} | {' | '.join(map(_number, values))} |" for measure, values in table.rows.items()] + [""]
    return "\n".join(lines).rstrip() + "\n"


def _sources(sources: Sequence[Source]) -> list[str]:
    lines = ["| source | clips | hours | licence | consent |", "|---|---|---|---|---|"]
    for each in dict.fromkeys(sources):
        words = (_cell(text) or NOT_STATED for text in (each.licence, each.consent))
        lines.append(f"| {_cell(each.source) or NOT_STATED} | {each.clips or ''} | {each.hours:.2f} | {' | '.join(words)} |")
    return lines


def _recipe(values: Mapping, within: str = "") -> list[str]:
    """The numbers of a recipe as lines, nested names joined."""
    lines = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            lines += _recipe(value, f"{within}{name}, ")
        else:
            lines.append(f"- {within}{name}: {_cell(_plain(value))}")
    return lines


def _plain(value) -> str:
    """A value of a recipe; no number with more digits than say anything."""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_plain, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    if value != value:  # not a number
        return ""
    return f"{value:.1f}" if abs(value) >= LARGE else f"{value:.3f}"


def _cell(text: str) -> str:
    """Text of strangers that stays in its line and its cell."""
    return " ".join(str(text).replace("|", "/").replace("<", "(").replace(">", ")").split())

"""The report of an evaluation: JSON for programs, Markdown for people, and its plots."""

import json
import math
from pathlib import Path

from visavox.evaluate.bench import BESIDE, RULES, Evaluation, Table
from visavox.evaluate.report.definitions import DEFINITIONS
from visavox.io.atomic import write_bytes

COLUMNS = ("generated", BESIDE, "energy", "shuffled", "still", RULES, "truth")  # in the order of the tables
MEANINGS = {
    "generated": "the model's motion",
    BESIDE: "the motion of the model beside it",
    "energy": "control: loudness opens the jaw, nothing else",
    "shuffled": "control: the model's motion for another recording",
    "still": "control: a face at rest, which never moves",
    RULES: "the rule-based animator, which is given the phones",
    "truth": "the filmed and tracked face itself",
}


def write_report(evaluation: Evaluation, folder: Path, about: dict[str, str], plots: bool = True) -> list[Path]:
    """The files written into `folder`, which is created: report.json, report.md and, with `plots`, the pictures it
    shows.

    `about` says what was evaluated (model, data, style ...), in the report's words. Plots need matplotlib.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    pictures = []
    if plots:
        from visavox.evaluate.report.plots import draw

        pictures = [folder / f"{name}.png" for name in draw(evaluation, folder)]
    write_bytes(json.dumps(as_json(evaluation, about), indent=1).encode(), folder / "report.json")
    write_bytes(as_markdown(evaluation, about, [path.name for path in pictures]).encode(), folder / "report.md")
    return [folder / "report.md", folder / "report.json", *pictures]


def as_json(evaluation: Evaluation, about: dict[str, str]) -> dict:
    """The report as plain values that JSON holds: numbers that are not defined become null."""
    tables = [
        {
            "title": table.title,
            "clips": table.note,
            "metrics": {
                metric: {
                    "unit": DEFINITIONS[metric].unit,
                    "goal": DEFINITIONS[metric].goal_text() if table.judged else "",
                }
                | {column: _number(values[metric]) for column, values in table.columns.items() if metric in values}
                for metric in _metrics(table)
            },
        }
        for table in evaluation.tables
    ]
    clips = {name: {metric: _number(value) for metric, value in scores.items()} for name, scores in evaluation.clips.items()}
    return {"about": about, "tables": tables, "clips": clips}


def as_markdown(evaluation: Evaluation, about: dict[str, str], pictures: list[str]) -> str:
    """The report as a page: what was measured, one table per family of metrics, the plots, and what each number
    means.
    """
    lines = ["# Evaluation", "", *(f"- {key}: {value}" for key, value in about.items()), ""]
    used = {column for table in evaluation.tables for column in table.columns}
    lines += [f"- *{column}*: {MEANINGS[column]}" for column in COLUMNS if column in used]
    for table in evaluation.tables:
        lines += ["", f"## {table.title}", "", f"{table.note}.", "", *_rows(table)]
    lines += [line for name in pictures for line in ("", f"![{name.removesuffix('.png').replace('_', ' ')}]({name})")]
    used = {metric for table in evaluation.tables for metric in _metrics(table)}
    lines += ["", "## What the numbers are", ""]
    lines += [f"- **{one.title}** ({one.unit}): {one.meaning}." for metric, one in DEFINITIONS.items() if metric in used]
    return "\n".join(lines) + "\n"


def _rows(table: Table) -> list[str]:
    columns = [column for column in COLUMNS if column in table.columns]
    lines = ["| metric | unit | " + " | ".join(columns) + " | goal |", "|---" * (len(columns) + 3) + "|"]
    for metric in _metrics(table):
        definition = DEFINITIONS[metric]
        cells = [_cell(table.columns[column].get(metric, math.nan)) for column in columns]
        met = definition.met(table.columns.get("generated", {}).get(metric, math.nan))
        goal = definition.goal_text() + {None: "", True: ", met", False: ", **missed**"}[met] if table.judged else ""
        lines.append(f"| {definition.title} | {definition.unit} | {' | '.join(cells)} | {goal} |")
    return lines


def _metrics(table: Table) -> list[str]:
    """The metrics of a table in the order of their definitions."""
    present = {metric for values in table.columns.values() for metric in values}
    return [metric for metric in DEFINITIONS if metric in present]


def _cell(value: float) -> str:
    if math.isnan(value):
        return ""
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3f}"


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 6)

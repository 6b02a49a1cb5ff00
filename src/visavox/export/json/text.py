"""JSON files: numbers in seven significant digits, as float32 has them, one frame a line."""

import json
from pathlib import Path

import numpy as np

from visavox.io.atomic import replacing


def write_json(fields: dict, path: str | Path, frames: dict[str, np.ndarray]) -> None:
    """Writes an object with `fields` and, after them, each of `frames` (T, C) as a list of lists."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(fields, ensure_ascii=False, indent=1)[:-2])
        for key, rows in frames.items():
            file.write(f',\n "{key}": [\n')
            file.write(",\n".join("  [" + ", ".join(map(number, row)) + "]" for row in rows.tolist()))
            file.write("\n ]")
        file.write("\n}\n")


def number(value: float) -> str:
    """`value` as the shortest text that reads back as the same float32; a whole number keeps its point."""
    text = np.format_float_positional(np.float32(value + 0.0), trim="0")
    return text

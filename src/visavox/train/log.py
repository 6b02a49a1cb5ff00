"""The log of a run: JSON lines that survive a kill without doubles, and TensorBoard where it is asked for."""

import json
from dataclasses import dataclass
from pathlib import Path

from visavox.errors import DependencyError

LINES = "log.jsonl"


@dataclass(frozen=True)
class Reached:
    """How far a run is, for people: `step` of `steps`, and what to say of it, which is its text."""

    step: int
    steps: int
    text: str

    def __str__(self) -> str:
        return f"step {self.step} of {self.steps}: {self.text}"


def lasting(seconds: float) -> str:
    """So many seconds in words."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


class RunLog:
    """Lines of a run in `folder`, from `first` steps on: what an interrupted run wrote beyond them is dropped, for it will come again."""

    def __init__(self, folder: Path, first: int, tensorboard: bool = False):
        self.path = folder / LINES
        if self.path.exists():
            lines = [line for line in read_log(folder) if line["step"] <= first]
            self.path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        self._board = _board(folder, first) if tensorboard else None

    def write(self, step: int, values: dict[str, float], kind: str = "train") -> dict:
        """The line written: `step`, and the values rounded; `kind` other than "train" is named in it."""
        line = {"step": step, **({} if kind == "train" else {"kind": kind}), **{name: round(value, 6) for name, value in values.items()}}
        with self.path.open("a") as file:
            file.write(json.dumps(line) + "\n")
        if self._board is not None:
            for name, value in values.items():
                self._board.add_scalar(f"{kind}/{name}", value, step)
            self._board.flush()
        return line


def read_log(folder: Path) -> list[dict]:
    """The lines of a run, in order; a last line that a kill cut short is left out."""
    lines = []
    for text in (folder / LINES).read_text().splitlines():
        try:
            lines.append(json.loads(text))
        except ValueError:
            break
    return lines


def _board(folder: Path, first: int):
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise DependencyError("TensorBoard is not installed: pip install 'visavox[paper]', or train without --tensorboard") from None
    return SummaryWriter(str(folder / "tensorboard"), purge_step=first)

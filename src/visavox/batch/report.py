"""`Report`: what came of a batch, as JSON for programs and as text for people, written beside its outputs."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from visavox.batch.work import FAILED, SKIPPED, WRITTEN, Outcome
from visavox.fields import printable
from visavox.io.atomic import write_bytes

JSON, TEXT = "batch-report.json", "batch-report.txt"


@dataclass(eq=False)
class Report:
    """The outcomes of a batch, added one by one; `left_out` are files that were taken for no recordings."""

    generator: str
    left_out: tuple[str, ...]
    outcomes: list[Outcome] = field(default_factory=list)
    elapsed: float = 0.0

    def count(self, state: str) -> int:
        """How many ended in `state`."""
        return sum(outcome.state == state for outcome in self.outcomes)

    @property
    def seconds(self) -> float:
        """Seconds of motion that were written."""
        return sum(outcome.seconds for outcome in self.outcomes)

    def failures(self) -> list[Outcome]:
        """What failed, by name."""
        return sorted((outcome for outcome in self.outcomes if outcome.state == FAILED), key=lambda outcome: outcome.item.source)

    def summary(self) -> str:
        """One line."""
        times = f" ({self.seconds / max(self.elapsed, 1e-3):.1f} times real time)" if self.seconds else ""
        counts = f"{self.count(WRITTEN)} written, {self.count(SKIPPED)} there already, {self.count(FAILED)} failed"
        return f"{counts}: {self.seconds:.1f} s in {self.elapsed:.1f} s{times}"

    def write(self, folder: Path) -> None:
        """Writes both reports into `folder`; a FileError when that is refused."""
        items = [
            {"path": each.item.source, "output": each.item.output, "state": each.state, "seconds": round(each.seconds, 3),
             "elapsed": round(each.elapsed, 3), "warnings": each.warnings}
            for each in sorted(self.outcomes, key=lambda outcome: outcome.item.output)
        ]  # fmt: skip
        counts = {state: self.count(state) for state in (WRITTEN, SKIPPED, FAILED)}
        whole = {
            "generator": self.generator, **counts, "seconds": round(self.seconds, 3), "elapsed": round(self.elapsed, 3),
            "left_out": list(self.left_out), "recordings": items,
        }  # fmt: skip
        write_bytes(json.dumps(whole, indent=1).encode() + b"\n", folder / JSON)
        write_bytes(self._text().encode("utf-8", "backslashreplace"), folder / TEXT)

    def _text(self) -> str:
        lines = [f"{self.generator}: {self.summary()}"]
        lines += [f"FAILED {printable(each.item.source)}: {each.warnings}" for each in self.failures()]
        lines += self._warnings()
        lines += [f"left out, no recording by its name: {printable(name)}" for name in self.left_out]
        return "\n".join(lines) + "\n"

    def _warnings(self) -> list[str]:
        """What was said of recordings that were written; what is the same of many stands once."""
        about: dict[str, list[Outcome]] = {}
        for each in self.outcomes:
            for line in each.warnings.splitlines() if each.state == WRITTEN else ():
                name = os.path.basename(each.item.output)
                about.setdefault(" ".join(f"{line} ".replace(each.item.source, "it").split(f"{name} ")[-1].split()), []).append(each)
        lines = []
        for line, those in sorted(about.items()):
            first = printable(those[0].item.source)
            lines.append(f"{first}{f' and {len(those) - 1} more' if len(those) > 1 else ''}: {line}")
        return lines

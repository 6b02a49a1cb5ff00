"""What a preparation did, in JSON and on a page: hours kept and dropped for each reason, with a picture of each, and every film's fate."""

import json
import os
import shutil
from collections import Counter
from pathlib import Path

from visavox.io.atomic import write_bytes
from visavox.prepare.run import Preparation
from visavox.prepare.work import FOLDER, Outcome

KEPT, DUPLICATE, FAILED = "kept", "duplicate", "unreadable"


def write_report(made: Preparation, into: Path) -> Path:
    """The page, written with its JSON and pictures into the store's folder `prepare`."""
    folder = into / FOLDER
    pictures = _pictures(made, folder)
    seconds, counts = _sums(made)
    write_bytes(json.dumps(_plain(made, seconds, counts), indent=1, ensure_ascii=False).encode(), folder / "report.json")
    page = folder / "report.md"
    write_bytes(_page(made, seconds, counts, pictures).encode(), page)
    return page


def summary(made: Preparation) -> str:
    """One line: what was kept of how much."""
    seconds, counts = _sums(made)
    films = len(made.outcomes) + len(made.failures)
    total = sum(outcome.seconds for outcome in made.outcomes.values())
    kept = f"{counts[KEPT]} clips, {seconds[KEPT] / 60:.1f} of {total / 60:.1f} minutes kept of {films} films"
    others = [f"{name} {counts[name]}" for name, _ in counts.most_common() if name != KEPT]
    return kept + (f"; left out: {', '.join(others)}" if others else "")


def _sums(made: Preparation) -> tuple[Counter, Counter]:
    seconds, counts = Counter(), Counter()
    for path, outcome in made.outcomes.items():
        if path in made.duplicates:
            counts[DUPLICATE] += 1
            seconds[DUPLICATE] += outcome.seconds
            continue
        for name, length in zip(outcome.ids, outcome.lengths, strict=True):
            kind = DUPLICATE if name in made.duplicates else KEPT
            counts[kind] += 1
            seconds[kind] += length
        for start, end, check, _ in outcome.dropped:
            counts[check] += 1
            seconds[check] += end - start
    counts[FAILED] += len(made.failures)
    return seconds, +counts


def _pictures(made: Preparation, folder: Path) -> dict[str, str]:
    """The picture of each kind, of the first film in the order of digests that has one."""
    found: dict[str, str] = {}
    for outcome in sorted(made.outcomes.values(), key=lambda outcome: outcome.digest):
        for kind in outcome.pictures:
            name = f"{kind.replace(' ', '-')}.png"
            source = folder / "films" / f"{outcome.key}-{name}"
            if kind not in found and source.exists():
                (folder / "pictures").mkdir(exist_ok=True)
                shutil.copyfile(source, folder / "pictures" / name)
                found[kind] = f"pictures/{name}"
    return found


def _plain(made: Preparation, seconds: Counter, counts: Counter) -> dict:
    kinds = {name: {"clips": count, "seconds": round(seconds[name], 2)} for name, count in counts.most_common()}
    films = {path: _film(outcome, made.duplicates.get(path)) for path, outcome in sorted(made.outcomes.items())}
    films |= {path: {"unreadable": reason} for path, reason in sorted(made.failures.items())}
    twins = {name: twin for name, twin in sorted(made.duplicates.items()) if name not in made.outcomes}
    return {"fingerprint": made.store.index.fingerprint, "kinds": kinds, "duplicates": twins, "films": films}


def _film(outcome: Outcome, twin: str | None) -> dict:
    if twin is not None:
        return {"duplicate of": twin}
    dropped = [{"from": start, "to": end, "check": check, "reason": reason} for start, end, check, reason in outcome.dropped]
    return {"seconds": outcome.seconds, "kept": list(outcome.ids), "dropped": dropped}


def _page(made: Preparation, seconds: Counter, counts: Counter, pictures: dict[str, str]) -> str:
    index = made.store.index
    lines = ["# What was prepared", "", f"{summary(made)}.", "", f"The store has {index.rows} clips, {index.seconds / 3600:.2f} h; "]
    lines[-1] += f"fingerprint `{index.fingerprint}`."
    lines += ["", "| | clips | minutes | picture |", "|---|---|---|---|"]
    for name, count in counts.most_common():
        picture = f"![{name}]({pictures[name]})" if name in pictures else ""
        lines.append(f"| {name} | {count} | {seconds[name] / 60:.1f} | {picture} |")
    lines += ["", "| film | kept | left out |", "|---|---|---|"]
    short = short_names([*made.outcomes, *made.failures])
    for path, outcome in sorted(made.outcomes.items()):
        reasons = [f"{start:.1f} to {end:.1f} s: {reason}" for start, end, _, reason in outcome.dropped]
        reasons += [f"{name} sounds as {made.duplicates[name]}" for name in outcome.ids if name in made.duplicates]
        more = [f"and {len(reasons) - 4} more"] if len(reasons) > 4 else []
        twin = made.duplicates.get(path)
        kept = 0 if twin else sum(name not in made.duplicates for name in outcome.ids)
        why = f"the same as {short.get(twin, twin)}" if twin else "; ".join(reasons[:4] + more)
        lines.append(f"| {_cell(short[path])} | {kept} | {_cell(why)} |")
    lines += [f"| {_cell(short[path])} | 0 | {_cell(reason)} |" for path, reason in sorted(made.failures.items())]
    return "\n".join(lines) + "\n"


def short_names(paths: list[str]) -> dict[str, str]:
    """Each path, below the folder that holds all of them: many a corpus calls the films of all its folders alike."""
    whole = {path: Path(path).absolute() for path in paths}
    try:
        root = os.path.commonpath([path.parent for path in whole.values()])
    except ValueError:  # none, or on several drives
        return {path: str(there) for path, there in whole.items()}
    return {path: there.relative_to(root).as_posix() for path, there in whole.items()}


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")

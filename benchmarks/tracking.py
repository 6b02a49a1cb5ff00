"""How well a tracked face closes and opens its lips: `python benchmarks/tracking.py FOLDER... --model face_landmarker.task [--clips N]`.

A folder has `video/NAME.mpg` and `words.jsonl` with the times of words, as GRID. For words that begin with b, p or m the least lip gap
from 120 ms before to 60 ms after their beginning is read, of the landmarks, of our head moved by the solver, and of our head moved by the
raw scores; a closure is a gap under a tenth of the clip's 95th percentile. The control reads the middle of all other words, where few
lips close. Prints JSON: medians over clips.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, SHAPES
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap
from visavox.track.film import chosen, follow_film, motions_of
from visavox.track.landmarker import load_landmarker
from visavox.track.landmarks import SCORES
from visavox.track.solver import packaged_solver

BEFORE, AFTER, CLOSED = 0.12, 0.06, 0.1
FPS = 25.0


def gaps_of(path: Path, landmarker, solver, head: Head) -> dict[str, np.ndarray]:
    """The lip gap (T,) of the landmarks, of the solver's motion and of the raw scores."""
    followed, film = follow_film(path, landmarker, solver)
    people = chosen(followed, 1, path)
    (tracked,) = motions_of(people, film, solver, FPS)
    seen = people[0].seen
    raw, scores = np.zeros((len(seen), len(ARKIT))), seen.readings.scores
    for name in SHAPES:
        if name in SCORES:
            raw[:, ARKIT.index(name)] = scores[:, SCORES.index(name)]
    at = np.round(seen.times * FPS).astype(int).clip(0, tracked.motion.frames - 1)
    spread = np.zeros((tracked.motion.frames, len(ARKIT)))
    spread[at] = raw
    solved = Motion(tracked.motion.select(ARKIT.names), FPS, ARKIT)
    return {"landmarks": tracked.lip_gap, "solver": lip_gap(head, solved), "raw scores": lip_gap(head, Motion(spread, FPS, ARKIT))}


def least(gap: np.ndarray, start: float, end: float) -> float:
    first, last = max(int(start * FPS), 0), int(np.ceil(end * FPS)) + 1
    return float(gap[first:last].min()) if first < min(last, len(gap)) else np.nan


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--model", required=True)
    parser.add_argument("--clips", type=int, default=25, help="at most, of each folder")
    options = parser.parse_args()
    landmarker, solver, head = load_landmarker(options.model), packaged_solver(), Head.default()
    rows: dict[str, list] = {}
    for folder in options.folders:
        words = {line["clip"]: line["words"] for line in map(json.loads, (folder / "words.jsonl").read_text().splitlines())}
        paths = [path for path in sorted((folder / "video").iterdir()) if path.stem in words]
        for path in paths[:: max(len(paths) // options.clips, 1)][: options.clips]:
            gaps = gaps_of(path, landmarker, solver, head)
            for name, gap in gaps.items():
                open_ = np.percentile(gap, 95)
                spoken = [word for word in words[path.stem] if word[2] not in ("sil", "sp")]
                lips = [least(gap, start - BEFORE, start + AFTER) < CLOSED * open_ for start, _, word in spoken if word[0] in "bpm"]
                other = [
                    least(gap, (a + b) / 2 - 0.02, (a + b) / 2 + 0.02) < CLOSED * open_ for a, b, word in spoken if word[0] not in "bpmfvw"
                ]
                rows.setdefault(f"{name}: closed at b, p, m", []).append(np.mean(lips))
                rows.setdefault(f"{name}: closed in the middle of other words", []).append(np.mean(other))
                rows.setdefault(f"{name}: r with the landmarks' gap", []).append(np.corrcoef(gap, gaps["landmarks"])[0, 1])
                rows.setdefault(f"{name}: 95th percentile, mm of a usual head", []).append(90 * open_)
    print(
        json.dumps(
            {"clips": len(next(iter(rows.values())))} | {name: round(float(np.nanmean(each)), 3) for name, each in rows.items()}, indent=1
        )
    )


if __name__ == "__main__":
    main()

"""How well finished lips follow filmed people whom nothing was fitted to: prints one JSON object, and a table as Markdown on stderr.

    python benchmarks/strangers.py DATA [--checkpoint FILE] [--sets grid_multi us_gov] [--everybody]

DATA holds folders of tracked clips. Of grid_multi the speakers are scored whom the recipe of the lip reader holds out; with --everybody
all of them, which only says something of weights that none of them trained. us_gov trains the lip reader: its figures are no test.

The gap and the width of the default head under the finished motion are correlated with the tracked ones at lag 0, clip by clip; the mean
over a speaker's clips, then over speakers, with a 90 % interval of a bootstrap over speakers and their clips. Controls: the motion of
another clip (shuffled), and a mouth that opens with loudness alone (energy). The best lag of each set, in milliseconds, says whether sound
and picture agree: positive when the motion comes late.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from real_speech import plain, say

from visavox.data.clip import Clip
from visavox.data.readers.filmed_people import read_filmed
from visavox.evaluate.controls import energy_motion, fitted
from visavox.evaluate.metrics.aperture import head_measures
from visavox.evaluate.metrics.curves import at_times, correlation
from visavox.motion import Motion
from visavox.recipes.lip_people import held_out
from visavox.rigs.heads.default_head import Head

SETS = ("grid_multi", "us_gov")
COMMANDS = "grid_multi"  # of which some speakers are held out
DRAWS = 2000
LAGS = np.arange(-200, 201, 20)  # milliseconds
INTERVAL = (5, 95)  # percentiles


def clips_of(folder: Path, everybody: bool) -> list[Clip]:
    """The clips of a folder that are scored, each with its speaker."""
    clips = sorted(read_filmed(folder), key=lambda clip: clip.name)
    return [clip for clip in clips if everybody or folder.name != COMMANDS or held_out(clip.speaker)]


def follow(motion: Motion, clip: Clip, head: Head, lag: float = 0.0) -> tuple[float, float]:
    """The correlations of gap and width of a motion with the tracked lips, the motion read `lag` seconds later."""
    measures = clip.measures
    curves = (at_times(curve, motion.fps, measures.times + lag) for curve in head_measures(head, motion))
    gap, width = curves
    return correlation(gap, measures.lip_gap, measures.ok), correlation(width, measures.mouth_width, measures.ok)


def pooled(scores: list[tuple[str, tuple[float, float]]], random: np.random.Generator) -> dict:
    """The mean over speakers of the mean over their clips, medians, and a bootstrap interval of the mean, of gap and width."""
    speakers = {}
    for speaker, score in scores:
        speakers.setdefault(speaker, []).append(score)
    clips = {name: np.array(each, float) for name, each in speakers.items()}
    means = np.array([np.nanmean(each, 0) for each in clips.values()])
    drawn = [_redrawn(list(clips.values()), random) for _ in range(DRAWS)]
    low, high = np.nanpercentile(drawn, INTERVAL, axis=0)
    return {
        measure: {
            "mean": means[:, column].mean(), "median": np.median(means[:, column]), "low": low[column], "high": high[column],
            "speakers": {name: each[column] for name, each in zip(clips, means, strict=True)},
        }
        for column, measure in enumerate(("gap", "width"))
    } | {"clips": len(scores)}  # fmt: skip


def _redrawn(clips: list[np.ndarray], random: np.random.Generator) -> np.ndarray:
    chosen = [clips[number] for number in random.integers(len(clips), size=len(clips))]
    return np.mean([np.nanmean(each[random.integers(len(each), size=len(each))], 0) for each in chosen], 0)


def measure(animator, clips: list[Clip], head: Head) -> dict:
    """The scores of a set of clips, its controls and its best lag."""
    random = np.random.default_rng(0)
    motions = [animator.animate(clip.audio, seed=0) for clip in clips]
    columns = {
        "generated": motions,
        "shuffled": [fitted(motion, clip.audio.seconds) for motion, clip in zip(motions[1:] + motions[:1], clips, strict=True)],
        "energy": [energy_motion(clip) for clip in clips],
    }
    found = {
        name: pooled([(clip.speaker, follow(motion, clip, head)) for motion, clip in zip(each, clips, strict=True)], random)
        for name, each in columns.items()
    }
    by_lag = [np.nanmean([follow(motion, clip, head, lag / 1000)[0] for motion, clip in zip(motions, clips, strict=True)]) for lag in LAGS]
    return found | {"best lag": int(LAGS[int(np.argmax(by_lag))])}


def table(found: dict) -> str:
    """The scores as Markdown."""
    lines = ["| set | column | gap r (90 %) | width r (90 %) |", "|---|---|---|---|"]
    for name, scores in found.items():
        for column in ("generated", "shuffled", "energy"):
            cells = [
                f"{each['mean']:.3f} ({each['low']:.2f} to {each['high']:.2f})"
                for each in (scores[column][which] for which in ("gap", "width"))
            ]
            lines.append(f"| {name} | {column} | {' | '.join(cells)} |")
    return "\n".join(lines)


def run(description: str, load_options: dict, measure, table) -> None:
    """Reads the options, prints what `measure(animator, clips, head)` finds in each set, and its `table` on stderr."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--checkpoint", help="a checkpoint; the packaged one if left out")
    parser.add_argument("--sets", nargs="+", default=SETS, metavar="NAME", help="folders of DATA")
    parser.add_argument("--everybody", action="store_true", help="score trained speakers and clips too")
    options = parser.parse_args()
    from visavox.loading import load

    animator, head, found = load(options.checkpoint, **load_options), Head.default(), {}
    for name in options.sets:
        clips = clips_of(options.data / name, options.everybody)
        say(f"{name}: {len(clips)} clips")
        found[name] = measure(animator, clips, head)
    say(table(found))
    json.dump(plain(found), sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    run(__doc__, {}, measure, table)

"""Where lips are lost between the reading and finished motion: prints one JSON object, and a table as Markdown on stderr.

    python benchmarks/lip_ladder.py DATA [--checkpoint FILE] [--sets grid_multi us_gov] [--everybody]

Each row is one stage: what the lip reader reads, what the model draws, and that after each gesture of the mouth in its order. By stage the
correlation of gap and width with the tracked lips as in `benchmarks/strangers.py` (means over speakers), and medians over clips of two
ratios to the tracked lips: jerk, and range. The reading has no unit, so it has no ratios. us_gov trains the packaged lip reader: give
a checkpoint whose reader left it out.
"""

import numpy as np
from strangers import run

from visavox.data.clip import Clip
from visavox.evaluate.metrics.aperture import head_measures
from visavox.evaluate.metrics.curves import articulation_ratio, at_times, correlation
from visavox.evaluate.metrics.smoothness import jerk_ratio
from visavox.gestures import gestures_of
from visavox.gestures.gesture import Piece, Take
from visavox.gestures.lip_reading import READINGS
from visavox.rigs.heads.default_head import Head

MOUTH = ("round vowels", "lip reading", "lip closure", "muscles")  # gestures, by name
NAMES = ("gap r", "width r", "jerk", "range")


class _NoChance:
    """The gestures of the mouth draw nothing but the depth of a breath."""

    def generator(self) -> np.random.Generator:
        return np.random.default_rng(0)


class TakeWithoutChance(Take):
    """What is the same in a recording, for gestures of the mouth."""

    def __init__(self):
        super().__init__(_NoChance())


def stages(animator, clip: Clip, head: Head) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Gap and width (T,) after each stage."""
    motion = animator.animate(clip.audio, seed=0)
    cues = animator.encode.cues(clip.audio, motion.frames)
    found = {"reading": tuple(cues[name] for name in READINGS), "model": head_measures(head, motion)}
    take = TakeWithoutChance()
    for gesture in gestures_of(motion.rig, cues):
        if gesture.name in MOUTH:
            motion = gesture.step(gesture.start(take), Piece(motion, clip.audio, cues, last=True))
            found[gesture.name] = head_measures(head, motion)
    return found


def score(curves: tuple[np.ndarray, np.ndarray], fps: float, clip: Clip, sized: bool) -> list[float]:
    """NAMES of one stage of one clip."""
    measures = clip.measures
    gap, width = (at_times(np.asarray(curve, float), fps, measures.times) for curve in curves)
    ratios = [float("nan")] * 2
    if sized:
        jerk = jerk_ratio(gap[:, None], measures.fps, measures.lip_gap[:, None], measures.fps)
        ratios = [jerk, articulation_ratio(gap, measures.lip_gap, measures.ok)]
    return [correlation(gap, measures.lip_gap, measures.ok), correlation(width, measures.mouth_width, measures.ok), *ratios]


def measure(animator, clips: list[Clip], head: Head) -> dict[str, dict[str, float]]:
    """NAMES of every stage of a set of clips."""
    fps, scores = animator.engine.config.fps, {}
    for clip in clips:
        for stage, curves in stages(animator, clip, head).items():
            scores.setdefault(stage, {}).setdefault(clip.speaker, []).append(score(curves, fps, clip, stage != "reading"))
    found = {}
    for stage, speakers in scores.items():
        means = np.mean([np.mean(np.array(each)[:, :2], 0) for each in speakers.values()], 0)
        medians = np.median(np.concatenate([np.array(each)[:, 2:] for each in speakers.values()]), 0)
        found[stage] = dict(zip(NAMES, map(float, (*means, *medians)), strict=True))
    return found


def table(found: dict) -> str:
    """The stages as Markdown."""
    lines = ["| set | stage | " + " | ".join(NAMES) + " |", "|---" * (2 + len(NAMES)) + "|"]
    for name, by_stage in found.items():
        for stage, scores in by_stage.items():
            cells = ["" if value != value else f"{value:.3f}" for value in scores.values()]
            lines.append(f"| {name} | {stage} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    run(__doc__, {"gestures": ()}, measure, table)

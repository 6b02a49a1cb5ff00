"""A checkpoint measured on a folder of recordings, from the files to the evaluation."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from visavox.data.clip import Clip
from visavox.data.measures import Measures
from visavox.data.readers.folder import read_folder
from visavox.evaluate.bench import Evaluation, Takes, evaluate, recognise_styles, side_by_side
from visavox.evaluate.metrics.aperture import head_measures
from visavox.rigs.arkit import ARKIT
from visavox.rigs.heads.default_head import Head


def measure_folder(
    folder: Path,
    takes: Takes,
    seeds: tuple[int, ...] = (0,),
    limit: int | None = None,
    styles: bool = False,
    beside: Takes | None = None,
) -> tuple[Evaluation, dict[str, str]]:
    """The evaluation of the motions that `takes` makes of the recordings in `folder`, at most `limit`, and what it is about in words.

    What another model makes of them may stand `beside` it, with its own window. With `styles` the recognition of styles is measured too. A
    FileError when the folder holds no recording.
    """
    head = Head.default()
    clips = [with_measures(clip, head) for clip in read_folder(Path(folder), limit=limit, report=print)]
    evaluation = evaluate(takes, clips, head, seeds, takes.animator.window)
    if beside is not None:
        evaluation = side_by_side(evaluation, evaluate(beside, clips, head, seeds, beside.animator.window))
    if styles:
        evaluation.tables.append(recognise_styles(takes.animator, clips, seeds[0]))
    seconds = sum(clip.audio.seconds for clip in clips)
    about = {"recordings": f"{len(clips)} from {Path(folder).name}, {seconds:.0f} s", "seeds": ", ".join(map(str, seeds))}
    return evaluation, about


def with_measures(clip: Clip, head: Head) -> Clip:
    """The clip with the lips of `head` under its motion, where that is ARKit's and nothing else measured them: a motion beside a sound is a
    face to be held against, whoever tracked it."""
    if clip.measures is not None or clip.motion is None or not set(ARKIT.names) <= set(clip.motion.rig.names):
        return clip
    gap, width = head_measures(head, clip.motion)
    return replace(clip, measures=Measures(gap, width, np.ones(clip.motion.frames, bool), clip.motion.fps))

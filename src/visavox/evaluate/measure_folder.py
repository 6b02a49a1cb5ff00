"""A checkpoint measured on a folder of recordings, from the files to the evaluation."""

from collections.abc import Callable
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

CONFIDENCE = "confidence"  # the channel of tracked motion that says where a face was seen


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
    clips = [held_against(clip, head, print) for clip in read_folder(Path(folder), limit=limit, report=print)]
    evaluation = evaluate(takes, clips, head, seeds, takes.animator.window)
    if beside is not None:
        evaluation = side_by_side(evaluation, evaluate(beside, clips, head, seeds, beside.animator.window))
    if styles:
        evaluation.tables.append(recognise_styles(takes.animator, clips, seeds[0]))
    seconds = sum(clip.audio.seconds for clip in clips)
    about = {"recordings": f"{len(clips)} from {Path(folder).name}, {seconds:.0f} s", "seeds": ", ".join(map(str, seeds))}
    return evaluation, about


def held_against(clip: Clip, head: Head, report: Callable[[str], None]) -> Clip:
    """The clip with the lips of `head` under its motion, where nothing else measured them: a motion beside a sound is a face to be held
    against, whoever tracked it. One whose rig is not ARKit's with a head is left out, and told to `report`."""
    if clip.measures is not None or clip.motion is None:
        return clip
    missing = [name for name in ARKIT.names if name not in clip.motion.rig]
    if missing:
        report(f"{clip.name} is not held against its motion, of rig {clip.motion.rig.name!r}, which lacks {', '.join(missing[:4])}")
        return replace(clip, motion=None)
    seen = clip.motion.channel(CONFIDENCE) > 0 if CONFIDENCE in clip.motion.rig else np.ones(clip.motion.frames, bool)
    motion = replace(clip.motion, values=clip.motion.select(ARKIT.names), rig=ARKIT)
    return replace(clip, motion=motion, measures=Measures(*head_measures(head, motion), seen, motion.fps))

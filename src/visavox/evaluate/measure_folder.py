"""A checkpoint measured on a folder of recordings, from the files to the evaluation."""

from pathlib import Path

from visavox.data.readers.folder import read_folder
from visavox.evaluate.bench import Evaluation, Takes, evaluate, recognise_styles, side_by_side
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
    clips = read_folder(Path(folder), limit=limit, report=print)
    evaluation = evaluate(takes, clips, Head.default(), seeds, takes.animator.window)
    if beside is not None:
        evaluation = side_by_side(evaluation, evaluate(beside, clips, Head.default(), seeds, beside.animator.window))
    if styles:
        evaluation.tables.append(recognise_styles(takes.animator, clips, seeds[0]))
    seconds = sum(clip.audio.seconds for clip in clips)
    about = {"recordings": f"{len(clips)} from {Path(folder).name}, {seconds:.0f} s", "seeds": ", ".join(map(str, seeds))}
    return evaluation, about

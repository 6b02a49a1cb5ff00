"""Rebuilds the default checkpoint from nothing: synthetic corpus, recordings, training of every network, built-in styles.

Every step resumes after an interruption. About five hours on two processor cores.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from visavox.cli.parser import whole

HELP = "rebuild the default checkpoint from nothing"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the folder, real clips and how many processes work."""
    parser.add_argument("-o", "--out", metavar="FOLDER", required=True, help="gets corpus, recordings, runs, default.safetensors, styles")
    parser.add_argument("--grid", metavar="FOLDER", help="tracked GRID clips (audio, motion, words.jsonl) to fit the lips to")
    parser.add_argument("--processes", type=whole(1, 256), default=2, help="how many build the corpus side by side (default 2)")


def run(options: Namespace) -> None:
    """Runs the recipe and prints where the checkpoint is."""
    from visavox.cli.synth import report_progress
    from visavox.data.align import align_clips, read_phones, with_phones
    from visavox.data.read_grid import read_grid
    from visavox.io.assets import read_head_asset
    from visavox.recipes.default import DefaultRecipe, build, training_part
    from visavox.rigs.head import Head

    folder, tracked = Path(options.out), []
    if options.grid:
        clips = list(read_grid(Path(options.grid)))
        aligned = folder / "grid_phones.jsonl"
        if not aligned.exists():
            folder.mkdir(parents=True, exist_ok=True)
            align_clips(clips, aligned)
        tracked = training_part(with_phones(clips, read_phones(aligned)))
    head = Head.from_asset(read_head_asset())
    path = build(folder, DefaultRecipe(), head, tracked, options.processes, report_progress)
    print(f"wrote {path} and {folder / 'styles'}")

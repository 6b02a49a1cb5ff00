"""Measures a checkpoint on a folder of recordings and writes a report: Markdown, JSON and plots, every number beside
its controls.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from visavox.cli.parser import whole

HELP = "measure a checkpoint on real recordings"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the recordings, the report's folder, what is measured and how."""
    parser.add_argument(
        "data", metavar="DATA", help="a folder of recordings: with tracked faces, with text, or sounds alone"
    )
    parser.add_argument("-o", "--output", required=True, metavar="FOLDER", help="where the report goes; it is created")
    parser.add_argument("--checkpoint", metavar="FILE", help="the weights to measure; the packaged ones if left out")
    parser.add_argument(
        "--style", metavar="NAME", help="a built-in style or a style file; the default style if left out"
    )
    parser.add_argument(
        "--steps", type=whole(1, 500), metavar="N", help="sampling steps; the checkpoint's own number if left out"
    )
    parser.add_argument(
        "--seed", type=whole(0, 2**31 - 1), default=0, metavar="N", help="the first take's seed (default 0)"
    )
    parser.add_argument(
        "--takes",
        type=whole(1, 20),
        default=1,
        metavar="N",
        help="takes of each clip, to see how they differ (default 1)",
    )
    parser.add_argument("--clips", type=whole(1, 100_000), metavar="N", help="at most this many clips")
    parser.add_argument("--no-plots", action="store_true", help="leave out the plots, which need matplotlib")


def run(options: Namespace) -> None:
    """Reads the recordings, animates them, measures, writes the report and says where it is."""
    from visavox.animate import load
    from visavox.data.read_folder import read_folder
    from visavox.evaluate.bench import Takes, evaluate
    from visavox.evaluate.report import write_report
    from visavox.io.assets import read_head_asset
    from visavox.rigs.head import Head

    animator = load(options.checkpoint)
    clips = read_folder(Path(options.data), limit=options.clips, report=print)
    head = Head.from_asset(read_head_asset())
    seeds = tuple(range(options.seed, options.seed + options.takes))
    evaluation = evaluate(Takes(animator, options.style), clips, head, seeds, animator.window)
    about = {
        "checkpoint": options.checkpoint or "packaged",
        "recordings": f"{len(clips)} from {Path(options.data).name}, {sum(clip.audio.seconds for clip in clips):.0f} s",
        "style": options.style or "default",
        "seeds": ", ".join(map(str, seeds)),
    }
    written = write_report(evaluation, Path(options.output), about, not options.no_plots)
    print(f"wrote {', '.join(map(str, written))}")

"""Measures a checkpoint on a folder of recordings and writes a report with plots, every number beside its controls."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from visavox.cli import evaluate_flame
from visavox.cli.evaluate_flame import FlameRequest
from visavox.cli.options import sampling as speaking
from visavox.cli.options.parser import whole
from visavox.cli.options.sampling import Speech
from visavox.errors import OptionError

HELP = "measure a checkpoint on real recordings"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the recordings, the report's folder, what is measured and how."""
    add = parser.add_argument
    add(
        "data",
        metavar="DATA",
        help="a folder of recordings: with motion of the same names (.npz) to be held against, with text, or sounds alone",
    )
    add("-o", "--output", required=True, metavar="FOLDER", help="where the report goes; it is created")
    add("--checkpoint", metavar="FILE", help="the weights to measure; the packaged ones if left out")
    beside = "another checkpoint whose figures stand beside: default, or a file; each speaks its usual style, or that of --style"
    add("--beside", metavar="FILE", help=beside)
    add("--style", metavar="NAME", help="a built-in style or a style file (.safetensors); the checkpoint's usual one (neutral) if left out")
    add("--seed", type=whole(0, 2**31 - 1), default=0, metavar="N", help="the first take's seed (default 0)")
    add("--takes", type=whole(1, 20), default=1, metavar="N", help="takes of each clip, to see how they differ")
    add("--clips", type=whole(1, 100_000), metavar="N", help="at most this many clips")
    add("--styles", action="store_true", help="also see whether styles taken from the clips' faces are recognised")
    add("--no-plots", action="store_true", help="leave out the plots, which need matplotlib")
    speaking.add_sampling(parser)
    speaking.add_precision(parser)
    evaluate_flame.add_arguments(parser)


def run(options: Namespace) -> None:
    """Reads the recordings, animates them, measures, writes the report and says where it is."""
    from visavox.io.atomic import check_folder

    flame = FlameRequest.from_options(options)
    if options.beside is not None and options.rig == "flame":
        raise OptionError("--beside is not measured on --rig flame; leave it out")
    check_folder(options.output)
    seeds = tuple(range(options.seed, options.seed + options.takes))
    if options.rig == "flame":
        written = evaluate_flame.measure(flame, Speech.from_options(options), seeds, Path(options.output))
        print(f"wrote {', '.join(map(str, written))}")
        return
    sampling = speaking.sampling_from_options(options)
    from visavox.evaluate.bench import Takes
    from visavox.evaluate.measure_folder import measure_folder
    from visavox.evaluate.report.plots import check_plots
    from visavox.evaluate.report.writing import write_report
    from visavox.loading import load

    if not options.no_plots:
        check_plots()
    animator, style = load(options.checkpoint, precision=options.precision), speaking.named_style(options.style, options.checkpoint)
    takes, beside = Takes(animator, style, sampling), None
    if options.beside is not None:
        other = None if options.beside == "default" else options.beside
        beside = Takes(load(other, precision=options.precision), speaking.named_style(options.style, other), sampling)
    evaluation, about = measure_folder(Path(options.data), takes, seeds, options.clips, options.styles, beside)
    about |= {
        "checkpoint": options.checkpoint or "packaged",
        **({} if options.beside is None else {"beside it": options.beside}),
        "style": getattr(style or animator.usual_style, "name", "average"),
        "sampling": speaking.in_words(sampling),
    }
    written = write_report(evaluation, Path(options.output), about, not options.no_plots)
    print(f"wrote {', '.join(map(str, written))}")

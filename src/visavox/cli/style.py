"""Extracts how a motion is spoken into a style file, with the style encoder of the checkpoint that shall speak so."""

from argparse import ArgumentParser, Namespace

from visavox.cli.options.parser import number

HELP = "extract the style of a motion file"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the motion, the checkpoint, where to start, the name and the output."""
    parser.add_argument("motion", metavar="MOTION.npz", help="a motion file of the rig that the model moves, at least one window long")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the style file to write, .safetensors")
    parser.add_argument("--checkpoint", metavar="FILE", help="the model that shall speak so (default: the packaged one)")
    start = "take the one window (4 s) from here, as DiffPoseTalk's script does (default: the mean of windows over all of it)"
    parser.add_argument("--start", type=number(0, 21600), metavar="SECONDS", help=start)
    parser.add_argument("--name", metavar="TEXT", help="what the style is called (default: the name of the motion file)")


def run(options: Namespace) -> None:
    """Reads, extracts and writes."""
    from pathlib import Path

    from visavox.cli.options.output import targets
    from visavox.io.motion import read_motion
    from visavox.io.style import write_style

    (target,) = targets(options.output, 1, (options.motion, options.checkpoint), (".safetensors",))
    motion = read_motion(options.motion)

    from visavox.loading import load

    style = load(options.checkpoint, ()).extract_style(motion, options.name or Path(options.motion).stem, options.start)
    write_style(style, target)
    read = f"{motion.seconds:.1f} s" if options.start is None else f"one window from {options.start:g} s on"
    print(f"wrote {target}: style {style.name}, {style.vector.size} numbers from {read}")

"""Converts your FLAME model (generic_model.pkl of 2020, flame2023.pkl, or its Open edition) into a head file; nothing in it is run."""

from argparse import ArgumentParser, Namespace

HELP = "convert your own FLAME file into a head file"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the file and the output."""
    parser.add_argument("file", metavar="FLAME.pkl", help="FLAME's model file, as downloaded from its makers")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the head file to write, .safetensors")


def run(options: Namespace) -> None:
    """Converts and says what was written."""
    from pathlib import Path

    from visavox.cli.options.output import targets
    from visavox.convert.flame import read_flame_pickle
    from visavox.io.head import write_head

    targets(options.output, 1, (options.file,), (".safetensors",))
    arrays = read_flame_pickle(options.file)
    write_head(arrays, Path(options.file).name, options.output)
    counts = f"{len(arrays['template'])} vertices, {len(arrays['faces'])} triangles"
    print(f"wrote {options.output}: {counts}, 100 identity and 50 expression shapes")

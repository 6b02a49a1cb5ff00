"""Builds the API pages from the docstrings: python -m tools.api_pages [FOLDER]"""

import sys
from pathlib import Path

import pdoc

import visavox

PUBLIC = ("visavox", "visavox.render", "visavox.export")


def build(folder: Path) -> Path:
    """The first of the pages, written into `folder`."""
    for name in visavox.__all__:
        getattr(visavox, name)  # pdoc shows what a module holds, and public names are imported when they are first used
    pdoc.pdoc(*PUBLIC, output_directory=folder)
    return folder / "visavox.html"


if __name__ == "__main__":
    print(build(Path(sys.argv[1] if len(sys.argv) > 1 else "out/api")))

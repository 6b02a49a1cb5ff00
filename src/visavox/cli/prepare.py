"""Makes a store to train on of films of people who speak: finds speech, follows faces, keeps what can be learned from and says why not.

It is resumed by running it again. docs/prepare.md tells what is checked.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from visavox.cli.options import landmarker as landmarks
from visavox.cli.options.parser import number, whole

HELP = "make a store to train on of films of people"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds films, the store, what is stated about them, what is kept, and how the work is spread."""
    parser.add_argument("films", metavar="VIDEO", type=Path, nargs="+", help="films, and folders of films")
    parser.add_argument("-o", "--output", metavar="STORE", type=Path, required=True, help="the store; made when it does not exist")
    parser.add_argument("--consent", required=True, help="how the people agreed to this use, or why nobody had to be asked")
    parser.add_argument("--licence", default="", help="the terms of use, such as 'CC BY 4.0'; required but for corpora that state theirs")
    parser.add_argument("--source", default="", help="what the set is called (default: the name of the first folder or film)")
    speaks = "who speaks in all of them (default: as the names of a corpus tell, else the folder's name, or the film's)"
    parser.add_argument("--speaker", default="", help=speaks)
    parser.add_argument("--least-face", type=number(16, 4096), metavar="PIXELS", help="the smallest face that is kept (48)")
    parser.add_argument("--most-turn", type=number(5, 90), metavar="DEGREES", help="how far the head may turn (34)")
    parser.add_argument("--jobs", type=whole(1, 1024), default=1, metavar="N", help="films that are prepared side by side (1)")
    parser.add_argument("--engine", choices=("processes", "ray"), default="processes", help="processes here, or a Ray cluster")
    landmarks.add_arguments(parser)


def run(options: Namespace) -> None:
    """Prepares and prints what was kept and where the report is."""
    from math import radians

    from visavox.cli.options.progress import progress
    from visavox.data.naming import recognised
    from visavox.errors import FileError
    from visavox.io.atomic import check_folder
    from visavox.prepare.checks import Limits
    from visavox.prepare.report import summary, write_report
    from visavox.prepare.run import find_films, prepare, sources_of
    from visavox.prepare.work import Settings

    films = find_films(options.films)
    named = options.source or options.films[0].stem
    naming = recognised(films)
    sources = sources_of(films, (options.licence, options.consent, named), options.speaker, naming)
    if naming:
        left = len(films) - len(sources)
        more = f"; left out, since others show the same better: {left}" if left else ""
        print(f"{naming.name}: the names of the films tell {naming.tells} ({len(sources)}{more})")
    model = landmarks.find_model(options.landmark_model)
    landmarks.open_landmarker(options.landmark_model)  # here, so that a model that cannot be used is one line, not one for each film
    check_folder(options.output)
    usual = Limits()
    turn = usual.turn if options.most_turn is None else radians(options.most_turn)
    limits = Limits(side=options.least_face or usual.side, turn=turn)

    def watch(results):
        return progress(results, len(sources), "preparing", "film")

    made = prepare(sources, options.output, Settings(str(model.absolute()), limits=limits), options.jobs, options.engine, watch)
    page = write_report(made, options.output)
    print(f"{summary(made)}\nwrote {options.output} and {page}")
    if made.failures and not made.outcomes:
        path, reason = next(iter(sorted(made.failures.items())))
        raise FileError(f"none of the {len(made.failures)} films could be prepared; {path}: {reason}")

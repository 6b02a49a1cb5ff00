"""Looks after stores, the folders of clips that training reads: says what is in one, checks it, makes its index, merges, splits, imports.

docs/store.md describes the folder.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from visavox.cli.options.parser import number, whole

HELP = "look after a store of clips: info, verify, index, merge, split, import"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the six things to do with a store."""
    actions = parser.add_subparsers(metavar="info|verify|index|merge|split|import", required=True, dest="action")
    for name, action, said in (
        ("info", _info, "what is in a store"),
        ("verify", _verify, "read every byte and name every problem"),
        ("index", _index, "make the index anew from the shards that are there"),
        ("split", _split, "choose the speakers to validate and test on"),
    ):
        branch = actions.add_parser(name, help=said, description=said, allow_abbrev=False)
        branch.add_argument("store", metavar="STORE", type=Path, help="the folder of a store")
        branch.set_defaults(act=action)
        if name == "split":
            _add_split_arguments(branch)
    _add_merge_arguments(actions.add_parser("merge", help="a new store with the clips of several", allow_abbrev=False))
    _add_import_arguments(actions.add_parser("import", help="recordings of people into a store", allow_abbrev=False))


def _add_split_arguments(branch: ArgumentParser) -> None:
    share = number(0.0, 0.9)
    branch.add_argument("--validation", type=share, default=0.0, help="about which share of the speakers, drawn by a hash of the name (0)")
    branch.add_argument("--test", type=share, default=0.0, help="likewise to test on (0)")
    branch.add_argument("--seed", type=whole(0, 2**31 - 1), default=0, help="another seed draws others (0)")
    for part in ("train", "validation", "test"):
        branch.add_argument(f"--{part}-speakers", metavar="NAME", nargs="+", default=[], help=f"speakers that are to be in {part}")


def _add_merge_arguments(branch: ArgumentParser) -> None:
    branch.add_argument("stores", metavar="STORE", type=Path, nargs="+", help="the stores to take from; they stay as they are")
    branch.add_argument("-o", "--output", metavar="STORE", type=Path, required=True, help="the new store")
    branch.set_defaults(act=_merge)


def _add_import_arguments(branch: ArgumentParser) -> None:
    branch.add_argument("folder", metavar="FOLDER", type=Path, help="GRID, FACEGOOD, tracked faces, Live Link takes, sounds with text")
    branch.add_argument("-o", "--output", metavar="STORE", type=Path, required=True, help="the store; made when it does not exist")
    branch.add_argument("--consent", required=True, help="how the people agreed to this use, or why nobody had to be asked")
    branch.add_argument("--licence", default="", help="the licence, where the kind of folder does not state one")
    for name in ("source", "speaker", "style", "language"):
        branch.add_argument(f"--{name}", default="", help=f"the {name} of every clip, instead of what the folder tells")
    branch.add_argument("--limit", type=whole(1, 10**7), help="import at most so many clips")
    branch.add_argument("--align", action="store_true", help="align English text to the sound where no phones are known")
    branch.set_defaults(act=_import)


def run(options: Namespace) -> None:
    """Does what was asked."""
    options.act(options)


def _info(options: Namespace) -> None:
    from visavox.data.store.index import COUNTED
    from visavox.data.store.reading import open_store

    store = open_store(options.store)
    index, split = store.index, store.split
    print(f"{options.store}: {index.rows} clips, {index.seconds / 3600:.2f} h at {index.sample_rate} Hz in {len(index.shards)} shards")
    moving = "no motion" if store.rig is None else f"motion of rig {store.rig.name} ({len(store.rig)} channels) at {index.fps:g} fps"
    print(f"{moving}; fingerprint {index.fingerprint}")
    print(f"speakers: {len(split.train)} to train on, {len(split.validation)} to validate on, {len(split.test)} to test on")
    for word in COUNTED:
        hours = [f"{value or 'not stated'} {seconds / 3600:.2f} h" for value, seconds in index.seconds_by(word).items()]
        more = f", and {len(hours) - 12} more" if len(hours) > 12 else ""
        print(f"  {word}: {', '.join(hours[:12])}{more}")


def _verify(options: Namespace) -> None:
    from visavox.cli.synth import report_progress
    from visavox.data.store.verify import verify_store
    from visavox.errors import FileError

    problems = verify_store(options.store, report_progress)
    for problem in problems:
        print(problem)
    if problems:
        raise FileError(f"{options.store} has {len(problems)} problems; each is named with what to do about it")
    print(f"{options.store} holds what its index says")


def _index(options: Namespace) -> None:
    from visavox.data.store.writing import reindex_store

    store = reindex_store(options.store, report=print)
    print(f"indexed {store.index.rows} clips in {len(store.index.shards)} shards; fingerprint {store.index.fingerprint}")


def _merge(options: Namespace) -> None:
    from visavox.data.store.writing import merge_stores
    from visavox.io.atomic import check_folder

    check_folder(options.output)
    store = merge_stores(options.stores, options.output)
    print(f"wrote {options.output}: {store.index.rows} clips, {store.index.seconds / 3600:.2f} h; fingerprint {store.index.fingerprint}")


def _split(options: Namespace) -> None:
    from visavox.data.store.reading import open_store
    from visavox.data.store.split import PARTS, Split, SplitRule
    from visavox.data.store.writing import index_store

    listed = Split(*(tuple(sorted(getattr(options, f"{part}_speakers"))) for part in PARTS))
    open_store(options.store)
    store = index_store(options.store, SplitRule(options.validation, options.test, options.seed, listed))
    for part in PARTS:
        names = getattr(store.split, part)
        print(f"{part}: {len(names)} speakers{': ' if names else ''}{', '.join(names[:12])}{' ...' if len(names) > 12 else ''}")


def _import(options: Namespace) -> None:
    from visavox.data.store.importing import Terms, import_folder
    from visavox.io.atomic import check_folder

    check_folder(options.output)
    terms = Terms(options.consent, options.licence, options.source, options.speaker, options.style, options.language)
    done = import_folder(options.folder, options.output, terms, options.limit, options.align, report=print)
    index = done.store.index
    before = f" ({done.present} were there already)" if done.present else ""
    print(f"{len(done.added)} clips came in{before}; {options.output} has {index.rows}, {index.seconds / 3600:.2f} h")

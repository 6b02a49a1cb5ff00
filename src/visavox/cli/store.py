"""Looks after stores, the folders of clips that training reads: says what is in one, checks it, makes its index, merges, splits, imports.

docs/store.md describes the folder.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.cli.options.parser import number, whole

if TYPE_CHECKING:
    from visavox.data.store.importing import Terms

HELP = "look after a store of clips: info, verify, index, merge, split, import"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the six things to do with a store."""
    actions = parser.add_subparsers(metavar="info|verify|index|merge|split|import", required=True, dest="action")
    for name, meaning in (
        ("info", "what is in a store"),
        ("verify", "read every byte and name every problem"),
        ("index", "make the index anew from the shards that are there"),
        ("split", "choose the speakers to validate and test on"),
    ):
        branch = actions.add_parser(name, help=meaning, description=meaning, allow_abbrev=False)
        branch.add_argument("store", metavar="STORE", type=Path, help="the folder of a store")
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


def _add_import_arguments(branch: ArgumentParser) -> None:
    branch.add_argument("folder", metavar="FOLDER", type=Path, help="any layout of docs/store.md: tracked faces, takes, corpora, sounds")
    branch.add_argument("-o", "--output", metavar="STORE", type=Path, required=True, help="the store; made when it does not exist")
    branch.add_argument("--consent", required=True, help="how the people agreed to this use, or why nobody had to be asked")
    branch.add_argument("--licence", default="", help="the licence, where the kind of folder does not state one")
    for name in ("source", "speaker", "style", "language"):
        branch.add_argument(f"--{name}", default="", help=f"the {name} of every clip, instead of what the folder tells")
    branch.add_argument("--limit", type=whole(1, 10**7), help="import at most so many clips")
    branch.add_argument("--align", action="store_true", help="align English text to the sound where no phones are known")


def run(options: Namespace) -> None:
    """Does what was asked."""
    if options.action == "merge":
        _merge(options.stores, options.output)
    elif options.action == "split":
        parts = options.train_speakers, options.validation_speakers, options.test_speakers
        _split(options.store, options.validation, options.test, options.seed, parts)
    elif options.action == "import":
        from visavox.data.store.importing import Terms

        terms = Terms(options.consent, options.licence, options.source, options.speaker, options.style, options.language)
        _import(options.folder, options.output, terms, options.limit, options.align)
    else:
        {"info": _info, "verify": _verify, "index": _index}[options.action](options.store)


def _info(path: Path) -> None:
    from visavox.data.store.index import COUNTED
    from visavox.data.store.reading import open_store

    store = open_store(path)
    index, split = store.index, store.split
    rate = f" at {index.sample_rate} Hz" if index.sample_rate else ""
    print(f"{path}: {index.rows} clips, {index.seconds / 3600:.2f} h{rate} in {len(index.shards)} shards")
    moving = (
        "no motion"
        if store.rig is None or not index.rows
        else f"motion of rig {store.rig.name} ({len(store.rig)} channels) at {index.fps:g} fps"
    )
    print(f"{moving}; fingerprint {index.fingerprint}")
    print(f"speakers: {len(split.train)} to train on, {len(split.validation)} to validate on, {len(split.test)} to test on")
    styled = ("style",) if any(style for entry in index.shards for style in entry.styles) else ()
    for word in COUNTED + styled:
        hours = [f"{value or 'not stated'} {seconds / 3600:.2f} h" for value, seconds in index.seconds_by(word).items()]
        more = f", and {len(hours) - 12} more" if len(hours) > 12 else ""
        print(f"  {word}: {', '.join(hours[:12])}{more}")


def _verify(path: Path) -> None:
    from visavox.cli.synth import report_progress
    from visavox.data.store.verify import verify_store
    from visavox.errors import FileError

    problems = verify_store(path, report_progress)
    for problem in problems:
        print(problem)
    if problems:
        raise FileError(f"{path} has {len(problems)} problems; each is named with what to do about it")
    print(f"{path} holds what its index says")


def _index(path: Path) -> None:
    from visavox.data.store.writing import reindex_store

    store = reindex_store(path, report=print)
    print(f"indexed {store.index.rows} clips in {len(store.index.shards)} shards; fingerprint {store.index.fingerprint}")


def _merge(stores: list[Path], output: Path) -> None:
    from visavox.data.store.writing import merge_stores
    from visavox.io.atomic import check_folder

    check_folder(output)
    store = merge_stores(stores, output)
    print(f"wrote {output}: {store.index.rows} clips, {store.index.seconds / 3600:.2f} h; fingerprint {store.index.fingerprint}")


def _split(path: Path, validation: float, test: float, seed: int, speakers: tuple[list[str], ...]) -> None:
    """Shares of the speakers, and `speakers` that are to be in each part."""
    from visavox.data.store.reading import open_store
    from visavox.data.store.split import PARTS, Split, SplitRule
    from visavox.data.store.writing import index_store

    listed = Split(*(tuple(sorted(names)) for names in speakers))
    open_store(path)
    store = index_store(path, SplitRule(validation, test, seed, listed))
    for part in PARTS:
        names = getattr(store.split, part)
        print(f"{part}: {len(names)} speakers{': ' if names else ''}{', '.join(names[:12])}{' ...' if len(names) > 12 else ''}")
    for part, share in (("validation", validation), ("test", test)):
        if share and not getattr(store.split, part):
            print(f"by the hash of its name no speaker fell to {part}; give another --seed, or name some with --{part}-speakers")


def _import(folder: Path, output: Path, terms: "Terms", most: int | None, align: bool) -> None:
    from visavox.data.readers.folder import layout_of
    from visavox.data.store.importing import import_folder
    from visavox.io.atomic import check_folder

    check_folder(output)
    print(f"{folder} is read as {layout_of(folder).name}")
    done = import_folder(folder, output, terms, most, align, report=print)
    index = done.store.index
    before = f" ({done.present} were there already)" if done.present else ""
    print(f"{len(done.added)} clips came in{before}; {output} has {index.rows}, {index.seconds / 3600:.2f} h")
    if done.unused:
        names = ", ".join(path.name for path in done.unused[:4]) + (" ..." if len(done.unused) > 4 else "")
        print(f"{len(done.unused)} left out, since no motion has their name or others hold the same: {names}")

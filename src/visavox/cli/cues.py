"""Explains cues, the timed instructions of `visavox animate --cues`.

check reads a .vtt file and says in plain words what each line asks for, or what in it is not understood. list prints every instruction.
"""

from argparse import ArgumentParser, Namespace

HELP = "explain a file of cues, or list what can be asked for"
ACTIONS = ("check", "list")


def add_arguments(parser: ArgumentParser) -> None:
    """Adds what to do and the file."""
    parser.add_argument(
        "action", choices=ACTIONS, metavar="|".join(ACTIONS), help="check: explain a file line by line; list: every instruction"
    )
    parser.add_argument("file", metavar="FILE", nargs="?", help="for check: the cues (.vtt)")


def run(options: Namespace) -> None:
    """Explains the file, or prints the vocabulary."""
    from visavox.errors import OptionError

    if (options.action == "check") != (options.file is not None):
        needs = "check needs a FILE.vtt" if options.action == "check" else "list takes no file"
        raise OptionError(f"cues {needs}; see visavox cues --help")
    check(options.file) if options.file else print_vocabulary()


def check(path: str) -> None:
    """Prints what each line of a file asks for."""
    from visavox.cues import read_cues
    from visavox.cues.grammar import explain
    from visavox.cues.kinds.free import LEFT
    from visavox.cues.webvtt import time_text
    from visavox.fields import printable

    cues, wholly = read_cues(path), True
    for cue in cues:
        meaning = explain(cue.instruction)
        wholly = wholly and LEFT not in meaning
        when = f"at {time_text(cue.start)}" if cue.momentary else f"from {time_text(cue.start)} to {time_text(cue.end)}"
        print(printable(f"line {cue.line}: {when}, {meaning}"))
    if not cues:
        print(f"{printable(path)}: no instruction; write what is to be done in the lines below a time, such as nod twice")
        return
    print(f"{printable(path)}: {len(cues)} instruction{'' if len(cues) == 1 else 's'}, {'all' if wholly else 'not all'} understood")


def print_vocabulary() -> None:
    """Prints the instructions by kind, with what they mean and examples."""
    from visavox.cues.grammar import vocabulary

    for kind, words in vocabulary():
        print(f"{kind.name}, such as: {'; '.join(kind.examples)}")
        width = max(map(len, words))
        if len(set(words.values())) == 1:
            print(f"  {', '.join(words)}: {next(iter(words.values()))}")
            continue
        for word, meaning in words.items():
            print(f"  {word:<{min(width, 34)}}  {meaning}")

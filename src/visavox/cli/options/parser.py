"""Arguments to options: a menu of verbs, one-line errors with the nearest valid name, and numbers with bounds."""

import argparse
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

from visavox.errors import DependencyError, OptionError, nearest

SHELLS = ("bash", "zsh", "fish")
ABOUT = "Visavox: speech in, a talking face out."
EXAMPLES = """
examples:
  visavox animate speech.wav -o face.mp4
  visavox animate speech.mp3 -o face.csv --seed 7 --takes 3
  visavox inspect face.npz

visavox VERB --help says what a verb takes."""


class Parser(argparse.ArgumentParser):
    """An argument parser that raises an OptionError where argparse would print its usage and exit."""

    def error(self, message: str):
        raise OptionError(f"{message}; see {self.prog} --help")

    def _get_value(self, action: argparse.Action, arg_string: str):
        """The value of one argument; an empty one, as of an unset variable in a script, is an error and not as if it was left out."""
        if not (arg_string.strip() or arg_string == action.default or isinstance(action, argparse._SubParsersAction)):
            name = action.option_strings[0] if action.option_strings else action.metavar or action.dest
            self.error(f"{name} is empty; {'leave it out, or say what it is' if action.option_strings else 'say what it is'}")
        return super()._get_value(action, arg_string)

    def format_help(self) -> str:
        """The help, whose first line names what is required alone: all options stand below it."""
        if self.usage is None and not any(isinstance(action, argparse._SubParsersAction) for action in self._actions):
            formatter, required = self._get_formatter(), [each for each in self._actions if each.option_strings and each.required]
            given = [formatter._format_args(each, each.dest) for each in self._actions if not each.option_strings]
            given += [f"{each.option_strings[0]} {formatter._format_args(each, each.dest.upper())}" for each in required]
            self.usage = " ".join([self.prog, *given, "[options]"]).replace("%", "%%")
        return super().format_help()


class _Completion(argparse.Action):
    """Prints the completion script of a shell and ends the command."""

    def __call__(self, parser, namespace, values, option_string=None):
        if values not in SHELLS:
            raise OptionError(f"there is no completion for {values!r}{nearest(values, SHELLS)}; --completion takes {', '.join(SHELLS)}")
        try:
            import shtab
        except ImportError:
            raise DependencyError("--completion needs shtab; install it with: pip install 'visavox[completion]'") from None
        _complete_files(parser, shtab.FILE)
        print(shtab.complete(parser, values))
        parser.exit()


def _complete_files(parser: argparse.ArgumentParser, files: dict) -> None:
    """Marks what takes a name of the user's own, in all verbs, as completed by `files`, and the verbs as something to complete."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            action.help = None  # a suppressed menu is one of argparse's, ours stands above
            for branch in action.choices.values():
                _complete_files(branch, files)
        elif action.nargs != 0 and action.choices is None and action.type in (None, Path):
            action.complete = files


def _name(verb: ModuleType) -> str:
    return verb.__name__.rpartition(".")[2].replace("_", "-")


def parse(verbs: Mapping[str, Sequence[ModuleType]], version: str, arguments: list[str]) -> argparse.Namespace:
    """The options of one command, `options.run` being its verb, one of `verbs` by heading; help and version print and exit as usual."""
    named = {_name(verb): verb for listed in verbs.values() for verb in listed}
    parts = ["\n".join([f"{heading}:", *(f"  {_name(verb):<12} {verb.HELP}" for verb in listed)]) for heading, listed in verbs.items()]
    menu = "\n\n".join(parts)
    parser = Parser(
        prog="visavox", usage="visavox VERB ...", description=f"{ABOUT}\n\n{menu}", epilog=EXAMPLES, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"visavox {version}", help="print the version")
    branches = parser.add_subparsers(prog="visavox", help=argparse.SUPPRESS, parser_class=Parser)
    parser.add_argument("--completion", metavar="SHELL", action=_Completion, help=f"print a script of tab completion: {', '.join(SHELLS)}")
    parsers = {}
    for name, verb in named.items():
        parsers[name] = branches.add_parser(name, help=verb.HELP, description=verb.__doc__, allow_abbrev=False)
        verb.add_arguments(parsers[name])
        parsers[name].set_defaults(run=verb.run)
    if not arguments:
        parser.parse_args(["--help"])
    if arguments[0] not in parsers and not arguments[0].startswith("-"):
        meant = f"to animate it: visavox animate {arguments[0]} -o face.mp4" if Path(arguments[0]).suffix else "see visavox --help"
        raise OptionError(f"there is no verb {arguments[0]!r}{nearest(arguments[0], parsers)}; {meant}")
    try:
        options, unknown = parser.parse_known_args(arguments)
        if unknown:
            _refuse(unknown[0], parsers[arguments[0]] if arguments[0] in parsers else parser)
    except OptionError as error:
        last = arguments[-3:]  # an option before the last two may have the first of them for its value
        given = len(last) > 2 and not any(each.startswith("-") for each in last) and not _is_choice(last[1], parsers.get(arguments[0]))
        if "required: -o/--output" in str(error) and given:
            raise OptionError(f"what to write is given with -o: {shlex.join(['visavox', *arguments[:-1], '-o', last[2]])}") from None
        dashed = next((each for each in arguments if _is_dashed_name(each)), None)
        if not dashed:
            raise
        raise OptionError(f"{error}; a name that begins with - is written ./{dashed}") from None
    return options


def _is_choice(text: str, verb: argparse.ArgumentParser | None) -> bool:
    """Whether `text` says which of several things the verb does, such as init of `visavox rig init`, and is no file."""
    return verb is not None and any(text in (action.choices or ()) for action in verb._actions if not action.option_strings)


def _is_dashed_name(text: str) -> bool:
    """Whether `text` is the name of a file that begins with -; -1.5 is a number."""
    if text[:1] != "-" or text[:2] == "--" or not Path(text).suffix:
        return False
    try:
        float(text)
    except ValueError:
        return True
    return False


def _refuse(unknown: str, parser: argparse.ArgumentParser) -> None:
    """An OptionError for an argument that the parser has no use for."""
    if unknown.startswith("-"):
        flags = [flag for action in parser._actions for flag in action.option_strings]
        raise OptionError(f"{parser.prog} knows no {unknown!r}{nearest(unknown, flags)}; see {parser.prog} --help")
    taken = [str(action.metavar) for action in parser._actions if not action.option_strings and action.metavar]
    raise OptionError(
        f"{parser.prog} takes {' and '.join(taken) or 'options alone'}, and {unknown!r} is one too many; see {parser.prog} --help"
    )


def whole(low: int, high: int) -> Callable[[str], int]:
    """A converter from text to a whole number in [low, high], whose error states both."""

    def convert(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = None
        if number is None or not low <= number <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high}")
        return number

    return convert


def number(low: float, high: float) -> Callable[[str], float]:
    """A converter from text to a number in [low, high], whose error states both."""

    def convert(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {low:g} to {high:g}")
        return value

    return convert


def rate(low: float, high: float) -> Callable[[str], float]:
    """A converter from text such as 25, 29.97 or 30000/1001 to frames per second in [low, high], whose error says what is taken."""

    def convert(text: str) -> float:
        above, _, below = text.partition("/")
        try:
            value = float(above) / float(below or 1)
        except (ValueError, ZeroDivisionError):
            value = float("nan")
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a rate from {low:g} to {high:g}, such as 25, 29.97 or 30000/1001")
        return value

    return convert

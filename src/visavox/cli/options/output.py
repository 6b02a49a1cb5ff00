"""Where results go: the names of takes, checks before long work, and the last line."""

import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from visavox.cli.options.picture import SOMEBODY, USUAL_SIZE
from visavox.errors import OptionError

USERS = {  # an option that only some formats use: which of `keeps` and `options` of `export.format` these have
    "audio": {"sound"}, "certificate": {"picture"}, "certificate_key": {"picture"}, "degrees": {"degrees"}, "head": {"character"},
    "identity": {"picture", "geometry"}, "size": {"picture"},
}  # fmt: skip
USUAL = {"identity": SOMEBODY, "size": USUAL_SIZE}  # what stands where nobody gave the option


def targets(
    output: str,
    takes: int,
    inputs: tuple[str | None, ...],
    suffixes: tuple[str, ...],
    beside: Callable[[Path], Path | None] = lambda path: None,
) -> list[Path]:
    """The files to write, `face-1.mp4, face-2.mp4 ...` for several takes; each can be written, and so can what goes `beside` it.

    An OptionError for a suffix that is not among `suffixes`, or for an output that would replace one of the `inputs` (None: not given);
    a FileError for a folder that is missing or refuses files.
    """
    from visavox.io.atomic import check_suffix, check_writable

    path = Path(output)
    length = len(check_suffix(path, suffixes))
    stem, suffix = path.name[:-length], path.name[-length:]
    paths = [path] if takes == 1 else [path.with_name(f"{stem}-{take}{suffix}") for take in range(1, takes + 1)]
    used = {Path(os.path.realpath(name)) for name in inputs if name}  # resolve() would raise at a loop of links
    for target in paths:
        if check_writable(target) in used:
            raise OptionError(f"the output {target} is also an input and would be replaced; choose another name")
        beside_it = beside(target)
        if beside_it and check_writable(beside_it) in used:
            raise OptionError(f"{beside_it}, which is written beside {target}, is also an input; choose another name")
    return paths


def refuse_unused(options: Mapping[str, object], path: Path, used: Collection[str] = ()) -> None:
    """An OptionError for one of `options`, by name, that the format of `path` has no use for; not for what something else has `used`."""
    from visavox.export import FORMATS, format_of

    chosen = format_of(path)
    for name in sorted(USERS.keys() - set(used)):
        if options.get(name) in (None, False, USUAL.get(name)) or USERS[name] & (chosen.keeps | chosen.options):
            continue
        users = ", ".join(each.suffix for each in FORMATS if USERS[name] & (each.keeps | each.options))
        raise OptionError(f"--{name.replace('_', '-')} is for {users}, and a {chosen.suffix} has no use for it; leave it out")


def report(paths: list[Path], elapsed: float, made: float, animated: bool = False) -> None:
    """Prints the last line: what was written, how long it took, and where something was `animated` how many times real time that was.

    `elapsed` and `made` are seconds: of work, and of motion written.
    """
    times = f" ({made / max(elapsed, 1e-3):.1f} times real time)" if animated else ""
    print(f"wrote {', '.join(map(str, paths))}: {made:.1f} s in {elapsed:.1f} s{times}")

"""The options of a file for another program, shared by the verbs that write one: whose face, which rig, what it says of itself."""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from visavox.cli.options.look import look_of
from visavox.errors import OptionError
from visavox.fields import printable

if TYPE_CHECKING:
    from visavox.export import Accompaniment
    from visavox.io.gltf import Gltf
    from visavox.motion import Motion
    from visavox.rigs.retargeting.rig_map import RigMap

HEADS = (".glb", ".gltf", ".vrm")
MOST_TEXT = 1 << 22  # bytes of a rig map


class Face(NamedTuple):
    """What moves in place of the default head, and how; neither when it is the default head."""

    character: "Gltf | None"
    rig_map: "RigMap | None"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds head, rig, degrees, consent and no-provenance."""
    file = parser.add_argument_group("file")
    head = "your own character (.glb, .gltf, .vrm) in a .glb, in place of the default head; a .mp4 of FLAME takes your FLAME head"
    file.add_argument("--head", metavar="FILE", help=head)
    file.add_argument("--rig", metavar="FILE", help="a rig map (.toml, see `visavox rig init`) for a face that is not ARKit's")
    file.add_argument("--degrees", action="store_true", help="rotations of a .csv in degrees, not radians")
    file.add_argument("--consent", metavar="TEXT", help="whose face or voice this is and who agreed, kept in the file")
    file.add_argument(
        "--no-provenance", action="store_true", help="do not say in the file that it is generated, by what and with which seed"
    )


def inputs(options: Namespace) -> tuple[str, ...]:
    """The files that the options name, which an output must not replace."""
    return tuple(name for name in (options.head, options.rig) if name)


def rig_map(options: Namespace) -> "RigMap | None":
    """The rig map that the options name, read and checked."""
    if not options.rig:
        return None
    from visavox.io.documents import read_text
    from visavox.rigs.retargeting.rig_map import from_toml

    advice = f"write one with: visavox rig init CHARACTER -o {options.rig}"
    return from_toml(read_text(options.rig, advice, MOST_TEXT), options.rig)


def chosen(options: Namespace, path: Path) -> Face:
    """The face that the options name for the output `path`, read and checked, before anything long begins.

    An OptionError for an option that the format has no use for; a RigError for a character that cannot be moved.
    """
    from visavox.export import format_of

    taken = format_of(path).options
    if options.degrees and "degrees" not in taken:
        raise OptionError(f"--degrees is for a .csv; {path} has its rotations as its format has them")
    if options.head and "character" not in taken:
        raise OptionError(f"--head is for a .glb; {path} holds no character of yours")
    if options.head and Path(options.head).suffix.lower() not in HEADS:
        raise OptionError(f"--head {options.head} is not one of {', '.join(HEADS)}; export the character as .glb")
    mapped = rig_map(options)
    if not options.head:
        return Face(None, mapped)
    from visavox.export.gltf.character import description, plan_of
    from visavox.io.gltf import read_gltf

    character = read_gltf(options.head)
    plan = plan_of(character, options.head, mapped)
    for line in description(character, plan):
        print(f"{printable(options.head)}: {line}")
    return Face(character, plan.rig_map)


def saying(motion: "Motion", options: Namespace) -> "Motion":
    """The motion with the consent line in its provenance, or without provenance, as the options ask."""
    if options.no_provenance:
        print(f"visavox: --no-provenance leaves out {', '.join(motion.provenance) or 'nothing that is known'}", file=sys.stderr)
        return replace(motion, provenance={})
    return replace(motion, provenance=motion.provenance | {"consent": options.consent}) if options.consent else motion


def completed(accompaniment: "Accompaniment", face: Face, options: Namespace) -> "Accompaniment":
    """The accompaniment with the face and the unit of rotations that the options ask for."""
    return replace(accompaniment, character=face.character, rig_map=face.rig_map, degrees=options.degrees)


def write(motion: "Motion", path: Path, accompaniment: "Accompaniment") -> None:
    """Writes `motion` in the format of the suffix of `path`, on the accompaniment's rig map when there is one.

    Shapes that the format holds and the rig lacks are named on standard error.
    """
    from visavox.cli.options.picture import renderer_of
    from visavox.export import export, format_of, zeroed

    if accompaniment.rig_map and not accompaniment.character:
        motion = accompaniment.rig_map.apply(motion)
    chosen = format_of(path)
    if "character" in chosen.options and not accompaniment.character:
        accompaniment = replace(accompaniment, look=look_of(accompaniment.identity))
    if "renderer" in chosen.needs and not accompaniment.renderer:
        accompaniment = replace(accompaniment, renderer=renderer_of(motion, accompaniment.identity))
    export(motion, path, accompaniment)
    say_zeroed(zeroed(motion, path), motion.rig.name, path)


def say_zeroed(names: list[str], rig: str, where: Path | str) -> None:
    """Says on standard error which shapes are 0 in `where` because the rig lacks them; nothing when it lacks none."""
    if names:
        few = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        print(f"visavox: rig {rig!r} lacks {few}, which {where} has as 0", file=sys.stderr)

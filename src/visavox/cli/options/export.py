"""The options of a file for another program, shared by the verbs that write one: whose face, which rig, what it says of itself."""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from visavox.cli.options.look import look_of
from visavox.cli.options.output import refuse_unused
from visavox.cli.options.picture import SOMEBODY, Picture, is_video
from visavox.errors import OptionError
from visavox.fields import printable
from visavox.provenance import portrayed

if TYPE_CHECKING:
    from visavox.audio import Audio
    from visavox.cli.options.model import Model
    from visavox.export import Accompaniment
    from visavox.io.gltf import Gltf
    from visavox.motion import Motion
    from visavox.rigs.retargeting.rig_map import RigMap
    from visavox.style import AnyIdentity

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


def read_rig_map(path: str | None) -> "RigMap | None":
    """The rig map in a file, checked; none for none."""
    if not path:
        return None
    from visavox.io.documents import read_text
    from visavox.rigs.retargeting.rig_map import from_toml

    advice = f"write one with: visavox rig init CHARACTER -o {path}"
    return from_toml(read_text(path, advice, MOST_TEXT), path)


@dataclass(frozen=True, eq=False)
class Target:
    """What a file for another program shall hold beside the motion: whose face, on which rig, and what it says of itself."""

    path: Path
    head: str | None = None
    rig_map: "RigMap | None" = None
    degrees: bool = False
    consent: str | None = None
    provenance: bool = True

    def __post_init__(self):
        if self.head and Path(self.head).suffix.lower() not in HEADS:
            raise OptionError(f"--head {self.head} is not one of {', '.join(HEADS)}; export the character as .glb")

    @classmethod
    def from_options(cls, options: Namespace, path: Path, model: "Model | None" = None) -> "Target":
        """What the options ask for the output `path` of a `model`, which they leave to others where it moves FLAME: whose face it is, and
        the head of a video. An OptionError for what nothing has a use for."""
        flame = model is not None and model.moves_flame
        refuse_unused(vars(options), path, ("identity", *(("head",) if is_video(path) else ())) if flame else ())
        head = None if flame and is_video(path) else options.head
        if head and options.identity != SOMEBODY and not flame:
            raise OptionError(f"--head {head} and --identity {options.identity} both say which face moves; leave one out")
        return cls(path, head, read_rig_map(options.rig), options.degrees, options.consent, not options.no_provenance)

    def face(self) -> "Face":
        """The face that moves, read and checked, before anything long begins; a RigError for a character that cannot be moved."""
        if not self.head:
            return Face(None, self.rig_map)
        from visavox.export.gltf.character import description, plan_of
        from visavox.io.gltf import read_gltf

        character = read_gltf(self.head)
        plan = plan_of(character, self.head, self.rig_map)
        for line in description(character, plan):
            print(f"{printable(self.head)}: {line}")
        return Face(character, plan.rig_map)

    def attributed(self, motion: "Motion", photo: dict | None = None) -> "Motion":
        """The motion with the consent line in its provenance and what is said of the `photo` that it moves, or without provenance."""
        if not self.provenance:
            print(f"visavox: --no-provenance leaves out {', '.join(motion.provenance) or 'nothing that is known'}", file=sys.stderr)
            return replace(motion, provenance={})
        statement = motion.provenance | ({"consent": self.consent} if self.consent else {})
        return replace(motion, provenance=portrayed(statement, photo) if photo else statement)

    def accompaniment(self, audio: "Audio | None", identity: "AnyIdentity", face: "Face") -> "Accompaniment":
        """What goes with the motion into the file."""
        from visavox.export import Accompaniment

        return Accompaniment(audio, identity=identity, character=face.character, rig_map=face.rig_map, degrees=self.degrees)


def write(motion: "Motion", path: Path, accompaniment: "Accompaniment", picture: Picture) -> bool:
    """Writes `motion` in the format of the suffix of `path`, on the accompaniment's rig map when there is one; whether `picture` was drawn.

    Shapes that the format holds and the rig lacks are named on standard error.
    """
    from visavox.export import export, format_of, zeroed

    if accompaniment.rig_map and not accompaniment.character:
        motion = accompaniment.rig_map.apply(motion)
    chosen = format_of(path)
    if "character" in chosen.options and not accompaniment.character:
        accompaniment = replace(accompaniment, look=look_of(accompaniment.identity))
    if "renderer" in chosen.needs:
        accompaniment = replace(accompaniment, renderer=picture.renderer(motion))
    export(motion, path, accompaniment)
    say_zeroed(zeroed(motion, path), motion.rig.name, path)
    return "renderer" in chosen.needs


def say_zeroed(names: list[str], rig: str, where: Path | str) -> None:
    """Says on standard error which shapes are 0 in `where` because the rig lacks them; nothing when it lacks none."""
    if names:
        few = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
        print(f"visavox: rig {rig!r} lacks {few}, which {where} has as 0", file=sys.stderr)

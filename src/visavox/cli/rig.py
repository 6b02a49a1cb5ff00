"""Fits a character of yours to the face.

init writes a map (.toml) from the names of the character's shapes; edit it, then give it to animate, export or play as --rig.
For a character without face shapes, landmarks writes a file (.toml) of points to fill in or correct, and transfer writes the
character with the 52 ARKit shapes (.glb). Look at the --sheet before you use it.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from visavox.io.gltf import Gltf

HELP = "map the face onto your own character, or give it shapes"
MOST_TEXT = 1 << 22  # bytes of a landmarks file
SUFFIXES = {"init": (".toml",), "landmarks": (".toml",), "transfer": (".glb",)}


def add_arguments(parser: ArgumentParser) -> None:
    """Adds what to do, the character, its landmarks and the outputs."""
    parser.add_argument(
        "action",
        choices=tuple(SUFFIXES),
        metavar="|".join(SUFFIXES),
        help="init: a map from names; landmarks: points to fill in; transfer: shapes",
    )
    parser.add_argument("character", metavar="CHARACTER", help="your character: .glb, .gltf or .vrm")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="the .toml to write; for transfer the .glb")
    parser.add_argument("--landmarks", metavar="FILE", help="for transfer: the points of the character's face (.toml)")
    parser.add_argument("--sheet", metavar="PNG", help="for transfer: a picture of the character in each of its new shapes")


def run(options: Namespace) -> None:
    """Checks the options, then does what was asked and says what came of it."""
    from visavox.cli.options.output import targets
    from visavox.errors import OptionError
    from visavox.io.gltf import read_gltf

    if (options.action == "transfer") != bool(options.landmarks):
        raise OptionError(
            "rig transfer needs --landmarks FILE.toml; write one with: visavox rig landmarks CHARACTER -o FILE.toml"
            if options.action == "transfer" else f"rig {options.action} takes no --landmarks; leave it out"
        )  # fmt: skip
    if options.sheet and options.action != "transfer":
        raise OptionError(f"rig {options.action} draws no sheet; leave --sheet out")
    inputs = (options.character, options.landmarks)
    (target,) = targets(options.output, 1, inputs, SUFFIXES[options.action])
    sheet = targets(options.sheet, 1, (*inputs, str(target)), (".png",))[0] if options.sheet else None
    given = Named(options.character, read_gltf(options.character))
    {"init": _init, "landmarks": _propose, "transfer": _transfer}[options.action](given, target, options.landmarks, sheet)


class Named(NamedTuple):
    """A character and the file that it was read from."""

    file: str
    character: "Gltf"


def _init(given: Named, target: Path, _landmarks, _sheet) -> None:
    from visavox.export.gltf.character import description, map_of, plan_of
    from visavox.io.atomic import write_bytes

    proposed = map_of(given.character, Path(given.file).stem)
    write_bytes(proposed.to_toml().encode(), target)
    print(f"wrote {target}: {len(proposed.channels)} shapes follow the face, {len(proposed.unmapped)} do not")
    for line in description(given.character, plan_of(given.character, given.file, proposed)):
        print(line)


def _propose(given: Named, target: Path, _landmarks, _sheet) -> None:
    from visavox.export.gltf.shapes import Character, eye_places
    from visavox.io.atomic import write_bytes
    from visavox.rigs.heads.default_head import Head
    from visavox.rigs.transfer.landmark_proposal import proposed_landmarks
    from visavox.rigs.transfer.landmarks import landmarks_toml

    surface = Character.from_asset(given.character).surface
    proposed = proposed_landmarks(Head.default(), surface, eye_places(given.character))
    write_bytes(landmarks_toml(Path(given.file).stem, proposed).encode(), target)
    message = f"{len(proposed)} points are proposed; look at each" if proposed else "nothing can be proposed; fill in each point"
    print(f"wrote {target}: {message}, then run")
    print(f"visavox rig transfer {given.file} --landmarks {target} -o with_shapes.glb --sheet sheet.png")


def _transfer(given: Named, target: Path, landmarks_file: str, sheet: Path | None) -> None:
    import numpy as np

    from visavox.export.gltf.shapes import Character, eye_places
    from visavox.io.atomic import write_bytes
    from visavox.io.documents import read_text
    from visavox.io.gltf import write_glb
    from visavox.io.png import png_bytes
    from visavox.rigs.arkit import SHAPES
    from visavox.rigs.heads.default_head import Head
    from visavox.rigs.transfer.landmarks import read_landmarks
    from visavox.rigs.transfer.transfer import transfer

    text = read_text(landmarks_file, f"write one with: visavox rig landmarks CHARACTER -o {landmarks_file}", MOST_TEXT)
    mine = Character.from_asset(given.character)
    landmarks = read_landmarks(text, landmarks_file, mine.place)
    head = Head.default()
    found = transfer(head, mine.surface, landmarks, eye_places(given.character) is not None)
    write_glb(mine.with_shapes(SHAPES, found.offsets), target)
    middle, most = np.percentile(found.residual, (50, 95)) * 1000
    lids = " and ".join(f"{gap * 1000:.1f}" for gap in found.lids_left)
    print(f"wrote {target}: {len(SHAPES)} shapes on {len(mine.surface.points)} vertices (millimetres at an adult's size)")
    print(f"fit: {found.coverage:.0%} of the face covered, {middle:.1f} mm apart in the middle, {most:.1f} mm in 95 of 100 vertices")
    print(f"lips open by {found.mouth_opens * 1000:.0f} mm and close to {found.lips_left * 1000:.1f} mm; lids close to {lids} mm")
    if sheet:
        from visavox.cli.options.cache import keep_compiled

        keep_compiled()
        from visavox.render.sheet import contact_sheet

        picture = contact_sheet(found.target, mine.colours(), SHAPES, found.laid_offsets)
        write_bytes(png_bytes(picture), sheet)
        print(f"wrote {sheet}: look at it before you use the shapes")

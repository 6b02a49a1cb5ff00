"""Proposes how the shapes of your own character follow the face, from their names: `visavox rig init character.glb -o my_rig.toml`.

Edit the file, then give it to animate, export or stream as --rig my_rig.toml.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

HELP = "map the face onto your own character"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds what to do, the character and the output."""
    parser.add_argument("action", choices=("init",), help="init: propose a map from the names of the character's shapes")
    parser.add_argument("character", metavar="CHARACTER", help="your character: .glb, .gltf or .vrm")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="the map to write, .toml")


def run(options: Namespace) -> None:
    """Reads the character, writes the map, and says what nothing moves."""
    from visavox.cli.output import targets
    from visavox.export.gltf_character import map_of
    from visavox.io.atomic import write_bytes
    from visavox.io.gltf import read_gltf
    from visavox.rigs.retarget import unused_channels

    (target,) = targets(options.output, 1, (options.character,), (".toml",))
    proposed = map_of(read_gltf(options.character), Path(options.character).stem)
    write_bytes(proposed.to_toml().encode(), target)
    print(f"wrote {target}: {len(proposed.channels)} shapes follow the face, {len(proposed.unmapped)} do not")
    unused = unused_channels(proposed)
    if unused:
        few = ", ".join(unused[:8]) + (f" and {len(unused) - 8} more" if len(unused) > 8 else "")
        print(f"nothing of the character shows {few}")

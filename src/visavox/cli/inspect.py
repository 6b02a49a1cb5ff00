"""Says what a file holds: a motion, a checkpoint, a style, a portrait, a character, a recording, a video or a picture."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.errors import FileError, RigError
from visavox.fields import printable

if TYPE_CHECKING:
    from visavox.motion import Motion

HELP = "say what a file holds: motion, checkpoint, style, character, sound, video"
MOVING = 10  # channels listed, those that move most
TENSORS, CHARACTERS = (".safetensors", ".pt", ".pth", ".ckpt", ".portrait"), (".glb", ".gltf", ".vrm")
KNOWN = (
    "a motion (.npz, .parquet, a Live Link .csv), a checkpoint or style (.safetensors), a portrait, "
    "a character (.glb, .gltf, .vrm), a recording, a video or a picture"
)


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the file."""
    parser.add_argument("file", metavar="FILE", help=KNOWN)


def run(options: Namespace) -> None:
    """Prints the description of the file."""
    print("\n".join(_describe(options.file)))


def _describe(path: str) -> list[str]:
    if Path(path).is_dir():
        raise FileError(
            f"{printable(path)} is a folder; name a file in it, or see what a store holds: visavox store info {printable(path)}"
        )
    suffix = Path(path).suffix.lower()
    if suffix in TENSORS:
        return _tensors(path)
    if suffix in (".npz", ".parquet"):
        return _motion(path)
    if suffix == ".csv":
        return _take(path)
    if suffix in CHARACTERS:
        return _character(path)
    return _media(path)


def _media(path: str) -> list[str]:
    from visavox.io.video_tracks import read_media

    media = read_media(path)
    if media is None:
        from visavox.io.motion import begins_like_motion

        if begins_like_motion(path):
            return _motion(path)
        raise FileError(f"{printable(path)} is of no kind that is known; give {KNOWN}")
    lines = [
        f"{'picture' if media.still else 'film':<8} "
        + (f"{each.width} x {each.height} pixels, " if each.width else "")
        + each.codec
        + (f", {each.fps:.5g} fps" if each.fps else "")
        + (f", {each.seconds:.2f} s" if each.seconds else "")
        for each in media.pictures
    ]
    for each in media.sounds:
        channels = "mono" if each.channels == 1 else f"{each.channels} channels"
        lasts = f", {each.seconds:.2f} s" if each.seconds else ""
        lines.append(f"{'sound':<8} {each.sample_rate} Hz, {channels}, {each.codec}{lasts}")
    return lines + (_making(path) if media.pictures and not media.still else [])


def _making(path: str) -> list[str]:
    from visavox.io.video import read_video_provenance

    return _facts(read_video_provenance(path)) or ["says nothing of its making"]


def _take(path: str) -> list[str]:
    from visavox.data.readers.live_link import is_live_link, read_live_link_csv

    try:
        ours = is_live_link(Path(path))
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror}); check its name and permissions") from None
    if not ours:
        raise FileError(f"{path} is a table, not a take of Live Link (Timecode, BlendshapeCount ...); give {KNOWN}")
    motion, seen = read_live_link_csv(Path(path))
    return [*_moving(motion), f"a face in {100 * seen.mean():.0f} % of the frames of Live Link"]


def _character(path: str) -> list[str]:
    from visavox.export.gltf.character import description, plan_of
    from visavox.io.gltf import read_gltf

    character = read_gltf(path)
    lines = [f"character {len(character.document.get('meshes', []))} meshes, {len(character.document.get('nodes', []))} nodes"]
    lines += [f"animation {printable(str(each.get('name', 'without a name')))}" for each in character.document.get("animations", [])]
    stated = character.document["asset"].get("extras")
    stated = stated.get("visavox") if isinstance(stated, dict) else None
    lines += _facts(stated) if isinstance(stated, dict) else []
    try:
        return lines + description(character, plan_of(character, path))
    except RigError as error:
        return [*lines, str(error)]


def _facts(stated: dict) -> list[str]:
    """A line for each fact; what lies one level down stands beside the rest."""
    flat: dict = {}
    for key, value in stated.items():
        flat |= value if isinstance(value, dict) else {key: value}
    return [f"{printable(str(key)):<8} {printable(str(value))}" for key, value in sorted(flat.items(), key=str)]


def _motion(path: str) -> list[str]:
    from visavox.io.motion import read_motion

    return _moving(read_motion(path))


def _moving(motion: "Motion") -> list[str]:
    ranges = sorted(
        ((float(motion.channel(c.name).min()), float(motion.channel(c.name).max()), c) for c in motion.rig.channels),
        key=lambda entry: entry[0] - entry[1],
    )
    lines = [
        f"motion   {motion.frames} frames at {motion.fps:g} fps, {motion.seconds:.2f} s",
        f"rig      {motion.rig.name}, {len(motion.rig)} channels",
        *_facts(motion.provenance),
        f"{'channel':<22}{'lowest':>9}{'highest':>9}  unit",
        *(f"{channel.name:<22}{low:9.3f}{high:9.3f}  {channel.unit}" for low, high, channel in ranges[:MOVING]),
    ]
    return lines + ([f"and {len(ranges) - MOVING} channels that move less"] if len(ranges) > MOVING else [])


def _tensors(path: str) -> list[str]:
    from visavox.io.tensors import read_header
    from visavox.portrait.files import AGAIN, is_portrait, read_portrait

    if is_portrait(path):
        read_portrait(path)  # its pixels and points may be damaged where its header is whole
    header = read_header(path, AGAIN) if is_portrait(path) else read_header(path)
    return [f"{header.pop('kind')}", *_lines(header, 1)]


def _lines(header: dict, depth: int) -> list[str]:
    """The header as indented lines; long lists are counted, not listed."""
    lines = []
    for key, value in header.items():
        if isinstance(value, dict):
            lines += [f"{'  ' * depth}{key}", *_lines(value, depth + 1)]
        elif isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
            for number, entry in enumerate(value, 1):
                lines += [f"{'  ' * depth}{key} {number}", *_lines(entry, depth + 1)]
        elif isinstance(value, list) and len(value) > MOVING:
            lines.append(f"{'  ' * depth}{key}: {len(value)} entries")
        else:
            lines.append(f"{'  ' * depth}{key}: {value}")
    return lines

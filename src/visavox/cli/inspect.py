"""Says what a motion file (.npz, .parquet), a checkpoint or a style file (.safetensors) holds."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from visavox.fields import printable

HELP = "say what a motion, checkpoint or style file holds"
MOVING = 10  # channels listed, those that move most


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the file."""
    parser.add_argument("file", metavar="FILE", help="a .npz or .parquet motion, or a .safetensors checkpoint or style")


def run(options: Namespace) -> None:
    """Prints the description of the file."""
    suffix = Path(options.file).suffix.lower()
    describe = _tensors if suffix in (".safetensors", ".pt", ".pth", ".ckpt") else _video if suffix == ".mp4" else _motion
    print("\n".join(describe(options.file)))


def _video(path: str) -> list[str]:
    from visavox.io.video import read_video_provenance

    provenance = read_video_provenance(path)
    stated = [f"{key:<8} {printable(str(value))}" for key, value in sorted(provenance.items())]
    return ["video", *(stated or ["says nothing of its making"])]


def _motion(path: str) -> list[str]:
    from visavox.io.motion import read_motion

    motion = read_motion(path)
    ranges = sorted(
        ((float(motion.channel(c.name).min()), float(motion.channel(c.name).max()), c) for c in motion.rig.channels),
        key=lambda entry: entry[0] - entry[1],
    )
    lines = [
        f"motion   {motion.frames} frames at {motion.fps:g} fps, {motion.seconds:.2f} s",
        f"rig      {motion.rig.name}, {len(motion.rig)} channels",
        *(f"{key:<8} {printable(str(value))}" for key, value in sorted(motion.provenance.items())),
        f"{'channel':<22}{'lowest':>9}{'highest':>9}  unit",
        *(f"{channel.name:<22}{low:9.3f}{high:9.3f}  {channel.unit}" for low, high, channel in ranges[:MOVING]),
    ]
    return lines + ([f"and {len(ranges) - MOVING} channels that move less"] if len(ranges) > MOVING else [])


def _tensors(path: str) -> list[str]:
    from visavox.io.tensors import read_header

    header = read_header(path)
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

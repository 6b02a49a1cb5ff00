"""Converts the files of another system into ours; today those of DiffPoseTalk: its checkpoints, styles (.npy) and motion (.npz)."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

HELP = "convert files of another system (diffposetalk)"
CHECKPOINTS = (".pt", ".pth", ".ckpt")


def add_arguments(parser: ArgumentParser) -> None:
    """Adds the system, the file, what belongs to it and the output."""
    parser.add_argument("system", choices=("diffposetalk",), help="where the file comes from")
    parser.add_argument("file", metavar="FILE", help="a denoiser (.pt), a style (.npy, .npz) or a motion (.npz with exp and pose)")
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help=".safetensors for checkpoints and styles, .npz for motion")
    parser.add_argument("--stats", metavar="NPZ", help="stats_train.npz, which a checkpoint needs")
    parser.add_argument("--style-encoder", metavar="FILE", help="the style encoder's checkpoint (.pt), so that styles can be extracted")
    parser.add_argument("--model", metavar="FILE", help="the converted checkpoint that a style belongs to")


@dataclass(frozen=True)
class ConvertRequest:
    """Which `file` becomes which `output`, and what belongs to it: statistics, a style encoder, the converted model of a style."""

    file: str
    output: str
    stats: str | None = None
    style_encoder: str | None = None
    model: str | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """All the files that are read."""
        return tuple(name for name in (self.file, self.stats, self.style_encoder, self.model) if name)


def run(options: Namespace) -> None:
    """Converts by the suffix of the file."""
    from visavox.cli.options.output import targets

    asked = ConvertRequest(options.file, options.output, options.stats, options.style_encoder, options.model)
    maker, written = _maker(asked.file)
    targets(asked.output, 1, asked.inputs, (written,))
    print(f"wrote {asked.output}: {maker(asked)}")


def _maker(file: str) -> tuple[Callable[[ConvertRequest], str], str]:
    """What converts a file, by its suffix and for a .npz by what it holds, and the suffix of what it writes."""
    from pathlib import Path

    from visavox.convert.diffposetalk import npz_kind
    from visavox.errors import OptionError

    suffix = Path(file).suffix.lower()
    if suffix in CHECKPOINTS:
        return _checkpoint, ".safetensors"
    if suffix not in (".npy", ".npz"):
        raise OptionError(f"{file} ends in {suffix or 'nothing'}; known are {', '.join((*CHECKPOINTS, '.npy', '.npz'))}")
    kind = "style" if suffix == ".npy" else npz_kind(file)
    if kind == "shape":
        raise OptionError(f"{file} holds a face (shape), which is used as it is: give it to --identity")
    return (_motion, ".npz") if kind == "motion" else (_style, ".safetensors")


def _checkpoint(asked: ConvertRequest) -> str:
    from visavox.checkpoint import save
    from visavox.convert.diffposetalk import convert, denoiser_config, read_denoiser, read_statistics, read_style_encoder
    from visavox.errors import OptionError

    if asked.stats is None:
        raise OptionError(f"{asked.file} needs the statistics of its training data: give stats_train.npz with --stats")
    denoiser = read_denoiser(asked.file)
    style = read_style_encoder(asked.style_encoder) if asked.style_encoder else None
    config = denoiser_config(denoiser)
    checkpoint = convert(denoiser, style, read_statistics(asked.stats, "headX" in config.rig))
    save(checkpoint, asked.output)
    styles = "with its style encoder" if style else "without a style encoder: give styles as files, none can be extracted"
    return f"{len(config.rig)} channels of step {denoiser.step}, {styles}"


def _style(asked: ConvertRequest) -> str:
    from visavox.checkpoint import load
    from visavox.convert.diffposetalk import read_style
    from visavox.convert.diffposetalk_styles import check_style
    from visavox.errors import OptionError
    from visavox.io.style import write_style

    if asked.model is None:
        raise OptionError(f"{asked.file} is a style of one style encoder: name the converted checkpoint that has it with --model")
    checkpoint = load(asked.model)
    style = read_style(asked.file, checkpoint.style_encoder)
    check_style(style, asked.file, checkpoint)
    write_style(style, asked.output)
    return f"style {style.name}, {style.vector.size} numbers"


def _motion(asked: ConvertRequest) -> str:
    from visavox.convert.diffposetalk import read_motion
    from visavox.io.motion import write_motion

    motion = read_motion(asked.file)
    write_motion(motion, asked.output)
    return f"{motion.frames} frames of rig {motion.rig.name}"

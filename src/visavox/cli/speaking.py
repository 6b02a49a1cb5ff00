"""The options of how a face speaks: checkpoint, style, seed, guidance and steps; checked before anything heavy is loaded."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.cli.parser import number, whole
from visavox.errors import OptionError

if TYPE_CHECKING:
    from visavox.animate import Sampling
    from visavox.style import Style

# The machine-readable mark of synthetic media, in the vocabulary of the International Press Telecommunications Council.
SYNTHETIC = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds seed, style, guidance, steps and checkpoint."""
    speech = parser.add_argument_group("speaking")
    seed = whole(0, 2**31 - 1)
    speech.add_argument("--seed", type=seed, default=0, metavar="N", help="another seed, another take (default: 0)")
    speech.add_argument("--style", metavar="NAME|FILE", help="a built-in style or a .safetensors file (default: neutral)")
    speech.add_argument("--style-guidance", type=number(0, 20), metavar="X", help="how strongly the style is followed")
    speech.add_argument("--audio-guidance", type=number(0, 20), metavar="X", help="how strongly the sound is followed")
    speech.add_argument("--steps", type=whole(1, 1000), metavar="N", help="diffusion steps: more is slower and finer")
    speech.add_argument("--checkpoint", metavar="FILE", help="another model (.safetensors)")


def checked_style(options: argparse.Namespace) -> "Style | None":
    """The style that the options name, or none, once style and steps were found to fit the checkpoint's header."""
    from visavox.checkpoint import inspect
    from visavox.io.assets import built_in_style, default_checkpoint
    from visavox.io.style import read_style

    style = None
    if options.style:
        is_file = Path(options.style).suffix == ".safetensors"
        style = read_style(options.style) if is_file else built_in_style(options.style)
    header = inspect(options.checkpoint or default_checkpoint())
    if style:
        style.check_encoder(str(header.get("style_encoder")))
    most = header.get("config", {}).get("denoiser", {}).get("steps", 1)
    if options.steps and options.steps > most:
        raise OptionError(f"--steps {options.steps} is more than the {most} that this model was trained with; give fewer")
    return style


def sampling_of(options: argparse.Namespace) -> "Sampling":
    """How motion is drawn: the options that were given, the model's own choice for the rest."""
    from visavox.animate import Sampling

    usual = Sampling()
    audio, style = options.audio_guidance, options.style_guidance
    return Sampling(
        options.steps or usual.steps,
        usual.audio_guidance if audio is None else audio,
        usual.style_guidance if style is None else style,
    )


def provenance(options: argparse.Namespace) -> dict:
    """What a file says about its making: from which sound, in which style, by which model; names, never paths."""
    return {
        "source": Path(options.speech).name,
        "style": Path(options.style).stem if options.style else "average",
        "checkpoint": Path(options.checkpoint).stem if options.checkpoint else "default",
        "digital_source_type": SYNTHETIC,
    }

"""The options of how a face speaks: checkpoint, style, seed, guidance and steps; checked before anything heavy is loaded."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.cli.options.parser import nearest, number, whole
from visavox.errors import OptionError

if TYPE_CHECKING:
    from visavox.sampling import Sampling
    from visavox.style import AnyIdentity, FlameIdentity, Style

FOREIGN_STYLES = {
    ".npy": "visavox convert diffposetalk STYLE.npy --model CHECKPOINT -o STYLE.safetensors",
    ".npz": "of a motion by visavox style MOTION.npz --checkpoint CHECKPOINT -o STYLE.safetensors, of a stored style by visavox convert "
    "diffposetalk STYLE.npz --model CHECKPOINT -o STYLE.safetensors",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds seed, style, checkpoint and how motion is drawn."""
    speech = parser.add_argument_group("speaking")
    seed = whole(0, 2**31 - 1)
    speech.add_argument("--seed", type=seed, default=0, metavar="N", help="another seed, another take (default: 0)")
    speech.add_argument("--style", metavar="NAME|FILE", help="a built-in style or a .safetensors file (default: the model's usual one)")
    speech.add_argument("--checkpoint", metavar="FILE", help="another model (.safetensors)")
    add_sampling(parser)


def add_sampling(parser: argparse.ArgumentParser) -> None:
    """Adds how motion is drawn from the model: guidance, steps, sampler and threshold."""
    drawn = parser.add_argument_group("sampling")
    drawn.add_argument("--style-guidance", type=number(0, 20), metavar="X", help="how strongly the style is followed")
    drawn.add_argument("--audio-guidance", type=number(0, 20), metavar="X", help="how strongly the sound is followed")
    drawn.add_argument("--steps", type=whole(1, 1000), metavar="N", help="diffusion steps: more is slower and finer (default: 10)")
    drawn.add_argument("--sampler", metavar="NAME", help="dpm-solver (default) and ddim for few steps, ddpm for many")
    guide = "incremental: style on top of sound; independent: each on its own (default: as the model was trained)"
    drawn.add_argument("--guide", metavar="NAME", help=guide)
    drawn.add_argument(
        "--threshold", type=number(0.5, 1), metavar="Q", help="clamp each prediction at this quantile of its values, in DiffPoseTalk 0.99"
    )
    drawn.add_argument("--threshold-guided", action="store_true", help="clamp what guidance made of them, not each prediction")
    drawn.add_argument("--encode-at-once", action="store_true", help="encode all of the sound in one piece, as DiffPoseTalk does")
    blend = "how far the end of a window follows the next window's view of it, 0 (as DiffPoseTalk) to 1 (default)"
    drawn.add_argument("--blend", type=number(0, 1), metavar="X", help=blend)


def checked_style(options: argparse.Namespace) -> "Style | None":
    """The style that the options name, or none, once style, steps and sampler were found to fit the checkpoint's header."""
    from visavox.io.assets import named_style

    if options.style and Path(options.style).suffix.lower() in FOREIGN_STYLES:
        raise OptionError(f"--style {options.style} is no style file; make one of it: {FOREIGN_STYLES[Path(options.style).suffix.lower()]}")
    style = named_style(options.style) if options.style else None
    header = _header(options)
    if style:
        style.check_encoder(str(header.get("style_encoder")), *map(str, header.get("speaks_styles_of", ())))
    most = header.get("config", {}).get("denoiser", {}).get("steps", 1)
    if options.steps and options.steps > most:
        raise OptionError(f"--steps {options.steps} is more than the {most} that this model was trained with; give fewer")
    sampling_of(options)
    return style


def checked_identity(options: argparse.Namespace, suffix: str) -> "tuple[AnyIdentity, FlameIdentity | None]":
    """Who is drawn, and who the model is told speaks (None: it is told nobody), for an output of that `suffix`.

    A model that moves FLAME is told the face of a shape file (.npy or .npz of the authors of DiffPoseTalk), which a video then shows;
    every other one draws a preset. An OptionError when --identity is the other kind's, or a video lacks its user's FLAME head.
    """
    from visavox.cli.options.picture import SUFFIX, identity_of, is_shape_file, shape_of
    from visavox.io.head import CONVERT
    from visavox.rigs.heads.flame_head import MEAN_FACE
    from visavox.style import Identity

    if not moves_flame(options):
        if is_shape_file(options):
            rig = f"this model moves {_header(options)['rig']['name']!r}"
            raise OptionError(f"--identity {options.identity} is a shape of FLAME, {rig}; name a preset or another --checkpoint")
        return identity_of(options), None
    shape, video = shape_of(options), suffix.lower() == SUFFIX
    if video and not options.head:
        raise OptionError(f"a {SUFFIX} of this model needs your FLAME head: give it with --head flame.safetensors; {CONVERT}")
    return (shape or MEAN_FACE) if video else Identity(), shape


def moves_flame(options: argparse.Namespace) -> bool:
    """Whether the chosen model moves a FLAME head."""
    from visavox.rigs.flame import EXPRESSION

    return EXPRESSION[0] in [channel["name"] for channel in _header(options)["rig"]["channels"]]


def sampling_of(options: argparse.Namespace) -> "Sampling":
    """How motion is drawn: the options that were given, the usual choice for the rest."""
    from visavox.diffusion.guidance import GUIDES, Threshold
    from visavox.diffusion.sampler import SAMPLERS
    from visavox.sampling import Sampling

    for flag, name, known in (("sampler", options.sampler, SAMPLERS), ("guide", options.guide, GUIDES)):
        if name and name not in known:
            raise OptionError(f"there is no {flag} {name!r}{nearest(name, known)}; choose one of {', '.join(known)}")
    if options.threshold_guided and options.threshold is None:
        raise OptionError("--threshold-guided says where to clamp, not how far; add --threshold, such as --threshold 0.99")
    threshold = None if options.threshold is None else Threshold(options.threshold, per_branch=not options.threshold_guided)
    given = {
        "steps": options.steps, "audio_guidance": options.audio_guidance, "style_guidance": options.style_guidance,
        "guide": GUIDES.get(options.guide), "sampler": options.sampler, "threshold": threshold, "blend": options.blend,
        "encode_at_once": options.encode_at_once,
    }  # fmt: skip
    return Sampling(**{name: value for name, value in given.items() if value is not None})


def in_words(sampling: "Sampling") -> str:
    """How motion was drawn, for a report."""
    guide = "guided as trained" if sampling.guide is None else sampling.guide.__name__
    words = f"{sampling.sampler}, {sampling.steps} steps, audio guidance {sampling.audio_guidance:g}, style guidance "
    words += f"{sampling.style_guidance:g}, {guide}, blend {sampling.blend:g}"
    if sampling.threshold is None:
        return words
    return f"{words}, threshold {sampling.threshold.quantile:g} of {'each' if sampling.threshold.per_branch else 'the guided'} prediction"


def _header(options: argparse.Namespace) -> dict:
    from visavox.checkpoint import inspect
    from visavox.io.assets import default_checkpoint

    return inspect(options.checkpoint or default_checkpoint())

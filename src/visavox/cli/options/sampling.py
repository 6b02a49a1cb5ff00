"""The options of how a face speaks: checkpoint, style, seed, guidance and steps; checked before anything heavy is loaded."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.cli.options.model import Model
from visavox.cli.options.parser import number, whole
from visavox.errors import OptionError, nearest
from visavox.models.precision import check_precision

if TYPE_CHECKING:
    from visavox.sampling import Sampling
    from visavox.style import Style

FOREIGN_STYLES = {
    ".npy": "visavox convert diffposetalk STYLE.npy --model CHECKPOINT -o STYLE.safetensors",
    ".npz": "of a motion by visavox style MOTION.npz --checkpoint CHECKPOINT -o STYLE.safetensors, of a stored style by visavox convert "
    "diffposetalk STYLE.npz --model CHECKPOINT -o STYLE.safetensors",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds seed, style, checkpoint and how motion is drawn."""
    add_speaker(parser)
    add_sampling(parser)


def given_from_options(options: argparse.Namespace) -> list[str]:
    """Which of these options were given: their names, as they are written."""
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    return [each.option_strings[0] for each in parser._actions if getattr(options, each.dest) != each.default]


def add_speaker(parser: argparse.ArgumentParser) -> None:
    """Adds seed, style and checkpoint."""
    speech = parser.add_argument_group("speaking")
    seed = whole(0, 2**31 - 1)
    speech.add_argument("--seed", type=seed, default=0, metavar="N", help="another seed, another take (default: 0)")
    style = (
        "a built-in style, a .safetensors file or a film of somebody; or a mix, calm:0.3,anna.safetensors:0.7 (default: the model's usual)"
    )
    speech.add_argument("--style", metavar="NAME|FILE", help=style)
    speech.add_argument("--checkpoint", metavar="FILE", help="another model (.safetensors)")
    add_precision(speech)


def add_precision(parser: argparse.ArgumentParser) -> None:
    """Adds the precision of the denoiser."""
    precision = "of the denoiser: float32 or int8 (default: int8 where the processor has instructions for it)"
    parser.add_argument("--precision", metavar="NAME", help=precision)


def add_sampling(parser: argparse.ArgumentParser) -> None:
    """Adds how motion is drawn from the model: guidance, steps, sampler and threshold."""
    drawn = parser.add_argument_group("sampling")
    drawn.add_argument("--style-guidance", type=number(0, 20), metavar="X", help="how strongly the style is followed (default: 1)")
    drawn.add_argument("--audio-guidance", type=number(0, 20), metavar="X", help="how strongly the sound is followed (default: 1)")
    drawn.add_argument("--steps", type=whole(1, 1000), metavar="N", help="diffusion steps: more is slower and finer (default: 4)")
    drawn.add_argument("--sampler", metavar="NAME", help="dpm-solver (default) and ddim for few steps, ddpm for many")
    guide = "incremental: style on top of sound; independent: each on its own (default: as the model was trained)"
    drawn.add_argument("--guide", metavar="NAME", help=guide)
    drawn.add_argument(
        "--threshold", type=number(0.5, 1), metavar="Q", help="clamp each prediction at this quantile of its values, in DiffPoseTalk 0.99"
    )
    drawn.add_argument("--threshold-guided", action="store_true", help="clamp what guidance made of them, not each prediction")
    drawn.add_argument("--encode-at-once", action="store_true", help="encode all of the sound in one piece, as DiffPoseTalk does")
    together = "windows that are drawn together, 1: one after another, as DiffPoseTalk (default: 16)"
    drawn.add_argument("--lockstep", type=whole(1, 1000), metavar="N", help=together)
    blend = "how far the end of a window follows the next window's view of it, 0 (as DiffPoseTalk) to 1 (default)"
    drawn.add_argument("--blend", type=number(0, 1), metavar="X", help=blend)


@dataclass(frozen=True, eq=False)
class Speech:
    """How a face shall speak: by which model, in which style, from which seed, drawn how, in which precision.

    A style or a number of steps that does not fit the model is an error.
    """

    model: Model
    style: "Style | None"
    seed: int
    sampling: "Sampling"
    precision: str | None = None

    def __post_init__(self):
        check_precision(self.precision)
        if self.style:
            self.model.check_style(self.style)
        if self.sampling.steps > self.model.steps:
            most = f"more than the {self.model.steps} that this model was trained with"
            raise OptionError(f"--steps {self.sampling.steps} is {most}; give fewer")

    @classmethod
    def from_options(cls, options: argparse.Namespace) -> "Speech":
        """What the options ask for, once the style and the checkpoint's header are read."""
        style = named_style(options.style, options.checkpoint, vars(options).get("landmark_model"))  # `play` has no such option
        return cls(Model.read(options.checkpoint), style, options.seed, sampling_from_options(options), options.precision)

    @classmethod
    def live_from_options(cls, options: argparse.Namespace) -> "Speech":
        """The same of a voice that is followed live, which is drawn in one way."""
        from visavox.stream import LIVE_SAMPLING

        return cls(Model.read(options.checkpoint), named_style(options.style), options.seed, LIVE_SAMPLING, options.precision)


def named_style(name: str | None, checkpoint: str | None = None, landmark_model: str | None = None) -> "Style | None":
    """The built-in style of that name, the one in that file or of that film, or a mix of several; none for none.

    A film's style is that of the model of `checkpoint`. An OptionError says how to make a style of other files.
    """
    from visavox.cli.options.styles import mix_of

    return mix_of(name, checkpoint, _style_of_one, landmark_model) if name else None


def _style_of_one(name: str) -> "Style":
    from visavox.io import assets

    if (suffix := Path(name).suffix.lower()) in FOREIGN_STYLES:
        raise OptionError(f"--style {name} is no style file; make one of it: {FOREIGN_STYLES[suffix]}")
    return assets.named_style(name)


def sampling_from_options(options: argparse.Namespace) -> "Sampling":
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
        "encode_at_once": options.encode_at_once, "lockstep": options.lockstep,
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

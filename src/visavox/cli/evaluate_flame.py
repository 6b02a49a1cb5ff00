"""`visavox evaluate --rig flame`: the field's metrics of a checkpoint against the FLAME motion of a store, on the user's own head."""

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.errors import OptionError

if TYPE_CHECKING:
    from visavox.cli.options.model import Model
    from visavox.cli.options.sampling import Speech
    from visavox.data.store.motion_clips import MotionClip, MotionClips
    from visavox.evaluate.flame_bench import Generate, Regions
    from visavox.rigs.heads.flame_head import FlameHead

SHORTEST = 25  # frames of a clip: a second, in which something is said


def add_arguments(parser: ArgumentParser) -> None:
    """Adds rig, head and masks."""
    flame = parser.add_argument_group("FLAME")
    flame.add_argument("--rig", choices=("arkit", "flame"), default="arkit", help="flame: DATA is a store of FLAME motion")
    flame.add_argument("--head", metavar="FILE", help="your FLAME head (.safetensors, see visavox convert-head)")
    flame.add_argument("--masks", metavar="FILE", help="FLAME_masks.pkl or .npz, whose lips and upper face are measured")


@dataclass(frozen=True)
class FlameRequest:
    """What is measured of FLAME motion: the clips of a store, at most `most` of them, on a head; with `masks`, if given, or near its lips.

    Options that do not go together are an OptionError.
    """

    asked: bool
    data: str
    most: int | None
    checkpoint: str | None
    head: str | None
    masks: str | None
    styles: bool

    def __post_init__(self):
        given = [f"--{name}" for name in ("head", "masks") if getattr(self, name) is not None]
        if not self.asked and given:
            raise OptionError(f"{', '.join(given)} without --rig flame; add it, or leave them out")
        if self.asked and self.styles:
            raise OptionError("--styles is not measured on --rig flame; leave it out")
        if self.asked and not (self.head and self.checkpoint):
            needed = "--rig flame needs your FLAME head (--head flame.safetensors) and a model that moves it (--checkpoint FILE)"
            raise OptionError(f"{needed}; see docs/diffposetalk.md")

    @classmethod
    def from_options(cls, options: Namespace) -> "FlameRequest":
        """What the options ask for."""
        asked = options.rig == "flame"
        return cls(asked, options.data, options.clips, options.checkpoint, options.head, options.masks, options.styles)


def measure(request: FlameRequest, speech: "Speech", seeds: tuple[int, ...], folder: Path) -> list[Path]:
    """The report's files, written into `folder` once every input is checked, the clips are animated and measured."""
    from visavox.cli.options import sampling as speaking
    from visavox.evaluate.flame_bench import Ruler, evaluate_flame
    from visavox.evaluate.report.writing import write_report

    rest = _rest(speech.model)
    head = _head(request.head)
    regions = _regions(request.masks, head)
    clips, words = _clips(Path(request.data), request.most)

    from visavox.loading import load

    animator = load(speech.model.path, (), precision=speech.precision)
    references = {} if speech.style else _references(clips.clips, animator.window)
    generate = _generate(animator, speech.sampling, speech.style, references)
    evaluation = evaluate_flame(generate, clips.clips, Ruler(head, regions, rest), seeds)
    about = {
        "checkpoint": Path(speech.model.path).name,
        "recordings": f"{len(clips.clips)} from {Path(request.data).name}, {clips.hours * 3600:.0f} s{words}",
        "style": speech.style.name if speech.style else _style_in_words(references),
        "identity": "the model is told each clip's own; vertices are measured on the mean face",
        "sampling": speaking.in_words(speech.sampling),
        "seeds": ", ".join(map(str, seeds)),
        "regions": regions.origin,
    }
    return write_report(evaluation, folder, about, plots=False)


def _rest(model: "Model") -> dict[str, float]:
    """The values of the jaw's channels that the model does not make, where its checkpoint says them; the rig of it is checked."""
    from visavox.rigs.flame import FLAME, JAW_ROTATION

    if not set(model.channels) <= set(FLAME.names):
        raise OptionError(f"--checkpoint {model.path} moves rig {model.rig_name!r}, not FLAME; leave --rig flame out for it")
    rest = model.recipe.get("jaw_rest")
    return {} if rest is None else dict(zip(JAW_ROTATION[1:], map(float, rest), strict=True))


def _head(path: str) -> "FlameHead":
    from visavox.io.head import read_head
    from visavox.rigs.heads.flame_head import FlameHead

    return FlameHead.from_arrays(read_head(path))


def _regions(masks: str | None, head: "FlameHead") -> "Regions":
    from visavox.convert.flame_masks import read_flame_masks
    from visavox.evaluate.flame_bench import Regions

    if masks is None:
        return Regions.near(head)
    return Regions.of_masks(read_flame_masks(masks, len(head.template)), Path(masks).name)


def _clips(data: Path, most: int | None) -> "tuple[MotionClips, str]":
    """The clips of the store's test speakers, or all where it holds nobody out, `most` at most; and in words which."""
    from dataclasses import replace

    from visavox.data.store.motion_clips import read_motion_clips, stored_split
    from visavox.rigs.flame import FLAME, IDENTITY

    clips, split = read_motion_clips(data, FLAME, IDENTITY, SHORTEST), stored_split(data)
    held_out = clips.of_speakers(split.test) if split else None
    chosen = held_out if held_out and held_out.clips else clips
    words = " of the speakers to test on" if chosen is held_out else ", of all speakers: the store names none to test on"
    return replace(chosen, clips=chosen.clips[:most]), words


def _references(clips: "list[MotionClip]", window: int) -> "dict[str, MotionClip]":
    """The clip whose style each clip is spoken in: the next long enough of the same speaker, else itself; none when all are too short."""
    found = {}
    for number, clip in enumerate(clips):
        others = [other for other in clips[number + 1 :] + clips[: number + 1] if other.speaker == clip.speaker and other.frames >= window]
        if others:
            found[clip.name] = others[0]
    return found


def _style_in_words(references: "dict[str, MotionClip]") -> str:
    own = sum(name == clip.name for name, clip in references.items())
    return f"of the true motion of the speaker's next clip; for {own} of {len(references)}, with no other, of the clip itself"


def _generate(animator, sampling, style, references) -> "Generate":
    """What makes the motion of a clip: in `style`, or in that of its reference."""
    from visavox.audio import Audio
    from visavox.data.store.motion_clips import FULL_SCALE
    from visavox.motion import Motion
    from visavox.rigs.flame import FLAME
    from visavox.style import FlameIdentity
    from visavox.windows import FPS, SAMPLE_RATE

    def generate(clip: "MotionClip", seed: int) -> Motion:
        reference = references.get(clip.name)
        style_used = style if reference is None else animator.extract_style(Motion(reference.motion, FPS, FLAME), reference.name)
        audio = Audio(clip.samples / FULL_SCALE, SAMPLE_RATE)
        return animator.animate(audio, style_used, seed=seed, identity=FlameIdentity(clip.identity, clip.speaker), sampling=sampling)

    return generate

"""`visavox evaluate --rig flame`: the field's metrics of a checkpoint against the FLAME motion of a store, on the user's own head."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from visavox.errors import OptionError

if TYPE_CHECKING:
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


def check(options: Namespace) -> None:
    """Raises an OptionError for options that do not go together."""
    given = [f"--{name}" for name in ("head", "masks") if getattr(options, name) is not None]
    if options.rig != "flame" and given:
        raise OptionError(f"{', '.join(given)} without --rig flame; add it, or leave them out")
    if options.rig == "flame" and options.styles:
        raise OptionError("--styles is not measured on --rig flame; leave it out")
    if options.rig == "flame" and not (options.head and options.checkpoint):
        needed = "--rig flame needs your FLAME head (--head flame.safetensors) and a model that moves it (--checkpoint FILE)"
        raise OptionError(f"{needed}; see docs/diffposetalk.md")


def run(options: Namespace) -> None:
    """Checks every input, animates the clips, measures, writes the report and says where it is."""
    from visavox.cli.options import sampling as speaking
    from visavox.evaluate.flame_bench import Ruler, evaluate_flame
    from visavox.evaluate.report.writing import write_report

    rest = _rest(options)
    style = speaking.checked_style(options)
    head = _head(options.head)
    regions = _regions(options, head)
    clips, spoken = _clips(options)

    from visavox.loading import load

    animator, sampling = load(options.checkpoint, ()), speaking.sampling_of(options)
    references = {} if style else _references(clips.clips, animator.window)
    seeds = tuple(range(options.seed, options.seed + options.takes))
    generate = _generate(animator, sampling, style, references)
    evaluation = evaluate_flame(generate, clips.clips, Ruler(head, regions, rest), seeds)
    about = {
        "checkpoint": Path(options.checkpoint).name,
        "recordings": f"{len(clips.clips)} from {Path(options.data).name}, {clips.hours * 3600:.0f} s{spoken}",
        "style": style.name if style else _style_in_words(references),
        "identity": "the model is told each clip's own; vertices are measured on the mean face",
        "sampling": speaking.in_words(sampling),
        "seeds": ", ".join(map(str, seeds)),
        "regions": regions.origin,
    }
    print(f"wrote {', '.join(map(str, write_report(evaluation, Path(options.output), about, plots=False)))}")


def _rest(options: Namespace) -> dict[str, float]:
    """The values of the jaw's channels that the model does not make, where its checkpoint says them; the rig of it is checked."""
    from visavox.checkpoint import inspect
    from visavox.rigs.flame import FLAME, JAW_ROTATION

    header = inspect(options.checkpoint)
    names = {channel["name"] for channel in header["rig"]["channels"]}
    if not names <= set(FLAME.names):
        raise OptionError(f"--checkpoint {options.checkpoint} moves rig {header['rig']['name']!r}, not FLAME; leave --rig flame out for it")
    rest = header["history"][-1]["recipe"].get("jaw_rest")
    return {} if rest is None else dict(zip(JAW_ROTATION[1:], map(float, rest), strict=True))


def _head(path: str) -> "FlameHead":
    from visavox.io.head import read_head
    from visavox.rigs.heads.flame_head import FlameHead

    return FlameHead.from_arrays(read_head(path))


def _regions(options: Namespace, head: "FlameHead") -> "Regions":
    from visavox.convert.flame_masks import read_flame_masks
    from visavox.evaluate.flame_bench import Regions

    if options.masks is None:
        return Regions.near(head)
    return Regions.of_masks(read_flame_masks(options.masks, len(head.template)), Path(options.masks).name)


def _clips(options: Namespace) -> "tuple[MotionClips, str]":
    """The clips of the store's test speakers, or all where it holds nobody out, at most as many as asked; and in words which."""
    from dataclasses import replace

    from visavox.data.store.motion_clips import read_motion_clips, stored_split
    from visavox.rigs.flame import FLAME, IDENTITY

    clips, split = read_motion_clips(Path(options.data), FLAME, IDENTITY, SHORTEST), stored_split(Path(options.data))
    held_out = clips.of_speakers(split.test) if split else None
    chosen = held_out if held_out and held_out.clips else clips
    words = " of the speakers to test on" if chosen is held_out else ", of all speakers: the store names none to test on"
    return replace(chosen, clips=chosen.clips[: options.clips]), words


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
        spoken = style if reference is None else animator.extract_style(Motion(reference.motion, FPS, FLAME), reference.name)
        audio = Audio(clip.samples / FULL_SCALE, SAMPLE_RATE)
        return animator.animate(audio, spoken, seed=seed, identity=FlameIdentity(clip.identity, clip.speaker), sampling=sampling)

    return generate

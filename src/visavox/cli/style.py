"""Takes how somebody speaks, from a film or a motion, into a style file, with the style encoder of the model that shall speak so."""

import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from visavox.cli.options import landmarker
from visavox.cli.options.parser import number

if TYPE_CHECKING:
    from visavox.cli.options.moving import Moving

HELP = "take the style of a film or a motion"


def add_arguments(parser: ArgumentParser) -> None:
    """Adds what moves, the checkpoint, where to start, the name and the output."""
    moves = "a film of somebody who speaks, a motion file (.npz, .parquet), a track (.npz) or a take of Live Link (.csv); 4 s at least"
    parser.add_argument("motion", metavar="FILE", help=moves)
    parser.add_argument("-o", "--output", metavar="OUT", required=True, help="the style file to write, .safetensors")
    parser.add_argument("--checkpoint", metavar="FILE", help="the model that shall speak so (default: the packaged one)")
    start = "take the one window (4 s) from here, as DiffPoseTalk's script does (default: the mean of windows over all of it)"
    parser.add_argument("--start", type=number(0, 21600), metavar="SECONDS", help=start)
    parser.add_argument("--name", metavar="TEXT", help="what the style is called (default: the name of the file)")
    parser.add_argument("--felt", metavar="WORDS", help="what is felt all the time, such as 'happy 0.8': it is no style, and taken off")
    landmarker.add_arguments(parser)


def run(options: Namespace) -> None:
    """Reads, takes and writes."""
    from pathlib import Path

    from visavox.cli.options.moving import read_moving
    from visavox.cli.options.output import targets
    from visavox.cli.options.styles import style_of
    from visavox.io.style import write_style
    from visavox.style import FaceStyle

    (target,) = targets(options.output, 1, (options.motion, options.checkpoint, options.landmark_model), (".safetensors",))
    moving, name = read_moving(options.motion, options.landmark_model), options.name or Path(options.motion).stem

    moving = _without(moving, options.felt)
    if options.start is not None:
        from visavox.loading import load

        style = load(options.checkpoint, ()).extract_style(moving.motion, name, options.start)
        write_style(style, target)
        print(f"wrote {target}: style {style.name}, {style.vector.size} numbers from one window from {options.start:g} s on")
        return
    if moving.faces > 1:
        other = f"visavox track {options.motion} -o face.npz --face 2, and the style of that"
        print(
            f"visavox: {options.motion} shows {moving.faces} faces, of which the largest is taken; for another one: {other}",
            file=sys.stderr,
        )
    taken = style_of(moving, options.checkpoint, name)
    write_style(taken.style, target)
    face, head = taken.style.face, taken.style.head
    if face != FaceStyle():
        print(
            f"beside the usual head it moves {head.amplitude:.2f} times as far; beside what the model makes of the style the mouth opens "
            f"{face.opening:.2f} and the brows move {face.brows:.2f} times as far, and {face.smile:+.2f} is smiled"
        )
    print(_sureness(taken.seconds, taken.apart))
    print(f"wrote {target}: style {name}, {taken.style.vector.size} numbers from {taken.seconds:.1f} s of a {moving.kind}")


def _without(moving: "Moving", felt: str | None) -> "Moving":
    """What moves without what is `felt`; a motion that says it feels something is named where that stays."""
    from visavox.emotion import EmotionMix, is_emotion
    from visavox.gestures.emotions.calming import calmed

    if felt is not None:
        return replace(moving, motion=calmed(moving.motion, EmotionMix.parse(felt)))
    made_of = str(moving.motion.provenance.get("emotion", ""))
    if is_emotion(made_of) and not made_of.startswith("neutral"):
        print(f"visavox: this motion was made to feel {made_of!r}, which is taken for style; take it off with --felt", file=sys.stderr)
    return moving


def _sureness(seconds: float, apart: float) -> str:
    """How far the style is to be trusted, in words."""
    if apart != apart:  # not a number
        return f"how sure: {seconds:.1f} s are too few to compare two halves; give 8 s or more"
    sure = "sure" if apart < 0.5 and seconds >= 15 else "fairly sure" if apart < 1.0 else "unsure"
    return f"how sure: {sure}; the two halves differ by {apart:.2f} of what two built-in styles differ by"

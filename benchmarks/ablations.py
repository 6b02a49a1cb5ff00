"""What single choices of the gestures of the mouth do: prints one JSON object, and a table for each as Markdown on stderr.

    python benchmarks/ablations.py DATA NAME ... [--folders text noise grid_multi us_gov facegood]

Motion is drawn once without gestures, then each row changes one number of them, or leaves one of them out. NAME is one of the ABLATIONS
below. DATA is as in `benchmarks/sampling_steps.py`, and so are the numbers; grid_multi are the speakers whom the lip reader never saw, the
packaged lip reader has seen us_gov. Lips by the channels on the clips with text; means over people elsewhere.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module

import numpy as np
from lip_ladder import MOUTH, TakeWithoutChance, score
from real_speech import of_real_speech, plain, say
from sampling_steps import FOLDERS, face_gap, sets
from strangers import follow, pooled

from visavox.data.clip import Clip
from visavox.evaluate.metrics.aperture import head_measures
from visavox.evaluate.phone_score import pool, score_phones
from visavox.gestures import gestures_of
from visavox.gestures.gesture import Piece
from visavox.gestures.lip_reading import READINGS
from visavox.loading import load
from visavox.motion import Motion
from visavox.rigs.heads.default_head import Head

LIPS = {"P/B/M closed": "closure_recall", "precision": "closure_precision", "open vowels closed": "false_closure"}
TEXT = LIPS | {"F/V tucked": "tuck", "rounding": "rounding_auc", "pucker of spread vowels": "rounding_spread"}
AT_ONCE = 1e-3  # seconds, in place of a time over which something is eased


@dataclass(frozen=True)
class Row:
    """Numbers of `visavox.gestures` that are changed, by module and name, gestures that are left out, and whether lips are read."""

    changed: Mapping[str, object] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    read: bool = True


def _of(number: str, *values) -> dict[str, Row]:
    """A row for each value of one number."""
    return {f"{number.rpartition('.')[2]} {value}": Row({number: value}) for value in values}


ABLATIONS = {
    "gestures": {"all": Row()} | {f"without {name}": Row(without=(name,)) for name in MOUTH},
    "gap": _of("lip_reading.GAP_TRUST", 0.0, 0.6, 0.8, 1.0),
    "width": _of("lip_reading.WIDTH_TRUST", 0.0, 0.5, 0.7, 1.0),
    "steady": _of("lip_reading.STEADY", AT_ONCE, 0.02, 0.04, 0.06),
    "vowels": _of("lip_reading.LEAST_OF_VOWELS", 0.0, 0.4, 0.5, 0.6),
    "pauses": _of("lip_reading.LONGEST_PAUSE", 0.0, 0.35, 1.0, 3.0),
    "shut": {
        "parted as they are read": Row({"lip_reading.STAY_SHUT": -9.0, "lip_reading.STAY_PARTED": -8.0}),
        "shut at -1.2": Row({"lip_reading.STAY_SHUT": -1.2, "lip_reading.STAY_PARTED": -0.7}),
        "shut at -1 (used)": Row(),
        "shut at -.85": Row({"lip_reading.STAY_SHUT": -0.85, "lip_reading.STAY_PARTED": -0.35}),
    },
    "closures": {
        "as they are": Row(),
        "none": Row(without=("lip closure",)),
        "not eased": Row({"lip_closure.APPROACH": AT_ONCE, "lip_closure.FIRM": 0.0}),
        "eased, no height given back": Row({"lip_closure.FIRM": 0.0}),
        "whatever vowel may be heard": Row({"lip_closure.OPEN": 0.0}),
        "however wide the mouth is": Row({"lip_closure.NARROW": 99.0}),
        "from .10, m from .25, over .20": Row({"lip_closure.LEAST": 0.1, "lip_closure.LEAST_OF_M": 0.25, "lip_closure.SURE": 0.2}),
        "m as p and b": Row({"lip_closure.LEAST_OF_M": 0.01}),
        "from .015, m from .05": Row({"lip_closure.LEAST": 0.015, "lip_closure.LEAST_OF_M": 0.05}),
        "from .025, m from .08": Row({"lip_closure.LEAST": 0.025, "lip_closure.LEAST_OF_M": 0.08}),
    },
    "rounding": {
        "as it is": Row(),
        "a smile never gives way": Row({"muscles.GIVES_WAY": 0.0}),
        "none is added": Row({"lip_closure.ROUNDED": {}}),
        "none is taken from spread vowels": Row({"lip_closure.SPREAD_LIPS": 0.0}),
        "the jaw takes over nothing from the funnel": Row({"round_vowels.JAW_FOR_FUNNEL": 0.0}),
        "lips part nothing under a pucker": Row({"round_vowels.LIPS_UNDER_PUCKER": 0.0}),
    },
    "teeth": {
        "as they are": Row(),
        "no phone closes them": Row({"teeth.NEAR": 9.0, "teeth.TONGUE": 0.0}),
        "s, z and sh alone do": Row({"teeth.HISSED": {"S": 1.0, "Z": 1.0}}),
        "to a jaw of .12": Row({"teeth.NEAR": 0.12}),
        "lips take over less": Row({"teeth.MOST": {"mouthLowerDown": 0.6, "mouthUpperUp": 0.4, "mouthFunnel": 0.3}}),
        "a wider funnel": Row({"teeth.MOST": {"mouthLowerDown": 0.9, "mouthUpperUp": 0.7, "mouthFunnel": 0.6}}),
    },
    "pucker": {
        "as it is": Row(),
        "none is taken away": Row({"lip_reading.LESS_PUCKER": 0.0, "lip_closure.UNROUNDED": 0.0}),
        "none as lips meet": Row({"lip_closure.UNROUNDED": 0.0}),
        "all as lips meet": Row({"lip_closure.UNROUNDED": 1.0}),
        ".6 of the model's": Row({"lip_reading.LESS_PUCKER": 0.6}),
    },
    "unread": {  # of a checkpoint without a lip reader
        "by loudness and breath": Row(read=False),
        "without loudness": Row(read=False, without=("loudness",)),
        "without breath": Row(read=False, without=("breath",)),
        "without either": Row(read=False, without=("loudness", "breath")),
    },
}


@contextmanager
def with_numbers(changed: Mapping[str, object]) -> Iterator[None]:
    """The modules of gestures with other numbers."""
    kept = []
    for name, value in changed.items():
        module, _, number = name.rpartition(".")
        where = import_module(f"visavox.gestures.{module}")
        kept.append((where, number, getattr(where, number)))
        setattr(where, number, value)
    try:
        yield
    finally:
        for where, number, value in kept:
            setattr(where, number, value)


def finished(drawn: Motion, clip: Clip, cues: dict[str, np.ndarray], row: Row) -> Motion:
    """Motion as it is `drawn` without gestures, after those of the mouth in a row."""
    known = cues if row.read else {name: cue for name, cue in cues.items() if name not in READINGS}
    names, take, motion = (*MOUTH, "loudness", "breath"), TakeWithoutChance(), drawn
    with with_numbers(row.changed):
        for gesture in gestures_of(drawn.rig, known):
            if gesture.name in names and gesture.name not in row.without:
                motion = gesture.step(gesture.start(take), Piece(motion, clip.audio, known, last=True))
    return motion


def numbers(made: dict[str, list[Motion]], clips: dict[str, list[Clip]], head: Head) -> dict[str, float]:
    """What one row scores on every set."""
    found = {}
    for name, names in (("text", TEXT), ("noise", LIPS)):
        if name in clips:
            lips = pool(score_phones(motion, clip) for motion, clip in zip(made[name], clips[name], strict=True)).metrics()
            found |= {f"{name}: {shown}": lips[metric] for shown, metric in names.items()}
    for name in ("grid_multi", "us_gov"):
        pairs = list(zip(made.get(name, ()), clips.get(name, ()), strict=True))
        if pairs:
            followed = pooled([(clip.speaker, follow(motion, clip, head)) for motion, clip in pairs], np.random.default_rng(0))
            found |= {f"{name}: {measure}": followed[measure]["mean"] for measure in ("gap", "width")}
            sizes = [score(head_measures(head, motion), motion.fps, clip, True)[2:] for motion, clip in pairs]
            found |= {f"{name}: {size}": float(value) for size, value in zip(("jerk", "range"), np.median(sizes, 0), strict=True)}
    if "facegood" in clips:
        pairs = zip(made["facegood"], clips["facegood"], strict=True)
        found["facegood: gap"] = float(np.median([face_gap(motion, clip, head) for motion, clip in pairs]))
    return found


def table(rows: dict[str, dict[str, float]]) -> str:
    """The rows as the columns of a table in Markdown."""
    lines = [f"| | {' | '.join(rows)} |", "|---" * (len(rows) + 1) + "|"]
    for metric in next(iter(rows.values())):
        lines.append(f"| {metric} | {' | '.join(f'{each[metric]:.3f}' for each in rows.values())} |")
    return "\n".join(lines)


def main() -> None:
    """Measures and prints."""
    parser = of_real_speech(__doc__)
    parser.add_argument("names", nargs="+", choices=tuple(ABLATIONS), metavar="NAME", help=", ".join(ABLATIONS))
    parser.add_argument("--folders", nargs="+", default=FOLDERS, help="sets to score (default: all)")
    options = parser.parse_args()
    animator, head = load(options.checkpoint, ()), Head.default()
    clips = sets(options.data, options.phones, options.folders)
    drawn = {name: [animator.animate(clip.audio) for clip in each] for name, each in clips.items()}
    cues = {
        name: [animator.encode.cues(clip.audio, motion.frames) for clip, motion in zip(each, drawn[name], strict=True)]
        for name, each in clips.items()
    }
    found = {}
    for name in options.names:
        found[name] = {}
        for shown, row in ABLATIONS[name].items():
            made = {of: [finished(*each, row) for each in zip(drawn[of], clips[of], cues[of], strict=True)] for of in clips}
            found[name][shown] = numbers(made, clips, head)
        say(f"\n**{name}**\n\n{table(found[name])}")
    json.dump(plain(found), sys.stdout, indent=1)


if __name__ == "__main__":
    main()

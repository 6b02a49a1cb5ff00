"""Does a style carry over? `python benchmarks/style_from_clips.py FOLDER... [--seconds S] [--speaker-of PREFIX]`.

A folder has tracks in `motion/NAME.npz` and their sounds, as `us_gov`, `grid_multi` and `validation` (shared data); what stands before the
first `_` of a name is the speaker, or the whole name with `--each`. A style is taken from one half of what a speaker's tracks show, and
speaks the sound of the other half, beside the model's usual style and the style of somebody else. Five measures are compared with the
speaker's own in that other half: range and speed of the head, range of the lip gap, activity of the brows, level of the smile. Prints, as
JSON, the share of pairs of speaker and measure that come nearer to the speaker than the usual style does, and how often the style of one
half is nearest to that of the speaker's other half among all.
"""

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from visavox.audio import Audio
from visavox.data.clip import common_part
from visavox.data.readers.tracked import find_sound, late_seconds, read_track
from visavox.io.audio import read_audio
from visavox.loading import load
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, HEAD
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap
from visavox.style import FaceStyle, Style
from visavox.style_extraction import matched
from visavox.track.scores import motion_of_scores
from visavox.track.solver import packaged_solver

RAISED, SMILES = ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"), ("mouthSmileLeft", "mouthSmileRight")
MEASURES = ("head range, deg", "head speed, deg/s", "lip gap range", "brow activity", "smile")
WINDOW = 4.0  # seconds that the style encoder reads


@dataclass(frozen=True, eq=False)
class Half:
    """Half of what is known of a speaker: motion, the landmarks' lip gap (T,), sound."""

    motion: Motion
    gap: np.ndarray
    audio: Audio


def measures(motion: Motion, gap: np.ndarray) -> np.ndarray:
    """MEASURES (5,) of a motion and its lip gap."""
    pose = np.degrees(motion.select(HEAD))
    smooth = np.stack([np.convolve(angle, np.ones(3) / 3, "valid") for angle in pose.T], 1)
    speed = np.linalg.norm(np.diff(smooth, axis=0), axis=1).mean() * motion.fps
    ranges = np.percentile(pose, 95, axis=0) - np.percentile(pose, 5, axis=0)
    gaps = np.percentile(gap, 95) - np.percentile(gap, 5)
    return np.array([ranges.mean(), speed, gaps, motion.select(RAISED).mean(1).std(), motion.select(SMILES).mean()])


def halves(folder: Path, each: bool, seconds: float) -> dict[str, tuple[Half, Half]]:
    """The two halves of every speaker of a folder, each up to `seconds`; the clips in turn, or a single one cut in the middle."""
    clips: dict[str, list] = {}
    solver, head = packaged_solver(), Head.default()
    late = late_seconds(folder)
    for path in sorted((folder / "motion").glob("*.npz")):
        raw, seen = read_track(path)
        motion = motion_of_scores(raw, seen.lip_gap, seen.mouth_width, solver, head)
        audio, motion, seen = common_part(read_audio(find_sound(folder, path.stem)), late.get(path.stem, 0.0), motion, seen)
        clips.setdefault(path.stem if each else path.stem.split("_")[0], []).append((motion.at_fps(25), seen.lip_gap, seen.fps, audio))
    found = {}
    for speaker, known in clips.items():
        if len(known) == 1:
            motion, gap, fps, audio = known[0]
            middle = motion.seconds / 2
            parts = [[(motion.between(a, b), gap[round(a * fps) : round(b * fps)], fps, audio.between(a, min(b, audio.seconds)))]
                     for a, b in ((0, middle), (middle, motion.seconds))]  # fmt: skip
        else:
            parts = [known[::2], known[1::2]]
        made = [_joined(part, seconds) for part in parts]
        if min(half.motion.seconds for half in made) >= WINDOW:
            found[speaker] = made[0], made[1]
    return found


def _joined(part: list, seconds: float) -> Half:
    motion, gap, _, audio = part[0]
    gaps, samples = [gap], [audio.samples]
    for more, other, _, sound in part[1:]:
        if motion.seconds >= seconds:
            break
        motion = motion.join(replace(more, provenance=motion.provenance))
        gaps.append(other)
        samples.append(sound.resample(audio.sample_rate).samples)
    length = min(motion.seconds, seconds)
    sound = Audio(np.concatenate(samples), audio.sample_rate)
    return Half(motion.between(0, length), np.concatenate(gaps), sound.between(0, min(length, sound.seconds)))


def taken(animator, half: Half, name: str) -> Style:
    """The style of a half, as `visavox style` takes it."""
    style = animator.extract_style(half.motion, name)
    return matched(style, half.motion, lambda tried: animator.animate(half.audio, tried, seed=0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--each", action="store_true", help="every clip is a speaker")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each half")
    parser.add_argument("--without-face", action="store_true", help="the vector and the head alone")
    options = parser.parse_args()
    animator, head = load(), Head.default()
    people = {name: pair for folder in options.folders for name, pair in halves(folder, options.each, options.seconds).items()}
    names = list(people)
    styles = [taken(animator, people[name][0], name) for name in names]
    others = [taken(animator, people[name][1], name) for name in names]
    if options.without_face:
        styles = [replace(style, face=FaceStyle()) for style in styles]
    rows: dict[str, list] = {"usual": [], "own": [], "somebody else's": []}
    own = np.array([measures(people[name][1].motion, people[name][1].gap) for name in names])
    for place, name in enumerate(names):
        told = {"usual": None, "own": styles[place], "somebody else's": styles[(place + 1) % len(names)]}
        for kind, style in told.items():
            motion = animator.animate(people[name][1].audio, style, seed=1)
            rows[kind].append(measures(motion, lip_gap(head, Motion(motion.select(ARKIT.names), motion.fps, ARKIT))))
    off = {kind: np.abs(np.log((np.array(row) + 0.01) / (own + 0.01))) for kind, row in rows.items()}
    off = {kind: np.where(np.arange(5) == 4, np.abs(np.array(rows[kind]) - own), value) for kind, value in off.items()}
    report = {"speakers": len(names), "seconds of each half": options.seconds}
    for kind in ("own", "somebody else's"):
        nearer = off[kind] < off["usual"]
        report[f"nearer than the usual style, {kind} style"] = round(float(nearer.mean()), 3)
        report[f"by measure, {kind} style"] = dict(zip(MEASURES, nearer.mean(0).round(2).tolist(), strict=True))
    report["recognised"] = recognised(styles, others)
    print(json.dumps(report, indent=1))


def recognised(styles: list[Style], others: list[Style]) -> dict[str, float]:
    """How often (share) the style of one half is nearest to that of the same speaker's other half; by the vector, and with the head."""
    vectors, heads = ([np.array([of(style) for style in each]) for each in (styles, others)] for of in (lambda s: s.vector, _head))
    found = {"chance": round(1 / len(styles), 3)}
    for name, pair in (
        ("vector", vectors),
        ("head", heads),
        ("both", [np.concatenate([a / a.std(0).mean(), b / b.std(0).mean()], 1) for a, b in zip(vectors, heads, strict=True)]),
    ):
        scale = pair[0].std(0) + 1e-6
        far = np.linalg.norm((pair[0][:, None] - pair[1][None]) / scale, axis=2)
        found[name] = round(float((far.argmin(0) == np.arange(len(styles))).mean()), 3)
    return found


def _head(style: Style) -> np.ndarray:
    head = style.head
    return np.array([np.log(head.amplitude), *np.log(head.axes), np.log(head.speed), head.tilt, *(angle / 8 for angle in head.rest)])


if __name__ == "__main__":
    main()

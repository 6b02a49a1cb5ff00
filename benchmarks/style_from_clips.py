"""Does a style carry over? `python benchmarks/style_from_clips.py FOLDER... [--seconds S] [--each]`.

A folder has tracks in `motion/NAME.npz` and their sounds, as `us_gov`, `grid_multi` and `validation` (shared data); what stands before the
first `_` of a name is the speaker, or the whole name with `--each`. A style is taken from one half of what a speaker's tracks show, and
speaks the sound of the other half, and the reverse, beside the model's usual style and the style of somebody else. Six measures are
compared with the speaker's own in that other half: range and speed of the head, range of the lip gap, activity of the brows, level of the
smile, range of the mouth's width. Prints, as JSON, the share of pairs of speaker and measure that come nearer to the speaker than the usual
style does (the mean of SEEDS), how far off each is, and who is recognised: how often the style of one half is nearest to that of the
speaker's other half among all, and how often the head that is made is nearest to the speaker's own. And what these cannot tell: how far two
recordings with one seed move the head alike, and how the lips follow their own sound and somebody else's.
"""

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from visavox.audio import Audio
from visavox.data.clip import common_part
from visavox.data.readers.tracked import find_sound, late_seconds, read_track
from visavox.gestures.head_fit import HeadHabits
from visavox.io.audio import read_audio
from visavox.loading import load
from visavox.motion import Motion
from visavox.rigs.arkit import ARKIT, HEAD
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap, mouth_width
from visavox.style import FaceStyle, Style
from visavox.style_extraction import matched
from visavox.track.scores import motion_of_scores
from visavox.track.solver import packaged_solver

RAISED, SMILES = ("browInnerUp", "browOuterUpLeft", "browOuterUpRight"), ("mouthSmileLeft", "mouthSmileRight")
SAME = {"uncrop": "Obama"}  # speakers whose clips are named otherwise
MEASURES = ("head range, deg", "head speed, deg/s", "lip gap range", "brow activity", "smile", "mouth width range")
SMILE = MEASURES.index("smile")  # of which weights are compared, of all else logarithms
SEEDS, SOMEBODY = (1, 2, 3), 2  # the place among all, from one's own on, of somebody else's style: each speaker has two
WINDOW = 4.0  # seconds that the style encoder reads


@dataclass(frozen=True, eq=False)
class Half:
    """Half of what is known of a speaker: motion, the landmarks' lip gap (T,) of its frames, sound."""

    motion: Motion
    gap: np.ndarray
    audio: Audio


def measures(motion: Motion, gap: np.ndarray) -> np.ndarray:
    """MEASURES (6,) of a motion and its lip gap."""
    pose = np.degrees(motion.select(HEAD))
    smooth = np.stack([np.convolve(angle, np.ones(3) / 3, "valid") for angle in pose.T], 1)
    speed = np.linalg.norm(np.diff(smooth, axis=0), axis=1).mean() * motion.fps
    ranges = np.percentile(pose, 95, axis=0) - np.percentile(pose, 5, axis=0)
    gaps, widths = (np.ptp(np.percentile(each, [5, 95])) for each in (gap, mouth_width(Head.default(), _shapes(motion))))
    return np.array([ranges.mean(), speed, gaps, motion.select(RAISED).mean(1).std(), motion.select(SMILES).mean(), widths])


def head_numbers(motion: Motion) -> np.ndarray:
    """Logarithms (6,) of how far pitch, yaw and roll range, and of how fast each turns."""
    seen = HeadHabits.of(np.degrees(motion.select(HEAD)), motion.fps)
    return np.log(np.concatenate([seen.turns, seen.speeds]) + 0.05)


def _shapes(motion: Motion) -> Motion:
    return Motion(motion.select(ARKIT.names), motion.fps, ARKIT)


def off_by(made: np.ndarray, own: np.ndarray) -> np.ndarray:
    """How far MEASURES (6,) lie apart: differences of logarithms, of weights for the smile."""
    off = np.abs(np.log((made + 0.01) / (own + 0.01)))
    off[SMILE] = abs(made[SMILE] - own[SMILE])
    return off


def halves(folder: Path, each: bool, seconds: float) -> dict[str, tuple[Half, Half]]:
    """The two halves of every speaker of a folder, each up to `seconds`; the clips in turn, or a single one cut in the middle."""
    clips: dict[str, list] = {}
    solver, head = packaged_solver(), Head.default()
    late = late_seconds(folder)
    for path in sorted((folder / "motion").glob("*.npz")):
        raw, seen = read_track(path)
        motion = motion_of_scores(raw, seen.lip_gap, seen.mouth_width, solver, head)
        audio, motion, seen = common_part(read_audio(find_sound(folder, path.stem)), late.get(path.stem, 0.0), motion, seen)
        name = path.stem.split("_")[0]
        clips.setdefault(path.stem if each else SAME.get(name, name), []).append((motion.at_fps(25), seen.lip_gap, seen.fps, audio))
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
    motion, gap, fps, audio = part[0]
    gaps, samples = [_at_frames(gap, fps, motion)], [audio.samples]
    for more, other, fps, sound in part[1:]:
        if motion.seconds >= seconds:
            break
        motion = motion.join(replace(more, provenance=motion.provenance))
        gaps.append(_at_frames(other, fps, more))
        samples.append(sound.resample(audio.sample_rate).samples)
    length = min(motion.seconds, seconds)
    sound, motion = Audio(np.concatenate(samples), audio.sample_rate), motion.between(0, length)
    return Half(motion, np.concatenate(gaps)[: motion.frames], sound.between(0, min(length, sound.seconds)))


def _at_frames(gap: np.ndarray, fps: float, motion: Motion) -> np.ndarray:
    """A gap (T,) that was seen at `fps`, at the frames of `motion`."""
    return np.interp(np.arange(motion.frames) / motion.fps, np.arange(gap.size) / fps, gap)


def taken(animator, half: Half, name: str) -> Style:
    """The style of a half, as `visavox style` takes it."""
    style = animator.extract_style(half.motion, name)
    return matched(style, half.motion, half.audio, lambda tried, seed: animator.animate(half.audio, tried, seed=seed))


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
        styles, others = ([replace(style, face=FaceStyle()) for style in each] for each in (styles, others))
    told = [(people[name][a], people[name][1 - a], style) for name, own, other in zip(names, styles, others, strict=True)
            for a, style in ((0, own), (1, other))]  # fmt: skip
    heads: dict[str, list] = {"usual": [], "own": [], "somebody else's": []}
    off: dict[str, list] = {"usual": [], "own": [], "somebody else's": [], "the other half itself": []}
    for place, (taken_from, half, style) in enumerate(told):
        own = measures(half.motion, half.gap)
        off["the other half itself"].append(off_by(measures(taken_from.motion, taken_from.gap), own))
        for kind, spoken in (("usual", None), ("own", style), ("somebody else's", told[(place + SOMEBODY) % len(told)][2])):
            made = [animator.animate(half.audio, spoken, seed=seed) for seed in SEEDS]
            heads[kind].append(np.mean([head_numbers(each) for each in made], axis=0))
            off[kind].append(np.mean([off_by(measures(each, lip_gap(head, _shapes(each))), own) for each in made], axis=0))
    off = {kind: np.array(rows) for kind, rows in off.items()}
    report = {"speakers": len(names), "halves": len(told), "seconds of each half": options.seconds}
    for kind in ("own", "somebody else's"):
        nearer = off[kind] < off["usual"]
        report[f"nearer than the usual style, {kind} style"] = round(float(nearer.mean()), 3)
        report[f"by measure, {kind} style"] = dict(zip(MEASURES, nearer.mean(0).round(2).tolist(), strict=True))
    report["recognised by the head that is made"] = told_by_heads(people, heads)
    report |= faults(animator, told)
    report["off"] = {kind: dict(zip(MEASURES, rows.mean(0).round(3).tolist(), strict=True)) for kind, rows in off.items()}
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


def told_by_heads(people: dict[str, tuple[Half, Half]], heads: dict[str, list]) -> dict[str, float]:
    """How often (share) what was made for a speaker's half is nearest to that half among those of all speakers, by the head alone; of made
    `heads`, two for each of `people`, and of the speaker's other half itself."""
    own = np.array([[head_numbers(half.motion) for half in pair] for pair in people.values()])
    scale = own.reshape(-1, own.shape[2]).std(0)

    def share(made: np.ndarray) -> float:  # (speakers, 2, 6), the second number is which half was taken from
        far = [[np.linalg.norm((made[who, taken] - own[:, 1 - taken]) / scale, axis=1).argmin() == who for taken in (0, 1)]
               for who in range(len(own))]  # fmt: skip
        return round(float(np.mean(far)), 3)

    made = {f"{kind} style": share(np.array(rows).reshape(own.shape)) for kind, rows in heads.items()}
    return {"chance": round(1 / len(own), 3), "the other half itself": share(own), **made}


def faults(animator, told: list[tuple[Half, Half, Style]]) -> dict[str, float]:
    """What no distance shows: how two recordings with one seed and one style move each angle of the head alike (the mean |r|, and that of
    two seeds, which is chance), and how the lips (r of the gap) follow the sound they were made of, and somebody else's."""
    alike, chance, follow, lost, head = [], [], [], [], Head.default()
    for place, (_, half, style) in enumerate(told):
        other = told[(place + SOMEBODY) % len(told)][1]
        made, again = (animator.animate(half.audio, style, seed=seed) for seed in SEEDS[:2])
        elsewhere = animator.animate(other.audio, style, seed=SEEDS[0])
        for found, motion in ((alike, elsewhere), (chance, again)):
            frames = min(made.frames, motion.frames)
            pairs = zip(made.select(HEAD)[:frames].T, motion.select(HEAD)[:frames].T, strict=True)
            found.append(np.mean([abs(np.corrcoef(one, two)[0, 1]) for one, two in pairs]))
        for found, motion in ((follow, made), (lost, elsewhere)):
            gap = lip_gap(head, _shapes(motion))
            frames = min(gap.size, half.gap.size)
            found.append(np.corrcoef(gap[:frames], half.gap[:frames])[0, 1])
    names = ("heads of two recordings, one seed, |r|", "of one recording, two seeds, |r|", "lip gap r", "lip gap r, somebody else's sound")
    return {name: round(float(np.mean(found)), 3) for name, found in zip(names, (alike, chance, follow, lost), strict=True)}


def _head(style: Style) -> np.ndarray:
    """How much farther than usual each angle of the head moves, as logarithms (3,): what of a head style two clips of a person agree in."""
    return np.log(style.head.amplitude) + np.log(style.head.axes)


if __name__ == "__main__":
    main()

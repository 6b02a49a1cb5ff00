"""How well the lips follow real speech: prints one JSON object, and the acceptance table as Markdown on stderr.

    python benchmarks/real_speech.py DATA [--checkpoint FILE] [--conditions] [--draws 4] [--every-file]

DATA holds the folders speech_pd and ljspeech (recordings with text), and for --every-file whatever else there is to
run on. One draw of noise says little of closures: --draws scores so many. Phones are aligned with pocketsphinx once
and kept in --phones. Nothing here fails on a bad number: the table says which are met.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from visavox.data.material.phone_alignment import align_clips, read_phones, with_phones
from visavox.data.readers.transcribed import read_ljspeech, read_sounds, read_transcribed
from visavox.errors import VisavoxError
from visavox.evaluate import degradations as conditions
from visavox.evaluate.bench import BY_CHANNELS, BY_GAP, Takes, evaluate
from visavox.evaluate.face_score import score_motion
from visavox.evaluate.phone_score import motion_aperture, pool, score_phones
from visavox.rigs.heads.default_head import Head

TEXTS = json.loads((Path(__file__).parent / "real_speech_texts.json").read_text(encoding="utf-8"))
EVERY = ("speech_pd", "ljspeech", "librispeech_test_other", "us_gov", "speech_multi", "languages")
GOALS = {  # metric: (at least, at most) of the first model, then of the convincing one
    "closure_recall": ((0.75, None), (0.90, None)),
    "closure_precision": ((None, None), (0.70, None)),
    "false_closure": ((None, 0.04), (None, 0.03)),
    "tuck": ((None, None), (0.85, None)),
    "rounding_auc": ((None, None), (0.90, None)),
    "silence_aperture": ((None, 0.04), (None, 0.02)),
}
WINDOW = 100  # frames


def speech_with_text(data: Path, phones: Path) -> list:
    """The clips of speech_pd and ljspeech with their phones, aligned now where `phones` does not hold them yet."""
    clips = []
    for name, read in (("speech_pd", read_transcribed), ("ljspeech", read_ljspeech)):
        found = list(read(data / name, name, "public domain", TEXTS["texts"]))
        align_clips(found, phones / f"{name}.jsonl", TEXTS["pronunciations"], say)
        clips += with_phones(found, read_phones(phones / f"{name}.jsonl"))
    return clips


def without_speech(takes: Takes, head: Head) -> dict:
    """Aperture, head range and blinks on 20 s of sounds that are no speech."""
    found = {}
    for clip in conditions.sounds_without_speech(20.0, np.random.default_rng(0)):
        motion = takes(clip, 0)
        by_gap, by_curves = motion_aperture(motion, head).values, motion_aperture(motion).values
        found[clip.name] = {
            "aperture": float(by_gap.mean()), "aperture_by_curves": float(by_curves.mean()),
            "widest": float(by_gap.max()),
        } | score_motion(motion)  # fmt: skip
    return found


def heard_worse(takes: Takes, clips: list) -> dict:
    """The phone metrics of the same clips with noise, in a room, over the telephone, and turned down."""
    random = np.random.default_rng(0)
    makers = {
        "pink noise 20 dB": lambda clip: conditions.with_pink_noise(clip, 20, random),
        "pink noise 10 dB": lambda clip: conditions.with_pink_noise(clip, 10, random),
        "pink noise 5 dB": lambda clip: conditions.with_pink_noise(clip, 5, random),
        "room 0.4 s": lambda clip: conditions.with_reverberation(clip, 0.4, random),
        "telephone": conditions.over_telephone,
        "30 dB quieter": lambda clip: conditions.quieter(clip, 30),
        "overdriven by 12 dB": lambda clip: conditions.overdriven(clip, 12),
        "overdriven by 20 dB": lambda clip: conditions.overdriven(clip, 20),
        "overdriven by 12 dB, over the telephone": lambda clip: conditions.over_telephone(conditions.overdriven(clip, 12)),
    }
    found = {}
    for name, make in makers.items():
        worse = [make(clip) for clip in clips]
        afresh = takes.afresh()
        found[name] = pool(score_phones(afresh(clip, 0), clip) for clip in worse).metrics()
    return found


def draws_of_noise(takes: Takes, clips: list, draws: int) -> dict:
    """The phone metrics of the clips with pink noise of 10 dB: the mean over `draws` of the noise, and each draw's closures."""
    each = []
    for draw in range(draws):
        random, afresh = np.random.default_rng(draw), takes.afresh()
        each.append(
            pool(score_phones(afresh(clip, 0), clip) for clip in (conditions.with_pink_noise(clip, 10, random) for clip in clips)).metrics()
        )
    return {name: float(np.mean([one[name] for one in each])) for name in each[0]} | {"draws": [one["closure_recall"] for one in each]}


def every_file(takes: Takes, data: Path) -> dict:
    """How many real recordings were animated, which failed and why, and how many times real time it took."""
    animated, seconds, failed, started = 0, 0.0, {}, time.monotonic()
    for folder in (data / name for name in EVERY if (data / name).is_dir()):
        for clip in read_sounds(folder):
            try:
                seconds += takes.animator.animate(clip.audio, takes.style, seed=0).seconds
                animated += 1
            except VisavoxError as error:
                failed[f"{folder.name}/{clip.name}"] = str(error)
    return {"animated": animated, "failed": failed, "times_real_time": seconds / (time.monotonic() - started)}


def table(evaluation) -> str:
    """The acceptance table, by the channels, beside the controls and the lip gap, and whether each goal is met."""
    tables = {one.title: one.columns for one in evaluation.tables}
    by_channels, by_gap = tables[BY_CHANNELS], tables[BY_GAP]
    lines = ["| metric | channels | energy | shuffled | rule-based | lip gap | first goal | goal |", "|---" * 8 + "|"]
    for metric, goals in GOALS.items():
        values = [
            *(by_channels[column] for column in ("generated", "energy", "shuffled", "rule-based")),
            by_gap["generated"],
        ]
        cells = [f"{column[metric]:.3f}" for column in values]
        lines.append(f"| {metric} | {' | '.join(cells)} | {' | '.join(verdict(values[0][metric], goal) for goal in goals)} |")
    return "\n".join(lines)


def verdict(value: float, goal: tuple) -> str:
    """A goal in words and whether `value` meets it; empty for none."""
    low, high = goal
    if low is None and high is None:
        return ""
    met = (low is None or value >= low) and (high is None or value <= high)
    return f"{'>=' if high is None else '<='} {low if high is None else high:g} {'met' if met else 'MISSED'}"


def plain(value):
    """`value` with every number that is not one as None, which JSON can hold."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    return None if isinstance(value, float) and value != value else value


def say(line: str) -> None:
    """A line of progress on stderr."""
    print(line, file=sys.stderr, flush=True)


def of_real_speech(description: str) -> argparse.ArgumentParser:
    """What every script that scores real speech is asked: the data, the checkpoint, where alignments are kept."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--checkpoint", help="a checkpoint; the packaged one if left out")
    parser.add_argument("--phones", type=Path, default=Path("out/align"), help="where alignments are kept")
    return parser


def main(animator=None) -> None:
    """Measures `animator`, or the checkpoint that the command names, and prints."""
    parser = of_real_speech(__doc__)
    parser.add_argument("--conditions", action="store_true", help="also with noise, in a room, over the telephone")
    parser.add_argument("--draws", type=int, default=0, help="so many draws of pink noise at 10 dB, too")
    parser.add_argument("--every-file", action="store_true", help="also run on every real recording in DATA")
    options = parser.parse_args()
    if animator is None:
        from visavox.loading import load

        animator = load(options.checkpoint)
    head, takes = Head.default(), Takes(animator)
    clips = speech_with_text(options.data, options.phones)
    started = time.monotonic()
    evaluation = evaluate(takes, clips, head, window=WINDOW)
    elapsed = time.monotonic() - started
    found = {"clips": len(clips), "seconds": sum(clip.audio.seconds for clip in clips), "elapsed": elapsed}
    found |= {one.title: one.columns for one in evaluation.tables} | {"without speech": without_speech(takes, head)}
    if options.conditions:
        found["heard worse"] = heard_worse(takes, clips)
    if options.draws:
        found["pink noise 10 dB, all draws"] = draws_of_noise(takes, clips, options.draws)
    if options.every_file:
        found["every file"] = every_file(takes, options.data)
    say(table(evaluation))
    print(json.dumps(plain(found), indent=1))


if __name__ == "__main__":
    main()

"""How far styles show, and whether they harm the lips: prints one JSON object, and tables as Markdown on stderr.

    python benchmarks/styles.py DATA [--checkpoint FILE] [--held-out 24] [--sets 3] [--drawn 4x1] [--only-held-out]

DATA holds the folders speech_pd and ljspeech (recordings with text, aligned once into --phones). Three questions: in each built-in
style, do the lips still close; can a built-in style be told by how the face moves, without sound (nearest mean of simple features,
each clip judged by the others); and is a manner of speaking that training never drew, shown as one clip of the rule-based animator,
recognised by the style encoder in what is generated for another clip. Chance is one in the number of styles. One set of manners says
little: of --sets they are told with a 90 % interval (Wilson's).
"""

import json
import sys
from dataclasses import replace

import numpy as np
from real_speech import of_real_speech, plain, say, speech_with_text
from sampling_steps import sampling_of

from visavox.data.synth.rule_based_animator import random_manner
from visavox.evaluate.bench import recognise_styles
from visavox.evaluate.controls import rule_based_motion
from visavox.evaluate.metrics.head_motion import head_range, head_speed
from visavox.evaluate.phone_score import pool, score_phones
from visavox.io.assets import built_in_style, style_names
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD
from visavox.rigs.heads.lip_measures import lip_gap, mouth_width

HELD_OUT_SEED = 78  # the corpus draws its manners from 77


class Drawn:
    """An animator that draws in one way."""

    def __init__(self, animator, sampling):
        self.animator, self.sampling = animator, sampling
        self.window, self.extract_style = animator.window, animator.extract_style

    def animate(self, audio, style, seed):
        """The motion of `audio` in that way."""
        return self.animator.animate(audio, style, seed=seed, sampling=self.sampling)


def features(motion: Motion, head) -> dict[str, float]:
    """What a viewer without sound could see of a style in a clip."""
    gap, pose = lip_gap(head, motion), np.stack([motion.channel(name) for name in HEAD], 1)
    mean = {
        name: float(motion.channel(name).mean())
        for name in ("mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft", "browDownLeft", "browInnerUp", "eyeSquintLeft", *HEAD)
    }
    return mean | {
        "widest gap": float(np.percentile(gap, 95)), "resting gap": float(np.percentile(gap, 10)),
        "width": float(mouth_width(head, motion).mean()), "brow activity": float(motion.channel("browInnerUp").std()),
        "head range": head_range(pose), "head speed": head_speed(pose, motion.fps),
    }  # fmt: skip


def told_apart(seen: dict[str, np.ndarray]) -> dict[str, float]:
    """For each style, the share of its clips (N, F) whose nearest mean, of features in units of their spread within styles over the
    other clips, is its own."""
    count, names = len(next(iter(seen.values()))), list(seen)
    hits = dict.fromkeys(names, 0)
    for left_out in range(count):
        others = np.arange(count) != left_out
        means = np.stack([seen[name][others].mean(0) for name in names])
        spread = np.sqrt(np.mean([seen[name][others].var(0) for name in names], 0)) + 1e-6
        for name in names:
            nearest = np.square((means - seen[name][left_out]) / spread).sum(1).argmin()
            hits[name] += names[nearest] == name
    return {name: hits[name] / count for name in names}


def held_out(drawn: Drawn, clips: list, number: int) -> dict[str, dict[str, float]]:
    """How often the manners of a set, one for each of `clips`, are recognised, in times chance."""
    first = HELD_OUT_SEED if number == 0 else 100 * HELD_OUT_SEED + number
    manners = [random_manner(np.random.default_rng((first, each))) for each in range(len(clips))]
    shown = [
        replace(clip, motion=rule_based_motion(clip, manner, seed), measures=None)
        for seed, (clip, manner) in enumerate(zip(clips, manners, strict=True))
    ]
    return recognise_styles(drawn, shown).columns


def interval(share: float, count: int, deviations: float = 1.645) -> tuple[float, float]:
    """Wilson's interval of a share of `count` trials, of 90 %."""
    square = deviations**2 / count
    middle, half = share + square / 2, deviations * np.sqrt(share * (1 - share) / count + square / (4 * count))
    return (middle - half) / (1 + square), (middle + half) / (1 + square)


def main() -> None:
    """Measures and prints."""
    parser = of_real_speech(__doc__)
    parser.add_argument("--held-out", type=int, default=24, metavar="N", help="manners to recognise (default 24)")
    parser.add_argument("--sets", type=int, default=3, metavar="N", help="so many sets of manners (default 3)")
    parser.add_argument("--only-held-out", action="store_true", help="leave the built-in styles out")
    parser.add_argument("--drawn", metavar="STEPSxBRANCHES", help="as in benchmarks/sampling_steps.py; as usual if left out")
    options = parser.parse_args()
    from visavox.loading import load
    from visavox.rigs.heads.default_head import Head

    sampling = None if options.drawn is None else sampling_of(options.drawn)
    animator, head = load(options.checkpoint), Head.default()
    clips = speech_with_text(options.data, options.phones)
    long_enough = [clip for clip in clips if clip.audio.seconds * 25 >= animator.window + 10]
    seen, lips = {}, {}
    for name in () if options.only_held_out else style_names():
        motions = [animator.animate(clip.audio, built_in_style(name), sampling=sampling) for clip in clips]
        lips[name] = pool(score_phones(motion, clip) for motion, clip in zip(motions, clips, strict=True)).metrics()
        each = [features(motion, head) for motion in motions]
        seen[name] = np.array([list(one.values()) for one in each])
        lips[name] |= {key: float(np.median([one[key] for one in each])) for key in ("head range", "head speed", "widest gap")}
        say(f"{name}: closures {lips[name]['closure_recall']:.3f}")
    apart = told_apart(seen) if seen else {}
    chosen = long_enough[: options.held_out]
    sets = [held_out(Drawn(animator, sampling), chosen, number) for number in range(options.sets)]
    shown_apart = {"styles": lips, "told apart": apart, "held out": {"manners": len(chosen), "times chance": sets}}
    if lips:
        say("| style | P/B/M closed | F/V tucked | widest gap | head range | head speed | told apart |\n|---|---|---|---|---|---|---|")
    for name, one in lips.items():
        cells = [one[key] for key in ("closure_recall", "tuck", "widest gap", "head range", "head speed")]
        say(f"| {name} | {' | '.join(f'{cell:.3g}' for cell in cells)} | {apart[name]:.2f} |")
    right, asked = sum(each["generated"]["style_gain"] for each in sets), len(sets) * len(chosen)
    low, high = (len(chosen) * share for share in interval(right / asked, asked))
    each = ", ".join(f"{one['generated']['style_gain']:.0f}" for one in sets)
    say(f"held-out manners recognised, of {len(chosen)}: {each}; mean {right / len(sets):.1f} ({low:.1f} to {high:.1f})")
    json.dump(plain(shown_apart), sys.stdout, indent=1)


if __name__ == "__main__":
    main()

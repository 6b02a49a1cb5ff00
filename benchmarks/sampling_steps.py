"""What fewer evaluations of the denoiser cost: prints one JSON object, and the table as Markdown on stderr.

    python benchmarks/sampling_steps.py DATA [--drawn 10x3/1 6x1 4x3 4x1 3x1] [--folders ...]

How motion is drawn is written STEPSxBRANCHES/WINDOWS: one branch is guidance 1, two add the style's 1.5, three the sound's 1.15 as well;
of so many windows together, 16 when left out. DATA
holds the folders of the other benchmarks: speech_pd and ljspeech (recordings with text, aligned once into --phones, also with pink noise
10 dB under them), us_gov and FACEGOOD (known faces; medians), and grid_multi, of which the speakers are scored whom the recipe of the lip
reader holds out (means over speakers). Seams are those of finished motion at the borders of windows; takes are three seeds of four clips.
Every other number is of seed 0. Styles are the matter of `benchmarks/styles.py --drawn`.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from real_speech import GOALS, of_real_speech, plain, say, speech_with_text
from strangers import clips_of, follow, pooled

from visavox.data.clip import Clip
from visavox.data.readers.facegood import read_facegood
from visavox.data.readers.tracked import read_tracked
from visavox.encoding import RecordingEncoder
from visavox.evaluate.degradations import with_pink_noise
from visavox.evaluate.face_score import score_face, score_motion
from visavox.evaluate.metrics.curves import at_times, correlation
from visavox.evaluate.metrics.diversity import take_spread
from visavox.evaluate.phone_score import motion_aperture, pool, score_phones
from visavox.loading import load
from visavox.rigs.arkit import HEAD
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap
from visavox.sampling import Sampling
from visavox.windows import frame_times

FACE = ("gap_correlation", "width_correlation", "articulation_ratio", "lip_jerk_ratio", "head_range_ratio", "head_speed_ratio")
FOLDERS = ("text", "noise", "us_gov", "grid_multi", "facegood")
NOISY = ("closure_recall", "closure_precision", "false_closure")
GUIDANCE = {1: (1.0, 1.0), 2: (1.0, 1.5), 3: (1.15, 1.5)}  # branches -> audio and style guidance
TAKES, SEEDS = 4, 3  # clips, and takes of each
BROWS = ("browInnerUp", "browDownLeft", "browOuterUpLeft")


def sampling_of(drawn: str) -> Sampling:
    """The sampling that STEPSxBRANCHES/WINDOWS means, such as 4x1 or 10x3/1."""
    numbers, _, windows = drawn.partition("/")
    steps, branches = map(int, numbers.split("x"))
    audio, style = GUIDANCE[branches]
    return Sampling(steps=steps, audio_guidance=audio, style_guidance=style, lockstep=int(windows or 16))


class KeptEncoder(RecordingEncoder):
    """Encodes each recording once, however often it is drawn."""

    def __init__(self, encoder: RecordingEncoder):
        super().__init__(encoder.engine, encoder.encode)
        self._kept = {}

    def __call__(self, audio, frames, at_once=False):
        key = id(audio), frames, at_once
        if key not in self._kept:
            self._kept[key] = audio, super().__call__(audio, frames, at_once)  # the recording too, so that its number stays its own
        return self._kept[key][1]


def sets(data: Path, phones: Path, folders: Sequence[str]) -> dict[str, list[Clip]]:
    """The clips of each set."""
    clips, random = speech_with_text(data, phones), np.random.default_rng(0)
    found = {"text": clips, "noise": [with_pink_noise(clip, 10, random) for clip in clips]}
    found["us_gov"] = list(read_tracked(data / "us_gov", "us_gov", "public domain"))
    found["grid_multi"] = clips_of(data / "grid_multi", False)
    found["facegood"] = list(read_facegood(data / "facegood"))
    return {name: each for name, each in found.items() if name in folders}


def face_gap(motion, clip: Clip, head: Head) -> float:
    """The correlation of the lip gap with that of the clip's own curves on the same head."""
    times = frame_times(clip.motion.frames, clip.motion.fps)
    return correlation(at_times(lip_gap(head, motion), motion.fps, times), lip_gap(head, clip.motion), np.ones(times.size, bool))


def score(animator, clips: dict[str, list[Clip]], head: Head, sampling: Sampling) -> dict[str, float]:
    """All numbers of one way to draw."""
    started = time.process_time()
    made = {name: [animator.animate(clip.audio, sampling=sampling) for clip in each] for name, each in clips.items()}
    found = {"cpu_seconds": time.process_time() - started}
    if "text" in clips:
        lips = pool(score_phones(motion, clip) for motion, clip in zip(made["text"], clips["text"], strict=True)).metrics()
        found |= {metric: lips[metric] for metric in GOALS} | takes(animator, clips["text"], head, sampling)
    if "noise" in clips:
        lips = pool(score_phones(motion, clip) for motion, clip in zip(made["noise"], clips["noise"], strict=True)).metrics()
        found |= {f"10 dB: {metric}": lips[metric] for metric in NOISY}
    if "us_gov" in clips:
        scores = [score_face(motion, clip, head) for motion, clip in zip(made["us_gov"], clips["us_gov"], strict=True)]
        found |= {f"us_gov: {metric}": float(np.median([one[metric] for one in scores])) for metric in FACE}
    if "grid_multi" in clips:
        pairs = zip(made["grid_multi"], clips["grid_multi"], strict=True)
        followed = pooled([(clip.speaker, follow(motion, clip, head)) for motion, clip in pairs], np.random.default_rng(0))
        found |= {f"grid_multi: {measure}": followed[measure]["mean"] for measure in ("gap", "width")}
    if "facegood" in clips:
        pairs = zip(made["facegood"], clips["facegood"], strict=True)
        found["facegood: gap"] = float(np.median([face_gap(motion, clip, head) for motion, clip in pairs]))
    alone = [score_motion(motion, animator.window) for name, each in made.items() if name != "noise" for motion in each]
    return found | {name: float(np.nanmedian([one[name] for one in alone])) for name in ("lip_seam", "head_seam", "head_range")}


def takes(animator, clips: list[Clip], head: Head, sampling: Sampling) -> dict[str, float]:
    """How far takes of one recording differ: head in degrees, lip aperture, and brows."""
    found = {"head_take_spread": [], "lip_take_spread": [], "brow_take_spread": []}
    for clip in sorted(clips, key=lambda clip: -clip.audio.seconds)[:TAKES]:
        motions = [animator.animate(clip.audio, seed=seed, sampling=sampling) for seed in range(SEEDS)]
        found["head_take_spread"].append(np.degrees(take_spread(np.stack([motion.select(HEAD) for motion in motions]))))
        found["lip_take_spread"].append(take_spread(np.stack([motion_aperture(motion, head).values[:, None] for motion in motions])))
        found["brow_take_spread"].append(take_spread(np.stack([motion.select(BROWS) for motion in motions])))
    return {name: float(np.mean(values)) for name, values in found.items()}


def main() -> None:
    """Measures and prints."""
    parser = of_real_speech(__doc__)
    parser.add_argument("--drawn", nargs="+", default=["10x3/1", "6x1", "4x3", "4x1", "3x1"], metavar="DRAWN")
    parser.add_argument("--folders", nargs="+", default=FOLDERS, help="sets to score (default: all)")
    parser.add_argument("--bare", action="store_true", help="without gestures: what the model itself draws")
    parser.add_argument("--precision", help="of the denoiser: float32 or int8; the usual one of this machine if left out")
    options = parser.parse_args()
    animator, head = load(options.checkpoint, () if options.bare else None, precision=options.precision), Head.default()
    animator.encode = KeptEncoder(animator.encode)
    clips, found = sets(options.data, options.phones, options.folders), {}
    for each in clips.values():
        for clip in each:
            animator.animate(clip.audio, sampling=Sampling(steps=1))  # so that nobody pays for the encoder
    for drawn in options.drawn:
        found[drawn] = score(animator, clips, head, sampling_of(drawn))
        say(f"{drawn}: {found[drawn]['cpu_seconds']:.0f} CPU s")
    say(f"| | {' | '.join(found)} |\n|{'---|' * (len(found) + 1)}")
    for metric in next(iter(found.values())):
        say(f"| {metric} | {' | '.join(f'{values[metric]:.3f}' for values in found.values())} |")
    json.dump(plain(found), sys.stdout, indent=1)


if __name__ == "__main__":
    main()

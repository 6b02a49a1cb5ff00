"""What fewer sampling steps cost: prints one JSON object, and the table as Markdown on stderr.

    python benchmarks/sampling_steps.py DATA [--steps 4 6 8 10 20 100] [--faces us_gov]

DATA holds the folders speech_pd and ljspeech (recordings with text, aligned once into --phones) and --faces (tracked faces). Lips are
scored by the channels on the first, medians against the tracked faces on the second; every number is of seed 0.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
from real_speech import GOALS, plain, say, speech_with_text

from visavox.data.readers.tracked import read_tracked
from visavox.evaluate.face_score import score_face
from visavox.evaluate.phone_score import pool, score_phones
from visavox.loading import load
from visavox.rigs.heads.default_head import Head
from visavox.sampling import Sampling

FACE = ("gap_correlation", "width_correlation", "articulation_ratio", "head_range_ratio", "head_speed_ratio")


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--checkpoint", help="a checkpoint; the packaged one if left out")
    parser.add_argument("--phones", type=Path, default=Path("out/align"), help="where alignments are kept")
    parser.add_argument("--steps", type=int, nargs="+", default=[4, 6, 8, 10, 20, 100])
    parser.add_argument("--faces", default="us_gov", help="the folder in DATA of tracked faces (default us_gov)")
    options = parser.parse_args()
    animator, head = load(options.checkpoint), Head.default()
    clips = speech_with_text(options.data, options.phones)
    faces = list(read_tracked(options.data / options.faces, options.faces, "as stated beside it"))
    found = {}
    for steps in options.steps:
        sampling, started = Sampling(steps=steps), time.monotonic()
        lips = pool(score_phones(animator.animate(clip.audio, sampling=sampling), clip) for clip in clips).metrics()
        scores = [score_face(animator.animate(clip.audio, sampling=sampling), clip, head) for clip in faces]
        found[steps] = {metric: lips[metric] for metric in GOALS}
        found[steps] |= {metric: float(np.median([score[metric] for score in scores])) for metric in FACE}
        found[steps]["seconds"] = time.monotonic() - started
        say(f"{steps} steps: {found[steps]['seconds']:.0f} s")
    say(f"| metric | {' | '.join(map(str, found))} |\n|{'---|' * (len(found) + 1)}")
    for metric in next(iter(found.values())):
        say(f"| {metric} | {' | '.join(f'{values[metric]:.3f}' for values in found.values())} |")
    json.dump(plain(found), sys.stdout, indent=1)


if __name__ == "__main__":
    main()

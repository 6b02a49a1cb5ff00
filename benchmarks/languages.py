"""Whether the face speaks languages other than English: prints one JSON object, and the table as Markdown on stderr.

    python benchmarks/languages.py DATA

Where a face is known (DATA/facegood, performed curves, probably Mandarin; DATA/us_gov, English) the correlation of the lip gap is
given. Where none is, for each recording of DATA/languages, speech_multi and ljspeech: how far the lips move while somebody speaks
(95th less 5th percentile of the gap), and the longest time for which they hardly move (by under a twelfth of that) although somebody
speaks, which is what a stuck mouth would show.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from real_speech import plain, say

from visavox.data.readers.facegood import read_facegood
from visavox.data.readers.tracked import read_tracked
from visavox.data.readers.transcribed import read_sounds
from visavox.evaluate.metrics.curves import at_times, correlation
from visavox.evaluate.metrics.silence import silent_frames
from visavox.loading import load
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import lip_gap
from visavox.windows import frame_times

FOLDERS = ("languages", "speech_multi", "ljspeech")


def movement(gap: np.ndarray, spoken: np.ndarray, fps: float) -> dict[str, float]:
    """The range of a lip gap (T,) while somebody speaks (T,), and the longest spoken stretch in seconds in which it hardly moves."""
    low, high = np.percentile(gap[spoken], [5, 95])
    longest, start = 0, 0
    for end in range(1, gap.size + 1):
        while start < end and (not spoken[start:end].all() or np.ptp(gap[start:end]) > (high - low) / 12):
            start += 1
        longest = max(longest, end - start)
    return {"range": float(high - low), "stuck_seconds": longest / fps}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--checkpoint", help="a checkpoint; the packaged one if left out")
    options = parser.parse_args()
    animator, head = load(options.checkpoint), Head.default()
    found = {"known faces": {}, "recordings": {}}
    for clip in read_facegood(options.data / "facegood"):
        made, times = animator.animate(clip.audio), frame_times(clip.motion.frames, clip.motion.fps)
        r = correlation(at_times(lip_gap(head, made), made.fps, times), lip_gap(head, clip.motion), np.ones(times.size, bool))
        found["known faces"][f"facegood/{clip.name}"] = r
    for clip in read_tracked(options.data / "us_gov", "us_gov", "public domain"):
        made, measures = animator.animate(clip.audio), clip.measures
        r = correlation(at_times(lip_gap(head, made), made.fps, measures.times), measures.lip_gap, measures.ok)
        found["known faces"][f"us_gov/{clip.name}"] = r
    say("| folder | clips | median r of the lip gap |\n|---|---|---|")
    for folder in ("facegood", "us_gov"):
        values = [r for name, r in found["known faces"].items() if name.startswith(folder)]
        say(f"| {folder} | {len(values)} | {np.median(values):.3f} |")
    say("| recording | range of the gap | longest still while speaking, s |\n|---|---|---|")
    for folder in FOLDERS:
        for clip in read_sounds(options.data / folder):
            made = animator.animate(clip.audio)
            spoken = ~silent_frames(clip.audio, frame_times(made.frames, made.fps))
            found["recordings"][f"{folder}/{clip.name}"] = one = movement(lip_gap(head, made), spoken, made.fps)
            say(f"| {folder}/{clip.name} | {one['range']:.3f} | {one['stuck_seconds']:.2f} |")
    json.dump(plain(found), sys.stdout, indent=1)


if __name__ == "__main__":
    main()

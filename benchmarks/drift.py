"""Whether a face that feels what a voice tells drifts over a long recording, and what memory that takes: prints JSON.

    python -m benchmarks.drift 30 a.flac b.flac ...

The recordings are joined in chance order, over again where they are too short, into so many minutes. Of each channel's means per minute the
slope is taken with its 95 % interval, with the emotion and without; a channel drifts when its interval leaves 0 out. Of 55 channels that do
not, about three do so by chance, so the smallest probability is printed beside, times the number of channels (Bonferroni).
"""

import json
import resource
import sys

import numpy as np
from scipy.stats import linregress, t

from visavox.audio import Audio
from visavox.direction.voice import read_voice
from visavox.gestures.emotions import express
from visavox.io.audio import read_audio
from visavox.loading import load
from visavox.motion import Motion

RATE = 16000


def joined(paths: list[str], minutes: float) -> Audio:
    """So many minutes of the recordings in chance order."""
    random, parts, left = np.random.default_rng(0), [], round(minutes * 60 * RATE)
    while left > 0:
        part = read_audio(paths[int(random.integers(len(paths)))]).resample(RATE).samples[:left]
        parts.append(part)
        left -= part.size
    return Audio(np.concatenate(parts), RATE)


def drifting(motion: Motion) -> dict[str, object]:
    """The channels whose slope of means per minute has an interval that leaves 0 out, and the smallest corrected probability."""
    minutes = int(motion.seconds // 60)
    frames = round(60 * motion.fps)
    means = motion.values[: minutes * frames].reshape(minutes, frames, -1).mean(1)
    found, least = [], 1.0
    for name, column in zip(motion.rig.names, means.T, strict=True):
        if np.ptp(column) == 0:
            continue
        line = linregress(np.arange(minutes), column)
        if abs(line.slope) > t.ppf(0.975, minutes - 2) * line.stderr:
            found.append(name)
        least = min(least, float(line.pvalue))
    return {"channels": found, "smallest p, corrected": min(round(least * means.shape[1], 3), 1.0)}


def memory() -> float:
    """The most memory used so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(minutes: float, paths: list[str]) -> None:
    audio = joined(paths, minutes)
    plain = load().animate(audio)
    before = memory()
    voice = read_voice(audio)
    felt = express(plain, audio, voice.track(plain.frames, plain.fps))
    print(json.dumps({
        "minutes": round(plain.seconds / 60, 1), "phrases": len(voice.phrases), "without": drifting(plain), "felt": drifting(felt),
        "memory_mb": {"animation": round(before), "and reading and laying over": round(memory())},
    }))  # fmt: skip


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])

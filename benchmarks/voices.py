"""What the reader of voices is built on and how well it does.

python -m benchmarks.voices norms a.flac b.flac ...     # the usual cues of read speech; speakers by the first part of the file's name
python -m benchmarks.voices acted angry=a.wav sad=b.wav # how acted emotions are read: first, or next
"""

import argparse
from pathlib import Path

import numpy as np

from visavox.direction.feeling import phrases_of
from visavox.direction.voice import CUES, measured_cues, read_voice
from visavox.emotion import EMOTIONS
from visavox.gestures.accents import hops_of
from visavox.io.audio import read_audio


def norms(paths: list[str]) -> None:
    """Prints the median of speakers' medians of each cue, how much speakers deviate, and how much phrases of one speaker do."""
    by_speaker: dict[str, list[np.ndarray]] = {}
    for path in paths:
        audio = read_audio(path)
        hops = hops_of(audio)
        if phrases := phrases_of(hops):
            by_speaker.setdefault(Path(path).stem.split("-")[0], []).append(measured_cues(audio, hops, phrases))
    spoken = [np.concatenate(parts) for parts in by_speaker.values()]
    middles = np.array([np.median(cues, 0) for cues in spoken])
    within = np.concatenate([cues - middle for cues, middle in zip(spoken, middles, strict=True)])
    print(f"{len(spoken)} speakers, {len(within)} phrases")
    for place, name in enumerate(CUES):
        deviations = f"speakers {middles[:, place].std():5.2f}  phrases {within[:, place].std():5.2f}"
        print(f"{name:11s} median {np.median(middles[:, place]):7.2f}  {deviations}")


def acted(pairs: list[str]) -> None:
    """Prints what each recording is read as, and the share whose emotion is first, and first or next."""
    first, next_ = [], []
    print("| recording | acted | read first | next | chance of the acted one |\n|---|---|---|---|---|")
    for pair in pairs:
        name, _, path = pair.partition("=")
        chances = read_voice(read_audio(path)).overall
        order = np.argsort(-chances)
        first.append(EMOTIONS[order[0]] == name)
        next_.append(name in (EMOTIONS[order[0]], EMOTIONS[order[1]]))
        shown = f"{EMOTIONS[order[0]]} | {EMOTIONS[order[1]]} | {chances[EMOTIONS.index(name)]:.2f}"
        print(f"| {Path(path).stem} | {name} | {shown} |")
    print(f"\nfirst {sum(first)} of {len(first)}, first or next {sum(next_)} of {len(next_)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("norms", "acted"))
    parser.add_argument("given", nargs="+")
    options = parser.parse_args()
    {"norms": norms, "acted": acted}[options.what](options.given)


if __name__ == "__main__":
    main()

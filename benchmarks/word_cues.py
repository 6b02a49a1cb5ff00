"""How well a cue finds its word: words of transcripts against when GRID's speakers say them, as Markdown.

    python -m benchmarks.word_cues DATA [--clips 40]

DATA holds grid_s1/ with audio and words.jsonl, whose times are the corpus's own. Three transcripts of each clip: its words with times, its
words as one line with a time (subtitles), and its words alone (plain text, which pocketsphinx aligns). Needs `visavox[train]`.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from visavox.cue import Cue
from visavox.cues.grammar import read_instruction
from visavox.cues.kinds.word import placed
from visavox.cues.transcript import shared
from visavox.data.material.phone_alignment import align_words
from visavox.errors import VisavoxError
from visavox.io.audio import read_audio


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--clips", type=int, default=40)
    options = parser.parse_args()
    lines = (options.data / "grid_s1" / "words.jsonl").read_text().splitlines()
    rows = {"times of words": [], "a line with a time": [], "plain text, aligned": []}
    for line in lines[:: max(len(lines) // options.clips, 1)][: options.clips]:
        clip = json.loads(line)
        true = [(start, end, word) for start, end, word in clip["words"] if word not in ("sil", "sp")]
        said, first, last = " ".join(word for _, _, word in true), true[0][0], true[-1][1]
        ways = {"times of words": true, "a line with a time": shared(first, last, said)}
        try:
            ways["plain text, aligned"] = align_words(read_audio(options.data / "grid_s1" / "audio" / f"{clip['clip']}.flac"), said)
        except VisavoxError as error:
            print(f"{clip['clip']}: {error}")
        for way, words in ways.items():
            rows[way] += [compared(word, words, start, end) for start, end, word in true]
    print("| transcript | words | start, median error s | 90 % of them | of the word's time met |\n|---|---|---|---|---|")
    for way, found in rows.items():
        early, met = np.array(found).T
        print(f"| {way} | {len(found)} | {np.median(early):.2f} | {np.percentile(early, 90):.2f} | {np.mean(met):.2f} |")


def compared(word: str, words: list, start: float, end: float) -> tuple[float, float]:
    """By how many seconds the nearest cue at `word` begins too early or late, and the share of the word's time that it meets."""
    cues = placed(Cue(0.0, 0.0, read_instruction(f"word {word}: brows up")), words)
    cue = min(cues, key=lambda cue: abs(cue.start - start))
    return abs(cue.start - start), max(min(cue.end, end) - max(cue.start, start), 0) / (end - start)


if __name__ == "__main__":
    main()

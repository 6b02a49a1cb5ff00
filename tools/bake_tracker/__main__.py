"""`python -m tools.bake_tracker --model face_landmarker.task --recordings FOLDER... [--cache FOLDER] [--clips N] [--without PRESET ...]`.

Writes the tracker's asset. Draws N clips of our own heads that speak the recordings, looks at them with the landmarker, and learns
the solver; what was drawn is kept in the cache, and drawn again when the head has changed. It also draws the films by which
`python -m tools.bake_tracker.measure` measures. About 40 minutes on one core for 720 clips.
"""

import argparse
from pathlib import Path

import numpy as np
from tools.bake_tracker.learn import learn, read_clips
from tools.bake_tracker.renders import films, seen, spoken

from visavox.rigs.heads.default_head import Head
from visavox.track.landmarker import load_landmarker

OUT = Path(__file__).parents[2] / "src/visavox/assets/tracker.npz"
SOUNDS = (".flac", ".wav")
MOST = 20  # recordings
FILMS = "films"  # the folder of films in the cache


def recordings_of(folders: list[Path]) -> list[Path]:
    """Up to MOST recordings, evenly from all folders."""
    each = max(MOST // len(folders), 1)
    found = [sorted(path for path in folder.rglob("*") if path.suffix in SOUNDS) for folder in folders]
    return [path for paths in found for path in paths[:: max(len(paths) // each, 1)][:each]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--recordings", type=Path, nargs="+", required=True)
    parser.add_argument("--cache", type=Path, default=Path("out/bake_tracker"))
    parser.add_argument("--clips", type=int, default=720)
    parser.add_argument("--without", nargs="*", default=[], metavar="PRESET", help="heads to leave out, to measure on them")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    head = Head.default()
    motions, landmarker = spoken(recordings_of(options.recordings)), load_landmarker(options.model)
    paths = seen(options.cache, options.clips, motions, landmarker, head)
    films(options.cache / FILMS, motions, landmarker, head)
    clips = [clip for clip in read_clips(paths) if not clip.heads() & set(options.without)]
    arrays = {name: values.astype(np.float16) for name, values in learn(clips, head).items()}
    np.savez_compressed(options.out, **arrays)
    print(f"wrote {options.out}: {options.out.stat().st_size / 1e3:.0f} kB from {len(clips)} clips")


if __name__ == "__main__":
    main()

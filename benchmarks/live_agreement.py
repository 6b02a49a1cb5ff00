"""How well live lips agree with those of a recording: prints one JSON object, and tables as Markdown on stderr.

    python benchmarks/live_agreement.py DATA [--checkpoint FILE] [--latency 200 120] [--without] [--only PART ...]

DATA holds the folders us_gov, validation and grid_multi (filmed and tracked), speech_pd and ljspeech (with text), librispeech_test_other
and languages. The recording is animated as `visavox animate` does; live it is fed to a stream at each --latency, with the changes for
streams of the checkpoint, and with --without also without them. Four parts: `strangers`, how well lips follow filmed people whom no lip
reader was trained on, and by how much less live than in a recording, with a 90 % interval of a bootstrap over speakers and their clips;
`filmed`, medians of the clips of us_gov, which the lip reader was trained on: with all of a recording before it, it knows them by heart,
so the loss there is too large; `text`, closures and shapes of 16 recordings with text, with --all of all; `agreement`, the correlation
of gap and width of the default head live with those of the recording, medians of ten sounds of a speaker that the changes were not trained
on, and of ten of other languages and in noise.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import numpy as np
from real_speech import plain, say, speech_with_text
from strangers import clips_of, follow, pooled

from visavox.checkpoint import load
from visavox.data.readers.tracked import read_tracked
from visavox.data.readers.transcribed import read_sounds
from visavox.evaluate.face_score import score_face
from visavox.evaluate.metrics.aperture import head_measures
from visavox.evaluate.metrics.curves import correlation
from visavox.evaluate.phone_score import pool, score_phones
from visavox.io.assets import default_checkpoint
from visavox.loading import animator_of
from visavox.motion import Motion
from visavox.rigs.heads.default_head import Head
from visavox.stream import Stream
from visavox.stream.latency import pace_within

FILMED = ("gap_correlation", "width_correlation", "articulation_ratio", "head_range_ratio", "head_speed_ratio", "lip_jerk_ratio")
TEXT = ("closure_recall", "closure_precision", "false_closure", "tuck", "rounding_auc", "silence_aperture")
LOST = ("", "mean"), (", at least", "low"), (", at most", "high")
SPEAKER, LJ_CLIPS = "533", 10  # held out of training; clips of the one reader among the recordings with text
PARTS = ("strangers", "filmed", "text", "agreement")
STRANGERS = "validation", "grid_multi"


def live(animator, milliseconds: float):
    """What animates a clip live at a latency."""
    pace = pace_within(milliseconds / 1000)._asdict()

    def animate(clip) -> Motion:
        stream = Stream(animator, seed=crc32(clip.name.encode()), sample_rate=clip.audio.sample_rate, **pace)  # each blinks when it likes
        parts = [part for part in (stream.feed(clip.audio.samples), stream.finish()) if part is not None]
        return Motion(np.concatenate([part.values for part in parts]), 25, parts[0].rig)

    return animate


def filmed(animate, clips, head: Head) -> dict:
    """Medians of the scores of filmed clips."""
    scores = [score_face(animate(clip), clip, head) for clip in clips]
    return {name: round(float(np.median([score[name] for score in scores])), 3) for name in FILMED}


def text(animate, clips) -> dict:
    """The scores of recordings with text."""
    metrics = pool(score_phones(animate(clip), clip) for clip in clips).metrics()
    return {name: round(float(metrics[name]), 3) for name in TEXT}


def strangers(ways: dict, clips, head: Head) -> dict:
    """By way: means over speakers of gap and width, and what is lost against the first way, with its interval."""
    scores = {name: [(clip.speaker, follow(animate(clip), clip, head)) for clip in clips] for name, animate in ways.items()}
    first, found = next(iter(scores.values())), {}
    for name, each in scores.items():
        whole = pooled(each, np.random.default_rng(0))
        lost = pooled([(who, np.subtract(a, b)) for (who, a), (_, b) in zip(first, each, strict=True)], np.random.default_rng(0))
        found[name] = {measure: whole[measure]["mean"] for measure in ("gap", "width")}
        found[name] |= {f"{measure} lost{end}": lost[measure][key] for measure in ("gap", "width") for end, key in LOST}
    return found


def agreement(animate, recorded: list[tuple], head: Head) -> dict:
    """Medians of the correlations with what was made of the `recorded` clips, each with its gap and width."""
    found = []
    for clip, measures in recorded:
        mine = head_measures(head, animate(clip))
        found.append([correlation(own[: len(other)], other[: len(own)]) for own, other in zip(mine, measures, strict=True)])
    return dict(zip(("gap", "width"), np.median(found, axis=0).round(3).tolist(), strict=True))


def main() -> None:
    """Measures what the command asks for and prints it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--checkpoint", type=Path, default=default_checkpoint())
    parser.add_argument("--phones", type=Path, default=Path("out/align"), help="where alignments are kept")
    parser.add_argument("--latency", type=float, nargs="*", default=[200, 120], metavar="MS")
    parser.add_argument("--without", action="store_true", help="also without the changes for streams")
    parser.add_argument("--all", action="store_true", help="all recordings with text, not the first ten of the one reader alone")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    options = parser.parse_args()
    checkpoint, head = load(options.checkpoint), Head.default()
    recording = animator_of(checkpoint, "any", threads=1)
    animators = {"live": animator_of(checkpoint, "any", threads=1, live=True)}
    if options.without:
        animators["live, without the changes"] = animator_of(replace(checkpoint, streaming={}), "any", threads=1, live=True)
    ways = {"recording": lambda clip: recording.animate(clip.audio, seed=0)}
    ways |= {f"{name}, {each:g} ms": live(animator, each) for name, animator in animators.items() for each in options.latency}
    found = {part: measured(part, ways, options, head) for part in options.only}
    print(json.dumps(plain(found), indent=1))


def measured(part: str, ways: dict, options, head: Head) -> dict:
    """One part, by the name of the way in which the motion was made."""
    data, tables = options.data, {}
    if part == "strangers":
        tables = {folder: strangers(ways, clips_of(data / folder, False), head) for folder in STRANGERS}
    elif part == "filmed":
        clips = list(read_tracked(data / "us_gov", "us_gov", "public domain"))
        tables = {"filmed": {name: filmed(animate, clips, head) for name, animate in ways.items()}}
    elif part == "text":
        clips = speech_with_text(data, options.phones)
        read = [clip for clip in clips if "LJ" in clip.name][: None if options.all else LJ_CLIPS]
        clips = [clip for clip in clips if "LJ" not in clip.name] + read
        tables = {"text": {name: text(animate, clips) for name, animate in ways.items()}}
    else:
        for folder, of in (("librispeech_test_other", SPEAKER), ("languages", "")):
            clips = [clip for clip in read_sounds(data / folder) if clip.name.startswith(of)]
            recorded = [(clip, head_measures(head, ways["recording"](clip))) for clip in clips]
            tables[folder] = {name: agreement(animate, recorded, head) for name, animate in ways.items() if name != "recording"}
    for title, rows in tables.items():
        metrics = list(next(iter(rows.values())))
        say(f"\n| {title} | {' | '.join(metrics)} |\n{'|---' * (len(metrics) + 1)}|")
        for name, values in rows.items():
            say(f"| {name} | {' | '.join(f'{values[metric]:.3f}' for metric in metrics)} |")
    return tables


if __name__ == "__main__":
    main()

"""What single choices about strangers' lips do, without a training: prints one JSON object, and a line for each row on stderr.

    python benchmarks/lip_choices.py DATA NAME ... [--checkpoint FILE] [--recogniser FOLDER]

NAME is one of CHOICES:

moved       finished motion with the width that is read later, earlier and smoother
guidance    the lips that the model draws, with more guidance by sound and by style
encoders    linear readings of this audio encoder, of the recogniser's last layer and of both; needs --recogniser, openai/whisper-base

DATA, who is scored and the scores are those of `benchmarks/lip_questions.py`.
"""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from lip_questions import COMMANDS, NEIGHBOURS, SETS, STIFF, Bench, Score, as_finished, fitted, trained_people
from real_speech import plain, say
from scipy.ndimage import gaussian_filter1d

from visavox.audio import Audio
from visavox.data.clip import Clip
from visavox.errors import OptionError
from visavox.evaluate.metrics.aperture import head_measures
from visavox.models.recogniser import Recogniser
from visavox.sampling import Sampling
from visavox.windows import SAMPLE_RATE, SAMPLES_PER_FRAME, frame_times

MOVED, SMOOTHED = (-0.08, -0.04, 0.04, 0.08), (0.04, 0.12)  # seconds: later readings, and deviations of a mean over time
GUIDED = ((1.0, 1.0), (1.5, 1.0), (2.0, 1.0), (1.0, 1.5), (1.0, 3.0))  # by sound, by style


def moved(bench: Bench, recogniser: Path | None) -> dict[str, Score]:
    """Finished motion with the width that is read later by so many seconds, or averaged over so many."""
    found = as_finished(bench)
    for name in SETS:
        for late in MOVED:
            cues = [each | {"width": np.interp(_seconds(each), _seconds(each) + late, each["width"])} for each in bench.cues[name]]
            found[f"{name}: {late:+g} s"] = bench.follow_motion(name, bench.finished(name, cues))
        for over in SMOOTHED:
            cues = [each | {"width": gaussian_filter1d(each["width"], over * 25)} for each in bench.cues[name]]
            found[f"{name}: over {over:g} s"] = bench.follow_motion(name, bench.finished(name, cues))
    return found


def _seconds(cues: dict[str, np.ndarray]) -> np.ndarray:
    return frame_times(len(cues["width"]), 25.0)


def guidance(bench: Bench, recogniser: Path | None) -> dict[str, Score]:
    """Gap and width as the model draws them, and how far they range beside the tracked ones, by guidance."""
    found = {}
    for audio, style in GUIDED:
        sampling = Sampling(audio_guidance=audio, style_guidance=style)
        for name in SETS:
            curves = [
                np.stack(head_measures(bench.head, bench.animator.animate(clip.audio, sampling=sampling)), 1) for clip in bench.clips[name]
            ]
            ranges = [each.std(0) / _deviations(clip) for clip, each in zip(bench.clips[name], curves, strict=True)]
            ranged = dict(zip(("range of gap", "range of width"), map(float, np.median(ranges, 0)), strict=True))
            found[f"{name}: by sound {audio:g}, by style {style:g}"] = bench.follow(name, curves) | ranged
    return found


def _deviations(clip: Clip) -> np.ndarray:
    seen = clip.measures
    return np.array([seen.lip_gap[seen.ok].std(), seen.mouth_width[seen.ok].std()])


def encoders(bench: Bench, recogniser: Path | None) -> dict[str, Score]:
    """Linear readings of both encoders, fitted to speakers who are not scored."""
    if recogniser is None:
        raise OptionError("the question of encoders needs another one: give --recogniser FOLDER, openai/whisper-base")
    recognise = Recogniser(recogniser)

    def both(audio: Audio, frames: int) -> np.ndarray:
        sound = audio.resample(SAMPLE_RATE).samples
        other = recognise(np.pad(sound, (0, SAMPLES_PER_FRAME)))[:frames]
        own = bench.features(audio, frames)[: len(other)]
        return np.concatenate([each / np.sqrt(np.mean(np.square(each))) for each in (own, other)], 1)

    trained, found = trained_people(bench, both), {}
    inputs = {name: [both(clip.audio, motion.frames) for clip, motion in bench.of(name)] for name in SETS}
    size = bench.animator.encode(bench.clips[SETS[0]][0].audio, 1).features.shape[1]
    for way, columns in (("this", slice(size)), ("the recogniser", slice(size, None)), ("both", slice(None))):
        for name in SETS:
            known = [each for each in trained if each.weight == COMMANDS or name != "us_gov"]
            width = known[0].inputs.shape[1] // len(NEIGHBOURS)
            taken = np.concatenate([np.arange(width)[columns] + width * shift for shift in range(len(NEIGHBOURS))])
            reading = fitted([replace(each, inputs=each.inputs[:, taken]) for each in known], STIFF)
            found[f"{name}: {way}"] = bench.follow(name, [reading(each[:, columns]) for each in inputs[name]])
    return found


CHOICES = {"moved": moved, "guidance": guidance, "encoders": encoders}


def main() -> None:
    """Tries and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("names", nargs="+", choices=tuple(CHOICES), metavar="NAME", help=", ".join(CHOICES))
    parser.add_argument("--checkpoint", help="a checkpoint; the packaged one if left out")
    parser.add_argument("--recogniser", type=Path, help="a folder of openai/whisper-base, for encoders")
    options = parser.parse_args()
    bench, found = Bench(options.data, Path("out/align"), options.checkpoint), {}
    for name in options.names:
        found[name] = CHOICES[name](bench, options.recogniser)
        for row, score in found[name].items():
            say(f"{name} | {row} | {', '.join(f'{metric} {value:.3f}' for metric, value in score.items())}")
    json.dump(plain(found), sys.stdout, indent=1)


if __name__ == "__main__":
    main()

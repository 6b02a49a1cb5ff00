"""What was asked of strangers' lips and answered without a training: prints one JSON object, and a line for each row on stderr.

    python benchmarks/lip_questions.py DATA NAME ... [--checkpoint FILE]

NAME is one of QUESTIONS:

finished    finished motion as it is
averaged    the reading of a sound, or the mean of those of the same sound shifted and in longer and shorter throats
mixed       gap and width of finished motion, or a ridge over all channels of the mouth, fitted to the other speakers
phones      the width that the model draws, the width that is read, a width by the probabilities of phones alone, and their means
left_out    finished motion of each president whose width is read from commands alone, or from the other president too, by our
            encoder, with shares of it that phones alone say
counted     linear readings by our encoder of people whom they do not know, of which commands, the one filmed for longest and who
            talks count otherwise
performed   the width that is read, with FACEGOOD's performed widths among those that a linear reading is fitted to
overdriven  recordings 12 and 20 dB too loud, with their cut tops left as they are or drawn in again

DATA is that of the other benchmarks. Scored are the speakers of grid_multi whom the lip reader never saw, and the two presidents of us_gov,
whom it was trained on. `visavox build --lips-only --commands DATA/grid_multi ...` without --people makes a reader that knows
neither: with it as --checkpoint every question is one of strangers of another kind. Correlations of gap and width at lag 0,
means over people.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from ablations import Row, finished
from real_speech import of_real_speech, plain, say, speech_with_text
from strangers import clips_of

from visavox.audio import Audio
from visavox.checkpoint import load as load_checkpoint
from visavox.data.clip import Clip
from visavox.data.readers.facegood import read_facegood
from visavox.data.readers.filmed_people import read_filmed
from visavox.evaluate.degradations import overdriven
from visavox.evaluate.metrics.aperture import head_measures
from visavox.evaluate.metrics.curves import at_times, correlation
from visavox.evaluate.phone_score import pool, score_phones
from visavox.gestures.lip_reading import READINGS
from visavox.gestures.smoothing import smoothed
from visavox.io.assets import default_checkpoint
from visavox.loading import load
from visavox.models import log_mel
from visavox.motion import Motion
from visavox.recipes.lip_people import held_out, read_lip_clips
from visavox.recipes.real_clips import Sources
from visavox.rigs.arkit import JAW, MOUTH
from visavox.rigs.heads.default_head import Head
from visavox.windows import SAMPLE_RATE, frame_times

SETS = ("grid_multi", "us_gov")
SHIFTS, THROATS = (-0.02, 0.0, 0.02), (0.94, 1.0, 1.06)  # seconds; speeds at which a sound is played
EVERY = 3  # clips with text of which one is overdriven
COMMANDS, LONGEST, TALKING = 0.3, 0.6, 1.0  # how much who says commands, was filmed for longest or talks counts in a linear reading
RIDGE, STIFF = 0.3, 10.0  # of readings by phones, and by features
PHONES_RIDGE, WIDE, AROUND = 3.0, 0.65, 1.5  # of readings by roots of phones; deviations: of a width that is read, of frames averaged
NEIGHBOURS = (-1, 0, 1)  # frames of which a linear reading is made

Curves = list[np.ndarray]  # (T, 2), gap and width of each clip
Score = dict[str, float]


@dataclass(frozen=True)
class Person:
    """What a linear reading is fitted to: inputs (T, D) and lips (T, 2) of one speaker, in the speaker's deviations, and a weight."""

    name: str
    inputs: np.ndarray
    lips: np.ndarray
    weight: float


class Bench:
    """Clips of strangers with the motion that is drawn and the cues that are read, made once."""

    def __init__(self, data: Path, phones: Path, checkpoint: str | None):
        self.data, self.phones, self.head, self.animator = data, phones, Head.default(), load(checkpoint, ())
        self.checkpoint = checkpoint or default_checkpoint()
        self.clips = {name: clips_of(data / name, False) for name in SETS}
        self.drawn = {name: [self.animator.animate(clip.audio) for clip in clips] for name, clips in self.clips.items()}
        self.cues = {name: [self.read(clip.audio, motion) for clip, motion in self.of(name)] for name in SETS}

    def of(self, name: str) -> list[tuple[Clip, Motion]]:
        """The clips of a set with the motion drawn."""
        return list(zip(self.clips[name], self.drawn[name], strict=True))

    def read(self, audio: Audio, motion: Motion) -> dict[str, np.ndarray]:
        """The cues of a sound in each frame of a motion."""
        return self.animator.encode.cues(audio, motion.frames)

    def features(self, audio: Audio, frames: int) -> np.ndarray:
        """What the audio encoder makes of each frame of a sound (T, E)."""
        return self.animator.encode(audio, frames).features[:frames]

    def finished(self, name: str, cues: Sequence[dict] | None = None) -> list[Motion]:
        """Motion of a set after all gestures of the mouth."""
        return [finished(motion, clip, each, Row()) for (clip, motion), each in zip(self.of(name), cues or self.cues[name], strict=True)]

    def follow(self, name: str, curves: Curves) -> Score:
        """How well curves at 25 frames a second follow the people of a set."""
        speakers = {}
        for clip, each in zip(self.clips[name], curves, strict=True):
            seen = clip.measures
            read = [at_times(each[:, column], 25.0, seen.times) for column in (0, 1)]
            pair = [correlation(one, tracked, seen.ok) for one, tracked in zip(read, (seen.lip_gap, seen.mouth_width), strict=True)]
            speakers.setdefault(clip.speaker, []).append(pair)
        means = np.mean([np.nanmean(each, 0) for each in speakers.values()], 0)
        return dict(zip(("gap", "width"), map(float, means), strict=True))

    def follow_motion(self, name: str, motions: list[Motion]) -> Score:
        """The same of finished motion on the default head."""
        return self.follow(name, [np.stack(head_measures(self.head, motion), 1) for motion in motions])


def averaged(bench: Bench) -> dict[str, Score]:
    """The reading, and means of readings of changed sounds."""
    ways = {
        "as it is": [(0.0, 1.0)],
        "shifted": [(shift, 1.0) for shift in SHIFTS],
        "other throats": [(0.0, throat) for throat in THROATS],
        "both": [(shift, throat) for shift in SHIFTS for throat in THROATS],
    }
    found = {}
    for way, changes in ways.items():
        for name in SETS:
            curves = [np.mean([changed_reading(bench, clip, motion, *each) for each in changes], 0) for clip, motion in bench.of(name)]
            found[f"{name}: {way}"] = bench.follow(name, curves)
    return found


def changed_reading(bench: Bench, clip: Clip, motion: Motion, shift: float, throat: float) -> np.ndarray:
    """What is read (T, 2) of a sound that is played at a speed of `throat` and begins `shift` seconds later, at the times of the motion."""
    audio, frames = clip.audio.resample(SAMPLE_RATE), motion.frames
    silence = np.zeros(round(abs(shift) * SAMPLE_RATE), np.float32)
    samples = np.concatenate([silence, audio.samples]) if shift >= 0 else np.concatenate([audio.samples[silence.size :], silence])
    played = Audio(samples, round(SAMPLE_RATE * throat)).resample(SAMPLE_RATE)
    count = int(np.ceil(played.seconds * motion.fps))
    cues = bench.animator.encode.cues(played, count)
    times = (frame_times(frames, motion.fps) + shift) / throat
    return np.stack([np.interp(times, frame_times(count, motion.fps), cues[name]) for name in READINGS], 1)


def mixed(bench: Bench) -> dict[str, Score]:
    """The default head's gap and width, and a ridge over channels that is fitted to the other speakers, by its stiffness."""
    names, motions = [*JAW, *MOUTH], {name: bench.finished(name) for name in SETS}
    found = {f"{name}: by the head": bench.follow_motion(name, motions[name]) for name in SETS}
    inputs = {name: [motion.select(names) for motion in motions[name]] for name in SETS}
    everybody = [person for name in SETS for person in people(bench.clips[name], inputs[name], TALKING)]
    for ridge in (0.01, 0.1, 0.3):
        for name in SETS:
            readings = {
                clip.speaker: fitted([each for each in everybody if each.name != clip.speaker], ridge) for clip in bench.clips[name]
            }
            curves = [readings[clip.speaker](each) for clip, each in zip(bench.clips[name], inputs[name], strict=True)]
            found[f"{name}: mixed, ridge {ridge}"] = bench.follow(name, curves)
    return found


def phones(bench: Bench) -> dict[str, Score]:
    """Gap and width as drawn, as read and by the probabilities of phones alone, fitted to speakers who are not scored, and means."""
    inputs = {name: [probabilities(cues) for cues in bench.cues[name]] for name in SETS}
    trained = trained_people(bench, lambda audio, frames: probabilities(bench.animator.encode.cues(audio, frames)))
    found = {}
    for name in SETS:
        reading = fitted([each for each in trained if (each.weight == COMMANDS) or name != "us_gov"], RIDGE)
        sources = {
            "drawn": [np.stack(head_measures(bench.head, motion), 1) for motion in bench.drawn[name]],
            "read": [np.stack([cues[each] for each in READINGS], 1) for cues in bench.cues[name]],
            "by phones": [reading(each) for each in inputs[name]],
        }
        for shares in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (0.5, 0.5, 0), (0.4, 0.4, 0.2), (0.25, 0.25, 0.5)):
            parts = list(zip(*sources.values(), strict=True))
            curves = [sum(share * standard(each) for share, each in zip(shares, part, strict=True)) for part in parts]
            shown = ", ".join(f"{share:g} {source}" for share, source in zip(shares, sources, strict=True) if share)
            found[f"{name}: {shown}"] = bench.follow(name, curves)
    return found


def left_out(bench: Bench) -> dict[str, Score]:
    """Presidents in finished motion whose width is read by a linear reading that does not know them, and in shares by phones alone."""
    encoder = load_checkpoint(bench.checkpoint).model().audio_encoder

    def heard(audio: Audio, frames: int) -> np.ndarray:
        mel = log_mel.log_mel(audio, 4 * frames)
        shares = encoder.phone_shares(np.asarray(log_mel.normalise(mel, log_mel.band_means(mel)), np.float32))
        roots = np.sqrt(shares.reshape(frames, 2, -1).mean(1))  # so that unlikely phones count
        return np.stack([smoothed(each, AROUND) for each in roots.T], 1)

    kinds = ((bench.features, STIFF), (heard, PHONES_RIDGE))
    trained = [(inputs_of, ridge, trained_people(bench, inputs_of)) for inputs_of, ridge in kinds]
    found = {}
    for known in ("neither", "the other"):
        read = [[_unknown_width(clip, motion.frames, known, *kind) for kind in trained] for clip, motion in bench.of("us_gov")]
        for share in (0.0, 0.2, 0.4, 0.6):
            widths = [WIDE * ((1 - share) * by_features + share * by_phones) for by_features, by_phones in read]
            cues = [each | {"width": width} for each, width in zip(bench.cues["us_gov"], widths, strict=True)]
            found[f"knows {known}, {share:g} by phones"] = bench.follow_motion("us_gov", bench.finished("us_gov", cues))
    return found


def _unknown_width(clip: Clip, frames: int, known: str, inputs_of: Callable, ridge: float, trained: list[Person]) -> np.ndarray:
    """The width (T,), about its mean and in its deviations, read by who knows commands and `known` of the presidents."""
    others = [each for each in trained if each.weight == COMMANDS or (known == "the other" and not same_president(each.name, clip.speaker))]
    return standard(fitted(others, ridge)(inputs_of(clip.audio, frames)))[:, 1]


def same_president(one: str, other: str) -> bool:
    """Whether names are of clips of us_gov that show the same of the two."""
    reagan = ["reagan" in name.lower() for name in (one, other)]
    return reagan[0] == reagan[1] and not any(name.startswith("grid") for name in (one, other))


def counted(bench: Bench) -> dict[str, Score]:
    """How readings that count people otherwise follow presidents, of whom they know the other, held-out commands and FACEGOOD's actor."""
    longest = read_lip_clips(Sources(grid=str(bench.data / "grid_s1"))).longest[::2]
    trained = trained_people(bench, bench.features)
    trained += people(longest, [bench.features(clip.audio, int(clip.audio.seconds * 25)) for clip in longest], LONGEST)
    inputs = {name: [bench.features(clip.audio, motion.frames) for clip, motion in bench.of(name)] for name in SETS}
    takes, found, usual = performed_takes(bench), {}, None
    for counts in ((0.3, 0.6, 1.0), (0.1, 0.6, 1.0), (0.1, 1.2, 1.0), (0.03, 1.2, 1.0), (0.3, 0.6, 0.3)):
        weight = dict(zip((COMMANDS, LONGEST, TALKING), counts, strict=True))
        shown_as = [max(sum(same_president(each.name, other.name) for other in trained), 1) for each in trained]  # clips of one president
        known = [replace(each, weight=weight[each.weight] / clips) for each, clips in zip(trained, shown_as, strict=True)]
        shown = "commands count {:g}, the longest {:g}, who talks {:g}".format(*counts)
        others = [fitted([each for each in known if not same_president(each.name, clip.speaker)], STIFF) for clip in bench.clips["us_gov"]]
        curves = [reading(each) for reading, each in zip(others, inputs["us_gov"], strict=True)]
        found[f"us_gov: {shown}"] = bench.follow("us_gov", curves)
        reading = fitted(known, STIFF)
        usual = usual or reading
        found[f"grid_multi: {shown}"] = bench.follow("grid_multi", [reading(each) for each in inputs["grid_multi"]])
        changes = [(reading(each) - usual(each))[:, 1] for each in inputs["grid_multi"]]
        cues = [each | {"width": each["width"] + change} for each, change in zip(bench.cues["grid_multi"], changes, strict=True)]
        found[f"grid_multi finished: {shown}, as a change"] = bench.follow_motion("grid_multi", bench.finished("grid_multi", cues))
        by_take = [[np.corrcoef(reading(own)[:, column], lips[:, column])[0, 1] for column in (0, 1)] for own, lips in takes]
        found[f"facegood: {shown}"] = dict(zip(("gap", "width"), np.mean(by_take, 0), strict=True))
    return found


def performed(bench: Bench) -> dict[str, Score]:
    """Finished motion with the width that is read, and with what FACEGOOD's widths would change of it in a linear reading."""
    trained = trained_people(bench, bench.features)
    actor = performed_people(bench)
    found = {}
    for weight in (0.0, 0.3, 1.0):
        for name in SETS:
            known = [each for each in trained if each.weight == COMMANDS or name != "us_gov"]
            cues = bench.cues[name]
            if weight:
                more, less = fitted([*known, replace(actor, weight=weight)], STIFF), fitted(known, STIFF)
                cues = [
                    each | {"width": each["width"] + (more(inputs) - less(inputs))[:, 1]}
                    for each, inputs in zip(
                        cues, (bench.features(clip.audio, motion.frames) for clip, motion in bench.of(name)), strict=True
                    )
                ]
            found[f"{name}: an actor who counts {weight:g}"] = bench.follow_motion(name, bench.finished(name, cues))
    return found


def overdriven_sounds(bench: Bench) -> dict[str, Score]:
    """Presidents followed, and lips on clips with text, of sounds that are cut off at full scale."""
    text = speech_with_text(bench.data, bench.phones)[::EVERY]
    filmed = bench.clips["us_gov"]
    bench.clips["overdriven"], restore, found = filmed, log_mel.unclipped, {}
    for decibels in (0, 12, 20):
        for restored in (True, False) if decibels else (True,):
            log_mel.unclipped = restore if restored else (lambda samples, sample_rate: samples)
            try:
                motions = {clip.name: _after(bench, overdriven(clip, decibels) if decibels else clip) for clip in (*filmed, *text)}
            finally:
                log_mel.unclipped = restore
            followed = bench.follow_motion("overdriven", [motions[clip.name] for clip in filmed])
            lips = pool(score_phones(motions[clip.name], clip) for clip in text).metrics()
            kept = {each: lips[each] for each in ("closure_recall", "closure_precision", "false_closure", "rounding_auc")}
            found[f"{decibels} dB, {'drawn in again' if restored else 'as it is'}"] = followed | kept
    return found


def _after(bench: Bench, clip: Clip) -> Motion:
    drawn = bench.animator.animate(clip.audio)
    return finished(drawn, clip, bench.read(clip.audio, drawn), Row())


def probabilities(cues: dict[str, np.ndarray]) -> np.ndarray:
    """The probability of each phone among the cues (T, P)."""
    return np.stack([cue for name, cue in cues.items() if name not in (*READINGS, "certainty")], 1)


def trained_people(bench: Bench, inputs_of: Callable[[Audio, int], np.ndarray]) -> list[Person]:
    """Presidents, and the speakers of commands whom the recipe does not hold out, with the inputs of their sounds."""
    found = []
    for name, weight in (("grid_multi", COMMANDS), ("us_gov", TALKING)):
        clips = [clip for clip in read_filmed(bench.data / name) if name == "us_gov" or not held_out(clip.speaker)]
        found += people(clips, [inputs_of(clip.audio, int(clip.audio.seconds * 25)) for clip in clips], weight)
    return found


def performed_people(bench: Bench) -> Person:
    """The actor of FACEGOOD, whose lips are those of the performed curves on the default head."""
    inputs, lips = zip(*performed_takes(bench), strict=True)
    joined = np.concatenate(lips)
    return Person("facegood", np.concatenate([beside(each) for each in inputs]), (joined - joined.mean(0)) / joined.std(0), TALKING)


def performed_takes(bench: Bench) -> list[tuple[np.ndarray, np.ndarray]]:
    """Features (T, E) of each take of FACEGOOD, and gap and width (T, 2) of the default head under its curves."""
    takes = []
    for clip in read_facegood(bench.data / "facegood"):
        frames = int(min(clip.audio.seconds, clip.motion.seconds) * 25)
        curves = head_measures(bench.head, clip.motion)
        lips = np.stack([at_times(curve, clip.motion.fps, frame_times(frames, 25.0)) for curve in curves], 1)
        takes.append((bench.features(clip.audio, frames), lips))
    return takes


def people(clips: list[Clip], inputs: list[np.ndarray], weight: float) -> list[Person]:
    """The speakers of clips, with frames in which a face was found."""
    rows = {}
    for clip, each in zip(clips, inputs, strict=True):
        seen, times = clip.measures, frame_times(len(each), 25.0)
        lips = np.stack([np.interp(times, seen.times, curve) for curve in (seen.lip_gap, seen.mouth_width)], 1)
        found = np.interp(times, seen.times, seen.ok.astype(float)) == 1
        rows.setdefault(clip.speaker, []).append((beside(each)[found], lips[found]))
    persons = []
    for speaker, parts in rows.items():
        own, lips = (np.concatenate([part[column] for part in parts]) for column in (0, 1))
        persons.append(Person(speaker, own, (lips - lips.mean(0)) / np.maximum(lips.std(0), 1e-6), weight))
    return persons


def fitted(persons: list[Person], ridge: float) -> Callable[[np.ndarray], np.ndarray]:
    """A linear reading (T, 2) of inputs (T, D), fitted to people who count as their weights say, however long they were filmed."""
    moments = 0.0
    for person in persons:
        rows = np.concatenate([person.inputs, person.lips, np.ones((len(person.inputs), 1))], 1).astype(np.float64)
        moments = moments + person.weight * rows.T @ rows / len(rows)
    count, size = moments[-1, -1], len(moments) - 3
    mean, usual = moments[:size, -1] / count, moments[size:-1, -1] / count
    gram = moments[:size, :size] / count - np.outer(mean, mean)
    gram[np.diag_indices(size)] += ridge * np.trace(gram) / size
    weights = np.linalg.solve(gram, moments[:size, size:-1] / count - np.outer(mean, usual))
    return lambda inputs: (beside(inputs) - mean) @ weights + usual


def beside(inputs: np.ndarray) -> np.ndarray:
    """Each frame of inputs (T, D) with those beside it (T, 3 D)."""
    frames = np.arange(len(inputs))
    return np.concatenate([inputs[np.clip(frames + shift, 0, len(inputs) - 1)] for shift in NEIGHBOURS], 1)


def standard(curves: np.ndarray) -> np.ndarray:
    """Curves (T, 2) about their means, in their deviations."""
    return (curves - curves.mean(0)) / np.maximum(curves.std(0), 1e-9)


def as_finished(bench: Bench) -> dict[str, Score]:
    """Finished motion as it is."""
    return {f"{name}: finished": bench.follow_motion(name, bench.finished(name)) for name in SETS}


QUESTIONS = {
    "finished": as_finished,
    "averaged": averaged,
    "mixed": mixed,
    "phones": phones,
    "left_out": left_out,
    "counted": counted,
    "performed": performed,
    "overdriven": overdriven_sounds,
}


def main() -> None:
    """Answers and prints."""
    parser = of_real_speech(__doc__)
    parser.add_argument("names", nargs="+", choices=tuple(QUESTIONS), metavar="NAME", help=", ".join(QUESTIONS))
    options = parser.parse_args()
    bench, found = Bench(options.data, options.phones, options.checkpoint), {}
    for name in options.names:
        found[name] = QUESTIONS[name](bench)
        for row, score in found[name].items():
            say(f"{name} | {row} | {', '.join(f'{metric} {value:.3f}' for metric, value in score.items())}")
    json.dump(plain(found), sys.stdout, indent=1)


if __name__ == "__main__":
    main()

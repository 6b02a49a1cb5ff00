"""Whether a speaking head moves as people's do: gates G1 to G10, each beside the same head under another's sound. Prints JSON, and a
table as Markdown on stderr.

    python benchmarks/heads.py DATA [--seeds 5] [--usual]

DATA holds us_gov and validation (filmed heads), librispeech_test_other (voices). Filmed heads say what is real and teach the two judges:
a regression of speed and pitch on the voice, which is asked about a speaker that it never saw, and a classifier of real and made pieces of
4 s, asked likewise. The head is that of `visavox.gestures.move_head`, with styles drawn by what people differ by, or with --usual without.
"filmed" is these few clips; the goals come from 25 people of whom most are not here. The forest needs scikit-learn, the rest does not.
"""

import argparse
import itertools
import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from filmed_heads import FPS, FilmedHead, correlation, events, filmed_heads, statistics
from scipy.optimize import minimize

from visavox.data.readers.transcribed import read_sounds
from visavox.diffusion.noise import FrameNoise, recording_hash
from visavox.evaluate.metrics.head_statistics import AXES, BANDS, EVENTS, band, band_deviations, memory, nods, speed_curve
from visavox.gestures.head import DRAWS, HeadGesture, whole
from visavox.gestures.smoothing import smoothed
from visavox.gestures.voice import VoiceTrack, voice_track
from visavox.style import HeadStyle

Poses = dict[str, np.ndarray]
PEOPLE = {"amplitude": 0.22, "pitch": 0.15, "yaw": 0.14, "roll": 0.14, "speed": 0.13, "tilt": 0.36}  # printed by fit_head.py
PIECE, HOP = 100, 50  # frames: the pieces that are judged
OPENING = 125  # frames of which recordings are compared
REGULARISED = 3000.0
SHAPES = {"kurtosis of velocity": (4, 5.5), "speed cv": (0.7, 0.9), "skew of pitch": (-0.4, 0.1), "memory": (0.4, 0.58),
          "nod time": (0.36, 0.55), "pauses to speech": (0.5, 0.75)}  # fmt: skip
AROUND = {"still before onset": -0.49, "burst after onset": 0.47, "still after offset": -0.34, "pitch after onset": -0.23,
          "pitch at offset": 0.25, "pitch at accent": -0.09}  # fmt: skip
# degrees of pitch, yaw and roll of 25 people
REAL_BANDS = {"0-0.5": (2.07, 2.53, 2.55), "0.5-1": (0.89, 0.93, 0.70), "1-2": (0.52, 0.61, 0.37), "2-4": (0.33, 0.28, 0.18)}
OBSERVED = {"speed": lambda pose: np.log1p(speed_curve(pose, FPS)), "pitch": lambda pose: smoothed(pose[:, 0], 0.12 * FPS)}


def drawn_style(random: np.random.Generator) -> HeadStyle:
    """A way of moving the head as people differ."""
    scale = {name: float(np.exp(np.clip(random.normal(0, by), -2 * by, 2 * by))) for name, by in PEOPLE.items() if name != "tilt"}
    axes = tuple(scale[axis] for axis in AXES)
    return HeadStyle(scale["amplitude"], axes, scale["speed"], tilt=float(np.clip(random.normal(0, PEOPLE["tilt"]), -0.9, 0.9)))


def made(voice: VoiceTrack, recording: int, seed: int, style: HeadStyle) -> np.ndarray:
    """The pose (T, 3) in degrees that a recording gets, as the animator asks for it."""
    gesture = HeadGesture()
    chance = FrameNoise(seed, recording).frames(0, (len(voice) + gesture.behind(FPS), DRAWS), purpose=1)
    return whole(gesture, voice, chance, style, FPS)


def takes(heads: list[FilmedHead], seed: int, usual: bool, shifted: bool) -> Poses:
    """The made head of every clip; `shifted` under the sound of the next speaker's clip, over and over until it is long enough."""
    found = {}
    for number, head in enumerate(heads):
        heard = head
        if shifted:
            heard = next(other for other in heads[number + 1 :] + heads if other.speaker != head.speaker)
        style = HeadStyle() if usual else drawn_style(np.random.default_rng([seed, *head.speaker.encode()]))
        repeated = [np.resize(getattr(heard.voice, name), len(head.pose)) for name in vars(heard.voice)]
        found[head.name] = made(VoiceTrack(*repeated), recording_hash(head.audio.samples, head.audio.sample_rate), seed, style)
    return found


def heard(voice: VoiceTrack) -> np.ndarray:
    """What a regression reads (T, F): the voice within 0.6 s of each frame."""
    curves = [voice.speech, voice.level, voice.tone]
    curves += [smoothed(getattr(voice, name), 2) for name in ("onset", "offset", "accent", "syllable")]
    for curve in (voice.level, voice.tone):
        curves += [np.gradient(smoothed(curve, 1)), smoothed(curve, 15)]
    lagged = [np.roll(curve, lag) for curve in curves for lag in range(-15, 16, 3)]
    return np.stack(lagged, 1)


def regressions(heads: list[FilmedHead]) -> dict[str, Poses]:
    """What each of OBSERVED would be by the voice, of each clip, by a regression on the filmed heads of the other speakers."""
    features = {head.name: heard(head.voice) for head in heads}
    scale = np.concatenate(list(features.values()))
    features = {name: (each - scale.mean(0)) / (scale.std(0) + 1e-9) for name, each in features.items()}
    predicted: dict[str, Poses] = {name: {} for name in OBSERVED}
    for name, observe in OBSERVED.items():
        seen = {head.name: _standard(observe(head.pose)) for head in heads}
        for head in heads:
            others = [other.name for other in heads if other.speaker != head.speaker]
            x, y = (np.concatenate([each[other] for other in others]) for each in (features, seen))
            weights = np.linalg.solve(x.T @ x + REGULARISED * np.eye(x.shape[1]), x.T @ y)
            predicted[name][head.name] = features[head.name] @ weights
    return predicted


def _standard(curve: np.ndarray) -> np.ndarray:
    return (curve - curve.mean()) / (curve.std() + 1e-9)


def by_speaker(heads: list[FilmedHead], value: Callable[[FilmedHead], float], centre=np.mean) -> float:
    """`centre` over speakers of the mean of their clips; clips without a value are left out."""
    groups: dict[str, list[float]] = {}
    for head in heads:
        groups.setdefault(head.speaker, []).append(value(head))
    means = [np.mean([one for one in each if one == one]) for each in groups.values() if any(one == one for one in each)]
    return float(centre(means))


def piece_features(pose: np.ndarray) -> list[float]:
    """What a judge sees of a piece (PIECE, 3) of a head."""
    from scipy.ndimage import gaussian_filter1d

    smooth = gaussian_filter1d(pose, 1.5, axis=0)
    rates = np.gradient(smooth, axis=0) * FPS
    speed, middle = np.linalg.norm(rates, axis=1), band(smooth, FPS, 0.4, 4.0)
    spread = np.percentile(smooth, 95, axis=0) - np.percentile(smooth, 5, axis=0)
    pairs = ((0, 1), (0, 2), (1, 2))
    return [
        *np.log(band_deviations(smooth, FPS) + 0.02).ravel(), *np.log(0.1 + spread), np.log(speed.mean()), speed.std() / speed.mean(),
        np.log(np.percentile(speed, 95) / (speed.mean() + 0.1)), np.log(0.1 + np.percentile(speed, 10) / speed.mean()),
        *((rates**4).mean(0) / (np.square(rates).mean(0) ** 2 + 1e-6)), *((middle**3).mean(0) / (np.square(middle).mean(0) ** 1.5 + 1e-6)),
        *(correlation(smooth[:, one], smooth[:, other]) for one, other in pairs),
        *(correlation(middle[:, one], middle[:, other]) for one, other in pairs),
        *(nods(sign * pose[:, 0], FPS)[0].size for sign in (1, -1)), *(memory(smooth[:, axis], FPS) for axis in range(3)),
    ]  # fmt: skip


def told_apart(heads: list[FilmedHead], real: Poses, fake: Poses) -> dict[str, float]:
    """How well real and made pieces are told apart (area under the curve, half is not at all), by judges that never saw the speaker."""
    rows = [
        (piece_features(poses[head.name][start : start + PIECE]), label, head.speaker)
        for head in heads for label, poses in ((0, real), (1, fake)) for start in range(0, len(head.pose) - PIECE + 1, HOP)
    ]  # fmt: skip
    x, y = np.nan_to_num(np.array([row[0] for row in rows])), np.array([row[1] for row in rows])
    x = (x - x.mean(0)) / (x.std(0) + 1e-9)
    speakers = np.array([row[2] for row in rows])
    judges = {"logistic": logistic}
    try:
        from sklearn.ensemble import RandomForestClassifier

        judges["forest"] = lambda x, y: RandomForestClassifier(300, min_samples_leaf=4, random_state=0).fit(x, y).predict_proba
    except ImportError:
        print("no scikit-learn: the forest is left out", file=sys.stderr)
    found = {}
    for name, judge in judges.items():
        said = np.zeros(len(y))
        for speaker in np.unique(speakers):
            here = speakers == speaker
            said[here] = np.asarray(judge(x[~here], y[~here])(x[here])).reshape(here.sum(), -1)[:, -1]
        found[name] = float((said[y == 1][:, None] > said[y == 0]).mean())
    return found


def logistic(x: np.ndarray, y: np.ndarray, strength: float = 20.0) -> Callable[[np.ndarray], np.ndarray]:
    """A logistic regression with a squared penalty; gives what it says of new rows."""

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = x @ weights[1:] + weights[0]
        error = 1 / (1 + np.exp(-score)) - y
        value = np.logaddexp(0, score).sum() - score @ y + strength * weights[1:] @ weights[1:] / 2
        return value, np.concatenate([[error.sum()], x.T @ error + strength * weights[1:]])

    weights = minimize(loss, np.zeros(x.shape[1] + 1), jac=True).x
    return lambda new: new @ weights[1:] + weights[0]


def alike(openings: list[np.ndarray]) -> tuple[list[float], list[float]]:
    """The mean r and the mean of abs r over pairs of recordings, of each axis."""
    pairs = [[correlation(one[:, axis], other[:, axis]) for axis in range(3)] for one, other in itertools.combinations(openings, 2)]
    return np.mean(pairs, 0).tolist(), np.abs(pairs).mean(0).tolist()


def readings(heads: list[FilmedHead], poses: Poses, predicted: dict[str, Poses]) -> dict[str, float]:
    """The numbers of gates G4 to G10 of one take."""
    numbers = statistics(heads, lambda head: poses[head.name])

    def by_voice(name: str, head: FilmedHead) -> float:
        return correlation(predicted[name][head.name], OBSERVED[name](poses[head.name]))

    found = {f"voice to {name}": by_speaker(heads, partial(by_voice, name)) for name in OBSERVED}
    about = events(heads, lambda head: poses[head.name])
    found |= {name: float(np.mean(about[name])) for name in EVENTS}
    names = [*SHAPES, "speed", "range in 5 s", "nods a minute", *(f"{axis} {low:g}-{high:g} Hz" for low, high in BANDS for axis in AXES)]
    return found | {name: by_speaker(heads, lambda head, name=name: numbers[head.name][name], np.median) for name in names}


def goals() -> dict[str, tuple[float, float]]:
    """From what to what each reading may be."""
    found = {"voice to speed": (0.22, 0.36), "voice to pitch": (0.10, 0.30)} | SHAPES
    found |= {name: (middle - 0.15, middle + 0.15) for name, middle in AROUND.items()}
    for name, row in REAL_BANDS.items():
        found |= {f"{axis} {name} Hz": (0.75 * value, 1.33 * value) for axis, value in zip(AXES, row, strict=True)}
    found |= {"logistic": (0, 0.7), "forest": (0, 0.7)} | {f"r of {axis}": (-0.05, 0.05) for axis in AXES}
    return found | {f"abs r of {axis}": (0, 0.38) for axis in AXES}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--usual", action="store_true", help="the usual head for everybody")
    parser.add_argument("--folders", nargs="+", default=["us_gov", "validation"])
    options = parser.parse_args()
    heads = [head for folder in options.folders for head in filmed_heads(options.data / folder)]
    real, predicted = {head.name: head.pose for head in heads}, regressions(heads)
    columns: dict[str, dict[str, float]] = {"filmed": readings(heads, real, predicted)}
    for column, shifted in (("made", False), ("another's sound", True)):
        each = []
        for seed in range(options.seeds):
            poses = takes(heads, seed, options.usual, shifted)
            each.append(readings(heads, poses, predicted) | (told_apart(heads, real, poses) if seed < 3 else {}))
        columns[column] = {name: float(np.mean([one[name] for one in each if name in one])) for name in each[0]}
    voices = [clip.audio for clip in read_sounds(options.data / "librispeech_test_other") if clip.audio.seconds > 5]
    voiced = [(voice_track(voice.between(0, 7), 175, FPS), recording_hash(voice.samples, voice.sample_rate)) for voice in voices]
    openings = ([made(voice, recording, seed, HeadStyle())[:OPENING] for voice, recording in voiced] for seed in range(options.seeds))
    for prefix, values in zip(("r of", "abs r of"), np.mean([alike(each) for each in openings], axis=0).tolist(), strict=True):
        columns["made"] |= {f"{prefix} {axis}": value for axis, value in zip(AXES, values, strict=True)}
    print(table(columns), file=sys.stderr)
    json.dump({"clips": len(heads), "recordings": len(voices), "seeds": options.seeds} | columns, sys.stdout, indent=1)


def table(columns: dict[str, dict[str, float]]) -> str:
    """Every reading beside its goal."""
    lines = [f"| | {' | '.join(columns)} | goal | |", "|---" * (len(columns) + 3) + "|"]
    wanted = goals()
    for name in columns["made"]:
        cells = [f"{values[name]:.2f}" if name in values else "" for values in columns.values()]
        low, high = wanted.get(name, (-np.inf, np.inf))
        verdict = ("met" if low <= columns["made"][name] <= high else "MISSED") if name in wanted else ""
        lines.append(f"| {name} | {' | '.join(cells)} | {f'{low:.2f} to {high:.2f}' if name in wanted else ''} | {verdict} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()

"""Fits the constants of `visavox.gestures.head.HeadModel` to filmed heads, and prints them beside what they were fitted to.

    python benchmarks/fit_head.py DATA [--rounds 3] [--seeds 5]

DATA holds us_gov, grid_multi and grid_s1; nothing else is read. Two presidents in us_gov give the size of a speaking head by band, and
what it does about the events of the voice. The shape of a movement, which has no unit, is the mean of theirs and of the thirteen people who
read commands in GRID: orators alone hold longer and jump further than people do. They follow their voice more closely, too: of what ties
head to voice a share FOLLOWED is wanted. Times of GRID are not fitted: its sentences stand alone.
What people differ by, over all fifteen, is printed for `benchmarks/heads.py`.

Gains are the least squares of the band powers, none of them nothing, solved afresh for every trial; the other constants are searched one
by one, at the same seeds throughout, from where they are. Least squares over bands leave the slow nod of the head small, and with it the
range of short clips: at the end the moves of pitch get the slow power that is wanted, and moves and beats one factor by which pieces of
PIECES seconds, made alone, range as the filmed ones do. With --rounds 0 only that is done.
"""

import argparse
import itertools
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from filmed_heads import FPS, FilmedHead, correlation, events, filmed_heads, statistics
from scipy.optimize import lsq_linear

from visavox.diffusion.noise import FrameNoise, recording_hash
from visavox.evaluate.metrics.head_motion import head_range
from visavox.evaluate.metrics.head_statistics import AXES, BANDS, band_deviations
from visavox.gestures.head import DRAWS, HeadGesture, HeadModel, whole
from visavox.gestures.voice import VoiceTrack, voice_track
from visavox.style import HeadStyle

SHAPES = ("speed cv", "kurtosis of velocity", "skew of pitch", "memory", "nod time", "pauses to speech")
LINKS = ("speed with level", "pitch with level and tone")
BAND_NAMES = [f"{axis} {low:g}-{high:g} Hz" for low, high in BANDS for axis in AXES]
SCALE = {"speed cv": 0.05, "kurtosis of velocity": 0.4, "skew of pitch": 0.2, "memory": 0.025, "nod time": 0.05, "pauses to speech": 0.06,
         "speed with level": 0.06, "pitch with level and tone": 0.08, "nods a minute": 5.0}  # fmt: skip
EVENT_SCALE, BAND_SCALE = 0.11, 0.12  # deviations, about the standard error of us_gov; of the logarithm
STEPS = {  # by what a constant is multiplied or moved, and its bounds
    "moves_a_second": (1.25, 0.3, 3), "move_at_onset": (1.25, 0.05, 1), "onset_time": (0.04, 0, 0.3), "move_time": (1.15, 0.3, 1.2),
    "beat_at_accent": (1.25, 0.05, 1), "beat_at_syllable": (1.25, 0.05, 1), "beat_lead": (0.04, -0.1, 0.2), "beat_time": (1.15, 0.3, 1.2),
    "fade": (1.6, 0.05, 1.5),
    "spread": (1.2, 0.15, 0.8), "still": (1.2, 0.05, 1), "loud": (1.25, 0.05, 1.2), "phrase": (1.25, 0.05, 2), "lift": (1.25, 0.05, 3),
    "lift_time": (1.3, 0.05, 0.4),
}  # fmt: skip
FOLLOWED = 0.8  # share of what two orators do about their voice, who follow it more closely than people do
DRIFTING = 0.25  # of a deviation of poses, by which a held head drifts
PIECES = (3, 5, 8, 12)  # seconds
LEAST = 0.25  # share of the power from 1 to 2 Hz that is beats', and from 2 to 4 Hz that is unrest's, at least
MOVED = ("onset_time", "beat_lead")


class Fit:
    """The heads that are fitted to, what they do, and the chance at which every trial is made."""

    def __init__(self, heads: list[FilmedHead], wanted: dict[str, float], seeds: int):
        self.heads, self.wanted, self.style, self.seeds = heads, wanted, HeadStyle(), seeds
        self.chance, self.voices = {}, {}
        for head in heads:
            recording = recording_hash(head.audio.samples, head.audio.sample_rate)
            frames = len(head.pose) + HeadGesture().behind(FPS)
            self.chance[head.name] = [FrameNoise(seed, recording).frames(0, (frames, DRAWS), purpose=1) for seed in range(seeds)]
            self.voices[head.name] = _followed_by_silence(head.voice)

    def made(self, model: HeadModel) -> tuple[HeadModel, dict[str, float]]:
        """`model` with the gains that fit it, and all the numbers of its heads."""
        gesture = HeadGesture(model)
        parts = {
            head.name: [gesture.parts(gesture.start(self.style, FPS), self.voices[head.name], chance) for chance in self.chance[head.name]]
            for head in self.heads
        }
        model = replace(model, **self._gains([part for each in parts.values() for part in each]))
        gesture, takes = HeadGesture(model), []
        for take in range(len(next(iter(parts.values())))):
            poses = {name: gesture.joined(each[take], self.style) for name, each in parts.items()}
            takes.append(numbers(self.heads, lambda head, poses=poses: poses[head.name]))
        return model, {name: float(np.nanmean([take[name] for take in takes])) for name in takes[0]}

    def _gains(self, parts: list[np.ndarray]) -> dict[str, tuple]:
        """The gains by which the parts (T, 5, 3) have the power of each band that is wanted."""
        powers = np.mean([[np.square(band_deviations(part[:, kind], FPS)) for kind in range(5)] for part in parts], 0)
        wanted = np.square(np.reshape([self.wanted[name] for name in BAND_NAMES], (len(BANDS), len(AXES))))
        gains = np.zeros((4, 3))
        for axis in range(3):
            left = np.maximum(wanted[:, axis] - powers[4, :, axis], 0.2 * wanted[:, axis])
            held = powers[0, :, axis] + DRIFTING**2 * powers[2, :, axis]
            kinds = np.stack([held, powers[1, :, axis], powers[3, :, axis]])
            least = [0, LEAST * wanted[2, axis] / kinds[1, 2], LEAST * wanted[3, axis] / kinds[2, 3]]
            solved = lsq_linear((kinds / wanted[:, axis]).T, left / wanted[:, axis], (least, np.inf)).x
            move, beat, unrest = np.sqrt(solved)
            gains[:, axis] = move, beat, DRIFTING * move, unrest
        names = ("move", "beat", "drift", "unrest")
        return {name: tuple(np.round(row, 2).tolist()) for name, row in zip(names, gains, strict=True)}

    def pose(self, model: HeadModel, head: FilmedHead, seed: int) -> np.ndarray:
        """The angles (T, 3) that `model` gives a filmed head's voice."""
        gesture = HeadGesture(model)
        return gesture.step(gesture.start(self.style, FPS), self.voices[head.name], self.chance[head.name][seed])

    def loss(self, found: dict[str, float]) -> float:
        """How far `found` is from what is wanted, in squared scales."""
        total = sum(((found[name] - self.wanted[name]) / scale) ** 2 for name, scale in SCALE.items())
        total += sum((np.log(found[name] / self.wanted[name]) / BAND_SCALE) ** 2 for name in BAND_NAMES)
        return total + sum(((value - self.wanted[name]) / EVENT_SCALE) ** 2 for name, value in found.items() if name.startswith("event: "))

    def search(self, rounds: int) -> tuple[HeadModel, dict[str, float]]:
        """The best model found, and its numbers."""
        best, found = self.made(HeadModel())
        lowest = self.loss(found)
        for number in range(rounds):
            for name in STEPS:
                for sign in (1, -1):
                    tried, new = self.made(replace(best, **{name: _stepped(name, getattr(best, name), sign / (1 + number / 2))}))
                    if self.loss(new) < lowest:
                        best, found, lowest = tried, new, self.loss(new)
                        break
            print(f"round {number + 1}: loss {lowest:.1f}", file=sys.stderr, flush=True)
        return best, found


def widened(fit: Fit, model: HeadModel) -> tuple[HeadModel, float]:
    """`model` that ranges as far as the heads of `fit` do, and by which factor all of its moves and beats grew."""
    slow, found = BAND_NAMES[0], 0.0
    for _ in range(2):  # what a move adds to a band is not the square of its gain alone
        found = _numbers_of(fit, model)[slow]
        model = replace(model, move=(round(model.move[0] * fit.wanted[slow] / found, 2), *model.move[1:]))
    factor = 1 / float(np.median([made / filmed for filmed, made in ranges(fit, model)]))
    grown = {name: tuple(round(factor * gain, 2) for gain in getattr(model, name)) for name in ("move", "beat")}
    return replace(model, **grown, drift=tuple(round(DRIFTING * gain, 2) for gain in grown["move"])), factor


def ranges(fit: Fit, model: HeadModel) -> list[tuple[float, float]]:
    """The range of every piece of the filmed heads, and that of the head that its sound alone gets."""
    found, gesture = [], HeadGesture(model)
    for head, seconds in itertools.product(fit.heads, PIECES):
        frames = round(seconds * FPS)
        for first in (
            np.linspace(0, len(head.pose) - frames, max(len(head.pose) // frames, 1)).astype(int) if len(head.pose) > frames else ()
        ):
            audio = head.audio.between(first / FPS, (first + frames) / FPS)
            voice, recording = voice_track(audio, frames, FPS), recording_hash(audio.samples, audio.sample_rate)
            for seed in range(fit.seeds):
                chance = FrameNoise(seed, recording).frames(0, (frames + gesture.behind(FPS), DRAWS), purpose=1)
                found.append((_range(head.pose[first : first + frames]), _range(whole(gesture, voice, chance, fit.style, FPS))))
    return found


def _range(pose: np.ndarray) -> float:
    return head_range(np.radians(pose))


def _numbers_of(fit: Fit, model: HeadModel) -> dict[str, float]:
    """The numbers of the heads that `model` makes, its gains as they are."""
    takes = []
    for seed in range(fit.seeds):
        poses = {head.name: fit.pose(model, head, seed) for head in fit.heads}
        takes.append(numbers(fit.heads, lambda head, poses=poses: poses[head.name]))
    return {name: float(np.nanmean([take[name] for take in takes])) for name in takes[0]}


def _stepped(name: str, value: float, sign: float) -> float:
    by, low, high = STEPS[name]
    return round(float(np.clip(value + sign * by if name in MOVED else value * by**sign, low, high)), 3)


def _followed_by_silence(voice: VoiceTrack) -> VoiceTrack:
    silence = VoiceTrack.silence(HeadGesture().behind(FPS))
    return VoiceTrack(*(np.concatenate([getattr(voice, name), getattr(silence, name)]) for name in vars(voice)))


def numbers(heads: Iterable[FilmedHead], poses) -> dict[str, float]:
    """The numbers of heads: each clip's, averaged by the speaker and then over speakers, and those about events over all clips."""
    by_speaker: dict[str, list] = {}
    for head in heads:
        by_speaker.setdefault(head.speaker, []).append(statistics([head], poses)[head.name])
    each = [{name: _mean([clip[name] for clip in clips]) for name in clips[0]} for clips in by_speaker.values()]
    found = {name: _mean([speaker[name] for speaker in each]) for name in each[0]}
    return found | {f"event: {name}": float(np.mean(values)) for name, values in events(heads, poses).items()}


def _mean(values: list[float]) -> float:
    known = [value for value in values if value == value]
    return float(np.mean(known)) if known else float("nan")


def differences(heads: list[FilmedHead], usual: list[FilmedHead]) -> dict[str, float]:
    """By how much people differ: deviations of logarithms within the folder of each speaker, and of the correlation of roll with yaw."""
    rows = []
    for group in (heads, usual):
        by_speaker: dict[str, list] = {}
        for head in group:
            found = statistics([head], lambda each: each.pose)[head.name]
            axes = [np.log(np.mean([found[f"{axis} {low:g}-{high:g} Hz"] for low, high in BANDS[1:]])) for axis in AXES]
            by_speaker.setdefault(head.speaker, []).append([*axes, np.log(found["speed"]), correlation(head.pose[:, 1], head.pose[:, 2])])
        table = np.array([np.mean(each, 0) for each in by_speaker.values()])
        rows.append(table - [*table.mean(0)[:4], 0])
    table = np.concatenate(rows)
    amplitude = table[:, :3].mean(1)
    own = (table[:, :3] - amplitude[:, None]).std(0)
    found = {"amplitude": amplitude.std(), **dict(zip(AXES, own, strict=True))}
    return found | {"speed": (table[:, 3] - amplitude).std(), "tilt": table[:, 4].std()}


def main() -> None:
    """Fits and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    orators = filmed_heads(options.data / "us_gov")
    readers = filmed_heads(options.data / "grid_multi") + filmed_heads(options.data / "grid_s1", 20)
    wanted, reading = (numbers(heads, lambda head: head.pose) for heads in (orators, readers))
    wanted |= {name: (wanted[name] + reading[name]) / 2 for name in SHAPES}
    wanted |= {name: FOLLOWED * value for name, value in wanted.items() if name in LINKS or name.startswith("event: ")}
    fit = Fit(orators, wanted, options.seeds)
    model = fit.search(options.rounds)[0] if options.rounds else HeadModel()
    model, factor = widened(fit, model)
    found = _numbers_of(fit, model)
    for name, value in asdict(model).items():
        print(f"    {name}: {'Angles' if isinstance(value, tuple) else 'float'} = {value}")
    print(f"\n{'number':28} wanted  found")
    for name in found:
        print(f"{name:28} {wanted[name]:6.2f} {found[name]:6.2f}")
    of_pieces = np.median([made / filmed for filmed, made in ranges(fit, model)])
    print(f"\nmoves and beats grew by {factor:.3f}; pieces of {PIECES} s range {of_pieces:.2f} times as far as the filmed ones (median)")
    print("\npeople differ by", {name: round(float(value), 2) for name, value in differences(readers, orators).items()})


if __name__ == "__main__":
    main()

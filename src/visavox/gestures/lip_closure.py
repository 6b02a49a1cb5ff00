"""Lips as the sounds that are heard ask: shut for p, b and m, tucked for f and v, rounded for aw, r and w. One machine for a recording and
for a live voice, which differ in how far they may look ahead to ease what lips do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from visavox.gestures.gesture import Piece, Take, WholeRecording
from visavox.gestures.lip_reading import USUAL_LARGEST, gap_of
from visavox.gestures.smoothing import bell, smoothed
from visavox.gestures.teeth import TEETH, close_teeth
from visavox.motion import Motion
from visavox.rigs.arkit import PARTING

LEAST, LEAST_OF_M, SURE = 0.01, 0.04, 0.07  # probability from which lips begin to meet, and how much above it they have; n passes for m
OPEN = 4.0  # how much more the probability of an open vowel counts: a quarter keeps lips from meeting
LET_GO = (0.1, 0.3)  # probability of an open vowel from which the lip of an f is let go, and has been: noise has a little everywhere
NARROW, STEEP, LEAST_READY = 0.4, 3.0, 0.1  # share of the largest gap from which a consonant counts less, how fast, and how much at least
APPROACH = 0.033  # seconds (standard deviation) over which lips come together and part
FIRM, NEAR = 0.6, 0.08  # share of what that takes from the peak of a short closure, which is given back; seconds around it that count
SPREAD = 0.02  # seconds (standard deviation), the same of tucked and rounded lips
UNROUNDED = 0.3  # share of the pucker that lips give up as they meet
TUCK = 0.5  # weight of the lower lip rolled in
ROUNDED = {"AO": 0.15, "R": 0.1, "W": 0.2, "AA": -0.1}  # weight of the pucker at certainty, beside what the reading of the width asks
SPREAD_VOWELS, SPREAD_LIPS = ("IY", "IH", "EH", "AE"), 0.9  # no lips round for these: so much of pucker and funnel goes at certainty
LOWER = ("mouthLowerDownLeft", "mouthLowerDownRight")
PHONES = tuple(sorted({"P", "B", "M", "F", "V", "AA", "AO", *SPREAD_VOWELS, *ROUNDED, *TEETH}))


class EasedPhones(Protocol):
    """The phones that are heard in each frame, eased as lips move: they do not snap."""

    def eased(self) -> Mapping[str, np.ndarray]:
        """The probability (T,) of each of PHONES by its name."""

    def shut(self, ready: np.ndarray) -> np.ndarray:
        """How surely the lips meet (T,), 0 to 1, where consonants count as far as lips are `ready` (T,)."""


def shape_lips(motion: Motion, phones: EasedPhones, largest: float) -> Motion:
    """`motion` whose lips, which open `largest`, shut for p, b and m, the lower one tucked for f and v, and round for aw, r and w, as far
    as these are heard.

    The model moves its lips by the mean of what a sound may be, so that a consonant of which it is not sure, in noise above all, leaves
    them ajar. On a face an open p is a fault and a shut t is none. Where the mouth stands wide it takes more to shut it: what is heard
    there is seldom a bilabial. What this does to true and to false closures, and to tracked mouths, was measured: docs/ablations.md.
    """
    eased, shut = phones.eased(), phones.shut(readiness(gap_of(motion), largest))
    return meet(close_teeth(motion, eased, 1 - shut), eased, shut)


@dataclass(frozen=True, eq=False)
class PhonesOfRecording:
    """The probabilities (T,) of phones by name in a recording, which lips follow from both sides."""

    cues: Mapping[str, np.ndarray]
    fps: float

    def eased(self) -> dict[str, np.ndarray]:
        """The probability (T,) of each phone by its name."""
        return {name: smoothed(self.cues[name], SPREAD * self.fps) for name in PHONES}

    def shut(self, ready: np.ndarray) -> np.ndarray:
        """How surely the lips meet (T,)."""
        return without_snap(closing(self.cues, ready, LEAST, LEAST_OF_M), self.fps)


def readiness(gap: np.ndarray, largest: float) -> np.ndarray:
    """How much (T,), LEAST_READY to 1, a consonant that is heard counts where lips stand `gap` (T,) apart, which open `largest`."""
    return np.clip(1 - STEEP * (gap / max(largest, USUAL_LARGEST) - NARROW), LEAST_READY, 1)


def closing(phones: Mapping[str, np.ndarray], ready: np.ndarray, least: float, least_of_m: float) -> np.ndarray:
    """How surely the lips meet (T,), 0 to 1, for the p, b and m among `phones`, probabilities (T,) by name. These count as far as lips are
    `ready` (T,), a p or b from the `least` probability on, an m from the `least_of_m`."""
    apart = ready * np.clip(1 - OPEN * _open_vowel(phones), 0, 1)
    return np.maximum(_meeting(apart * (phones["P"] + phones["B"]), least), _meeting(apart * phones["M"], least_of_m))


def without_snap(shut: np.ndarray, fps: float) -> np.ndarray:
    """How far lips are `shut` (T,), come together and parted as fast as lips do; short closures keep most of their height."""
    around = reach(fps)
    return eased_amid(np.lib.stride_tricks.sliding_window_view(np.pad(shut, around, mode="edge"), 2 * around + 1), fps)


def reach(fps: float) -> int:
    """The frames to either side by which it is settled how far lips are shut."""
    return round(NEAR * fps) + round(4 * APPROACH * fps)


def eased_amid(around: np.ndarray, fps: float) -> np.ndarray:
    """How far lips are shut (N,) amid frames `around` (N, 2 reach + 1), in each of which they meet so surely."""
    near, kernel = round(NEAR * fps), bell(APPROACH * fps)
    # sums of whole columns: how many frames are asked together changes no bit
    eased = sum(weight * around[:, place : place + 2 * near + 1] for place, weight in enumerate(kernel.tolist()))
    sure = around[:, kernel.size // 2 :][:, : 2 * near + 1].max(axis=1)
    lost = sure / np.maximum(eased.max(axis=1), 1e-3) - 1
    return np.clip(eased[:, near] * (1 + FIRM * np.maximum(lost, 0)), 0, 1)


def meet(motion: Motion, phones: Mapping[str, np.ndarray], shut: np.ndarray) -> Motion:
    """`motion` whose lips are `shut` (T,), 0 to 1, and else stand as `phones` ask: probabilities (T,) by name."""
    unrounded = 1 - SPREAD_LIPS * sum(phones[name] for name in SPREAD_VOWELS)
    rounded = sum(weight * phones[name] for name, weight in ROUNDED.items())
    kept = np.clip((LET_GO[1] - _open_vowel(phones)) / (LET_GO[1] - LET_GO[0]), 0, 1)
    tucked = _meeting(kept * (phones["F"] + phones["V"]), LEAST)
    changed = {
        "mouthClose": np.maximum(motion.channel("mouthClose"), shut * motion.channel("jawOpen")),
        "mouthFunnel": motion.channel("mouthFunnel") * (1 - shut) * unrounded,
        "mouthPucker": (motion.channel("mouthPucker") * unrounded + rounded) * (1 - UNROUNDED * shut),
        "mouthRollLower": np.maximum(motion.channel("mouthRollLower"), TUCK * tucked),
    }
    for name in PARTING:
        changed[name] = motion.channel(name) * (1 - (np.maximum(shut, tucked) if name in LOWER else shut))
    return motion.with_channels(changed).clamped()


def _open_vowel(phones: Mapping[str, np.ndarray]) -> np.ndarray:
    """The probability (T,) of the open vowels that no lips shut in."""
    return phones["AA"] + phones["AO"]


def _meeting(share: np.ndarray, least: float) -> np.ndarray:
    return np.clip((share - least) / SURE, 0, 1)


def _shape_in_recording(piece: Piece, take: Take) -> Motion:
    largest = float(np.percentile(gap_of(piece.motion), 95))
    return shape_lips(piece.motion, PhonesOfRecording(piece.cues, piece.motion.fps), largest)


CLOSURE = WholeRecording("lip closure", _shape_in_recording)  # a closure keeps its height, which is known once it is over

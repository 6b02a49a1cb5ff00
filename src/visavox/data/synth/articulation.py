"""The rule-based animator's lips: from timed phones and loudness to ten articulations at 100 Hz.

Method: dominance-weighted targets (after Cohen and Massaro, 1993, "Modeling coarticulation in synthetic visual speech"), a short
Gaussian, loudness on the opening. Then hard gates, so that p, b and m always close and f and v always tuck, however short.

The targets were set so that the default head's lip gap and mouth width follow the per-phone gaps and widths of a real speaker
(GRID s1, tracked, CC BY 4.0; least squares on dominance weights). They were pulled towards textbook visemes where one speaker is too few.
Rounded lips are nearly closed, coronals and velars show the teeth, a resting mouth is as wide as a spread one.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from visavox.data.synth.phones import BILABIALS, LABIODENTALS, Phone
from visavox.easing import smooth_step
from visavox.levels import decibels

RATE = 100  # Hz
ARTICULATIONS = ("jaw", "lower", "upper", "closure", "pucker", "funnel", "wide", "roll", "press", "tongue")
_AT = {name: position for position, name in enumerate(ARTICULATIONS)}
_LIPS = np.array([name not in ("jaw", "tongue") for name in ARTICULATIONS])


@dataclass(frozen=True)
class Target:
    """Where a phone wants the mouth: a value for each articulation, how strongly for the jaw and for the lips, and how far (s)."""

    values: np.ndarray
    jaw: float
    lips: float
    reach: float


def _table() -> dict[str, Target]:
    #            jaw  lower upper clos  puck  funn  wide  roll  press tong   jaw's and lips' dominance, reach
    rows = {
        "SIL":  ((.02, .00, .00, .00, .00, .00, .10, .00, .00, .00), 1.2, 1.2, .050),
        "AA":   ((.62, .33, .18, .00, .09, .12, .00, .00, .00, .00), 1.0, 1.0, .060),
        "AE":   ((.57, .40, .28, .00, .00, .00, .10, .00, .00, .00), 1.0, 1.0, .060),
        "AH":   ((.38, .28, .14, .00, .09, .06, .00, .00, .00, .00), 0.8, 0.8, .060),
        "AO":   ((.32, .22, .12, .00, .32, .54, .00, .00, .00, .00), 1.0, 1.2, .060),
        "EH":   ((.50, .41, .26, .00, .00, .00, .14, .00, .00, .00), 1.0, 1.0, .060),
        "EY":   ((.43, .42, .27, .00, .00, .00, .20, .00, .00, .00), 1.0, 1.0, .060),
        "IH":   ((.34, .35, .21, .00, .00, .00, .10, .00, .00, .00), 0.8, 0.8, .060),
        "IY":   ((.30, .48, .30, .00, .00, .00, .30, .00, .00, .00), 1.0, 1.0, .060),
        "OW":   ((.22, .18, .10, .00, .52, .46, .00, .00, .00, .00), 1.0, 1.5, .060),
        "UH":   ((.20, .22, .12, .00, .40, .35, .00, .00, .00, .00), 1.0, 1.1, .060),
        "UW":   ((.18, .22, .12, .00, .80, .20, .00, .00, .00, .00), 1.1, 1.6, .060),
        "UE":   ((.18, .22, .12, .00, .70, .22, .00, .00, .00, .00), 1.0, 1.5, .060),
        "ER":   ((.14, .19, .12, .00, .33, .36, .00, .00, .00, .00), 1.0, 1.0, .060),
        "AX":   ((.27, .25, .13, .00, .09, .06, .00, .00, .00, .00), 0.5, 0.5, .060),
        "P":    ((.12, .00, .00, 1.0, .05, .00, .00, .00, .50, .00), 1.2, 1.2, .035),
        "BX":   ((.19, .10, .05, .50, .00, .00, .00, .00, .10, .00), 1.0, 1.0, .035),
        "F":    ((.20, .00, .30, .30, .00, .00, .00, .85, .00, .00), 1.2, 1.2, .040),
        "W":    ((.17, .20, .12, .08, .94, .18, .00, .00, .00, .00), 1.4, 2.4, .055),
        "R":    ((.14, .20, .15, .05, .42, .28, .00, .00, .00, .00), 1.2, 1.4, .060),
        "SH":   ((.16, .27, .24, .00, .32, .64, .05, .00, .00, .00), 1.0, 1.3, .060),
        "S":    ((.22, .62, .36, .00, .00, .00, .10, .00, .00, .00), 1.0, 0.9, .055),
        "T":    ((.30, .38, .22, .00, .09, .00, .00, .00, .00, .15), 0.8, 0.6, .055),
        "DX":   ((.30, .27, .15, .00, .00, .00, .00, .00, .00, .15), 0.4, 0.15, .055),
        "TH":   ((.20, .28, .16, .00, .06, .00, .00, .00, .00, .70), 1.2, 0.9, .055),
        "L":    ((.32, .28, .15, .00, .09, .00, .00, .00, .00, .35), 0.6, 0.25, .055),
        "K":    ((.36, .31, .18, .00, .00, .00, .00, .00, .00, .00), 0.45, 0.2, .055),
        "Y":    ((.28, .38, .22, .00, .00, .00, .15, .00, .00, .00), 0.8, 0.6, .055),
        "HH":   ((.29, .27, .14, .00, .09, .00, .00, .00, .00, .00), 0.25, 0.1, .055),
        "Q":    ((.27, .23, .09, .00, .00, .00, .00, .00, .00, .00), 0.1, 0.05, .055),
    }  # fmt: skip
    table = {name: Target(np.array(values, np.float32), jaw, lips, reach) for name, (values, jaw, lips, reach) in rows.items()}
    alike = {"P": "B M", "F": "V", "SH": "ZH CH JH", "S": "Z", "T": "D N", "TH": "DH", "K": "G NG"}
    return table | {other: table[name] for name, others in alike.items() for other in others.split()}


TARGETS = _table()
PLATEAU = 0.6  # share of a phone's time over which its target holds fully
GATE_RAMP = 0.035  # seconds for the lips to close before a gate and to open after it
SMOOTHING = 0.020  # seconds (standard deviation): the lips' own inertia


def articulate(phones: list[Phone], loudness: np.ndarray) -> np.ndarray:
    """Articulations (L, 10) in 0..1 at 100 Hz for timed phones and `loudness` (L,) in dB below the recording's loud parts.

    The order is ARTICULATIONS. Phones without a target are left out; at least one phone must remain.
    """
    times = (np.arange(loudness.size) + 0.5) / RATE
    known = [phone for phone in phones if phone[2] in TARGETS]
    values = _blend(known, times)
    opening = np.clip(1.05 + 0.35 * loudness / 20, 0.6, 1.25)
    values[:, _AT["jaw"]] *= opening
    values[:, [_AT["lower"], _AT["upper"]]] *= np.sqrt(opening)[:, None]  # quiet consonants still show the teeth
    values = gaussian_filter1d(values, SMOOTHING * RATE, axis=0, mode="nearest")
    return np.clip(_gate(values, known, times), 0, 1).astype(np.float32)


def _blend(phones: list[Phone], times: np.ndarray) -> np.ndarray:
    """The dominance-weighted mean (L, 10) of the phones' targets at each time."""
    start, end = (np.array([phone[side] for phone in phones]) for side in (0, 1))
    targets = [TARGETS[phone[2]] for phone in phones]
    wanted = np.stack([target.values for target in targets])
    reach = np.array([target.reach for target in targets])
    middle, half = (start + end) / 2, np.minimum((end - start) / 2 * PLATEAU, 0.5)
    distance = np.maximum(np.abs(times[:, None] - middle) - half, 0)
    weight = np.exp(-distance / reach) * np.clip((end - start) / 0.08, 0.4, 1.3)
    values = np.empty((times.size, len(ARTICULATIONS)))
    for columns, dominance in ((~_LIPS, [target.jaw for target in targets]), (_LIPS, [target.lips for target in targets])):
        share = weight * np.array(dominance)
        values[:, columns] = share @ wanted[:, columns] / (share.sum(1, keepdims=True) + 1e-9)
    return values


def _gate(values: np.ndarray, phones: list[Phone], times: np.ndarray) -> np.ndarray:
    """The values with closures of p, b, m and tucks of f, v forced: full for at least 60 and 50 ms, ramps of 35 ms."""
    closed, tucked = np.zeros(times.size), np.zeros(times.size)
    for start, end, name in phones:
        if name in BILABIALS:
            # a stop bursts open before its label ends
            held = end if name == "M" else start + max(0.75 * (end - start), min(0.06, end - start))
            closed = np.maximum(closed, _gate_curve(times, (start + held) / 2, max((held - start) / 2, 0.03)))
        elif name in LABIODENTALS:
            tucked = np.maximum(tucked, _gate_curve(times, (start + end) / 2, max((end - start) / 2, 0.025)))
    jaw, lower, upper, closure, roll, press = (_AT[name] for name in ("jaw", "lower", "upper", "closure", "roll", "press"))
    values[:, closure] = np.maximum(0.3 * values[:, closure], closed)
    values[:, [lower, upper]] *= (1 - closed)[:, None]
    values[:, press] = 0.5 * closed
    values[:, jaw] *= 1 - 0.55 * closed
    values[:, roll] = np.maximum(0.5 * values[:, roll], 0.9 * tucked)
    values[:, lower] *= 1 - tucked
    values[:, jaw] *= 1 - 0.4 * tucked
    values[:, closure] = np.maximum(values[:, closure], 0.30 * tucked * (1 - closed))
    return values


def _gate_curve(times: np.ndarray, centre: float, half: float) -> np.ndarray:
    return smooth_step(1 - (np.abs(times - centre) - half) / GATE_RAMP)


def loudness_of(features: np.ndarray) -> np.ndarray:
    """Loudness (L,) in dB relative to the 90th percentile, smoothed over 90 ms, within [-30, 10], of log-mel features (L, 80)."""
    level = decibels(np.exp(features).sum(axis=1), 1e-12)
    level = np.convolve(np.pad(level, 4, mode="edge"), np.ones(9) / 9, "valid")
    return np.clip(level - np.percentile(level, 90), -30, 10)


def to_frames(values: np.ndarray) -> np.ndarray:
    """Values (T, ...) at 25 Hz of values (4 T, ...) at 100 Hz: the mean of the middle 20 ms of each frame."""
    return values.reshape(-1, 4, *values.shape[1:])[:, 1:3].mean(axis=1)

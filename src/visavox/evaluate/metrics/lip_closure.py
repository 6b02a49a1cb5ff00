"""Lips against phones: does the mouth do what the sound needs? Pure functions; each returns one value per phone, to
be pooled.

Phones are (start, end, name) in seconds, names as in visavox.data.synth.phones. The definitions are those under which
the first synthetic models of this project were measured, so that numbers stay comparable.
"""

import numpy as np

from visavox.data.synth.phones import BILABIALS, LABIODENTALS, OPEN_VOWELS, ROUNDED, SPREAD
from visavox.evaluate.metrics.aperture import Aperture
from visavox.windows import frame_times

MARGIN = 0.04  # seconds around a consonant in which its gesture may come
NEAR = 0.07  # seconds around P, B, M in which a closed frame counts as theirs
SHORTEST_VOWEL = 0.08  # seconds; shorter open vowels need not open
SHORTEST_SILENCE = 1.0  # seconds: in shorter pauses people keep their lips parted
SETTLING = 0.3  # seconds at each end of a silence in which lips shut, and part again
TUCKED = 0.35  # mouthRollLower above which the lower lip is under the upper teeth


def closures(aperture: Aperture, phones) -> np.ndarray:
    """Whether the lips close (bool, one per P, B, M): the smallest aperture within the phone +-40 ms is under the
    threshold.

    The mean is the closure recall, 0 to 1.
    """
    least = [values.min() for values in _around(aperture.values, aperture.times, phones, BILABIALS, MARGIN)]
    return np.array(least) < aperture.closed


def false_closures(aperture: Aperture, phones) -> np.ndarray:
    """Whether the lips close in an open vowel (bool, one per AA, AE, AO, AH, EH of 80 ms or more), in its middle half.

    The mean is the false closure rate, 0 to 1. A vowel whose middle half falls between two frames is judged on the
    nearest frame.
    """
    found, times = [], aperture.times
    for start, end, name in phones:
        if name not in OPEN_VOWELS or end - start < SHORTEST_VOWEL:
            continue
        quarter = (end - start) / 4
        middle = _values_within(aperture.values, times, start + quarter, end - quarter)
        if middle.size:
            found.append(middle.min() < aperture.closed)
    return np.array(found, bool)


def closed_frames(aperture: Aperture, phones) -> np.ndarray:
    """Whether each closed frame of speech (bool, one per frame) lies within 70 ms of a P, B or M; the mean is the
    precision.

    Left out: silence and 70 ms around it, where the mouth may rest, and F and V with 40 ms around them, where it is
    nearly shut.
    """
    times = aperture.times
    speech, near = np.zeros(times.size, bool), np.zeros(times.size, bool)
    excused = np.zeros(times.size, bool)
    for start, end, name in phones:
        if name == "SIL":
            excused |= (times > start - NEAR) & (times < end + NEAR)
            continue
        speech |= (times >= start) & (times < end)
        if name in BILABIALS:
            near |= (times > start - NEAR) & (times < end + NEAR)
        if name in LABIODENTALS:
            excused |= (times > start - MARGIN) & (times < end + MARGIN)
    return near[(aperture.values < aperture.closed) & speech & (~excused | near)]


def tucks(roll: np.ndarray, fps: float, phones) -> np.ndarray:
    """Whether the lower lip tucks in (bool, one per F, V): mouthRollLower `roll` (T,) exceeds 0.35 within the phone
    +-40 ms.
    """
    most = [values.max() for values in _around(roll, frame_times(len(roll), fps), phones, LABIODENTALS, MARGIN)]
    return np.array(most) > TUCKED


def vowel_rounding(level: np.ndarray, fps: float, phones) -> tuple[np.ndarray, np.ndarray]:
    """The mean rounding `level` (T,) during each rounded (UW, OW, W, UH) and during each spread (IY, IH, EH, AE)
    phone.
    """
    times = frame_times(len(level), fps)
    rounded = [values.mean() for values in _around(level, times, phones, ROUNDED, 0.0)]
    spread = [values.mean() for values in _around(level, times, phones, SPREAD, 0.0)]
    return np.array(rounded), np.array(spread)


def area_under_curve(higher: np.ndarray, lower: np.ndarray) -> float:
    """The chance that a random member of `higher` exceeds one of `lower` (ties count half): 0.5 blind, 1 perfect; nan
    if empty.
    """
    if not len(higher) or not len(lower):
        return float("nan")
    difference = np.asarray(higher)[:, None] - np.asarray(lower)[None]
    return float((difference > 0).mean() + 0.5 * (difference == 0).mean())


def silence_apertures(aperture: Aperture, phones) -> np.ndarray:
    """The mean aperture of each silence longer than 1 s, 0.3 s at either end left out."""
    found = []
    for start, end, name in phones:
        if name == "SIL" and end - start > SHORTEST_SILENCE:
            inside = (aperture.times >= start + SETTLING) & (aperture.times <= end - SETTLING)
            if inside.any():
                found.append(aperture.values[inside].mean())
    return np.array(found, float)


def speech_frames(times: np.ndarray, phones) -> np.ndarray:
    """Which frames (T,) at `times` in seconds fall inside a phone that is not silence."""
    speech = np.zeros(len(times), bool)
    for start, end, name in phones:
        if name != "SIL":
            speech |= (times >= start) & (times < end)
    return speech


def _around(values, times, phones, names, margin):
    """The values within each phone of `names`, `margin` seconds on either side included."""
    for start, end, name in phones:
        if name in names:
            found = _values_within(values, times, start - margin, end + margin)
            if found.size:
                yield found


def _values_within(values, times, start, end):
    """The values at `times` in [start, end], or the one nearest to its middle; none when the sequence does not reach
    it.
    """
    inside = (times >= start) & (times <= end)
    if inside.any():
        return values[inside]
    middle = (start + end) / 2
    if not times[0] - MARGIN <= middle <= times[-1] + MARGIN:
        return values[:0]
    return values[[int(np.abs(times - middle).argmin())]]

"""A mouth that opens and spreads as the lip reader of the checkpoint reads people's lips from the sound.

The model gives the shapes, the manner and how large its mouth moves; the reading, learned from many filmed people, gives when and how
far it opens and spreads within a recording. In short pauses lips stay parted or shut, as they are read; where nobody speaks for longer
they shut.

This is one machine for a recording and for a live voice, each of which measures in its own way what it knows of a voice and of a mouth.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from visavox.gestures.gesture import Piece, Take, WholeRecording
from visavox.gestures.smoothing import smoothed
from visavox.motion import Motion
from visavox.rigs.arkit import PARTING, SMILES, SPREADERS
from visavox.rigs.heads.lip_measures import LOWER, MOUTH_LEFT, MOUTH_RIGHT, UPPER, eye_distance, packaged_lip_maps
from visavox.style import FaceStyle

USUAL_FACE = FaceStyle()  # of nobody in particular: lips part and spread as far as the model moves them
READINGS, CERTAINTY = ("gap", "width"), "certainty"  # the cues of a lip reader; how likely the likeliest phone is
GAP_TRUST, PAUSE_TRUST, WIDTH_TRUST = 0.8, 0.85, 0.5  # how far the reading is believed against the model, the gap in speech and pauses
WIDTH_TRUST_OF_KNOWN, LARGE = 0.85, 1.41  # the same of a person whose lips are known; the reading of a wide mouth, 95th percentile
SPEECH = 0.5  # probability of anything but silence from which somebody speaks
CERTAIN, CERTAIN_NEAR = 0.4, 0.6  # mean certainty of phones in speech, in music under .37; seconds (deviation) around
SHORTEST_SPEECH, LONGEST_PAUSE = 0.1, 1.0  # seconds: less is a click; in more than this the lips shut
STAY_SHUT, STAY_PARTED = -1.0, -0.5  # the reading of a gap, in deviations, at which lips shut in a pause, and from which they stay parted
BEFORE, AFTER, RAMP = 0.16, 0.16, 0.08  # seconds by which lips part before speech and shut after it in longer ones; deviation of the ramp
STEADY = 0.04  # seconds (deviation) over which the gap that is read is averaged: a network's reading trembles, lips do not
USUAL_LARGEST, USUAL_WIDTH = 0.16, 0.025  # of the eyes' distance: the gap of loud vowels, the deviation of the width
SMALL = 0.15  # of the largest gap: the narrowest that is read in speech
VOWELS, LEAST_OF_VOWELS, EASE = ("AA", "AE", "AH", "AO", "EH"), 0.6, 0.03  # open ones, their least share of it; seconds (deviation)
LEAST_RANGE, LEAST_DEVIATION = 1.0, 0.3  # of readings, in a person's deviations: what hardly moves is not blown up
KNOWN = 2.0  # seconds of speech that say as much about the size of a mouth as what is usual
JAW, SHUT = "jawOpen", "mouthClose"
PUCKER, LESS_PUCKER = "mouthPucker", 0.4  # share of the model's own, which is twice people's, that is too much for a face not known
ADDED = {JAW: 0.7, "mouthLowerDown": 0.2, "mouthUpperUp": 0.1}  # shares of a gap that the model lacks
MOST_SPREAD, MOST_PUCKER, MOST_GROWTH = 0.35, 0.5, 2.0


@dataclass(frozen=True, eq=False)
class Speech:
    """What is known of the voice in each frame (T,), from 0 to 1: how far it is `inside` a phrase, and how far the lips may be `parted`
    there. How far somebody speaks (`voiced`), and how far that is an open vowel."""

    inside: np.ndarray
    parted: np.ndarray
    voiced: np.ndarray
    vowels: np.ndarray


@dataclass(frozen=True, eq=False)
class Gap:
    """How far lips stand apart in each frame (T,), as it is read and as the model made it. Of these in speech, the 5th and 95th percentile
    of what is read (`low`, `high`), and the 95th of what is made (`largest`): numbers, or as far as they are known in each frame (T,)."""

    read: np.ndarray
    made: np.ndarray
    low: np.ndarray | float
    high: np.ndarray | float
    largest: np.ndarray | float


@dataclass(frozen=True, eq=False)
class Width:
    """How much wider than at rest the mouth is in each frame (T,), as it is read and as the model made it. Of both in speech, mean and
    deviation: numbers, or as far as they are known in each frame (T,)."""

    read: np.ndarray
    made: np.ndarray
    read_mean: np.ndarray | float
    read_deviation: np.ndarray | float
    made_mean: np.ndarray | float
    made_deviation: np.ndarray | float


def follow_reading(motion: Motion, speech: Speech, gap: Gap, width: Width, face: FaceStyle) -> Motion:
    """`motion` whose lip gap and mouth width are moved towards those that are read from its sound: as large as the model makes them, or as
    those of the person whose `face` it is. In longer pauses they shut, or stand as far apart as that person's."""
    parted = speech.parted * _wanted_gap(gap, speech, face) + (1 - speech.parted) * face.known * face.paused
    wider = speech.inside * width_trust(face) * (_wanted_width(width, face) - width.made)
    moved = spread_by(open_to(freed(motion, speech.vowels, face), parted), wider, face.smiling).clamped()
    less = (1 - face.known) * LESS_PUCKER * motion.channel(PUCKER)
    return moved.with_channels({PUCKER: np.maximum(moved.channel(PUCKER) - less, 0)})


def _wanted_gap(gap: Gap, speech: Speech, face: FaceStyle) -> np.ndarray:
    """How far (T,) lips part in speech. What is wide in the reading is as wide as the model's own gap is, and what is narrow SMALL of that,
    since lips that meet are another gesture's."""
    of_range = (1 - SMALL) * (gap.read - gap.low) / np.maximum(gap.high - gap.low, LEAST_RANGE)
    read = as_known(np.maximum(gap.largest * (SMALL + of_range), 0), gap.read, face)
    trust = PAUSE_TRUST + (GAP_TRUST - PAUSE_TRUST) * speech.voiced
    return np.maximum(gap.made + trust * (read - gap.made), LEAST_OF_VOWELS * speech.vowels * as_known(gap.largest, LARGE, face))


def _wanted_width(width: Width, face: FaceStyle) -> np.ndarray:
    """The reading (T,) with the mean of the model's own width, and its deviation or that of `face`."""
    size = width.made_deviation / np.maximum(width.read_deviation, LEAST_DEVIATION)
    size = size + face.known * (face.width_range - size)
    return width.made_mean + size * (width.read - width.read_mean)


def _follow_in_recording(piece: Piece, take: Take) -> Motion:
    motion, cues, fps = piece.motion, piece.cues, piece.motion.fps
    speaks = is_speech(cues["SIL"], cues[CERTAINTY], fps)
    voiced = lasting(speaks, fps)
    if not voiced.any():
        return open_to(motion, np.full(motion.frames, take.face.known * take.face.paused)).clamped()
    vowels = np.clip(smoothed(sum(cues[name] for name in VOWELS), EASE * fps), 0, 1)
    gap_read, inside, talks = smoothed(cues["gap"], STEADY * fps), phrases(speaks, fps), smoothed(voiced, EASE * fps)
    stay = talks + (1 - talks) * np.clip((gap_read - STAY_SHUT) / (STAY_PARTED - STAY_SHUT), 0, 1)
    speech = Speech(inside, inside * stay, talks, vowels)
    gap, width = _measured(motion, gap_read, cues["width"], voiced)
    return follow_reading(motion, speech, gap, width, take.face)


def _measured(motion: Motion, gap_read: np.ndarray, width_read: np.ndarray, voiced: np.ndarray) -> tuple[Gap, Width]:
    """The gap and the width of a whole recording, with what they are in speech, as far as there is enough of it to tell, else usually."""
    gap, width = gap_of(motion), width_of(motion)
    seconds = voiced.sum() / motion.fps
    share = seconds / (seconds + KNOWN)
    largest = share * float(np.percentile(gap[voiced], 95)) + (1 - share) * USUAL_LARGEST
    read, made = width_read[voiced], width[voiced]
    deviation = share * made.std() + (1 - share) * USUAL_WIDTH
    return (
        Gap(gap_read, gap, *np.percentile(gap_read[voiced], [5, 95]), largest),
        Width(width_read, width, read.mean(), read.std(), made.mean(), deviation),
    )


def is_speech(silence: np.ndarray, certainty: np.ndarray, fps: float) -> np.ndarray:
    """Where there is sound that is speech (T,): no silence, and around it phones are heard with some certainty, which music is not."""
    sound = silence < 1 - SPEECH
    near = CERTAIN_NEAR * fps
    return sound & (smoothed(sound * certainty, near) > CERTAIN * smoothed(sound, near))


def lasting(speech: np.ndarray, fps: float) -> np.ndarray:
    """Where somebody speaks (T,): `speech` without what is too short to be said."""
    kept = np.zeros(speech.size, bool)
    for start, end in _runs(speech):
        if end - start >= SHORTEST_SPEECH * fps:
            kept[start:end] = True
    return kept


def phrases(speech: np.ndarray, fps: float) -> np.ndarray:
    """How far each frame (T,) is inside a phrase, 0 to 1: 1 in speech and in pauses of up to LONGEST_PAUSE, those before the first and
    after the last word too. In longer ones 0 but just AFTER and BEFORE speech."""
    inside = np.zeros(speech.size)
    runs = _runs(lasting(speech, fps))
    for number, (start, end) in enumerate(runs):
        following = runs[number + 1][0] if number + 1 < len(runs) else speech.size
        inside[start:end] = 1
        _part(inside, end, following, fps, (AFTER, BEFORE if number + 1 < len(runs) else 0.0))
        if number == 0:
            _part(inside, 0, start, fps, (0.0, BEFORE))
    return np.clip(smoothed(inside, RAMP * fps), 0, 1)


def _part(inside: np.ndarray, start: int, end: int, fps: float, ends: tuple[float, float]) -> None:
    """Marks a pause: all of it when it is short, else so many seconds at either of its `ends`."""
    if end - start <= LONGEST_PAUSE * fps:
        inside[start:end] = 1
        return
    inside[start : start + round(ends[0] * fps)] = 1
    inside[end - round(ends[1] * fps) : end] = 1


def gap_of(motion: Motion) -> np.ndarray:
    """How far (T,) the lips of the default head stand apart under `motion`, as a share of the eyes' distance."""
    opens, _ = reach_of_shapes()
    return np.maximum(sum(reach * motion.channel(name) for name, reach in opens.items()), 0)


def width_of(motion: Motion) -> np.ndarray:
    """How much (T,) wider than at rest the mouth of the default head is under `motion`, as a share of the eyes' distance."""
    _, widens = reach_of_shapes()
    return sum(reach * motion.channel(name) for name, reach in widens.items() if name in motion.rig)


def as_known(usual, reading, face: FaceStyle):
    """The `usual` gap, or where somebody's lips are known the gap at which these stand at a `reading`; numbers or arrays (T,)."""
    return usual + face.known * (np.maximum(face.gap + face.gap_range * reading, 0) - usual)


def freed(motion: Motion, vowels: np.ndarray, face: FaceStyle) -> Motion:
    """`motion` whose lips are not held shut in open `vowels` (T,), 0 to 1, as far as somebody's lips are known: how far they stand apart
    is known then. What a tracker took for lips that are held would bring them near on other rigs."""
    return motion.with_channels({SHUT: motion.channel(SHUT) * (1 - face.known * vowels)}) if face.known else motion


def width_trust(face: FaceStyle) -> float:
    """How far the reading of the width is believed against the model."""
    return WIDTH_TRUST + face.known * (WIDTH_TRUST_OF_KNOWN - WIDTH_TRUST)


def open_to(motion: Motion, gap: np.ndarray) -> Motion:
    """`motion` whose lips stand `gap` (T,) apart on the default head: lips held shut are let go first, then what opens them is scaled,
    and what is still missing is added, mostly by the jaw."""
    opens, _ = reach_of_shapes()
    jaw, shut = motion.channel(JAW), np.minimum(motion.channel(SHUT), motion.channel(JAW))
    moved = opens[JAW] * jaw + sum(opens[name] * motion.channel(name) for name in PARTING)
    rest = sum(reach * motion.channel(name) for name, reach in opens.items() if name not in (JAW, SHUT, *PARTING))
    held = -opens[SHUT] * shut
    released = np.clip(moved + rest - gap, 0, held)  # what mouthClose still takes back
    ratio = np.clip((gap + released - rest) / np.maximum(moved, 1e-4), 0, MOST_GROWTH)
    missing = np.maximum(gap + released - rest - ratio * moved, 0)
    changed = {JAW: jaw * ratio + ADDED[JAW] * missing / opens[JAW], SHUT: released / -opens[SHUT]}
    for name in PARTING:
        pair = next(each for each in ADDED if name.startswith(each))
        changed[name] = motion.channel(name) * ratio + ADDED[pair] / 2 * missing / opens[name]
    return motion.with_channels(changed)


def spread_by(motion: Motion, wider: np.ndarray, smiling: float = USUAL_FACE.smiling) -> Motion:
    """`motion` whose mouth is `wider` (T,) by stretched and `smiling` corners, or narrower: by less of them, then by a pucker."""
    _, widens = reach_of_shapes()
    shares = {name: 2 * (smiling if name in SMILES else 1 - smiling) for name in SPREADERS}
    spread = np.clip(wider / sum(shares[name] * widens[name] for name in SPREADERS), -MOST_SPREAD, MOST_SPREAD)
    changed, taken = {}, 0.0
    for name in SPREADERS:
        before = motion.channel(name)
        changed[name] = np.clip(before + shares[name] * spread, 0, 1)
        taken = taken + widens[name] * (changed[name] - before)
    narrower = np.clip((wider - taken) / widens[PUCKER], -MOST_PUCKER, MOST_PUCKER)
    return motion.with_channels(changed | {PUCKER: np.clip(motion.channel(PUCKER) + narrower, 0, 1)})


def _runs(flags: np.ndarray) -> list[tuple[int, int]]:
    """The stretches (start, end) of frames in which `flags` (T,) holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return list(zip(edges[::2], edges[1::2], strict=True))


@lru_cache(maxsize=1)
def reach_of_shapes() -> tuple[dict[str, float], dict[str, float]]:
    """By shape: how far weight 1 opens the lips of the default head at the midline, and widens its mouth, as shares of the eyes'
    distance."""
    names, rest, maps = packaged_lip_maps()
    eyes = float(eye_distance(rest[None])[0])
    opens, widens = maps[:, UPPER, 1] - maps[:, LOWER, 1], maps[:, MOUTH_LEFT, 0] - maps[:, MOUTH_RIGHT, 0]
    return (
        {name: float(reach / eyes) for name, reach in zip(names, opens, strict=True) if abs(reach) > 1e-3 * eyes},
        {name: float(reach / eyes) for name, reach in zip(names, widens, strict=True) if abs(reach) > 1e-3 * eyes},
    )


READING = WholeRecording("lip reading", _follow_in_recording)  # how far this mouth opens is known at its end

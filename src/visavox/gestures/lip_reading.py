"""A mouth that opens and spreads as the lip reader of the checkpoint reads people's lips from the sound.

The model gives the shapes, the manner and how large its mouth moves; the reading, learned from many filmed people, gives when and how
far it opens and spreads within a recording. In short pauses lips stay parted as people's do; where nobody speaks for longer they shut.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from visavox.audio import Audio
from visavox.gestures.smoothing import smoothed
from visavox.motion import Motion
from visavox.rigs.arkit import PARTING, SMILES, SPREADERS
from visavox.rigs.heads.lip_measures import LOWER, MOUTH_LEFT, MOUTH_RIGHT, UPPER, eye_distance, packaged_lip_maps
from visavox.style import FaceStyle

USUAL_FACE = FaceStyle()  # of nobody in particular: lips part and spread as far as the model moves them
EncoderWithArticulations = Callable[[Audio, int], dict[str, np.ndarray]]
READINGS, CERTAINTY = ("gap", "width"), "certainty"  # the cues of a lip reader; how likely the likeliest phone is
GAP_TRUST, PAUSE_TRUST, WIDTH_TRUST = 0.8, 0.85, 0.5  # how far the reading is believed against the model, the gap in speech and pauses
WIDTH_TRUST_OF_KNOWN, LARGE = 0.85, 1.41  # the same of a person whose lips are known; the reading of a wide mouth, 95th percentile
SPEECH = 0.5  # probability of anything but silence from which somebody speaks
CERTAIN, CERTAIN_NEAR = 0.4, 0.6  # mean certainty of phones in speech, in music under .37; seconds (deviation) around
SHORTEST_SPEECH, LONGEST_PAUSE = 0.1, 1.0  # seconds: less is a click; in more than this the lips shut
BEFORE, AFTER, RAMP = 0.16, 0.16, 0.08  # seconds by which lips part before speech and shut after it in longer ones; deviation of the ramp
USUAL_LARGEST, USUAL_WIDTH = 0.16, 0.025  # of the eyes' distance: the gap of loud vowels, the deviation of the width
SMALL, LEAST = 0.15, 0.0  # of the largest gap: the narrowest that is read in speech, and the least that lips part in it
VOWELS, LEAST_OF_VOWELS, EASE = ("AA", "AE", "AH", "AO", "EH"), 0.6, 0.03  # open ones, their least share of it; seconds (deviation)
LEAST_RANGE, LEAST_DEVIATION = 1.0, 0.3  # of readings, in a person's deviations: what hardly moves is not blown up
KNOWN = 2.0  # seconds of speech that say as much about the size of a mouth as what is usual
JAW, SHUT = "jawOpen", "mouthClose"
PUCKER = "mouthPucker"
ADDED = {JAW: 0.7, "mouthLowerDown": 0.2, "mouthUpperUp": 0.1}  # shares of a gap that the model lacks
MOST_SPREAD, MOST_PUCKER, MOST_GROWTH = 0.35, 0.5, 2.0


def follow_reading(
    encode: EncoderWithArticulations, face: FaceStyle = USUAL_FACE
) -> Callable[[Motion, Audio, np.random.Generator], Motion]:
    """A gesture that moves the lip gap and the mouth width of a motion towards those that are read from its sound.

    `encode(audio, frames)` gives by name (frames,) the readings "gap" and "width", the probability of silence "SIL" and of open vowels, and
    the certainty of phones. Gap and width are those of the default head, as large as the model makes them, or as those of the person whose
    `face` it is.
    """

    def follow(motion: Motion, audio: Audio, random: np.random.Generator) -> Motion:
        del random  # the signature is that of every gesture
        cues = encode(audio, motion.frames)
        speech = is_speech(cues["SIL"], cues[CERTAINTY], motion.fps)
        parted, voiced = phrases(speech, motion.fps), lasting(speech, motion.fps)
        gap, width = gap_of(motion), width_of(motion)
        trust = PAUSE_TRUST + (GAP_TRUST - PAUSE_TRUST) * smoothed(voiced, EASE * motion.fps)
        wanted_gap = gap + trust * (as_known(opening(cues["gap"], gap, voiced, motion.fps), cues["gap"], face) - gap)
        vowels = np.clip(smoothed(sum(cues[name] for name in VOWELS), EASE * motion.fps), 0, 1)
        largest = as_known(_largest(gap, voiced, motion.fps), LARGE, face)
        wanted_gap = parted * np.maximum(wanted_gap, np.maximum(voiced * LEAST, LEAST_OF_VOWELS * vowels) * largest)
        wanted_width = _as_the_model(cues["width"], width, voiced, motion.fps, face)
        motion = open_to(freed(motion, vowels, face), wanted_gap)
        return spread_by(motion, parted * width_trust(face) * (wanted_width - width), face.smiling).clamped()

    return follow


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
    """How far the lips may be parted (T,), 0 to 1: 1 in speech and in pauses of up to LONGEST_PAUSE, those before the first and after the
    last word too. In longer ones 0 but just AFTER and BEFORE speech."""
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


def opening(reading: np.ndarray, gap: np.ndarray, voiced: np.ndarray, fps: float) -> np.ndarray:
    """The reading of the gap (T,) as a gap. What is wide in it is as wide as the model's own `gap` (T,) is in speech, and what is narrow
    SMALL of that, since lips that meet are another gesture's."""
    if not voiced.any():
        return gap
    low, high = np.percentile(reading[voiced], [5, 95])
    largest = _largest(gap, voiced, fps)
    return np.maximum(largest * (SMALL + (1 - SMALL) * (reading - low) / max(high - low, LEAST_RANGE)), 0)


def _largest(gap: np.ndarray, voiced: np.ndarray, fps: float) -> float:
    """The 95th percentile of the model's gap (T,) in speech, as far as there is enough of it to tell, else what is usual."""
    share = _known(voiced, fps)
    return share * float(np.percentile(gap[voiced], 95)) + (1 - share) * USUAL_LARGEST if voiced.any() else USUAL_LARGEST


def _as_the_model(reading: np.ndarray, made: np.ndarray, voiced: np.ndarray, fps: float, face: FaceStyle) -> np.ndarray:
    """The reading (T,) with the mean that `made` (T,), the model's own width, has in speech, and its deviation or that of `face`."""
    if not voiced.any():
        return made
    share, inside = _known(voiced, fps), reading[voiced]
    size = (share * made[voiced].std() + (1 - share) * USUAL_WIDTH) / max(inside.std(), LEAST_DEVIATION)
    size += face.known * (face.width_range - size)
    return made[voiced].mean() + size * (reading - inside.mean())


def _known(voiced: np.ndarray, fps: float) -> float:
    seconds = voiced.sum() / fps
    return seconds / (seconds + KNOWN)


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

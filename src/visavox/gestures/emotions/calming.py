"""`calmed`: motion of one who feels something all the time, without it, as far as what is felt is known.

The way back from `express`. Which variant is shown when is seen in the face and the head. How much of it the words let through depends on
the lips without it, so both are found in a few rounds.
"""

import numpy as np

from visavox.emotion import REGIONS, EmotionMix
from visavox.errors import OptionError
from visavox.gestures.emotions.body import eye_angles
from visavox.gestures.emotions.dynamics import CHANGE, bent
from visavox.gestures.emotions.lips import APART, BLINKING, USUALLY, laid_over, let_through, without
from visavox.gestures.emotions.table import SHAPE_REGIONS, EmotionTable
from visavox.gestures.eyes import HOLD
from visavox.gestures.smoothing import smoothed
from visavox.motion import Motion
from visavox.rigs.arkit import GAZE, HEAD, SHAPES, gaze_channels

LEAST_FREE = 0.6  # of a shape that an expression leaves, from which what was below it is told
ROUNDS = 8  # of telling what the words allowed
SYLLABLES, AGREES = 0.6, 0.9  # seconds, deviations: of what is smoothed away of speech, and over which a variant has to fit
HEAD_VARIES = np.radians(15.0)  # how far a head is turned counts beside weights of shapes, 1 as much as this
IN_GAZE, IN_HEAD = REGIONS.index("gaze"), REGIONS.index("head")
TELLING = np.array([name not in GAZE and place not in {*APART, *BLINKING} for place, name in enumerate(SHAPES)])


def calmed(motion: Motion, mix: EmotionMix, table: EmotionTable | None = None) -> Motion:
    """`motion` of one who feels `mix` all the time without that, as `express` lays it over.

    The expression is taken off as the variant that is shown has it, and as far as the words let it through; also the pose of head and
    eyes, not how they move. Where an expression fills a shape there is little left below it. An OptionError for a motion without ARKit's
    shapes.
    """
    if missing := [name for name in SHAPES if name not in motion.rig]:
        raise OptionError(f"an emotion moves ARKit's shapes; rig {motion.rig.name!r} has no {missing[0]}")
    table = table or EmotionTable.default()
    felt = {name: float(bent(np.array(intensity))) for name, intensity in mix.intensities.items() if name in table.weights}
    regions = [REGIONS.index(region) for region in mix.regions]
    if not felt:
        return motion
    inside = np.isin(SHAPE_REGIONS, regions)
    shown = motion.select(SHAPES).astype(float)
    shares = _shares(motion, felt, (table, inside, regions))
    weights = _together([shares[name] @ table.weights[name] * strength for name, strength in felt.items()]) * inside
    shapes = shown
    for _ in range(ROUNDS):
        through = let_through(shapes, weights, np.zeros(motion.frames))
        shapes = np.clip(without(shown, through, LEAST_FREE), 0, 1)
    moved = {name: shapes[:, place] for place, name in enumerate(SHAPES) if weights[:, place].any()}
    return motion.with_channels(moved | _posed(motion, felt, (table, shares, regions))).clamped()


def _together(shown: list[np.ndarray]) -> np.ndarray:
    """What several expressions (T, 52) ask of each shape, less than 1."""
    return 1 - np.prod([1 - np.clip(each, 0, 1) for each in shown], axis=0)


def _shares(motion: Motion, felt: dict[str, float], known: tuple) -> dict[str, np.ndarray]:
    """For each emotion the shares (T, N) of its variants, of which one is shown at a time: the one that fits the face and the head."""
    table, inside, regions = known
    shown, fps = motion.select(SHAPES).astype(float), motion.fps
    slow, silent = _slow(shown, fps), np.zeros(len(shown))
    usual = np.broadcast_to(np.nan_to_num(USUALLY) / 2, shown.shape)
    head = _slow(motion.select(HEAD).astype(float), fps) if IN_HEAD in regions and all(name in motion.rig for name in HEAD) else None
    shares = {name: np.full((len(shown), len(table.weights[name])), 1 / len(table.weights[name])) for name in felt}
    for name, strength in felt.items():
        others = [shares[other] @ table.weights[other] * felt[other] for other in felt if other != name]
        far = []
        for weights, variant in zip(table.weights[name], table.variants[name], strict=True):
            asked = _together([np.broadcast_to(weights * strength, shown.shape), *others]) * inside
            expected = _slow(laid_over(usual, let_through(shown, asked, silent)), fps)
            off = np.square(slow - expected)[:, TELLING].sum(1)
            if head is not None and len(felt) == 1:
                off += np.square((head - strength * np.radians(variant.head)) / HEAD_VARIES).sum(1)
            far.append(smoothed(off, AGREES * fps))
        nearest = np.eye(len(far))[np.argmin(far, 0)]
        shares[name] = np.stack([smoothed(column, CHANGE / 4 * fps) for column in nearest.T], 1)
    return shares


def _slow(values: np.ndarray, fps: float) -> np.ndarray:
    return np.stack([smoothed(column, SYLLABLES * fps) for column in values.T], 1)


def _posed(motion: Motion, felt: dict[str, float], known: tuple) -> dict[str, np.ndarray]:
    """The channels by name of head and eyes without the pose of what is felt."""
    table, shares, regions = known
    if not all(name in motion.rig for name in HEAD):
        return {}
    head, eyes = np.zeros((motion.frames, 3)), np.zeros((motion.frames, 2))
    for name, strength in felt.items():
        poses = np.radians([variant.head for variant in table.variants[name]])
        gazes = np.radians([variant.gaze or (0, 0) for variant in table.variants[name]])
        free = np.array([variant.gaze is not None for variant in table.variants[name]])
        head += strength * shares[name] @ poses * (IN_HEAD in regions)
        eyes += strength * shares[name] @ (gazes + HOLD * poses[:, :2] * free[:, None]) * (IN_GAZE in regions)
    changed = {}
    if IN_HEAD in regions:
        changed |= {name: motion.channel(name) - head[:, axis] for axis, name in enumerate(HEAD)}
    more = HOLD * head[:, :2] - eyes
    for side in ("Left", "Right") if more.any() else ():
        pitch, yaw = eye_angles(motion, side)
        changed |= {name: weights for name, weights in gaze_channels(pitch + more[:, 0], yaw + more[:, 1]).items() if name.endswith(side)}
    return changed

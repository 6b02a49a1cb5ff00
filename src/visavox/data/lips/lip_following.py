"""A synthetic motion made to follow a real face: its lips opened and spread by what was measured on tracked landmarks.

Tracked blend-shape scores are biased and miss closures; the lip gap and the mouth width, measured on landmarks, are truer. So the
rule-based animator gives the shapes, and the real face gives how far and when.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from visavox.data.synth.phones import BILABIALS, INDEX
from visavox.io.kept import arrays_digest
from visavox.motion import Motion
from visavox.rigs.arkit import PARTING, SPREADERS
from visavox.rigs.heads.default_head import Head
from visavox.rigs.heads.lip_measures import LOWER, MOUTH_LEFT, MOUTH_RIGHT, UPPER, eye_distance, lip_maps, mouth_width

JAW = ("jawOpen", "mouthClose")
OPENERS = JAW + PARTING
LEAST, MOST = 0.25, 2.5  # how far the rule-based animator's opening is believed to be wrong
NARROW = "mouthPucker"
FUNNEL, FUNNEL_SHARE = "mouthFunnel", 0.35
SHUT = 0.012  # of the eyes' distance: gaps below this are meant to be closed
WIDTH_TRUST = 0.3  # in one filmed speaker's width against the rule-based animator's
WIDTH_GAIN = 2.2  # how much further others widen and narrow their mouths; the range of the speakers of `us_gov` is three times GRID's
STRETCH = 1.2  # of the two together, which differ and so move less than either
NARROWED = 0.03  # in p, b and m, of the eyes' distance: pressed lips of the default head widen, filmed ones do not
REACH = 2  # frames before and after that a gap is read from


def head_digest(head: Head) -> str:
    """A hash (16 digits) of the head on which lips are measured."""
    return arrays_digest({"neutral": head.neutral(), "shapes": np.asarray(head.shapes)})


def follow_gap(motion: Motion, gap: np.ndarray, head: Head) -> Motion:
    """`motion` whose openers are scaled per frame so that the head's lip gap becomes `gap` (T,), a share of the distance of the
    outer eye corners.

    The jaw follows the gap, the lips by the square root only: in a small opening they still show the teeth. Funnelled lips part by
    themselves; they may give FUNNEL_SHARE of the gap, so that the jaw of a rounded vowel opens. Frames in which the animator holds the
    lips shut stay shut: the landmarks blur short closures.
    """
    opens, _ = _lip_maps(head)
    funnel = motion.channel(FUNNEL)
    allowed = FUNNEL_SHARE * gap / opens[FUNNEL]
    motion = motion.with_channels({FUNNEL: np.clip(funnel, 0, np.maximum(allowed, 0.25 * funnel))})
    by_jaw, by_lips = (sum(opens[name] * motion.channel(name) for name in names) for names in (JAW, PARTING))
    rest = sum(opens[name] * motion.channel(name) for name in head.shape_names if name not in OPENERS)
    moved = by_jaw + by_lips
    ratio = np.clip((gap - rest) / np.maximum(moved, 1e-4), LEAST, MOST)
    ratio = gaussian_filter1d(np.where(moved + rest < SHUT, 1.0, ratio), 0.5)
    lips = np.sqrt(ratio)
    jaw = np.clip((ratio * moved - lips * by_lips) / np.maximum(by_jaw, 1e-4), LEAST, MOST)
    scales = dict.fromkeys(JAW, np.where(by_jaw > 1e-3, jaw, ratio)) | dict.fromkeys(PARTING, lips)
    return motion.with_channels({name: motion.channel(name) * scale for name, scale in scales.items()}).clamped()


def follow_width(motion: Motion, width: np.ndarray, head: Head) -> Motion:
    """`motion` whose spreaders or pucker are shifted so that the head's mouth width moves about its median as `width` (T,) does."""
    _, widens = _lip_maps(head)
    now = sum(widens[name] * motion.channel(name) for name in head.shape_names)
    missing = gaussian_filter1d((width - np.median(width)) - (now - np.median(now)), 0.7)
    spread = np.clip(missing / sum(widens[name] for name in SPREADERS), 0, 0.35)
    narrow = np.clip(missing / widens[NARROW], 0, 0.5)
    changed = {name: motion.channel(name) + spread for name in SPREADERS}
    return motion.with_channels(changed | {NARROW: motion.channel(NARROW) + narrow}).clamped()


def shared_width(motion: Motion, width: np.ndarray, phones: np.ndarray, spread: float, head: Head) -> np.ndarray:
    """The mouth width (T,), about its usual, that the rule-based animator's `motion` and the filmed `width` (T,), about its own, agree on.

    Speakers differ in width more than in anything else of the lips, so the filmed one is believed for WIDTH_TRUST. `phones` (2 T,) are
    phone numbers at 50 Hz; `spread` is the manner's.
    """
    animated = mouth_width(head, motion)
    both = WIDTH_TRUST * WIDTH_GAIN * spread * width + (1 - WIDTH_TRUST) * (animated - np.median(animated))
    return STRETCH * both - NARROWED * spread * share_of(phones, BILABIALS)


def share_of(phones: np.ndarray, names) -> np.ndarray:
    """How far each frame (T,) is inside phones of these `names`, 0 to 1, from phone numbers (2 T,) at 50 Hz; ends fade over a tenth of a
    second."""
    inside = np.isin(phones, [INDEX[name] for name in names]).reshape(-1, 2).mean(1)
    return gaussian_filter1d(inside, 0.8)


@dataclass(frozen=True, eq=False)
class LipReading:
    """A linear reading of a real speaker's lips from audio features: weights of a frame and REACH frames to either side."""

    weights: np.ndarray  # ((2 REACH + 1) D, 2)
    offset: np.ndarray  # (2,)

    def lips(self, features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The lip gap (T,), never negative, and the mouth width (T,) about its usual, of audio features (T, D) at 25 Hz."""
        gap, width = (_stacked(features) @ self.weights + self.offset).T
        return np.maximum(gap, 0), width


def fit_lips(features: list[np.ndarray], gaps: list[np.ndarray], widths: list[np.ndarray], ridge: float = 0.05) -> LipReading:
    """The ridge regression of the measured gaps and widths (T,) of real clips on the audio features (T, D) of the same clips.

    Each clip's width counts about its own median. `ridge` is in units of the mean variance of the inputs. Regression shrinks; the
    weights are stretched so that what is read has the deviation of what was measured.
    """
    inputs = np.concatenate([_stacked(each) for each in features]).astype(np.float64)
    wanted = np.stack([np.concatenate(gaps), np.concatenate([width - np.median(width) for width in widths])], 1).astype(np.float64)
    mean, usual = inputs.mean(0), wanted.mean(0)
    centred = inputs - mean
    gram = centred.T @ centred
    gram[np.diag_indices_from(gram)] += ridge * np.trace(gram) / len(gram)
    weights = np.linalg.solve(gram, centred.T @ (wanted - usual))
    weights *= wanted.std(0) / np.maximum((centred @ weights).std(0), 1e-9)  # what did not move is read as not moving
    return LipReading(weights, usual - mean @ weights)


def _stacked(features: np.ndarray) -> np.ndarray:
    """Each frame of `features` (T, D) beside REACH frames on either side (T, (2 REACH + 1) D)."""
    padded = np.pad(features, ((REACH, REACH), (0, 0)), mode="edge")
    return np.concatenate([padded[shift : shift + len(features)] for shift in range(2 * REACH + 1)], axis=1)


def _lip_maps(head: Head) -> tuple[dict[str, float], dict[str, float]]:
    """By shape name: how far weight 1 opens the lips at the midline, and widens the mouth, as shares of the eyes' distance."""
    rest, maps = lip_maps(head)
    eyes = float(eye_distance(rest[None])[0])
    opens, widens = maps[:, UPPER, 1] - maps[:, LOWER, 1], maps[:, MOUTH_LEFT, 0] - maps[:, MOUTH_RIGHT, 0]
    return dict(zip(head.shape_names, opens / eyes, strict=True)), dict(zip(head.shape_names, widens / eyes, strict=True))

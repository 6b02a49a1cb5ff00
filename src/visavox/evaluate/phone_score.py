"""A motion held against the phones of its recording: all lip metrics of one clip, and their pooling over many."""

from dataclasses import dataclass, fields

import numpy as np

from visavox.data.clip import Clip
from visavox.errors import FileError
from visavox.evaluate.metrics import lip_closure as lips
from visavox.evaluate.metrics.aperture import Aperture, curve_aperture, gap_aperture, head_measures, rounding
from visavox.evaluate.metrics.curves import at_times, correlation
from visavox.motion import Motion


@dataclass(frozen=True, eq=False)
class PhoneScore:
    """One value per phone (or frame, or silence, or clip) of every lip metric; see `visavox.evaluate.metrics.lip_closure` for each.

    Scores of several clips are pooled value by value, so that long clips count for more than short ones.
    """

    closed: np.ndarray  # bool per P, B, M
    closed_in_vowel: np.ndarray  # bool per open vowel
    closed_rightly: np.ndarray  # bool per closed frame of speech
    tucked: np.ndarray  # bool per F, V
    rounded: np.ndarray  # rounding per rounded phone
    spread: np.ndarray  # rounding per spread phone
    silences: np.ndarray  # aperture per silence
    correlations: np.ndarray  # aperture against the reference motion, per clip

    def metrics(self) -> dict[str, float]:
        """The pooled metrics by name, nan where a clip set has no such phone."""
        return {
            "closure_recall": _mean(self.closed),
            "closure_precision": _mean(self.closed_rightly),
            "false_closure": _mean(self.closed_in_vowel),
            "tuck": _mean(self.tucked),
            "rounding_rounded": _mean(self.rounded),
            "rounding_spread": _mean(self.spread),
            "rounding_auc": lips.area_under_curve(self.rounded, self.spread),
            "silence_aperture": _mean(self.silences),
            "aperture_correlation": _mean(self.correlations),
        }


def score_phones(motion: Motion, clip: Clip, head=None, reference: Motion | None = None) -> PhoneScore:
    """The lip metrics of `motion` against the phones of `clip`.

    The aperture comes from the channels, or from the geometry of `head` when it is given (see
    `visavox.evaluate.metrics.aperture`). It is correlated, over the frames of speech, with that of `reference`, another
    motion for the same sound, where there is one. A FileError when the clip has no phones.
    """
    aperture = motion_aperture(motion, head)
    against = None if reference is None else motion_aperture(reference, head)
    return _score(aperture, clip, motion.channel("mouthRollLower"), rounding(motion), against)


def score_measures(clip: Clip) -> PhoneScore:
    """The lip metrics of the filmed face of `clip`, its measures and tracked weights against its phones: what truth
    scores.

    Its aperture is that of the geometry; the tuck and the rounding are the tracker's weights, which are biased.
    """
    if clip.measures is None or clip.motion is None:
        raise FileError(f"clip {clip.name!r} has no tracked face to score; give a clip with motion and measures")
    aperture = gap_aperture(clip.measures.lip_gap, clip.measures.fps)
    return _score(aperture, clip, clip.motion.channel("mouthRollLower"), rounding(clip.motion), None)


def pool(scores) -> PhoneScore:
    """The scores of several clips as one, values joined."""
    scores = list(scores)
    if not scores:
        raise FileError("there is no clip with phones to pool; align the recordings with their text first")
    return PhoneScore(*(np.concatenate([getattr(score, field.name) for score in scores]) for field in fields(PhoneScore)))


def motion_aperture(motion: Motion, head=None) -> Aperture:
    """The aperture of a motion from its channels, or on `head` when one is given."""
    if head is None:
        return curve_aperture(motion)
    return gap_aperture(head_measures(head, motion)[0], motion.fps)


def _score(aperture: Aperture, clip: Clip, roll, level, against: Aperture | None) -> PhoneScore:
    if not clip.phones:
        raise FileError(f"clip {clip.name!r} has no phones; align it with its text first (visavox.data.material.phone_alignment)")
    rounded, spread = lips.vowel_rounding(level, aperture.fps, clip.phones)
    return PhoneScore(
        lips.closures(aperture, clip.phones),
        lips.false_closures(aperture, clip.phones),
        lips.closed_frames(aperture, clip.phones),
        lips.tucks(roll, aperture.fps, clip.phones),
        rounded,
        spread,
        lips.silence_apertures(aperture, clip.phones),
        np.array([] if against is None else [_likeness(aperture, against, clip.phones)]),
    )


def _likeness(aperture: Aperture, against: Aperture, phones) -> float:
    times = aperture.times
    return correlation(aperture.values, at_times(against.values, against.fps, times), lips.speech_frames(times, phones))


def _mean(values: np.ndarray) -> float:
    known = np.asarray(values, float)
    known = known[np.isfinite(known)]
    return float(known.mean()) if known.size else float("nan")

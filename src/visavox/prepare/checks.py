"""What a segment must be to be learned from, each check with its number and the reason that a report gives.

Every check is a pure function of what was measured of the segment; adding one is one function and one line in `CHECKS`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from visavox.data.measures import Measures
from visavox.motion import Motion
from visavox.rigs.arkit import HEAD

MOST_LAG = 0.32  # seconds by which lips and voice may be apart when their likeness is looked for
WINDOW = 2.0  # seconds in which a voice and a face are compared


@dataclass(frozen=True, eq=False)
class Segment:
    """What is known of a segment at its motion's rate: `motion` with `confidence` (T,), the `measures` of its lips; the face's `side` in
    pixels, how many `others` were seen beside it; of its sound the reading of the lip gap, speech and the certainty of phones (T,)."""

    motion: Motion
    confidence: np.ndarray
    measures: Measures
    side: float
    others: int
    reading: np.ndarray
    speech: np.ndarray
    certainty: np.ndarray


@dataclass(frozen=True)
class Limits:
    """The least and the most that is kept: `side` pixels of a face; mean `confidence`; share of frames `seen`; `turn` in radians (95th
    percentile of yaw, pitch and roll), `certainty` of phones in speech, `likeness` (r) of lips and voice, `still` share of speech in which
    the voice moves and the lips do not."""

    side: float = 48.0
    confidence: float = 0.5
    seen: float = 0.95
    turn: float = 0.6
    certainty: float = 0.45
    likeness: float = 0.4
    still: float = 0.5


Check = Callable[[Segment, Limits], str | None]


def face_is_large(segment: Segment, limits: Limits) -> str | None:
    """Why the face is too small, or None."""
    return f"the face is {segment.side:.0f} pixels wide, under {limits.side:.0f}" if segment.side < limits.side else None


def face_is_seen(segment: Segment, limits: Limits) -> str | None:
    """Why the face is seen too seldom or too unsurely, or None."""
    seen, sure = float(segment.measures.ok.mean()), float(segment.confidence.mean())
    if seen < limits.seen:
        return f"the face is seen in {100 * seen:.0f} % of it, under {100 * limits.seen:.0f} %"
    return f"the face is seen with confidence {sure:.2f}, under {limits.confidence:g}" if sure < limits.confidence else None


def head_looks_here(segment: Segment, limits: Limits) -> str | None:
    """Why the head is turned too far away, or None."""
    turned = max(float(np.percentile(np.abs(segment.motion.channel(name)), 95)) for name in HEAD)
    return f"the head turns by {np.degrees(turned):.0f} degrees, over {np.degrees(limits.turn):.0f}" if turned > limits.turn else None


def one_face_is_there(segment: Segment, limits: Limits) -> str | None:
    """That several faces are seen, since nobody knows whose voice it is; or None."""
    del limits
    return f"{segment.others + 1} faces are seen at once" if segment.others else None


def voice_is_clear(segment: Segment, limits: Limits) -> str | None:
    """That music or noise lies under the voice, so that its phones are not told; or None."""
    if not segment.speech.any():
        return "no speech is told from noise"
    sure = float(segment.certainty[segment.speech].mean())
    return f"music or noise: phones are told with {sure:.2f}, under {limits.certainty:g}" if sure < limits.certainty else None


def lips_follow_the_voice(segment: Segment, limits: Limits) -> str | None:
    """That the lips do not move as the voice does: another's voice, or sound that is not in time; or None."""
    likeness, _ = likeness_and_lag(segment.measures, segment.reading)
    return f"lips and voice agree by {likeness:.2f}, under {limits.likeness:g}" if likeness < limits.likeness else None


def one_voice_speaks(segment: Segment, limits: Limits) -> str | None:
    """That somebody else speaks for a part of it, while this mouth rests; or None."""
    width = round(WINDOW * segment.motion.fps)
    gap, moves, rests = segment.measures.lip_gap, 0, 0
    usual = float(gap.std())
    for start in range(0, max(len(gap) - width, 0) + 1, max(width // 2, 1)):
        part = slice(start, start + width)
        if segment.speech[part].mean() > 0.6:
            moves += 1
            rests += bool(gap[part].std() < 0.3 * usual)
    share = rests / moves if moves else 0.0
    return f"the mouth rests in {100 * share:.0f} % of the speech: another voice" if share > limits.still else None


CHECKS: dict[str, Check] = {
    "small face": face_is_large,
    "face lost": face_is_seen,
    "turned away": head_looks_here,
    "several faces": one_face_is_there,
    "noise": voice_is_clear,
    "out of time": lips_follow_the_voice,
    "two voices": one_voice_speaks,
}


def why_not(segment: Segment, limits: Limits) -> tuple[str, str] | None:
    """The name of the first check that the segment does not pass, and the reason in words; None when it passes all."""
    for name, check in CHECKS.items():
        reason = check(segment, limits)
        if reason:
            return name, reason
    return None


def likeness_and_lag(measures: Measures, reading: np.ndarray) -> tuple[float, float]:
    """How alike (r) the lip gap and its reading from the sound (T,) are, and by how many seconds the sound is late.

    Both at the lag within MOST_LAG where they are most alike.
    """
    gap, most = np.where(measures.ok, measures.lip_gap, np.nan), round(MOST_LAG * measures.fps)
    best = (0.0, 0.0)
    for lag in range(-most, most + 1):
        one = gap[: len(gap) - lag] if lag >= 0 else gap[-lag:]
        other = reading[lag:] if lag >= 0 else reading[: len(reading) + lag]
        both = np.isfinite(one)
        if both.sum() < 10 or one[both].std() < 1e-6 or other[both].std() < 1e-6:
            continue
        r = float(np.corrcoef(one[both], other[both])[0, 1])
        best = max(best, (r, lag / measures.fps))
    return best

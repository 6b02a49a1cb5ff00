"""A motion held against the tracked face of its recording: all face metrics of one clip."""

from functools import lru_cache

import numpy as np

from visavox.data.clip import Clip
from visavox.errors import FileError
from visavox.evaluate.metrics import blinks, head_motion, smoothness, vertices
from visavox.evaluate.metrics import curves as tracks
from visavox.evaluate.metrics.aperture import FULL_GAP, head_measures
from visavox.evaluate.metrics.lip_closure import SETTLING, SHORTEST_SILENCE
from visavox.evaluate.metrics.silence import silent_frames
from visavox.motion import Motion
from visavox.rigs.arkit import BLINKS, HEAD
from visavox.windows import FPS

MOUTH_KINDS = ("expression", "jaw")


def score_face(motion: Motion, clip: Clip, head) -> dict[str, float]:
    """The metrics of `motion` against the tracked face of `clip`, by name; nan where a metric does not apply.

    The generated lip gap and mouth width are those of `head` under `motion`, read at the times of the track's frames,
    where a face was seen. A FileError when the clip has no tracked face.
    """
    if clip.measures is None or clip.motion is None:
        raise FileError(f"clip {clip.name!r} has no tracked face to compare with; track its video first")
    measures, times = clip.measures, clip.measures.times
    gap, width = (tracks.at_times(curve, motion.fps, times) for curve in head_measures(head, motion))
    scores = {
        "gap_correlation": tracks.correlation(gap, measures.lip_gap, measures.ok),
        "width_correlation": tracks.correlation(width, measures.mouth_width, measures.ok),
        "best_lag": tracks.best_lag(gap, measures.lip_gap, measures.ok),
        "articulation_ratio": tracks.articulation_ratio(gap, measures.lip_gap, measures.ok),
        "silence_leak": tracks.silence_leak(gap / FULL_GAP, silences(clip, times)),
    }
    scores["lip_jerk_ratio"] = smoothness.jerk_ratio(
        head_measures(head, motion)[0][:, None], motion.fps, measures.lip_gap[:, None], measures.fps
    )
    return scores | _on_head(motion, clip.motion, head) | _pose(motion, clip.motion)


def silences(clip: Clip, times: np.ndarray) -> np.ndarray:
    """Which frames (T,) at `times` in seconds are silent: by the clip's phones where it has them, else by its
    loudness.
    """
    if not clip.phones:
        return silent_frames(clip.audio, times)
    silent = np.zeros(len(times), bool)
    for start, end, name in clip.phones:
        if name == "SIL" and end - start > SHORTEST_SILENCE:
            silent |= (times >= start + SETTLING) & (times <= end - SETTLING)
    return silent


def score_motion(motion: Motion, window: int | None = None) -> dict[str, float]:
    """The metrics of a motion by itself: head range and speed, blinks a minute, and the seams of windows of `window`
    frames.
    """
    pose = motion.select(HEAD)
    scores = {
        "head_range": head_motion.head_range(pose),
        "head_speed": head_motion.head_speed(pose, motion.fps),
        "blink_rate": blinks.blink_rate(blink_times(motion), motion.seconds),
    }
    if window is not None:
        scores["lip_seam"] = smoothness.seam_ratio(motion.select(motion.rig.of_kind(*MOUTH_KINDS)), window)
        scores["head_seam"] = smoothness.seam_ratio(pose, window)
    return scores


def blink_times(motion: Motion) -> np.ndarray:
    """The times in seconds of the blinks of a motion."""
    return blinks.blink_times(motion.select(BLINKS).mean(1), motion.fps)


def _on_head(motion: Motion, truth: Motion, head) -> dict[str, float]:
    """LVE, FDD, MOD in mm of the motion against the tracked weights on the same head."""
    generated, true = same_frames(motion, truth)
    lip, upper = lip_positions(head), upper_face_positions(head)
    lips_generated, lips_true = (vertices.still_positions(head, each, lip) for each in (generated, true))
    upper_generated, upper_true = (vertices.still_positions(head, each, upper) for each in (generated, true))
    return {
        "lve": vertices.lip_vertex_error(lips_generated, lips_true),
        "fdd": vertices.upper_face_dynamics(upper_generated, upper_true, head.neutral()[upper]),
        "mod": vertices.mouth_opening_difference(lips_generated, lips_true),
    }


def _pose(motion: Motion, truth: Motion) -> dict[str, float]:
    """Head range, speed, jerk and beats against the tracked head; nan for what is measured against one that does not move."""
    generated, true = (each.select(HEAD) for each in same_frames(motion, truth))
    beats, true_beats = (head_motion.head_beats(pose, FPS) for pose in (generated, true))
    return {
        "head_range_ratio": _over(head_motion.head_range(generated), head_motion.head_range(true)),
        "head_speed_ratio": _over(head_motion.head_speed(generated, FPS), head_motion.head_speed(true, FPS)),
        "head_jerk_ratio": smoothness.jerk_ratio(motion.select(HEAD), motion.fps, truth.select(HEAD), truth.fps),
        "beat_alignment": head_motion.beat_alignment(beats, true_beats),
    }


def _over(generated: float, true: float) -> float:
    return generated / true if true > 0 else float("nan")


def same_frames(motion: Motion, truth: Motion) -> tuple[Motion, Motion]:
    """Both motions on the frames that they share at 25 fps, linear between frames."""
    frames = max(int(min(motion.seconds, truth.seconds) * FPS + 1e-6), 1)
    times = (np.arange(frames) + 0.5) / FPS
    return tuple(
        Motion(np.stack([tracks.at_times(column, each.fps, times) for column in each.values.T], 1), FPS, each.rig)
        for each in (motion, truth)
    )


@lru_cache(maxsize=8)
def lip_positions(head) -> np.ndarray:
    """The lips of a head, found once."""
    return vertices.lip_positions(head)


@lru_cache(maxsize=8)
def upper_face_positions(head) -> np.ndarray:
    """The upper face of a head, found once."""
    return vertices.upper_face_positions(head)
